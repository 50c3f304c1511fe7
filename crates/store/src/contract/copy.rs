//! Copying a store into another one.

use std::sync::Arc;

use crate::contract::Place;
use crate::contract::story::{Scribe, Text, all_leaves, open, system, write_systems};
use crate::{Append, ErrorKind, Result, Settings, Snapshot, Sqlite, Store, transfer};

/// Everything true that a store holds, as text.
fn everything_true(snapshot: &dyn Snapshot) -> String {
    let mut out = String::new();
    let mut size = u64::MAX;
    while let Some(checkpoint) = snapshot.checkpoint(size).unwrap() {
        out += &format!("{checkpoint:?}\n");
        size = checkpoint.head.size - 1;
    }
    for leaf in all_leaves(snapshot) {
        out += &format!("{leaf:?}\n");
    }
    for (hash, _) in snapshot.files(None, 99).unwrap() {
        out += &format!("{:?}\n", snapshot.file(&hash).unwrap());
    }
    for space in snapshot.desk_spaces().unwrap() {
        out += &format!("{space} {:?}\n", snapshot.desk_scan(&space, "", None, 99).unwrap());
    }
    out
}

fn fill(store: &dyn Store) {
    write_systems(store, 300);
    Text { text: "words", links: &["SYS-1"], ..system("SYS-301", "a title") }.write(store);
    let file = store.stage(&mut &b"report"[..], 100).unwrap();
    let unit = move |append: &mut dyn Append| {
        append.put_file(file)?;
        append.desk_put("job", "a\0b", b"1")?;
        append.desk_put("session", "\u{e9}", b"2")?;
        append.remove_body(3)?;
        Ok(append.replace_body(4, b"less")?)
    };
    store.write(Box::new(unit)).unwrap();
}

pub fn a_transfer_keeps_every_byte_and_checkpoint(place: &dyn Place) {
    // From memory to the engine, and from there to memory again.
    let memory = |signer| -> Result<Arc<dyn Store>> { Ok(Arc::new(Sqlite::memory(signer, Settings::default())?)) };
    let first = memory(Arc::new(Scribe)).unwrap();
    fill(&*first);
    let wanted = everything_true(&*first.snapshot().unwrap());
    let mut told = 0;
    let copied = transfer(&*first, &|signer| place.open(signer), &mut |done, _| told = done).unwrap();
    assert_eq!((copied.leaves, copied.checkpoints, copied.files, copied.entries, told), (301, 2, 1, 2, 301));
    if place.outlives_the_store() {
        assert_eq!(everything_true(&*open(place).snapshot().unwrap()), wanted);
        let back = std::sync::Mutex::new(None);
        let open_back = |signer| {
            let store = memory(signer)?;
            *back.lock().unwrap() = Some(Arc::clone(&store));
            Ok(store)
        };
        transfer(&*open(place), &open_back, &mut |_, _| {}).unwrap();
        let back = back.into_inner().unwrap().unwrap();
        assert_eq!(everything_true(&*back.snapshot().unwrap()), wanted);
    }
}

pub fn a_transfer_into_a_log_that_was_begun_is_refused(place: &dyn Place) {
    if !place.outlives_the_store() {
        return;
    }
    write_systems(&*open(place), 1);
    let first = Sqlite::memory(Arc::new(Scribe), Settings::default()).unwrap();
    write_systems(&first, 2);
    let error = transfer(&first, &|signer| place.open(signer), &mut |_, _| {}).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Misuse);
    assert_eq!(open(place).snapshot().unwrap().head().unwrap().size, 1);
}
