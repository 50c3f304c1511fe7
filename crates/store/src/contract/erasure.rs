//! Erasing.

use vouch_ledger::leaf_hash;

use crate::contract::Place;
use crate::contract::story::{Text, all_leaves, open, system};
use crate::{Append, ErrorKind, Store};

pub fn removed_bodies_cannot_be_read_or_found(place: &dyn Place) {
    let store = open(place);
    for id in ["SYS-1", "SYS-2"] {
        Text { text: "canary", ..system(id, "canary") }.write(&*store);
    }
    let unit = |append: &mut dyn Append| {
        append.remove_body(0)?;
        append.drop_projection("SYS-1")?;
        Ok(append.replace_body(1, b"less")?)
    };
    store.write(Box::new(unit)).unwrap();
    let snapshot = store.snapshot().unwrap();
    let bodies: Vec<_> = all_leaves(&*snapshot).into_iter().map(|leaf| leaf.body).collect();
    assert_eq!(bodies, [None, Some(b"less".to_vec())]);
    assert_eq!(snapshot.search("canary", 9).unwrap().len(), 1);
    drop(snapshot);
    for seq in [0, 9] {
        let error = store.write(Box::new(move |append| Ok(append.replace_body(seq, b"x")?))).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Missing, "{seq}");
    }
}

/// A word of letters beyond `f`, which no hash and no number holds.
fn canary(number: u64) -> String {
    let hash = leaf_hash(&number.to_be_bytes());
    hash[..8].iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(b'g' + half)).collect()
}

fn hits(place: &dyn Place, numbers: impl Iterator<Item = u64>) -> usize {
    // Words of a search index may be cut where they share a beginning, so ends are looked for as well.
    let wanted: std::collections::HashSet<Vec<u8>> = numbers.map(|number| canary(number).into_bytes()[8..].to_vec()).collect();
    place.bytes().windows(8).filter(|window| wanted.contains(*window)).count()
}

fn write_canaries(store: &dyn Store, count: u64) {
    for from in (0..count).step_by(50) {
        let unit = move |append: &mut dyn Append| {
            for number in from..from + 50 {
                let (id, word) = (format!("SYS-{}", number + 1), canary(number));
                let text = format!("{word} {}", "and more text ".repeat(usize::try_from(number % 40)?));
                Text { text: &text, ..system(&id, &word) }.append(append)?;
            }
            Ok(())
        };
        store.write(Box::new(unit)).unwrap();
    }
}

fn grow_some(store: &dyn Store, count: u64, round: u64) {
    let unit = move |append: &mut dyn Append| {
        for number in (0..count).filter(|number| number % 7 == round) {
            let (id, title) = (format!("SYS-{}", number + 1), canary(number).repeat(1 + usize::try_from(number % 60)?));
            Text { text: &title, ..system(&id, &title) }.append(append)?;
            let seq = append.tip().size - 1;
            append.remove_body(seq)?;
            append.replace_body(number, title.as_bytes())?;
        }
        Ok(())
    };
    store.write(Box::new(unit)).unwrap();
}

pub fn no_byte_of_what_was_removed_remains_after_a_scrub(place: &dyn Place) {
    const ALL: u64 = 1_000;
    let store = open(place);
    write_canaries(&*store, ALL);
    if place.outlives_the_store() {
        assert!(hits(place, 0..ALL) > 0, "the search for bytes must be able to find them");
    }
    // Rows that grow and shrink move between pages, and leave copies of their neighbours behind.
    for round in 1..=3 {
        grow_some(&*store, ALL, round);
    }
    let erased = |number: &u64| number.is_multiple_of(3);
    let unit = move |append: &mut dyn Append| {
        for number in (0..ALL).filter(erased) {
            append.remove_body(number)?;
            append.drop_projection(&format!("SYS-{}", number + 1))?;
        }
        Ok(())
    };
    store.write(Box::new(unit)).unwrap();
    store.scrub().unwrap();
    assert_eq!(hits(place, (0..ALL).filter(erased)), 0);
    let snapshot = store.snapshot().unwrap();
    assert_eq!(snapshot.search(&canary(1), 9).unwrap().len(), 1);
    assert!(all_leaves(&*snapshot).len() as u64 > ALL);
}
