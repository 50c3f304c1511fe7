//! Derived values of an acknowledgement.

use std::collections::BTreeMap;

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::acknowledgement::{Acknowledgement, AcknowledgementState};
use vouch_record::kind::generated::approval::ApprovalDecision;
use vouch_record::kind::generated::role::Role;

use super::Derived;
use crate::view::Entry;

/// The derived values of an acknowledgement.
pub const TABLE: &[Derived] = &[
    Derived::new("late", |entry| Val::Bool(late(entry))).reading(&["due", "confirmed_at"]),
    Derived::new("current", |entry| Val::Bool(current(entry))),
    Derived::new("clustered", |entry| Val::Bool(clustered(entry))),
    Derived::new("outdated", |entry| Val::Bool(outdated(entry))),
    Derived::new("still_due", |entry| Val::Bool(still_due(entry))).reading(&["person"]),
];

fn subject(entry: Entry<'_>) -> Option<Entry<'_>> {
    Acknowledgement(entry.content()).subject().get().and_then(|link| entry.view().find(link.id))
}

fn revision(entry: Entry<'_>) -> Option<u32> {
    Acknowledgement(entry.content()).subject_revision().get().and_then(|number| u32::try_from(number).ok())
}

/// Asked for and past due, or confirmed after the day it was due.
#[must_use]
pub fn late(entry: Entry<'_>) -> bool {
    let (acknowledgement, view) = (Acknowledgement(entry.content()), entry.view());
    let Some(due) = acknowledgement.due().get() else { return false };
    match acknowledgement.confirmed_at().get() {
        Some(at) => view.day(at) > due,
        None => entry.is(AcknowledgementState::Requested.id()) && due < view.today(),
    }
}

/// A later revision of the subject was approved; of a role, one that changed purpose, activities or authority.
#[must_use]
pub fn outdated(entry: Entry<'_>) -> bool {
    *entry.view().keep(Some(entry.id()), "acknowledgement.outdated", || {
        let (Some(subject), Some(revision)) = (subject(entry), revision(entry)) else { return false };
        let approved = subject.given().into_iter().filter(|given| given.approval.decision().is(ApprovalDecision::Approved));
        let later = approved.map(|given| given.revision()).filter(|later| *later > revision).max();
        later.is_some_and(|later| subject.kind().name != Role::KIND || duties_changed(subject, revision, later))
    })
}

fn duties_changed(role: Entry<'_>, then: u32, now: u32) -> bool {
    let leaf = |number: u32| role.revisions().find(|leaf| leaf.revision == number);
    let (Some(then), Some(now)) = (leaf(then), leaf(now)) else { return true };
    ["purpose", "activities", "authority"].into_iter().any(|field| then.body.get(field) != now.body.get(field))
}

/// In state given, and what was confirmed still is what is approved.
#[must_use]
pub fn current(entry: Entry<'_>) -> bool {
    entry.is(AcknowledgementState::Given.id()) && !outdated(entry)
}

/// The person has not left and, where the subject is a role, is in a holders row of it that has not ended.
#[must_use]
pub fn still_due(entry: Entry<'_>) -> bool {
    let today = entry.view().today();
    let Some(person) = Acknowledgement(entry.content()).person().get() else { return false };
    let here = entry.view().get(person.id).is_some_and(|person| !person.is("left"));
    let holds = |role: Entry<'_>| {
        let rows = Role(role.content()).holders();
        rows.into_iter().any(|row| row.person().is_some_and(|link| link.id == person.id) && row.to().is_none_or(|to| to >= today))
    };
    here && subject(entry).is_none_or(|subject| subject.kind().name != Role::KIND || holds(subject))
}

/// More than half of the confirmations of the revision it confirms were given on one day, after they were due: the mark of a list that
/// was clicked through before an audit.
#[must_use]
pub fn clustered(entry: Entry<'_>) -> bool {
    let (Some(subject), Some(revision)) = (subject(entry), revision(entry)) else { return false };
    let revisions: &BTreeMap<u32, bool> = entry.view().keep(Some(subject.id()), "acknowledgement.clustered", || {
        let mut given: BTreeMap<u32, Vec<(Date, bool)>> = BTreeMap::new();
        for one in subject.incoming(Acknowledgement::KIND, "subject") {
            let acknowledgement = Acknowledgement(one.content());
            let day = acknowledgement.confirmed_at().get().map(|at| one.view().day(at));
            let Some((of, day)) = self::revision(one).zip(day) else { continue };
            let late = acknowledgement.due().get().is_some_and(|due| day > due);
            given.entry(of).or_default().push((day, late));
        }
        given.into_iter().map(|(of, given)| (of, most_on_one_late_day(&given))).collect()
    });
    revisions.get(&revision).copied().unwrap_or(false)
}

fn most_on_one_late_day(given: &[(Date, bool)]) -> bool {
    let mut days: BTreeMap<Date, usize> = BTreeMap::new();
    for (day, _) in given.iter().filter(|(_, late)| *late) {
        *days.entry(*day).or_default() += 1;
    }
    days.values().any(|n| 2 * n > given.len())
}

/// Who confirmed what is approved now, of any subject: persons with a current confirmation of it.
#[must_use]
pub fn confirmed_by(subject: Entry<'_>) -> Vec<Id> {
    let current = subject.incoming(Acknowledgement::KIND, "subject").filter(|one| current(*one));
    current.filter_map(|one| Acknowledgement(one.content()).person().get().map(|link| link.id)).collect()
}

#[cfg(test)]
mod tests {
    use super::most_on_one_late_day;
    use jiff::civil::{Date, date};

    fn check(given: &[(Date, bool)], expected: bool) {
        assert_eq!(most_on_one_late_day(given), expected, "{given:?}");
    }

    #[test]
    fn half_of_the_confirmations_on_one_late_day_are_not_yet_a_cluster() {
        let d = |day| date(2026, 3, day);
        check(&[], false);
        check(&[(d(1), true)], true);
        check(&[(d(1), false), (d(1), false)], false);
        check(&[(d(1), true), (d(2), false)], false);
        check(&[(d(1), true), (d(1), true), (d(2), true)], true);
        check(&[(d(1), true), (d(1), true), (d(2), true), (d(3), true)], false);
    }
}
