//! Whether what had to hold held on the day, and people were told before.

use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::communication::Communication;
use vouch_record::kind::generated::release::{ReleaseSetting, ReleaseType};
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewGate as Gate};

use super::planned::PLAN;
use crate::check::released::{Released, each_released};
use crate::derived::{change, stage_review};
use crate::gate::{conditions_on_the_day, need};
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// A.6.2.5-O1
pub(super) fn conditions_were_met(view: &View) -> Verdicts {
    each_released(view, |one| {
        Judgement::needing(one.release, &["preconditions"], || {
            let last = view.day(one.until);
            let open = one.content().preconditions().filter(|row| row.met_on().is_none_or(|on| on > last));
            let mut missing: Vec<String> = open.map(|row| row.condition().unwrap_or("a precondition").to_owned()).collect();
            let approved = one.release.given().into_iter().any(|given| {
                let approves = given.approval.purpose().is(ApprovalPurpose::Approve);
                approves && given.approval.decision().is(ApprovalDecision::Approved) && given.at() < one.until
            });
            if !approved {
                missing.push("an approval".to_owned());
            }
            let review = review_before(one);
            if is_reviewed(one) && review.is_none() {
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

/// Whether a gate stands before a release: it is the first, or carries a significant change.
fn is_reviewed(one: &Released<'_>) -> bool {
    one.content().type_().is(ReleaseType::Initial) || one.release.links("changes").any(change::significant)
}

/// The review that let a release pass in time.
fn review_before<'v>(one: &Released<'v>) -> Option<Entry<'v>> {
    let pilot = one.content().setting().is(ReleaseSetting::Pilot);
    let opens = |gate: Gate| matches!(gate, Gate::Deployment | Gate::Change) || (pilot && gate == Gate::VerificationValidation);
    let named = one.release.linked("stage_review").into_iter().chain(one.release.incoming(StageReview::KIND, "release"));
    let mut found = named.filter(|review| {
        let in_time = review.entry_into("decided").is_some_and(|leaf| leaf.time < one.until);
        in_time && stage_review::passed(*review) && StageReview(review.content()).gate().get().is_some_and(opens)
    });
    found.next()
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
        if let Some(field) = PLAN.into_iter().find(|field| one.release.value(field).is_erased()) {
            return Judgement::Undecided(format!("`{field}` was erased"));
        }
        let found = conditions_on_the_day(one.release);
        let title = |id: &str| need(id).map_or_else(|| id.to_owned(), |need| need.title.clone());
        let open = found.iter().filter(|row| row.held == Some(false));
        let lapses: Vec<Lapse> = open
            .map(|row| {
                let condition = format!("{} ({})", title(&row.need), row.note);
                Lapse::of(one.release).value("condition", condition).value("deployed_at", view.day(one.at))
            })
            .collect();
        if !lapses.is_empty() {
            return Judgement::FailAll(lapses);
        }
        match found.iter().find(|row| row.held.is_none()) {
            Some(row) => Judgement::Undecided(format!("{}: {}", title(&row.need), row.note)),
            None if found.is_empty() => Judgement::Skip("nothing was asked of it".to_owned()),
            None => Judgement::Pass,
        }
    })
}
