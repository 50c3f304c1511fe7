//! Whatever reads bytes of a log from outside is given bytes that are almost right. As tests these replay what is kept in `__fuzz__`;
//! `cargo xtask fuzz` builds them so that the inputs which reach something new are kept and changed further.

use std::collections::BTreeMap;
use std::io::{Cursor, Read};

use vouch_ledger::tree::{TILE_WIDTH, bundle_entries};
use vouch_ledger::verify::{NoCourses, Source, Trust, verify_export, verify_proof};
use vouch_ledger::witness::{Request, judge};
use vouch_ledger::{
    Checkpoint, Envelope, Error, Fields, KeyChange, Line, Policy, Result, Show, SignedCheckpoint, SignerKey, StoredBody, TlogProof,
    VerifierKey, files_in, jcs, read_blocks, time,
};

/// A policy that trusts the log from which the first inputs came.
fn policy() -> Policy {
    Policy::parse(include_bytes!("__fuzz__/policies/corpus/of-a-log")).expect("the first input is a policy")
}

#[test]
fn entry_bundles() {
    bolero::check!(name = "entry_bundles").with_iterations(0).for_each(|bytes: &[u8]| {
        let (width, bundle) = bytes.split_first().unwrap_or((&0, &[]));
        // The largest has a width that no byte holds.
        let width = if *width == 0 { TILE_WIDTH as u16 } else { u16::from(*width) };
        if let Ok(entries) = bundle_entries(bundle, width) {
            assert_eq!(entries.len(), usize::from(width));
        }
    });
}

#[test]
fn envelopes() {
    bolero::check!(name = "envelopes").with_iterations(0).for_each(|bytes: &[u8]| {
        if let Ok(envelope) = Envelope::parse(bytes) {
            assert_eq!(envelope.to_bytes().expect("what was read can be written"), bytes, "there is one form only");
        }
    });
}

#[test]
fn body_lines() {
    bolero::check!(name = "body_lines").with_iterations(0).for_each(|bytes: &[u8]| {
        if let Ok(Line::Shown(shown)) = Line::parse(bytes) {
            drop(KeyChange::read(&shown));
            drop(vouch_ledger::Erasure::read(&shown));
        }
    });
}

#[test]
fn stored_bodies() {
    bolero::check!(name = "stored_bodies").with_iterations(0).for_each(|bytes: &[u8]| {
        if let Ok(body) = StoredBody::from_bytes(bytes) {
            assert_eq!(body.to_bytes(), bytes, "there is one form only");
            drop(body.line(0, &Show::All));
            let _ = body.commitment();
        }
    });
}

#[test]
fn checkpoints() {
    bolero::check!(name = "checkpoints").with_iterations(0).for_each(|bytes: &[u8]| {
        if let Ok(signed) = SignedCheckpoint::parse(bytes) {
            let policy = policy();
            drop(policy.accept(&signed));
            assert_eq!(signed.to_bytes(), bytes, "there is one form only");
        }
    });
}

#[test]
fn policies() {
    bolero::check!(name = "policies").with_iterations(0).for_each(|bytes: &[u8]| {
        if let Ok(policy) = Policy::parse(bytes) {
            let written = policy.to_bytes();
            assert_eq!(Policy::parse(&written).expect("what was written can be read").to_bytes(), written);
        }
    });
}

#[test]
fn keys() {
    bolero::check!(name = "keys").with_iterations(0).for_each(|bytes: &[u8]| {
        let text = String::from_utf8_lossy(bytes);
        if let Ok(key) = VerifierKey::parse(&text) {
            assert_eq!(key.to_string(), text, "there is one form only");
        }
        drop(SignerKey::parse(&text));
    });
}

#[test]
fn proofs() {
    bolero::check!(name = "proofs").with_iterations(0).for_each(|bytes: &[u8]| {
        drop(TlogProof::parse(bytes));
        if read_blocks(bytes).is_ok() {
            let policy = policy();
            drop(verify_proof(bytes, &Trust::given(&policy)));
        }
    });
}

#[test]
fn fields() {
    bolero::check!(name = "fields").with_iterations(0).for_each(|bytes: &[u8]| {
        if let Ok(fields) = Fields::parse(bytes) {
            let _ = StoredBody::seal(fields, [3; 32]).commitment();
        }
        if jcs::check(bytes, jcs::Numbers::All).is_ok() {
            drop(files_in(bytes));
        }
        drop(time::parse(bytes));
    });
}

#[test]
fn witness_requests() {
    bolero::check!(name = "witness_requests").with_iterations(0).for_each(|bytes: &[u8]| {
        if let Ok(request) = Request::parse(bytes) {
            let last = Checkpoint { size: request.old, ..request.checkpoint.checkpoint().clone() };
            drop(judge(&policy(), Some(&last), &request));
            drop(judge(&policy(), None, &request));
        }
    });
}

/// An export of a few leaves in memory.
struct Shelf(BTreeMap<String, Vec<u8>>);

impl Source for Shelf {
    fn paths(&self) -> Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }

    fn open(&self, path: &str) -> Result<Box<dyn Read + '_>> {
        let bytes = self.0.get(path).ok_or_else(|| Error::missing(format!("`{path}` is not there")))?;
        Ok(Box::new(Cursor::new(bytes)))
    }
}

/// Paths of an export of nine leaves; the last has no place in one.
const PATHS: [&str; 6] = ["policy", "checkpoint", "tile/0/000.p/9", "tile/entries/000.p/9", "bodies/000.p/9", "tile/1/000"];

#[test]
fn exports() {
    // An input is files one after the other: each begins with its place among the paths and its length.
    bolero::check!(name = "exports").with_iterations(0).for_each(|bytes: &[u8]| {
        let (mut files, mut rest) = (BTreeMap::new(), bytes);
        while let [number, high, low, left @ ..] = rest {
            let length = usize::from(u16::from_be_bytes([*high, *low])).min(left.len());
            let path = PATHS[usize::from(*number) % PATHS.len()];
            files.insert(path.to_owned(), left[..length].to_vec());
            rest = &left[length..];
        }
        let policy = policy();
        drop(verify_export(&Shelf(files), &Trust::given(&policy), &NoCourses));
    });
}
