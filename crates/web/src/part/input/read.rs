//! From what stands in a form to fields as `vouch put` takes them. What cannot be read goes on as it was typed, so that the use case
//! says what is wrong with it.

use jiff::civil::DateTime;
use serde_json::{Map, Value as Json, json};
use vouch_conform::View;
use vouch_record::kind::{Column, FieldSpec, FieldType, Scalar, Target};
use vouch_record::time::format_instant;
use vouch_record::{Id, Link};

use super::entered::{Entered, is_chosen};
use crate::part::value;

/// The fields of a form; an empty one is null, which empties the field.
pub(crate) fn fields<'s>(view: &View, specs: impl IntoIterator<Item = &'s FieldSpec>, entered: &Entered) -> Map<String, Json> {
    let reading = Reading { view, entered };
    specs.into_iter().map(|spec| (spec.name.clone(), reading.value(&spec.name, &spec.kind))).collect()
}

struct Reading<'r> {
    view: &'r View,
    entered: &'r Entered,
}

impl Reading<'_> {
    fn value(&self, name: &str, kind: &FieldType) -> Json {
        match kind {
            FieldType::One(Scalar::Link(target)) => self.links(name, target).next().unwrap_or(Json::Null),
            FieldType::One(scalar) => self.scalar(name, scalar),
            FieldType::Set(Scalar::Link(target)) => list(self.links(name, target)),
            FieldType::Set(scalar) if is_chosen(scalar) => list(self.entered.all(name).map(|text| one(scalar, text))),
            FieldType::Set(scalar) => {
                let lines = self.entered.value(name).lines().map(str::trim).filter(|line| !line.is_empty());
                list(lines.map(|text| one(scalar, text)))
            }
            FieldType::List(columns) => {
                let rows = (0..self.entered.rows(name)).map(|row| self.row(&format!("{name}.{row}"), columns));
                list(rows.filter(|row| !row.is_null()))
            }
        }
    }

    /// A row; null when nothing is filled in.
    fn row(&self, name: &str, columns: &[Column]) -> Json {
        if let [only] = columns
            && only.name.is_empty()
        {
            return self.value(name, &only.kind);
        }
        let cells =
            columns.iter().map(|column| (column.name.clone(), self.value(&format!("{name}.{}", column.name), &column.kind)));
        let cells: Map<String, Json> = cells.filter(|(_, cell)| !cell.is_null()).collect();
        if cells.is_empty() { Json::Null } else { Json::Object(cells) }
    }

    fn scalar(&self, name: &str, scalar: &Scalar) -> Json {
        match scalar {
            Scalar::Period => self.parts(name, ["from", "to"]),
            Scalar::Money => self.parts(name, ["amount", "currency"]),
            Scalar::DateTime => match self.entered.value(name).trim() {
                "" => Json::Null,
                text => json!(self.instant(text)),
            },
            Scalar::Duration => {
                let (count, unit) = (self.part(name, "count"), self.part(name, "unit"));
                match (count.as_str(), unit.strip_prefix('T')) {
                    // A program writes the duration whole.
                    ("", _) => one(scalar, self.entered.value(name)),
                    (count, Some(unit)) => json!(format!("PT{count}{unit}")),
                    (count, None) if unit.is_empty() => json!(count),
                    (count, None) => json!(format!("P{count}{unit}")),
                }
            }
            _ => one(scalar, self.entered.value(name)),
        }
    }

    fn part(&self, name: &str, part: &str) -> String {
        self.entered.value(&format!("{name}.{part}")).trim().to_owned()
    }

    fn parts(&self, name: &str, parts: [&str; 2]) -> Json {
        let values = parts.map(|part| self.part(name, part));
        // A currency alone is what the form proposes, and no amount.
        if values[0].is_empty() && (values[1].is_empty() || parts[1] == "currency") {
            return Json::Null;
        }
        json!({parts[0]: values[0], parts[1]: values[1]})
    }

    /// What a clock on the organisation's wall shows, as an instant.
    fn instant(&self, text: &str) -> String {
        let local = text.parse::<DateTime>().ok().and_then(|local| local.to_zoned(self.view.zone().clone()).ok());
        local.map_or_else(|| text.to_owned(), |zoned| format_instant(zoned.timestamp()))
    }

    /// Links that were chosen, then what was typed to find one.
    fn links<'n>(&'n self, name: &'n str, target: &'n Target) -> impl Iterator<Item = Json> + 'n {
        let typed = self.entered.value_of_part(name, "find");
        let typed = (!typed.is_empty()).then_some(typed);
        self.entered.all(name).chain(typed).map(|text| Json::from(link(self.view, target, text)))
    }
}

impl Entered {
    fn value_of_part(&self, name: &str, part: &str) -> &str {
        self.value(&format!("{name}.{part}")).trim()
    }
}

fn list(items: impl Iterator<Item = Json>) -> Json {
    let items: Vec<Json> = items.filter(|item| !item.is_null()).collect();
    if items.is_empty() { Json::Null } else { Json::Array(items) }
}

fn one(scalar: &Scalar, text: &str) -> Json {
    let text =
        if matches!(scalar, Scalar::Markdown) { text.replace("\r\n", "\n").trim_end().to_owned() } else { text.trim().to_owned() };
    if text.is_empty() {
        return Json::Null;
    }
    match scalar {
        Scalar::Int => text.parse::<i64>().map_or_else(|_| Json::from(text), Json::from),
        Scalar::Bool => text.parse::<bool>().map_or_else(|_| Json::from(text), Json::from),
        Scalar::File => serde_json::from_str(&text).unwrap_or(Json::from(text)),
        _ => Json::from(text),
    }
}

/// What was typed for a link: an id, an id with the name beside it, or a name that only one record bears.
pub(crate) fn link(view: &View, target: &Target, text: &str) -> String {
    let text = text.trim();
    let first = text.split_whitespace().next().unwrap_or_default();
    if *target == Target::Requirement {
        return if first.contains(':') || first.is_empty() { first.to_owned() } else { format!("iso42001:{first}") };
    }
    if let Ok(link) = first.parse::<Link>() {
        return link.to_string();
    }
    if let Some(link) = text.rsplit_once('(').and_then(|(_, rest)| rest.strip_suffix(')')?.parse::<Link>().ok()) {
        return link.to_string();
    }
    let Target::Kind(kind) = target else { return text.to_owned() };
    let mut bearers = view.all(kind).filter(|entry| value::name(*entry).eq_ignore_ascii_case(text)).map(|entry| entry.id());
    let only: Option<Id> = bearers.next().filter(|_| bearers.next().is_none());
    only.map_or_else(|| text.to_owned(), |id| id.to_string())
}
