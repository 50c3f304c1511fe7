//! The decision about each control, and what was let stand.

use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::approval::ApprovalDecision;
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::shared::{ControlDecision, ControlOrigin};

use crate::check::accepting::{days_in_force, defects};
use crate::check::approving::approvals_into;
use crate::check::wording::words;
use crate::derived::approved::approved_at;
use crate::derived::control_applicability::{boilerplate, contradicting, reasonless};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How far back decisions and acceptances are looked at.
const YEAR: i64 = 365;

/// The decisions about controls that were approved.
fn approved(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(ControlApplicability::KIND).filter(|one| one.is("approved"))
}

/// What people call the control: its item and its title.
pub(super) fn control_called(applicability: Entry<'_>) -> String {
    match ControlApplicability(applicability.content()).control().get() {
        Some(control) => format!("{} ({})", control.item, applicability.id()),
        None => applicability.label(),
    }
}

/// 6.1.3-D2
pub(super) fn decisions_have_reasons(view: &View) -> Verdicts {
    const READ: &[&str] = &["decision", "reasons", "exclusion_ground", "exclusion_reason", "exclusion_basis"];
    let annex = |one: &Entry<'_>| ControlApplicability(one.content()).origin().is(ControlOrigin::AnnexA);
    each(approved(view).filter(annex), |one| {
        Judgement::needing(one, READ, || {
            let excluded = ControlApplicability(one.content()).decision().is(ControlDecision::Excluded);
            let missing = if excluded { missing_of_exclusion(one) } else { missing_of_application(one) };
            Judgement::when(missing.is_empty(), || {
                let decision = if excluded { "excluded" } else { "applied" };
                let lapse = Lapse::of(one).value("control", control_called(one)).value("decision", decision);
                lapse.value("missing", missing.join(", "))
            })
        })
    })
}

fn missing_of_application(one: Entry<'_>) -> Vec<&'static str> {
    if reasonless(one) { vec!["a reason whose record is live"] } else { Vec::new() }
}

fn missing_of_exclusion(one: Entry<'_>) -> Vec<&'static str> {
    let content = ControlApplicability(one.content());
    let view = one.view();
    let by_top = approvals_into(one, "approved").iter().any(|given| given.by().is_some_and(|by| view.directed_on(by, given.on())));
    let asked = [
        ("a ground", content.exclusion_ground().is_filled()),
        ("a reason of its own of eighty characters", content.exclusion_reason().is_filled() && !boilerplate(one)),
        ("a live record that shows it", one.links("exclusion_basis").any(|record| record.is_live())),
        ("an approval by top management", by_top),
    ];
    asked.into_iter().filter(|(_, there)| !there).map(|(what, _)| what).collect()
}

/// 6.1.3-O2
pub(super) fn exclusions_not_contradicted(view: &View) -> Verdicts {
    each(approved(view), |one| {
        Judgement::needing(one, &["decision", "exclusion_ground"], || match contradicting(one) {
            None => Judgement::Pass,
            Some(record) => {
                let ground = ControlApplicability(one.content()).exclusion_ground().get();
                let ground = ground.map_or_else(|| "nothing".to_owned(), |ground| words(ground.id()));
                let lapse = Lapse::of(one).value("control", control_called(one)).value("ground", ground);
                Judgement::Fail(lapse.value("record", record.label()))
            }
        })
    })
}

/// 6.1.3-P1
pub(super) fn acceptances_hold(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let of_risk = |one: &Entry<'_>| {
        let of = Acceptance(one.content()).type_().get();
        let asked = matches!(of, Some(AcceptanceType::ResidualRisk | AcceptanceType::ControlExcluded));
        asked && days_in_force(*one).is_some_and(|days| days.and(year).is_some())
    };
    each(view.all(Acceptance::KIND).filter(of_risk), |one| {
        Judgement::needing(one, &["accepted_by", "requested_by", "level", "until"], || {
            let defects = defects(one);
            Judgement::when(defects.is_empty(), || {
                Lapse::of(one).value("acceptance", one.label()).value("defect", defects.join(", and "))
            })
        })
    })
}

/// 6.1.3-P3
pub(super) fn decided_after_the_assessments(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let recent = |one: &Entry<'_>| approved_at(*one).is_some_and(|at| year.has(view.day(at)));
    each(approved(view).filter(recent), |one| {
        Judgement::needing(one, &["decided_after"], || {
            let Some(at) = approved_at(one) else { return Judgement::Skip("its approval was withdrawn".to_owned()) };
            let lapses = one.links("decided_after").filter_map(|record| {
                let given = record.given().into_iter().filter(|given| given.approval.decision().is(ApprovalDecision::Approved));
                let first = given.map(|given| given.at()).min();
                if first.is_some_and(|first| first < at) {
                    return None;
                }
                let defect =
                    first.map_or_else(|| "was never approved".to_owned(), |on| format!("was approved only on {}", view.day(on)));
                let lapse = Lapse::of(one).value("control", control_called(one)).value("date", view.day(at));
                Some(lapse.value("record", record.label()).value("defect", defect))
            });
            Judgement::of(lapses.collect())
        })
    })
}
