//! Derived values of an incident.

mod recipient;

pub use recipient::{Recipient, recipients_missing, recipients_without_row};

use jiff::{SignedDuration, Span, Timestamp, Unit};
use vouch_record::Id;
use vouch_record::condition::{SpanValue, Val};
use vouch_record::kind::generated::customer_commitment::CustomerCommitment;
use vouch_record::kind::generated::incident::{Incident, IncidentDetectedBy, IncidentNotificationRow, IncidentType};
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanMetricCategory};
use vouch_record::kind::generated::obligation::{Obligation, ObligationClockFrom};

use super::Derived;
use super::answer::{ids, length, table};
use crate::view::Entry;

/// The derived values of an incident.
pub const TABLE: &[Derived] = &[
    Derived::new("clocks", |entry| {
        table(entry, "incident.clocks", || {
            let rows = clocks(entry).into_iter();
            rows.map(|clock| row! { recipient: clock.recipient, due_at: clock.due_at, left: clock.left, overdue: clock.overdue })
                .collect()
        })
    })
    .reading(&["notifications", "aware_at"]),
    Derived::new("time_to_detect", |entry| length(time_to_detect(entry))).reading(&["detected_at", "occurred_from"]),
    Derived::new("time_to_contain", |entry| length(time_to_contain(entry))).reading(&["contained_at", "detected_at"]),
    Derived::new("monitoring_missed", |entry| Val::Bool(monitoring_missed(entry))).reading(&["types", "detected_by"]),
    Derived::new("recipients_missing", |entry| ids(recipients_missing(entry))).reading(&["notifications"]),
];

/// The clock of one notification.
#[derive(Clone, Copy, Debug)]
pub struct Clock {
    /// who is to be told
    pub recipient: Option<Id>,
    /// until when, if a time runs
    pub due_at: Option<Timestamp>,
    /// time left while it runs
    pub left: Option<Span>,
    /// past its time without sending or reason, or sent after it
    pub overdue: bool,
}

/// Per notification when it is due and what is left: the day given, else the moment its obligation counts from plus the time it allows,
/// else the moment the organisation knew plus the time its commitment allows.
#[must_use]
pub fn clocks(entry: Entry<'_>) -> Vec<Clock> {
    Incident(entry.content()).notifications().map(|row| clock(entry, row)).collect()
}

fn clock(entry: Entry<'_>, row: IncidentNotificationRow<'_>) -> Clock {
    let view = entry.view();
    let due_at = row.due_at().or_else(|| due_by_obligation(entry, row)).or_else(|| due_by_commitment(entry, row));
    let answered = row.sent_at().is_some() || row.not_needed_because().is_some();
    let running = due_at.filter(|due| !answered && !view.is_past(*due));
    let overdue = match (due_at, row.sent_at()) {
        (Some(due), Some(sent)) => sent > due,
        (Some(due), None) => !answered && view.is_past(due),
        (None, _) => false,
    };
    Clock {
        recipient: row.recipient().map(|link| link.id),
        due_at,
        left: running.and_then(|due| between(view.now(), due)),
        overdue,
    }
}

fn due_by_obligation(entry: Entry<'_>, row: IncidentNotificationRow<'_>) -> Option<Timestamp> {
    let incident = Incident(entry.content());
    let obligation = entry.view().get(row.obligation()?.id)?;
    let obligation = Obligation(obligation.content());
    let begun = match obligation.clock_from().get() {
        Some(ObligationClockFrom::Occurred) => incident.occurred_from().get(),
        Some(ObligationClockFrom::Detected) => incident.detected_at().get(),
        _ => incident.aware_at().get(),
    };
    let allowed = SpanValue(obligation.answer_within().get()?).seconds();
    begun?.checked_add(SignedDuration::from_secs(allowed)).ok()
}

fn due_by_commitment(entry: Entry<'_>, row: IncidentNotificationRow<'_>) -> Option<Timestamp> {
    let commitment = entry.view().get(row.commitment()?.id)?;
    let allowed = SpanValue(CustomerCommitment(commitment.content()).notice_within().get()?).seconds();
    Incident(entry.content()).aware_at().get()?.checked_add(SignedDuration::from_secs(allowed)).ok()
}

/// The time between two instants in hours, minutes and seconds; negative when `to` lies before.
fn between(from: Timestamp, to: Timestamp) -> Option<Span> {
    to.since((Unit::Hour, from)).ok()
}

/// From the first effect to the moment it was noticed.
#[must_use]
pub fn time_to_detect(entry: Entry<'_>) -> Option<Span> {
    let incident = Incident(entry.content());
    between(incident.occurred_from().get()?, incident.detected_at().get()?)
}

/// From the moment it was noticed to the end of the effect.
#[must_use]
pub fn time_to_contain(entry: Entry<'_>) -> Option<Span> {
    let incident = Incident(entry.content());
    between(incident.detected_at().get()?, incident.contained_at().get()?)
}

/// No exercise, noticed by something else than monitoring or gateway, although a metric of the monitoring plan of one of its systems
/// watches for this type of event.
#[must_use]
pub fn monitoring_missed(entry: Entry<'_>) -> bool {
    let incident = Incident(entry.content());
    let noticed = matches!(incident.detected_by().get(), None | Some(IncidentDetectedBy::Monitoring | IncidentDetectedBy::Gateway));
    if incident.exercise().is(true) || noticed {
        return false;
    }
    let watched: Vec<_> = incident.types().filter_map(watched_as).collect();
    let day = incident.detected_at().get().map_or_else(|| entry.view().today(), |at| entry.view().day(at));
    let systems = incident.ai_systems().filter_map(|link| entry.view().on(day.min(entry.view().today())).get(link.id));
    let plans = systems.flat_map(|system| {
        system.incoming(MonitoringPlan::KIND, "ai_system").filter(|plan| plan.is("in_force")).collect::<Vec<_>>()
    });
    plans
        .flat_map(|plan| MonitoringPlan(plan.content()).metrics())
        .any(|row| row.category().is_some_and(|category| watched.contains(&category)))
}

/// The category of metric that would show a type of event; a breach of law shows in none.
const fn watched_as(of: IncidentType) -> Option<MonitoringPlanMetricCategory> {
    use MonitoringPlanMetricCategory as Category;
    Some(match of {
        IncidentType::BiasedOutcome => Category::Fairness,
        IncidentType::WrongOutput => Category::Performance,
        IncidentType::HarmfulOutput => Category::Safety,
        IncidentType::Drift => Category::Drift,
        IncidentType::Misuse | IncidentType::Security | IncidentType::DataLeak => Category::Abuse,
        IncidentType::Unavailability => Category::Availability,
        IncidentType::OversightFailure => Category::Oversight,
        IncidentType::SupplierFailure => Category::Supplier,
        IncidentType::LegalBreach => return None,
    })
}
