//! What can be asked about the records that were made, and the log as a stranger gets it.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use serde_json::Value;
use vouch_app::ledger::courses;
use vouch_app::query::{self, Where};
use vouch_ledger::export::Sink;
use vouch_ledger::verify::{Source, Trust, Verdict, verify_export};
use vouch_ledger::{Policy, Show};
use vouch_record::Id;
use vouch_record::kind::{FieldSpec, FieldType, Kind, Scalar};

use super::walker::Walker;

/// Asks everything about the first record of a kind, and revises it where it can be.
pub(crate) fn of_kind(walker: &mut Walker, kind: &Kind) {
    walker.any(&kind.name).unwrap();
    let id = walker.made[&kind.name][0];
    let changed = revise_one(walker, kind, id);
    let view = walker.app.vouch.view(None).unwrap();
    let detail = query::show(&view, id.into()).unwrap_or_else(|error| panic!("{id}: {error}"));
    assert_eq!((detail.record.id.as_str(), detail.record.kind.as_str()), (id.to_string().as_str(), kind.name.as_str()));

    let listed = query::list(&view, &kind.name, &[]).unwrap();
    assert!(listed.records.iter().any(|record| record.id == detail.record.id) && listed.total == listed.records.len(), "{id}");
    lists_by(&view, kind, &detail);

    let events = query::history(&view, id).unwrap();
    let seqs: Vec<u64> = events.iter().map(|event| event.seq).collect();
    assert!(events[0].action == "create" && seqs.is_sorted(), "{id}: {events:?}");
    if let Some(field) = changed {
        let differences = query::diff(&view, id, detail.head - 1, detail.head).unwrap();
        assert!(differences.iter().any(|difference| difference.field == field), "{id}: `{field}` was changed, {differences:?}");
        let last = events.iter().rfind(|event| event.action == "revise").unwrap();
        assert!(last.changed.contains(&field), "{id}: {last:?}");
    }
    links_are_asked_both_ways(&view, kind, id);
}

/// Changes a field of the record, a text where it has one; the field.
fn revise_one(walker: &mut Walker, kind: &Kind, id: Id) -> Option<String> {
    if kind.name == "approval" {
        return None;
    }
    let is_text = |field: &FieldSpec| matches!(field.kind, FieldType::One(Scalar::Text | Scalar::Markdown));
    let mut fields: Vec<&FieldSpec> = kind.fields.iter().filter(|field| !field.program).collect();
    fields.sort_by_key(|field| !is_text(field));
    let mut said = String::new();
    for field in fields {
        let head = walker.head(id);
        let value = if is_text(field) {
            Some(Value::from(format!("another {} {}", field.name, walker.number())))
        } else {
            walker.value(field, 1)
        };
        let Some(value) = value else { continue };
        match walker.revise(id, [(field.name.clone(), value)].into_iter().collect()) {
            Ok(_) if walker.head(id) == head + 1 => return Some(field.name.clone()),
            Ok(_) => {}
            Err(error) => said = error.to_string(),
        }
    }
    panic!("nothing of {id} can be revised: {said}");
}

/// The record is found by its state, by a field and by a derived value; not by what it does not hold.
fn lists_by(view: &vouch_conform::View, kind: &Kind, detail: &query::Detail) {
    let text = |value: &Value| match value {
        Value::String(text) => Some(text.clone()),
        Value::Bool(_) | Value::Number(_) => Some(value.to_string()),
        _ => None,
    };
    let field = detail.record.fields.iter().find_map(|(name, value)| Some((name.clone(), text(value)?)));
    let derived = detail.derived.iter().find_map(|(name, value)| Some((name.clone(), text(value)?)));
    let conditions = [Some(("state".to_owned(), detail.record.state.clone())), field, derived];
    for (name, value) in conditions.into_iter().flatten() {
        let found = query::list(view, &kind.name, &[Where { name: name.clone(), value: value.clone() }]).unwrap();
        assert!(found.records.iter().any(|record| record.id == detail.record.id), "{}: {name}={value}", detail.record.id);
        // A value that nothing can have is refused where the values are known, and finds nothing elsewhere.
        let none = query::list(view, &kind.name, &[Where { name, value: format!("{value} not") }]);
        assert!(none.map_or_else(|error| error.kind == vouch_app::ErrorKind::Invalid, |none| none.records.is_empty()));
    }
}

/// Every record that this one links to says so.
fn links_are_asked_both_ways(view: &vouch_conform::View, kind: &Kind, id: Id) {
    let entry = view.find(id).unwrap();
    for field in &kind.fields {
        for target in entry.links(&field.name).filter(|target| target.id() != id) {
            let detail = query::show(view, target.id().into()).unwrap();
            assert!(
                detail.linked_from.contains(&id.to_string()),
                "{} does not know that {id} links to it in {}",
                target.id(),
                field.name
            );
        }
    }
}

/// A folder in memory.
#[derive(Default)]
struct Shelf(BTreeMap<String, Vec<u8>>);

impl Sink for Shelf {
    fn create<'a>(&'a mut self, path: &str) -> vouch_ledger::Result<Box<dyn Write + 'a>> {
        Ok(Box::new(self.0.entry(path.to_owned()).or_default()))
    }
}

impl Source for Shelf {
    fn paths(&self) -> vouch_ledger::Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }

    fn open(&self, path: &str) -> vouch_ledger::Result<Box<dyn Read + '_>> {
        Ok(Box::new(Cursor::new(self.0[path].as_slice())))
    }
}

/// The whole log is exported and every leaf verified; what lists show is what the log gives; and words find records.
pub(crate) fn of_the_log(walker: &Walker) {
    let vouch = &walker.app.vouch;
    let mut shelf = Shelf::default();
    let size = vouch.export(&mut shelf, &Policy::of_log([walker.app.key.clone()]), &|_| Show::All).unwrap();
    let policy = vouch.policy(&walker.app.key).unwrap();
    let trust = Trust::given(&policy);
    let report = verify_export(&shelf, &trust, &courses(&vouch.tables().kinds)).unwrap();
    assert!(report.faults.is_empty(), "{:?}", report.faults);
    let unproved: Vec<_> = report.items.iter().filter(|item| item.state != Verdict::Verified).collect();
    assert!(unproved.is_empty(), "{unproved:?}");
    assert_eq!((report.ok, report.entries, report.items.len() as u64), (true, size, size));
    assert!(!report.notes.iter().any(|note| note.contains("course not judged")), "{:?}", report.notes);
    let check = vouch.fsck(&walker.app.key, None).unwrap();
    assert!(check.faults.is_empty(), "{:?}", check.faults);
    let hits = vouch.search("Ada Founder", 5).unwrap();
    assert_eq!(hits[0].id, "PER-1");
}
