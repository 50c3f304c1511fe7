//! The second end of a link that two kinds hold: entered at one end, filled at the other by the program (model/README).

use std::sync::Arc;

use vouch_record::kind::{FieldType, Kind};
use vouch_record::{Body, Id, Link, Value};

use crate::error::Result;
use crate::record::Completeness;
use crate::work::Work;

/// Brings the other ends in line with a record's new content.
pub(crate) fn follow(work: &mut Work<'_>, id: Id, kind: &Arc<Kind>, before: Option<&Body>, after: &Body) -> Result<()> {
    let ends: Vec<(Arc<Kind>, String, String)> = work
        .tables()
        .kinds
        .iter()
        .flat_map(|other| other.fields.iter().map(move |field| (other, field)))
        .filter_map(|(other, field)| {
            let (entered_kind, entered_field) = field.mirror.as_ref()?;
            (*entered_kind == kind.name).then(|| (other.clone(), field.name.clone(), entered_field.clone()))
        })
        .collect();
    for (other, mirror, entered) in ends {
        let targets = |body: Option<&Body>| body.and_then(|body| body.get(&entered)).map(targets).unwrap_or_default();
        let (old, new) = (targets(before), targets(Some(after)));
        for target in new.iter().filter(|target| !old.contains(target)) {
            set(work, &other, *target, (&mirror, id, true))?;
        }
        for target in old.iter().filter(|target| !new.contains(target)) {
            set(work, &other, *target, (&mirror, id, false))?;
        }
    }
    Ok(())
}

fn targets(value: &Value) -> Vec<Id> {
    match value {
        Value::Text(text) => text.parse::<Link>().map(|link| link.id).into_iter().collect(),
        Value::List(items) => items.iter().flat_map(targets).collect(),
        _ => Vec::new(),
    }
}

/// Adds `source` to the mirrored field of `target`, or takes it out unless it is `there`.
fn set(work: &mut Work<'_>, kind: &Arc<Kind>, target: Id, (field, source, there): (&str, Id, bool)) -> Result<()> {
    let belongs = work.tables().kinds.of(target).is_some_and(|of| of.name == kind.name);
    let Some(spec) = kind.field(field).filter(|_| belongs) else { return Ok(()) };
    let view = work.view();
    let Some(entry) = view.find(target) else { return Ok(()) };
    let link = Value::text(source.to_string());
    let value = match &spec.kind {
        FieldType::Set(_) => {
            let mut items: Vec<Value> = entry.head().value(field).get().map(|value| value.items().to_vec()).unwrap_or_default();
            items.retain(|item| *item != link);
            if there {
                items.push(link);
            }
            items.sort_by_key(Value::to_jcs);
            Value::List(items.into())
        }
        _ if there => link,
        _ => Value::text(""),
    };
    drop(view);
    work.revise_encoded(kind, target, vec![(field.into(), value)], Completeness::Imported)?;
    Ok(())
}
