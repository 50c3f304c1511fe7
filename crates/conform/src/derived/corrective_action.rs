//! Derived values of a corrective action.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::condition::Val;
use vouch_record::kind::generated::corrective_action::{CorrectiveAction, CorrectiveActionState};
use vouch_record::time::{after, parse_date};

use super::Derived;
use super::answer::{day, whole};
use crate::view::Entry;

/// The derived values of a corrective action.
pub const TABLE: &[Derived] = &[
    Derived::new("verify_from", |entry| day(verify_from(entry))).reading(&["done_at", "waiting_time"]),
    Derived::new("overdue", |entry| Val::Bool(overdue(entry))).reading(&["due", "done_at", "waiting_time"]),
    Derived::new("postponed", |entry| whole(postponed(entry))),
];

/// The first day on which its effect can be judged.
#[must_use]
pub fn verify_from(entry: Entry<'_>) -> Option<Date> {
    let action = CorrectiveAction(entry.content());
    Some(after(action.done_at().get()?, &action.waiting_time().get()?))
}

/// Its day passed and it is not done, or thirty days passed since its effect could be judged and it is not verified. A cancelled one is
/// not overdue.
#[must_use]
pub fn overdue(entry: Entry<'_>) -> bool {
    let (action, today) = (CorrectiveAction(entry.content()), entry.view().today());
    if entry.is_any(&[CorrectiveActionState::Verified.id(), CorrectiveActionState::Cancelled.id()]) {
        return false;
    }
    match action.done_at().get() {
        None => action.due().get().is_some_and(|due| due < today),
        Some(_) => verify_from(entry).is_some_and(|from| from.saturating_add(30.days()) < today),
    }
}

/// How many revisions moved its day to a later one.
#[must_use]
pub fn postponed(entry: Entry<'_>) -> usize {
    let days: Vec<Date> = entry.revisions().filter_map(|leaf| parse_date(leaf.body.get("due")?.as_text()?)).collect();
    days.windows(2).filter(|pair| pair[1] > pair[0]).count()
}
