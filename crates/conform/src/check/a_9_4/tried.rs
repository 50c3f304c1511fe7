//! Whether people looked at cases, and whether what stops other uses was tried.

use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::specification::SpecificationProhibitedUseRow;
use vouch_record::kind::generated::test::{Test, TestEnvironment, TestType};

use crate::check::specified::{holds, prohibited, specification_of};
use crate::check::touched::used_for_a_year;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View, Window};

/// A.9.4-P1
pub(super) fn cases_were_looked_at(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        if !used_for_a_year(system) {
            return Judgement::Skip("in use for less than a year".to_owned());
        }
        let owner = AiSystem(system.content()).owner().get().map(|link| link.id);
        let looks = evidence(system, year).filter(|one| {
            let by = Evidence(one.content()).collected_by().get().map(|link| link.id);
            by.is_some() && by != owner
        });
        let specification = specification_of(system).map(|entry| entry.id());
        let tests = tests(system, year).filter(|test| {
            let content = Test(test.content());
            let by = content.performed_by().get().map(|link| link.id);
            let real = matches!(
                content.environment().get(),
                Some(TestEnvironment::OperationalPerformance | TestEnvironment::OperationalImpact)
            );
            let against = specification.is_some() && content.specification().get().map(|link| link.id) == specification;
            real && against && by.is_some() && by != owner
        });
        let shown: Vec<Subject> = looks.chain(tests).map(|one| one.subject()).collect();
        if shown.is_empty() { Judgement::Fail(Lapse::of(system)) } else { Judgement::Shown(shown) }
    })
}

/// The reviewed evidence for A.9.4 about a system that ends in the period.
fn evidence<'v>(system: Entry<'v>, period: Window) -> impl Iterator<Item = Entry<'v>> {
    system.incoming(Evidence::KIND, "about").filter(move |one| {
        let content = Evidence(one.content());
        let meant = content.requirements().any(|named| named.framework == ISO42001 && named.item == "A.9.4");
        let ends: Option<Date> = content.covers_to().get();
        meant && one.is("reviewed") && ends.is_some_and(|on| period.has(on))
    })
}

/// The reviewed tests of a system that ran in the period.
fn tests<'v>(system: Entry<'v>, period: Window) -> impl Iterator<Item = Entry<'v>> {
    let view = system.view();
    system
        .incoming(Test::KIND, "ai_system")
        .filter(move |test| test.is("reviewed") && Test(test.content()).run_at().get().is_some_and(|at| period.has(view.day(at))))
}

/// A.9.4-P2
pub(super) fn barriers_were_tried(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        if !used_for_a_year(system) {
            return Judgement::Skip("in use for less than a year".to_owned());
        }
        let Some(specification) = specification_of(system) else {
            return Judgement::Skip("no specification is in force; see A.9.4-D1".to_owned());
        };
        Judgement::needing(specification, &["prohibited_uses"], || {
            let rows: Vec<_> = prohibited(specification).filter(|row| row.prevented_by().is_some()).collect();
            let attempts: Vec<Entry<'_>> = tests(system, year).filter(is_attempt).chain(evidence(system, year)).collect();
            let open = rows.iter().filter(|row| !attempts.iter().any(|attempt| speaks_of(*attempt, row)));
            let lapse = |row: &SpecificationProhibitedUseRow<'_>| {
                let values = Lapse::of(specification).in_system(system).value("barrier", row.prevented_by().unwrap_or_default());
                values.value("use", row.use_().unwrap_or_default())
            };
            let lapses: Vec<Lapse> = open.map(lapse).collect();
            match lapses.is_empty() {
                true if rows.is_empty() => Judgement::Skip("it names no barrier; see A.9.4-D1".to_owned()),
                true => Judgement::Shown(attempts.iter().map(Entry::subject).collect()),
                false => Judgement::FailAll(lapses),
            }
        })
    })
}

fn is_attempt(test: &Entry<'_>) -> bool {
    matches!(Test(test.content()).type_().get(), Some(TestType::Safety | TestType::Security))
}

/// Whether a test or evidence names the barrier, in its title, in what it says, or in what it measures.
fn speaks_of(attempt: Entry<'_>, row: &SpecificationProhibitedUseRow<'_>) -> bool {
    let Some(barrier) = row.prevented_by() else { return false };
    let said = ["title", "method", "summary"].into_iter().filter_map(|field| attempt.text(field)).any(|text| holds(text, barrier));
    let measured = attempt.kind().name == Test::KIND
        && Test(attempt.content()).criteria().filter_map(|row| row.measure()).any(|text| holds(text, barrier));
    said || measured
}
