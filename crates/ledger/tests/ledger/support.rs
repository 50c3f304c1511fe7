//! A small log in memory, its exports, and the policy that judges them. Keys follow from fixed numbers and are made here.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::io::{Cursor, Read, Write};

use ed25519_dalek::{Signer as _, SigningKey};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use vouch_ledger::export::{Contents, Export, Sink};
use vouch_ledger::tree::{Appender, TILE_WIDTH, TileReader, bundle_entries, inclusion_proof};
use vouch_ledger::verify::{Course, Item, Past, Report, Source, Trust, Verdict, verify_export, verify_proof, verify_with_past};
use vouch_ledger::{
    Action, Block, Checkpoint, Envelope, EraseReason, Erasure, Error, Fields, Hash, KeyChange, KeyType, Policy, Result, Show,
    SignedCheckpoint, SignerKey, StoredBody, Taken, TlogProof, VerifierKey, leaf_hash, write_blocks,
};

pub(crate) const ORIGIN: &str = "aims.example.test/acme";
const START: i64 = 1_767_225_600_000; // 2026-01-01T00:00:00.000Z

/// Files by path, as an export is on disk.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Folder(pub(crate) BTreeMap<String, Vec<u8>>);

impl Source for Folder {
    fn paths(&self) -> Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + '_>> {
        let bytes = self.0.get(path).ok_or_else(|| Error::missing(path))?;
        Ok(Box::new(Cursor::new(bytes)))
    }
}

impl Sink for Folder {
    fn create<'a>(&'a mut self, path: &str) -> Result<Box<dyn Write + 'a>> {
        let before = self.0.insert(path.to_owned(), Vec::new());
        assert!(before.is_none(), "`{path}` is written once");
        Ok(Box::new(self.0.get_mut(path).unwrap()))
    }
}

/// The leaves of an export as somebody who can be asked about them.
struct EarlierLeaves {
    by_id: BTreeMap<String, Vec<(u64, Vec<u8>)>>,
    kept: RefCell<Vec<Vec<u8>>>,
}

impl EarlierLeaves {
    fn of(folder: &Folder) -> Self {
        let mut by_id: BTreeMap<String, Vec<_>> = BTreeMap::new();
        let bundles = folder.0.iter().filter(|(path, _)| path.starts_with("tile/entries/"));
        let mut at = 0;
        for (path, bytes) in bundles {
            let width = path.rsplit_once(".p/").map_or(Ok(256), |(_, width)| width.parse()).unwrap();
            for entry in bundle_entries(bytes, width).unwrap_or_default() {
                if let Ok(envelope) = Envelope::parse(entry) {
                    by_id.entry(envelope.id.to_owned()).or_default().push((at, entry.to_vec()));
                }
                at += 1;
            }
        }
        Self { by_id, kept: RefCell::default() }
    }
}

impl Past for EarlierLeaves {
    fn leaves_of(&self, id: &str, seq: u64, each: &mut dyn FnMut(&[u8])) -> Result<()> {
        let leaves = self.by_id.get(id).into_iter().flatten();
        leaves.take_while(|(at, _)| *at < seq).for_each(|(_, entry)| each(entry));
        Ok(())
    }

    fn keep(&self, bytes: &[u8]) -> Result<()> {
        self.kept.borrow_mut().push(bytes.to_vec());
        Ok(())
    }

    fn kept(&self) -> Result<Vec<Box<dyn Read + '_>>> {
        let kept = self.kept.take();
        Ok(kept.into_iter().map(|bytes| Box::new(Cursor::new(bytes)) as Box<dyn Read>).collect())
    }
}

impl Folder {
    pub(crate) fn text(&self, path: &str) -> String {
        String::from_utf8(self.0[path].clone()).unwrap()
    }

    /// The lines of the only bodies file that has this leaf.
    pub(crate) fn edit(&mut self, path: &str, edit: impl FnOnce(String) -> String) {
        let text = edit(self.text(path));
        self.0.insert(path.to_owned(), text.into_bytes());
    }

    pub(crate) fn write_to(&self, root: &std::path::Path) {
        for (path, bytes) in &self.0 {
            let path = root.join(path);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
    }
}

/// A log that grows leaf by leaf.
pub(crate) struct TestLog {
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) bodies: Vec<StoredBody>,
    pub(crate) files: BTreeMap<Hash, Vec<u8>>,
    pub(crate) keys: Vec<SignerKey>,
    tiles: BTreeMap<(u8, u64), Vec<u8>>,
    appender: Appender,
    heads: BTreeMap<String, (String, u64, String)>,
    /// How many keys the verifier was told of; all if none.
    given: Option<usize>,
}

