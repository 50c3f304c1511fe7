//! From lives to a log of leaves. Nothing is validated but fields, values and states, so that a slip of the pen is seen.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json, json};
use vouch_record::kind::{Column, FieldType, Scalar, Target};
use vouch_record::state::Erasure;
use vouch_record::time::{end_of_day, format_instant};
use vouch_record::{Action, Actor, Body, Id, Kind, Kinds, Leaf, State, Value};

use super::life::{Life, Step, day, instant};
use super::patch::Lives;
use crate::view::{Basis, Bound, View};

/// An organisation built from lives.
pub(crate) struct Built {
    pub(crate) state: Arc<State>,
    pub(crate) today: Date,
    /// label of each record
    pub(crate) labels: HashMap<Id, String>,
    pub(crate) bound: Bound,
}

/// A leaf to be written.
#[derive(Clone)]
struct Entry {
    at: Timestamp,
    label: String,
    by: String,
    what: What,
}

#[derive(Clone)]
enum What {
    Create(Map<String, Json>, Option<String>),
    Revise(Map<String, Json>, Option<String>),
    Transition { step: Box<Step>, causes: Vec<String> },
    Aside(String),
}

/// A number that depends on seed and label alone; leaves of one record and of its approvals stay together.
fn mixed(seed: u64, label: &str) -> u64 {
    label.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
}

struct Writer {
    kinds: Arc<Kinds>,
    ids: BTreeMap<String, Id>,
    state: State,
    heads: HashMap<String, (u32, String, Body)>,
}

/// Builds an organisation; every defect is named with its record.
pub(crate) fn build(lives: &Lives, kinds: &Arc<Kinds>) -> Result<Built, String> {
    built(lives, kinds, None)
}

/// The same with records of one instant in another order.
pub(crate) fn build_shuffled(lives: &Lives, kinds: &Arc<Kinds>, seed: u64) -> Result<Built, String> {
    built(lives, kinds, Some(seed))
}

fn built(lives: &Lives, kinds: &Arc<Kinds>, seed: Option<u64>) -> Result<Built, String> {
    let mut entries: Vec<Entry> = Vec::new();
    for ((prefix, number), life) in &lives.of {
        let label = format!("{prefix}-{number}");
        let life: Life = serde_json::from_value(life.clone()).map_err(|error| format!("{label}: {error}"))?;
        entries.extend(life_of(&label, &life).map_err(|error| format!("{label}: {error}"))?);
    }
    entries.sort_by_key(|entry| (entry.at, seed.map(|seed| mixed(seed, entry.label.split('/').next().unwrap_or_default()))));
    let mut writer = Writer { kinds: kinds.clone(), ids: BTreeMap::new(), state: State::new(kinds.clone()), heads: HashMap::new() };
    writer.number(&entries)?;
    for entry in &entries {
        writer.write(entry).map_err(|error| format!("{}: {error}", entry.label))?;
    }
    let today = day(&lives.today)?;
    for (label, fields) in &lives.erase {
        writer.erase(label, fields, today).map_err(|error| format!("erase {label}: {error}"))?;
    }
    let mut broken = HashSet::new();
    for label in &lives.unbound {
        let id = writer.id(label)?;
        broken.extend(writer.state.get(id).into_iter().flat_map(|record| record.leaves.iter().map(|leaf| leaf.seq)));
    }
    let labels = writer.ids.iter().map(|(label, id)| (*id, label.clone())).collect();
    let bound = Bound { size: writer.state.size(), broken };
    Ok(Built { state: Arc::new(writer.state), today, labels, bound })
}

/// The leaves of one record, with the approvals given in its steps before them.
fn life_of(label: &str, life: &Life) -> Result<Vec<Entry>, String> {
    let mut last = instant(&life.at)?;
    let mut entries = vec![Entry { at: last, label: label.to_owned(), by: life.by.clone(), what: What::Create(life.fields.clone(), life.state.clone()) }];
    let mut revision = 1;
    let mut given: HashMap<String, usize> = HashMap::new();
    for (number, step) in life.then.iter().enumerate() {
        let at = instant(&step.at)?;
        if at < last {
            return Err(format!("step {} is earlier than the one before it", number + 1));
        }
        last = at;
        let mut causes = step.cause.clone();
        for fields in step.approve.iter().flat_map(|approve| approve.each()) {
            let (name, fields) = approval(label, revision, &fields, at, &mut given);
            causes.push(name.clone());
            let by = fields["by"].as_str().unwrap_or_default().to_owned();
            entries.push(Entry { at, label: name, by, what: What::Create(fields, None) });
        }
        let what = match (&step.revise, &step.to, &step.aside) {
            (Some(fields), None, None) => {
                revision += 1;
                What::Revise(fields.clone(), step.state.clone())
            }
            (None, Some(_), None) => What::Transition { step: Box::new(step.clone()), causes },
            (None, None, Some(reason)) => What::Aside(reason.clone()),
            (None, None, None) if step.approve.is_some() => continue,
            _ => return Err(format!("step {} is to have one of `to`, `revise`, `aside`, `approve`", number + 1)),
        };
        entries.push(Entry { at, label: label.to_owned(), by: step.by.clone(), what });
    }
    Ok(entries)
}

