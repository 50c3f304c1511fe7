//! Since when an AI system is in scope, and from when on a rule may ask something of each of its days.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::scope::Scope;
use vouch_record::kind::generated::shared::Stage;

use crate::derived::ai_system;
use crate::shape::{Judgement, Verdicts, breakpoints, each};
use crate::view::{Entry, View, Window};

/// Judges every system in scope whose stage is past concept.
pub(super) fn each_past_concept<'v>(view: &'v View, judge: impl Fn(Entry<'v>) -> Judgement) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["stages"], || match ai_system::past_since(system, Stage::Concept) {
            Some(_) => judge(system),
            None => Judgement::Skip("not past concept".to_owned()),
        })
    })
}

/// The first day, not before the first approved scope, on which the system was in scope.
pub(super) fn in_scope_since(system: Entry<'_>) -> Option<Date> {
    let view = system.view();
    *view.keep(Some(system.id()), "check.in_scope_since", || {
        let managed = Window { from: view.first_scope_on()?, to: view.today() };
        let days = breakpoints(managed, scopes(view).chain([system]), scope_dates(view));
        days.into_iter().find(|day| view.on(*day).get(system.id()).is_some_and(ai_system::in_scope))
    })
}

/// Every version of the scope.
pub(super) fn scopes(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Scope::KIND)
}

/// Days on which a version of the scope takes over.
pub(super) fn scope_dates(view: &View) -> Vec<Date> {
    scopes(view).filter_map(|scope| Scope(scope.content()).valid_from().get()).collect()
}

/// The day on which the system left concept while it was in scope, or came into scope past concept.
pub(super) fn moved_past_concept(system: Entry<'_>) -> Option<Date> {
    Some(ai_system::past_since(system, Stage::Concept)?.max(in_scope_since(system)?))
}

/// Whether the system was past concept before it came into scope.
pub(super) fn was_there_before(system: Entry<'_>) -> bool {
    let past = ai_system::past_since(system, Stage::Concept);
    past.zip(in_scope_since(system)).is_some_and(|(past, since)| past < since)
}

/// From when on a rule may ask something of each day (`terms.yaml`, settling in): from the day the system came into scope, ninety
/// days later if it was there before.
pub(super) fn asked_from(system: Entry<'_>) -> Option<Date> {
    let since = in_scope_since(system)?;
    Some(if was_there_before(system) { system.view().settled_in(since) } else { since })
}

/// By when something is due that a system wants `days` after it moved past concept; what was there before it came into scope has
/// at least ninety days.
pub(super) fn due_after_move(system: Entry<'_>, moved: Date, days: i64) -> Date {
    let due = moved.saturating_add(days.days());
    if was_there_before(system) { due.max(system.view().settled_in(moved)) } else { due }
}
