//! Combinations that may occur once per kind (model/README: `unique`).

use std::collections::HashMap;

use vouch_conform::{Entry, View};
use vouch_record::kind::{Kind, UniquePart};
use vouch_record::validate::Problem;
use vouch_record::{Id, Value};

/// States in which a record no longer holds its unique values.
const RELEASED: [&str; 14] = [
    "set_aside",
    "retired",
    "withdrawn",
    "rejected",
    "refused",
    "replaced",
    "dismissed",
    "disposed",
    "dissolved",
    "ended",
    "closed",
    "void",
    "cancelled",
    "superseded",
];

/// Who holds which combination. Entries may be stale; what they name is looked at again before a write is refused.
#[derive(Default)]
pub(crate) struct Uniqueness(HashMap<(String, usize), HashMap<String, Vec<Id>>>);

impl Uniqueness {
    /// The combinations that `id` shares with another record that counts.
    pub(crate) fn clashes(&mut self, view: &View, id: Id) -> Vec<Problem> {
        let Some(entry) = view.find(id) else { return Vec::new() };
        let kind = entry.kind();
        let mut problems = Vec::new();
        for (place, parts) in kind.unique.iter().enumerate() {
            let Some(key) = key(entry, parts) else { continue };
            let held = self.0.entry((kind.name.clone(), place)).or_insert_with(|| index(view, kind, parts));
            let holders = held.entry(key.clone()).or_default();
            let other = holders
                .iter()
                .find(|other| **other != id && view.find(**other).and_then(|o| self::key(o, parts)) == Some(key.clone()));
            if let Some(other) = other {
                problems.push(clash(entry, parts, *other));
            }
            if !holders.contains(&id) {
                holders.push(id);
            }
        }
        problems
    }
}

fn index(view: &View, kind: &Kind, parts: &[UniquePart]) -> HashMap<String, Vec<Id>> {
    let mut index: HashMap<String, Vec<Id>> = HashMap::new();
    for entry in view.all(&kind.name) {
        if let Some(key) = key(entry, parts) {
            index.entry(key).or_default().push(entry.id());
        }
    }
    index
}

/// The combination a record holds; none if a member is empty or the record does not count.
fn key(entry: Entry<'_>, parts: &[UniquePart]) -> Option<String> {
    let state = if entry.is_set_aside() { "set_aside" } else { entry.standing().state.as_ref() };
    // What time alone does counts here too (FORMATS §2).
    if RELEASED.contains(&state) || RELEASED.contains(&entry.state()) {
        return None;
    }
    let mut key = String::new();
    for part in parts {
        match part {
            UniquePart::State(wanted) if wanted == state => {}
            UniquePart::State(_) => return None,
            UniquePart::Field(name) => {
                let value = entry.head().value(name).get()?;
                key.push_str(&evened(value));
                key.push('\u{1f}');
            }
        }
    }
    Some(key)
}

fn evened(value: &Value) -> String {
    value.as_text().map_or_else(|| String::from_utf8_lossy(&value.to_jcs()).into_owned(), |text| text.trim().to_lowercase())
}

fn clash(entry: Entry<'_>, parts: &[UniquePart], other: Id) -> Problem {
    let names: Vec<&str> =
        parts.iter().filter_map(|part| if let UniquePart::Field(name) = part { Some(name.as_str()) } else { None }).collect();
    let value = names.first().and_then(|name| entry.head().value(name).get()).map(evened).unwrap_or_default();
    Problem::of(&names.join(", "), value, format!("{other} has the same"), format!("change it, or revise {other}"))
}
