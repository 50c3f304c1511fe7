//! Files by their hash.

use vouch_ledger::{Hash, hex};

use crate::contract::Place;
use crate::contract::story::{open, refuse};
use crate::{ErrorKind, Store};

/// SHA-256 of `abc`, the first example of FIPS 180-2.
const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

fn keep(store: &dyn Store, bytes: &[u8]) -> Hash {
    let file = store.stage(&mut &*bytes, 100).unwrap();
    let hash = *file.sha256();
    assert_eq!(file.size(), bytes.len() as u64);
    store.write(Box::new(move |append| Ok(append.put_file(file)?))).unwrap();
    hash
}

pub fn a_file_comes_back_by_its_hash(place: &dyn Place) {
    let store = open(place);
    let hash = keep(&*store, b"abc");
    assert_eq!(hex(&hash), ABC);
    let empty = keep(&*store, b"");
    // Keeping the same bytes again is no error.
    keep(&*store, b"abc");
    let read = |store: &dyn Store, hash: &Hash| store.snapshot().unwrap().file(hash).unwrap();
    assert_eq!(read(&*store, &hash).unwrap(), b"abc");
    assert_eq!(read(&*store, &empty).unwrap(), b"");
    assert!(read(&*store, &[7; 32]).is_none());
    drop(store);
    if place.outlives_the_store() {
        assert_eq!(read(&*open(place), &hash).unwrap(), b"abc");
    }
}

pub fn files_are_listed_in_the_order_of_their_hashes(place: &dyn Place) {
    let store = open(place);
    let mut kept: Vec<(Hash, u64)> = [&b"one"[..], b"three", b"2"].map(|bytes| (keep(&*store, bytes), bytes.len() as u64)).to_vec();
    kept.sort_unstable();
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.files(None, 9).unwrap(), kept);
    assert_eq!(snapshot.files(None, 1).unwrap(), kept[..1]);
    assert_eq!(snapshot.files(Some(&kept[0].0), 9).unwrap(), kept[1..]);
}

pub fn a_damaged_file_is_an_error_that_names_it(place: &dyn Place) {
    let store = open(place);
    let hash = keep(&*store, b"abc");
    if !place.damage(&hash) {
        return;
    }
    let error = store.snapshot().unwrap().file(&hash).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Corrupt);
    assert!(error.message().contains(ABC), "{error}");
    keep(&*store, b"abc");
    assert_eq!(store.snapshot().unwrap().file(&hash).unwrap().unwrap(), b"abc");
}

pub fn a_removed_file_is_gone_and_can_come_again(place: &dyn Place) {
    let store = open(place);
    let hash = keep(&*store, b"the canary in a file");
    store.write(Box::new(move |append| Ok(append.remove_file(&hash)?))).unwrap();
    assert!(store.snapshot().unwrap().file(&hash).unwrap().is_none());
    if !place.removes_at_once() {
        store.scrub().unwrap();
    }
    assert!(!place.bytes().windows(20).any(|window| window == b"the canary in a file"));
    assert_eq!(keep(&*store, b"the canary in a file"), hash);
    // Removed and kept again in one unit, it stays.
    let again = store.stage(&mut &b"the canary in a file"[..], 100).unwrap();
    let unit = move |append: &mut dyn crate::Append| {
        append.remove_file(&hash)?;
        Ok(append.put_file(again)?)
    };
    store.write(Box::new(unit)).unwrap();
    assert!(store.snapshot().unwrap().file(&hash).unwrap().is_some());
}

pub fn a_file_of_a_refused_unit_is_not_kept(place: &dyn Place) {
    let store = open(place);
    let file = store.stage(&mut &b"the canary in a file"[..], 100).unwrap();
    let hash = *file.sha256();
    let unit = move |append: &mut dyn crate::Append| {
        append.put_file(file)?;
        Err(refuse("no"))
    };
    store.write(Box::new(unit)).unwrap_err();
    assert!(store.snapshot().unwrap().file(&hash).unwrap().is_none());
    if !place.removes_at_once() {
        store.scrub().unwrap();
    }
    if !place.removes_at_once() {
        store.scrub().unwrap();
    }
    assert!(!place.bytes().windows(20).any(|window| window == b"the canary in a file"));
    assert_eq!(store.stage(&mut &[0; 101][..], 100).unwrap_err().kind(), ErrorKind::Invalid);
}

pub fn a_file_of_another_store_is_refused(place: &dyn Place) {
    let store = open(place);
    let folder = crate::files::Files::memory();
    let file = folder.stage(&mut &b"abc"[..], 100).unwrap();
    if folder.owns(&file) && !place.outlives_the_store() {
        // Two stores in memory cannot be told apart by their files, which carry their own bytes.
        return;
    }
    let error = store.write(Box::new(move |append| Ok(append.put_file(file)?))).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
}
