//! From lives to a log of leaves. Nothing is validated but fields, values and states, so that a slip of the pen is seen.

use std::collections::{HashMap, HashSet};
use std::sync::{Arc, LazyLock};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json, json};
use vouch_record::time::{end_of_day, format_instant};
use vouch_record::{Id, Kinds, Leaf, State};

use super::life::{Life, Step, day, instant};
use super::patch::Lives;
use super::writer::Writer;
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
pub(super) struct Entry {
    pub(super) at: Timestamp,
    pub(super) label: String,
    pub(super) by: String,
    pub(super) what: What,
}

#[derive(Clone)]
pub(super) enum What {
    Create(Map<String, Json>, Option<String>),
    Revise(Map<String, Json>, Option<String>),
    Transition { step: Box<Step>, causes: Vec<String> },
    Aside(String),
}

/// A number that depends on seed and label alone; leaves of one record and of its approvals stay together.
fn mixed(seed: u64, label: &str) -> u64 {
    label.bytes().fold(seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3))
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
    let mut writer = Writer::new(kinds);
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
    let bound = Bound { size: writer.state.size(), broken, ..Bound::default() };
    Ok(Built { state: Arc::new(writer.state), today, labels, bound })
}

/// The leaves of one record, with the approvals given in its steps before them.
fn life_of(label: &str, life: &Life) -> Result<Vec<Entry>, String> {
    let mut last = instant(&life.at)?;
    let mut entries = vec![Entry {
        at: last,
        label: label.to_owned(),
        by: life.by.clone(),
        what: What::Create(life.fields.clone(), life.state.clone()),
    }];
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
fn approval(
    subject: &str,
    revision: u32,
    given: &Map<String, Json>,
    at: Timestamp,
    count: &mut HashMap<String, usize>,
) -> (String, Map<String, Json>) {
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
        let mut leaves: Vec<(Id, Leaf)> =
            self.state.records().flat_map(|record| record.leaves.iter().map(|leaf| (record.id, leaf.clone()))).collect();
        leaves.retain(|(_, leaf)| leaf.time < end);
        leaves.sort_by_key(|(_, leaf)| leaf.seq);
        let mut state = State::new(kinds.clone());
        for (id, leaf) in leaves {
            state.push(Some(id), leaf).expect("a log cut at a leaf is a log");
        }
        let bound = Bound { size: state.size(), ..Bound::default() };
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
            paths.retain(|path| path.extension().is_some_and(|ending| ending == "yaml"));
            paths.sort();
            paths
                .iter()
                .map(|path| (path.file_name().unwrap().to_string_lossy().into_owned(), std::fs::read(path).unwrap()))
                .collect()
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
