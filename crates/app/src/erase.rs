//! Erasure (FORMATS §6): key and content go, the leaf and every proof stay.

use std::collections::BTreeMap;
use std::sync::Arc;

use vouch_conform::Entry;
use vouch_ledger::{EraseReason, Erasure, StoredBody, Taken};
use vouch_record::state::{Action, Leaf};
use vouch_record::{Body, Id, Value};

use crate::error::{Error, Kind, Result};
use crate::installation::{erasure_of, store_error};
use crate::record::unknown;
use crate::work::{Draft, Work};

/// What is to be erased.
#[derive(Clone, Debug)]
pub struct Wanted {
    /// the record
    pub id: Id,
    /// one revision; all that hold it if absent
    pub revision: Option<u32>,
    /// one field; the whole bodies if absent
    pub field: Option<String>,
    /// `request`, `mistake`, `secret` or `retention`
    pub reason: String,
}

/// What was erased.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Erased {
    /// seq of the erase leaf
    pub leaf: u64,
    /// bodies that lost something
    pub bodies: usize,
    /// files that no other body names any more
    pub files: Vec<String>,
}

impl Work<'_> {
    /// Erases a body, a field, or both in every revision that holds them, in one leaf.
    ///
    /// # Errors
    /// Refused for whoever wrote the record, or where a finding rests on it, without another person's approval.
    pub fn erase(&mut self, wanted: &Wanted) -> Result<Erased> {
        let person = self.person()?;
        let reason = EraseReason::parse(&wanted.reason).ok_or_else(|| {
            let words: Vec<&str> = EraseReason::ALL.iter().map(|reason| reason.as_str()).collect();
            Error::invalid(format!("`{}` is no reason to erase", wanted.reason)).hint(format!("use one of {}", words.join(", ")))
        })?;
        let (taken, revision, state) = {
            let view = self.view();
            let entry = view.find(wanted.id).ok_or_else(|| unknown(wanted.id))?;
            check_allowed(entry, person)?;
            let standing = entry.standing();
            (taken(entry, wanted)?, standing.head.leaf(entry.record()).revision, standing.state.clone())
        };
        if taken.is_empty() {
            return Err(Error::not_found(format!("nothing of that is left in {}", wanted.id)).hint("see `vouch history`"));
        }
        let erasure = Erasure { by: person.to_string(), erased: taken.clone(), reason };
        let body = Body::from_json(&erasure.to_fields()?.to_bytes())
            .map_err(|error| Error::new(Kind::Corrupt, "the erase leaf has no body").because(error))?;
        // Content goes before the leaf is written: lists and search are made with the leaf, from what is left.
        let leaf = self.working().state.size();
        let mut files = Vec::new();
        for (seq, what) in &taken {
            files.extend(self.take(wanted.id, *seq, what, leaf)?);
        }
        self.write(Draft { id: wanted.id, action: Action::Erase, revision, state: Arc::from(&*state), body })?;
        let shown = self.erase_shown(wanted, person, reason)?;
        let files = self.drop_files(files)?;
        Ok(Erased { leaf, bodies: taken.len() + shown, files })
    }

    /// What approvers saw repeats content: the whole `shown` of each approval that holds it goes too, one leaf for each approval.
    fn erase_shown(&mut self, wanted: &Wanted, person: Id, reason: EraseReason) -> Result<usize> {
        let approvals: Vec<(Id, u64, u32, Arc<str>)> = {
            let view = self.view();
            let entry = view.find(wanted.id).ok_or_else(|| unknown(wanted.id))?;
            let concerned = |given: &vouch_conform::view::Given<'_>| {
                wanted.revision.is_none_or(|number| number == given.revision()) && given.entry.made().body.get("shown").is_some()
            };
            let all = entry.incoming("approval", "subject").map(|entry| (entry, entry.made())).collect::<Vec<_>>();
            let given: Vec<Id> = entry.given().into_iter().filter(concerned).map(|given| given.entry.id()).collect();
            let row =
                |(approval, leaf): (Entry<'_>, &Leaf)| (approval.id(), leaf.seq, leaf.revision, approval.standing().state.clone());
            all.into_iter().filter(|(approval, _)| given.contains(&approval.id())).map(row).collect()
        };
        for (id, seq, revision, state) in &approvals {
            let taken = Taken::Fields(vec!["shown".to_owned()]);
            let erasure = Erasure { by: person.to_string(), erased: [(*seq, taken.clone())].into_iter().collect(), reason };
            let body = Body::from_json(&erasure.to_fields()?.to_bytes())
                .map_err(|error| Error::new(Kind::Corrupt, "the erase leaf has no body").because(error))?;
            let leaf = self.working().state.size();
            self.take(*id, *seq, &taken, leaf)?;
            self.write(Draft { id: *id, action: Action::Erase, revision: *revision, state: state.clone(), body })?;
        }
        Ok(approvals.len())
    }

    /// Takes content from one body, in the store and in the state; the hashes of files it named come back.
    fn take(&mut self, id: Id, seq: u64, what: &Taken, by: u64) -> Result<Vec<String>> {
        let bytes = self.append().body(seq).map_err(store_error)?;
        let bytes =
            bytes.ok_or_else(|| Error::new(Kind::Corrupt, format!("leaf {seq} has no body")).hint("run `vouch ledger fsck`"))?;
        let before = StoredBody::from_bytes(&bytes)?;
        let after = match what {
            Taken::All => before.erase(by),
            Taken::Fields(names) => before.erase_fields(names.iter().map(String::as_str), by)?,
        };
        let named = |body: &StoredBody| -> Vec<String> {
            Body::from_json(&body.json())
                .map(|body| body.fields().flat_map(|(_, value)| hashes(value)).collect())
                .unwrap_or_default()
        };
        let gone: Vec<String> = named(&before).into_iter().filter(|hash| !named(&after).contains(hash)).collect();
        self.append().replace_body(seq, &after.to_bytes()).map_err(store_error)?;
        let content =
            Body::from_json(&after.json()).map_err(|error| Error::new(Kind::Corrupt, "what is left is no body").because(error))?;
        let erasure = erasure_of(&after);
        Arc::make_mut(&mut self.working().state).erase(id, seq, content, erasure);
        Ok(gone)
    }

    /// Removes the files that no body names any more.
    fn drop_files(&mut self, gone: Vec<String>) -> Result<Vec<String>> {
        let still: std::collections::HashSet<String> = {
            let view = self.view();
            view.state()
                .records()
                .flat_map(|record| &record.leaves)
                .flat_map(|leaf| leaf.body.fields().flat_map(|(_, v)| hashes(v)).collect::<Vec<_>>())
                .collect()
        };
        let mut dropped = Vec::new();
        for hash in gone.into_iter().filter(|hash| !still.contains(hash)) {
            self.append().remove_file(&vouch_ledger::parse_hex(hash.as_bytes())?).map_err(store_error)?;
            dropped.push(hash);
        }
        dropped.sort_unstable();
        dropped.dedup();
        Ok(dropped)
    }
}

