//! A row that was imported before: only what the new row changes is written; what a person changed meanwhile is kept.

use std::collections::HashMap;

use serde_json::{Map, Value as Json};
use vouch_record::validate::encode;
use vouch_record::{Id, Value};

use super::{Baseline, Conflict, Kept, Run};
use crate::error::Result;
use crate::import::proposal::{ProposedRecord, RowProposal};
use crate::record::Completeness;

impl Run<'_, '_> {
    /// Revises the records of a row that changed since the last import of it.
    pub(super) fn revised(&mut self, proposal: &RowProposal, before: &Baseline) -> Result<Option<Baseline>> {
        let Some(mut baseline) = self.created(proposal, before)? else { return Ok(None) };
        let ids = self.assign(proposal, &baseline)?;
        let mut touched = baseline.records.len() > before.records.len();
        for record in &proposal.records {
            let Some(kept) = before.records.get(&record.local_key) else { continue };
            let changed = before.fingerprints.changed_fields(&proposal.fingerprints, &record.local_key);
            // A moment or person of the import is no change of the row.
            let changed: Vec<String> =
                changed.into_iter().filter(|name| !record.fills.iter().any(|fill| fill.field == *name)).collect();
            if changed.is_empty() {
                continue;
            }
            let Some(after) = self.revise_record(proposal.row, record, kept, &changed, &ids)? else { return Ok(None) };
            touched |= after.revision != kept.revision;
            baseline.records.insert(record.local_key.clone(), after);
        }
        for (local_key, kept) in
            before.records.iter().filter(|(key, _)| !proposal.records.iter().any(|record| record.local_key == **key))
        {
            let text = format!("the row no longer gives what made {} ({local_key}); the record stays", kept.id);
            self.report.conflicts.push(Conflict {
                row: proposal.row,
                record: kept.id.clone(),
                field: String::new(),
                kept: Json::Null,
                offered: Json::Null,
                reason: text,
            });
        }
        self.report.unchanged += usize::from(!touched);
        Ok(Some(baseline))
    }

    /// Writes the changed fields of one record, except those that a person changed since the last import.
    fn revise_record(
        &mut self,
        row: usize,
        record: &ProposedRecord,
        kept: &Kept,
        changed: &[String],
        ids: &HashMap<String, Id>,
    ) -> Result<Option<Kept>> {
        let Ok(id) = kept.id.parse::<Id>() else { return Ok(Some(kept.clone())) };
        let kind = self.work.kind_of(id)?;
        let resolved = self.resolved(record, ids)?;
        let wanted: Map<String, Json> =
            changed.iter().map(|name| (name.clone(), resolved.get(name).cloned().unwrap_or(Json::Null))).collect();
        let handed = match encode(&kind, &wanted, true) {
            Ok(handed) => handed,
            Err(problems) => {
                self.reject(row, problems);
                return Ok(None);
            }
        };
        let mut conflicts = kept.conflicts.clone();
        let mut writable = Vec::new();
        {
            let view = self.work.view();
            let Some(entry) = view.find(id).filter(|entry| !entry.is_set_aside()) else { return Ok(Some(kept.clone())) };
            let imported = entry.record().revision(kept.revision);
            for (name, value) in handed {
                let present = entry.head().value(&name).get();
                let last = imported.and_then(|leaf| leaf.body.get(&name));
                let same = present == Some(&value) || (present.is_none() && value.is_empty());
                let by_person = present != last || conflicts.iter().any(|field| *field == *name);
                if !same && by_person {
                    self.report.conflicts.push(conflict(row, id, &name, present, &value));
                    if !conflicts.contains(&name.to_string()) {
                        conflicts.push(name.to_string());
                    }
                } else if !same {
                    writable.push((name, value));
                }
            }
        }
        let written = self.work.revise_encoded(&kind, id, writable, Completeness::Imported)?;
        if !written.changed.is_empty() {
            *self.report.updated.entry(kind.name.clone()).or_default() += 1;
        }
        Ok(Some(Kept { id: kept.id.clone(), revision: written.revision, conflicts }))
    }
}

fn conflict(row: usize, id: Id, field: &str, present: Option<&Value>, offered: &Value) -> Conflict {
    let json = |value: Option<&Value>| value.filter(|value| !value.is_empty()).map_or(Json::Null, Value::to_json);
    Conflict {
        row,
        record: id.to_string(),
        field: field.to_owned(),
        kept: json(present),
        offered: json(Some(offered)),
        reason: "a person changed the field since the last import; the person's value is kept".to_owned(),
    }
}
