//! Assessments that an inventory claims and nobody has shown.

use jiff::ToSpan;
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentClaimed};

use crate::check::stored::bound_or_not;
use crate::check::touched::used_since;
use crate::derived::ai_system;
use crate::derived::impact_assessment::approved_at;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long a claim may stay a draft while its system is used.
const DRAFT_DAYS: i64 = 90;

/// A.5.3-P2. Looks also at drafts that are not bound: not sealing one is no way round.
pub(super) fn claims_are_shown(view: &View) -> Verdicts {
    let claims = bound_or_not(view, ImpactAssessment::KIND)
        .filter(|one| ImpactAssessment(one.content()).claimed().is(ImpactAssessmentClaimed::Yes));
    each(claims, |claim| {
        let system = claim.linked("ai_system").filter(|system| ai_system::live(*system));
        let (true, Some(since)) = (claim.is("draft"), claim.entered("draft")) else { return Judgement::Pass };
        let Some(system) = system else { return Judgement::Skip("its system is not in use".to_owned()) };
        let others = system.incoming(ImpactAssessment::KIND, "ai_system").filter(|one| one.id() != claim.id());
        let later = |one: &Entry<'_>| approved_at(*one).is_some_and(|at| view.day(at) >= since);
        let again: Vec<_> = others.filter(later).map(|one| one.subject()).collect();
        if !again.is_empty() {
            return Judgement::Shown(again);
        }
        let due = used_since(system).map_or(since, |used| used.max(since)).saturating_add(DRAFT_DAYS.days());
        if view.today() <= due {
            return Judgement::Skip(format!("in time until {due}"));
        }
        Judgement::Fail(Lapse::of(claim).value("date", since))
    })
}
