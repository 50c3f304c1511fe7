//! Whether events that should have led to a nonconformity did.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::concern::{Concern, ConcernOutcome};
use vouch_record::kind::generated::finding::{Finding, FindingGrade};
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::test::Test;

use crate::check::audited::counts;
use crate::check::serious;
use crate::check::taken_up::{TakenUp, taken_up};
use crate::derived::ai_system::running_release;
use crate::derived::test::{Verdict, passed, verdict};
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// Something that should have led to a nonconformity.
struct Event<'v> {
    record: Entry<'v>,
    on: Date,
    /// the nonconformities that it names
    named: Vec<Id>,
    /// the field in which a nonconformity names it
    field: &'static str,
    /// why none was needed, as far as somebody decided that
    excuse: bool,
}

/// 10.2-O1
pub(super) fn events_led_to_nonconformities(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    let all = incidents(view).chain(findings(view)).chain(concerns(view)).chain(tests(view));
    for event in all.filter(|event| year.has(event.on)) {
        let judgement = if event.excuse { Judgement::Pass } else { judge(&event) };
        verdicts.note(event.record, judgement);
    }
    verdicts
}

fn judge(event: &Event<'_>) -> Judgement {
    let lapse =
        |defect: String| Judgement::Fail(Lapse::of(event.record).value("event", event.record.label()).value("defect", defect));
    match taken_up(event.record, event.on, &event.named, event.field) {
        TakenUp::InTime(by) => Judgement::Shown(vec![event.record.subject(), by]),
        TakenUp::Late(raised) => lapse(format!("of {} led to a nonconformity only on {raised}", event.on)),
        TakenUp::Not => lapse("led to no nonconformity and no reason is given".to_owned()),
        TakenUp::Pending(due) => Judgement::Skip(format!("it can be raised until {due}")),
    }
}

fn incidents(view: &View) -> impl Iterator<Item = Event<'_>> {
    serious::incidents(view).map(|(on, record)| {
        let incident = Incident(record.content());
        let named = incident.nonconformity().get().map(|link| link.id).into_iter().collect();
        Event { record, on, named, field: "incidents", excuse: incident.no_nonconformity_because().is_filled() }
    })
}

fn findings(view: &View) -> impl Iterator<Item = Event<'_>> {
    view.live(Finding::KIND).filter_map(|record| {
        let finding = Finding(record.content());
        let weighs = matches!(finding.grade().get(), Some(FindingGrade::Major | FindingGrade::Minor));
        let named = finding.nonconformity().get().map(|link| link.id).into_iter().collect();
        // The auditor has to take the reason.
        let excuse = finding.declined_because().is_filled() && record.is_any(&["accepted", "verified"]);
        let on = finding.raised_at().get()?;
        let counts = weighs && record.linked("audit").is_some_and(counts);
        counts.then_some(Event { record, on, named, field: "findings", excuse })
    })
}

fn concerns(view: &View) -> impl Iterator<Item = Event<'_>> {
    view.live(Concern::KIND).filter_map(move |record| {
        let concern = Concern(record.content());
        let asks = concern.outcome().is(ConcernOutcome::Nonconformity) && !concern.test().is(true);
        let on = view.day(concern.answered_at().get()?);
        let named = concern.led_to().map(|link| link.id).collect();
        asks.then_some(Event { record, on, named, field: "concerns", excuse: false })
    })
}

/// Tests of what runs that missed a blocking criterion, unless its use was restricted or the miss accepted.
fn tests(view: &View) -> impl Iterator<Item = Event<'_>> {
    view.all(Test::KIND).filter(|record| record.is_any(&["run", "reviewed"])).filter_map(move |record| {
        let test = Test(record.content());
        let missed = || verdict(record).iter().any(|row| row.blocking && row.result == Verdict::Missed);
        let on = view.day(test.run_at().get()?);
        let asks = missed() && is_of_what_runs(record) && !passed(record);
        let named = test.failures().filter_map(|row| row.nonconformity()).map(|link| link.id).collect();
        asks.then_some(Event { record, on, named, field: "", excuse: false })
    })
}

/// Whether a test is about the version that runs, or about none in particular.
fn is_of_what_runs(record: Entry<'_>) -> bool {
    let Some(release) = record.linked("ai_system").and_then(running_release) else { return false };
    let running = |field: &str| release.text(field);
    let test = Test(record.content());
    let models = vouch_record::kind::generated::release::Release(release.content()).model_versions();
    let by_model = || {
        let model = test.model().get().map(|link| link.id);
        models.clone().any(|row| row.model().map(|link| link.id) == model && row.version() == test.model_version().get())
    };
    match (test.system_version().get(), test.model_version().get()) {
        (None, None) => true,
        (Some(version), _) if running("version") == Some(version) => true,
        (_, Some(_)) => by_model(),
        _ => false,
    }
}
