//! People: who does everything, who judges themselves, who is not there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::{Approval, ApprovalOverride};
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::course::Course;
use vouch_record::kind::generated::nonconformity::{Nonconformity, NonconformityCauseCategory};
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::person::{Person, PersonInterestKind};
use vouch_record::kind::generated::role::Role;
use vouch_record::kind::generated::training_record::TrainingRecord;
use vouch_record::time::days_between;
use vouch_record::words::in_words;

use super::Limits;
use crate::derived::{ai_system, audit, course, risk, training_record};
use crate::shape::{Lapse, breakpoints};
use crate::view::{Entry, View, Window};

/// The last so many days, not cut at the first scope.
fn last(view: &View, days: i64) -> Window {
    Window { from: view.today().saturating_sub(days.days()), to: view.today() }
}

/// FM-11
pub(super) fn one_person(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let days = last(view, limits.number("approval_days"));
    let given: Vec<Entry<'_>> =
        view.all(Approval::KIND).filter(|entry| entry.is("given") && days.has(entry.created_on())).collect();
    let enough = given.len() >= limits.count("approvals_at_least");
    let lapse = |person: Id, defect: String| {
        let entry = view.find(person)?;
        Some(Lapse::of(entry).value("person", entry.label()).value("defect", defect))
    };
    let mut lapses = Vec::new();
    for (person, n) in by_person(&given).into_iter().filter(|(_, n)| enough && limits.exceeds("share_of_one", *n, given.len())) {
        lapses.extend(lapse(person, format!("gave {n} of the last {} approvals", given.len())));
    }
    for (person, held) in too_many_keys(view, days, limits.count("keys_of_one")) {
        lapses.extend(lapse(person, held));
    }
    let own = |entry: &&Entry<'_>| Approval(entry.content()).override_().is(ApprovalOverride::OwnWork);
    let overridden: Vec<Entry<'_>> = given.iter().filter(own).copied().collect();
    let most = by_person(&overridden).into_iter().max_by_key(|(person, n)| (*n, std::cmp::Reverse(*person)));
    if let Some((person, n)) = most.filter(|_| enough && limits.exceeds("share_own_work", overridden.len(), given.len())) {
        let all = if n == overridden.len() { String::new() } else { format!("{n} of the ") };
        let defect = format!("gave {all}{} approvals of own work among the last {} approvals", overridden.len(), given.len());
        lapses.extend(lapse(person, defect));
    }
    let loose: Vec<Entry<'_>> = overridden.into_iter().filter(|entry| !is_accepted(view, *entry)).collect();
    for (person, n) in by_person(&loose) {
        let times = if n == 1 { "once".to_owned() } else { format!("{n} times") };
        lapses.extend(lapse(person, format!("approved own work {times} though nobody had accepted that")));
    }
    lapses
}

/// How many of these approvals each person gave.
fn by_person(given: &[Entry<'_>]) -> BTreeMap<Id, usize> {
    let mut by: BTreeMap<Id, usize> = BTreeMap::new();
    for person in given.iter().filter_map(|entry| Approval(entry.content()).by().get()) {
        *by.entry(person.id).or_default() += 1;
    }
    by
}

/// The keys that leave nobody else to look at the work.
const KEYS: [&str; 5] = ["aims_lead", "risk_owner", "impact_assessor", "quality_lead", "internal_auditor"];

/// Who held so many keys at once on a day of the stretch, and what to say about it: of today where it is so today.
fn too_many_keys(view: &View, stretch: Window, many: usize) -> BTreeMap<Id, String> {
    let roles: Vec<Entry<'_>> =
        view.all(Role::KIND).filter(|role| role.text("key").is_some_and(|key| KEYS.contains(&key))).collect();
    let begun: Vec<Date> = roles.iter().flat_map(|role| Role(role.content()).holders()).filter_map(|row| row.from()).collect();
    let systems = view.all(AiSystem::KIND).flat_map(|system| owner_days(system).into_iter().filter(|day| stretch.has(*day)));
    let mut days: Vec<Date> = breakpoints(stretch, roles.iter().copied(), begun).into_iter().chain(systems).collect();
    days.push(view.today());
    days.sort_unstable_by_key(|day| std::cmp::Reverse(*day));
    days.dedup();
    let mut found: BTreeMap<Id, String> = BTreeMap::new();
    for day in days {
        for (person, keys) in keys_held(view.on(day)) {
            let both = keys.contains("internal_auditor") && keys.contains("aims_lead");
            if (both || keys.len() >= many) && !found.contains_key(&person) {
                let keys: Vec<String> = keys.into_iter().map(in_words).collect();
                let now = day == view.today();
                let keys = keys.join(" and ");
                found.insert(person, if now { format!("is {keys} at once") } else { format!("was {keys} at once on {day}") });
            }
        }
    }
    found
}

/// Days on which a system came to another owner or into another state or stage.
fn owner_days(system: Entry<'_>) -> Vec<Date> {
    let view = system.view();
    let says = |leaf: &vouch_record::state::Leaf| [leaf.body.get("owner").cloned(), leaf.body.get("stages").cloned()];
    let revisions: Vec<_> = system.revisions().collect();
    let changed = revisions.windows(2).filter(|pair| says(pair[0]) != says(pair[1])).map(|pair| pair[1]);
    changed.chain(system.transitions()).map(|leaf| view.day(leaf.time)).collect()
}

fn keys_held(view: &View) -> BTreeMap<Id, BTreeSet<&'static str>> {
    let mut held: BTreeMap<Id, BTreeSet<&'static str>> = BTreeMap::new();
    for key in KEYS {
        for person in view.holders(key) {
            held.entry(person).or_default().insert(key);
        }
    }
    for system in view.live_systems() {
        if let Some(owner) = AiSystem(system.content()).owner().get() {
            held.entry(owner.id).or_default().insert("system_owner");
        }
    }
    held
}

