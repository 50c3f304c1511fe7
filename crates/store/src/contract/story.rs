//! A small world for the cases: leaves that follow each other, and a projector that folds their bodies.

use std::collections::BTreeMap;
use std::sync::Arc;

use vouch_ledger::{Action, Envelope, hex};

use crate::contract::Place;
use crate::{
    Append, Head, Leaf, LeafQuery, LinkQuery, LinkRow, LogLeaf, Projection, ProjectionChange, Projector, RecordQuery, Refusal,
    Result, Signer, Snapshot, Store,
};

/// The log's origin in all cases.
pub const ORIGIN: &str = "log.example.test";
/// Time of the first leaf, in milliseconds since 1970; each next leaf is one later.
pub const BEGINNING: i64 = 1_700_000_000_000;

/// Writes size and root where a real signer would sign them.
pub struct Scribe;

impl Signer for Scribe {
    fn sign(&self, head: &Head, _: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        Ok(format!("{} {}", head.size, hex(&head.root)).into_bytes())
    }
}

pub fn open(place: &dyn Place) -> Arc<dyn Store> {
    place.open(Arc::new(Scribe)).unwrap()
}

pub fn refuse(why: &str) -> Refusal {
    why.into()
}

/// What a record says; its body is these lines.
#[derive(Debug, Clone, Default)]
pub struct Text<'a> {
    pub kind: &'a str,
    pub id: &'a str,
    pub title: &'a str,
    pub text: &'a str,
    pub links: &'a [&'a str],
}

/// A system with a title and nothing else.
pub fn system<'a>(id: &'a str, title: &'a str) -> Text<'a> {
    Text { kind: "ai-system", id, title, ..Text::default() }
}

/// Envelope of a leaf that follows `size` others. Its commitment is no real one; a store does not look into it.
pub fn envelope(size: u64, action: Action, kind: &str, id: &str) -> Vec<u8> {
    let mut commitment = [7; 32];
    commitment[..8].copy_from_slice(&size.to_be_bytes());
    let time = BEGINNING + i64::try_from(size).unwrap();
    let (actor, org, state) = ("PER-1", ORIGIN, "draft");
    let envelope = Envelope { action, actor, c: commitment, id, kind, org, revision: 1, schema: 1, seq: size, state, time };
    envelope.to_bytes().unwrap()
}

impl Text<'_> {
    fn projection(&self) -> Projection {
        let fields = format!("{{\"title\":\"{}\"}}", self.title).into_bytes();
        Projection { revision: 1, state: "draft".to_owned(), in_force: Some(1), title: self.title.to_owned(), fields }
    }

    fn links(&self) -> Vec<LinkRow> {
        let row = |link: &&str| {
            let (to_id, revision) = link.split_once('@').unwrap_or((*link, ""));
            LinkRow { field: "about".to_owned(), to_id: to_id.to_owned(), to_revision: revision.parse().ok() }
        };
        self.links.iter().map(row).collect()
    }

    /// The leaf that says this, after `size` others.
    pub fn leaf(&self, size: u64) -> Leaf {
        let body = format!("{}\n{}\n{}\n{}\n{}", self.kind, self.id, self.title, self.text, self.links.join(" "));
        Leaf {
            envelope: envelope(size, Action::Create, self.kind, self.id),
            body: Some(body.into_bytes()),
            projection: Some(self.projection()),
            links: Some(self.links()),
            search: Some(self.text.to_owned()),
        }
    }

    /// Appends the leaf in a unit.
    pub fn append(&self, append: &mut dyn Append) -> Result<()> {
        let leaf = self.leaf(append.tip().size);
        append.append(leaf)
    }

    /// Appends the leaf in a unit of its own.
    pub fn write(&self, store: &dyn Store) -> Head {
        let leaf = |size| self.leaf(size);
        let made: Vec<Leaf> = vec![leaf(store.snapshot().unwrap().head().unwrap().size)];
        store.write(Box::new(move |append| made.into_iter().try_for_each(|leaf| Ok(append.append(leaf)?)))).unwrap()
    }
}

/// `count` systems in one unit.
pub fn write_systems(store: &dyn Store, count: u64) -> Head {
    let unit = move |append: &mut dyn Append| {
        for _ in 0..count {
            let number = append.tip().size + 1;
            system(&format!("SYS-{number}"), &format!("system {number}")).append(append)?;
        }
        Ok(())
    };
    store.write(Box::new(unit)).unwrap()
}

/// All leaves with their bodies.
pub fn all_leaves(snapshot: &dyn Snapshot) -> Vec<LogLeaf> {
    let mut leaves: Vec<LogLeaf> = Vec::new();
    loop {
        let query = LeafQuery { from: leaves.len() as u64, limit: 300, bodies: true, ..LeafQuery::default() };
        let page = snapshot.leaves(query).unwrap();
        if page.is_empty() {
            return leaves;
        }
        leaves.extend(page);
    }
}

/// Everything computed that can be asked for about these kinds, as text.
pub fn everything_computed(store: &dyn Store, kinds: &[&str], words: &[&str]) -> String {
    let snapshot = store.snapshot().unwrap();
    let mut out = String::new();
    for kind in kinds {
        out += &format!("{kind} {}\n", snapshot.last_number(kind).unwrap());
        for record in snapshot.records(RecordQuery { kind, limit: 1_000, ..RecordQuery::default() }).unwrap() {
            let from = snapshot.links(LinkQuery::From(&record.id), None, 1_000).unwrap();
            let to = snapshot.links(LinkQuery::To(&record.id), None, 1_000).unwrap();
            out += &format!("{record:?}\n  {from:?}\n  {to:?}\n");
        }
    }
    for word in words {
        let mut ids: Vec<String> = snapshot.search(word, 1_000).unwrap().into_iter().map(|hit| hit.id + " " + &hit.title).collect();
        ids.sort();
        out += &format!("{word}: {ids:?}\n");
    }
    for level in 0..3 {
        for index in 0..3 {
            out += &format!("{:?}\n", snapshot.tile(level, index).unwrap().map(|hashes| hashes.len()));
        }
    }
    out
}

/// The last body of each record, folded from the log.
#[derive(Debug, Default)]
pub struct Fold {
    last: BTreeMap<String, (u64, String)>,
    pub told: Vec<(u64, u64)>,
}

impl Projector for Fold {
    fn leaf(&mut self, leaf: &LogLeaf) -> Result<Vec<ProjectionChange>, Refusal> {
        let envelope = Envelope::parse(&leaf.envelope)?;
        match &leaf.body {
            Some(body) => drop(self.last.insert(envelope.id.to_owned(), (leaf.seq, String::from_utf8(body.clone())?))),
            None => drop(self.last.remove(envelope.id)),
        }
        Ok(Vec::new())
    }

    fn finish(&mut self) -> Result<Vec<ProjectionChange>, Refusal> {
        let Some((_, (seq, body))) = self.last.pop_first() else { return Ok(Vec::new()) };
        let mut lines = body.split('\n');
        let mut line = || lines.next().unwrap_or_default();
        let (kind, id, title, text) = (line(), line(), line(), line());
        let links: Vec<&str> = line().split_whitespace().collect();
        let said = Text { kind, id, title, text, links: &links };
        let (projection, links) = (said.projection(), said.links());
        Ok(vec![ProjectionChange::Put { seq, projection, links, search: text.to_owned() }])
    }

    fn progress(&mut self, done: u64, all: u64) {
        self.told.push((done, all));
    }
}
