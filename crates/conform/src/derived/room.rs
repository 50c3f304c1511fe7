//! Derived values of a room.

use std::borrow::Cow;
use std::sync::Arc;

use vouch_record::condition::Val;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::Approval;
use vouch_record::kind::generated::room::{Room, RoomAsOf};

use super::Derived;
use super::answer::{records, table};
use crate::check::CHECKS;
use crate::framework::ISO42001;
use crate::readiness::{self, Depth, Readiness};
use crate::view::{Entry, View, Visit};

/// The derived values of a room.
pub const TABLE: &[Derived] = &[
    Derived::new("visits", |entry| {
        table(entry, "room.visits", || {
            let row = |visit: &Visit| row! { guest: visit.guest.clone(), opened: visit.opened.clone(), at: visit.at };
            visits(entry).map(row).collect()
        })
    }),
    Derived::new("overrides_shown", |entry| records(overrides_shown(entry))),
    Derived::new("completeness", |entry| {
        if CHECKS.iter().any(|check| readiness::is_judging(shown(entry), check.requirement)) {
            return Val::Undecided("the rules are being judged".to_owned());
        }
        table(entry, "room.completeness", || {
            let row = |row: Completeness| row! { requirement: row.requirement, depth: row.depth.map_or("none", Depth::word), missing: row.missing };
            completeness(entry).into_iter().map(row).collect()
        })
    }),
    Derived::new("latest_checkpoint", |entry| match &entry.view().bound().checkpoint {
        None => Val::Empty,
        Some(latest) if latest.size > entry.view().cut() => {
            Val::Undecided("the latest checkpoint that is known here was signed after this day".to_owned())
        }
        Some(latest) => Val::Text(Cow::Borrowed(&latest.text)),
    }),
];

/// What guests opened in the room until the view's instant.
pub fn visits(entry: Entry<'_>) -> impl Iterator<Item = &Visit> {
    let (room, now) = (entry.id(), entry.view().now());
    entry.view().bound().visits.iter().filter(move |visit| visit.room == room && visit.at <= now)
}

/// The organisation as guests see it: as of the day the room was opened where its state is fixed, else of the view's day.
#[must_use]
pub fn shown(entry: Entry<'_>) -> &View {
    let view = entry.view();
    let room = Room(entry.content());
    let opened = entry.entered("open").or_else(|| room.opens_at().get().map(|at| view.day(at)));
    opened.filter(|day| room.as_of().is(RoomAsOf::Fixed) && *day <= view.today()).map_or(view, |day| view.on(day))
}

/// Every override of the rule that nobody checks own work, inside the shown records: approvals given between the first and last day of
/// evidence, about systems shown or about none.
#[must_use]
pub fn overrides_shown(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let room = Room(entry.content());
    let (from, to) = (room.window_from().get(), room.window_to().get());
    let inside = |given: &Entry<'_>| {
        let on = given.created_on();
        from.is_none_or(|from| from <= on) && to.is_none_or(|to| on <= to)
    };
    let about_shown = |given: &Entry<'_>| {
        let subject = Approval(given.content()).subject().get().and_then(|link| given.view().find(link.id));
        let systems: Vec<_> = subject.map_or_else(Vec::new, |subject| match subject.kind().name.as_str() {
            AiSystem::KIND => vec![subject.id()],
            _ => subject.linked("ai_system").into_iter().chain(subject.links("ai_systems")).map(|system| system.id()).collect(),
        });
        let shown = room.ai_systems().next().is_none() || room.ai_systems().any(|link| systems.contains(&link.id));
        systems.is_empty() || shown
    };
    let overridden = |given: &Entry<'_>| given.is("given") && Approval(given.content()).override_().is_filled();
    shown(entry).all(Approval::KIND).filter(overridden).filter(inside).filter(about_shown).collect()
}

/// How deep a shown requirement is met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Completeness {
    /// the requirement, `iso42001:A.5.2`
    pub requirement: String,
    /// the deepest depth at which it is met
    pub depth: Option<Depth>,
    /// what is missing for the next
    pub missing: Option<String>,
}

/// Per shown requirement the depth with what is missing; a room that names none shows all. Requirements of other frameworks have no rules.
#[must_use]
pub fn completeness(entry: Entry<'_>) -> Vec<Completeness> {
    let view = shown(entry);
    let room = Room(entry.content());
    let readiness = Readiness::of(view);
    let wanted: Vec<String> =
        room.requirements().filter(|item| item.framework == ISO42001).map(|item| item.item.to_owned()).collect();
    let answers = readiness.requirements.iter().filter(|answer| wanted.is_empty() || wanted.contains(&answer.id));
    let row = |answer: &Arc<readiness::Answer>| Completeness {
        requirement: format!("{ISO42001}:{}", answer.id),
        depth: Depth::ALL.into_iter().rev().find(|depth| answer.met(*depth)),
        missing: answer.reason.clone(),
    };
    answers.map(row).collect()
}
