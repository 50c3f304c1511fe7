//! The state of an organisation: every record with all its leaves, in the order of the log.
//!
//! `State = fold(leaves)`. Nothing is overwritten, so the state as of an earlier size is the same structure read up to a cut:
//! see [`Record::standing`]. Records are shared (`Arc`), so a snapshot for readers costs a copy of pointers.

mod incoming;
mod standing;
#[cfg(test)]
mod tests;

pub use standing::{Layers, Standing};

use incoming::Incoming;
use standing::Timeline;

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use crate::body::Body;
use crate::id::{Id, Link};
use crate::kind::{FieldSpec, Kinds, Scalar};
use crate::value::Value;

/// The reserved state of a record that was taken out (FORMATS §4).
pub const SET_ASIDE: &str = "set_aside";

/// What a leaf records.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Action {
    /// revision 1
    Create,
    /// a change of content
    Revise,
    /// a change of state
    Transition,
    /// taken out with a reason
    SetAside,
    /// content removed
    Erase,
    /// a signing key takes over
    Key,
}

impl Action {
    /// The word in the envelope.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Create => "create",
            Self::Revise => "revise",
            Self::Transition => "transition",
            Self::SetAside => "set_aside",
            Self::Erase => "erase",
            Self::Key => "key",
        }
    }

    /// Whether it is a revision of content.
    #[must_use]
    pub const fn is_revision(self) -> bool {
        matches!(self, Self::Create | Self::Revise)
    }
}

impl FromStr for Action {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        [Self::Create, Self::Revise, Self::Transition, Self::SetAside, Self::Erase, Self::Key]
            .into_iter()
            .find(|action| action.word() == word)
            .ok_or(())
    }
}

/// Who acted.
#[derive(Clone, PartialEq, Eq, Debug, Hash, PartialOrd, Ord)]
pub enum Actor {
    /// a person
    Person(Id),
    /// a connector or token, by its name
    Machine(Box<str>),
    /// the program itself
    System,
}

impl Actor {
    /// The person, if one acted.
    #[must_use]
    pub const fn person(&self) -> Option<Id> {
        if let Self::Person(id) = self { Some(*id) } else { None }
    }
}

impl fmt::Display for Actor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Person(id) => id.fmt(f),
            Self::Machine(name) => write!(f, "machine:{name}"),
            Self::System => f.write_str("system"),
        }
    }
}

impl FromStr for Actor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text.strip_prefix("machine:") {
            Some(name) if !name.is_empty() => Ok(Self::Machine(name.into())),
            _ if text == "system" => Ok(Self::System),
            _ => text.parse::<Id>().ok().filter(|id| id.prefix() == "PER").map(Self::Person).ok_or(()),
        }
    }
}

/// What of a body was erased, with the leaf that says so.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub enum Erasure {
    /// nothing
    #[default]
    Nothing,
    /// these fields, each with the seq of its erase leaf
    Fields(Box<[(Box<str>, u64)]>),
    /// all of it
    Whole(u64),
}

impl Erasure {
    /// The erase leaf that took this field, if one did.
    #[must_use]
    pub fn of(&self, name: &str) -> Option<u64> {
        match self {
            Self::Nothing => None,
            Self::Whole(seq) => Some(*seq),
            Self::Fields(fields) => fields.iter().find(|(field, _)| field.as_ref() == name).map(|(_, seq)| *seq),
        }
    }
}

/// One entry of the log as the state keeps it.
#[derive(Clone, Debug)]
pub struct Leaf {
    /// index in the log
    pub seq: u64,
    /// ledger time, milliseconds
    pub time: Timestamp,
    /// who acted
    pub actor: Actor,
    /// what it records
    pub action: Action,
    /// revision it makes or bears
    pub revision: u32,
    /// state of the record after it
    pub state: Arc<str>,
    /// version of the kind's file it was written under
    pub schema: u32,
    /// commitment to the body
    pub commitment: [u8; 32],
    /// content; nothing where it was erased whole
    pub body: Arc<Body>,
    /// what of the content was erased since
    pub erasure: Erasure,
}

