//! Whether what had to hold held on the day, and people were told before.

use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::communication::Communication;
use vouch_record::kind::generated::release::ReleaseType;

use crate::check::released::each_released;
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// A.6.2.5-O1
pub(super) fn conditions_were_met(view: &View) -> Verdicts {
    each_released(view, |one| {
        Judgement::needing(one.release, &["preconditions"], || {
            let last = view.day(one.until);
            let open = one.content().preconditions().filter(|row| row.met_on().is_none_or(|on| on > last));
            let mut missing: Vec<String> = open.map(|row| row.condition().unwrap_or("a precondition").to_owned()).collect();
            if !one.is_approved() {
                missing.push("an approval".to_owned());
            }
            let review = one.review();
            if one.asks_for_review() && review.is_none() {
                missing.push("a review that let it pass".to_owned());
            }
            if missing.is_empty() {
                return Judgement::Shown(std::iter::once(one.release).chain(review).map(|entry| entry.subject()).collect());
            }
            let lapse =
                |condition: String| Lapse::of(one.release).value("deployed_at", view.day(one.at)).value("condition", condition);
            Judgement::FailAll(missing.into_iter().map(lapse).collect())
        })
    })
}

/// A.6.2.5-O4
pub(super) fn people_were_told(view: &View) -> Verdicts {
    each_released(view, |one| {
        let told = [ReleaseType::Initial, ReleaseType::Functional, ReleaseType::SupplierModel];
        if !one.content().type_().get().is_some_and(|of| told.contains(&of)) {
            return Judgement::Skip("users see no difference".to_owned());
        }
        Judgement::needing(one.release, &["communications"], || {
            let sent = |message: &Entry<'_>| {
                message.is_any(&["sent", "ended"])
                    && Communication(message.content()).sent_at().get().is_some_and(|at| at < one.until)
            };
            let messages: Vec<Entry<'_>> = one.release.links("communications").filter(sent).collect();
            let to_people = |message: &Entry<'_>| {
                let content = Communication(message.content());
                content.roles().next().is_some() || content.audience().next().is_some()
            };
            let mut missing: Vec<String> = Vec::new();
            if !messages.iter().any(to_people) {
                missing.push("Users".to_owned());
            }
            let relying = one.system.incoming(AiSystem::KIND, "depends_on").filter(|other| other.is("registered"));
            let reached = |other: &Entry<'_>| {
                messages.iter().any(|message| message.names(other.id(), "ai_systems") || message.names(other.id(), "about"))
            };
            missing.extend(relying.filter(|other| !reached(other)).map(|other| format!("Those who run {}", other.label())));
            if missing.is_empty() {
                return Judgement::Shown(messages.iter().map(Entry::subject).collect());
            }
            Judgement::FailAll(missing.into_iter().map(|audience| Lapse::of(one.release).value("audience", audience)).collect())
        })
    })
}

/// A.6.2.5-P2
pub(super) fn conditions_can_be_shown(view: &View) -> Verdicts {
    each_released(view, |one| {
        one.conditions_held(|condition, why| {
            let condition = format!("{condition} ({why})");
            Lapse::of(one.release).value("condition", condition).value("deployed_at", view.day(one.at))
        })
    })
}
