//! People: who does everything, who judges themselves, who is not there.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::acknowledgement::Acknowledgement;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::{Approval, ApprovalOverride};
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::course::Course;
use vouch_record::kind::generated::management_review::ManagementReview;
use vouch_record::kind::generated::meeting::Meeting;
use vouch_record::kind::generated::nonconformity::{Nonconformity, NonconformityCauseCategory};
use vouch_record::kind::generated::person::{Person, PersonInterestKind};
use vouch_record::kind::generated::training_record::TrainingRecord;
use vouch_record::time::days_between;

use super::Limits;
use super::stretch::longer_than;
use crate::derived::{acceptance, audit, course, oversight_plan, person, training_record};
use crate::shape::Lapse;
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
    let mut by: BTreeMap<Id, usize> = BTreeMap::new();
    for person in given.iter().filter_map(|entry| Approval(entry.content()).by().get()) {
        *by.entry(person.id).or_default() += 1;
    }
    for (person, n) in by.iter().filter(|(_, n)| enough && limits.exceeds("share_of_one", **n, given.len())) {
        lapses.extend(lapse(*person, format!("gave {n} of the last {} approvals", given.len())));
    }
    for (person, keys) in keys_held(view) {
        let both = keys.contains("internal_auditor") && keys.contains("aims_lead");
        if both || keys.len() >= limits.count("keys_of_one") {
            let keys: Vec<&str> = keys.into_iter().collect();
            lapses.extend(lapse(person, format!("holds {} at once", keys.join(", "))));
        }
    }
    let own = |entry: &&Entry<'_>| Approval(entry.content()).override_().is(ApprovalOverride::OwnWork);
    let overridden: Vec<&Entry<'_>> = given.iter().filter(own).collect();
    let first = |of: &[&Entry<'_>]| of.first().and_then(|entry| Approval(entry.content()).by().get()).map(|link| link.id);
    if enough && limits.exceeds("share_own_work", overridden.len(), given.len()) {
        let defect = format!("approved own work in {} of {} approvals", overridden.len(), given.len());
        lapses.extend(first(&overridden).and_then(|person| lapse(person, defect)));
    }
    let loose: Vec<&Entry<'_>> = overridden.into_iter().filter(|entry| !is_accepted(view, **entry)).collect();
    if !loose.is_empty() {
        let defect = format!("approved own work {} times though nobody had accepted that", loose.len());
        lapses.extend(first(&loose).and_then(|person| lapse(person, defect)));
    }
    lapses
}

/// The keys that leave nobody else to look at the work.
const KEYS: [&str; 5] = ["aims_lead", "risk_owner", "impact_assessor", "quality_lead", "internal_auditor"];

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

