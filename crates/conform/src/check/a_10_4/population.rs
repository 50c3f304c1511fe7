//! The systems that are offered to others, and what was agreed with customers.

use jiff::ToSpan;
use vouch_record::Value;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemOfferedTo};
use vouch_record::kind::generated::customer_commitment::CustomerCommitment;
use vouch_record::kind::generated::shared::AiRole;

use crate::check::wording::called;
use crate::derived::customer_commitment::in_force;
use crate::view::{Entry, View};

/// How far back an offer counts, in days.
const YEAR: i64 = 365;

/// Every live system that is offered to customers, partners or the public.
pub(super) fn offered(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.live_systems()
        .filter(|system| AiSystem(system.content()).offered_to().get().is_some_and(|to| to != AiSystemOfferedTo::Internal))
}

/// No system in scope was offered outside in the last 365 days, and none is developed, provided or integrated for others.
pub(super) fn nobody_outside(view: &View) -> bool {
    let since = view.today().saturating_sub(YEAR.days());
    let offered = |system: Entry<'_>| {
        let revisions: Vec<_> = system.revisions().collect();
        revisions.iter().enumerate().any(|(at, leaf)| {
            let to = leaf.body.get("offered_to").and_then(Value::as_text);
            let read = revisions.get(at + 1).is_none_or(|next| view.day(next.time) >= since);
            read && to.is_some_and(|to| !to.is_empty() && to != AiSystemOfferedTo::Internal.id())
        })
    };
    view.nobody_plays(&[AiRole::Developer, AiRole::Provider, AiRole::Integrator]) && !view.systems().any(offered)
}

/// What was agreed with customers.
pub(super) fn agreed(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(CustomerCommitment::KIND).filter(|one| one.is("agreed"))
}

/// What holds today.
pub(super) fn holding(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(CustomerCommitment::KIND).filter(|one| in_force(*one))
}

/// Who was promised something.
pub(super) fn customer(commitment: Entry<'_>) -> String {
    let content = CustomerCommitment(commitment.content());
    let party = content.party().get().map(|link| link.id);
    content.customer().get().map_or_else(|| called(commitment.view(), party), str::to_owned)
}
