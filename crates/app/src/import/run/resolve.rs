//! What a row cannot know: ids of its own records, records found by a value, the time, the person, the file.

use std::collections::HashMap;

use serde_json::{Map, Value as Json, json};
use vouch_record::Id;
use vouch_record::kind::{Column, FieldType, Scalar};
use vouch_record::time::format_instant;

use super::Run;
use crate::error::Result;
use crate::import::mapping::Fill;
use crate::import::proposal::{ProposedLookup, ProposedRecord};
use crate::import::text::even;

impl Run<'_, '_> {
    /// The fields of a proposed record with links, lookups and fills resolved.
    pub(super) fn resolved(&mut self, record: &ProposedRecord, ids: &HashMap<String, Id>) -> Result<Map<String, Json>> {
        let kind = self.work.kind(&record.kind)?;
        let resolve = |(name, value): (&String, &Json)| {
            let resolved = kind.field(name).map_or_else(|| value.clone(), |field| linked(value, &field.kind, ids));
            (name.clone(), resolved)
        };
        let mut fields: Map<String, Json> = record.fields.iter().map(resolve).collect();
        for lookup in &record.lookups {
            let Some(id) = self.find(lookup) else { continue };
            if let Some(row) = fields.get_mut(&lookup.list).and_then(|list| list.get_mut(lookup.row)).and_then(Json::as_object_mut)
            {
                row.insert(lookup.column.clone(), json!(id.to_string()));
            }
        }
        for fill in &record.fills {
            let value = match fill.with {
                Fill::Time => json!(format_instant(self.work.at())),
                Fill::Person => json!(self.work.person()?.to_string()),
                Fill::File => json!([{"name": self.source.name, "sha256": self.source.sha256, "size": self.source.size}]),
            };
            fields.insert(fill.field.clone(), value);
        }
        Ok(fields)
    }

    /// The record one of whose values is the one looked for; the index is made once per kind and field.
    fn find(&mut self, lookup: &ProposedLookup) -> Option<Id> {
        let key = (lookup.kind.clone(), lookup.by.clone());
        if !self.found.contains_key(&key) {
            let index = self.index(lookup);
            self.found.insert(key.clone(), index);
        }
        self.found.get(&key)?.get(&even(&lookup.value)).copied()
    }

    fn index(&self, lookup: &ProposedLookup) -> HashMap<String, Id> {
        let view = self.work.view();
        let (field, column) = lookup.by.split_once('.').map_or((lookup.by.as_str(), None), |(field, column)| (field, Some(column)));
        let mut index = HashMap::new();
        for entry in view.all(&lookup.kind) {
            let Some(value) = entry.head().value(field).get() else { continue };
            let texts: Vec<&str> = match column {
                None => value.as_text().into_iter().collect(),
                Some(column) => value.items().iter().filter_map(|row| row.get(column)?.as_text()).collect(),
            };
            for text in texts {
                index.entry(even(text)).or_insert_with(|| entry.id());
            }
        }
        index
    }
}

/// A value with `@key` replaced by the id of the record of that key, where its type is a link: a cell that says `@system` in words
/// stays as it is.
fn linked(value: &Json, kind: &FieldType, ids: &HashMap<String, Id>) -> Json {
    let id = |value: &Json| {
        value.as_str().and_then(|text| text.strip_prefix('@')).and_then(|key| ids.get(key)).map(|id| json!(id.to_string()))
    };
    match (kind, value) {
        (FieldType::One(Scalar::Link(_)), value) => id(value).unwrap_or_else(|| value.clone()),
        (FieldType::Set(Scalar::Link(_)), Json::Array(items)) => {
            Json::Array(items.iter().map(|item| id(item).unwrap_or_else(|| item.clone())).collect())
        }
        (FieldType::List(columns), Json::Array(rows)) => {
            Json::Array(rows.iter().map(|row| linked_row(row, columns, ids)).collect())
        }
        (_, value) => value.clone(),
    }
}

fn linked_row(row: &Json, columns: &[Column], ids: &HashMap<String, Id>) -> Json {
    let Json::Object(cells) = row else { return row.clone() };
    let cell = |(name, cell): (&String, &Json)| {
        let column = columns.iter().find(|column| column.name == *name);
        (name.clone(), column.map_or_else(|| cell.clone(), |column| linked(cell, &column.kind, ids)))
    };
    Json::Object(cells.iter().map(cell).collect())
}
