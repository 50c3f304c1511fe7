//! Reading the kind files.

mod raw;
mod transition;
mod types;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt;
use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;
use serde::Deserialize;

use crate::condition::{Condition, Scopes};
use crate::words::in_words;

use raw::{OneOrMany, RawField, RawKind, RawOwn, RawRequirement};
use transition::transition;
use types::{choices, parse_type};

use super::field::{Choice, Column, FieldSpec, FieldType, MayBeEmpty, Required, Scalar, Target};
use super::{DerivedSpec, Kind, Kinds, Proves, Requirement, Transition, UniquePart};

/// A defect of a kind file, with the file and the place.
#[derive(Debug)]
pub struct LoadError {
    /// name of the file
    pub file: String,
    /// what is wrong and where
    pub message: String,
}

impl fmt::Display for LoadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}`: {}", self.file, self.message)
    }
}

impl std::error::Error for LoadError {}

fn parse<T: for<'de> Deserialize<'de>>(file: &str, bytes: &[u8]) -> Result<T, LoadError> {
    let text = std::str::from_utf8(bytes).map_err(|error| LoadError { file: file.into(), message: error.to_string() })?;
    serde_saphyr::from_str(text).map_err(|error| LoadError { file: file.into(), message: error.to_string() })
}

pub(super) fn load(files: &[(&str, &[u8])], own: &[(&str, &[u8])]) -> Result<Kinds, LoadError> {
    let mut raw: Vec<(String, RawKind)> = Vec::new();
    for (file, bytes) in files {
        raw.push(((*file).to_owned(), parse(file, bytes)?));
    }
    raw.sort_by(|a, b| a.1.kind.cmp(&b.1.kind));
    let mut own_fields: HashMap<String, (String, Vec<RawField>)> = HashMap::new();
    for (file, bytes) in own {
        let addition: RawOwn = parse(file, bytes)?;
        if !raw.iter().any(|(_, kind)| kind.kind == addition.kind) {
            return Err(LoadError {
                file: (*file).into(),
                message: format!("adds fields to `{}`, which is no kind", addition.kind),
            });
        }
        own_fields.entry(addition.kind).or_insert_with(|| ((*file).to_owned(), Vec::new())).1.extend(addition.fields);
    }
    let mut shells = Vec::new();
    for (file, kind) in &mut raw {
        let added = own_fields.remove(&kind.kind).map(|(_, fields)| fields).unwrap_or_default();
        let own_from = kind.fields.len();
        kind.fields.extend(added);
        let shell = shell(kind, own_from).map_err(|message| LoadError { file: file.clone(), message })?;
        shells.push(Arc::new(shell));
    }
    resolve_value_lists(&raw, &mut shells)?;
    let kinds = Kinds::new(shells);
    check_whole(&kinds)?;
    let roles = role_keys(&kinds);
    let mut finished = Vec::new();
    for (at, (file, raw)) in raw.into_iter().enumerate() {
        let conditions = finish(raw, &kinds, at, &roles).map_err(|message| LoadError { file, message })?;
        finished.push(conditions);
    }
    Ok(install(kinds, finished))
}

/// Derived enums take their values from a field of any kind, so they are filled once all kinds are there.
fn resolve_value_lists(raw: &[(String, RawKind)], shells: &mut [Arc<Kind>]) -> Result<(), LoadError> {
    let mut found: Vec<(usize, usize, Arc<[Choice]>)> = Vec::new();
    for (at, (file, kind)) in raw.iter().enumerate() {
        for (place, derived) in kind.derived.iter().enumerate() {
            let Some(source) = &derived.values_of else { continue };
            let choices = source.split_once('.').and_then(|(kind, field)| {
                let kind = shells.iter().find(|shell| shell.name == kind)?;
                let (field, column) = field.split_once('.').map_or((field, None), |(field, column)| (field, Some(column)));
                let field = &kind.field(field)?.kind;
                match column {
                    None => field.choices().cloned(),
                    Some(name) => field.columns().iter().find(|column| column.name == name)?.kind.choices().cloned(),
                }
            });
            let Some(choices) = choices else {
                return Err(LoadError {
                    file: file.clone(),
                    message: format!("derived `{}`: `{source}` is no enum", derived.name),
                });
            };
            found.push((at, place, choices));
        }
    }
    for (at, place, choices) in found {
        let kind = Arc::get_mut(&mut shells[at]).expect("nobody else holds a kind while it is read");
        let scalar = Scalar::Enum(choices);
        let derived = &mut kind.derived[place].kind;
        *derived = if matches!(derived, FieldType::Set(_)) { FieldType::Set(scalar) } else { FieldType::One(scalar) };
    }
    Ok(())
}

fn is_name(name: &str) -> bool {
    name.len() <= 63
        && name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// The kind without its conditions, which need all kinds to be resolved.
fn shell(raw: &RawKind, own_from: usize) -> Result<Kind, String> {
    let mut fields = Vec::new();
    let mut names = FxHashMap::default();
    for (at, field) in raw.fields.iter().enumerate() {
        if !is_name(&field.name) {
            return Err(format!("`{}` is no field name; use small letters, digits and `_`", field.name));
        }
        if names.insert(field.name.clone(), at).is_some() {
            return Err(format!("field `{}` is there twice", field.name));
        }
        fields.push(field_shell(raw, field, at >= own_from).map_err(|why| format!("field `{}`: {why}", field.name))?);
    }
    for (what, list) in [("settled", &raw.settled), ("living", &raw.living)] {
        let known = |name: &String| if what == "settled" { raw.states.contains(name) } else { names.contains_key(name) };
        if let Some(unknown) = list.iter().find(|name| !known(name)) {
            return Err(format!("{what} names unknown `{unknown}`"));
        }
    }
    let mut derived = Vec::new();
    for value in &raw.derived {
        let choices: Vec<Choice> =
            value.values.iter().map(|id| Choice { id: id.clone(), label: in_words(id), help: String::new() }).collect();
        let kind =
            parse_type(&value.kind, &choices.into(), &BTreeMap::new()).map_err(|why| format!("derived `{}`: {why}", value.name))?;
        derived.push(DerivedSpec { name: value.name.clone(), rule: value.rule.clone(), kind });
    }
    if raw.states.is_empty() {
        return Err("a kind has at least one state".into());
    }
    Ok(Kind {
        name: raw.kind.clone(),
        version: raw.version,
        prefix: raw.prefix.clone(),
        area: raw.area.clone(),
        title: raw.title.clone(),
        plural: raw.plural.clone(),
        help: raw.help.clone(),
        fields,
        derived,
        states: raw.states.clone(),
        settled: raw.settled.clone(),
        transitions: Vec::new(),
        unique: unique(raw, &names)?,
        proves: raw
            .proves
            .iter()
            .map(|p| Proves { requirement: p.requirement.clone(), depth: p.depth.clone(), when: p.when.clone() })
            .collect(),
        names,
        covered: OnceLock::new(),
    })
}

fn unique(raw: &RawKind, names: &FxHashMap<String, usize>) -> Result<Vec<Vec<UniquePart>>, String> {
    let part = |text: &String| -> Result<Vec<UniquePart>, String> {
        let (field, state) = text.split_once(" state ").map_or((text.as_str(), None), |(field, state)| (field, Some(state)));
        if !names.contains_key(field) || state.is_some_and(|state| !raw.states.iter().any(|s| s == state)) {
            return Err(format!("unique names unknown `{text}`"));
        }
        let mut parts = vec![UniquePart::Field(field.to_owned())];
        parts.extend(state.map(|state| UniquePart::State(state.to_owned())));
        Ok(parts)
    };
    raw.unique.iter().map(|list| list.iter().map(part).collect::<Result<Vec<_>, _>>().map(|parts| parts.concat())).collect()
}

fn field_shell(kind: &RawKind, raw: &RawField, own: bool) -> Result<FieldSpec, String> {
    let choices: Arc<[Choice]> = choices(&raw.values);
    let columns = raw.columns.iter().map(|(name, values)| (name.clone(), self::choices(values))).collect();
    let required = match raw.required.as_str() {
        "always" => Required::Always,
        "no" => Required::No,
        state if kind.states.iter().any(|s| s == state) => Required::From(state.to_owned()),
        other => return Err(format!("required from unknown state `{other}`")),
    };
    if let Some(state) = raw.needed_from.as_ref().filter(|state| !kind.states.contains(state)) {
        return Err(format!("needed from unknown state `{state}`"));
    }
    let mirror = match &raw.mirror {
        None => None,
        Some(mirror) => {
            let (kind, field) = mirror.split_once('.').ok_or_else(|| format!("mirror `{mirror}` is not kind.field"))?;
            Some((kind.to_owned(), field.to_owned()))
        }
    };
    Ok(FieldSpec {
        name: raw.name.clone(),
        kind: parse_type(&raw.kind, &choices, &columns)?,
        required,
        help: raw.help.clone(),
        needed_when: None,
        needed_from: raw.needed_from.clone(),
        may_be_empty: if raw.may_be_empty { MayBeEmpty::Yes } else { MayBeEmpty::No },
        program: raw.program,
        mirror,
        checks: Vec::new(),
        from: match &raw.from {
            None => Vec::new(),
            Some(OneOrMany::One(one)) => vec![one.clone()],
            Some(OneOrMany::Many(many)) => many.clone(),
        },
        personal_data: raw.personal_data,
        living: kind.living.contains(&raw.name),
        own,
    })
}

/// Links point to kinds that exist, prefixes differ, enums have values, mirrors exist.
fn check_whole(kinds: &Kinds) -> Result<(), LoadError> {
    let mut prefixes = HashSet::new();
    for kind in kinds.iter() {
        let fail = |message: String| Err(LoadError { file: format!("{}.yaml", kind.name), message });
        if !prefixes.insert(&kind.prefix) || crate::id::Id::new(&kind.prefix, 1).is_none() {
            return fail(format!("prefix `{}` is not three capital letters of its own", kind.prefix));
        }
        for field in &kind.fields {
            let own = [Column { name: String::new(), kind: field.kind.clone() }];
            for column in if field.kind.columns().is_empty() { &own } else { field.kind.columns() } {
                match column.kind.scalar() {
                    Some(Scalar::Link(Target::Kind(target))) if kinds.get(target).is_none() => {
                        return fail(format!("field `{}` links to unknown kind `{target}`", field.name));
                    }
                    Some(Scalar::Enum(choices)) if choices.is_empty() => {
                        return fail(format!("field `{}`: enum without values", field.name));
                    }
                    _ => {}
                }
            }
            if let Some((other, end)) = &field.mirror
                && kinds.get(other).and_then(|kind| kind.field(end)).is_none()
            {
                return fail(format!("field `{}` mirrors unknown `{other}.{end}`", field.name));
            }
        }
    }
    Ok(())
}

fn role_keys(kinds: &Kinds) -> HashSet<String> {
    let key = kinds.get("role").and_then(|role| role.field("key"));
    key.and_then(|field| field.kind.choices()).map(|choices| choices.iter().map(|c| c.id.clone()).collect()).unwrap_or_default()
}

/// What of a kind needs all kinds to be read.
struct Finished {
    fields: Vec<(Option<Condition>, Option<Condition>, Vec<Requirement>)>,
    transitions: Vec<Transition>,
}

fn finish(raw: RawKind, kinds: &Kinds, at: usize, roles: &HashSet<String>) -> Result<Finished, String> {
    let kind = kinds.iter().nth(at).expect("one kind per file").clone();
    let scopes = Scopes { kinds, kind: &kind };
    let condition = |text: &str| Condition::parse(text, &scopes);
    let requirement = |raw: RawRequirement| -> Result<Requirement, String> {
        Ok(Requirement { condition: condition(&raw.condition)?, say: raw.say })
    };
    let mut fields = Vec::new();
    for field in raw.fields {
        let at = |why: String| format!("field `{}`: {why}", field.name);
        let needed = field.needed_when.as_deref().map(condition).transpose().map_err(at)?;
        let empty = field.may_be_empty_when.as_deref().map(condition).transpose().map_err(at)?;
        let checks = field.checks.into_iter().map(requirement).collect::<Result<_, _>>().map_err(at)?;
        fields.push((needed, empty, checks));
    }
    let mut transitions = Vec::new();
    for way in raw.transitions {
        let name = format!("transition to `{}`", way.to);
        transitions.push(transition(way, &scopes, roles).map_err(|why| format!("{name}: {why}"))?);
    }
    Ok(Finished { fields, transitions })
}

fn install(kinds: Kinds, finished: Vec<Finished>) -> Kinds {
    let Kinds { all, .. } = kinds;
    let mut done = Vec::new();
    for (kind, finished) in all.into_iter().zip(finished) {
        let mut kind = Arc::into_inner(kind).expect("the reader holds the only copy");
        for (field, (needed, empty, checks)) in kind.fields.iter_mut().zip(finished.fields) {
            field.needed_when = needed;
            if let Some(when) = empty {
                field.may_be_empty = MayBeEmpty::When(when);
            }
            field.checks = checks;
        }
        kind.transitions = finished.transitions;
        done.push(Arc::new(kind));
    }
    Kinds::new(done)
}
