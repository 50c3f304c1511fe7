//! Events that start a message.

use jiff::Timestamp;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::certificate::Certificate;
use vouch_record::kind::generated::communication::CommunicationEvent as Event;
use vouch_record::kind::generated::document::{Document, DocumentType};
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity};
use vouch_record::kind::generated::management_review::ManagementReview;
use vouch_record::kind::generated::objective::Objective;
use vouch_record::kind::generated::obligation::Obligation;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::role::Role;
use vouch_record::kind::generated::shared::Stage;
use vouch_record::time::end_of_day;

use crate::derived::approved::approved_at;
use crate::view::{Entry, View};

/// Something that a rule may want told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Occasion {
    /// when it happened; the end of the day where only a day is known
    pub at: Timestamp,
    /// record that shows it
    pub record: Id,
}

/// Every event of a sort, with the systems it is about left to the caller.
pub(super) fn occasions(view: &View, of: Event) -> Vec<Occasion> {
    let kind = match of {
        Event::PolicyApproved => Document::KIND,
        Event::ObjectiveApproved => Objective::KIND,
        Event::RoleFilled => Role::KIND,
        Event::Release => Release::KIND,
        Event::Retirement => AiSystem::KIND,
        Event::SeriousIncident => Incident::KIND,
        Event::ObligationChanged => Obligation::KIND,
        Event::ReviewSigned => ManagementReview::KIND,
        Event::AuditReported => Audit::KIND,
        Event::CertificateEvent => Certificate::KIND,
    };
    let of_record =
        |entry: Entry<'_>| times(entry, of).into_iter().map(|at| Occasion { at, record: entry.id() }).collect::<Vec<_>>();
    view.all(kind).flat_map(of_record).collect()
}

fn times(entry: Entry<'_>, of: Event) -> Vec<Timestamp> {
    let content = entry.content();
    let on = |days: Vec<Date>| days.into_iter().map(|day| last_of(entry, day)).collect();
    let one = |at: Option<Timestamp>| at.into_iter().collect();
    match of {
        Event::PolicyApproved if !Document(content).type_().is(DocumentType::Policy) => Vec::new(),
        Event::PolicyApproved | Event::ObjectiveApproved => one(approved_at(entry)),
        Event::RoleFilled if !entry.is_live() => Vec::new(),
        Event::RoleFilled => {
            on(Role(content).holders().filter_map(|row| row.from()).filter(|from| *from <= entry.view().today()).collect())
        }
        Event::Release => one(Release(content).deployed_at().get()),
        Event::Retirement => {
            let rows = AiSystem(content).stages().filter(|row| row.stage() == Some(Stage::Retired));
            on(rows.filter_map(|row| row.entered_on()).filter(|on| *on <= entry.view().today()).collect())
        }
        Event::SeriousIncident => {
            let incident = Incident(content);
            let serious = incident.severity().get() >= Some(IncidentSeverity::Serious)
                && !incident.exercise().is(true)
                && !entry.is("dismissed");
            one(incident.aware_at().get().filter(|_| serious))
        }
        Event::ObligationChanged => on(Obligation(content).source_changes().filter_map(|row| row.noticed_on()).collect()),
        Event::ReviewSigned => one(entry.entry_into("signed").map(|leaf| leaf.time)),
        Event::AuditReported => on(Audit(content).reported_at().get().into_iter().collect()),
        Event::CertificateEvent => {
            on(Certificate(content).events().filter_map(|row| row.at()).chain(Certificate(content).decided_on().get()).collect())
        }
    }
}

fn last_of(entry: Entry<'_>, day: Date) -> Timestamp {
    end_of_day(day, entry.view().zone()).checked_sub(jiff::SignedDuration::from_millis(1)).unwrap_or(Timestamp::MIN)
}

/// The time of the event that a record stands for: the latest of its sort.
pub(super) fn time_of(entry: Entry<'_>) -> Option<Timestamp> {
    let of = match entry.kind().name.as_str() {
        Objective::KIND => Event::ObjectiveApproved,
        Role::KIND => Event::RoleFilled,
        Release::KIND => Event::Release,
        AiSystem::KIND => Event::Retirement,
        Incident::KIND => return Incident(entry.content()).aware_at().get(),
        Obligation::KIND => Event::ObligationChanged,
        ManagementReview::KIND => Event::ReviewSigned,
        Audit::KIND => Event::AuditReported,
        Certificate::KIND => Event::CertificateEvent,
        _ => return approved_at(entry),
    };
    times(entry, of).into_iter().max()
}
