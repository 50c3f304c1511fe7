//! What tests decided about releases, and whether they still speak for what runs.

use vouch_record::Link;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::release::{ReleaseModelVersionRow, ReleaseType};
use vouch_record::kind::generated::test::{Test, TestFailureDecision, TestType};

use crate::check::released::{Released, each_released};
use crate::check::tested::speaks_for;
use crate::check::wording::called;
use crate::derived::test::{Judged, Verdict, stale_since, verdict};
use crate::derived::{acceptance, ai_system};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.6.2.4-O1
pub(super) fn models_were_tested(view: &View) -> Verdicts {
    each_released(view, |one| {
        Judgement::needing(one.release, &["model_versions", "tests"], || {
            if one.content().type_().is(ReleaseType::Rollback) {
                return Judgement::Skip("a return to an earlier version".to_owned());
            }
            let tests: Vec<Entry<'_>> = one.tests().into_iter().filter(|test| decides(*test, one)).collect();
            let rows: Vec<ReleaseModelVersionRow<'_>> = one.content().model_versions().collect();
            if tests.is_empty() && rows.is_empty() {
                return Judgement::Fail(Lapse::of(one.release).value("model", "it"));
            }
            let open = rows.into_iter().filter(|row| !tests.iter().any(|test| speaks_for(*test, one.release, *row)));
            let lapses: Vec<Lapse> = open.map(|row| Lapse::of(one.release).value("model", model_of(view, row))).collect();
            if lapses.is_empty() {
                return Judgement::Shown(std::iter::once(one.release).chain(tests).map(|entry| entry.subject()).collect());
            }
            Judgement::FailAll(lapses)
        })
    })
}

/// A reviewed test of type functional or performance that ran before the release went live.
fn decides(test: Entry<'_>, one: &Released<'_>) -> bool {
    let content = Test(test.content());
    let sort = matches!(content.type_().get(), Some(TestType::Functional | TestType::Performance));
    sort && test.is("reviewed") && content.run_at().get().is_some_and(|ran| ran < one.until)
}

fn model_of(view: &View, row: ReleaseModelVersionRow<'_>) -> String {
    let model = row.model().map_or_else(|| "a model".to_owned(), |link| called(view, Some(link.id)));
    row.version().or(row.digest()).map_or_else(|| model.clone(), |version| format!("{model} {version}"))
}

/// A.6.2.4-O2
pub(super) fn blocking_criteria_are_met(view: &View) -> Verdicts {
    each_released(view, |one| {
        let tests = one.tests();
        let fields = ["criteria", "results", "failures"];
        if let Some(test) = tests.iter().find(|test| fields.iter().any(|field| test.value(field).is_erased())) {
            return Judgement::Undecided(format!("what {} found was erased", test.label()));
        }
        if tests.is_empty() {
            return Judgement::Skip("it names no test; see A.6.2.4-O1".to_owned());
        }
        let missed = tests.iter().flat_map(|test| {
            let blocking = verdict(*test).into_iter().filter(|row| row.blocking && row.result != Verdict::Met);
            blocking
                .filter(|row| !is_let_stand(*test, row.code, one))
                .map(|row| missed(one.release, *test, row))
                .collect::<Vec<_>>()
        });
        let missed: Vec<Lapse> = missed.collect();
        if missed.is_empty() {
            return Judgement::Shown(std::iter::once(one.release).chain(tests).map(|entry| entry.subject()).collect());
        }
        Judgement::FailAll(missed)
    })
}

/// Restricted or accepted, with an acceptance of type criterion that was in force when the release went live.
fn is_let_stand(test: Entry<'_>, code: &str, one: &Released<'_>) -> bool {
    let view = test.view();
    let day = view.day(one.until).min(view.today());
    let in_force = |link: Link| {
        let accepted = view.on(day).get(link.id).filter(|entry| acceptance::in_force(*entry));
        accepted.is_some_and(|entry| Acceptance(entry.content()).type_().is(AcceptanceType::Criterion))
    };
    let decided = |of| matches!(of, Some(TestFailureDecision::Restrict | TestFailureDecision::Accept));
    let mut rows = Test(test.content()).failures().filter(|row| row.code() == Some(code));
    rows.any(|row| decided(row.decision()) && row.acceptance().is_some_and(in_force))
}

fn missed(release: Entry<'_>, test: Entry<'_>, row: Judged<'_>) -> Lapse {
    let content = Test(test.content());
    let value = content.results().find(|one| one.code() == Some(row.code) && one.group() == row.group).and_then(|one| one.value());
    let wanted = content.criteria().find(|one| one.code() == Some(row.code) && one.group() == row.group);
    let threshold = wanted.and_then(|one| one.threshold());
    let code = row.group.map_or_else(|| row.code.to_owned(), |group| format!("{} for {group}", row.code));
    let few = if row.result == Verdict::Undecided { " with too few cases or too wide an interval" } else { "" };
    Lapse::of(release)
        .value("code", code)
        .value("value", value.map_or_else(|| "no value".to_owned(), |value| format!("{value}{few}")))
        .value("threshold", threshold.map_or_else(|| "a yes".to_owned(), |threshold| threshold.to_string()))
}

/// A.6.2.4-O3
pub(super) fn tests_speak_for_what_runs(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let reviewed: Vec<Entry<'_>> = system.incoming(Test::KIND, "ai_system").filter(|test| test.is("reviewed")).collect();
        let lapse = |defect: String| {
            let running = ai_system::running_release(system).map_or_else(|| "what runs".to_owned(), |release| release.label());
            Judgement::Fail(Lapse::of(system).value("release", running).value("defect", defect))
        };
        if let Some(test) = reviewed.iter().find(|test| test.value("retest_on").is_erased() || test.value("run_at").is_erased()) {
            return Judgement::Undecided(format!("when {} has to be repeated was erased", test.label()));
        }
        let fresh: Vec<_> = reviewed.iter().filter(|test| stale_since(**test).is_none()).map(Entry::subject).collect();
        if !fresh.is_empty() {
            return Judgement::Shown(fresh);
        }
        match reviewed.iter().filter_map(|test| stale_since(*test)).max() {
            None => lapse("none was reviewed".to_owned()),
            Some(stale) => {
                let event = stale
                    .because
                    .map_or_else(|| "their last day had passed".to_owned(), |id| format!("of {}", called(view, Some(id))));
                lapse(format!("the last became stale on {} because {event}", stale.on))
            }
        }
    })
}
