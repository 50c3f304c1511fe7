//! Whatever reads bytes from outside is given bytes that are almost right, over and over, from a seed: it must not panic and not hang.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, Instant};

use vouch_ledger::export::prove;
use vouch_ledger::tree::{TILE_WIDTH, bundle_entries};
use vouch_ledger::verify::{Trust, verify_proof};
use vouch_ledger::{
    Envelope, Fields, Line, Policy, Show, SignedCheckpoint, SignerKey, StoredBody, TlogProof, VerifierKey, read_blocks,
};
use vouch_store::{Settings, Sqlite, Store};

use crate::Dice;
use crate::tamper::{Key, Stored, export, fill, key};

/// Longest that one execution may take; a busy machine has its pauses.
const MOST: Duration = Duration::from_secs(5);
/// Pieces that mean something to some parser.
const WORDS: [&[u8]; 16] = [
    b"\n",
    b"\xe2\x80\x94 ",
    b"\"",
    b"\\u0000",
    b"{",
    b"[[",
    b"9007199254740993",
    b"-0",
    b"1e9",
    b"null",
    b"\xff\xff",
    b"\0",
    b"+",
    b"=",
    b"quorum 1\n",
    b"\xf0\x9f\x98\x80",
];

/// Something that reads bytes.
struct Target {
    name: &'static str,
    seeds: Vec<Vec<u8>>,
    read: fn(&[u8]),
}

/// Gives each target so many inputs.
pub(crate) fn fuzz(executions: u64) -> bool {
    let mut is_kept = true;
    std::panic::set_hook(Box::new(|_| {}));
    for target in targets() {
        let mut dice = Dice(0x0bad_5eed_1234_5677);
        let (mut panics, mut longest, begun) = (0, Duration::ZERO, Instant::now());
        for execution in 0..executions {
            let input = if execution < target.seeds.len() as u64 {
                target.seeds[usize::try_from(execution).unwrap()].clone()
            } else {
                mutated(&target.seeds, &mut dice)
            };
            let from = Instant::now();
            if catch_unwind(AssertUnwindSafe(|| (target.read)(&input))).is_err() {
                panics += 1;
                println!("{} panics at {}", target.name, hex_of(&input));
            }
            longest = longest.max(from.elapsed());
        }
        println!(
            "fuzz, {}: {executions} executions in {:.1} s, {panics} panics, longest {longest:.1?}",
            target.name,
            begun.elapsed().as_secs_f64()
        );
        is_kept &= panics == 0 && longest < MOST;
    }
    is_kept
}

fn hex_of(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn mutated(seeds: &[Vec<u8>], dice: &mut Dice) -> Vec<u8> {
    let any = |most: usize, dice: &mut Dice| usize::try_from(dice.below(most.max(1) as u64)).unwrap();
    let mut input = seeds[any(seeds.len(), dice)].clone();
    for _ in 0..=dice.below(4) {
        let at = any(input.len() + 1, dice).min(input.len());
        let end = (at + any(64, dice)).min(input.len());
        match dice.below(8) {
            0 if at < input.len() => input[at] ^= 1 << dice.below(8),
            1 if at < input.len() => input[at] = u8::try_from(dice.below(256)).unwrap(),
            2 => drop(input.drain(at..end)),
            3 => input.truncate(at),
            4 => {
                let word = WORDS[any(WORDS.len(), dice)];
                input.splice(at..at, word.iter().copied());
            }
            5 => {
                let part = input[at..end].to_vec();
                let times = any(8, dice);
                input.splice(at..at, part.repeat(times));
            }
            6 => {
                let other = &seeds[any(seeds.len(), dice)];
                let from = any(other.len(), dice);
                input.splice(at..end, other[from..(from + end - at).min(other.len())].iter().copied());
            }
            _ => {
                let other = any(input.len(), dice);
                if at < input.len() && other < input.len() {
                    input.swap(at, other);
                }
            }
        }
    }
    input
}

/// Real bytes of each form, from a log made here.
fn targets() -> Vec<Target> {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path(), Arc::new(Key(key())), Settings::default()).unwrap();
    fill(&store);
    let snapshot = store.snapshot().unwrap();
    let shelf = export(&*snapshot).unwrap().0;
    let note = snapshot.checkpoint(u64::MAX).unwrap().unwrap().note;
    let checkpoint = SignedCheckpoint::parse(&note).unwrap();
    let proofs = [0, 7, 255, 299].map(|seq| prove(&Stored(&*snapshot), &checkpoint, seq, &Show::All).unwrap());
    let bodies = [0, 7].map(|seq| snapshot.body(seq).unwrap().unwrap());
    let lines: Vec<Vec<u8>> = below(&shelf, "bodies/").concat().split(|byte| *byte == b'\n').take(9).map(<[u8]>::to_vec).collect();
    let bundles = below(&shelf, "tile/entries/");
    let entries = bundle_entries(&bundles[0], TILE_WIDTH as u16).unwrap().into_iter().take(9).map(<[u8]>::to_vec).collect();
    let json = vec![br#"{"a":[1,"two",{"b":null}],"name":"x","plan":{"name":"a","sha256":"b","size":1}}"#.to_vec()];
    let vkeys = vec![key().verifier().to_string().into_bytes()];
    let target = |name, seeds, read| Target { name, seeds, read };
    vec![
        target("tiles and bundles", bundles, |bytes| drop(bundle_entries(bytes, u16::try_from(bytes.len() % 257).unwrap()))),
        target("envelopes", entries, |bytes| drop(Envelope::parse(bytes))),
        target("body lines", lines, |bytes| drop(Line::parse(bytes))),
        target("stored bodies", bodies.into(), |bytes| drop(StoredBody::from_bytes(bytes).map(|body| body.line(0, &Show::All)))),
        target("checkpoints and notes", vec![note], |bytes| drop(SignedCheckpoint::parse(bytes))),
        target("policies", below(&shelf, "policy"), |bytes| drop(Policy::parse(bytes))),
        target("verifier keys", vkeys, |bytes| drop(VerifierKey::parse(&String::from_utf8_lossy(bytes)))),
        target("proofs", proofs.clone().into(), |bytes| {
            drop(TlogProof::parse(bytes));
            drop(read_blocks(bytes));
        }),
        target("proofs, judged", proofs.into(), judge),
        target("JSON of fields", json, |bytes| drop(Fields::parse(bytes))),
    ]
}

fn below(shelf: &BTreeMap<String, Vec<u8>>, beginning: &str) -> Vec<Vec<u8>> {
    shelf.iter().filter(|(path, _)| path.starts_with(beginning)).map(|(_, bytes)| bytes.clone()).collect()
}

fn judge(bytes: &[u8]) {
    let key: SignerKey = key();
    let policy = Policy::of_log([key.verifier()]);
    drop(verify_proof(bytes, &Trust::given(&policy)));
}
