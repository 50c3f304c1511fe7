//! Whether auditors asked people what they know, and whether confirmations are more than a click.

use std::collections::BTreeSet;

use vouch_record::Id;
use vouch_record::kind::generated::acknowledgement::Acknowledgement;
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::person::{Person, PersonRelation};
use vouch_record::kind::generated::role::Role;

use crate::check::audited::in_last_year;
use crate::derived::acknowledgement::clustered;
use crate::derived::document::{must_confirm, unconfirmed};
use crate::derived::role::holders_on;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View};

/// So many people are asked.
const ASKED: usize = 5;
/// Out of a hundred who must confirm, how many may be late.
const LATE_IN_100: usize = 5;

/// 7.3-P2
pub(super) fn auditors_asked_people(view: &View) -> Verdicts {
    let mut asked: BTreeSet<Id> = BTreeSet::new();
    let mut audits: Vec<Subject> = Vec::new();
    for audit in in_last_year(view).filter(|audit| Audit(audit.content()).type_().is(AuditType::Internal)) {
        let about = Audit(audit.content()).interviews().filter(|row| row.topics().is_some_and(is_about_awareness));
        let people: Vec<Id> = about.filter_map(|row| row.person()).map(|link| link.id).collect();
        if !people.is_empty() {
            audits.push(audit.subject());
            asked.extend(people);
        }
    }
    let inside =
        |person: &Entry<'_>| person.is("active") && !Person(person.content()).relation().is(PersonRelation::ExternalAuditor);
    let population = view.all(Person::KIND).filter(inside).count();
    let holders: BTreeSet<Id> = view.live(Role::KIND).flat_map(holders_on).collect();
    let outside = asked.difference(&holders).count();
    let wanted = ASKED.min(population.div_ceil(10));
    if asked.len() >= wanted && outside * 2 >= asked.len() {
        return Verdicts { passed: audits, ..Verdicts::default() };
    }
    Verdicts::failed(Lapse::of_organisation().value("n", outside))
}

/// Whether the topics of an interview name awareness.
fn is_about_awareness(topics: &str) -> bool {
    let topics = topics.to_lowercase();
    topics.contains("aware") || topics.split(|c: char| !c.is_ascii_digit() && c != '.').any(|word| word == "7.3")
}

/// 7.3-P3
pub(super) fn confirmations_are_real(view: &View) -> Verdicts {
    let original = |document: &Entry<'_>| !Document(document.content()).translation_of().is_filled();
    let documents = view.policy().into_iter().chain(view.documents("T-AUP").filter(original));
    each(documents, |document| {
        let lapse = |defect: String| Lapse::of(document).value("document", document.label()).value("defect", defect);
        let at_once = document.incoming(Acknowledgement::KIND, "subject").find(|one| clustered(*one));
        let at_once = at_once.map(|one| {
            let revision = Acknowledgement(one.content()).subject_revision().get().unwrap_or(1);
            lapse(format!("most who confirmed revision {revision} did so on one day after it was due"))
        });
        let (must, late) = (must_confirm(document).len(), unconfirmed(document).len());
        let few = (late * 100 > must * LATE_IN_100).then(|| lapse(format!("{late} of {must} have not confirmed it")));
        Judgement::of(at_once.into_iter().chain(few).collect())
    })
}
