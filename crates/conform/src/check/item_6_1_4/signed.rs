//! Who signed an assessment.

use vouch_record::kind::generated::shared::RiskTier;

use super::process::committee_signs;
use crate::check::assessing::{approved_in, not_independent, signatures};
use crate::check::wording::{called, words};
use crate::derived::{ai_system, approval};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// 6.1.4-P1
pub(super) fn signed_with_power(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(approved_in(view, year), |assessment| {
        judge(assessment, |given| not_independent(assessment, given).or_else(|| without_power(assessment, given)))
    })
}

/// 8.4-P1 asks the same without the power.
pub(in crate::check) fn signed_independently(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(approved_in(view, year), |assessment| judge(assessment, |given| not_independent(assessment, given)))
}

/// One signature is enough; the reason is that of the last.
fn judge<'v>(assessment: Entry<'v>, defect: impl Fn(&Given<'v>) -> Option<String>) -> Judgement {
    Judgement::needing(assessment, &["assessors"], || {
        let mut worst = ("no person".to_owned(), "could be named, since no approval with purpose sign stands".to_owned());
        for given in signatures(assessment) {
            match defect(&given) {
                None => return Judgement::Shown(vec![assessment.subject(), given.entry.subject()]),
                Some(reason) => worst = (called(assessment.view(), given.by()), reason),
            }
        }
        let tier = assessment.linked("ai_system").and_then(ai_system::tier).map_or("unknown", RiskTier::id);
        Judgement::Fail(Lapse::of(assessment).value("tier", words(tier)).value("person", worst.0).value("reason", worst.1))
    })
}

/// For tier high and critical top management signs, or a committee with that power and its quorum.
fn without_power(assessment: Entry<'_>, given: &Given<'_>) -> Option<String> {
    let day = given.on();
    let then = assessment.view().on(day);
    let tier = assessment.linked("ai_system").and_then(|system| then.get(system.id())).and_then(ai_system::tier)?;
    if tier < RiskTier::High || given.by().is_some_and(|by| assessment.view().directed_on(by, day)) {
        return None;
    }
    let Some(committee) = given
        .approval
        .on_behalf_of()
        .get()
        .and_then(|link| then.get(link.id))
        .filter(|one| one.is_live() && committee_signs(*one, tier))
    else {
        return Some(format!("has no power to sign for tier {}", words(tier.id())));
    };
    (approval::quorate(given.entry) != Some(true)).then(|| format!("signed for {} without its quorum", committee.label()))
}
