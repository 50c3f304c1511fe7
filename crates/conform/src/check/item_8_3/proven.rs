//! Whether effects were judged by those who may, acceptances hold, and scores follow what was found.

use jiff::ToSpan;
use vouch_record::Id;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::treatment::Treatment;

use crate::check::accepting::{days_in_force, wrongly_given};
use crate::check::independence::defect;
use crate::check::treating::of_systems;
use crate::check::wording::called;
use crate::derived::acceptance::worse;
use crate::derived::risk::above_limit;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long scores may take to follow a judgement.
const SCORED_DAYS: i64 = 30;

/// 8.3-P1
pub(super) fn judged_by_the_judge(view: &View) -> Verdicts {
    let Some(year) = view.back(&12.months()) else { return Verdicts::holds() };
    let recent = |treatment: &Entry<'_>| {
        let on = Treatment(treatment.content()).effect_judged_on().get();
        treatment.is("judged") && on.is_some_and(|on| year.has(on))
    };
    each(of_systems(view).filter(recent), |treatment| {
        Judgement::needing(treatment, &["judge", "doer"], || match wrongly_judged(treatment) {
            None => Judgement::Pass,
            Some(defect) => Judgement::Fail(Lapse::of(treatment).value("defect", defect)),
        })
    })
}

fn wrongly_judged(treatment: Entry<'_>) -> Option<String> {
    let content = Treatment(treatment.content());
    let Some(given) = treatment.approved(ApprovalPurpose::Verify) else { return Some("verified by nobody".to_owned()) };
    let doer: Vec<Id> = content.doer().get().map(|link| link.id).into_iter().collect();
    let why = match defect(&given, &[(&doer, "carried it out")]) {
        None if given.by() != content.judge().get().map(|link| link.id) => "is not the judge that was named".to_owned(),
        why => why?,
    };
    Some(format!("by {}, who {why}", called(treatment.view(), given.by())))
}

/// 8.3-P2
pub(super) fn acceptances_hold(view: &View) -> Verdicts {
    let today = view.today();
    let rested_on = |one: &Entry<'_>| {
        let residual = Acceptance(one.content()).type_().is(AcceptanceType::ResidualRisk) && one.is("accepted");
        residual && days_in_force(*one).is_some_and(|days| days.has(today))
    };
    let asked = view.all(Acceptance::KIND).filter(rested_on).filter(|one| risk_of(*one).is_some_and(above_limit));
    each(asked, |one| {
        Judgement::needing(one, &["accepted_by", "requested_by", "accepted_scores", "level"], || {
            let mut defects = wrongly_given(one);
            if worse(one) {
                defects.push("for lower scores than it has now".to_owned());
            }
            let risk = risk_of(one).map_or_else(String::new, |risk| risk.label());
            Judgement::when(defects.is_empty(), || Lapse::of(one).value("risk", risk).value("defect", defects.join(", and ")))
        })
    })
}

/// The risk that an acceptance is about.
fn risk_of(acceptance: Entry<'_>) -> Option<Entry<'_>> {
    acceptance.linked("subject").filter(|risk| risk.kind().name == Risk::KIND)
}

/// 8.3-P3
pub(super) fn scores_follow(view: &View) -> Verdicts {
    let judged = |treatment: &Entry<'_>| {
        let on = Treatment(treatment.content()).effect_judged_on().get();
        treatment.is("judged") && on.is_some_and(|on| on.saturating_add(SCORED_DAYS.days()) < view.today())
    };
    each(of_systems(view).filter(judged), |treatment| {
        Judgement::needing(treatment, &["effect_judged_on", "risks"], || {
            let judged = Treatment(treatment.content()).effect_judged_on().get();
            let scored = |risk: Entry<'_>| Risk(risk.content()).assessed_on().get();
            let stale = treatment.links("risks").filter(|risk| !risk.is("closed") && scored(*risk) < judged);
            Judgement::of(stale.map(|risk| Lapse::of(treatment).value("risk", risk.label())).collect())
        })
    })
}