impl Leaf {
    /// The `set` of a transition: what was written for the new state.
    #[must_use]
    pub fn set(&self) -> &[(Box<str>, Value)] {
        if self.action == Action::Transition { self.body.get("set").map_or(&[], Value::members) } else { &[] }
    }

    /// The reason of a transition, setting aside or erasure.
    #[must_use]
    pub fn reason(&self) -> Option<&str> {
        self.body.get("reason").and_then(Value::as_text)
    }

    /// The state a transition left.
    #[must_use]
    pub fn from(&self) -> Option<&str> {
        if self.action == Action::Transition { self.body.get("from").and_then(Value::as_text) } else { None }
    }

    /// The records that a transition or setting aside names as its cause.
    pub fn causes(&self) -> impl Iterator<Item = Id> {
        self.body.get("cause").map_or(&[][..], Value::items).iter().filter_map(|id| id.as_text()?.parse().ok())
    }
}

/// A record: all leaves that bear its id.
#[derive(Debug)]
pub struct Record {
    /// its id
    pub id: Id,
    /// its leaves in the order of the log; the first creates it. Only the state adds to them: how the record stood is kept
    pub leaves: Vec<Leaf>,
    incoming: Incoming,
    outgoing: Vec<(Id, u64)>,
    timeline: OnceLock<Timeline>,
}

impl Clone for Record {
    /// A copy is made to be changed, so it works its timeline out anew.
    fn clone(&self) -> Self {
        let Self { id, leaves, incoming, outgoing, timeline: _ } = self;
        Self { id: *id, leaves: leaves.clone(), incoming: incoming.clone(), outgoing: outgoing.clone(), timeline: OnceLock::new() }
    }
}

impl Record {
    /// The leaf that made a revision.
    #[must_use]
    pub fn revision(&self, number: u32) -> Option<&Leaf> {
        self.leaves.iter().find(|leaf| leaf.action.is_revision() && leaf.revision == number)
    }

    /// The leaves below a cut (a log size).
    #[must_use]
    pub fn before(&self, cut: u64) -> &[Leaf] {
        &self.leaves[..self.leaves.partition_point(|leaf| leaf.seq < cut)]
    }

    /// Records of which some revision below a cut links to this one, in the order in which they first did.
    pub fn linked_from(&self, cut: u64) -> impl Iterator<Item = Id> + use<'_> {
        self.incoming.all(cut).into_iter()
    }

    /// Records whose first link to this one stands in a leaf from `size` on.
    pub fn linked_from_since(&self, size: u64) -> impl Iterator<Item = Id> + use<'_> {
        self.incoming.since(size)
    }

    /// Those of a kind, given by any id of it, in the order in which they first did.
    pub fn linked_from_kind(&self, like: Id, cut: u64) -> impl Iterator<Item = Id> + use<'_> {
        self.incoming.of_kind(like).iter().take_while(move |(_, since)| *since < cut).map(|(source, _)| *source)
    }
}

/// Every record of an organisation, in the order of the log.
#[derive(Clone, Debug)]
pub struct State {
    kinds: Arc<Kinds>,
    records: Vec<Vec<Arc<Record>>>,
    unknown: BTreeMap<Id, Arc<Record>>,
    keys: Vec<Leaf>,
    size: u64,
    last: Timestamp,
    waiting: BTreeMap<Id, Incoming>,
    times: Vec<i64>,
    touched: Vec<Id>,
    words: Vec<Arc<str>>,
    erasures: u64,
    lineage: Arc<()>,
}

/// Why a leaf does not fit the state.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Misfit(pub String);

impl fmt::Display for Misfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Misfit {}

