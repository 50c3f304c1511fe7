//! The systems that somebody else has a part in, and the rows that say who does what.

use jiff::ToSpan;
use vouch_record::Value;
use vouch_record::kind::generated::ai_system::{
    AiSystem, AiSystemOfferedTo, AiSystemResponsibilityHeldBy as HeldBy, AiSystemResponsibilityRow,
};

use crate::check::wording::{called, words};
use crate::view::{Entry, View};

/// How far back a supplier or customer makes the control apply, in days.
const YEAR: i64 = 365;

/// Every system in scope that names a supplier, or is offered to others.
pub(super) fn shared(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.systems().filter(|system| {
        let content = AiSystem(system.content());
        let offered = content.offered_to().get().is_some_and(|to| to != AiSystemOfferedTo::Internal);
        offered
            || content.suppliers().next().is_some()
            || ["suppliers", "offered_to"].iter().any(|field| system.value(field).is_erased())
    })
}

/// In the last 365 days no system in scope named a supplier or was offered to anybody outside.
pub(super) fn nobody_else_for_a_year(view: &View) -> bool {
    let since = view.today().saturating_sub(YEAR.days());
    let in_year = |system: Entry<'_>| {
        let revisions: Vec<_> = system.revisions().collect();
        revisions.iter().enumerate().any(|(at, leaf)| {
            let read = revisions.get(at + 1).is_none_or(|next| view.day(next.time) >= since);
            let named = leaf.body.get("suppliers").is_some_and(|rows| !rows.items().is_empty());
            let offered = leaf.body.get("offered_to").and_then(Value::as_text);
            read && (named || offered.is_some_and(|to| !to.is_empty() && to != AiSystemOfferedTo::Internal.id()))
        })
    };
    shared(view).next().is_none() && !view.systems().any(in_year)
}

/// The rows of a system that say who does what.
pub(super) fn rows(system: Entry<'_>) -> impl Iterator<Item = AiSystemResponsibilityRow<'_>> {
    AiSystem(system.content()).responsibilities()
}

/// What people call the activity of a row.
pub(super) fn activity(row: AiSystemResponsibilityRow<'_>) -> String {
    row.activity().map_or_else(|| "an activity".to_owned(), |activity| words(activity.id()))
}

/// Whether another party does it, alone or with us.
pub(super) fn is_of_others(row: AiSystemResponsibilityRow<'_>) -> bool {
    matches!(row.held_by(), Some(HeldBy::Supplier | HeldBy::Partner | HeldBy::Customer | HeldBy::Shared))
}

/// What people call whoever a row names besides us.
pub(super) fn party(system: Entry<'_>, row: AiSystemResponsibilityRow<'_>) -> String {
    match row.supplier().or_else(|| row.party()) {
        Some(link) => called(system.view(), Some(link.id)),
        None => row.held_by().map_or_else(|| "nobody".to_owned(), |by| format!("a {}", words(by.id()))),
    }
}

/// The suppliers that a system names, each once.
pub(super) fn suppliers(system: Entry<'_>) -> Vec<Entry<'_>> {
    let view = system.view();
    let links = AiSystem(system.content()).suppliers().filter_map(|row| row.supplier());
    let mut named: Vec<Entry<'_>> = links.filter_map(|link| view.get(link.id)).collect();
    named.sort_by_key(Entry::id);
    named.dedup_by_key(|one| one.id());
    named
}
