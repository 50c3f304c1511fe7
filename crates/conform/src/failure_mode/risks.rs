//! Risks that never move, acceptances that never end, and an old system under a new name.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::document::{Document, DocumentType};
use vouch_record::kind::generated::improvement::Improvement;
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity};
use vouch_record::kind::generated::nonconformity::Nonconformity;
use vouch_record::kind::generated::person::Person;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::RiskCategory;
use vouch_record::kind::generated::training_record::TrainingRecord;
use vouch_record::time::days_between;

use super::Limits;
use super::stretch::longer_than;
use crate::derived::event::{self, Trigger};
use crate::derived::{acceptance, training_record};
use crate::shape::Lapse;
use crate::view::{Entry, View, Window};

/// Fields of a risk that move when somebody thinks about it again.
const SCORES: [&str; 10] = [
    "inherent_likelihood",
    "inherent_organisation",
    "inherent_individuals",
    "inherent_society",
    "residual_likelihood",
    "residual_organisation",
    "residual_individuals",
    "residual_society",
    "decision",
    "controls_now",
];

/// FM-12
pub(super) fn static_register(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let (Some(window), Some(method)) = (view.window(), view.risk_method()) else { return Vec::new() };
    let triggers: Vec<Trigger> = RiskMethod(method.content()).triggers().map(Trigger::from).collect();
    let systems: BTreeSet<_> = view.systems().map(|system| system.id()).collect();
    let touched: BTreeSet<_> = event::events(view)
        .iter()
        .filter(|event| triggers.contains(&event.trigger) && window.has(event.on))
        .filter(|event| event.systems.iter().any(|system| systems.contains(system)))
        .map(|event| event.record)
        .collect();
    let open: Vec<Entry<'_>> = view.all(Risk::KIND).filter(|risk| risk.is_any(&["identified", "assessed", "decided"])).collect();
    let moved = open.iter().filter(|risk| has_moved(**risk, window)).count();
    let lapse = |since: Date| {
        Lapse::of_organisation().value("events", touched.len()).value("date", since).value("n", moved).value("total", open.len())
    };
    let enough = open.len() >= limits.count("risks_at_least") && touched.len() >= limits.count("events_at_least");
    if enough && limits.falls_short("share_moved", moved, open.len()) {
        return vec![lapse(window.from)];
    }
    let quiet = limits.number("quiet_days");
    let Some(days) = view.last_days(quiet).filter(|days| days.days() > quiet) else { return Vec::new() };
    let added = view.all(Risk::KIND).any(|risk| days.has(risk.created_on()));
    let entered = || view.systems().any(|system| system.entered("registered").is_some_and(|on| days.has(on)));
    let hurt = || {
        view.all(Incident::KIND).any(|incident| {
            let content = Incident(incident.content());
            let heavy = content.severity().get() >= Some(IncidentSeverity::Serious) && content.exercise().get() != Some(true);
            heavy && content.detected_at().get().is_some_and(|at| days.has(view.day(at)))
        })
    };
    if !added && (entered() || hurt()) { vec![lapse(days.from)] } else { Vec::new() }
}

/// Whether a score, decision or control changed in a revision of the stretch, or a treatment did.
fn has_moved(risk: Entry<'_>, days: Window) -> bool {
    let revisions: Vec<_> = risk.revisions().collect();
    let changed = revisions.windows(2).any(|pair| {
        days.has(risk.view().day(pair[1].time)) && SCORES.iter().any(|field| pair[0].body.get(field) != pair[1].body.get(field))
    });
    let scored = risk
        .leaves()
        .iter()
        .any(|leaf| days.has(risk.view().day(leaf.time)) && leaf.set().iter().any(|(name, _)| SCORES.contains(&name.as_ref())));
    changed
        || scored
        || days.has(risk.created_on())
        || risk.incoming("treatment", "risks").any(|treatment| treatment.changed_on().any(|day| days.has(day)))
}

/// FM-21
pub(super) fn expired_acceptances(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let mut lapses = Vec::new();
    for entry in view.all(Acceptance::KIND) {
        let subject = Acceptance(entry.content()).subject().get().and_then(|link| view.find(link.id));
        let lapse = |defect: String| {
            let about = subject.map_or_else(|| "its subject".to_owned(), |subject| subject.label());
            Lapse::of(entry).value("acceptance", entry.label()).value("defect", defect).value("subject", about)
        };
        let until = Acceptance(entry.content()).until().get();
        if let Some(until) = until.filter(|until| days_between(*until, view.today()) > limits.number("ran_out_days")) {
            if acceptance::ran_out(entry) {
                lapses.push(lapse(format!("ran out on {until}")));
            }
        }
        if !acceptance::in_force(entry) && !entry.is("accepted") {
            continue;
        }
        let renewed = acceptance::renewals(entry);
        if renewed.length >= limits.count("renewals")
            && renewed.days.is_some_and(|days| days > limits.number("renewed_days"))
            && acceptance::in_force(entry)
        {
            lapses.push(lapse(format!("was renewed {} times in {} days", renewed.length, renewed.days.unwrap_or(0))));
        }
        let late = |row: &acceptance::Uncompensated| days_between(row.due, view.today()) > limits.number("uncompensated_days");
        if let Some(row) = acceptance::uncompensated(entry).into_iter().find(late) {
            lapses.push(lapse(format!("rests on a measure that was due on {}", row.due)));
        }
        if acceptance::worse(entry) && entry.standing().shown_state(entry.record()) == "accepted" {
            let worse = |on: &View| on.get(entry.id()).is_some_and(acceptance::worse);
            if longer_than(view, limits.number("worse_days"), subject.into_iter().chain([entry]), worse) {
                lapses.push(lapse("is for less than what is there now".to_owned()));
            }
        }
    }
    lapses
}

