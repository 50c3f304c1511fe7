//! The duties to inform, and whether each system was asked for.

use std::collections::BTreeSet;

use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::obligation::{Obligation, ObligationRhythm};

use crate::check::capacity::acted_as;
use crate::derived::obligation::{binds, holds_for};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How old a look at the duties of a system may be, in days.
const LOOK_DAYS: i64 = 365;

/// The duties to inform somebody: confirmed, in force, with recipients or information.
pub(super) fn duties(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Obligation::KIND).filter(|duty| duty.is("confirmed") && informs(*duty) && binds(*duty))
}

fn informs(duty: Entry<'_>) -> bool {
    let content = Obligation(duty.content());
    content.information().is_filled() || content.recipients().next().is_some()
}

/// A.8.5-D1
pub(super) fn duties_are_complete(view: &View) -> Verdicts {
    each(duties(view), |duty| {
        Judgement::needing(duty, &["recipients", "information", "due_on", "every", "triggers", "answer_within"], || {
            let content = Obligation(duty.content());
            let owned = content.owner().get().is_some_and(|owner| view.is_active(owner.id));
            let dated = content.due_on().is_filled();
            let started = content.triggers().next().is_some();
            let rhythm = content.rhythm().get();
            let periodic = rhythm == Some(ObligationRhythm::Periodic);
            let event = rhythm == Some(ObligationRhythm::Event);
            let needs = [
                ("whom to tell", content.recipients().next().is_some()),
                ("what to tell", content.information().is_filled()),
                ("who sees to it", owned),
                ("by which day", dated || !(periodic || rhythm == Some(ObligationRhythm::Once))),
                ("how often", content.every().is_filled() || !periodic),
                ("what starts it", started || !event),
                ("within what time", content.answer_within().is_filled() || !event),
            ];
            let missing: Vec<&str> = needs.into_iter().filter(|(_, there)| !there).map(|(what, _)| what).collect();
            Judgement::when(missing.is_empty(), || Lapse::of(duty).value("missing", missing.join(", ")))
        })
    })
}

/// A.8.5-D2
pub(super) fn somebody_asked_for_each_system(view: &View) -> Verdicts {
    let held: BTreeSet<Id> = duties(view).flat_map(|duty| holds_for(duty).iter().copied()).collect();
    let recent = view.last_days(LOOK_DAYS);
    each(view.systems(), |system| {
        let looked = || {
            system.given().into_iter().any(|given| {
                let review = given.approval.purpose().is(ApprovalPurpose::Review)
                    && given.approval.decision().is(ApprovalDecision::Approved);
                let within = recent.is_none_or(|recent| recent.has(given.on()));
                review && within && acted_as(&given, "compliance_lead")
            })
        };
        Judgement::when(held.contains(&system.id()) || looked(), || Lapse::of(system))
    })
}
