//! Which risks the address asks for, and in which order.

use std::cmp::Ordering;

use vouch_record::Id;
use vouch_record::kind::generated::shared::RiskCategory;

use super::map::{Cell, Map};
use super::row::{Row, Rows};
use crate::part::list::{Choice, Segment};
use crate::part::table::order;
use crate::part::value;
use crate::request::Context;

/// Order of the register unless the address says otherwise: the worst residual level first.
pub(crate) const ORDER: &str = "-residual";
/// The risks that an address asks for, in its order.
pub(crate) fn chosen<'r>(context: &Context<'_>, rows: &'r Rows) -> Vec<&'r Row> {
    let words: Vec<String> = context.query("q").unwrap_or_default().to_lowercase().split_whitespace().map(str::to_owned).collect();
    let id = |name: &str| context.query(name).and_then(|text| text.parse::<Id>().ok());
    let (system, owner) = (id("system"), id("owner"));
    let category = context.query("category").and_then(RiskCategory::from_id);
    let (map, cell) = (Map::of(context), context.query("cell").and_then(Cell::parse));
    let mut chosen: Vec<&Row> = rows
        .all
        .iter()
        .filter(|row| in_view(context, row, context.query("view")))
        .filter(|row| system.is_none_or(|system| row.systems.iter().any(|(id, _)| *id == system)))
        .filter(|row| owner.is_none_or(|owner| row.owner.as_ref().is_some_and(|(id, _)| *id == owner)))
        .filter(|row| category.is_none_or(|category| row.categories.contains(&category)))
        .filter(|row| cell.is_none_or(|cell| map.cell(row) == Some((cell.likelihood, cell.consequence))))
        .filter(|row| words.is_empty() || holds(row, &words))
        .collect();
    let (by, down) = order(context, ORDER);
    chosen.sort_by(|a, b| {
        let one = compare(a, b, by);
        (if down { one.reverse() } else { one }).then_with(|| a.id.cmp(&b.id))
    });
    chosen
}

/// Whether a row belongs to a saved view; the first holds what is open.
fn in_view(context: &Context<'_>, row: &Row, view: Option<&str>) -> bool {
    match view {
        Some("mine") => row.is_open && row.owner.as_ref().is_some_and(|(id, _)| *id == context.session.acting),
        Some("above") => row.is_open && row.above,
        Some("overdue") => row.is_open && row.overdue,
        Some("accepted") => row.is_open && row.accepted.is_some(),
        Some("closed") => !row.is_open,
        _ => row.is_open,
    }
}

fn holds(row: &Row, words: &[String]) -> bool {
    let systems: Vec<&str> = row.systems.iter().map(|(_, name)| name.as_str()).collect();
    let text = format!("{} {} {}", row.title, row.id, systems.join(" ")).to_lowercase();
    words.iter().all(|word| text.contains(word.as_str()))
}

fn compare(a: &Row, b: &Row, by: &str) -> Ordering {
    let system = |row: &Row| row.systems.first().map(|(_, name)| name.to_lowercase());
    let rank = |cell: Option<(i64, i64)>| cell.map(|(likelihood, consequence)| (likelihood * consequence, consequence));
    match by {
        "title" => a.title.to_lowercase().cmp(&b.title.to_lowercase()),
        "system" => system(a).cmp(&system(b)),
        "category" => a.categories.first().cmp(&b.categories.first()),
        "inherent" => a.inherent_level.cmp(&b.inherent_level).then(rank(a.inherent).cmp(&rank(b.inherent))),
        "answer" => (a.answer.tone as u8).cmp(&(b.answer.tone as u8)).then_with(|| a.answer.word.cmp(&b.answer.word)),
        "owner" => a.owner.as_ref().map(|owner| &owner.1).cmp(&b.owner.as_ref().map(|owner| &owner.1)),
        "due" => a.due.cmp(&b.due),
        _ => a.residual_level.cmp(&b.residual_level).then(rank(a.residual).cmp(&rank(b.residual))),
    }
}

/// The saved views with how many risks each holds.
pub(crate) fn views(context: &Context<'_>, rows: &Rows) -> Vec<Segment<'static>> {
    let view = |name, value: Option<&'static str>| Segment {
        name,
        value,
        count: Some(rows.all.iter().filter(|row| in_view(context, row, value)).count()),
    };
    vec![
        view("Open", None),
        view("Mine", Some("mine")),
        view("Above the line", Some("above")),
        view("Overdue", Some("overdue")),
        view("Accepted", Some("accepted")),
        view("Closed", Some("closed")),
    ]
}

/// Values of filters that the register holds: id as text, and name.
pub(crate) struct Choices {
    systems: Vec<(String, String)>,
    owners: Vec<(String, String)>,
    categories: Vec<(&'static str, String)>,
}

impl Choices {
    pub(crate) fn of(context: &Context<'_>, rows: &Rows) -> Self {
        let named = |pairs: Vec<&(Id, String)>| {
            let mut all: Vec<(String, String)> = pairs.into_iter().map(|(id, name)| (id.to_string(), name.clone())).collect();
            all.sort_by(|a, b| a.1.cmp(&b.1).then_with(|| a.0.cmp(&b.0)));
            all.dedup();
            all
        };
        let mut categories: Vec<RiskCategory> = rows.all.iter().flat_map(|row| row.categories.iter().copied()).collect();
        categories.sort_unstable();
        categories.dedup();
        let word = |category: &RiskCategory| (category.id(), value::choice(&context.view, "risk", "categories", category.id()));
        Self {
            systems: named(rows.all.iter().flat_map(|row| &row.systems).collect()),
            owners: named(rows.all.iter().filter_map(|row| row.owner.as_ref()).collect()),
            categories: categories.iter().map(word).collect(),
        }
    }

    /// The filters.
    pub(crate) fn selects(&self) -> Vec<(&'static str, &'static str, Vec<Choice<'_>>)> {
        let categories = self.categories.iter().map(|(id, word)| (*id, word.clone())).collect();
        vec![
            ("system", "Any system", borrowed(&self.systems)),
            ("category", "Any category", categories),
            ("owner", "Any owner", borrowed(&self.owners)),
        ]
    }
}

fn borrowed(pairs: &[(String, String)]) -> Vec<Choice<'_>> {
    pairs.iter().map(|(id, name)| (id.as_str(), name.clone())).collect()
}
