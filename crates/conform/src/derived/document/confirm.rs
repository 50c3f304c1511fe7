//! Who must confirm a document, and who has not.

use std::collections::BTreeMap;

use jiff::Span;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::acknowledgement::{Acknowledgement, AcknowledgementState};
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::person::{Person, PersonRelation};
use vouch_record::kind::generated::role::Role;
use vouch_record::time::after;

use super::{effective_since, in_force};
use crate::view::Entry;

/// Active persons, external auditors left out, who hold a role of `acknowledged_by` on or after the first day of the revision in force,
/// or all of them; each with the day the duty began.
#[must_use]
pub fn must_confirm(entry: Entry<'_>) -> BTreeMap<Id, Date> {
    let (document, view) = (Document(entry.content()), entry.view());
    let mut duties: BTreeMap<Id, Date> = BTreeMap::new();
    if in_force(entry).is_none() {
        return duties;
    }
    let effective = effective_since(entry).unwrap_or_else(|| view.day(entry.made_at()));
    let mut add = |person: Id, since: Option<Date>| {
        let since = since.unwrap_or(effective).max(effective);
        duties.entry(person).and_modify(|begun| *begun = since.min(*begun)).or_insert(since);
    };
    if document.acknowledged_by_all().is(true) {
        view.all(Person::KIND).for_each(|person| add(person.id(), Person(person.content()).joined_on().get()));
    }
    for role in document.acknowledged_by().filter_map(|link| view.get(link.id)) {
        let rows = Role(role.content()).holders();
        let rows =
            rows.filter(|row| row.from().is_none_or(|from| from <= view.today()) && row.to().is_none_or(|to| to >= effective));
        rows.filter_map(|row| Some((row.person()?.id, row.from()))).for_each(|(person, from)| add(person, from));
    }
    duties.retain(|person, _| view.get(*person).is_some_and(|person| is_bound_to_confirm(person)));
    duties
}

fn is_bound_to_confirm(person: Entry<'_>) -> bool {
    person.is("active") && !Person(person.content()).relation().is(PersonRelation::ExternalAuditor)
}

/// Those of them without a confirmation of the revision in force whose time to confirm has passed. It runs from the day the duty began;
/// the day on which it ends counts as kept.
#[must_use]
pub fn unconfirmed(entry: Entry<'_>) -> Vec<Id> {
    let today = entry.view().today();
    let within = Document(entry.content()).acknowledge_within().get().unwrap_or_default();
    let confirmed: Vec<Id> =
        confirmations(entry).filter_map(|one| Acknowledgement(one.content()).person().get().map(|link| link.id)).collect();
    let late = must_confirm(entry).into_iter().filter(|(_, since)| after(*since, &within) < today);
    late.map(|(person, _)| person).filter(|person| !confirmed.contains(person)).collect()
}

/// The acknowledgements that confirm the revision in force.
pub fn confirmations(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    let again = Document(entry.content()).acknowledge_again().get();
    let of = move |revision: u32| {
        let all = entry.incoming(Acknowledgement::KIND, "subject");
        all.filter(move |one| confirms(*one, entry, revision, again))
    };
    in_force(entry).into_iter().flat_map(of)
}

/// Given for the revision in force (or one since which nothing covered changed), and not so long ago that it is due again. Judged by
/// the log and not by lapsing: a later revision that is approved and not yet in force takes nothing from the one that is.
fn confirms(one: Entry<'_>, document: Entry<'_>, revision: u32, again: Option<Span>) -> bool {
    let acknowledgement = Acknowledgement(one.content());
    let given = one.standing().shown_state(one.record()) == AcknowledgementState::Given.id();
    let of = acknowledgement.subject_revision().get().and_then(|of| u32::try_from(of).ok());
    let day = acknowledgement.confirmed_at().get().map(|at| one.view().day(at));
    let fresh = again.is_none_or(|again| day.is_none_or(|day| after(day, &again) >= one.view().today()));
    given && fresh && of.is_some_and(|of| document.covers(of, revision))
}
