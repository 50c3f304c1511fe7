//! The audit pack where it cannot be made: nothing but its error comes of it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::io::{self, Cursor, Seek, SeekFrom, Write};

use vouch_app::pack::{Order, Packed, Progress};
use vouch_app::{Error, ErrorKind, Result};
use vouch_ledger::Policy;
use vouch_testkit::TestApp;

/// A file that takes so many bytes and no more.
struct Small {
    kept: Cursor<Vec<u8>>,
    most: usize,
}

impl Write for Small {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.kept.get_ref().len() + bytes.len() > self.most {
            return Err(io::ErrorKind::StorageFull.into());
        }
        self.kept.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for Small {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.kept.seek(to)
    }
}

/// Packs into a file that takes so many bytes; how often progress was told, and what came of it.
fn pack(app: &TestApp, most: usize, until: usize) -> (Vec<Progress>, usize, Result<Packed>) {
    let (mut told, mut file) = (Vec::new(), Small { kept: Cursor::default(), most });
    let policy = Policy::of_log([app.key.clone()]);
    let order = Order {
        as_of: None,
        policy: &policy,
        progress: &mut |progress| {
            told.push(progress);
            if told.len() > until { Err(Error::refused("enough")) } else { Ok(()) }
        },
    };
    let packed = app.vouch.pack(order, &mut file);
    (told, file.kept.into_inner().len(), packed)
}

#[test]
fn progress_counts_every_leaf_and_ends_whole() {
    let app = TestApp::founded();
    let (told, _, packed) = pack(&app, usize::MAX, usize::MAX);
    let leaves = app.vouch.state().size();
    assert_eq!(packed.unwrap().leaves, leaves);
    assert!(told.iter().all(|one| one.all == leaves) && told.is_sorted_by_key(|one| one.done), "{told:?}");
    assert_eq!(told.last().unwrap().done, leaves);
}

#[test]
fn whoever_is_told_may_stop_it() {
    let app = TestApp::founded();
    let (whole, ..) = pack(&app, usize::MAX, usize::MAX);
    for until in 0..whole.len() {
        let (.., packed) = pack(&app, usize::MAX, until);
        let error = packed.unwrap_err();
        assert_eq!((error.kind, error.message.as_str()), (ErrorKind::Refused, "enough"), "stopped after {until}");
    }
}

#[test]
fn a_full_disk_is_told_wherever_it_fills_up() {
    let app = TestApp::founded();
    let (_, size, packed) = pack(&app, usize::MAX, usize::MAX);
    packed.unwrap();
    for most in (0..size).step_by((size / 60).max(1)) {
        let (.., packed) = pack(&app, most, usize::MAX);
        let error = packed.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unavailable, "{most}: {error}");
        assert!(error.message.starts_with("the pack cannot be written") && error.hint.is_some(), "{most}: {error}");
    }
}

#[test]
fn an_empty_log_is_refused() {
    let app = TestApp::empty();
    assert!(pack(&app, usize::MAX, usize::MAX).2.is_err());
}
