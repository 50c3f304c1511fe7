//! Risks that never move, acceptances that never end, and an old system under a new name.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::competence_need::CompetenceNeed;
use vouch_record::kind::generated::document::{Document, DocumentType};
use vouch_record::kind::generated::improvement::Improvement;
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity};
use vouch_record::kind::generated::nonconformity::Nonconformity;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::RiskCategory;
use vouch_record::kind::generated::training_record::TrainingRecord;
use vouch_record::time::days_between;

use super::Limits;
use super::stretch::longer_than;
use crate::derived::event::{self, Trigger};
use crate::derived::risk::score::SCORES;
use crate::derived::{acceptance, competence_need};
use crate::shape::Lapse;
use crate::view::{Entry, View, Window};

/// Fields beside the scores whose change says that somebody thought about the risk again.
const DECIDED: [&str; 2] = ["decision", "controls_now"];

/// FM-12
pub(super) fn static_register(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let open: Vec<Entry<'_>> = view.all(Risk::KIND).filter(|risk| risk.is_any(&["identified", "assessed", "decided"])).collect();
    let lapse = |events: String, since: Date, defect: String| {
        Lapse::of_organisation().value("events", events).value("date", since).value("defect", defect)
    };
    let mut lapses = Vec::new();
    if let Some((window, method)) = view.window().zip(view.risk_method()) {
        let touched = touching_events(method, window);
        let moved = open.iter().filter(|risk| has_moved(**risk, window)).count();
        let enough = open.len() >= limits.count("risks_at_least") && touched >= limits.count("events_at_least");
        if enough && limits.falls_short("share_moved", moved, open.len()) {
            let events = format!("{touched} events touched the systems");
            lapses.push(lapse(events, window.from, format!("{moved} of {} open risks moved", open.len())));
        }
    }
    let quiet = limits.number("quiet_days");
    let Some(days) = view.last_days(quiet).filter(|days| days.days() > quiet) else { return lapses };
    if view.all(Risk::KIND).any(|risk| days.has(risk.created_on())) {
        return lapses;
    }
    if let Some(why) = newcomer(view, days).or_else(|| grave_incident(view, days)) {
        lapses.push(lapse(why, days.from, "no risk was added".to_owned()));
    }
    lapses
}

/// How many events of the triggers of a risk method touched systems in scope in the window.
fn touching_events(method: Entry<'_>, window: Window) -> usize {
    let view = method.view();
    let triggers: Vec<Trigger> = RiskMethod(method.content()).triggers().map(Trigger::from).collect();
    let systems: Vec<_> = view.systems().map(|system| system.id()).collect();
    let touched = event::events(view)
        .iter()
        .filter(|event| triggers.contains(&event.trigger) && window.has(event.on))
        .filter(|event| systems.iter().any(|system| event.touches(*system)));
    // One event may be of several triggers.
    touched.map(|event| (event.on, event.record)).collect::<BTreeSet<_>>().len()
}

/// That a system is in scope which was not before the stretch.
fn newcomer(view: &View, days: Window) -> Option<String> {
    let before: Vec<_> = view.on(days.from.saturating_sub(1.day())).systems().map(|system| system.id()).collect();
    let new = view.systems().find(|system| !before.contains(&system.id()))?;
    Some(format!("{} came into scope", new.label()))
}

/// That a serious or critical incident, which was no exercise and was not dismissed, was detected in the stretch.
fn grave_incident(view: &View, days: Window) -> Option<String> {
    let grave = |incident: &Entry<'_>| {
        let content = Incident(incident.content());
        let heavy = content.severity().get() >= Some(IncidentSeverity::Serious) && !content.exercise().is(true);
        heavy && !incident.is("dismissed") && content.detected_at().get().is_some_and(|at| days.has(view.day(at)))
    };
    view.all(Incident::KIND).find(grave).map(|incident| format!("{} happened", incident.label()))
}

/// Whether a score, decision or control changed in a revision of the stretch, or a treatment did.
fn has_moved(risk: Entry<'_>, days: Window) -> bool {
    let fields = || SCORES.into_iter().chain(DECIDED);
    let revisions: Vec<_> = risk.revisions().collect();
    let changed = revisions.windows(2).any(|pair| {
        days.has(risk.view().day(pair[1].time)) && fields().any(|field| pair[0].body.get(field) != pair[1].body.get(field))
    });
    let scored = risk.leaves().iter().any(|leaf| {
        days.has(risk.view().day(leaf.time)) && leaf.set().iter().any(|(name, _)| fields().any(|field| field == name.as_ref()))
    });
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
        let late = until.filter(|until| days_between(*until, view.today()) > limits.number("ran_out_days"));
        lapses.extend(late.filter(|_| acceptance::ran_out(entry)).map(|until| lapse(format!("ran out on {until}"))));
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
                lapses.push(lapse("has covered too little since its subject became worse".to_owned()));
            }
        }
    }
    lapses
}

