//! A record that was begun from another: where the link between them is entered at the other end, it is written there, with the record.

use serde_json::{Map, Value as Json};
use vouch_app::{Result, Work};
use vouch_record::kind::FieldType;
use vouch_record::{Id, Link, Value};

use super::Subject;
use crate::request::Context;

/// The other end of a link.
pub(super) struct Back {
    record: Id,
    revision: u32,
    field: String,
    /// links that stand there already; nothing where only one fits
    others: Option<Vec<Json>>,
}

/// The record from which a form was begun, if a field of the new one mirrors a link that is entered there.
pub(super) fn of(context: &Context<'_>, subject: &Subject<'_>) -> Option<Back> {
    let record = context.form("from")?.parse::<Link>().ok()?.id;
    let entry = context.view.get(record)?;
    let ends = subject.kind.fields.iter().filter(|field| field.program).filter_map(|field| field.mirror.as_ref());
    let (_, field) = ends.into_iter().find(|(kind, _)| *kind == entry.kind().name)?;
    let spec = entry.kind().field(field).filter(|spec| !spec.program)?;
    let present = entry.head().value(field).get();
    let others = match spec.kind {
        FieldType::Set(_) => Some(present.map(Value::items).unwrap_or_default().iter().map(Value::to_json).collect()),
        // What stands there is not overwritten.
        _ if present.is_some() => return None,
        _ => None,
    };
    let revision = entry.standing().head.leaf(entry.record()).revision;
    Some(Back { record, revision, field: field.clone(), others })
}

impl Back {
    /// Writes the link to a new record there.
    pub(super) fn link(self, work: &mut Work<'_>, id: Id) -> Result<Id> {
        let link = Json::from(id.to_string());
        let value = match self.others {
            Some(others) => others.into_iter().chain([link]).collect(),
            None => link,
        };
        let fields: Map<String, Json> = [(self.field, value)].into_iter().collect();
        work.revise(self.record, self.revision, &fields)?;
        Ok(id)
    }
}
