//! Which rows of a table are its header, and what each column is called.

use super::super::text::even;
use super::Row;

/// Most rows that one header may span.
const SPAN: usize = 3;

/// The header of a table.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Header {
    /// Number of its first row.
    pub first_row: usize,
    /// Number of its last row.
    pub last_row: usize,
    /// Name of each column, from left to right; empty where the table gives none.
    pub names: Vec<String>,
}

/// Whether a column name is one that the mapping knows.
pub type Known<'a> = dyn Fn(&str) -> bool + 'a;

/// Finds the header among the first rows; gives it and how many of these rows come before its end, with how many names
/// are known.
///
/// The row, or up to three rows read as one, with the most known names is the header. Where none is known it is the
/// first row that is about as wide as the table and holds no numbers, so that titles and notes above it are passed over.
pub(super) fn find(head: &[Row], known: &Known<'_>) -> Option<(Header, usize, usize)> {
    let mut best: Option<(usize, usize, usize)> = None;
    for span in 1..=SPAN.min(head.len()) {
        for begin in 0..=head.len() - span {
            let score = names(&head[begin..begin + span], known).iter().filter(|name| known(name)).count();
            if score > best.map_or(0, |(score, ..)| score) {
                best = Some((score, begin, span));
            }
        }
    }
    let (score, begin, span) = match best {
        Some(found) if found.0 >= 2 || head.iter().all(|row| row.filled() < 4) => found,
        _ => (0, by_shape(head)?, 1),
    };
    let rows = &head[begin..begin + span];
    let header = Header { first_row: rows[0].number, last_row: rows[span - 1].number, names: names(rows, known) };
    Some((header, begin + span, score))
}

fn by_shape(head: &[Row]) -> Option<usize> {
    let widest = head.iter().map(Row::filled).max()?;
    let worded = |row: &Row| row.cells.iter().all(|cell| cell.is_empty() || cell.chars().any(char::is_alphabetic));
    let wide = |row: &Row| row.filled() * 2 > widest;
    head.iter().position(|row| wide(row) && worded(row)).or_else(|| head.iter().position(wide))
}

/// Names of the columns where `rows` are read as one header: the lowest cell alone if it is known, else the cells from
/// top to bottom, a heading that spans columns repeated over each if only so the name is known.
fn names(rows: &[Row], known: &Known<'_>) -> Vec<String> {
    let width = rows.iter().map(|row| row.cells.len()).max().unwrap_or(0);
    let mut spanning = vec![""; rows.len()];
    let mut names = Vec::with_capacity(width);
    for column in 0..width {
        let cells: Vec<&str> = rows.iter().map(|row| row.cells.get(column).map_or("", String::as_str)).collect();
        for (above, cell) in spanning.iter_mut().zip(&cells) {
            if !cell.is_empty() {
                *above = cell;
            }
        }
        let lowest = cells[cells.len() - 1];
        let plain = join(&cells);
        let spanned = join(&spanning);
        let name = if rows.len() > 1 && !lowest.is_empty() && known(lowest) {
            lowest.to_owned()
        } else if rows.len() > 1 && !lowest.is_empty() && !known(&plain) && known(&spanned) {
            spanned
        } else {
            plain
        };
        names.push(name);
    }
    while names.last().is_some_and(String::is_empty) {
        names.pop();
    }
    names
}

fn join(cells: &[&str]) -> String {
    cells.iter().filter(|cell| !cell.is_empty()).copied().collect::<Vec<_>>().join(" ")
}

impl Header {
    /// Names columns that the header leaves out and more than half of the first rows fill: they are part of the table. A
    /// cell beyond the header in few rows rather comes of a delimiter that was not quoted.
    pub(super) fn name_wide_columns<'a>(&mut self, rows: impl ExactSizeIterator<Item = &'a Row>) {
        let count = rows.len();
        let mut widths: Vec<usize> =
            rows.map(|row| row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1)).collect();
        widths.sort_unstable_by(|one, other| other.cmp(one));
        let usual = widths.get(count / 2).copied().unwrap_or(0);
        if count > 1 {
            self.names.extend((self.names.len()..usual).map(|at| format!("column {}", at + 1)));
        }
    }

    /// Whether `row` repeats the header, as printed lists do at the top of each page.
    #[must_use]
    pub fn is_repeated_by(&self, row: &Row) -> bool {
        let cells = row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        cells > 0
            && cells == self.names.len()
            && row.cells.iter().zip(&self.names).all(|(cell, name)| cell == name || even(cell) == even(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(lines: &[&str]) -> Vec<Row> {
        let cells = |line: &str| line.split('|').map(str::to_owned).collect();
        lines.iter().enumerate().map(|(at, line)| Row { number: at + 1, cells: cells(line) }).collect()
    }

    fn check(lines: &[&str], known: &[&str], last_row: usize, names: &[&str]) {
        let known = |name: &str| known.contains(&even(name).as_str());
        let (header, _, _) = find(&rows(lines), &known).unwrap();
        assert_eq!((header.last_row, header.names.iter().map(String::as_str).collect::<Vec<_>>()), (last_row, names.to_vec()));
    }

    #[test]
    fn a_known_header_is_found_below_titles() {
        check(&["Inventory of AI|2024|draft", "Name|Owner", "x|y"], &["name", "owner"], 2, &["Name", "Owner"]);
    }

    #[test]
    fn an_unknown_header_is_the_first_wide_row_of_words() {
        check(&["Inventory", "", "A|B|C", "1|2|3"], &[], 3, &["A", "B", "C"]);
        check(&["1|2", "3|4"], &[], 1, &["1", "2"]);
    }

    #[test]
    fn a_header_over_two_rows_is_read_as_one() {
        let known = ["date initiated", "date retired", "name"];
        check(&["|Date|", "Name|initiated|retired", "x|1|2"], &known, 2, &["Name", "Date initiated", "Date retired"]);
    }

    #[test]
    fn columns_without_a_name_get_one_if_most_rows_fill_them() {
        let widened = |lines: &[&str]| {
            let mut header = Header { first_row: 1, last_row: 1, names: vec!["a".to_owned(), "b".to_owned()] };
            header.name_wide_columns(rows(lines).iter());
            header.names.join(" ")
        };
        assert_eq!(widened(&["1|2||x", "1|2||y", "1"]), "a b column 3 column 4");
        assert_eq!(widened(&["1|2|x", "1|2", "1|2"]), "a b");
        assert_eq!(widened(&["1|2|x"]), "a b");
    }

    #[test]
    fn a_row_that_repeats_the_header_is_told() {
        let (header, _, _) = find(&rows(&["Name|Owner", "x|y"]), &|_| false).unwrap();
        assert!(header.is_repeated_by(&rows(&["NAME |owner|"])[0]));
        assert!(!header.is_repeated_by(&rows(&["name|y"])[0]));
    }
}