/// Whether an acceptance of type own_work was in force on the day of an approval for what was approved, the approval or the organisation.
fn is_accepted(view: &View, approval: Entry<'_>) -> bool {
    let then = view.on(approval.created_on());
    let subject = Approval(approval.content()).subject().get().and_then(|link| then.find(link.id));
    subject.into_iter().chain(then.find(approval.id())).any(risk::own_work_accepted)
}

/// FM-14
pub(super) fn training_without_effect(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let year = last(view, 365);
    let confirmed: Vec<Entry<'_>> = view
        .all(TrainingRecord::KIND)
        .filter(|entry| entry.is("confirmed") && entry.entered("confirmed").is_some_and(|on| year.has(on)))
        .collect();
    let mut lapses = Vec::new();
    let due: Vec<&Entry<'_>> = confirmed
        .iter()
        .filter(|entry| TrainingRecord(entry.content()).effect_due().get().is_some_and(|due| due < view.today()))
        .collect();
    let unchecked: Vec<&&Entry<'_>> = due.iter().filter(|entry| training_record::effect_overdue(***entry)).collect();
    if confirmed.len() >= limits.count("records_at_least") && limits.exceeds("share_unchecked", unchecked.len(), due.len()) {
        let defect = format!("of {} trainings whose effect was to be looked at, {} were not", due.len(), unchecked.len());
        let mut courses: BTreeMap<Id, usize> = BTreeMap::new();
        for course in unchecked.iter().filter_map(|entry| entry.linked("course")) {
            *courses.entry(course.id()).or_default() += 1;
        }
        let worst = courses.into_iter().max_by_key(|(course, n)| (*n, std::cmp::Reverse(*course)));
        let about = worst.and_then(|(course, _)| view.find(course)).or_else(|| unchecked.first().map(|entry| ***entry));
        lapses.extend(about.map(|about| Lapse::of(about).value("course", about.label()).value("defect", defect)));
    }
    let least = limits.count("attempts_at_least");
    for course in view.live(Course::KIND).filter(|entry| course::too_easy_from(*entry, least)) {
        let defect = "its quiz is answered right by nearly everybody at once".to_owned();
        lapses.push(Lapse::of(course).value("course", course.label()).value("defect", defect));
    }
    lapses.extend(errors_after_training(view, limits));
    lapses
}

/// Units in which people were trained for a need and errors by lack of competence came all the same.
fn errors_after_training(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let Some(window) = view.window() else { return Vec::new() };
    let mut by_unit: BTreeMap<String, Vec<(Entry<'_>, Date)>> = BTreeMap::new();
    for one in view.all(Nonconformity::KIND) {
        let content = Nonconformity(one.content());
        let Some(on) = content.raised_at().get().filter(|on| window.has(*on)) else { continue };
        if content.cause_category().is(NonconformityCauseCategory::Competence) {
            // A nonconformity of no system is of the unit in which its owner works.
            let mut units: BTreeSet<String> =
                one.links("ai_systems").filter_map(|system| system.text("unit").map(str::to_owned)).collect();
            if units.is_empty() {
                units.extend(one.linked("owner").and_then(|owner| owner.text("unit").map(str::to_owned)));
            }
            units.into_iter().for_each(|unit| by_unit.entry(unit).or_default().push((one, on)));
        }
    }
    let mut lapses = Vec::new();
    for (unit, raised) in by_unit.iter().filter(|(_, raised)| raised.len() >= limits.count("nonconformities")) {
        let first = raised.iter().map(|(_, on)| *on).min().unwrap_or(view.today());
        let people: Vec<Entry<'_>> =
            view.all(Person::KIND).filter(|one| one.is("active") && one.text("unit") == Some(unit)).collect();
        let mut trained: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for person in &people {
            let fresh = |record: &Entry<'_>| {
                let days = record.entered("confirmed").map(|on| days_between(on, first));
                record.is("confirmed") && days.is_some_and(|days| (0..=limits.number("trained_days")).contains(&days))
            };
            for record in person.incoming(TrainingRecord::KIND, "person").filter(fresh) {
                for need in TrainingRecord(record.content()).needs() {
                    trained.entry(need.id).or_default().insert(person.id());
                }
            }
        }
        let full = trained
            .into_iter()
            .find(|(_, who)| !people.is_empty() && !limits.falls_short("trained_share", who.len(), people.len()));
        if let Some((need, who)) = full.and_then(|(need, who)| Some((view.find(need)?, who))) {
            let defect = format!(
                "{} of {} people of {unit} were trained, and {} nonconformities for lack of competence followed",
                who.len(),
                people.len(),
                raised.len()
            );
            lapses.push(Lapse::of(need).value("course", need.label()).value("defect", defect));
        }
    }
    lapses
}

