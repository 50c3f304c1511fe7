//! Values as they are handed in to values as they are stored.

use rust_decimal::Decimal;
use serde_json::Value as Json;
use unicode_normalization::UnicodeNormalization;

use super::{Problem, shortened};
use crate::body::{LARGEST_BODY, LARGEST_FIELD, MOST_ROWS};
use crate::id::Link;
use crate::kind::{Choice, Column, FieldSpec, FieldType, Kind, Scalar, Target};
use crate::time::{format_instant, parse_date, parse_duration, read_instant};
use crate::value::{LARGEST_INTEGER, Value};

/// What was handed in for each field, encoded; an empty value asks to empty the field.
pub type Handed = Vec<(Box<str>, Value)>;

/// Encodes fields as FORMATS §1 wants them: NFC, canonical decimals, sorted sets, empty cells left out.
///
/// `program` lets through the fields that only the program writes.
///
/// # Errors
/// Every defect, not only the first.
pub fn encode(kind: &Kind, handed: &serde_json::Map<String, Json>, program: bool) -> Result<Handed, Vec<Problem>> {
    let mut fields = Handed::new();
    let mut problems = Vec::new();
    let mut size = 2;
    for (name, json) in handed {
        let Some(field) = kind.field(name) else {
            problems.push(unknown(kind, name));
            continue;
        };
        if field.program && !program {
            problems.push(Problem::of(name, short(json), "the program writes this field", "leave it out"));
            continue;
        }
        let encoded = Encoder { field, problems: &mut problems }.field(json);
        match encoded {
            Some(value) => {
                let bytes = value.to_jcs().len();
                size += bytes + name.len() + 4;
                if bytes > LARGEST_FIELD {
                    let reason = format!("it takes {bytes} bytes, a field holds at most {LARGEST_FIELD}");
                    problems.push(Problem::of(name, "", reason, "shorten it or attach it as a file"));
                }
                fields.push((name.as_str().into(), value));
            }
            None => debug_assert!(!problems.is_empty(), "a value that cannot be encoded has a reason"),
        }
    }
    if size > LARGEST_BODY {
        let reason = format!("the record takes {size} bytes, at most {LARGEST_BODY} are kept");
        problems.push(Problem::of("", "", reason, "attach long texts as files"));
    }
    if problems.is_empty() { Ok(fields) } else { Err(problems) }
}

fn short(json: &Json) -> String {
    json.as_str().map_or_else(|| shortened(&json.to_string()), shortened)
}

fn unknown(kind: &Kind, name: &str) -> Problem {
    let near = kind.fields.iter().map(|field| field.name.as_str()).filter(|known| near(known, name)).take(3).collect::<Vec<_>>();
    let remedy = if near.is_empty() {
        format!("see `vouch kinds {}` for its fields", kind.name)
    } else {
        format!("perhaps `{}` is meant", near.join("`, `"))
    };
    let derived = kind.derived(name).is_some();
    let reason = if derived { "it is computed and never typed".to_owned() } else { format!("{} has no such field", kind.name) };
    Problem::of(name, "", reason, if derived { "leave it out".to_owned() } else { remedy })
}

fn near(known: &str, name: &str) -> bool {
    known.contains(name) || name.contains(known) || known.bytes().zip(name.bytes()).take_while(|(a, b)| a == b).count() >= 5
}

struct Encoder<'f> {
    field: &'f FieldSpec,
    problems: &'f mut Vec<Problem>,
}

/// Place of a value within its field.
#[derive(Clone, Copy)]
struct Place<'p> {
    row: Option<usize>,
    column: Option<&'p str>,
}

