//! Derived values of a person.

use std::collections::BTreeMap;

use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::acknowledgement::Acknowledgement;
use vouch_record::kind::generated::approval::Approval;
use vouch_record::kind::generated::role::Role;

use super::answer::{records, table};
use super::{Derived, training_record};
use crate::view::Entry;

/// The derived values of a person.
pub const TABLE: &[Derived] = &[
    Derived::new("roles_held", |entry| records(roles_held(entry))),
    Derived::new("duties", |entry| records(duties(entry))),
    Derived::new("duties_after_leaving", |entry| records(duties_after_leaving(entry))),
    Derived::new("acknowledgements_due", |entry| records(acknowledgements_due(entry))),
    Derived::new("competent_for", |entry| {
        table(entry, "person.competent_for", || {
            competent_for(entry).into_iter().map(|(need, met)| row! { need: need, met: met }).collect()
        })
    }),
    Derived::new("own_checks", |entry| Val::List(own_checks(entry).map(|given| Val::Record(given.id())).collect())),
];

/// Fields by which a record names who must do something about it.
const DUTY: &[&str] = &[
    "owner",
    "deputy",
    "technical_owner",
    "risk_owner",
    "steward",
    "responsible",
    "doer",
    "leader",
    "lead",
    "judge",
    "verifier",
    "approver",
    "assignee",
    "host",
    "metrics",
    "overseers",
    "stop_authority",
];

/// Approved roles with a holders row of the person whose dates hold today.
pub fn roles_held(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    let today = entry.view().today();
    let holds = move |held: &Entry<'_>| {
        Role(held.content()).holders().any(|row| {
            let now = row.from().is_none_or(|from| from <= today) && row.to().is_none_or(|to| to >= today);
            now && row.person().is_some_and(|link| link.id == entry.id())
        })
    };
    entry.incoming(Role::KIND, "holders").filter(|held| held.is("approved")).filter(holds)
}

/// Records that name the person as owner, responder, overseer, approver or assignee and are not closed: in a state that some transition
/// leaves. Roles held count as duties too.
#[must_use]
pub fn duties(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let open = |found: &Entry<'_>| found.kind().transitions.iter().any(|way| way.from.iter().any(|state| state == found.state()));
    let mut found: Vec<Entry<'_>> = entry.sources(DUTY).filter(open).chain(roles_held(entry)).collect();
    found.sort_unstable_by_key(Entry::id);
    found.dedup_by_key(|one| one.id());
    found
}

/// Duties while state is left.
#[must_use]
pub fn duties_after_leaving(entry: Entry<'_>) -> Vec<Entry<'_>> {
    if entry.is("left") { duties(entry) } else { Vec::new() }
}

/// Acknowledgements in state requested past due.
pub fn acknowledgements_due(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    let today = entry.view().today();
    let late = move |found: &Entry<'_>| {
        found.is("requested") && Acknowledgement(found.content()).due().get().is_some_and(|due| due < today)
    };
    entry.incoming(Acknowledgement::KIND, "person").filter(late)
}

/// Per competence need of the roles held: whether a training record or evidence in date meets it.
#[must_use]
pub fn competent_for(entry: Entry<'_>) -> BTreeMap<Id, bool> {
    let needs = roles_held(entry).flat_map(|held| held.links("competence_needs")).filter(Entry::is_live);
    needs.map(|need| (need.id(), training_record::competent(entry.view(), entry.id(), need.id()))).collect()
}

/// Approvals by the person on revisions made by the person.
pub fn own_checks(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    let own = move |given: &Entry<'_>| {
        let approval = Approval(given.content());
        let Some(subject) = approval.subject().get().and_then(|link| given.view().find(link.id)) else { return false };
        let number = approval.subject_revision().get().and_then(|number| u32::try_from(number).ok());
        let made = subject.revisions().find(|leaf| Some(leaf.revision) == number);
        given.is("given") && made.is_some_and(|leaf| leaf.actor.person() == Some(entry.id()))
    };
    entry.incoming(Approval::KIND, "by").filter(own)
}
