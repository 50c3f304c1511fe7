//! Whether a record still shows what it is named for.

use vouch_record::condition::Val;
use vouch_record::time::parse_date;

use super::value;
use crate::view::Entry;

/// A record named as proof counts while it is live, its last day has not passed, and where its kind says so it is in date (evidence,
/// training) or not overtaken by what happened since (tests).
#[must_use]
pub fn in_date(entry: Entry<'_>) -> bool {
    let ended = || entry.text("valid_until").and_then(parse_date).is_some_and(|until| until < entry.view().today());
    let says = |name: &str, bad: bool| value(entry, name) == Some(Val::Bool(bad));
    entry.is_live() && !ended() && !says("in_date", false) && !says("stale", true)
}
