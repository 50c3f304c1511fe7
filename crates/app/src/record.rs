//! Creating and revising records (FORMATS §1, §2, §11).

mod reset;

use std::sync::Arc;

use serde_json::{Map, Value as Json};
use vouch_record::kind::Kind;
use vouch_record::state::{Action, SET_ASIDE};
use vouch_record::validate::{Handed, Problem, encode};
use vouch_record::{Body, Id, Value};

use crate::erase::hashes;
use crate::error::{self, Error, Result};
use crate::mirror;
use crate::work::{Draft, Work};

/// Kinds that are written by verbs of their own and not by `put`.
const BY_VERB: [(&str, &str); 2] =
    [("approval", "use `vouch approve`"), ("organisation", "it is begun by `vouch init` and revised with `--id ORG-1`")];

/// Whether a record must be whole when it is created, or may be filled later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Completeness {
    /// as the kind wants it
    Whole,
    /// as an import leaves it: what is missing keeps the record in its first state
    Imported,
}

/// What a revision did.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// the record
    pub id: Id,
    /// its revision now
    pub revision: u32,
    /// its state now
    pub state: String,
    /// fields that changed
    pub changed: Vec<String>,
}

impl Work<'_> {
    /// Creates a record of a kind with these fields, as they are handed in.
    ///
    /// # Errors
    /// Invalid, with every defect; refused when the actor may not.
    pub fn create(&mut self, kind: &str, fields: &Map<String, Json>) -> Result<Id> {
        if let Some((_, hint)) = BY_VERB.iter().find(|(name, _)| *name == kind) {
            return Err(Error::refused(format!("a record of kind `{kind}` is not created so")).hint(*hint));
        }
        if self.acting().actor.person().is_some() {
            self.person()?;
        }
        let kind = self.kind(kind)?;
        let mut fields = fields.clone();
        if kind.name == "person" {
            // Nobody is top management by being entered, so the field need not be handed in.
            fields.entry("top_management").or_insert(Json::Bool(false));
        }
        let handed = encode(&kind, &fields, false)
            .map_err(|problems| Error::fields(format!("the {} is not kept", lower(&kind.title)), problems))?;
        if kind.name == "person"
            && handed.iter().any(|(name, value)| name.as_ref() == "top_management" && value.as_bool() == Some(true))
        {
            return Err(Error::refused("`top_management` is set by top management alone")
                .hint("create the person with false, then `vouch move PER-n active --set top_management=true` by top management"));
        }
        self.check_files(&handed)?;
        self.create_encoded(&kind, handed, Completeness::Whole)
    }

    /// Creates a record from encoded fields; those that the program writes are allowed.
    pub(crate) fn create_encoded(&mut self, kind: &Arc<Kind>, handed: Handed, completeness: Completeness) -> Result<Id> {
        self.check_links(kind, &handed)?;
        let id = self.next_id(kind)?;
        let body = Body::new(handed);
        let state = Arc::from(kind.beginning(body.get("origin").and_then(Value::as_text)));
        self.write(Draft { id, action: Action::Create, revision: 1, state, body: body.clone() })?;
        match completeness {
            Completeness::Whole => self.judge(id, &format!("the {} is not kept", lower(&kind.title)))?,
            Completeness::Imported => {}
        }
        mirror::follow(self, id, kind, None, &body)?;
        Ok(id)
    }

    /// Revises a record: the fields handed in take the place of the present ones, an empty value empties its field, all others
    /// stay. Nothing is written when nothing changes.
    ///
    /// # Errors
    /// Conflict when the head is not the revision expected; invalid with every defect; refused when the state does not allow it.
    pub fn revise(&mut self, id: Id, expect: u32, fields: &Map<String, Json>) -> Result<Written> {
        if self.acting().actor.person().is_some() {
            self.person()?;
        }
        let kind = self.kind_of(id)?;
        let handed = encode(&kind, fields, false).map_err(|problems| Error::fields(format!("{id} is not revised"), problems))?;
        self.check_revision(id, expect, &handed)?;
        self.check_files(&handed)?;
        self.revise_encoded(&kind, id, handed, Completeness::Whole)
    }

    /// Revises a record from encoded fields; those that the program writes are allowed.
    pub(crate) fn revise_encoded(
        &mut self,
        kind: &Arc<Kind>,
        id: Id,
        handed: Handed,
        completeness: Completeness,
    ) -> Result<Written> {
        let view = self.view();
        let entry = view.find(id).ok_or_else(|| unknown(id))?;
        if entry.is_set_aside() {
            return Err(Error::refused(format!("{id} was set aside")).hint("create a new record; this one stays readable"));
        }
        if kind.name == "approval" {
            return Err(Error::refused("an approval is never revised").hint("withdraw it with `vouch move` and approve again"));
        }
        let head = &entry.standing().head;
        let before = Body::new(entry.head().fields().into_iter().map(|(name, value)| (name.into(), value.clone())));
        let stored = &head.leaf(entry.record()).body;
        let kept = stored.fields().filter(|(name, _)| before.get(name).is_none()).map(|(name, value)| (name.into(), value.clone()));
        let before = before.with(kept.collect::<Vec<_>>());
        let changed_links: Vec<(Box<str>, Value)> =
            handed.iter().filter(|(name, value)| before.get(name) != Some(value)).cloned().collect();
        self.check_links(kind, &changed_links)?;
        let after = before.with(handed);
        let changed: Vec<String> = before.differing(&after).into_iter().map(str::to_owned).collect();
        let revision = head.leaf(entry.record()).revision;
        if changed.is_empty() {
            return Ok(Written { id, revision, state: entry.standing().state.to_string(), changed });
        }
        self.guard_person(kind, &changed)?;
        let state = reset::state_after(entry, &after, &changed)?;
        drop(view);
        self.write(Draft { id, action: Action::Revise, revision: revision + 1, state: state.clone(), body: after.clone() })?;
        if completeness == Completeness::Whole && !self.is_open_import(id) {
            self.judge(id, &format!("{id} is not revised"))?;
        }
        mirror::follow(self, id, kind, Some(&before), &after)?;
        Ok(Written { id, revision: revision + 1, state: state.to_string(), changed })
    }

    /// Refuses a file that is not kept: an export would lack it.
    fn check_files(&self, handed: &Handed) -> Result<()> {
        let mut problems = Vec::new();
        for (name, value) in handed {
            for hash in hashes(value) {
                if !self.keeps_file(&hash)? {
                    problems.push(Problem::of(name, hash, "no file with this hash is kept", "take it in with `vouch attach`"));
                }
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(Error::fields("a file is not there", problems)) }
    }

    fn guard_person(&self, kind: &Kind, changed: &[String]) -> Result<()> {
        if kind.name == "person" && changed.iter().any(|name| name == "top_management") {
            let hint = "top management moves the person from active to active with `--set top_management=true`";
            return Err(Error::refused("`top_management` changes only by a transition of its own").hint(hint));
        }
        Ok(())
    }

    /// Whether a record came with an import and was never moved on: it may lack what is always needed (FORMATS §12).
    pub(crate) fn is_open_import(&self, id: Id) -> bool {
        let view = self.view();
        view.find(id).is_some_and(|entry| {
            let first = entry.kind().first_state() == entry.standing().state.as_ref() || entry.standing().state.as_ref() == "draft";
            first && crate::import::is_imported(entry)
        })
    }

    fn check_revision(&self, id: Id, expect: u32, handed: &Handed) -> Result<()> {
        let view = self.view();
        let entry = view.find(id).ok_or_else(|| unknown(id))?;
        let head = entry.standing().head.leaf(entry.record());
        if head.revision == expect {
            return Ok(());
        }
        if expect > head.revision || expect == 0 {
            return Err(Error::not_found(format!("{id} has no revision {expect}, its head is {}", head.revision)));
        }
        let then = entry.record().revision(expect);
        let mut problems = Vec::new();
        for (name, mine) in handed {
            let theirs = entry.head().value(name).get();
            let base = then.and_then(|leaf| leaf.body.get(name));
            if theirs != base && theirs != Some(mine) {
                let text = |value: Option<&Value>| value.map_or_else(|| "empty".to_owned(), shown);
                let reason = format!(
                    "it was {} in revision {expect}, is {} now, and you would write {}",
                    text(base),
                    text(theirs),
                    shown(mine)
                );
                problems.push(Problem::of(name, "", reason, "decide which one counts"));
            }
        }
        let message = format!("{id} was revised meanwhile: you expect revision {expect}, its head is {}", head.revision);
        let hint =
            format!("compare with `vouch diff {id} {expect} {}` and write again with `--expect {}`", head.revision, head.revision);
        Err(Error { problems, ..Error::new(error::Kind::Conflict, message).hint(hint) })
    }

    /// The kind of this name.
    pub(crate) fn kind(&self, name: &str) -> Result<Arc<Kind>> {
        self.tables().kinds.get(name).cloned().ok_or_else(|| no_kind(name))
    }

    /// The kind of an id.
    pub(crate) fn kind_of(&self, id: Id) -> Result<Arc<Kind>> {
        self.tables().kinds.of(id).cloned().ok_or_else(|| unknown(id))
    }
}

/// There is no kind of this name.
pub(crate) fn no_kind(name: &str) -> Error {
    Error::not_found(format!("there is no kind `{name}`")).hint("see `vouch kinds`")
}

/// There is no record of this id.
pub(crate) fn unknown(id: Id) -> Error {
    Error::not_found(format!("there is no record {id}")).hint("see `vouch list KIND`")
}

fn shown(value: &Value) -> String {
    let text = value.as_text().map_or_else(|| String::from_utf8_lossy(&value.to_jcs()).into_owned(), str::to_owned);
    if text.chars().count() > 60 { format!("`{}…`", text.chars().take(59).collect::<String>()) } else { format!("`{text}`") }
}

fn lower(title: &str) -> String {
    if title.starts_with("AI ") { title.to_owned() } else { title.to_lowercase() }
}

/// Whether a state is one that nothing follows but erasure.
#[must_use]
pub fn is_final(state: &str) -> bool {
    state == SET_ASIDE
}
