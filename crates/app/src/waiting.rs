//! What waits for a person, and what comes: work that bears a name and a day, decisions that a person may give, words asked of a person.

mod decisions;
mod duties;
#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::Serialize;
use vouch_conform::View;
use vouch_record::Id;

pub use duties::{Ahead, ahead};

/// Why something waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Sort {
    /// to be done by the person whom the record names
    Do,
    /// to be decided: approved, signed, accepted, closed
    Approve,
    /// to be looked at: reviewed, verified
    Review,
    /// to be read and confirmed
    Acknowledge,
    /// an open comment that mentions the person
    Answer,
}

impl Sort {
    /// All sorts, in the order in which they are shown.
    pub const ALL: [Self; 5] = [Self::Do, Self::Approve, Self::Review, Self::Acknowledge, Self::Answer];
}

/// One thing that waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Waiting {
    /// why
    pub sort: Sort,
    /// the record
    #[serde(serialize_with = "as_text")]
    pub record: Id,
    /// what to do, a verb
    pub what: String,
    /// day by which, where the record names one
    #[serde(serialize_with = "day")]
    pub due: Option<Date>,
    /// the decision that is wanted: its purpose, and the state it leads to
    pub decision: Option<Wanted>,
}

/// A decision that is wanted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Wanted {
    /// what for
    pub purpose: String,
    /// the state that a yes leads to
    pub to: String,
}

/// Everything that waits for a person on the view's day: by sort, what is due first, then by record.
#[must_use]
pub fn waiting(view: &View, person: Id) -> Vec<Waiting> {
    let mut all = duties::of(view, person);
    all.extend(decisions::of(view, person));
    all.sort_by_key(|one| (one.sort, one.due.is_none(), one.due, one.record));
    all.dedup_by_key(|one| (one.sort, one.record));
    all
}

fn as_text<S: serde::Serializer>(id: &Id, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(id)
}

fn day<S: serde::Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}
