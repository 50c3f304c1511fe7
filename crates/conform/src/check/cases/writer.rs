//! Writes the leaves of lives into a state.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use serde_json::{Map, Value as Json};
use vouch_record::kind::{Column, FieldType, Scalar, Target};
use vouch_record::state::Erasure;
use vouch_record::time::end_of_day;
use vouch_record::{Action, Actor, Body, Id, Kind, Kinds, Leaf, State, Value};

use super::life::Step;
use super::log::{Entry, What};

pub(super) struct Writer {
    kinds: Arc<Kinds>,
    pub(super) ids: BTreeMap<String, Id>,
    pub(super) state: State,
    heads: HashMap<String, (u32, String, Body)>,
}

impl Writer {
    pub(super) fn new(kinds: &Arc<Kinds>) -> Self {
        Self { kinds: kinds.clone(), ids: BTreeMap::new(), state: State::new(kinds.clone()), heads: HashMap::new() }
    }

    fn kind(&self, label: &str) -> Result<Arc<Kind>, String> {
        let prefix = if label.contains('/') { "APV" } else { label.split('-').next().unwrap_or_default() };
        let id = Id::new(prefix, 1).ok_or_else(|| format!("`{label}` is no label"))?;
        self.kinds.of(id).cloned().ok_or_else(|| format!("no kind has the prefix {prefix}"))
    }

    pub(super) fn id(&self, label: &str) -> Result<Id, String> {
        self.ids.get(label).copied().ok_or_else(|| format!("there is no {label}"))
    }

    /// Numbers follow the order of creation.
    pub(super) fn number(&mut self, entries: &[Entry]) -> Result<(), String> {
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

    pub(super) fn write(&mut self, entry: &Entry) -> Result<(), String> {
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

    fn transition(
        &mut self,
        from: &str,
        to: &str,
        step: &Step,
        causes: &[String],
        set: Vec<(Box<str>, Value)>,
    ) -> Result<Body, String> {
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
        let leaf = Leaf {
            seq,
            time,
            actor,
            action,
            revision,
            state: state.into(),
            schema: 1,
            commitment,
            body: Arc::new(body),
            erasure: Erasure::Nothing,
        };
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
                let value = kind
                    .field(&name)
                    .map_or(Ok(value.clone()), |field| self.relink(value, &field.kind))
                    .map_err(|error| format!("`{name}` {error}"))?;
                Ok((name, value))
            })
            .collect()
    }

    /// Labels of approvals, which are no links yet, become ids.
    fn approvals_by_id(&self, value: &Json) -> Json {
        match value {
            Json::String(text) if text.contains('/') => {
                self.ids.get(text).map_or_else(|| value.clone(), |id| Json::String(id.to_string()))
            }
            Json::Array(items) => Json::Array(items.iter().map(|item| self.approvals_by_id(item)).collect()),
            Json::Object(members) => {
                Json::Object(members.iter().map(|(name, item)| (name.clone(), self.approvals_by_id(item))).collect())
            }
            other => other.clone(),
        }
    }

    fn relink(&self, value: Value, kind: &FieldType) -> Result<Value, String> {
        let is_record = |scalar: &Scalar| matches!(scalar, Scalar::Link(target) if *target != Target::Requirement);
        match (kind, value) {
            (FieldType::One(scalar), Value::Text(text)) if is_record(scalar) && !text.is_empty() => self.link(&text),
            (FieldType::Set(scalar), Value::List(items)) if is_record(scalar) => {
                let linked: Result<Vec<Value>, String> =
                    items.into_iter().map(|item| self.relink(item, &FieldType::One(scalar.clone()))).collect();
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
    pub(super) fn erase(&mut self, label: &str, fields: &[String], today: Date) -> Result<(), String> {
        let id = self.id(label)?;
        let kind = self.kind(label)?;
        if let Some(unknown) = fields.iter().find(|field| kind.field(field).is_none()) {
            return Err(format!("{} has no field `{unknown}`", kind.name));
        }
        let seq = self.state.size();
        let (revision, state, _) = self.heads[label].clone();
        let at = end_of_day(today, &TimeZone::UTC)
            .saturating_sub(jiff::SignedDuration::from_secs(1))
            .map_err(|error| error.to_string())?;
        self.push(id, (at.max(self.state.last_time()), Actor::System), Action::Erase, (revision, &state), Body::default())?;
        let names: Vec<&str> = fields.iter().map(String::as_str).collect();
        let leaves: Vec<Leaf> = self.state.get(id).map_or_else(Vec::new, |record| record.leaves.clone());
        for leaf in leaves.iter().filter(|leaf| leaf.action.is_revision()) {
            let gone: Vec<(Box<str>, u64)> =
                names.iter().filter(|name| leaf.body.get(name).is_some()).map(|name| ((*name).into(), seq)).collect();
            self.state.erase(id, leaf.seq, leaf.body.without(&names), Erasure::Fields(gone.into()));
        }
        Ok(())
    }
}
