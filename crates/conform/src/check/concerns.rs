//! What people raise about AI systems: from inside and outside, how soon they are answered, what it leads to, and trials of the channel.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::concern::{Concern, ConcernChannel, ConcernReporterType};
use vouch_record::kind::generated::document::{Document, DocumentTemplate};
use vouch_record::kind::generated::test::{Test, TestType};
use vouch_record::time::days_between;

use crate::derived::test::passed;
use crate::view::{Entry, View, Window};

/// How soon somebody is told that a concern arrived (`terms.yaml`, numbers).
pub(super) const ACKNOWLEDGE_DAYS: i64 = 7;

/// The concerns of a period that are neither tests nor void.
pub(super) fn received_in(view: &View, period: Option<Window>) -> impl Iterator<Item = Entry<'_>> {
    view.all(Concern::KIND).filter(move |concern| {
        let content = Concern(concern.content());
        let within = content.received_at().get().zip(period).is_some_and(|(at, period)| period.has(view.day(at)));
        within && !content.test().is(true) && !concern.is("void")
    })
}

/// Whether somebody who works for the organisation raised it, or it came through the form for staff.
pub(super) fn is_inside(concern: Entry<'_>) -> bool {
    let content = Concern(concern.content());
    let by_staff = matches!(content.reporter_type().get(), Some(ConcernReporterType::Staff | ConcernReporterType::Contractor));
    by_staff || content.channel().is(ConcernChannel::InternalForm)
}

/// The day on which it arrived.
pub(super) fn received_on(concern: Entry<'_>) -> Option<Date> {
    Concern(concern.content()).received_at().get().map(|at| concern.view().day(at))
}

/// Who deals with it.
pub(super) fn handler(concern: Entry<'_>) -> Option<Id> {
    Concern(concern.content()).handler().get().map(|link| link.id)
}

/// What kept a reporter waiting too long.
pub(super) struct Wait {
    /// `acknowledged` or `answered`, with `not` while it is still open
    pub(super) step: &'static str,
    /// days since it arrived
    pub(super) days: i64,
}

/// How far the answer to a concern is.
pub(super) enum Progress {
    /// acknowledged and answered in time
    Answered,
    /// nothing is late yet
    Running,
    /// something is
    Late(Wait),
}

/// How far it is, when it must be answered by the time the reporter was told, and by the end of `last` at the latest.
pub(super) fn progress(concern: Entry<'_>, last: Option<Date>) -> Option<Progress> {
    let (content, view) = (Concern(concern.content()), concern.view());
    let received = received_on(concern)?;
    let since = |day: Date| days_between(received, day);
    let acknowledged = content.acknowledged_at().get().map(|at| view.day(at));
    let told = acknowledged.unwrap_or_else(|| view.today());
    if told > received.saturating_add(ACKNOWLEDGE_DAYS.days()) {
        let step = if acknowledged.is_some() { "acknowledged" } else { "not acknowledged" };
        return Some(Progress::Late(Wait { step, days: since(told) }));
    }
    let answered = content.answered_at().get();
    let (at, on) = answered.map_or_else(|| (view.now(), view.today()), |at| (at, view.day(at)));
    if content.answer_due().get().is_some_and(|due| at > due) || last.is_some_and(|last| on > last) {
        let step = if answered.is_some() { "answered" } else { "not answered" };
        return Some(Progress::Late(Wait { step, days: since(on) }));
    }
    Some(if acknowledged.is_some() && answered.is_some() { Progress::Answered } else { Progress::Running })
}

/// Whether it led to a record that was made, or written anew, after it arrived.
pub(super) fn led_further(concern: Entry<'_>) -> bool {
    let Some(received) = Concern(concern.content()).received_at().get() else { return false };
    let since = |record: Entry<'_>| record.revisions().next_back().is_some_and(|leaf| leaf.time > received);
    concern.links("led_to").any(since)
}

/// Whether a person owns an AI system, stands in for its owner, or answers for its technique or risk, on a day.
pub(super) fn answers_for(system: Entry<'_>, person: Id, day: Date) -> bool {
    let then = system.on(day).unwrap_or(system);
    let content = AiSystem(then.content());
    let people = [content.owner(), content.deputy(), content.technical_owner(), content.risk_owner()];
    people.into_iter().filter_map(vouch_record::Field::get).any(|link| link.id == person)
}

/// The documents of template T-CONCERNS, in whatever state.
pub(super) fn procedures(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Document::KIND).filter(|one| Document(one.content()).template().is(DocumentTemplate::TCONCERNS))
}

/// A trial of the channel that reached somebody and was answered.
#[derive(Clone, Copy)]
pub(super) struct Trial<'v> {
    /// the day it was answered, or ran
    pub(super) on: Date,
    /// a concern filed as a test, or a test of the channel
    pub(super) record: Entry<'v>,
    /// the person who filed it under an account, or performed the test
    pub(super) by: Option<Id>,
}

/// The trials, the earliest first: concerns filed as tests that a person acknowledged and that were answered, and reviewed tests of the
/// channel that met their criteria.
pub(super) fn trials(view: &View) -> Vec<Trial<'_>> {
    let filed = view.all(Concern::KIND).filter(|concern| Concern(concern.content()).test().is(true) && !concern.is("void"));
    let filed = filed.filter(|concern| {
        let read = |leaf: &&vouch_record::Leaf| leaf.state.as_ref() == "acknowledged";
        concern.transitions().find(read).is_some_and(|leaf| leaf.actor.person().is_some())
    });
    let filed = filed.filter_map(|record| {
        let on = view.day(Concern(record.content()).answered_at().get()?);
        Some(Trial { on, record, by: record.leaves()[0].actor.person() })
    });
    let checked = view
        .all(Test::KIND)
        .filter(|test| Test(test.content()).type_().is(TestType::ChannelCheck) && test.is("reviewed") && passed(*test));
    let checked = checked.filter_map(|record| {
        let content = Test(record.content());
        Some(Trial { on: view.day(content.run_at().get()?), record, by: content.performed_by().get().map(|link| link.id) })
    });
    let mut found: Vec<Trial<'_>> = filed.chain(checked).collect();
    found.sort_by_key(|trial| (trial.on, trial.record.id()));
    found
}
