//! Who wrote a row of a list, and when a value was first there.

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

/// The first leaf, revision or transition, that wrote a value of this field of which `holds` is true.
pub(super) fn first_written<'v>(entry: Entry<'v>, field: &str, holds: impl Fn(&'v Value) -> bool) -> Option<&'v Leaf> {
    entry.leaves().iter().find(|leaf| {
        let set = leaf.set().iter().find(|(name, _)| name.as_ref() == field).map(|(_, value)| value);
        let revised = leaf.action.is_revision().then(|| leaf.body.get(field)).flatten();
        set.or(revised).is_some_and(&holds)
    })
}

/// Whether a pipeline or feed wrote the row.
pub(super) fn by_machine<'v>(entry: Entry<'v>, list: &str, row: Row<'v>) -> bool {
    row_written(entry, list, row).is_some_and(|leaf| matches!(leaf.actor, Actor::Machine(_)))
}
