//! Whether newcomers, and units that used what nobody knew of, were told the rules.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::acknowledgement::Acknowledgement;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::communication::{Communication, CommunicationForm, CommunicationTopic};
use vouch_record::kind::generated::competence_need::CompetenceNeed;
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::person::{Person, PersonRelation};
use vouch_record::kind::generated::sealed_batch::SealedBatch;
use vouch_record::kind::generated::shared::AwarenessTopic;
use vouch_record::kind::generated::training_record::TrainingRecord;

use super::brought::everybodys_needs;
use crate::check::training::{confirmed_on, counted};
use crate::derived::role::holders_on;
use crate::derived::sealed_batch::unknown_use;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How long telling them may take.
const TELL_DAYS: i64 = 30;

/// 7.3-O3
pub(super) fn newcomers_know_the_rules(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let needs: Vec<Id> = everybodys_needs(view).map(|need| need.id()).collect();
    let original = |document: &Entry<'_>| !Document(document.content()).translation_of().is_filled();
    let documents: Vec<Entry<'_>> = view.policy().into_iter().chain(view.documents("T-AUP").filter(original)).collect();
    let came = |person: &Entry<'_>| {
        let content = Person(person.content());
        content.joined_on().get().is_some_and(|on| window.has(on)) && !content.relation().is(PersonRelation::ExternalAuditor)
    };
    each(view.all(Person::KIND).filter(came), |person| {
        Judgement::needing(person, &["joined_on"], || {
            let Some(joined) = Person(person.content()).joined_on().get() else {
                return Judgement::Skip("no first day".to_owned());
            };
            let due = joined.saturating_add(TELL_DAYS.days());
            if !person.is("active") {
                return Judgement::Skip("not active".to_owned());
            }
            let trained = person.incoming(TrainingRecord::KIND, "person").any(|record| {
                counted(record).is_some_and(|days| days.from <= due) && needs.iter().any(|need| record.names(*need, "needs"))
            });
            let untold = documents.iter().filter(|document| !confirmed_by(person, document.id(), due));
            let training = (!trained).then(|| "no awareness training".to_owned());
            let missing: Vec<String> =
                training.into_iter().chain(untold.map(|document| format!("not confirmed {}", document.label()))).collect();
            if !missing.is_empty() && due >= view.today() {
                return Judgement::Skip("has time".to_owned());
            }
            Judgement::when(missing.is_empty(), || {
                let lapse = Lapse::of(person).value("person", person.label()).value("date", joined);
                lapse.value("missing", missing.join(", "))
            })
        })
    })
}

/// Whether a person confirmed a document by a day.
fn confirmed_by(person: Entry<'_>, document: Id, due: Date) -> bool {
    let view = person.view();
    person.incoming(Acknowledgement::KIND, "person").any(|one| {
        let content = Acknowledgement(one.content());
        let on = content.confirmed_at().get().map(|at| view.day(at));
        content.subject().get().is_some_and(|link| link.id == document) && on.is_some_and(|on| on <= due)
    })
}

/// 7.3-O4
pub(super) fn unknown_use_is_spoken_about(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asked = |system: &Entry<'_>| {
        let used = || {
            system.incoming(SealedBatch::KIND, "ai_system").any(|batch| {
                SealedBatch(batch.content()).to().get().is_some_and(|at| window.has(view.day(at))) && unknown_use(batch)
            })
        };
        system.is_any(&["discovered", "dismissed"]) && used()
    };
    each(view.all(AiSystem::KIND).filter(asked), |system| {
        Judgement::needing(system, &["unit", "first_seen"], || {
            let content = AiSystem(system.content());
            let Some(unit) = content.unit().get() else { return Judgement::Skip("no unit is known".to_owned()) };
            let seen = content.first_seen().get().map_or(system.created_on(), |at| view.day(at));
            let time = Window { from: seen, to: seen.saturating_add(TELL_DAYS.days()) };
            if let Some(by) = told(system, unit, time) {
                return Judgement::Shown(vec![system.subject(), by.subject()]);
            }
            if time.to >= view.today() {
                return Judgement::Skip("has time".to_owned());
            }
            Judgement::Fail(Lapse::of(system).value("unit", unit).value("system", system.label()).value("date", seen))
        })
    })
}

/// A message to the unit about policy or limits, or the training of one of its people in what is allowed.
fn told<'v>(system: Entry<'v>, unit: &str, time: Window) -> Option<Entry<'v>> {
    let view = system.view();
    let of_unit = |person: Id| view.get(person).is_some_and(|person| Person(person.content()).unit().is(unit));
    let message = view.all(Communication::KIND).find(|one| {
        let content = Communication(one.content());
        let topic = matches!(content.topic().get(), Some(CommunicationTopic::Policy | CommunicationTopic::Limits));
        let sent = content.sent_at().get().is_some_and(|at| time.has(view.day(at)));
        let reaches = || {
            let mut roles = one.links("roles").peekable();
            one.names(system.id(), "") || (roles.peek().is_some() && roles.flat_map(holders_on).any(of_unit))
        };
        content.form().is(CommunicationForm::Message) && topic && sent && reaches()
    });
    message.or_else(|| {
        view.all(TrainingRecord::KIND).find(|record| {
            let person = TrainingRecord(record.content()).person().get();
            let allowed = |need: Entry<'_>| CompetenceNeed(need.content()).topics().has(AwarenessTopic::AllowedUse);
            person.is_some_and(|link| of_unit(link.id))
                && confirmed_on(*record).is_some_and(|on| time.has(on))
                && record.links("needs").any(allowed)
        })
    })
}
