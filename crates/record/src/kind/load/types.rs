//! Types of fields, columns and derived values, as the kind files write them.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::super::field::{Choice, Column, FieldType, Scalar, Target};
use super::raw::RawChoice;

pub(super) fn choices(raw: &[RawChoice]) -> Arc<[Choice]> {
    raw.iter().map(|c| Choice { id: c.id.clone(), label: c.label.clone(), help: c.help.clone() }).collect()
}

pub(super) fn parse_type(
    text: &str,
    values: &Arc<[Choice]>,
    columns: &BTreeMap<String, Arc<[Choice]>>,
) -> Result<FieldType, String> {
    let text = text.trim();
    let inside = |head: &str| text.strip_prefix(head).and_then(|rest| rest.strip_suffix('>')).map(str::trim);
    if let Some(target) = inside("links<") {
        return Ok(FieldType::Set(Scalar::Link(parse_target(target))));
    }
    if text == "files" {
        return Ok(FieldType::Set(Scalar::File));
    }
    if let Some(member) = inside("set<") {
        return Ok(FieldType::Set(parse_scalar(member, values)?));
    }
    if let Some(rows) = inside("list<") {
        let Some(rows) = rows.strip_prefix('{').and_then(|rows| rows.strip_suffix('}')) else {
            let kind = FieldType::One(parse_scalar(rows, values)?);
            return Ok(FieldType::List([Column { name: String::new(), kind }].into()));
        };
        let mut parsed = Vec::new();
        for column in rows.split(',') {
            let (name, kind) = column.split_once(':').ok_or_else(|| format!("`{column}` is not name: type"))?;
            let name = name.trim().to_owned();
            let none: Arc<[Choice]> = Arc::new([]);
            let values = columns.get(&name).unwrap_or(&none);
            parsed.push(Column { kind: parse_type(kind, values, columns).map_err(|why| format!("column `{name}`: {why}"))?, name });
        }
        return Ok(FieldType::List(parsed.into()));
    }
    Ok(FieldType::One(parse_scalar(text, values)?))
}

fn parse_scalar(text: &str, values: &Arc<[Choice]>) -> Result<Scalar, String> {
    Ok(match text {
        "text" => Scalar::Text,
        "markdown" => Scalar::Markdown,
        "int" => Scalar::Int,
        "decimal" => Scalar::Decimal,
        "bool" => Scalar::Bool,
        "date" => Scalar::Date,
        "datetime" => Scalar::DateTime,
        "period" => Scalar::Period,
        "duration" => Scalar::Duration,
        "money" => Scalar::Money,
        "url" => Scalar::Url,
        "email" => Scalar::Email,
        "file" => Scalar::File,
        "enum" => Scalar::Enum(values.clone()),
        _ => match text.strip_prefix("link<").and_then(|rest| rest.strip_suffix('>')) {
            Some(target) => Scalar::Link(parse_target(target.trim())),
            None => return Err(format!("unknown type `{text}`")),
        },
    })
}

fn parse_target(text: &str) -> Target {
    match text {
        "any" => Target::Any,
        "requirement" => Target::Requirement,
        kind => Target::Kind(kind.to_owned()),
    }
}
