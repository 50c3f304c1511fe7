//! The ledger outside of the store, and what the store is found to hold.

use std::collections::{HashMap, HashSet};

use vouch_ledger::tree::Appender;
use vouch_ledger::{hex, leaf_hash};
use vouch_store::{LeafQuery, Store};

/// An acknowledgement, as a worker wrote it down.
#[derive(Debug, Clone)]
pub(crate) struct Ack {
    pub(crate) token: String,
    pub(crate) seq: u64,
    pub(crate) leaf: String,
    pub(crate) size: u64,
    pub(crate) root: String,
}

impl Ack {
    pub(crate) fn parse(line: &str) -> Option<Self> {
        let mut words = line.split(' ').map(str::to_owned);
        let mut next = || words.next();
        let (token, seq, leaf, size, root) = (next()?, next()?, next()?, next()?, next()?);
        // A line that was cut off by the kill acknowledges nothing.
        (root.len() == 64).then_some(())?;
        Some(Self { token, seq: seq.parse().ok()?, leaf, size: size.parse().ok()?, root })
    }
}

/// What the store was found to hold, compared page by page as it grows.
#[derive(Default)]
pub(crate) struct Audit {
    pub(crate) tree: Appender,
    /// Hash of each leaf, and root of each size that may have been seen.
    leaves: Vec<String>,
    roots: HashMap<u64, String>,
    tokens: HashSet<String>,
    pub(crate) acknowledged: u64,
    pub(crate) lost: u64,
    pub(crate) doubled: u64,
    pub(crate) inconsistent: u64,
}

impl Audit {
    /// Reads what is new, and compares the acknowledgements with it.
    pub(crate) fn compare(&mut self, store: &dyn Store, acks: &[Ack]) {
        let snapshot = store.snapshot().unwrap();
        loop {
            let query = LeafQuery { from: self.tree.size(), limit: 5_000, bodies: true, ..LeafQuery::default() };
            let page = snapshot.leaves(query).unwrap();
            if page.is_empty() {
                break;
            }
            for leaf in page {
                assert_eq!(leaf.seq, self.tree.size(), "a leaf is missing");
                let hash = leaf_hash(&leaf.envelope);
                self.tree.push(hash);
                self.leaves.push(hex(&hash));
                self.roots.insert(self.tree.size(), hex(&self.tree.root()));
                let body = String::from_utf8(leaf.body.expect("every leaf has its body")).unwrap();
                let token = body.split('\n').nth(2).unwrap().to_owned();
                if !self.tokens.insert(token) {
                    self.doubled += 1;
                }
            }
        }
        let head = snapshot.head().unwrap();
        assert_eq!((head.size, head.root), (self.tree.size(), self.tree.root()), "the head is that of the leaves");
        for ack in acks {
            self.acknowledged += 1;
            let held = self.leaves.get(usize::try_from(ack.seq).unwrap());
            if held != Some(&ack.leaf) || !self.tokens.contains(&ack.token) {
                self.lost += 1;
            }
            if self.roots.get(&ack.size) != Some(&ack.root) {
                self.inconsistent += 1;
            }
        }
    }

    pub(crate) fn verdict(&self, what: &str, cycles: u64) -> bool {
        println!(
            "{what}: {cycles} cycles, {} acknowledged, {} leaves, {} lost, {} doubled, {} checkpoints inconsistent",
            self.acknowledged,
            self.tree.size(),
            self.lost,
            self.doubled,
            self.inconsistent
        );
        self.acknowledged > 0 && self.lost + self.doubled + self.inconsistent == 0
    }
}
