//! Deadlines of an obligation that nobody has kept yet.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use vouch_record::condition::SpanValue;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::change::Change;
use vouch_record::kind::generated::communication::Communication;
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity, IncidentType};
use vouch_record::kind::generated::obligation::{Obligation, ObligationClockFrom, ObligationRhythm, ObligationTrigger};
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::shared::Stage;
use vouch_record::kind::generated::user_information::UserInformation;
use vouch_record::time::{before, end_of_day};
use vouch_record::{Id, Link};

use super::{binds, holds_for};
use crate::derived::{change, is_true};
use crate::view::{Entry, View};

/// Something that must be done by a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Deadline {
    /// last instant
    pub due: Timestamp,
    /// what started the clock; the obligation itself where a day is set
    pub trigger: Id,
}

/// An event that started the clock of a duty.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Started {
    /// what happened
    pub record: Id,
    /// when
    pub at: Timestamp,
    /// last instant
    pub due: Timestamp,
}

/// Open deadlines: `due_on`, or the time of a trigger plus `answer_within`, without a delivered notice. A duty that falls due on a
/// day is due at its end. What happened before the duty was in force, or before the first approved scope, starts no clock; requests
/// leave no record that names the duty, so they start none here.
#[must_use]
pub fn due(entry: Entry<'_>) -> Vec<Deadline> {
    let duty = Obligation(entry.content());
    if !binds(entry) || !entry.is("confirmed") {
        return Vec::new();
    }
    let mut found: Vec<Deadline> = match duty.rhythm().get() {
        Some(ObligationRhythm::Once | ObligationRhythm::Periodic) => of_day(entry).into_iter().collect(),
        Some(ObligationRhythm::Event) => of_events(entry),
        _ => Vec::new(),
    };
    found.sort_unstable();
    found.dedup();
    found
}

/// The deadline of a day, unless a notice was delivered: ever for a single one, within its interval for one that comes again.
fn of_day(entry: Entry<'_>) -> Option<Deadline> {
    let duty = Obligation(entry.content());
    let day = duty.due_on().get()?;
    let since = duty.every().get().map_or(Timestamp::MIN, |every| end_of_day(before(day, &every), entry.view().zone()));
    let kept = notices(entry).into_iter().any(|at| at >= since);
    let last = end_of_day(day, entry.view().zone());
    (!kept).then_some(Deadline { due: last.checked_sub(jiff::SignedDuration::from_millis(1)).unwrap_or(last), trigger: entry.id() })
}

fn of_events(entry: Entry<'_>) -> Vec<Deadline> {
    let duty = Obligation(entry.content());
    let Some(within) = duty.answer_within().get().map(|span| SpanValue(span).seconds()) else { return Vec::new() };
    let view = entry.view();
    let from = duty.in_force_from().get().max(view.first_scope_on());
    let counts = |at: Timestamp| from.is_none_or(|from| view.day(at) >= from);
    let notices = notices(entry);
    let open = |trigger: &Trigger| {
        counts(trigger.at) && !trigger.told && !(trigger.by_notice && notices.iter().any(|at| *at >= trigger.at))
    };
    let deadline = |trigger: Trigger| {
        let due = Timestamp::from_second(trigger.at.as_second().saturating_add(within)).ok()?;
        Some(Deadline { due, trigger: trigger.record })
    };
    triggers(entry).into_iter().filter(open).filter_map(deadline).collect()
}

/// Every event that started the clock of a duty, with when and until when it is to be answered, told or not.
#[must_use]
pub fn started(entry: Entry<'_>) -> Vec<Started> {
    let duty = Obligation(entry.content());
    let Some(within) = duty.answer_within().get().map(|span| SpanValue(span).seconds()) else { return Vec::new() };
    let view = entry.view();
    let from = duty.in_force_from().get().max(view.first_scope_on());
    let counts = |trigger: &Trigger| from.is_none_or(|from| view.day(trigger.at) >= from);
    let started = |trigger: Trigger| {
        let due = Timestamp::from_second(trigger.at.as_second().saturating_add(within)).ok()?;
        Some(Started { record: trigger.record, at: trigger.at, due })
    };
    triggers(entry).into_iter().filter(counts).filter_map(started).collect()
}