/// SHA-256 of every file that a value names.
pub(crate) fn hashes(value: &Value) -> Vec<String> {
    match value {
        Value::List(items) => items.iter().flat_map(hashes).collect(),
        Value::Map(members) => {
            let own =
                value.get("sha256").filter(|_| members.len() == 3 && value.get("name").is_some() && value.get("size").is_some());
            match own.and_then(Value::as_text) {
                Some(hash) => vec![hash.to_owned()],
                None => members.iter().flat_map(|(_, value)| hashes(value)).collect(),
            }
        }
        _ => Vec::new(),
    }
}

/// Erasure by whoever wrote the record, or of a record on which a finding rests, wants another person's approval.
fn check_allowed(entry: Entry<'_>, person: Id) -> Result<()> {
    let wrote = entry.revisions().any(|leaf| leaf.actor.person() == Some(person));
    let finding = entry.incoming("finding", "").next().map(|finding| finding.id());
    if !wrote && finding.is_none() {
        return Ok(());
    }
    let last = entry.revisions().next_back().map_or(0, |leaf| leaf.seq);
    let approved = entry.given().into_iter().any(|given| {
        let counts = given.entry.text("purpose") == Some("review") && given.entry.text("decision") == Some("approved");
        counts && given.entry.made().seq > last && given.by().is_some_and(|by| by != person)
    });
    if approved {
        return Ok(());
    }
    let why = match finding {
        Some(finding) if !wrote => format!("{finding} rests on {}", entry.id()),
        _ => format!("you wrote {}", entry.id()),
    };
    let hint =
        format!("another person first runs `vouch approve {} --purpose review --decision approved --reason TEXT`", entry.id());
    Err(Error::refused(format!("{why}; erasing it wants another person's approval")).hint(hint))
}

/// What goes from which leaf.
fn taken(entry: Entry<'_>, wanted: &Wanted) -> Result<BTreeMap<u64, Taken>> {
    let mut taken = BTreeMap::new();
    if let Some(number) = wanted.revision
        && entry.record().revision(number).is_none()
    {
        return Err(Error::not_found(format!("{} has no revision {number}", entry.id()))
            .hint(format!("see `vouch history {}`", entry.id())));
    }
    if let Some(field) = &wanted.field
        && entry.kind().field(field).is_none()
    {
        return Err(Error::invalid(format!("{} has no field `{field}`", entry.kind().name))
            .hint(format!("see `vouch kinds {}`", entry.kind().name)));
    }
    for leaf in entry.leaves() {
        let other = wanted.revision.is_some_and(|number| number != leaf.revision);
        if let Some(what) = if other { None } else { of_leaf(leaf, wanted) } {
            taken.insert(leaf.seq, what);
        }
    }
    Ok(taken)
}

fn of_leaf(leaf: &Leaf, wanted: &Wanted) -> Option<Taken> {
    let there = |name: &str| leaf.body.get(name).is_some();
    match (&wanted.field, leaf.action) {
        (None, Action::Create | Action::Revise) => {
            (!matches!(leaf.erasure, vouch_record::state::Erasure::Whole(_))).then_some(Taken::All)
        }
        (Some(field), Action::Create | Action::Revise) => there(field).then(|| Taken::Fields(vec![field.clone()])),
        (None, Action::Transition) => there("set").then(|| Taken::Fields(vec!["set".to_owned()])),
        (Some(field), Action::Transition) => {
            let holds = leaf.set().iter().any(|(name, _)| name.as_ref() == field);
            holds.then(|| Taken::Fields(vec!["set".to_owned()]))
        }
        _ => None,
    }
}
