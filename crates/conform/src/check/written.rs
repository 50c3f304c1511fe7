//! Who wrote a row of a list.

use vouch_record::state::Actor;
use vouch_record::view::Row;
use vouch_record::{Leaf, Value};

use crate::view::Entry;

/// The revision that first held this very row in this list, without a break up to the revision that is read.
pub(super) fn row_written<'v>(entry: Entry<'v>, list: &str, row: Row<'v>) -> Option<&'v Leaf> {
    let holds = |leaf: &&'v Leaf| leaf.body.get(list).is_some_and(|rows| Value::items(rows).contains(row.0));
    let revisions: Vec<&'v Leaf> = entry.revisions().collect();
    revisions.into_iter().rev().skip_while(|leaf| !holds(leaf)).take_while(holds).last()
}

/// Whether a pipeline or feed wrote the row.
pub(super) fn by_machine<'v>(entry: Entry<'v>, list: &str, row: Row<'v>) -> bool {
    row_written(entry, list, row).is_some_and(|leaf| matches!(leaf.actor, Actor::Machine(_)))
}