/// When texts and messages that answer the duty reached somebody.
fn notices(entry: Entry<'_>) -> Vec<Timestamp> {
    let zone: &TimeZone = entry.view().zone();
    let texts = entry.incoming(UserInformation::KIND, "obligations").flat_map(|found| {
        let content = UserInformation(found.content());
        let delivered = content.delivered().filter_map(|row| row.at()).map(|day| end_of_day(day, zone));
        delivered.chain(content.published_at().get()).collect::<Vec<_>>()
    });
    let messages =
        entry.incoming(Communication::KIND, "obligations").filter_map(|found| Communication(found.content()).sent_at().get());
    texts.chain(messages).collect()
}

/// Something that starts the clock.
struct Trigger {
    at: Timestamp,
    record: Id,
    told: bool,
    by_notice: bool,
}

fn triggers(entry: Entry<'_>) -> Vec<Trigger> {
    let duty = Obligation(entry.content());
    let view = entry.view();
    let systems = holds_for(entry);
    let has = |trigger: ObligationTrigger| duty.triggers().has(trigger);
    let mut found = incidents(entry, systems);
    for system in systems.iter().filter_map(|id| view.get(*id)) {
        let of_system = |at: Timestamp| Trigger { at, record: system.id(), told: false, by_notice: true };
        if has(ObligationTrigger::NewSystem) {
            found.extend(system.leaves().iter().find(|leaf| leaf.state.as_ref() == "registered").map(|leaf| of_system(leaf.time)));
        }
        if has(ObligationTrigger::PlacingOnMarket) {
            let deployed =
                system.incoming(Release::KIND, "ai_system").filter_map(|one| Release(one.content()).deployed_at().get()).min();
            found.extend(deployed.map(of_system));
        }
        if has(ObligationTrigger::Retirement) {
            let retired = AiSystem(system.content())
                .stages()
                .filter(|row| row.stage() == Some(Stage::Retired))
                .filter_map(|row| row.entered_on())
                .min();
            found.extend(retired.map(|day| of_system(end_of_day(day, view.zone()))));
        }
        if has(ObligationTrigger::RiskFound) {
            let risks = system.incoming(Risk::KIND, "ai_systems").filter(Entry::is_settled);
            found.extend(risks.map(|risk| Trigger { record: risk.id(), ..of_system(risk.created_at()) }));
        }
        if has(ObligationTrigger::SignificantChange) {
            let changes =
                system.incoming(Change::KIND, "ai_systems").filter(|one| one.is_settled() && is_true(*one, "significant"));
            let decided = changes.filter_map(|one| Some((one.id(), change::decided_on(one)?)));
            found.extend(decided.map(|(id, day)| Trigger { record: id, ..of_system(end_of_day(day, view.zone())) }));
        }
    }
    found
}

/// Incidents of its systems that start the clock, each told when a notification under the duty was sent or found not needed.
fn incidents(entry: Entry<'_>, systems: &[Id]) -> Vec<Trigger> {
    let duty = Obligation(entry.content());
    let has = |trigger: ObligationTrigger| duty.triggers().has(trigger);
    let of_duty = |link: Option<Link>| link.is_some_and(|link| link.id == entry.id());
    let starts = |found: &Entry<'_>| {
        let content = Incident(found.content());
        let kind = (has(ObligationTrigger::SeriousIncident) && content.severity().get() >= Some(IncidentSeverity::Serious))
            || (has(ObligationTrigger::DataLeak) && content.types().has(IncidentType::DataLeak))
            || (has(ObligationTrigger::SecurityIncident) && content.types().has(IncidentType::Security));
        kind && !content.exercise().is(true) && !found.is("dismissed")
    };
    let trigger = |found: Entry<'_>| {
        let content = Incident(found.content());
        let told = content
            .notifications()
            .any(|row| of_duty(row.obligation()) && (row.sent_at().is_some() || row.not_needed_because().is_some()));
        let at = match duty.clock_from().get() {
            Some(ObligationClockFrom::Occurred) => content.occurred_from().get(),
            Some(ObligationClockFrom::Aware) => content.aware_at().get(),
            _ => None,
        };
        let at = at.or_else(|| content.detected_at().get()).unwrap_or_else(|| found.created_at());
        Trigger { at, record: found.id(), told, by_notice: false }
    };
    let view: &View = entry.view();
    let mut seen: Vec<Entry<'_>> =
        systems.iter().filter_map(|id| view.get(*id)).flat_map(|system| system.incoming(Incident::KIND, "ai_systems")).collect();
    seen.sort_unstable_by_key(Entry::id);
    seen.dedup_by_key(|found| found.id());
    seen.into_iter().filter(starts).map(trigger).collect()
}