/// FM-16
pub(super) fn audits_own_work(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let year = last(view, limits.number("audit_days"));
    let own = |entry: &Entry<'_>| matches!(Audit(entry.content()).type_().get(), Some(AuditType::Internal | AuditType::Mock));
    let ended = |entry: &Entry<'_>| Audit(entry.content()).ended_on().get().is_some_and(|on| year.has(on));
    let mut lapses = Vec::new();
    for entry in view.all(Audit::KIND).filter(own).filter(ended) {
        let content = Audit(entry.content());
        let lapse = |who: Id, subject: String, work: String| {
            let label = view.find(who).map_or_else(|| who.to_string(), |person| person.label());
            Lapse::of(entry).value("person", label).value("subject", subject).value("work", work)
        };
        let label = |id: Id| view.find(id).map_or_else(|| id.to_string(), |record| record.label());
        for conflict in audit::conflicts(entry) {
            let named = conflict.records.first().map(|id| label(*id)).unwrap_or_default();
            let more = match conflict.records.len().saturating_sub(1) {
                0 => String::new(),
                1 => " and one more record".to_owned(),
                n => format!(" and {n} more records"),
            };
            lapses.push(lapse(conflict.person, format!("{named}{more}"), "had a hand in it before".to_owned()));
        }
        let mut team: Vec<Id> =
            content.team().filter_map(|row| row.person()).chain(content.lead_auditor().get()).map(|link| link.id).collect();
        team.sort_unstable();
        team.dedup();
        let started = content.started_on().get().unwrap_or(view.today());
        let days = limits.number("before_days");
        let before = Window { from: started.saturating_sub(days.days()), to: started };
        let sampled: BTreeSet<Id> = content.samples().flat_map(|row| row.items()).map(|link| link.id).collect();
        for member in team {
            if led(view, member, before) {
                lapses.push(lapse(member, "the management system".to_owned(), format!("led it in the {days} days before")));
            }
            for system in entry.links("ai_systems") {
                if let Some(duty) = duty(system, member, before) {
                    lapses
                        .push(lapse(member, system.label(), format!("was its {duty} in the {days} days before")).in_system(system));
                }
            }
            let tied = view.find(member).into_iter().flat_map(|person| Person(person.content()).interests().collect::<Vec<_>>());
            for row in tied.filter(|row| matches!(row.kind(), Some(PersonInterestKind::MadeIt | PersonInterestKind::Advised))) {
                if let Some(about) = row.about().filter(|link| sampled.contains(&link.id)) {
                    let work = if row.kind() == Some(PersonInterestKind::MadeIt) { "made it" } else { "advised on it" };
                    lapses.push(lapse(member, label(about.id), work.to_owned()));
                }
            }
        }
    }
    lapses
}

/// Whether the person held the role of leading the management system on a day of the stretch.
fn led(view: &View, person: Id, stretch: Window) -> bool {
    let roles: Vec<Entry<'_>> = view.all(Role::KIND).filter(|role| role.text("key") == Some("aims_lead")).collect();
    let rows = roles.iter().flat_map(|role| Role(role.content()).holders());
    let dates: Vec<Date> = rows.flat_map(|row| [row.from(), row.to()]).flatten().collect();
    breakpoints(stretch, roles.iter().copied(), dates).into_iter().any(|day| view.on(day).holders("aims_lead").contains(&person))
}

/// What the person was to the system on a day of the stretch, if owner, deputy, technical owner or overseer.
fn duty(system: Entry<'_>, person: Id, stretch: Window) -> Option<&'static str> {
    let view = system.view();
    let plans = system.incoming(OversightPlan::KIND, "ai_system");
    breakpoints(stretch, plans.chain([system]), []).into_iter().rev().find_map(|day| {
        let then = view.on(day).get(system.id())?;
        let content = AiSystem(then.content());
        let duties = [
            (content.owner().get(), "owner"),
            (content.deputy().get(), "deputy"),
            (content.technical_owner().get(), "technical owner"),
        ];
        let held = duties.into_iter().find(|(link, _)| link.is_some_and(|link| link.id == person)).map(|(_, duty)| duty);
        let oversees = || {
            let plan = ai_system::oversight_in_force(then)?;
            let mut overseers = OversightPlan(plan.content()).overseers().filter_map(|row| row.person());
            overseers.any(|link| link.id == person).then_some("overseer")
        };
        held.or_else(oversees)
    })
}