/// Whether an acceptance of type own_work covered what was approved on that day.
fn is_accepted(view: &View, approval: Entry<'_>) -> bool {
    let subject = Approval(approval.content()).subject().get().map(|link| link.id);
    view.on(approval.created_on()).live(Acceptance::KIND).any(|entry| {
        let content = Acceptance(entry.content());
        let meant = content.subject().get().map(|link| link.id);
        content.type_().is(AcceptanceType::OwnWork)
            && acceptance::in_force(entry)
            && (meant == subject || meant.is_none_or(|id| id.prefix() == "ORG"))
    })
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
        let worst = unchecked.iter().filter_map(|entry| entry.linked("course")).next();
        let about = worst.unwrap_or(**unchecked[0]);
        lapses.push(Lapse::of(about).value("course", about.label()).value("defect", defect));
    }
    for course in view.live(Course::KIND).filter(|entry| course::too_easy(*entry)) {
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
            let units: BTreeSet<String> =
                one.links("ai_systems").filter_map(|system| system.text("unit").map(str::to_owned)).collect();
            units.into_iter().for_each(|unit| by_unit.entry(unit).or_default().push((one, on)));
        }
    }
    let mut lapses = Vec::new();
    for (unit, raised) in by_unit.iter().filter(|(_, raised)| raised.len() >= limits.count("nonconformities")) {
        let first = raised.iter().map(|(_, on)| *on).min().unwrap_or(view.today());
        let people: Vec<Id> =
            view.all(Person::KIND).filter(|one| one.is("active") && one.text("unit") == Some(unit)).map(|one| one.id()).collect();
        let mut trained: BTreeMap<Id, BTreeSet<Id>> = BTreeMap::new();
        for record in view.all(TrainingRecord::KIND).filter(|entry| entry.is("confirmed")) {
            let fresh = record
                .entered("confirmed")
                .is_some_and(|on| (0..=limits.number("trained_days")).contains(&days_between(on, first)));
            let Some(person) = TrainingRecord(record.content()).person().get().filter(|link| fresh && people.contains(&link.id))
            else {
                continue;
            };
            for need in TrainingRecord(record.content()).needs() {
                trained.entry(need.id).or_default().insert(person.id);
            }
        }
        let full = trained
            .into_iter()
            .find(|(_, who)| !people.is_empty() && !limits.falls_short("trained_share", who.len(), people.len()));
        if let Some((need, who)) = full.and_then(|(need, who)| Some((view.find(need)?, who))) {
            let defect = format!(
                "{} of {} people of {unit} were trained, and {} errors for lack of it followed",
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
            lapses.push(lapse(conflict.person, named, "a hand in it".to_owned()));
        }
        let mut team: Vec<Id> =
            content.team().filter_map(|row| row.person()).chain(content.lead_auditor().get()).map(|link| link.id).collect();
        team.sort_unstable();
        team.dedup();
        let started = content.started_on().get().unwrap_or(view.today());
        let before = Window { from: started.saturating_sub(limits.number("before_days").days()), to: started };
        let sampled: BTreeSet<Id> = content.samples().flat_map(|row| row.items()).map(|link| link.id).collect();
        for member in team {
            if led(view, member, before) {
                lapses.push(lapse(member, entry.label(), "the management system in hand".to_owned()));
            }
            for system in entry.links("ai_systems").filter(|system| ran(*system, member, before)) {
                lapses.push(lapse(member, system.label(), "a duty of running it".to_owned()).in_system(system));
            }
            let tied = view.find(member).into_iter().flat_map(|person| Person(person.content()).interests().collect::<Vec<_>>());
            for row in tied.filter(|row| matches!(row.kind(), Some(PersonInterestKind::MadeIt | PersonInterestKind::Advised))) {
                if let Some(about) = row.about().filter(|link| sampled.contains(&link.id)) {
                    lapses.push(lapse(member, label(about.id), "made it or advised on it".to_owned()));
                }
            }
        }
    }
    lapses
}

/// Whether the person held the role of leading the management system on a day of the stretch.
fn led(view: &View, person: Id, days: Window) -> bool {
    use vouch_record::kind::generated::role::Role;
    view.all(Role::KIND).filter(|role| role.text("key") == Some("aims_lead")).any(|role| {
        Role(role.content()).holders().any(|row| {
            let held = Window { from: row.from().unwrap_or(Date::MIN), to: row.to().unwrap_or(Date::MAX) };
            row.person().is_some_and(|link| link.id == person) && held.and(days).is_some()
        })
    })
}

/// Whether the person owned, stood in for, built or oversaw the system in a revision that stood in the stretch.
fn ran(system: Entry<'_>, person: Id, days: Window) -> bool {
    let view = system.view();
    let owned = |day: Date| {
        view.on(day).get(system.id()).is_some_and(|then| {
            let content = AiSystem(then.content());
            let duties = [content.owner().get(), content.deputy().get(), content.technical_owner().get()];
            let oversees = || {
                crate::derived::ai_system::oversight_in_force(then).is_some_and(|plan| {
                    oversight_plan::overseers_to_acknowledge(plan).contains(&person)
                        || plan.links("overseers").any(|one| one.id() == person)
                })
            };
            duties.into_iter().flatten().any(|link| link.id == person) || oversees()
        })
    };
    crate::shape::breakpoints(days, [system], []).into_iter().any(owned)
}

