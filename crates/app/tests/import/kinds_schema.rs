//! The kinds of the project as far as a test of an import needs them: which fields, columns and answers there are, and how
//! a value of each type is encoded (FORMATS §1).

use std::collections::BTreeMap;
use std::path::Path;

use serde::Deserialize;
use serde_json::{Map, Value};

#[derive(Deserialize)]
struct KindFile {
    kind: String,
    fields: Vec<FieldFile>,
}

#[derive(Deserialize)]
struct FieldFile {
    name: String,
    r#type: String,
    #[serde(default)]
    values: Vec<Choice>,
    #[serde(default)]
    columns: BTreeMap<String, Vec<Choice>>,
}

#[derive(Deserialize)]
struct Choice {
    id: String,
}

pub(crate) struct Kinds(BTreeMap<String, Vec<FieldFile>>);

impl Kinds {
    pub(crate) fn load() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../kinds");
        let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
        let kinds = files.map(|path| {
            let file: KindFile = serde_saphyr::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
            (file.kind, file.fields)
        });
        Self(kinds.collect())
    }

    /// Panics unless every field exists in the kind and its value fits the type. `local` are the keys that a link may name.
    pub(crate) fn check(&self, kind: &str, fields: &Map<String, Value>, local: &[&str]) {
        let declared = self.0.get(kind).unwrap_or_else(|| panic!("no kind {kind}"));
        for (name, value) in fields {
            let field = declared.iter().find(|field| field.name == *name).unwrap_or_else(|| panic!("{kind} has no field {name}"));
            let place = format!("{kind}.{name}");
            match field.r#type.strip_prefix("list<{").and_then(|rest| rest.strip_suffix("}>")) {
                Some(columns) => check_rows(columns, field, value, local, &place),
                None => check_value(&field.r#type, &field.values, value, local, &place),
            }
        }
    }

    /// Panics unless the kind has this field, or this column of this list.
    pub(crate) fn check_path(&self, kind: &str, path: &str) {
        let (field, column) = path.split_once('.').map_or((path, None), |(field, column)| (field, Some(column)));
        let declared =
            self.0[kind].iter().find(|declared| declared.name == field).unwrap_or_else(|| panic!("{kind} has no {field}"));
        if let Some(column) = column {
            assert!(column_types(&declared.r#type).contains_key(column), "{kind}.{field} has no column {column}");
        }
    }
}

fn column_types(columns: &str) -> BTreeMap<&str, &str> {
    let columns = columns.strip_prefix("list<{").and_then(|rest| rest.strip_suffix("}>")).unwrap_or(columns);
    columns.split(", ").map(|column| column.split_once(": ").unwrap()).collect()
}

fn check_rows(columns: &str, field: &FieldFile, value: &Value, local: &[&str], place: &str) {
    let types = column_types(columns);
    let rows = value.as_array().unwrap_or_else(|| panic!("{place} is no list"));
    assert!(!rows.is_empty(), "{place} is empty");
    for row in rows {
        let row = row.as_object().unwrap_or_else(|| panic!("{place} has a row that is no object"));
        assert!(!row.is_empty(), "{place} has an empty row");
        for (column, value) in row {
            let place = format!("{place}.{column}");
            let of_type = types.get(column.as_str()).unwrap_or_else(|| panic!("there is no column {place}"));
            check_value(of_type, field.columns.get(column).map_or(&[], Vec::as_slice), value, local, &place);
        }
    }
}

fn check_value(of_type: &str, values: &[Choice], value: &Value, local: &[&str], place: &str) {
    let text = || value.as_str().unwrap_or_else(|| panic!("{place}: {value} is no text"));
    let one_of = |value: &Value| values.iter().any(|choice| Some(choice.id.as_str()) == value.as_str());
    let link = |value: &Value| value.as_str().and_then(|text| text.strip_prefix('@')).is_some_and(|key| local.contains(&key));
    let fits = match of_type {
        "text" | "markdown" => !text().is_empty() && text() == text().trim(),
        "url" => text().starts_with("http") && !text().contains(char::is_whitespace),
        "enum" => one_of(value),
        "bool" => value.is_boolean(),
        "int" => value.is_i64(),
        "date" => text().parse::<jiff::civil::Date>().is_ok() && text().len() == 10,
        "set<enum>" => is_sorted_set(value) && value.as_array().unwrap().iter().all(one_of),
        other if other.starts_with("links<") => is_sorted_set(value) && value.as_array().unwrap().iter().all(link),
        other if other.starts_with("link<") => link(value),
        other => panic!("{place}: this test does not know the type {other}"),
    };
    assert!(fits, "{place}: {value} does not fit {of_type}");
}

fn is_sorted_set(value: &Value) -> bool {
    let members = value.as_array().unwrap();
    // The bytes of the members' JSON decide, as FORMATS §1 says of sets.
    let bytes: Vec<Vec<u8>> = members.iter().map(|member| member.to_string().into_bytes()).collect();
    !bytes.is_empty() && bytes.is_sorted_by(|one, next| one < next)
}
