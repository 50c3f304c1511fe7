//! Derived values of a nonconformity.

use jiff::ToSpan;
use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::nonconformity::Nonconformity;
use vouch_record::time::{before, days_between};

use super::Derived;
use super::answer::{records, table};
use crate::view::Entry;

/// The derived values of a nonconformity.
pub const TABLE: &[Derived] = &[
    Derived::new("age", |entry| {
        table(entry, "nonconformity.age", || {
            let row = |age: Age| row! { days: age.days, correction_late: age.correction_late, action_late: age.action_late };
            age(entry).map(row).into_iter().collect()
        })
    })
    .reading(&["raised_at", "correction_due", "action_due", "corrections"]),
    Derived::new("recurrence", |entry| records(recurrence(entry))).reading(&["requirements", "cause_category", "raised_at"]),
];

/// How old it is, and how late.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Age {
    /// days since it was raised; until it was closed or rejected
    pub days: i64,
    /// days by which the correction is or was late; zero in time
    pub correction_late: i64,
    /// days by which the corrective action is or was late
    pub action_late: i64,
}

/// Days since `raised_at`, against `correction_due` and `action_due`. A correction is there with the first row of `corrections`, the action
/// once every corrective action that was not cancelled is done.
#[must_use]
pub fn age(entry: Entry<'_>) -> Option<Age> {
    let view = entry.view();
    let content = Nonconformity(entry.content());
    let ended = ["closed", "rejected"].into_iter().filter(|state| entry.is(state)).find_map(|state| entry.entered(state));
    let last = ended.unwrap_or(view.today());
    let corrected = content.corrections().filter_map(|row| row.at()).min();
    let actions: Vec<Entry<'_>> =
        entry.incoming(CorrectiveAction::KIND, "nonconformity").filter(|action| !action.is("cancelled")).collect();
    let done: Option<Vec<_>> = actions.iter().map(|action| CorrectiveAction(action.content()).done_at().get()).collect();
    let acted = done.and_then(|days| days.into_iter().max());
    let late = |due: Option<jiff::civil::Date>, kept: Option<jiff::civil::Date>| {
        due.map_or(0, |due| days_between(due, kept.unwrap_or(last)).max(0))
    };
    Some(Age {
        days: days_between(content.raised_at().get()?, last),
        correction_late: late(content.correction_due().get(), corrected),
        action_late: late(content.action_due().get(), acted),
    })
}

/// Closed ones with a common requirement and the same cause category, raised within two years before `raised_at`.
#[must_use]
pub fn recurrence(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let content = Nonconformity(entry.content());
    let (Some(raised), Some(category)) = (content.raised_at().get(), content.cause_category().get()) else { return Vec::new() };
    let since = before(raised, &2.years());
    let again = |other: &Entry<'_>| {
        let then = Nonconformity(other.content());
        let near = then.raised_at().get().is_some_and(|on| since <= on && on <= raised);
        let shared = then.requirements().any(|item| content.requirements().has(item));
        other.id() != entry.id() && other.is("closed") && near && shared && then.cause_category().is(category)
    };
    entry.view().all(Nonconformity::KIND).filter(again).collect()
}