/// FM-6
pub(super) fn renamed(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let decided: Vec<Entry<'_>> = view.all(Risk::KIND).filter(|risk| risk.is("decided")).collect();
    let mut signs = Vec::new();
    let old = [RiskCategory::Security, RiskCategory::Privacy, RiskCategory::ThirdParty];
    let used: BTreeSet<RiskCategory> = decided.iter().flat_map(|risk| Risk(risk.content()).categories()).collect();
    let empty = RiskCategory::ALL.iter().filter(|category| !old.contains(category) && !used.contains(category)).count();
    if empty >= limits.count("empty_categories") {
        signs.push(format!("{empty} categories of AI risk hold no decided risk"));
    }
    let scale =
        view.risk_method().and_then(|method| RiskMethod(method.content()).consequence_scale().filter_map(|row| row.level()).min());
    let lowest = scale.unwrap_or(1);
    let hits = |risk: &&Entry<'_>| {
        let risk = Risk(risk.content());
        [risk.residual_individuals().get(), risk.residual_society().get()].into_iter().flatten().any(|level| level > lowest)
    };
    let people = decided.iter().filter(hits).count();
    if decided.len() >= limits.count("risks_at_least") && limits.falls_short("share_people", people, decided.len()) {
        signs.push(format!("{people} of {} decided risks touch people or society", decided.len()));
    }
    let procedures: Vec<Entry<'_>> =
        view.live(Document::KIND).filter(|entry| Document(entry.content()).type_().is(DocumentType::Procedure)).collect();
    let stale = |entry: &&Entry<'_>| view.first_scope_on().is_some_and(|first| was_taken_over(**entry, first, limits));
    let kept = procedures.iter().filter(stale).count();
    if limits.exceeds("share_old_procedures", kept, procedures.len()) {
        signs.push(format!("{kept} of {} procedures are older than the scope and list the same requirements", procedures.len()));
    }
    if !audited_by_who_knows(view) {
        signs.push("no internal audit of the last year had an auditor who has worked with AI".to_owned());
    }
    let actions = view.all(Nonconformity::KIND).chain(view.all(Improvement::KIND));
    let named: Vec<bool> = actions.map(names_a_system).collect();
    let with = named.iter().filter(|named| **named).count();
    if named.len() >= limits.count("actions_at_least") && limits.falls_short("share_with_system", with, named.len()) {
        signs.push(format!("{with} of {} nonconformities and improvements name an AI system", named.len()));
    }
    if signs.len() < limits.count("signs") {
        return Vec::new();
    }
    vec![Lapse::of_organisation().value("n", signs.len()).value("signs", signs.join("; "))]
}

/// Whether any field of a record links to an AI system.
fn names_a_system(entry: Entry<'_>) -> bool {
    let kind = entry.kind();
    let fields = entry.content().fields();
    let fields = fields.into_iter().filter_map(|(name, value)| kind.field(name).map(|spec| (spec.name.as_str(), value)));
    vouch_record::state::links_of(kind, fields)
        .iter()
        .any(|(_, link)| entry.view().kinds().of(link.id).is_some_and(|of| of.name == AiSystem::KIND))
}

/// Whether a procedure stood long before the first scope and lists what it did then. What was written for the first scope is older than it
/// by some weeks; only what stood long before was taken over.
fn was_taken_over(entry: Entry<'_>, first: Date, limits: &Limits<'_>) -> bool {
    let revisions: Vec<_> = entry.revisions().collect();
    let touched = revisions.windows(2).any(|pair| {
        entry.view().day(pair[1].time) >= first && pair[0].body.get("requirements") != pair[1].body.get("requirements")
    });
    days_between(entry.created_on(), first) > limits.number("old_days") && !touched
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
            team.filter_map(|link| view.find(link.id)).any(knows)
        })
}

/// Groups of needs under which experience is work on AI itself.
const AI_WORK: [&str; 7] = ["build", "data", "evaluation", "operation", "oversight", "risk", "impact"];

/// Whether a person meets a need for audits and has worked with AI: experience that names an AI system, or that counts for work on AI.
fn knows(member: Entry<'_>) -> bool {
    let is_audit = |need: &Entry<'_>| need.text("group") == Some("audit");
    let held = member.view().live(CompetenceNeed::KIND).filter(is_audit).any(|need| competence_need::is_met(need, member.id()));
    let worked = |record: Entry<'_>| {
        let on_ai = record.links("needs").any(|need| need.text("group").is_some_and(|group| AI_WORK.contains(&group)));
        TrainingRecord(record.content()).experience().any(|row| on_ai || row.ai_system().is_some())
    };
    let mut records = member.incoming(TrainingRecord::KIND, "person").filter(|record| record.is("confirmed"));
    held && records.any(worked)
}
