//! What an approval covers, and whether a later content still is what was approved (FORMATS §2).

use crate::kind::{FieldSpec, FieldType, Kind};
use crate::value::Value;

/// Whether an approval of a record of this kind covers a field at all.
///
/// Not covered: fields of a transition's `set`, what the program fills, what machines feed.
#[must_use]
pub fn is_covered(kind: &Kind, field: &FieldSpec) -> bool {
    let set =
        kind.transitions.iter().any(|way| way.set.contains(&field.name) || way.writes.iter().any(|(name, _)| *name == field.name));
    let stages_rows = field.living && !matches!(field.kind, FieldType::List(_));
    !set && !field.program && field.mirror.is_none() && !field.machine_fed() && !stages_rows
}

/// Names of the fields in which `now` is no longer what was approved in `approved`.
///
/// What was empty then may be filled since. Of a list each filled cell of each row counts; a living list may gain rows, but an
/// approved row is not altered.
pub fn changed<'v, 'k: 'v>(
    kind: &'k Kind,
    approved: impl Fn(&str) -> Option<&'v Value>,
    now: impl Fn(&str) -> Option<&'v Value>,
) -> impl Iterator<Item = &'k str> {
    kind.covered().filter_map(move |field| {
        let then = approved(&field.name).filter(|then| !then.is_empty())?;
        (!still_holds(field, then, now(&field.name))).then_some(field.name.as_str())
    })
}

fn still_holds(field: &FieldSpec, then: &Value, now: Option<&Value>) -> bool {
    let Some(now) = now else { return false };
    if !matches!(field.kind, FieldType::List(_)) {
        return then == now;
    }
    let (then, now) = (then.items(), now.items());
    if field.living {
        return then.iter().all(|row| now.iter().any(|later| row_holds(row, later)));
    }
    then.len() == now.len() && then.iter().zip(now).all(|(row, later)| row_holds(row, later))
}

/// Each filled cell of the approved row is unchanged; empty ones may be filled since.
fn row_holds(row: &Value, later: &Value) -> bool {
    match row {
        Value::Map(cells) => cells.iter().all(|(name, cell)| later.get(name) == Some(cell)),
        other => other == later,
    }
}
