//! Values that a field may take, made from its type alone; a refused one has a successor.

use serde_json::{Map, Value, json};
use vouch_record::kind::{Column, FieldSpec, FieldType, Scalar, Target};

use super::walker::Walker;

/// Days that a date field tries, the day of the test being 2 March 2026.
const PAST: [&str; 4] = ["2026-03-01", "2026-03-02", "2026-12-01", "2026-02-01"];
const AHEAD: [&str; 4] = ["2026-12-01", "2027-02-01", "2026-03-02", "2026-03-15"];
const INSTANTS: [&str; 3] = ["2026-03-01T08:00:00Z", "2026-03-02T09:00:00Z", "2026-06-01T08:00:00Z"];
const TEXTS: [&str; 4] = ["1.0", "en", "DE", "P1M"];
const DECIMALS: [&str; 4] = ["0.5", "1", "100", "0"];
const DURATIONS: [&str; 3] = ["P30D", "P6M", "PT4H"];

impl Walker {
    /// The `attempt`th value for a field; none where the type has no more to offer.
    pub(crate) fn value(&mut self, field: &FieldSpec, attempt: usize) -> Option<Value> {
        self.typed(&field.name, &field.kind, attempt)
    }

    fn typed(&mut self, name: &str, kind: &FieldType, attempt: usize) -> Option<Value> {
        match kind {
            FieldType::One(scalar) => self.scalar(name, scalar, attempt),
            FieldType::Set(Scalar::Enum(choices)) if attempt >= choices.len() => {
                Some(choices.iter().map(|choice| json!(choice.id)).collect())
            }
            FieldType::Set(scalar) => self.scalar(name, scalar, attempt).map(|value| json!([value])),
            FieldType::List(columns) if columns.len() == 1 && columns[0].name.is_empty() => {
                let columns = columns.clone();
                self.typed(name, &columns[0].kind, attempt).map(|value| json!([value]))
            }
            FieldType::List(columns) => {
                let columns = columns.clone();
                // Each attempt has one row more than the one before, and other values in it.
                let rows: Vec<Value> = (0..=attempt).map(|at| self.row(&columns, at)).collect();
                Some(Value::Array(rows))
            }
        }
    }

    fn row(&mut self, columns: &[Column], attempt: usize) -> Value {
        let mut row = Map::new();
        for column in columns {
            if let Some(value) = self.typed(&column.name, &column.kind, attempt) {
                row.insert(column.name.clone(), value);
            }
        }
        Value::Object(row)
    }

    fn scalar(&mut self, name: &str, scalar: &Scalar, attempt: usize) -> Option<Value> {
        let pick = |all: &[&str]| json!(all[attempt % all.len()]);
        Some(match scalar {
            Scalar::Text | Scalar::Markdown if attempt == 0 => json!(format!("{} {}", name.replace('_', " "), self.number())),
            Scalar::Text | Scalar::Markdown => pick(&TEXTS),
            Scalar::Int => json!(attempt + 1),
            Scalar::Decimal => pick(&DECIMALS),
            Scalar::Bool => json!(attempt % 2 == 1),
            // Where four days do not do, days that no other record has.
            Scalar::Date if attempt >= PAST.len() => {
                json!(format!("2025-{:02}-{:02}", self.number() / 28 % 12 + 1, self.number() % 28 + 1))
            }
            Scalar::Date => {
                let ahead = ["until", "due", "review", "_by", "reconsider", "next", "planned", "again"]
                    .iter()
                    .any(|part| name.contains(part))
                    || name == "to";
                pick(if ahead { &AHEAD } else { &PAST })
            }
            Scalar::DateTime if name.contains("due") || name.contains("closes") => json!(INSTANTS[(attempt + 2) % INSTANTS.len()]),
            Scalar::DateTime => pick(&INSTANTS),
            Scalar::Duration => pick(&DURATIONS),
            Scalar::Period => json!({"from": "2026-03-01", "to": "2026-12-31"}),
            Scalar::Money => json!({"amount": "1000", "currency": "EUR"}),
            Scalar::Url => json!(format!("https://example.org/{}", self.number())),
            Scalar::Email => json!(format!("person{}@example.org", self.number())),
            Scalar::Enum(choices) => json!(choices[attempt % choices.len()].id),
            Scalar::File => self.file(),
            Scalar::Link(Target::Requirement) => json!(["iso42001:A.5.2", "iso42001:A.6.2.4"][attempt % 2]),
            Scalar::Link(Target::Any) => json!(["ORG-1", "PER-1", "ROL-1"][attempt % 3]),
            // Who judges is another person than who does.
            Scalar::Link(Target::Kind(kind)) if kind == "person" => {
                let judges = ["owner", "approve", "chair", "judge", "verif", "accept", "analys", "effect", "auditor", "handler"];
                let first = usize::from(judges.iter().any(|part| name.contains(part)));
                json!(["PER-2", "PER-1", "PER-3"][(attempt + first) % 3])
            }
            Scalar::Link(Target::Kind(kind)) if kind == "role" => json!(["ROL-2", "ROL-1"][attempt % 2]),
            Scalar::Link(Target::Kind(kind)) if kind == "organisation" => json!("ORG-1"),
            Scalar::Link(Target::Kind(kind)) => {
                let kind = kind.clone();
                json!(self.any(&kind)?.to_string())
            }
        })
    }
}
