//! Writes whole records of any kind, reacting to what a refused write names.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use serde_json::{Map, Value, json};
use vouch_app::{Acting, Error, ErrorKind};
use vouch_record::Id;
use vouch_record::kind::{Kind, Required};
use vouch_record::validate::Problem;
use vouch_testkit::TestApp;

use super::recipes;

/// Most attempts at one write.
const MOST: usize = 40;
/// Persons that may be asked to act, the usual author first.
pub(crate) const PERSONS: [&str; 3] = ["PER-2", "PER-1", "PER-3"];

/// An organisation that is filled generically.
pub(crate) struct Walker {
    pub(crate) app: TestApp,
    /// what was made, by kind
    pub(crate) made: BTreeMap<String, Vec<Id>>,
    /// how often each field of each record was changed
    bumps: HashMap<(String, String), usize>,
    making: HashSet<String>,
    counter: u32,
    /// the day it is
    day: &'static str,
    file: Option<Value>,
}

impl Walker {
    /// Three people; PER-3 holds the role of the internal auditor, for whom nobody stands in.
    pub(crate) fn new() -> Self {
        let app = TestApp::founded();
        let mut walker = Self {
            app,
            made: BTreeMap::new(),
            bumps: HashMap::new(),
            making: HashSet::new(),
            counter: 0,
            day: "2026-03-02",
            file: None,
        };
        for (kind, id) in [("organisation", "ORG-1"), ("person", "PER-2"), ("role", "ROL-1"), ("approval", "APV-1")] {
            walker.made.insert(kind.to_owned(), vec![id.parse().unwrap()]);
        }
        walker.assign_roles();
        walker
    }

    /// Roles for which nobody may stand in, or whose holder also moves what is to be approved.
    fn assign_roles(&mut self) {
        let both = ["PER-2", "PER-3"];
        let keys: [(&str, &[&str]); 6] = [
            ("internal_auditor", &["PER-3"]),
            ("engineering_lead", &both),
            ("data_owner", &both),
            ("support_lead", &both),
            ("procurement_lead", &both),
            ("quality_lead", &both),
        ];
        for (key, holders) in keys {
            let holders: Vec<Value> =
                holders.iter().map(|person| json!({"person": person, "capacity": "holder", "from": "2026-03-01"})).collect();
            let fields = json!({
                "title": key, "key": key, "purpose": "for the test", "holders": holders, "review_by": "2026-12-01", "reports_to": "ROL-1",
                "activities": [{"activity": "audit", "part": "responsible"}],
            });
            let role = self.create_with("role", vouch_testkit::fields(fields)).unwrap_or_else(|error| panic!("{key}: {error}"));
            self.app.act_as("PER-1");
            self.app.try_decide(role, "approve", "approved").unwrap_or_else(|error| panic!("{key}: {error} {:?}", error.hint));
        }
    }

    pub(crate) fn number(&mut self) -> u32 {
        self.counter += 1;
        self.counter
    }

    pub(crate) fn kind(&self, name: &str) -> Arc<Kind> {
        self.app.vouch.tables().kinds.get(name).unwrap().clone()
    }

    /// A file that is kept: attached to an evidence record once.
    pub(crate) fn file(&mut self) -> Value {
        if let Some(file) = &self.file {
            return file.clone();
        }
        // Until it is there, records are made without files.
        self.file = Some(Value::Null);
        let evidence = self.any("evidence").expect("evidence is made without a file");
        let bytes = b"what a file holds";
        let attached = self.app.vouch.attach(acting("PER-2"), evidence, None, "proof.txt", &mut bytes.as_slice()).unwrap();
        let file = json!({"name": "proof.txt", "sha256": attached.sha256, "size": bytes.len()});
        self.file = Some(file.clone());
        file
    }

    /// A record of this kind: one that was made, else a new one; none while one is being made.
    pub(crate) fn any(&mut self, kind: &str) -> Option<Id> {
        if let Some(id) = self.made.get(kind).and_then(|ids| ids.last()) {
            return Some(*id);
        }
        if !self.making.insert(kind.to_owned()) {
            return None;
        }
        let made = self.create(kind);
        self.making.remove(kind);
        Some(made.unwrap_or_else(|error| panic!("{kind}: {error}")))
    }

    /// Creates a record: what is always needed, then whatever a refusal names.
    pub(crate) fn create(&mut self, name: &str) -> Result<Id, Error> {
        self.create_with(name, recipes::of(name))
    }

    /// The same beginning with these fields.
    pub(crate) fn create_with(&mut self, name: &str, mut fields: Map<String, Value>) -> Result<Id, Error> {
        let kind = self.kind(name);
        let place = format!("new {name} {}", self.number());
        for field in kind.fields.iter().filter(|field| field.required == Required::Always && !field.program) {
            if fields.contains_key(&field.name) {
                continue;
            }
            if let Some(value) = self.value(field, 0) {
                fields.insert(field.name.clone(), value);
            }
        }
        let mut last = None;
        for _ in 0..MOST {
            let (name, handed) = (name.to_owned(), fields.clone());
            match self.tried(|app| app.vouch.perform(acting("PER-2"), move |work| work.create(&name, &handed))) {
                Ok(id) => {
                    self.made.entry(kind.name.clone()).or_default().push(id);
                    return Ok(id);
                }
                Err(error) => {
                    for problem in &error.problems {
                        fields.extend(self.answer(&kind, &place, problem));
                    }
                    let stuck = error.problems.is_empty();
                    last = Some(error);
                    if stuck {
                        break;
                    }
                }
            }
        }
        Err(last.expect("it was tried"))
    }

