//! What leads to what: four columns of boxes, joined by curves.

use maud::{Markup, html};

use crate::format::count;

/// A box.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Node {
    pub(crate) name: String,
    pub(crate) under: String,
    /// where it leads
    pub(crate) to: Option<String>,
    /// whether nobody wrote down where it comes from
    pub(crate) missing: bool,
}

/// Sources, data, models, uses; edges lead from a column to the next.
#[derive(Clone, Debug, Default)]
pub(crate) struct Graph {
    pub(crate) columns: [Vec<Node>; 4],
    /// column left of it, place there, place in the next, whether it is missing
    pub(crate) edges: Vec<(usize, usize, usize, bool)>,
}

const WIDE: f64 = 156.0;
const HIGH: f64 = 40.0;
const ROW: f64 = 56.0;
const COLUMN: f64 = 198.0;
const HEADS: [&str; 4] = ["Sources", "Data", "Model", "Used by"];
/// Characters of a line that fit into a box.
const FITS: usize = 23;

impl Graph {
    /// Left and top of a box; columns are centred.
    fn place(&self, column: usize, at: usize) -> (f64, f64) {
        let rows = self.columns.iter().map(Vec::len).max().unwrap_or(1) as f64;
        let own = self.columns[column].len() as f64;
        (column as f64 * COLUMN + 1.0, 22.0 + (rows - own) / 2.0 * ROW + at as f64 * ROW)
    }

    fn sentence(&self) -> String {
        let missing = self.columns[0].iter().filter(|node| node.missing).count();
        let [sources, data, models, uses] = [0, 1, 2, 3].map(|column| self.columns[column].len());
        format!(
            "Lineage: {}, {missing} without recorded origin, {}, {}, {}",
            count(sources, "source", "sources"),
            count(data, "data set", "data sets"),
            count(models, "model", "models"),
            count(uses, "group of users", "groups of users"),
        )
    }
}

/// The graph.
pub(crate) fn draw(graph: &Graph) -> Markup {
    let rows = graph.columns.iter().map(Vec::len).max().unwrap_or(1) as f64;
    let (wide, high) = (3.0 * COLUMN + WIDE + 2.0, 22.0 + rows * ROW - 8.0);
    html! {
        svg.chart.lineage viewBox=(format!("0 0 {wide} {high}")) role="group" aria-label=(graph.sentence()) {
            @for (column, head) in HEADS.into_iter().enumerate() { text x=(format!("{:.0}", column as f64 * COLUMN + 1.0)) y="11" { (head) } }
            @for (column, from, to, missing) in &graph.edges { (edge(graph, *column, (*from, *to), *missing)) }
            @for (column, nodes) in graph.columns.iter().enumerate() {
                @for (at, node) in nodes.iter().enumerate() { (boxed(graph.place(column, at), node, column == 2)) }
            }
        }
    }
}

fn edge(graph: &Graph, column: usize, (from, to): (usize, usize), missing: bool) -> Markup {
    let ((left, above), (right, below)) = (graph.place(column, from), graph.place(column + 1, to));
    let (x, y, end, last) = (left + WIDE, above + HIGH / 2.0, right, below + HIGH / 2.0);
    let middle = (x + end) / 2.0;
    let path = format!("M{x:.1} {y:.1}C{middle:.1} {y:.1} {middle:.1} {last:.1} {end:.1} {last:.1}");
    html! { path class=(if missing { "stroke-bad ahead" } else { "stroke-line" }) d=(path) {} }
}

fn boxed((left, top): (f64, f64), node: &Node, is_model: bool) -> Markup {
    let class = if node.missing {
        "box missing"
    } else if is_model {
        "box model"
    } else {
        "box"
    };
    let inside = html! {
        rect class=(class) x=(format!("{left:.1}")) y=(format!("{top:.1}")) width=(WIDE) height=(HIGH) rx="6" {}
        text.name x=(format!("{:.1}", left + 10.0)) y=(format!("{:.1}", top + 17.0)) { (fit(&node.name)) }
        text x=(format!("{:.1}", left + 10.0)) y=(format!("{:.1}", top + 31.0)) { (fit(&node.under)) }
    };
    html! { @match &node.to { Some(to) => { a href=(to) { (inside) } } None => { g { (inside) } } } }
}

fn fit(text: &str) -> String {
    if text.chars().count() <= FITS {
        text.to_owned()
    } else {
        format!("{}…", text.chars().take(FITS - 1).collect::<String>().trim_end())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_origin_is_marked_and_said() {
        let node = |name: &str, missing| Node { name: name.to_owned(), missing, ..Node::default() };
        let graph = Graph {
            columns: [vec![node("Web", true)], vec![node("Set", false)], vec![node("Net", false)], Vec::new()],
            edges: vec![(0, 0, 0, true), (1, 0, 0, false)],
        };
        let drawn = draw(&graph).into_string();
        assert!(
            drawn.contains("1 without recorded origin") && drawn.contains("box missing") && drawn.contains("stroke-bad"),
            "{drawn}"
        );
    }

    #[test]
    fn long_names_end_with_a_sign_that_more_follows() {
        assert_eq!(fit("short"), "short");
        let long = fit("a name that is longer than its box");
        assert!(long.ends_with('…') && long.chars().count() <= FITS, "{long}");
    }
}