impl TileReader for TestLog {
    fn tile(&self, level: u8, index: u64, width: u16) -> Result<Vec<u8>> {
        let tile = self.tiles.get(&(level, index)).ok_or_else(|| Error::missing("no such tile"))?;
        Ok(tile[..usize::from(width) * 32].to_vec())
    }
}

impl Contents for TestLog {
    fn entries(&self, start: u64, count: u16) -> Result<Vec<Vec<u8>>> {
        let start = start as usize;
        Ok(self.entries[start..start + usize::from(count)].to_vec())
    }

    fn bodies(&self, start: u64, count: u16, each: &mut dyn FnMut(StoredBody) -> Result<()>) -> Result<()> {
        let start = start as usize;
        self.bodies[start..start + usize::from(count)].iter().cloned().try_for_each(each)
    }

    fn key_leaves(&self) -> Result<Vec<u64>> {
        let is_key = |entry: &Vec<u8>| Envelope::parse(entry).is_ok_and(|envelope| envelope.action == Action::Key);
        Ok((0..).zip(&self.entries).filter(|(_, entry)| is_key(entry)).map(|(seq, _)| seq).collect())
    }

    fn file(&self, sha256: &Hash) -> Result<Box<dyn Read + '_>> {
        let bytes = self.files.get(sha256).ok_or_else(|| Error::missing("no such file"))?;
        Ok(Box::new(Cursor::new(bytes)))
    }
}

/// A leaf to append; what is not given follows from the record's head.
pub(crate) struct Leaf<'a> {
    pub(crate) action: Action,
    pub(crate) id: &'a str,
    pub(crate) kind: &'a str,
    pub(crate) state: &'a str,
    pub(crate) body: Value,
}

impl TestLog {
    pub(crate) fn new() -> Self {
        Self {
            entries: Vec::new(),
            bodies: Vec::new(),
            files: BTreeMap::new(),
            keys: vec![SignerKey::from_seed(ORIGIN, &[1; 32]).unwrap()],
            tiles: BTreeMap::new(),
            appender: Appender::new(),
            heads: BTreeMap::new(),
            given: None,
        }
    }

    /// The same log, of which the verifier was told only so many keys.
    pub(crate) fn trusting(self, given: usize) -> Self {
        Self { given: Some(given), ..self }
    }

    pub(crate) fn size(&self) -> u64 {
        self.entries.len() as u64
    }

    pub(crate) fn append(&mut self, leaf: Leaf<'_>) -> u64 {
        self.append_fields(leaf.action, (leaf.id, leaf.kind, leaf.state), Fields::from_map(leaf.body.as_object().unwrap()).unwrap())
    }

    fn append_fields(&mut self, action: Action, (id, kind, state): (&str, &str, &str), fields: Fields) -> u64 {
        let head = self.heads.get(id).map_or(0, |(_, head, _)| *head);
        let revision = head + u64::from(matches!(action, Action::Create | Action::Revise | Action::Key));
        let envelope = Envelope {
            action,
            actor: "PER-1",
            c: [0; 32],
            id,
            kind,
            org: ORIGIN,
            revision,
            schema: 1,
            seq: self.size(),
            state,
            time: START + self.size() as i64 * 60_000,
        };
        self.append_as(envelope, fields)
    }

    /// Appends an envelope as it is, only with the commitment filled in.
    pub(crate) fn append_as(&mut self, envelope: Envelope<'_>, fields: Fields) -> u64 {
        let key = Sha256::digest(format!("key of body {}", self.size())).into();
        self.append_raw(envelope, StoredBody::seal(fields, key))
    }

    pub(crate) fn append_raw(&mut self, envelope: Envelope<'_>, body: StoredBody) -> u64 {
        let seq = self.size();
        let envelope = Envelope { c: body.commitment().unwrap(), ..envelope };
        let bytes = envelope.to_bytes().unwrap();
        self.appender.push(leaf_hash(&bytes));
        for write in self.appender.take_writes() {
            self.tiles.insert((write.level, write.index), write.hashes);
        }
        self.heads.insert(envelope.id.to_owned(), (envelope.kind.to_owned(), envelope.revision, envelope.state.to_owned()));
        self.entries.push(bytes);
        self.bodies.push(body);
        seq
    }

    pub(crate) fn create(&mut self, id: &str, kind: &str, body: Value) -> u64 {
        let state = courses()[&(kind.to_owned(), 1)].states[0].clone();
        self.append(Leaf { action: Action::Create, id, kind, state: &state, body })
    }

    pub(crate) fn revise(&mut self, id: &str, body: Value) -> u64 {
        let (kind, _, state) = self.heads[id].clone();
        self.append(Leaf { action: Action::Revise, id, kind: &kind, state: &state, body })
    }