    /// New values for the fields that a problem names.
    pub(crate) fn answer(&mut self, kind: &Kind, place: &str, problem: &Problem) -> Vec<(String, Value)> {
        let names: Vec<String> = problem.field.split(", ").map(str::to_owned).collect();
        let (taken, needed) = (problem.reason.ends_with("has the same"), problem.reason.contains("needed"));
        let mut answers = Vec::new();
        for name in names {
            let Some(field) = kind.field(&name) else { continue };
            // A new text is another one each time; of other types the next value is taken.
            let again = needed || taken && is_text(field);
            let attempt = if again {
                self.bumps.get(&(place.to_owned(), name.clone())).copied().unwrap_or(0)
            } else {
                self.bump(place, &name)
            };
            if let Some(value) = self.value(field, attempt) {
                answers.push((name, value));
            }
        }
        answers
    }

    /// Revises the head of a record, answering what a refusal names; whether anything changed.
    pub(crate) fn revise(&mut self, id: Id, mut fields: Map<String, Value>) -> Result<bool, Error> {
        let kind = self.app.vouch.tables().kinds.of(id).unwrap().clone();
        let place = id.to_string();
        let mut last = None;
        for _ in 0..MOST {
            let head = self.head(id);
            let handed = fields.clone();
            // Whoever wrote the record goes on writing it, where nothing else is asked.
            match self.tried(|app| app.vouch.perform(acting(PERSONS[0]), move |work| work.revise(id, head, &handed))) {
                Ok(written) => return Ok(!written.changed.is_empty()),
                Err(error) => {
                    let answers: Vec<_> = error.problems.iter().flat_map(|problem| self.answer(&kind, &place, problem)).collect();
                    let stuck = answers.is_empty();
                    fields.extend(answers);
                    last = Some(error);
                    if stuck {
                        break;
                    }
                }
            }
        }
        Err(last.expect("it was tried"))
    }

    /// Whether the head of a record holds a field.
    pub(crate) fn has(&self, id: Id, field: &str) -> bool {
        let view = self.app.vouch.view(None).unwrap();
        view.find(id).is_some_and(|entry| entry.head().value(field).is_filled())
    }

    /// Goes on at a later day.
    pub(crate) fn go_on(&mut self, day: &'static str) {
        self.day = day;
        self.tick();
    }

    /// Lets a moment pass, so that no two decisions bear the same time.
    pub(crate) fn tick(&mut self) {
        let number = self.number();
        self.app.clock.set(&format!(
            "{}T09:{:02}:{:02}.{:03}Z",
            self.day,
            number / 60_000 % 60,
            number / 1_000 % 60,
            number % 1_000
        ));
    }

    /// The number of a record's head.
    pub(crate) fn head(&self, id: Id) -> u32 {
        let view = self.app.vouch.view(None).unwrap();
        let entry = view.find(id).unwrap();
        entry.standing().head.leaf(entry.record()).revision
    }

    /// The number of the next attempt at a field of a record.
    pub(crate) fn bump(&mut self, place: &str, field: &str) -> usize {
        let count = self.bumps.entry((place.to_owned(), field.to_owned())).or_default();
        *count += 1;
        *count
    }

    /// Runs a use case. A refusal says what to do: in its hint, or for each field.
    pub(crate) fn tried<T>(&self, action: impl FnOnce(&TestApp) -> Result<T, Error>) -> Result<T, Error> {
        let before = self.app.vouch.state().size();
        let result = action(&self.app);
        if let Err(error) = &result {
            assert!(
                matches!(error.kind, ErrorKind::Invalid | ErrorKind::Refused | ErrorKind::Conflict | ErrorKind::NotFound),
                "{error:?}"
            );
            assert!(error.hint.is_some() || !error.problems.is_empty(), "nothing says what to do: {error}");
            for problem in &error.problems {
                assert!(!problem.field.is_empty() && !problem.reason.is_empty() && !problem.remedy.is_empty(), "{problem:?}");
            }
            assert_eq!(self.app.vouch.state().size(), before, "a refused write leaves nothing: {error}");
        }
        result
    }
}

fn is_text(field: &vouch_record::kind::FieldSpec) -> bool {
    use vouch_record::kind::{FieldType, Scalar};
    matches!(field.kind, FieldType::One(Scalar::Text | Scalar::Markdown | Scalar::Email))
}

/// A person who acts.
pub(crate) fn acting(person: &str) -> Acting {
    Acting::local(person.parse().unwrap())
}
