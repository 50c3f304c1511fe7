//! What stands in a form: names and texts, as they come from a browser, a record, a draft or the address.
//!
//! A field is `name`; a part of it `name.part` (`period.from`); a row of a list `name.0`, a cell `name.0.column`. Nothing that was
//! typed is lost between two showings of a form, also when it cannot be read.

use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};
use vouch_record::kind::{Column, FieldType, Kind, Scalar};
use vouch_record::time::read_instant;

/// Most rows of a list that a form shows.
pub(crate) const MOST_ROWS: usize = 200;

/// Names and texts of a form.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Entered {
    pairs: Vec<(String, String)>,
}

impl Entered {
    /// What a browser sent.
    pub(crate) fn of(pairs: &[(String, String)]) -> Self {
        Self { pairs: pairs.to_vec() }
    }

    /// What a record holds.
    pub(crate) fn of_fields(kind: &Kind, fields: &Map<String, Json>, zone: &TimeZone) -> Self {
        let mut entered = Self::default();
        for (name, json) in fields {
            if let Some(spec) = kind.field(name) {
                entered.spread(name, &spec.kind, json, zone);
            }
        }
        entered
    }

    /// All names and texts.
    pub(crate) fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }

    /// First text of a name; empty if there is none.
    pub(crate) fn value(&self, name: &str) -> &str {
        self.pairs.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str())
    }

    /// Every filled text of a name.
    pub(crate) fn all<'e>(&'e self, name: &'e str) -> impl Iterator<Item = &'e str> {
        self.pairs.iter().filter(move |(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    /// Adds a text.
    pub(crate) fn put(&mut self, name: impl Into<String>, value: impl Into<String>) {
        self.pairs.push((name.into(), value.into()));
    }

    /// Takes a name and its parts out.
    pub(crate) fn clear(&mut self, name: &str) {
        self.pairs.retain(|(key, _)| key != name && !is_part(key, name));
    }

    /// Whether something is filled in for a field.
    pub(crate) fn is_filled(&self, name: &str) -> bool {
        self.pairs.iter().any(|(key, value)| !value.is_empty() && (key == name || is_part(key, name)))
    }

    /// How many rows of a list stand in the form.
    pub(crate) fn rows(&self, name: &str) -> usize {
        let rows = self.pairs.iter().filter_map(|(key, _)| row_of(key, name));
        rows.map(|(row, _)| row + 1).max().unwrap_or(0).min(MOST_ROWS)
    }

    /// Adds an empty row to a list.
    pub(crate) fn add_row(&mut self, name: &str) {
        let rows = self.rows(name);
        if rows < MOST_ROWS {
            self.put(format!("{name}.{rows}"), "");
        }
    }

    /// Takes a row out of a list; those behind it move up.
    pub(crate) fn remove_row(&mut self, name: &str, gone: usize) {
        self.pairs.retain(|(key, _)| row_of(key, name).is_none_or(|(row, _)| row != gone));
        for (key, _) in &mut self.pairs {
            if let Some((row, rest)) = row_of(key, name)
                && row > gone
            {
                *key = format!("{name}.{}{rest}", row - 1);
            }
        }
    }

    fn spread(&mut self, name: &str, kind: &FieldType, json: &Json, zone: &TimeZone) {
        match (kind, json) {
            (_, Json::Null) => {}
            (FieldType::One(scalar), json) => self.spread_scalar(name, scalar, json, zone),
            (FieldType::Set(scalar), Json::Array(items)) if is_chosen(scalar) => {
                items.iter().for_each(|item| self.spread_scalar(name, scalar, item, zone));
            }
            (FieldType::Set(_), Json::Array(items)) => {
                let lines: Vec<String> = items.iter().map(text).collect();
                self.put(name, lines.join("\n"));
            }
            (FieldType::List(columns), Json::Array(rows)) => {
                rows.iter()
                    .take(MOST_ROWS)
                    .enumerate()
                    .for_each(|(at, row)| self.spread_row(&format!("{name}.{at}"), columns, row, zone));
            }
            _ => {}
        }
    }

    fn spread_row(&mut self, name: &str, columns: &[Column], row: &Json, zone: &TimeZone) {
        if let [only] = columns
            && only.name.is_empty()
        {
            return self.spread(name, &only.kind, row, zone);
        }
        self.put(name, "");
        for column in columns {
            if let Some(cell) = row.get(&column.name) {
                self.spread(&format!("{name}.{}", column.name), &column.kind, cell, zone);
            }
        }
    }

    fn spread_scalar(&mut self, name: &str, scalar: &Scalar, json: &Json, zone: &TimeZone) {
        match scalar {
            Scalar::Period | Scalar::Money => {
                for (part, value) in json.as_object().into_iter().flatten() {
                    self.put(format!("{name}.{part}"), text(value));
                }
            }
            Scalar::DateTime => self.put(name, local(&text(json), zone)),
            Scalar::Duration => {
                let written = text(json);
                let (count, unit) = counted(&written).unwrap_or((&written, ""));
                self.put(format!("{name}.count"), count);
                self.put(format!("{name}.unit"), unit);
            }
            Scalar::File => self.put(name, json.to_string()),
            _ => self.put(name, text(json)),
        }
    }
}

/// Whether members of a set are chosen one by one, and not typed a line each.
pub(crate) const fn is_chosen(scalar: &Scalar) -> bool {
    matches!(scalar, Scalar::Enum(_) | Scalar::Link(_) | Scalar::File)
}

fn is_part(key: &str, name: &str) -> bool {
    key.strip_prefix(name).is_some_and(|rest| rest.starts_with('.'))
}

/// The row that a name belongs to, and what follows in it.
fn row_of<'k>(key: &'k str, name: &str) -> Option<(usize, &'k str)> {
    let rest = key.strip_prefix(name)?.strip_prefix('.')?;
    let end = rest.find('.').unwrap_or(rest.len());
    let row = rest[..end].parse().ok().filter(|row| *row < MOST_ROWS)?;
    Some((row, &rest[end..]))
}

fn text(json: &Json) -> String {
    json.as_str().map_or_else(|| json.to_string(), str::to_owned)
}

/// A stored instant as a clock on the wall of the organisation shows it; what is none stays as it is.
fn local(written: &str, zone: &TimeZone) -> String {
    read_instant(written).map_or_else(
        || written.to_owned(),
        |at| {
            let local = zone.to_datetime(at);
            let minutes = format!("{}T{:02}:{:02}", local.date(), local.hour(), local.minute());
            match (local.second(), local.millisecond()) {
                (0, 0) => minutes,
                (second, 0) => format!("{minutes}:{second:02}"),
                (second, millisecond) => format!("{minutes}:{second:02}.{millisecond:03}"),
            }
        },
    )
}

/// `P6M` as 6 and `M`; nothing for a duration of several units.
fn counted(written: &str) -> Option<(&str, &str)> {
    let (rest, timed) = match written.strip_prefix("PT") {
        Some(rest) => (rest, true),
        None => (written.strip_prefix('P')?, false),
    };
    let digits = rest.find(|c: char| !c.is_ascii_digit())?;
    let unit = match (&rest[digits..], timed) {
        ("H", true) => "TH",
        ("M", true) => "TM",
        ("D", false) => "D",
        ("W", false) => "W",
        ("M", false) => "M",
        ("Y", false) => "Y",
        _ => return None,
    };
    (digits > 0).then(|| (&rest[..digits], unit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entered(pairs: &[(&str, &str)]) -> Entered {
        Entered { pairs: pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect() }
    }

    #[test]
    fn a_removed_row_lets_the_others_move_up() {
        let mut form = entered(&[("harm.0.who", "a"), ("harm.1.who", "b"), ("harm.2", ""), ("harm.2.who", "c"), ("harmless", "x")]);
        form.remove_row("harm", 1);
        assert_eq!(form, entered(&[("harm.0.who", "a"), ("harm.1", ""), ("harm.1.who", "c"), ("harmless", "x")]));
        assert_eq!(form.rows("harm"), 2);
        form.add_row("harm");
        assert_eq!(form.rows("harm"), 3);
    }

    #[test]
    fn row_numbers_are_bounded() {
        assert_eq!(entered(&[("harm.99999999999.who", "a"), ("harm.4000000.who", "b")]).rows("harm"), 0);
    }

    #[test]
    fn durations_of_one_unit_are_counted() {
        assert_eq!(counted("P6M"), Some(("6", "M")));
        assert_eq!(counted("PT4H"), Some(("4", "TH")));
        assert_eq!(counted("P1Y6M"), None);
        assert_eq!(counted("P"), None);
        assert_eq!(counted("é"), None);
    }
}
