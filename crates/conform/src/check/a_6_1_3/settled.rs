//! The life cycle procedure, and oversight before tests decide.

use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::shared::Stage;
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewGate};

use crate::check::reviewed::{is_at, passed_of};
use crate::derived::ai_system;
use crate::shape::{Judgement, Lapse, Verdicts, each, standing_document};
use crate::view::{Entry, View};

/// Template of the life cycle procedure.
const TEMPLATE: &str = "T-LIFECYCLE-PROC";
/// The need of the design gate that asks for an oversight plan.
const OVERSIGHT_NEED: &str = "G-DES-6";

/// A.6.1.3-D1
pub(super) fn procedure_stands(view: &View) -> Verdicts {
    standing_document(view.all(Document::KIND).filter(|one| one.text("template") == Some(TEMPLATE)), "reason")
}

/// A.6.1.3-D2
pub(super) fn oversight_is_settled(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["stages"], || {
            if ai_system::past_since(system, Stage::DesignDevelopment).is_none() {
                return Judgement::Skip("not past design and development".to_owned());
            }
            let plan = system.incoming(OversightPlan::KIND, "ai_system").find(|plan| plan.is_any(&["approved", "in_force"]));
            match plan.or_else(|| passed_of(system).find(|review| settles_later(*review))) {
                Some(shown) => Judgement::Shown(vec![system.subject(), shown.subject()]),
                None => Judgement::Fail(Lapse::of(system).value("system", system.label())),
            }
        })
    })
}

/// Whether a review at the design gate let oversight be settled until a day that has not passed.
fn settles_later(review: Entry<'_>) -> bool {
    let open = StageReview(review.content())
        .deviations()
        .any(|row| row.need() == Some(OVERSIGHT_NEED) && row.until().is_some_and(|until| until >= review.view().today()));
    open && is_at(review, &[StageReviewGate::Design])
}