/// The label and the fields of an approval that a step gives.
fn approval(subject: &str, revision: u32, given: &Map<String, Json>, at: Timestamp, count: &mut HashMap<String, usize>) -> (String, Map<String, Json>) {
    let mut fields = Map::from_iter([
        ("subject".to_owned(), json!(subject)),
        ("subject_revision".to_owned(), json!(revision)),
        ("subject_commitment".to_owned(), json!(format!("{subject}@{revision}"))),
        ("purpose".to_owned(), json!("approve")),
        ("decision".to_owned(), json!("approved")),
        ("at".to_owned(), json!(format_instant(at))),
        ("reason".to_owned(), json!("read and found right")),
        ("sign_in".to_owned(), json!("passkey")),
    ]);
    fields.extend(given.clone());
    let purpose = fields["purpose"].as_str().unwrap_or_default().to_owned();
    let number = count.entry(purpose.clone()).or_default();
    *number += 1;
    let name = if *number == 1 { format!("{subject}/{purpose}") } else { format!("{subject}/{purpose}#{number}") };
    (name, fields)
}

impl Writer {
    fn kind(&self, label: &str) -> Result<Arc<Kind>, String> {
        let prefix = if label.contains('/') { "APV" } else { label.split('-').next().unwrap_or_default() };
        let id = Id::new(prefix, 1).ok_or_else(|| format!("`{label}` is no label"))?;
        self.kinds.of(id).cloned().ok_or_else(|| format!("no kind has the prefix {prefix}"))
    }

    fn id(&self, label: &str) -> Result<Id, String> {
        self.ids.get(label).copied().ok_or_else(|| format!("there is no {label}"))
    }

    /// Numbers follow the order of creation.
    fn number(&mut self, entries: &[Entry]) -> Result<(), String> {
        let mut last: HashMap<String, u32> = HashMap::new();
        for entry in entries {
            if let What::Create(..) = entry.what {
                let prefix = self.kind(&entry.label)?.prefix.clone();
                let number = last.entry(prefix.clone()).or_default();
                *number += 1;
                let id = Id::new(&prefix, *number).ok_or("a prefix has three capitals")?;
                self.ids.insert(entry.label.clone(), id);
            }
        }
        Ok(())
    }

    fn write(&mut self, entry: &Entry) -> Result<(), String> {
        let kind = self.kind(&entry.label)?;
        let id = self.id(&entry.label)?;
        let (head, state, body) = self.heads.get(&entry.label).cloned().unwrap_or((0, String::new(), Body::default()));
        let (action, revision, state, content, written) = match &entry.what {
            What::Create(fields, state) => {
                let content = Body::new(self.encode(&kind, fields)?);
                let first = state.as_deref().or(kind.draft()).unwrap_or(kind.first_state()).to_owned();
                kind.state_rank(&first).ok_or_else(|| format!("`{first}` is no state of {}", kind.name))?;
                (Action::Create, 1, first, content.clone(), content)
            }
            What::Revise(fields, to) => {
                let content = body.with(self.encode(&kind, fields)?);
                let to = to.clone().unwrap_or(state);
                kind.state_rank(&to).ok_or_else(|| format!("`{to}` is no state of {}", kind.name))?;
                (Action::Revise, head + 1, to, content.clone(), content)
            }
            What::Transition { step, causes } => {
                let to = step.to.clone().unwrap_or_default();
                let from = step.from.clone().unwrap_or(state);
                if kind.ways(&from, &to).next().is_none() {
                    return Err(format!("no transition leads from `{from}` to `{to}`"));
                }
                let set = self.encode(&kind, &step.set)?;
                let content = body.with(set.clone());
                (Action::Transition, head, to.clone(), content, self.transition(&from, &to, step, causes, set)?)
            }
            What::Aside(reason) => {
                let written = Body::new([("reason".into(), Value::text(reason.as_str()))]);
                (Action::SetAside, head, vouch_record::state::SET_ASIDE.to_owned(), body, written)
            }
        };
        let actor = self.actor(&entry.by)?;
        self.push(id, (entry.at, actor), action, (revision, &state), written)?;
        self.heads.insert(entry.label.clone(), (revision, state, content));
        Ok(())
    }

