//! Who has a hand in a record.

use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalDecision;

use crate::view::Entry;

/// Fields of persons who answer for a record.
const OWNERS: [&str; 8] = ["owner", "responsible", "risk_owner", "technical_owner", "leader", "lead", "handler", "chair"];

/// Fields of persons who did or performed what a record is about; its approver is none of them.
pub(super) const PERFORMERS: [&str; 10] = [
    "doer",
    "done_by",
    "performed_by",
    "assessed_by",
    "assessors",
    "authors",
    "collected_by",
    "taken_by",
    "deployed_by",
    "frozen_by",
];

/// Whether a person performed what a record is about.
#[must_use]
pub fn performed(record: Entry<'_>, person: Id) -> bool {
    PERFORMERS.iter().any(|field| record.kind().field(field).is_some() && record.names(person, field))
}

/// Everybody who owns, wrote (any revision), approved or carried out a record.
#[must_use]
pub fn people(record: Entry<'_>) -> Vec<Id> {
    let fields = OWNERS.iter().chain(&PERFORMERS).filter(|field| record.kind().field(field).is_some());
    let named = fields.flat_map(|field| persons_in(record, field));
    let wrote = record.revisions().filter_map(|leaf| leaf.actor.person());
    let approved =
        record.given_ever().filter(|given| given.approval.decision().is(ApprovalDecision::Approved)).filter_map(|given| given.by());
    let mut people: Vec<Id> = named.chain(wrote).chain(approved).collect();
    people.sort_unstable();
    people.dedup();
    people
}

fn persons_in(record: Entry<'_>, field: &str) -> Vec<Id> {
    let Some(value) = record.value(field).get() else { return Vec::new() };
    let links = vouch_record::state::links_of(record.kind(), std::iter::once((field, value)));
    links.into_iter().map(|(_, link)| link.id).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_field_is_one_of_some_kind() {
        let kinds = crate::derived::tests::kinds();
        for field in OWNERS.iter().chain(&PERFORMERS) {
            assert!(kinds.iter().any(|kind| kind.field(field).is_some()), "no kind has `{field}`");
        }
    }
}