    pub(crate) fn move_to(&mut self, id: &str, to: &str) -> u64 {
        let (kind, _, from) = self.heads[id].clone();
        let body = json!({"from": from, "to": to, "reason": "because", "set": {"on": "2026-01-02"}});
        self.append(Leaf { action: Action::Transition, id, kind: &kind, state: to, body })
    }

    pub(crate) fn set_aside(&mut self, id: &str) -> u64 {
        let (kind, _, _) = self.heads[id].clone();
        self.append(Leaf { action: Action::SetAside, id, kind: &kind, state: "set_aside", body: json!({"reason": "wrong"}) })
    }

    /// Erases and says so, as a store does.
    pub(crate) fn erase(&mut self, id: &str, erased: BTreeMap<u64, Taken>) -> u64 {
        let by = self.size();
        for (&target, taken) in &erased {
            let body = &mut self.bodies[target as usize];
            *body = match taken {
                Taken::All => body.erase(by),
                Taken::Fields(names) => body.erase_fields(names.iter().map(String::as_str), by).unwrap(),
            };
        }
        self.say_erased(id, erased)
    }

    /// Writes an erase leaf and erases nothing.
    pub(crate) fn say_erased(&mut self, id: &str, erased: BTreeMap<u64, Taken>) -> u64 {
        let (kind, _, state) = self.heads[id].clone();
        let erasure = Erasure { by: "PER-1".to_owned(), erased, reason: EraseReason::Request };
        self.append_fields(Action::Erase, (id, &kind, &state), erasure.to_fields().unwrap())
    }

    pub(crate) fn rotate(&mut self, id: &str, seed: u8) -> u64 {
        let new = SignerKey::from_seed(ORIGIN, &[seed; 32]).unwrap();
        let change = KeyChange::sign(self.size(), self.keys.last().unwrap(), &new).unwrap();
        let seq = self.append_fields(Action::Key, (id, "key", "active"), change.to_fields().unwrap());
        self.keys.push(new);
        seq
    }

    pub(crate) fn attach(&mut self, name: &str, bytes: &[u8]) -> Value {
        let sha256: Hash = Sha256::digest(bytes).into();
        self.files.insert(sha256, bytes.to_vec());
        json!({"name": name, "sha256": vouch_ledger::hex(&sha256), "size": bytes.len()})
    }

    pub(crate) fn checkpoint(&self) -> SignedCheckpoint {
        let checkpoint = Checkpoint { origin: ORIGIN.to_owned(), size: self.size(), root: self.appender.root() };
        let mut signed = checkpoint.sign(self.keys.last().unwrap()).unwrap();
        cosign(&mut signed);
        signed
    }

    /// The policy with every key of the log.
    pub(crate) fn policy(&self) -> Policy {
        self.policy_of(&self.keys)
    }

    /// The policy that was given to the verifier: it may have been written before the last keys were there.
    pub(crate) fn given(&self) -> Policy {
        self.policy_of(&self.keys[..self.given.unwrap_or(self.keys.len())])
    }

    fn policy_of(&self, keys: &[SignerKey]) -> Policy {
        let logs: String = keys.iter().map(|key| format!("log {}\n", key.verifier())).collect();
        Policy::parse(format!("{logs}witness w1 {}\nquorum w1\n", witness().1).as_bytes()).unwrap()
    }

    pub(crate) fn export(&self) -> Folder {
        self.export_showing(&|_| Show::All)
    }

