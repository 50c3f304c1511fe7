//! Whether an event was taken up by a nonconformity, and in time.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::nonconformity::Nonconformity;

use crate::view::{Entry, Subject, View};

/// How long it may take to raise a nonconformity after the event.
pub(super) const RAISE_DAYS: i64 = 30;

/// What became of an event.
pub(super) enum TakenUp {
    /// a nonconformity was raised in time
    InTime(Subject),
    /// one was raised, on this day
    Late(Date),
    /// none was raised
    Not,
    /// none was raised, and it can still be raised in time
    Pending(Date),
}

/// What became of an event of a day. It is linked by the event itself (`named`), or by a nonconformity in `field`.
pub(super) fn taken_up(event: Entry<'_>, on: Date, named: &[Id], field: &'static str) -> TakenUp {
    let view: &View = event.view();
    let due = on.saturating_add(RAISE_DAYS.days());
    let kind = view.kind(Nonconformity::KIND);
    let by_event = named.iter().filter(|id| id.prefix() == kind.prefix).filter_map(|id| view.get(*id));
    let mirrored = if field.is_empty() { None } else { Some(event.incoming(Nonconformity::KIND, field)) };
    let first = by_event.chain(mirrored.into_iter().flatten()).min_by_key(|raised| (raised.created_on(), raised.id()));
    match first {
        Some(raised) if raised.created_on() <= due => TakenUp::InTime(raised.subject()),
        Some(raised) => TakenUp::Late(raised.created_on()),
        None if due >= view.today() => TakenUp::Pending(due),
        None => TakenUp::Not,
    }
}