impl State {
    /// The state of an empty log.
    #[must_use]
    pub fn new(kinds: Arc<Kinds>) -> Self {
        let records = vec![Vec::new(); kinds.len()];
        let mut words: Vec<Arc<str>> = kinds.iter().flat_map(|kind| &kind.states).map(|state| Arc::from(state.as_str())).collect();
        words.push(SET_ASIDE.into());
        words.sort_unstable();
        words.dedup();
        Self {
            kinds,
            records,
            unknown: BTreeMap::new(),
            keys: Vec::new(),
            size: 0,
            last: Timestamp::MIN,
            waiting: BTreeMap::new(),
            times: Vec::new(),
            touched: Vec::new(),
            words,
            erasures: 0,
            lineage: Arc::new(()),
        }
    }

    /// The kinds it was read with.
    #[must_use]
    pub const fn kinds(&self) -> &Arc<Kinds> {
        &self.kinds
    }

    /// How many leaves were folded in.
    #[must_use]
    pub const fn size(&self) -> u64 {
        self.size
    }

    /// Time of the last leaf; the beginning of time for an empty log.
    #[must_use]
    pub const fn last_time(&self) -> Timestamp {
        self.last
    }

    /// The record of this id.
    #[must_use]
    pub fn get(&self, id: Id) -> Option<&Arc<Record>> {
        match self.place(id) {
            Some((kind, at)) => self.records[kind].get(at),
            None => self.unknown.get(&id),
        }
    }

    /// All records of a kind in the order of their numbers.
    #[must_use]
    pub fn of_kind(&self, kind: &str) -> &[Arc<Record>] {
        self.kinds.position(kind).map_or(&[], |at| &self.records[at])
    }

    /// All records, kind by kind.
    pub fn records(&self) -> impl Iterator<Item = &Arc<Record>> {
        self.records.iter().flatten().chain(self.unknown.values())
    }

    /// The leaves that changed the signing key.
    #[must_use]
    pub fn keys(&self) -> &[Leaf] {
        &self.keys
    }

    /// The number the next record of a kind gets.
    #[must_use]
    pub fn next_number(&self, kind: &str) -> u32 {
        u32::try_from(self.of_kind(kind).len()).map_or(u32::MAX, |count| count.saturating_add(1))
    }

    /// Size of the log before the first leaf at or after `end`: the cut of the view that ends there.
    #[must_use]
    pub fn cut(&self, end: Timestamp) -> u64 {
        self.times.partition_point(|&time| time < end.as_millisecond()) as u64
    }

    /// Ledger time of a leaf.
    #[must_use]
    pub fn time_of(&self, seq: u64) -> Option<Timestamp> {
        Timestamp::from_millisecond(*self.times.get(usize::try_from(seq).ok()?)?).ok()
    }

    fn place(&self, id: Id) -> Option<(usize, usize)> {
        Some((self.kinds.place(id)?, id.number() as usize - 1))
    }

    /// Folds the next leaf in.
    ///
    /// # Errors
    /// When it is not the next leaf, or does not fit the record it names; the state is then as before.
    pub fn push(&mut self, id: Option<Id>, mut leaf: Leaf) -> Result<(), Misfit> {
        if leaf.seq != self.size {
            return Err(Misfit(format!("leaf {} does not follow a log of {}", leaf.seq, self.size)));
        }
        if leaf.time < self.last {
            return Err(Misfit(format!("leaf {} is earlier than the one before it", leaf.seq)));
        }
        let (seq, time) = (leaf.seq, leaf.time);
        // The names of states are few: all leaves share them.
        if let Ok(at) = self.words.binary_search_by(|word| word.as_ref().cmp(&leaf.state)) {
            leaf.state = self.words[at].clone();
        }
        match id {
            None => self.keys.push(leaf),
            Some(id) => self.push_record(id, leaf)?,
        }
        self.times.push(time.as_millisecond());
        self.size = seq + 1;
        self.last = time;
        Ok(())
    }

