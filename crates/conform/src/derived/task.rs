//! Derived values of a task.

use vouch_record::Value;
use vouch_record::condition::Val;
use vouch_record::kind::generated::task::Task;

use super::Derived;
use super::answer::whole;
use crate::view::Entry;

/// The derived values of a task.
pub const TABLE: &[Derived] = &[
    Derived::new("overdue", |entry| Val::Bool(overdue(entry))).reading(&["due"]),
    Derived::new("postponed", |entry| whole(postponed(entry))),
];

/// Due passed and open.
#[must_use]
pub fn overdue(entry: Entry<'_>) -> bool {
    entry.is("open") && Task(entry.content()).due().get().is_some_and(|due| due < entry.view().today())
}

/// Number of revisions that moved `due` to a later day.
#[must_use]
pub fn postponed(entry: Entry<'_>) -> usize {
    let dues: Vec<&str> = entry.revisions().filter_map(|leaf| leaf.body.get("due").and_then(Value::as_text)).collect();
    // Days in this form sort as text.
    dues.windows(2).filter(|pair| pair[1] > pair[0]).count()
}
