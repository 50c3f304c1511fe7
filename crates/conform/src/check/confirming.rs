//! Who confirmed that the record of a system is right, and when.

use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};

use super::presence::in_scope_since;
use super::reach::window_reaching;
use super::wording::in_days;
use crate::shape::{Judgement, Lapse, Verdicts, each, without_hole};
use crate::view::{Entry, Given, Hole, View, Window};

/// How late a confirmation may be.
const LATE_DAYS: i64 = 30;

/// Approvals with purpose review that owner or deputy of the day gave.
pub(super) fn confirmations(system: Entry<'_>) -> Vec<Given<'_>> {
    let confirms = |given: &Given<'_>| {
        given.approval.purpose().is(ApprovalPurpose::Review)
            && given.approval.decision().is(ApprovalDecision::Approved)
            && given.counts_as_proof()
    };
    let by_owner = |given: &Given<'_>| {
        let Some(then) = system.on(given.on()) else { return false };
        let content = AiSystem(then.content());
        let who = [content.owner().get(), content.deputy().get()];
        given.by().is_some_and(|by| who.iter().flatten().any(|link| link.id == by))
    };
    system.given().into_iter().filter(|given| confirms(given) && by_owner(given)).collect()
}

/// No system in scope was without a confirmation for more than `confirm_every` and thirty days, and never for more than `most` days,
/// where that is given.
pub(super) fn never_long_unconfirmed(view: &View, most: Option<i64>) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["owner", "deputy", "confirm_every"], || {
            let every = AiSystem(system.content()).confirm_every().get();
            let longest = every.map(|every| in_days(&every) + LATE_DAYS).into_iter().chain(most).min();
            let Some(longest) = longest else { return Judgement::Skip("it says no interval".to_owned()) };
            let asked =
                window_reaching(view, longest).zip(in_scope_since(system)).and_then(|(window, since)| window.from_day(since));
            let Some(asked) = asked else { return Judgement::Skip("not in scope in the window".to_owned()) };
            let given = confirmations(system);
            let holes = without_hole(asked, given.iter().map(Given::on), longest);
            let lapse = |hole: &Hole| {
                let days = Window { from: hole.from.max(asked.from), to: hole.to };
                Lapse::of(system).value("from", hole.from).value("to", hole.to).over(days)
            };
            if holes.is_empty() {
                return Judgement::Shown(
                    [system.subject()].into_iter().chain(given.last().map(|given| given.entry.subject())).collect(),
                );
            }
            Judgement::FailAll(holes.iter().map(lapse).collect())
        })
    })
}