    fn push_record(&mut self, id: Id, mut leaf: Leaf) -> Result<(), Misfit> {
        let misfit = |why: &str| Err(Misfit(format!("leaf {} of {id} {why}", leaf.seq)));
        let known = self.get(id);
        let head = known.map_or(0, |record| record.leaves.iter().rev().find(|l| l.action.is_revision()).map_or(0, |l| l.revision));
        match (leaf.action, known.is_some()) {
            (Action::Create, false) if leaf.revision == 1 => {}
            (Action::Revise, true) if leaf.revision == head + 1 => {}
            (Action::Transition | Action::SetAside | Action::Erase, true) if leaf.revision == head => {}
            _ => return misfit("does not follow its record"),
        }
        let before = known.filter(|_| leaf.action == Action::Revise).and_then(|record| record.revision(head));
        if let Some(less) = before.and_then(|before| leaf.body.over(&before.body)) {
            leaf.body = Arc::new(less);
        }
        let mut targets = self.targets(id, &leaf);
        let seq = leaf.seq;
        if leaf.action == Action::Create {
            let incoming = self.waiting.remove(&id).unwrap_or_default();
            self.touched.push(id);
            let outgoing = targets.iter().map(|target| (*target, seq)).collect();
            let record = Arc::new(Record { id, leaves: vec![leaf], incoming, outgoing, timeline: OnceLock::new() });
            match self.place(id) {
                Some((kind, at)) if at == self.records[kind].len() => self.records[kind].push(record),
                Some(_) => return Err(Misfit(format!("{id} is not the next of its kind"))),
                None => drop(self.unknown.insert(id, record)),
            }
        } else {
            let record = self.record_mut(id).expect("looked up above");
            // Most records stay as they are after a few leaves: what would be kept ready for more is kept small.
            if record.leaves.len() == record.leaves.capacity() {
                record.leaves.reserve_exact(record.leaves.len() / 4 + 1);
            }
            record.leaves.push(leaf);
            targets.retain(|target| !record.outgoing.iter().any(|(known, _)| known == target));
            record.outgoing.extend(targets.iter().map(|target| (*target, seq)));
        }
        for target in targets {
            let incoming = match self.record_mut(target) {
                Some(record) => &mut record.incoming,
                None => self.waiting.entry(target).or_default(),
            };
            incoming.push(id, seq);
        }
        Ok(())
    }

    /// Keeps what was folded in so far; [`State::rewind`] cannot go behind it.
    pub fn settle(&mut self) {
        self.touched.clear();
    }

    /// Takes back every leaf from `size` on that was folded in since [`State::settle`]: a unit of work that failed leaves nothing.
    pub fn rewind(&mut self, size: u64) {
        let mut touched = std::mem::take(&mut self.touched);
        touched.sort_unstable();
        touched.dedup();
        // Highest numbers first, so that new records leave from the end of their kind.
        for id in touched.into_iter().rev() {
            let Some(record) = self.record_mut(id) else { continue };
            record.leaves.retain(|leaf| leaf.seq < size);
            record.incoming.cut(size);
            record.outgoing.retain(|(_, since)| *since < size);
            if record.leaves.is_empty() {
                // Who linked here before there was such a record waits for it again.
                let incoming = std::mem::take(&mut record.incoming);
                (!incoming.is_empty()).then(|| self.waiting.insert(id, incoming));
                match self.place(id) {
                    Some((kind, _)) => drop(self.records[kind].pop()),
                    None => drop(self.unknown.remove(&id)),
                }
            }
        }
        self.waiting.values_mut().for_each(|sources| sources.cut(size));
        self.waiting.retain(|_, sources| !sources.is_empty());
        self.keys.retain(|leaf| leaf.seq < size);
        self.touched.clear();
        self.size = self.size.min(size);
        self.times.truncate(usize::try_from(size).unwrap_or(usize::MAX));
        self.last = self.times.last().and_then(|&time| Timestamp::from_millisecond(time).ok()).unwrap_or(Timestamp::MIN);
    }

