//! What lists and search read: a projection of each record's head, written in the same transaction as its leaf. It is never the
//! truth; `rebuild` recreates it.

use vouch_conform::Entry;
use vouch_record::Value;
use vouch_record::kind::{FieldType, Scalar};
use vouch_record::state::links_of;
use vouch_store::{LinkRow, Projection};

/// How lists show a record as it stands, with its links and the text it is found by; envelope and body are left to the caller.
pub(crate) fn of(entry: Entry<'_>) -> vouch_store::Leaf {
    let fields = entry.head().fields();
    let links = links_of(entry.kind(), fields.iter().copied())
        .into_iter()
        .map(|(field, link)| LinkRow {
            field: field.to_owned(),
            to_id: link.id.to_string(),
            to_revision: link.revision.map(u64::from),
        })
        .collect();
    let standing = entry.standing();
    let in_force = standing.in_force.as_ref().map(|layers| layers.leaf(entry.record()).revision);
    let object = Value::map(fields.iter().map(|(name, value)| ((*name).into(), (*value).clone())));
    let projection = Projection {
        revision: standing.head.leaf(entry.record()).revision.into(),
        state: standing.state.to_string(),
        in_force: in_force.map(u64::from),
        title: title(entry),
        fields: object.to_jcs(),
    };
    let search = Some(search_text(entry, &fields));
    vouch_store::Leaf { projection: Some(projection), links: Some(links), search, ..vouch_store::Leaf::default() }
}

/// What the head calls itself.
fn title(entry: Entry<'_>) -> String {
    let name = ["name", "title"].into_iter().find_map(|field| entry.head().value(field).get().and_then(Value::as_text));
    name.map_or_else(|| entry.id().to_string(), str::to_owned)
}

/// Every word a person might look for: texts and labels of chosen values, nothing that is a hash or a date.
fn search_text(entry: Entry<'_>, fields: &[(&str, &Value)]) -> String {
    let mut words = vec![entry.kind().title.clone()];
    for (name, value) in fields {
        if let Some(field) = entry.kind().field(name) {
            gather(value, &field.kind, &mut words);
        }
    }
    words.join("\n")
}

fn gather(value: &Value, kind: &FieldType, words: &mut Vec<String>) {
    match kind {
        FieldType::One(scalar) => scalar_words(value, scalar, words),
        FieldType::Set(scalar) => value.items().iter().for_each(|item| scalar_words(item, scalar, words)),
        FieldType::List(columns) => {
            for row in value.items() {
                for column in columns.iter() {
                    let cell = if column.name.is_empty() { Some(row) } else { row.get(&column.name) };
                    cell.into_iter().for_each(|cell| gather(cell, &column.kind, words));
                }
            }
        }
    }
}

fn scalar_words(value: &Value, scalar: &Scalar, words: &mut Vec<String>) {
    match scalar {
        Scalar::Text | Scalar::Markdown | Scalar::Url | Scalar::Email => words.extend(value.as_text().map(str::to_owned)),
        Scalar::Enum(choices) => {
            let label =
                choices.iter().find(|choice| Some(choice.id.as_str()) == value.as_text()).map(|choice| choice.label.clone());
            words.extend(label);
        }
        Scalar::File => words.extend(value.get("name").and_then(Value::as_text).map(str::to_owned)),
        _ => {}
    }
}