impl Encoder<'_> {
    fn field(&mut self, json: &Json) -> Option<Value> {
        let here = Place { row: None, column: None };
        self.value(json, &self.field.kind.clone(), here)
    }

    fn refuse(&mut self, at: Place<'_>, json: &Json, reason: impl Into<String>, remedy: impl Into<String>) -> Option<Value> {
        let problem = Problem::of(&self.field.name, short(json), reason, remedy);
        self.problems.push(Problem { row: at.row, column: at.column.map(str::to_owned), ..problem });
        None
    }

    fn value(&mut self, json: &Json, kind: &FieldType, at: Place<'_>) -> Option<Value> {
        match kind {
            FieldType::One(scalar) => self.scalar(json, scalar, at),
            FieldType::Set(scalar) => self.set(json, scalar, at),
            FieldType::List(columns) => self.list(json, columns, at),
        }
    }

    fn set(&mut self, json: &Json, scalar: &Scalar, at: Place<'_>) -> Option<Value> {
        let one = [json.clone()];
        let items: &[Json] = match json {
            Json::Array(items) => items,
            Json::Null => &[],
            Json::String(text) if text.is_empty() => &[],
            // One member may be given without the brackets.
            _ => &one,
        };
        let encoded: Vec<Option<Value>> = items.iter().map(|item| self.scalar(item, scalar, at)).collect();
        let filled = encoded.into_iter().collect::<Option<Vec<Value>>>()?.into_iter().filter(|member| !member.is_empty());
        let mut members: Vec<(Vec<u8>, Value)> = filled.map(|member| (member.to_jcs(), member)).collect();
        members.sort_by(|a, b| a.0.cmp(&b.0));
        members.dedup_by(|a, b| a.0 == b.0);
        Some(Value::List(members.into_iter().map(|(_, member)| member).collect()))
    }

    fn list(&mut self, json: &Json, columns: &[Column], at: Place<'_>) -> Option<Value> {
        let items = match json {
            Json::Array(items) => items.as_slice(),
            Json::Null => &[],
            Json::String(text) if text.is_empty() => &[],
            _ => return self.refuse(at, json, "a list of rows is wanted", "write it as `[{…}, {…}]`"),
        };
        if items.len() > MOST_ROWS {
            let reason = format!("it has {} rows, a list holds at most {MOST_ROWS}", items.len());
            return self.refuse(at, &Json::Null, reason, "split the record or attach the list as a file");
        }
        let mut rows = Vec::new();
        for (index, item) in items.iter().enumerate() {
            let at = Place { row: Some(index + 1), column: None };
            rows.push(match columns {
                [only] if only.name.is_empty() => self.value(item, &only.kind, at),
                _ => self.row(item, columns, at),
            });
        }
        // Every row is looked at before the list is given up, so that all defects are said at once.
        rows.into_iter().collect::<Option<Vec<Value>>>().map(|rows| Value::List(rows.into()))
    }

    fn row(&mut self, json: &Json, columns: &[Column], at: Place<'_>) -> Option<Value> {
        let Json::Object(cells) = json else {
            return self.refuse(at, json, "a row is an object of columns", "write it as `{\"column\": value}`");
        };
        let mut row = Vec::new();
        let mut sound = true;
        for (name, cell) in cells {
            let Some(column) = columns.iter().find(|column| column.name == *name) else {
                let known = columns.iter().map(|column| column.name.as_str()).collect::<Vec<_>>().join("`, `");
                self.refuse(
                    Place { column: Some(name), ..at },
                    cell,
                    "the list has no such column",
                    format!("its columns are `{known}`"),
                );
                sound = false;
                continue;
            };
            match self.value(cell, &column.kind, Place { column: Some(name), ..at }) {
                Some(value) if value.is_empty() => {}
                Some(value) => row.push((name.as_str().into(), value)),
                None => sound = false,
            }
        }
        if sound && row.is_empty() {
            return self.refuse(at, json, "the row is empty", "fill it or leave it out");
        }
        sound.then(|| Value::map(row))
    }

    fn scalar(&mut self, json: &Json, scalar: &Scalar, at: Place<'_>) -> Option<Value> {
        if json.is_null() || json.as_str() == Some("") {
            return Some(Value::text(""));
        }
        let (encoded, reason, remedy): (Option<Value>, &str, &str) = match scalar {
            Scalar::Text | Scalar::Markdown => (text(json), "text is wanted", "put it in quotes"),
            Scalar::Int => (int(json), "a whole number within ±(2^53−1) is wanted", "write it without fraction or quotes"),
            Scalar::Decimal => {
                (decimal(json), "a decimal number without exponent is wanted", "write it as text, for example \"0.25\"")
            }
            Scalar::Bool => (json.as_bool().map(Value::Bool), "true or false is wanted", "write it without quotes"),
            Scalar::Date => (date(json), "a day of the form YYYY-MM-DD is wanted", "write it like 2026-11-21"),
            Scalar::DateTime => (instant(json), "an instant in RFC 3339 is wanted", "write it like 2026-11-21T12:00:00Z"),
            Scalar::Duration => (duration(json), "an ISO 8601 duration is wanted", "write it like P6M, P30D or PT4H"),
            Scalar::Period => return self.parts(json, &[("from", &Scalar::Date), ("to", &Scalar::Date)], at),
            Scalar::Money => return self.parts(json, &[("amount", &Scalar::Decimal), ("currency", &Scalar::Text)], at),
            Scalar::File => {
                return self.parts(json, &[("name", &Scalar::Text), ("sha256", &Scalar::Text), ("size", &Scalar::Int)], at);
            }
            Scalar::Url => (url(json), "an address with its scheme is wanted", "write it like https://example.org/page"),
            Scalar::Email => (email(json), "an e-mail address is wanted", "write it like name@example.org"),
            Scalar::Enum(choices) => return self.choice(json, choices, at),
            Scalar::Link(target) => return self.link(json, target, at),
        };
        encoded.or_else(|| self.refuse(at, json, reason, remedy))
    }

    fn choice(&mut self, json: &Json, choices: &[Choice], at: Place<'_>) -> Option<Value> {
        let wanted = json.as_str().unwrap_or_default();
        if let Some(choice) = choices.iter().find(|choice| choice.id == wanted) {
            return Some(Value::text(choice.id.as_str()));
        }
        let ids = choices.iter().map(|choice| choice.id.as_str()).collect::<Vec<_>>().join("`, `");
        self.refuse(at, json, "it is not one of the values", format!("use one of `{ids}`"))
    }

    fn link(&mut self, json: &Json, target: &Target, at: Place<'_>) -> Option<Value> {
        let written = json.as_str().unwrap_or_default();
        if *target == Target::Requirement {
            let sound = written.split_once(':').is_some_and(|(framework, item)| !framework.is_empty() && !item.is_empty());
            return if sound {
                Some(Value::text(written))
            } else {
                self.refuse(at, json, "a requirement is named by framework and item", "write it like iso42001:A.5.2")
            };
        }
        match written.parse::<Link>() {
            Ok(link) => Some(Value::text(link.to_string())),
            Err(_) => self.refuse(at, json, "it is no id of a record", "write it like SYS-3 or DOC-4@2"),
        }
    }

    fn parts(&mut self, json: &Json, parts: &[(&str, &Scalar)], at: Place<'_>) -> Option<Value> {
        let names = parts.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        let whole =
            json.as_object().filter(|object| object.len() == parts.len() && parts.iter().all(|(n, _)| object.contains_key(*n)));
        let Some(object) = whole else {
            return self.refuse(at, json, format!("an object of exactly {names} is wanted"), "write all its members");
        };
        let mut members = Vec::new();
        for (name, scalar) in parts {
            let part = self.scalar(&object[*name], scalar, at)?;
            if part.is_empty() {
                return self.refuse(at, json, format!("`{name}` is empty"), "fill it");
            }
            members.push(((*name).into(), part));
        }
        let value = Value::map(members);
        match self.part_defect(&value) {
            None => Some(value),
            Some(reason) => self.refuse(at, json, reason, "correct it"),
        }
    }

    fn part_defect(&self, value: &Value) -> Option<&'static str> {
        let part = |name| value.get(name).and_then(Value::as_text);
        if let (Some(from), Some(to)) = (part("from"), part("to"))
            && from > to
        {
            return Some("it ends before it begins");
        }
        if part("currency").is_some_and(|code| code.len() != 3 || !code.bytes().all(|b| b.is_ascii_uppercase())) {
            return Some("the currency is no ISO 4217 code");
        }
        let hex = |digest: &str| digest.len() == 64 && digest.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        if part("sha256").is_some_and(|digest| !hex(digest)) {
            return Some("sha256 is not 64 small hex digits");
        }
        value.get("size").and_then(Value::as_int).is_some_and(|size| size < 0).then_some("the size is negative")
    }
}