/// FM-6
pub(super) fn renamed(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let (Some(first), Some(method)) = (view.first_scope_on(), view.risk_method()) else { return Vec::new() };
    let decided: Vec<Entry<'_>> = view.all(Risk::KIND).filter(|risk| risk.is("decided")).collect();
    let mut signs = Vec::new();
    let old = [RiskCategory::Security, RiskCategory::Privacy, RiskCategory::ThirdParty];
    let used: BTreeSet<RiskCategory> = decided.iter().flat_map(|risk| Risk(risk.content()).categories()).collect();
    let empty = RiskCategory::ALL.iter().filter(|category| !old.contains(category) && !used.contains(category)).count();
    if empty >= limits.count("empty_categories") {
        signs.push(format!("{empty} categories of AI risk hold nothing"));
    }
    let lowest = RiskMethod(method.content()).consequence_scale().filter_map(|row| row.level()).min().unwrap_or(1);
    let hits = |risk: &&Entry<'_>| {
        let risk = Risk(risk.content());
        [risk.residual_individuals().get(), risk.residual_society().get()].into_iter().flatten().any(|level| level > lowest)
    };
    let people = decided.iter().filter(hits).count();
    if decided.len() >= limits.count("risks_at_least") && limits.falls_short("share_people", people, decided.len()) {
        signs.push(format!("{people} of {} risks hit people", decided.len()));
    }
    let procedures: Vec<Entry<'_>> =
        view.live(Document::KIND).filter(|entry| Document(entry.content()).type_().is(DocumentType::Procedure)).collect();
    let stale = |entry: &&Entry<'_>| {
        let revisions: Vec<_> = entry.revisions().collect();
        let since = |day: Date| day >= first;
        let touched = revisions
            .windows(2)
            .any(|pair| since(view.day(pair[1].time)) && pair[0].body.get("requirements") != pair[1].body.get("requirements"));
        // What was written for the first scope is older than it by some weeks; only what stood long before was taken over.
        days_between(entry.created_on(), first) > limits.number("old_days") && !touched
    };
    let kept = procedures.iter().filter(stale).count();
    if limits.exceeds("share_old_procedures", kept, procedures.len()) {
        signs.push(format!("{kept} of {} procedures are older than the scope and unchanged", procedures.len()));
    }
    if !audited_by_who_knows(view) {
        signs.push("no internal audit had anybody who knows AI".to_owned());
    }
    let named: Vec<bool> = view
        .all(Nonconformity::KIND)
        .map(|one| Nonconformity(one.content()).ai_systems().next().is_some())
        .chain(view.all(Improvement::KIND).map(|one| one.links("ai_systems").next().is_some()))
        .collect();
    let with = named.iter().filter(|named| **named).count();
    if named.len() >= limits.count("actions_at_least") && limits.falls_short("share_with_system", with, named.len()) {
        signs.push(format!("{with} of {} nonconformities and improvements name an AI system", named.len()));
    }
    if signs.len() < limits.count("signs") {
        return Vec::new();
    }
    vec![Lapse::of_organisation().value("n", signs.len()).value("signs", signs.join("; "))]
}

/// Whether an internal audit of the last 365 days had a team member with a competence for audits held and work on AI in experience. Without
/// such an audit nothing can be said, and other rules ask for it.
fn audited_by_who_knows(view: &View) -> bool {
    let year = Window { from: view.today().saturating_sub(365.days()), to: view.today() };
    let own = |audit: &Entry<'_>| {
        let content = Audit(audit.content());
        content.type_().is(AuditType::Internal) && content.ended_on().get().is_some_and(|on| year.has(on))
    };
    let mut audits = view.all(Audit::KIND).filter(own).peekable();
    audits.peek().is_none()
        || audits.any(|audit| {
            let content = Audit(audit.content());
            let team = content.team().filter_map(|row| row.person()).chain(content.lead_auditor().get());
            team.filter_map(|link| view.find(link.id)).any(|member| knows(member))
        })
}

fn knows(member: Entry<'_>) -> bool {
    debug_assert!(member.kind().name == Person::KIND);
    let records: Vec<Entry<'_>> =
        member.incoming(TrainingRecord::KIND, "person").filter(|record| training_record::in_date(*record)).collect();
    let audit = |need: &Entry<'_>| need.text("group") == Some("audit");
    let held = records.iter().any(|record| record.links("needs").any(|need| audit(&need)));
    let worked = records
        .iter()
        .any(|record| TrainingRecord(record.content()).experience().any(|row| row.ai_system().is_some() || row.what().is_some()));
    held && worked
}
