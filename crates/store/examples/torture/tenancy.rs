//! One organisation asks for what is another's: by its ids, its places in the log, its words, the hashes of its files, the names of its
//! desk; and tries to change and remove it. Whatever comes back is searched for a word that stands in everything the other has.

use std::sync::Arc;

use vouch_ledger::{Action, Envelope, Hash};
use vouch_store::contract::server::Server;
use vouch_store::contract::story::Scribe;
use vouch_store::{
    Append, Head, Leaf, LeafQuery, Link, LinkQuery, LinkRow, Postgres, Projection, RecordQuery, RecordRow, Result, Settings,
    Snapshot, Sqlite, Store,
};

use crate::Dice;

/// Stands in every text of the other organisation, and nowhere else.
const CANARY: &str = "cormorant";
const OWN: &str = "own.example.test";
const OTHER: &str = "other.example.test";
/// Records of each; the other has kinds and numbers that the first has not.
const OWN_RECORDS: u64 = 20;
const OTHER_RECORDS: u64 = 200;
const KINDS: [(&str, &str); 3] = [("SYS", "ai-system"), ("RSK", "risk"), ("DOC", "document")];

/// Lets one organisation ask so often, half of it on each engine.
pub(crate) fn ask(calls: u64) -> bool {
    let folders = [tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap()];
    let sqlite = |at: usize| Sqlite::open(folders[at].path(), Arc::new(Scribe), Settings::default()).unwrap();
    let kept = walk("SQLite", &sqlite(0), &sqlite(1), calls / 2);
    let server = Server::start_new();
    let address = server.database();
    let postgres = |origin| Postgres::open(&address, origin, Arc::new(Scribe), Settings::default()).unwrap();
    walk("PostgreSQL", &postgres(OWN), &postgres(OTHER), calls - calls / 2) && kept
}

fn walk(what: &str, own: &dyn Store, other: &dyn Store, calls: u64) -> bool {
    fill(own, OWN, "heron", OWN_RECORDS);
    let file = fill(other, OTHER, CANARY, OTHER_RECORDS);
    let before = dump(other);
    let mut seen = Vec::new();
    let mut dice = Dice(0x6c62_272e_07bb_0142);
    for _ in 0..calls {
        let question = Question { id: id(dice.below(OTHER_RECORDS)), seq: dice.below(OTHER_RECORDS), file };
        question.ask(own, &mut dice, &mut seen);
    }
    let foreign = count(&seen);
    // The same questions of the one whose it is, so that a silence means something.
    let mut answers = Vec::new();
    for number in 0..200 {
        let question = Question { id: id(number), seq: number, file };
        (0..READS).for_each(|at| question.read(&*other.snapshot().unwrap(), at, &mut answers));
    }
    let found = count(&answers);
    let is_whole = dump(other) == before;
    println!("tenancy, {what}: {calls} calls, {} bytes answered, {foreign} foreign; {found} found by whose it is", seen.len());
    foreign == 0 && found > 1_000 && is_whole
}

fn id(number: u64) -> String {
    let at = usize::try_from(number).unwrap() % KINDS.len();
    format!("{}-{}", KINDS[at].0, number / KINDS.len() as u64 + 1)
}

fn kind_of(id: &str) -> &'static str {
    KINDS.iter().find(|(prefix, _)| id.starts_with(prefix)).unwrap().1
}

fn leaf(org: &str, word: &str, seq: u64) -> Leaf {
    let id = id(seq);
    let mut c = [9; 32];
    c[..8].copy_from_slice(&seq.to_be_bytes());
    let (actor, kind, state) = ("system", kind_of(&id), "draft");
    let envelope = Envelope { action: Action::Create, actor, c, id: &id, kind, org, revision: 1, schema: 1, seq, state, time: 0 };
    let title = format!("{word} {seq}");
    let projection = Projection {
        revision: 1,
        state: state.to_owned(),
        in_force: None,
        title: title.clone(),
        fields: title.clone().into_bytes(),
    };
    let link = LinkRow { field: format!("about-{word}"), to_id: "SYS-1".to_owned(), to_revision: None };
    Leaf {
        envelope: envelope.to_bytes().unwrap(),
        body: Some(title.clone().into_bytes()),
        projection: Some(projection),
        links: Some(vec![link]),
        search: Some(format!("{title} shared words")),
    }
}

/// Fills a log, a desk and a file with a word; the hash of the file.
fn fill(store: &dyn Store, org: &'static str, word: &'static str, records: u64) -> Hash {
    let staged = store.stage(&mut word.repeat(1_000).as_bytes(), 1 << 20).unwrap();
    let file = *staged.sha256();
    let unit = move |append: &mut dyn Append| {
        for seq in 0..records {
            append.append(leaf(org, word, seq))?;
            append.desk_put(&format!("space-{word}"), &format!("key-{seq}"), word.as_bytes())?;
            append.desk_put("shared", &format!("{word}-{seq}"), word.as_bytes())?;
        }
        Ok(append.put_file(staged)?)
    };
    store.write(Box::new(unit)).unwrap();
    file
}

/// What of the other's is asked for.
struct Question {
    id: String,
    seq: u64,
    file: Hash,
}

const READS: u64 = 14;
const WRITES: u64 = 5;