    fn record_mut(&mut self, id: Id) -> Option<&mut Record> {
        self.touched.push(id);
        let record = match self.place(id) {
            Some((kind, at)) => self.records[kind].get_mut(at).map(Arc::make_mut),
            None => self.unknown.get_mut(&id).map(Arc::make_mut),
        }?;
        record.timeline = OnceLock::new();
        Some(record)
    }

    /// Records that a leaf's content links to; of a revision that is kept as what it has otherwise than an earlier one, only what it has
    /// otherwise, since the earlier one's are known.
    fn targets(&self, id: Id, leaf: &Leaf) -> Vec<Id> {
        let Some(kind) = self.kinds.of(id) else { return Vec::new() };
        let mut targets: Vec<Id> = Vec::new();
        let mut take = |name: &str, value: &Value| {
            targets.extend(links_of(kind, std::iter::once((name, value))).into_iter().map(|(_, link)| link.id));
        };
        leaf.body.glance(|name| kind.field(name).is_some_and(holds_links), &mut take);
        if leaf.action == Action::Transition {
            leaf.body.glance(|name| name == "set", |_, set| set.members().iter().for_each(|(name, value)| take(name, value)));
        }
        targets.sort_unstable();
        targets.dedup();
        targets
    }

    /// Whether this state is an earlier one with leaves added: both were folded from the same beginning, and nothing was taken from a
    /// leaf between them.
    #[must_use]
    pub fn continues(&self, earlier: &Self) -> bool {
        Arc::ptr_eq(&self.lineage, &earlier.lineage) && self.erasures == earlier.erasures && self.size >= earlier.size
    }

    /// Replaces what is kept of a leaf's body, after an erasure.
    pub fn erase(&mut self, id: Id, seq: u64, body: Body, erasure: Erasure) {
        self.erasures += 1;
        let Some(record) = self.record_mut(id) else { return };
        // No other revision may go on holding what is taken here.
        for leaf in &mut record.leaves {
            leaf.body.apart().into_iter().for_each(|alone| leaf.body = Arc::new(alone));
        }
        if let Some(leaf) = record.leaves.iter_mut().find(|leaf| leaf.seq == seq) {
            leaf.body = Arc::new(body);
            leaf.erasure = erasure;
        }
    }
}

/// Whether values of a field can hold links.
fn holds_links(field: &FieldSpec) -> bool {
    let is_link = |scalar: Option<&Scalar>| matches!(scalar, Some(Scalar::Link(_)));
    is_link(field.kind.scalar()) || field.kind.columns().iter().any(|column| is_link(column.kind.scalar()))
}

/// Every link in some fields, with the name of its field.
#[must_use]
pub fn links_of<'a>(kind: &'a crate::Kind, fields: impl Iterator<Item = (&'a str, &'a Value)>) -> Vec<(&'a str, Link)> {
    let mut links = Vec::new();
    for (name, value) in fields {
        let Some(field) = kind.field(name) else { continue };
        match field.kind.scalar() {
            Some(scalar) => gather(name, value, scalar, &mut links),
            None => {
                for column in field.kind.columns() {
                    let Some(scalar) = column.kind.scalar() else { continue };
                    for row in value.items() {
                        let cell = if column.name.is_empty() { Some(row) } else { row.get(&column.name) };
                        cell.into_iter().for_each(|cell| gather(name, cell, scalar, &mut links));
                    }
                }
            }
        }
    }
    links
}

fn gather<'a>(name: &'a str, value: &Value, scalar: &Scalar, into: &mut Vec<(&'a str, Link)>) {
    if !matches!(scalar, Scalar::Link(_)) {
        return;
    }
    match value {
        Value::Text(text) => into.extend(text.parse().ok().map(|link| (name, link))),
        Value::List(items) => items.iter().for_each(|item| gather(name, item, scalar, into)),
        _ => {}
    }
}
