//! The Statement of Applicability as of a day: what is decided about each control, why, who answers for it, what carries it out, and how
//! far it is carried out. The decision is what people approved; the depth is computed.

mod drawn;
mod row;
#[cfg(test)]
mod tests;
mod version;

pub use drawn::Reason;
pub use row::{Decision, Row};
pub use version::{Changed, Version, compare};

use std::fmt;

use jiff::civil::Date;
use serde::Serialize;
use vouch_record::Id;
use vouch_record::kind::generated::control_applicability::ControlApplicability;

use crate::as_text;
use crate::derived::is_over;
use crate::framework::ISO42001;
use crate::readiness::Readiness;
use crate::view::{Entry, View};

/// The statement as of a day.
#[derive(Debug, Serialize)]
pub struct Statement {
    /// the day asked for
    #[serde(serialize_with = "as_text::one")]
    pub as_of: Date,
    /// the frozen version in force, if one is
    pub version: Option<Version>,
    /// counts of what is decided and how far it is carried out
    pub counts: Counts,
    /// one row per control of Annex A in the standard's order, then those of other frameworks and own ones
    pub rows: Vec<Row>,
}

/// Counts over the rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// controls that apply
    pub applied: usize,
    /// controls left out
    pub excluded: usize,
    /// controls about which nobody decided
    pub undecided: usize,
    /// applied controls that are at least documented
    pub documented: usize,
    /// applied controls that operate
    pub operating: usize,
    /// applied controls that are proven
    pub proven: usize,
}

impl Statement {
    /// The statement on the view's day, with the answers of that day.
    #[must_use]
    pub fn of(view: &View, readiness: &Readiness) -> Self {
        let decided: Vec<Entry<'_>> = view.all(ControlApplicability::KIND).filter(|entry| !is_over(*entry)).collect();
        let about = |key: &str, item: &str| {
            let named = |entry: &&Entry<'_>| {
                let control = ControlApplicability(entry.content()).control().get();
                control.is_some_and(|control| control.framework == key && control.item == item)
            };
            // Of two that decide about one control the approved one counts, else the later.
            decided.iter().filter(named).max_by_key(|entry| (entry.is_settled(), entry.id())).copied()
        };
        let version = view.statement().map(|entry| Version::of(entry));
        let controls = view.frameworks().items().iter().filter(|item| item.is_control());
        let mut rows: Vec<Row> = controls.map(|item| Row::of_annex(view, readiness, item, about(ISO42001, &item.id))).collect();
        for entry in &decided {
            let control = ControlApplicability(entry.content()).control().get();
            if let Some(control) = control.filter(|control| control.framework != ISO42001) {
                rows.push(Row::of_other(*entry, format!("{}:{}", control.framework, control.item)));
            }
        }
        if let Some(statement) = view.statement() {
            version::mark(statement, &mut rows);
        }
        Self { as_of: view.today(), version, counts: counts(&rows), rows }
    }

    /// The row of a control, by the id of its item or `framework:item`.
    #[must_use]
    pub fn row(&self, control: &str) -> Option<&Row> {
        self.rows.iter().find(|row| row.control == control)
    }
}

fn counts(rows: &[Row]) -> Counts {
    let applied = |row: &&Row| row.decision == Decision::Applied;
    let count = |decision| rows.iter().filter(|row| row.decision == decision).count();
    let reaching = |word: &str| {
        let order = ["none", "documented", "operating", "proven"];
        let place = |word: &str| order.iter().position(|of| *of == word);
        rows.iter().filter(applied).filter(|row| place(row.implementation) >= place(word)).count()
    };
    Counts {
        applied: count(Decision::Applied),
        excluded: count(Decision::Excluded),
        undecided: count(Decision::Undecided),
        documented: reaching("documented"),
        operating: reaching("operating"),
        proven: reaching("proven"),
    }
}

/// A record with what people call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Named {
    /// the record
    #[serde(serialize_with = "as_text::one")]
    pub id: Id,
    /// the revision read
    pub revision: u32,
    /// name or title
    pub label: String,
}

impl Named {
    pub(crate) fn of(entry: Entry<'_>) -> Self {
        Self { id: entry.id(), revision: entry.revision(), label: entry.label() }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.label)
    }
}
