//! Whether risk and impact were assessed before a release went live.

use jiff::Timestamp;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::release::{Release, ReleaseType};
use vouch_record::kind::generated::risk::Risk;

use crate::check::assessing::of_system;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// 4.4-O3
pub(super) fn assessed_before_going_live(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asked = |release: &Entry<'_>| {
        let content = Release(release.content());
        let new = matches!(content.type_().get(), Some(ReleaseType::Initial | ReleaseType::Functional));
        let within = content.deployed_at().get().is_some_and(|at| window.has(view.day(at)));
        new && within && release.is_any(&["deployed", "ended"])
    };
    each(view.systems().flat_map(|system| system.incoming(Release::KIND, "ai_system")).filter(asked), |release| {
        Judgement::needing(release, &["deployed_at"], || {
            let (Some(system), Some(at)) = (release.linked("ai_system"), Release(release.content()).deployed_at().get()) else {
                return Judgement::Skip("its system was set aside".to_owned());
            };
            let wanted =
                [(risk_assessed(system, at), "the assessment of a risk"), (impact_approved(system, at), "an impact assessment")];
            let missing = wanted.into_iter().filter(|(done, _)| !done).map(|(_, what)| what);
            Judgement::of(missing.map(|what| Lapse::of(release).value("date", view.day(at)).value("missing", what)).collect())
        })
    })
}

/// Whether a risk that names the system had a revision with `assessed_on` by then.
fn risk_assessed(system: Entry<'_>, at: Timestamp) -> bool {
    system.incoming(Risk::KIND, "ai_systems").any(|risk| {
        let assessed = risk.leaves().iter().take_while(|leaf| leaf.time < at);
        assessed
            .into_iter()
            .any(|leaf| leaf.body.get("assessed_on").is_some() || leaf.set().iter().any(|(name, _)| name.as_ref() == "assessed_on"))
    })
}

/// Whether an impact assessment of the system was approved by then.
fn impact_approved(system: Entry<'_>, at: Timestamp) -> bool {
    of_system(system).any(|assessment| {
        assessment.given().into_iter().any(|given| {
            let approves = matches!(given.approval.purpose().get(), Some(ApprovalPurpose::Approve | ApprovalPurpose::Sign))
                && given.approval.decision().is(ApprovalDecision::Approved);
            approves && given.counts_as_proof() && given.at() < at
        })
    })
}
