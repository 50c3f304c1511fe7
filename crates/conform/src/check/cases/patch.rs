//! The base organisation, and what a case changes in it.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use serde::Deserialize;
use serde_json::{Map, Value as Json};

use super::freeze::freeze;

/// Every record of an organisation by its label.
#[derive(Clone, Debug)]
pub(crate) struct Lives {
    pub(super) today: String,
    pub(super) of: BTreeMap<Label, Json>,
    pub(super) erase: BTreeMap<String, Vec<String>>,
    pub(super) unbound: Vec<String>,
}

/// A label, ordered by prefix and number.
pub(super) type Label = (String, u32);

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Area {
    today: Option<String>,
    #[serde(default)]
    records: BTreeMap<String, Json>,
}

/// What a case changes.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(crate) struct Patch {
    today: Option<String>,
    change: BTreeMap<String, Map<String, Json>>,
    steps: BTreeMap<String, BTreeMap<usize, Json>>,
    then: BTreeMap<String, Vec<Json>>,
    add: BTreeMap<String, Json>,
    remove: Vec<String>,
    erase: BTreeMap<String, Vec<String>>,
    unbound: Vec<String>,
}

pub(super) fn label(text: &str) -> Result<Label, String> {
    let parts = text.split_once('-').and_then(|(prefix, number)| Some((prefix.to_owned(), number.parse().ok()?)));
    parts.filter(|(prefix, _)| prefix.len() == 3).ok_or_else(|| format!("`{text}` is no label such as SYS-1"))
}

impl Lives {
    /// The base organisation: all files of `check/base`, read once for all tests.
    pub(crate) fn base() -> Self {
        static BASE: LazyLock<Lives> = LazyLock::new(|| freeze(Lives::read()));
        BASE.clone()
    }

    fn read() -> Self {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/check/base");
        let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "yaml"));
        paths.sort();
        let mut lives = Self { today: String::new(), of: BTreeMap::new(), erase: BTreeMap::new(), unbound: Vec::new() };
        for path in paths {
            let file = path.file_name().unwrap().to_string_lossy().into_owned();
            let area: Area = serde_saphyr::from_str(&std::fs::read_to_string(&path).unwrap())
                .unwrap_or_else(|error| panic!("base/{file}: {error}"));
            lives.today = area.today.unwrap_or(lives.today);
            for (name, life) in area.records {
                let key = label(&name).unwrap_or_else(|error| panic!("base/{file}: {error}"));
                assert!(lives.of.insert(key, life).is_none(), "base/{file}: {name} is there already, in this or another file");
            }
        }
        lives
    }

    /// No record at all, for tests that build an organisation of their own.
    pub(crate) fn none() -> Self {
        Self { today: String::new(), of: BTreeMap::new(), erase: BTreeMap::new(), unbound: Vec::new() }
    }

    /// The same with what a patch, as YAML, changes.
    pub(crate) fn with(self, patch: &str) -> Result<Self, String> {
        let patch: Patch = serde_saphyr::from_str(patch).map_err(|error| error.to_string())?;
        self.patched(&patch)
    }

    /// The same with what a case changes.
    pub(crate) fn patched(mut self, patch: &Patch) -> Result<Self, String> {
        self.today = patch.today.clone().unwrap_or(self.today);
        for name in &patch.remove {
            self.of.remove(&label(name)?).ok_or_else(|| format!("remove: there is no {name}"))?;
        }
        for (name, life) in &patch.add {
            if self.of.insert(label(name)?, life.clone()).is_some() {
                return Err(format!("add: {name} is there already"));
            }
        }
        for (name, fields) in &patch.change {
            change(&mut self, name, fields).map_err(|error| format!("change {name}: {error}"))?;
        }
        for (name, steps) in &patch.steps {
            alter(self.life(name)?, steps).map_err(|error| format!("steps {name}: {error}"))?;
        }
        for (name, steps) in &patch.then {
            then(self.life(name)?).extend(steps.iter().cloned());
        }
        self.erase = patch.erase.clone();
        self.unbound = patch.unbound.clone();
        Ok(self)
    }

    fn life(&mut self, name: &str) -> Result<&mut Json, String> {
        self.of.get_mut(&label(name)?).ok_or_else(|| format!("there is no {name}"))
    }
}

fn then(life: &mut Json) -> &mut Vec<Json> {
    let steps = life.as_object_mut().expect("a life is a map").entry("then").or_insert_with(|| Json::Array(Vec::new()));
    steps.as_array_mut().expect("`then` is a list")
}

fn change(lives: &mut Lives, name: &str, fields: &Map<String, Json>) -> Result<(), String> {
    let (name, revision) = match name.split_once('@') {
        Some((name, revision)) => (name, Some(revision.parse::<usize>().map_err(|error| error.to_string())?)),
        None => (name, None),
    };
    let life = lives.life(name)?;
    let mut made = 1;
    if revision.is_none_or(|wanted| wanted == 1) {
        let first = life.as_object_mut().expect("a life is a map").entry("fields").or_insert_with(|| Json::Object(Map::new()));
        overwrite(first, fields, true);
    }
    for step in then(life) {
        if let Some(revise) = step.get_mut("revise") {
            made += 1;
            if revision.is_none_or(|wanted| wanted == made) {
                overwrite(revise, fields, revision.is_some());
            }
        }
        if let Some(set) = step.get_mut("set").filter(|_| revision.is_none()) {
            overwrite(set, fields, false);
        }
    }
    if revision.is_some_and(|wanted| wanted > made) { Err(format!("it has {made} revisions")) } else { Ok(()) }
}

/// Writes the fields into `into`; those that are not there only if `all`.
fn overwrite(into: &mut Json, fields: &Map<String, Json>, all: bool) {
    let into = into.as_object_mut().expect("fields are a map");
    for (name, value) in fields {
        if all || into.contains_key(name) {
            into.insert(name.clone(), value.clone());
        }
    }
}

fn alter(life: &mut Json, steps: &BTreeMap<usize, Json>) -> Result<(), String> {
    for (number, members) in steps.iter().rev() {
        if *number == 0 {
            merge(life, members);
            continue;
        }
        let all = then(life);
        let at = number - 1;
        let count = all.len();
        let step = all.get_mut(at).ok_or_else(|| format!("there is no step {number}, it has {count}"))?;
        if members.is_null() {
            all.remove(at);
        } else {
            merge(step, members);
        }
    }
    Ok(())
}

/// Writes members into a map; null takes one out.
fn merge(into: &mut Json, members: &Json) {
    let (Some(into), Some(members)) = (into.as_object_mut(), members.as_object()) else { return };
    for (name, value) in members {
        if value.is_null() {
            into.remove(name);
        } else {
            into.insert(name.clone(), value.clone());
        }
    }
}