    pub(crate) fn export_showing(&self, show: &dyn Fn(&Envelope<'_>) -> Show) -> Folder {
        let (policy, checkpoint) = (self.policy(), self.checkpoint());
        let mut folder = Folder::default();
        let export = Export { contents: self, checkpoint: &checkpoint, policy: &policy, show, timestamps: &[] };
        export.write(&mut folder).unwrap();
        folder
    }

    pub(crate) fn judge(&self, folder: &Folder) -> Report {
        let policy = self.given();
        let trust = Trust::given(&policy);
        let report = verify_export(folder, &trust, &courses()).unwrap();
        // Whoever asks for earlier leaves instead of keeping them comes to the same, if at the end.
        let past = EarlierLeaves::of(folder);
        let mut items = Vec::new();
        let again = verify_with_past(folder, &trust, &courses(), &past, &mut |item| items.push(item)).unwrap();
        assert_eq!(again.ok, report.ok, "{:?} {:?}", again.faults, report.faults);
        for (item, one) in items.iter().zip(&report.items) {
            let later = again.faults.iter().any(|fault| fault.place == format!("leaf {}", one.seq));
            assert!(item == one || (later && one.state == Verdict::Bad), "{item:?} {one:?}");
        }
        report
    }

    /// The block that proves one leaf.
    pub(crate) fn block(&self, seq: u64, show: &Show) -> Block {
        let checkpoint = self.checkpoint();
        let (size, root) = (self.size(), checkpoint.checkpoint().root);
        let hashes = inclusion_proof(self, size, &root, seq).unwrap();
        Block {
            line: self.bodies[seq as usize].line(seq, show).unwrap(),
            entry: self.entries[seq as usize].clone(),
            proof: TlogProof { extra: None, index: seq, hashes, checkpoint },
        }
    }

    pub(crate) fn prove(&self, seq: u64, show: &Show, erase_leaves: &[u64]) -> Vec<u8> {
        let erase_leaves = erase_leaves.iter().map(|&seq| self.block(seq, &Show::All));
        let blocks: Vec<Block> = std::iter::once(self.block(seq, show)).chain(erase_leaves).collect();
        write_blocks(&blocks)
    }

    pub(crate) fn judge_proof(&self, bytes: &[u8]) -> Report {
        let policy = self.given();
        verify_proof(bytes, &Trust::given(&policy))
    }
}

fn witness() -> (SigningKey, VerifierKey) {
    let key = SigningKey::from_bytes(&[77; 32]);
    let public = VerifierKey::new("witness.example.test/w1", KeyType::Cosignature, key.verifying_key().as_bytes()).unwrap();
    (key, public)
}

fn cosign(signed: &mut SignedCheckpoint) {
    let (secret, public) = witness();
    let time = 1_767_312_000_u64;
    let message = [format!("cosignature/v1\ntime {time}\n").as_bytes(), signed.text()].concat();
    let signature = [public.id().to_be_bytes().as_slice(), &time.to_be_bytes(), &secret.sign(&message).to_bytes()].concat();
    signed.add_signature(format!("— {} {}\n", public.name(), vouch_ledger::base64(&signature)).as_bytes()).unwrap();
}

/// Courses of the kinds that the test logs use.
pub(crate) fn courses() -> BTreeMap<(String, u64), Course> {
    let course = |states: &[&str], transitions: &[(&str, &str)]| Course {
        states: states.iter().map(|&state| state.to_owned()).collect(),
        settled: ["active", "in-use", "given"].map(str::to_owned).into(),
        transitions: transitions.iter().map(|&(from, to)| (from.to_owned(), to.to_owned())).collect::<BTreeSet<_>>(),
    };
    BTreeMap::from([
        (("person".to_owned(), 1), course(&["active", "left"], &[("active", "left"), ("active", "active")])),
        (
            ("system".to_owned(), 1),
            course(&["idea", "draft", "in-use", "retired"], &[("idea", "draft"), ("draft", "in-use"), ("in-use", "retired")]),
        ),
        (("approval".to_owned(), 1), course(&["given", "withdrawn"], &[("given", "withdrawn")])),
    ])
}

/// A log with one of everything: files, approvals, transitions, a withdrawn record, both kinds of erasure, a new key.
pub(crate) fn story() -> TestLog {
    let mut log = TestLog::new();
    let person = log.create("PER-1", "person", json!({"name": "Ada", "email": "ada@example.test", "top_management": true}));
    let manual = log.attach("manual.pdf", b"how to use it");
    let system = json!({"title": "Sorter", "purpose": "sorts \"mail\"\n", "rows": [{"a": 1}, {"a": 2}], "manual": manual});
    log.create("SYS-1", "system", system.clone());
    let mut second = system;
    second["title"] = json!("Sörter €");
    let revision = log.revise("SYS-1", second);
    let subject = json!({
        "subject": "SYS-1", "subject_revision": 2, "decision": "approved",
        "subject_commitment": vouch_ledger::hex(&log.bodies[revision as usize].commitment().unwrap()),
    });
    log.create("APV-1", "approval", subject);
    log.move_to("SYS-1", "draft");
    log.move_to("SYS-1", "in-use");
    log.create("SYS-2", "system", json!({"title": "Wrong"}));
    log.set_aside("SYS-2");
    log.erase("PER-1", BTreeMap::from([(person, Taken::Fields(vec!["email".to_owned()]))]));
    log.erase("SYS-2", BTreeMap::from([(6, Taken::All)]));
    log.rotate("KEY-1", 2);
    log.create("SYS-3", "system", json!({}));
    log
}

/// The verdicts of a report, by seq.
pub(crate) fn states(report: &Report) -> Vec<Verdict> {
    report.items.iter().map(|item| item.state).collect()
}

/// The item of a leaf.
pub(crate) fn item(report: &Report, seq: u64) -> &Item {
    report.items.iter().find(|item| item.seq == seq).unwrap()
}

/// Path of the bodies file of a small log.
pub(crate) fn bodies_path(log: &TestLog) -> String {
    assert!(log.size() < TILE_WIDTH);
    format!("bodies/000.p/{}", log.size())
}