    fn transition(&mut self, from: &str, to: &str, step: &Step, causes: &[String], set: Vec<(Box<str>, Value)>) -> Result<Body, String> {
        let causes: Result<Vec<Value>, String> = causes.iter().map(|label| Ok(Value::text(self.id(label)?.to_string()))).collect();
        Ok(Body::new([
            ("from".into(), Value::text(from)),
            ("to".into(), Value::text(to)),
            ("reason".into(), Value::text(step.reason.as_deref().unwrap_or("done"))),
            ("cause".into(), Value::List(causes?.into())),
            ("set".into(), Value::map(set)),
        ]))
    }

    fn actor(&self, by: &str) -> Result<Actor, String> {
        match by.parse::<Actor>() {
            Ok(Actor::Person(_)) => Ok(Actor::Person(self.id(by)?)),
            Ok(actor) => Ok(actor),
            Err(()) => Err(format!("`{by}` is no actor")),
        }
    }

    fn push(&mut self, id: Id, by: (Timestamp, Actor), action: Action, course: (u32, &str), body: Body) -> Result<(), String> {
        let seq = self.state.size();
        let mut commitment = [0; 32];
        commitment[..8].copy_from_slice(&seq.to_be_bytes());
        let ((time, actor), (revision, state)) = (by, course);
        let leaf = Leaf { seq, time, actor, action, revision, state: state.into(), schema: 1, commitment, body: Arc::new(body), erasure: Erasure::Nothing };
        self.state.push(Some(id), leaf).map_err(|error| error.to_string())
    }

    /// Encodes fields; labels in links become ids.
    fn encode(&self, kind: &Kind, fields: &Map<String, Json>) -> Result<Vec<(Box<str>, Value)>, String> {
        let named = Map::from_iter(fields.iter().map(|(name, value)| (name.clone(), self.approvals_by_id(value))));
        let encoded = vouch_record::validate::encode(kind, &named, true)
            .map_err(|problems| problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
        encoded
            .into_iter()
            .map(|(name, value)| {
                let value = kind.field(&name).map_or(Ok(value.clone()), |field| self.relink(value, &field.kind)).map_err(|error| format!("`{name}` {error}"))?;
                Ok((name, value))
            })
            .collect()
    }

    /// Labels of approvals, which are no links yet, become ids.
    fn approvals_by_id(&self, value: &Json) -> Json {
        match value {
            Json::String(text) if text.contains('/') => self.ids.get(text).map_or_else(|| value.clone(), |id| Json::String(id.to_string())),
            Json::Array(items) => Json::Array(items.iter().map(|item| self.approvals_by_id(item)).collect()),
            Json::Object(members) => Json::Object(members.iter().map(|(name, item)| (name.clone(), self.approvals_by_id(item))).collect()),
            other => other.clone(),
        }
    }

    fn relink(&self, value: Value, kind: &FieldType) -> Result<Value, String> {
        let is_record = |scalar: &Scalar| matches!(scalar, Scalar::Link(target) if *target != Target::Requirement);
        match (kind, value) {
            (FieldType::One(scalar), Value::Text(text)) if is_record(scalar) && !text.is_empty() => self.link(&text),
            (FieldType::Set(scalar), Value::List(items)) if is_record(scalar) => {
                let linked: Result<Vec<Value>, String> = items.into_iter().map(|item| self.relink(item, &FieldType::One(scalar.clone()))).collect();
                let mut linked = linked?;
                linked.sort_by_key(Value::to_jcs);
                Ok(Value::List(linked.into()))
            }
            (FieldType::List(columns), Value::List(rows)) => {
                let rows: Result<Vec<Value>, String> = rows.into_iter().map(|row| self.relink_row(row, columns)).collect();
                Ok(Value::List(rows?.into()))
            }
            (_, value) => Ok(value),
        }
    }

    fn relink_row(&self, row: Value, columns: &[Column]) -> Result<Value, String> {
        let column = |name: &str| columns.iter().find(|column| column.name == name);
        match row {
            Value::Map(cells) => {
                let cells: Result<Vec<(Box<str>, Value)>, String> = cells
                    .into_iter()
                    .map(|(name, cell)| {
                        let cell = column(&name).map_or(Ok(cell.clone()), |column| self.relink(cell, &column.kind))?;
                        Ok((name, cell))
                    })
                    .collect();
                Ok(Value::map(cells?))
            }
            cell => column("").map_or(Ok(cell.clone()), |column| self.relink(cell, &column.kind)),
        }
    }

    fn link(&self, text: &str) -> Result<Value, String> {
        let (label, revision) = text.split_once('@').map_or((text, None), |(label, revision)| (label, Some(revision)));
        // An id that an approval's label became already.
        let known = self.ids.values().find(|id| label.starts_with("APV-") && id.to_string() == label);
        let id = self.ids.get(label).or(known).ok_or_else(|| format!("names {text}, which is not there"))?;
        Ok(Value::text(revision.map_or_else(|| id.to_string(), |revision| format!("{id}@{revision}"))))
    }

    /// Takes the fields out of every leaf of a record, at the end of the last day.
    fn erase(&mut self, label: &str, fields: &[String], today: Date) -> Result<(), String> {
        let id = self.id(label)?;
        let kind = self.kind(label)?;
        if let Some(unknown) = fields.iter().find(|field| kind.field(field).is_none()) {
            return Err(format!("{} has no field `{unknown}`", kind.name));
        }
        let seq = self.state.size();
        let (revision, state, _) = self.heads[label].clone();
        let at = end_of_day(today, &TimeZone::UTC).saturating_sub(jiff::SignedDuration::from_secs(1)).map_err(|error| error.to_string())?;
        self.push(id, (at.max(self.state.last_time()), Actor::System), Action::Erase, (revision, &state), Body::default())?;
        let names: Vec<&str> = fields.iter().map(String::as_str).collect();
        let leaves: Vec<Leaf> = self.state.get(id).map_or_else(Vec::new, |record| record.leaves.clone());
        for leaf in leaves.iter().filter(|leaf| leaf.action.is_revision()) {
            let gone: Vec<(Box<str>, u64)> = names.iter().filter(|name| leaf.body.get(name).is_some()).map(|name| ((*name).into(), seq)).collect();
            self.state.erase(id, leaf.seq, leaf.body.without(&names), Erasure::Fields(gone.into()));
        }
        Ok(())
    }
}

impl Built {
    /// The view as of a day.
    pub(crate) fn view(&self, fixed: &Fixed, day: Date) -> View {
        let basis = Basis {
            state: self.state.clone(),
            frameworks: fixed.frameworks.clone(),
            zone: TimeZone::UTC,
            bound: self.bound.clone(),
            texts: fixed.texts.clone(),
        };
        View::new(basis, day, end_of_day(day, &TimeZone::UTC))
    }