impl Question {
    fn ask(&self, store: &dyn Store, dice: &mut Dice, seen: &mut Vec<u8>) {
        // Writing takes a commit of its own, so it is asked less often.
        if dice.below(20) > 0 {
            return self.read(&*store.snapshot().unwrap(), dice.below(READS), seen);
        }
        let (at, id, seq, file) = (dice.below(WRITES), self.id.clone(), self.seq.max(OWN_RECORDS), self.file);
        let unit = move |append: &mut dyn Append| {
            match at {
                0 => append.replace_body(seq, b"taken")?,
                1 => append.remove_body(seq)?,
                2 if seq >= OWN_RECORDS * 3 => append.drop_projection(&id)?,
                3 => append.remove_file(&file)?,
                _ => append.desk_delete(&format!("space-{CANARY}"), &format!("key-{seq}"))?,
            }
            Ok(())
        };
        // Whether it is refused or does nothing, what the other has is compared at the end.
        if let Err(error) = store.write(Box::new(unit)) {
            seen.extend(error.to_string().into_bytes());
        }
    }

    fn read(&self, snapshot: &dyn Snapshot, at: u64, seen: &mut Vec<u8>) {
        let asked = self.answer(snapshot, at);
        match asked {
            Ok(bytes) => seen.extend(bytes),
            Err(error) => seen.extend(error.to_string().into_bytes()),
        }
    }

    fn answer(&self, snapshot: &dyn Snapshot, at: u64) -> Result<Vec<u8>> {
        let Self { id, seq, file } = self;
        let (kind, space) = (kind_of(id), format!("space-{CANARY}"));
        let records = |rows: Vec<RecordRow>| rows.into_iter().flat_map(row).collect();
        let links = |links: Vec<Link>| links.into_iter().flat_map(|link| format!("{link:?}").into_bytes()).collect();
        Ok(match at {
            0 => snapshot.body(*seq)?.unwrap_or_default(),
            1 => leaves(snapshot, LeafQuery { id: Some(id), limit: 10, bodies: true, ..LeafQuery::default() })?,
            2 => leaves(snapshot, LeafQuery { from: *seq, limit: 10, bodies: true, ..LeafQuery::default() })?,
            3 => snapshot.record(id)?.map(row).unwrap_or_default(),
            4 => records(snapshot.records(RecordQuery { kind, limit: 50, ..RecordQuery::default() })?),
            5 => records(snapshot.records(RecordQuery { kind, after: Some(id), limit: 50, ..RecordQuery::default() })?),
            6 => links(snapshot.links(LinkQuery::From(id), None, 50)?),
            7 => links(snapshot.links(LinkQuery::To("SYS-1"), None, 50)?),
            8 => found(snapshot, CANARY)?,
            9 => found(snapshot, "shared")?,
            10 => snapshot.file(file)?.unwrap_or_default(),
            11 => snapshot.desk_get(&space, &format!("key-{seq}"))?.unwrap_or_default(),
            12 => snapshot
                .desk_scan("shared", "", None, 50)?
                .into_iter()
                .flat_map(|(key, value)| [key.into_bytes(), value].concat())
                .collect(),
            _ => [format!("{:?}", snapshot.desk_spaces()?).into_bytes(), tip(snapshot, *seq)?].concat(),
        })
    }
}

fn row(row: RecordRow) -> Vec<u8> {
    [row.id.into_bytes(), row.projection.title.into_bytes(), row.projection.fields].concat()
}

fn leaves(snapshot: &dyn Snapshot, query: LeafQuery<'_>) -> Result<Vec<u8>> {
    Ok(snapshot.leaves(query)?.into_iter().flat_map(|leaf| [leaf.envelope, leaf.body.unwrap_or_default()].concat()).collect())
}

fn found(snapshot: &dyn Snapshot, words: &str) -> Result<Vec<u8>> {
    Ok(snapshot.search(words, 50)?.into_iter().flat_map(|hit| [hit.id, hit.title].concat().into_bytes()).collect())
}

fn tip(snapshot: &dyn Snapshot, seq: u64) -> Result<Vec<u8>> {
    let note = snapshot.checkpoint(seq)?.map(|checkpoint| checkpoint.note).unwrap_or_default();
    Ok([note, snapshot.tile(0, 0)?.unwrap_or_default()].concat())
}

/// How often a word, an origin or a record number that only the other has stands in what was answered.
fn count(seen: &[u8]) -> usize {
    let words = [CANARY.as_bytes(), OTHER.as_bytes()];
    words.iter().map(|word| seen.windows(word.len()).filter(|part| part == word).count()).sum()
}

/// Everything that the other has.
fn dump(store: &dyn Store) -> (Head, Vec<u8>) {
    let snapshot = store.snapshot().unwrap();
    let mut all = leaves(&*snapshot, LeafQuery { limit: 10_000, bodies: true, ..LeafQuery::default() }).unwrap();
    for (_, kind) in KINDS {
        let rows = snapshot.records(RecordQuery { kind, limit: 10_000, ..RecordQuery::default() }).unwrap();
        all.extend(rows.into_iter().flat_map(row));
    }
    for space in snapshot.desk_spaces().unwrap() {
        let entries = snapshot.desk_scan(&space, "", None, 10_000).unwrap();
        all.extend(entries.into_iter().flat_map(|(key, value)| [key.into_bytes(), value].concat()));
    }
    for (sha256, _) in snapshot.files(None, 100).unwrap() {
        all.extend(snapshot.file(&sha256).unwrap().unwrap());
    }
    (snapshot.head().unwrap(), all)
}