fn text(json: &Json) -> Option<Value> {
    json.as_str().map(|text| Value::text(text.nfc().collect::<String>()))
}

fn int(json: &Json) -> Option<Value> {
    json.as_i64().filter(|int| int.abs() <= LARGEST_INTEGER).map(Value::Int)
}

fn decimal(json: &Json) -> Option<Value> {
    let written = match json {
        Json::String(text) => text.clone(),
        Json::Number(number) if number.is_i64() || number.is_u64() => number.to_string(),
        _ => return None,
    };
    let plain = written.strip_prefix('-').unwrap_or(&written);
    let digits = plain.bytes().all(|b| b.is_ascii_digit() || b == b'.') && plain.starts_with(|c: char| c.is_ascii_digit());
    let number: Decimal = digits.then(|| written.parse().ok()).flatten()?;
    Some(Value::text(number.normalize().to_string()))
}

fn date(json: &Json) -> Option<Value> {
    let text = json.as_str()?;
    parse_date(text).map(|_| Value::text(text))
}

fn instant(json: &Json) -> Option<Value> {
    read_instant(json.as_str()?).map(|at| Value::text(format_instant(at)))
}

fn duration(json: &Json) -> Option<Value> {
    let text = json.as_str()?;
    parse_duration(text).map(|_| Value::text(text))
}

fn url(json: &Json) -> Option<Value> {
    let text = json.as_str()?;
    let (scheme, rest) = text.split_once("://")?;
    let known = matches!(scheme, "https" | "http" | "file" | "ftp" | "git" | "ssh" | "s3");
    (known && !rest.is_empty() && !text.contains(char::is_whitespace) && !text.contains(char::is_control))
        .then(|| Value::text(text))
}

fn email(json: &Json) -> Option<Value> {
    let text = json.as_str()?;
    let (local, domain) = text.rsplit_once('@')?;
    let sound = !local.is_empty() && domain.contains('.') && !domain.starts_with('.') && !domain.ends_with('.');
    (sound && !text.contains(char::is_whitespace) && !text.contains(char::is_control))
        .then(|| Value::text(text.nfc().collect::<String>()))
}
