//! Whether what was changed was signed again, and the latest ones are bound and signed by somebody else.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Leaf;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;

use super::is_kept;
use crate::check::assessing::signatures;
use crate::check::stored::{bound_or_not, unproved};
use crate::check::wording::{called, words};
use crate::derived::impact_assessment::approved_at;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// How long a changed revision may wait for a decision.
const SIGN_DAYS: i64 = 30;
/// How many of the latest assessments an auditor asks to see.
const LATEST: usize = 3;

/// A.5.3-O2
pub(super) fn changes_are_signed(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.all(ImpactAssessment::KIND), |assessment| {
        let approved: Vec<&Leaf> = assessment.transitions().filter(|leaf| leaf.state.as_ref() == "approved").collect();
        let Some(first) = approved.first() else { return Judgement::Skip("never approved".to_owned()) };
        let made: Vec<&Leaf> = assessment.revisions().filter(|leaf| leaf.time > first.time).collect();
        let numbers: Vec<u32> = approved.iter().map(|leaf| leaf.revision).collect();
        let changed =
            |leaf: &&&Leaf| !numbers.iter().any(|number| *number < leaf.revision && assessment.covers(*number, leaf.revision));
        let judged = made.iter().filter(|leaf| window.has(view.day(leaf.time))).filter(changed);
        let mut waiting = None;
        let mut settled = false;
        for leaf in judged {
            let due = view.day(leaf.time).saturating_add(SIGN_DAYS.days());
            let taken_back = made.iter().any(|later| later.seq > leaf.seq && view.day(later.time) <= due && !changed(&later));
            if taken_back || is_decided(assessment, leaf, due) {
                settled = true;
            } else if view.today() <= due {
                waiting = Some(due);
            } else {
                return Judgement::Fail(Lapse::of(assessment).value("date", view.day(leaf.time)));
            }
        }
        match (settled, waiting) {
            (true, _) => Judgement::Pass,
            (false, Some(due)) => Judgement::Skip(format!("in time until {due}")),
            (false, None) => Judgement::Skip("nothing that was approved was changed in the window".to_owned()),
        }
    })
}

/// Whether this revision, or a later one, was approved or rejected by a day.
fn is_decided(assessment: Entry<'_>, leaf: &Leaf, due: Date) -> bool {
    let decides = |given: &Given<'_>| {
        let purpose = given.approval.purpose();
        let decision = matches!(given.approval.decision().get(), Some(ApprovalDecision::Approved | ApprovalDecision::Rejected));
        decision && (purpose.is(ApprovalPurpose::Sign) || purpose.is(ApprovalPurpose::Approve))
    };
    let later = |given: &Given<'_>| given.revision() >= leaf.revision && given.on() <= due;
    assessment.given().iter().any(|given| decides(given) && later(given))
}

/// A.5.3-P1. Looks also at records that are not bound, since it asks whether they are.
pub(super) fn latest_are_bound_and_signed(view: &View) -> Verdicts {
    let mut latest: Vec<_> = bound_or_not(view, ImpactAssessment::KIND)
        .filter(|one| is_kept(*one))
        .filter_map(|one| Some((approved_at(one)?, one)))
        .collect();
    latest.sort_by_key(|(at, one)| std::cmp::Reverse((*at, one.id())));
    latest.truncate(LATEST);
    each(latest.into_iter().map(|(_, one)| one), |assessment| {
        Judgement::needing(assessment, &["assessors"], || {
            let mut defects: Vec<String> = unproved(assessment).map(str::to_owned).into_iter().collect();
            let signed = signed_by_another(assessment);
            defects.extend(signed.as_ref().err().cloned());
            match signed {
                Ok(given) if defects.is_empty() => Judgement::Shown(vec![assessment.subject(), given.entry.subject()]),
                _ => Judgement::Fail(Lapse::of(assessment).value("defect", defects.join(" and "))),
            }
        })
    })
}

/// The signature of a person who is no assessor and set no rule aside, or what is wrong with the last one.
fn signed_by_another(assessment: Entry<'_>) -> Result<Given<'_>, String> {
    let mut defect = "has no signature that stands".to_owned();
    for given in signatures(assessment) {
        let by = called(assessment.view(), given.by());
        let assessed = ImpactAssessment(assessment.content()).assessors().any(|link| Some(link.id) == given.by());
        defect = match given.overrides() {
            Some(rule) => format!("was signed by {by} with the override {}", words(rule.id())),
            None if assessed => format!("was signed by {by}, who is among the assessors"),
            None if !given.counts_as_proof() => format!("was signed elsewhere by {by} without a proof that was reviewed"),
            None => return Ok(given),
        };
    }
    Err(defect)
}
