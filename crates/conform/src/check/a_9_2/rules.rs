//! The rules for using AI, and who oversees what was adopted.

use vouch_record::kind::generated::document::{Document, DocumentRuleKind};
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::shared::{Oversight, RiskTier};

use crate::derived;
use crate::shape::{Judgement, Lapse, Verdicts, each, stands};
use crate::view::{Entry, View};

/// Out of a hundred who must confirm, how many may be late.
const LATE_IN_100: usize = 5;

/// The documents of template T-AUP that are no translation, whatever their state.
fn rules_for_use(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Document::KIND)
        .filter(|entry| entry.text("template") == Some("T-AUP") && !Document(entry.content()).translation_of().is_filled())
}

/// A.9.2-D1
pub(super) fn rules_for_use_stand(view: &View) -> Verdicts {
    let mut nearest = Lapse::of_organisation().value("reason", "there are none");
    for document in rules_for_use(view) {
        match stands(document).and_then(|()| rules_complete(document)) {
            Ok(()) => return Verdicts::passed(document),
            Err(reason) => nearest = Lapse::of(document).value("reason", reason),
        }
    }
    Verdicts::failed(nearest)
}

/// Rows of each wanted kind, all carried out through something.
fn rules_complete(document: Entry<'_>) -> Result<(), String> {
    let content = Document(document.content());
    for (kind, words) in [
        (DocumentRuleKind::Must, "what people must do"),
        (DocumentRuleKind::MustNot, "what they must not do"),
        (DocumentRuleKind::NeedsConsent, "what needs consent first"),
    ] {
        if !content.rules().any(|row| row.kind() == Some(kind)) {
            return Err(format!("{} says nothing on {words}", document.label()));
        }
        if let Some(row) = content.rules().find(|row| row.kind() == Some(kind) && row.done_through().next().is_none()) {
            return Err(format!("nothing carries out rule {} of {}", row.code().unwrap_or("without a code"), document.label()));
        }
    }
    Ok(())
}

/// A.9.2-D2
pub(super) fn rules_are_confirmed(view: &View) -> Verdicts {
    each(rules_for_use(view).filter(|document| crate::derived::in_force(*document)), |document| {
        let must = derived::document::must_confirm(document).len();
        let late = derived::document::unconfirmed(document).len();
        Judgement::when(late * 100 <= must * LATE_IN_100, || Lapse::of(document).value("n", late))
    })
}

/// A.9.2-D3
pub(super) fn adopted_systems_are_overseen(view: &View) -> Verdicts {
    each(view.live_systems().filter(Entry::is_adopted), |system| {
        Judgement::needing(system, &["risk_tier"], || {
            if derived::ai_system::tier(system) == Some(RiskTier::Low) {
                return Judgement::Skip("tier low".to_owned());
            }
            Judgement::when(derived::ai_system::oversight_in_force(system).is_some_and(says_how), || Lapse::of(system))
        })
    })
}

/// Mode, overseers, means to stop and a way to go on by hand; nobody oversees where the mode is none.
fn says_how(plan: Entry<'_>) -> bool {
    let content = OversightPlan(plan.content());
    let overseen = content.mode().is(Oversight::None) || content.overseers().any(|row| row.person().is_some());
    content.mode().is_filled() && overseen && content.stop_means().is_filled() && content.fallback().is_filled()
}