    /// The same log up to the end of a day.
    pub(crate) fn until(&self, day: Date, kinds: &Arc<Kinds>) -> Self {
        let end = end_of_day(day, &TimeZone::UTC);
        let mut leaves: Vec<(Id, Leaf)> = self.state.records().flat_map(|record| record.leaves.iter().map(|leaf| (record.id, leaf.clone()))).collect();
        leaves.retain(|(_, leaf)| leaf.time < end);
        leaves.sort_by_key(|(_, leaf)| leaf.seq);
        let mut state = State::new(kinds.clone());
        for (id, leaf) in leaves {
            state.push(Some(id), leaf).expect("a log cut at a leaf is a log");
        }
        let bound = Bound { size: state.size(), broken: HashSet::new() };
        Self { state: Arc::new(state), today: day, labels: self.labels.clone(), bound }
    }

    /// The label of a record; its id where it has none.
    pub(crate) fn label(&self, id: Id) -> String {
        self.labels.get(&id).cloned().unwrap_or_else(|| id.to_string())
    }
}

/// What does not change from case to case.
pub(crate) struct Fixed {
    pub(crate) kinds: Arc<Kinds>,
    pub(crate) frameworks: Arc<crate::framework::Frameworks>,
    pub(crate) texts: Arc<crate::check::Texts>,
}

impl Fixed {
    /// Read once for all tests.
    pub(crate) fn load() -> &'static Self {
        static FIXED: LazyLock<Fixed> = LazyLock::new(Fixed::read);
        &FIXED
    }

    fn read() -> Self {
        let read = |folder: &str| -> Vec<(String, Vec<u8>)> {
            let folder = format!("{}/../../{folder}", env!("CARGO_MANIFEST_DIR"));
            let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
            paths.sort();
            paths.iter().map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap())).collect()
        };
        let (kinds, frameworks) = (read("kinds"), read("frameworks"));
        fn refs(files: &[(String, Vec<u8>)]) -> Vec<(&str, &[u8])> {
            files.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect()
        }
        Self {
            kinds: Arc::new(Kinds::load(&refs(&kinds), &[]).unwrap_or_else(|error| panic!("{error}"))),
            frameworks: Arc::new(crate::framework::Frameworks::load(&refs(&frameworks)).unwrap_or_else(|error| panic!("{error}"))),
            texts: Arc::new(crate::check::Texts::built_in().unwrap_or_else(|error| panic!("{error}"))),
        }
    }
}