/// FM-24
pub(super) fn top_management_absent(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let Some(window) = view.window() else { return Vec::new() };
    let directs = |person: Id, day: Date| view.directed_on(person, day);
    let mut days: Vec<Date> = Vec::new();
    for approval in view.all(Approval::KIND) {
        let on = approval.created_on();
        let by = Approval(approval.content()).by().get().map(|link| link.id);
        days.extend(by.filter(|by| directs(*by, on)).map(|_| on));
    }
    for meeting in view.all(Meeting::KIND).filter(|entry| entry.is_any(&["held", "signed"])) {
        let content = Meeting(meeting.content());
        let Some(on) = content.held_from().get().map(|at| view.day(at)) else { continue };
        let there = content.attendees().filter(|row| row.present() == Some(true)).filter_map(|row| row.person());
        days.extend(
            there.map(|link| link.id).chain(content.chair().get().map(|link| link.id)).any(|id| directs(id, on)).then_some(on),
        );
    }
    for review in view.all(ManagementReview::KIND).filter(|entry| entry.is_any(&["held", "signed"])) {
        let content = ManagementReview(review.content());
        let Some(on) = content.held_on().get() else { continue };
        let there = content.attendees().filter(|row| row.present() == Some(true)).filter_map(|row| row.person());
        days.extend(there.map(|link| link.id).any(|id| directs(id, on)).then_some(on));
    }
    for given in view.all(Acknowledgement::KIND).filter(|entry| entry.is("given")) {
        let content = Acknowledgement(given.content());
        let Some(on) = content.confirmed_at().get().map(|at| view.day(at)) else { continue };
        days.extend(content.person().get().filter(|link| directs(link.id, on)).map(|_| on));
    }
    let holes = window.holes(days, limits.number("days"));
    let directors = view.top_management();
    let whom = directors.first().and_then(|id| view.find(*id)).or_else(|| view.organisation());
    let lapse = |from: Date, to: Date| {
        let about = whom.map_or_else(Lapse::of_organisation, Lapse::of);
        about.value("from", from).value("to", to).value("days", days_between(from, to))
    };
    holes.iter().map(|hole| lapse(hole.from, hole.to)).collect()
}

/// FM-26
pub(super) fn duties_of_who_left(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let mut lapses = Vec::new();
    for entry in view.all(Person::KIND) {
        let (duties, since, days) = match entry.state() {
            "left" => (person::duties_after_leaving(entry), Person(entry.content()).left_on().get(), limits.number("left_days")),
            "away" => (without_deputy(entry), entry.entered("away"), limits.number("away_days")),
            _ => continue,
        };
        let Some(since) = since.filter(|since| days_between(*since, view.today()) > days) else { continue };
        // A duty that was given to somebody who had left already has waited since then.
        let waited = |record: &&Entry<'_>| longer_than(view, days, [**record, entry], |on| still(on, entry.id(), record.id()));
        if let Some(first) = duties.iter().find(waited) {
            let lapse = Lapse::of(entry).value("person", entry.label()).value("date", since);
            lapses.push(lapse.value("n", duties.len()).value("record", first.label()));
        }
    }
    lapses
}

fn still(on: &View, who: Id, record: Id) -> bool {
    let duties = on.get(who).map(|one| if one.is("left") { person::duties_after_leaving(one) } else { without_deputy(one) });
    duties.is_some_and(|duties| duties.iter().any(|duty| duty.id() == record))
}

/// Live records that the person answers for and nobody stands in.
fn without_deputy(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let covered = |record: &Entry<'_>| record.linked("deputy").is_some_and(|deputy| deputy.is("active"));
    let held = |record: &Entry<'_>| record.kind().name == "role";
    person::duties(entry).into_iter().filter(|record| record.is_live() && !covered(record) && !held(record)).collect()
}
