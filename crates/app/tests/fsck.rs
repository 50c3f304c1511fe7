//! A check of everything that is stored names each deviation with its place, and goes on after it.

#![allow(clippy::unwrap_used, reason = "a test stops where something fails")]

use sha2::{Digest as _, Sha256};
use vouch_ledger::{Checkpoint, Policy, SignerKey};
use vouch_testkit::TestApp;

/// What a check finds after somebody changed the database by `sql`.
fn faults_after(sql: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::in_folder(folder.path());
    app.found();
    assert_eq!(app.vouch.fsck(&app.key, None).unwrap().faults, Vec::<String>::new());
    rusqlite::Connection::open(folder.path().join("vouch.db")).unwrap().execute_batch(sql).unwrap();
    app.vouch.fsck(&app.key, None).unwrap().faults
}

fn check(sql: &str, places: &[&str]) {
    let faults = faults_after(sql);
    for place in places {
        assert!(faults.iter().any(|fault| fault.contains(place)), "`{sql}` should be told with `{place}`: {faults:?}");
    }
}

#[test]
fn what_is_gone_or_changed_in_the_log_is_told_with_its_leaf() {
    check("DELETE FROM body WHERE seq = 3", &["leaf 3 of "]);
    check("UPDATE body SET body = x'00' WHERE seq = 2", &["leaf 2: what is stored of its body cannot be read", "leaf 2 of "]);
    check("UPDATE body SET body = (SELECT body FROM body WHERE seq = 1) WHERE seq = 2", &["leaf 2 of "]);
    check("PRAGMA foreign_keys = OFF; DELETE FROM leaf WHERE seq = 4", &["leaf 4 is not there", "tree: "]);
    check("UPDATE leaf SET envelope = CAST(replace(CAST(envelope AS TEXT), 'PER-1', 'PER-2') AS BLOB)", &["tree: "]);
    check("UPDATE tile SET hashes = zeroblob(length(hashes))", &["tile/0/"]);
}

#[test]
fn what_lists_show_is_told_with_its_record() {
    check("UPDATE record SET title = 'another' WHERE id = 'PER-2'", &["list: the row of PER-2 is not what the log gives"]);
    check("DELETE FROM record WHERE id = 'PER-3'", &["list: the row of PER-3 is not what the log gives"]);
    check(
        "INSERT INTO record (id, kind, number, revision, state, title, fields, seq)
         SELECT 'PER-9', kind, 9, revision, state, title, fields, seq FROM record WHERE id = 'PER-3'",
        &["list: PER-9 has a row and no leaf"],
    );
}

#[test]
fn what_others_put_beside_a_checkpoint_is_told_when_it_is_of_something_else() {
    let folder = tempfile::tempdir().unwrap();
    let app = TestApp::in_folder(folder.path());
    app.found();
    let witness = SignerKey::cosigner("witness.example.test/w", &[7; 32]).unwrap();
    let policy = format!("log {}\nwitness w {}\nquorum w\n", app.key, witness.verifier());
    let mut note = app.vouch.attested().unwrap().checkpoint;
    let size = note.checkpoint().size;
    let line = note.cosignature(&witness, 1_767_312_000).unwrap();
    note.add_signature(&line).unwrap();
    app.vouch.keep_cosignatures(&note, &Policy::parse(policy.as_bytes()).unwrap()).unwrap();
    let digest: [u8; 32] = Sha256::digest(note.text()).into();
    app.vouch.keep_timestamp(size, [&b"token over "[..], &digest].concat()).unwrap();
    let faults = || app.vouch.fsck(&app.key, None).unwrap().faults;
    assert_eq!(faults(), Vec::<String>::new());

    let database = rusqlite::Connection::open(folder.path().join("vouch.db")).unwrap();
    let kept: Vec<(String, String, Vec<u8>)> = {
        let mut rows = database.prepare("SELECT space, key, value FROM desk WHERE space LIKE 'checkpoint-%'").unwrap();
        rows.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).unwrap().map(Result::unwrap).collect()
    };
    let told = |sql: &str, value: Option<&[u8]>, place: &str| {
        assert!(database.execute(sql, rusqlite::params_from_iter(value)).unwrap() > 0, "{sql}");
        let found = faults();
        assert!(found.iter().any(|fault| fault.contains(place)), "`{sql}` should be told with `{place}`: {found:?}");
        database.execute("DELETE FROM desk WHERE space LIKE 'checkpoint-%'", []).unwrap();
        for (space, key, value) in &kept {
            database.execute("INSERT INTO desk (space, key, value) VALUES (?1, ?2, ?3)", (space, key, value)).unwrap();
        }
    };
    let cosigned = format!("cosignatures of the checkpoint of {size} leaves: ");
    let put = "UPDATE desk SET value = ?1 WHERE space = 'checkpoint-cosigned'";
    told(put, Some(b"no note"), &format!("{cosigned}they cannot be read"));
    let other = Checkpoint { root: [9; 32], ..note.checkpoint().clone() };
    let forked = other.sign(&SignerKey::from_seed(app.key.name(), &[1; 32]).unwrap()).unwrap();
    told(put, Some(&forked.to_bytes()), &format!("{cosigned}they are of another tree"));
    // A cosignature of another time is no signature of this one.
    let text = String::from_utf8(note.to_bytes()).unwrap();
    let (before, last) = text.trim_end().rsplit_once(' ').unwrap();
    let mut signature = vouch_ledger::parse_base64(last.as_bytes()).unwrap();
    signature[11] ^= 1;
    let changed = format!("{before} {}\n", vouch_ledger::base64(&signature));
    told(put, Some(changed.as_bytes()), &format!("{cosigned}that of witness.example.test/w is not valid"));
    let elsewhere = "UPDATE desk SET key = '00000000000000000099' WHERE space = 'checkpoint-cosigned'";
    told(elsewhere, None, "cosignatures of the checkpoint of 99 leaves: the log has signed no such checkpoint");
    told("DELETE FROM desk WHERE space = 'checkpoint-cosigned'", None, "witness witness.example.test/w: its cosignature");
    let stamp = "UPDATE desk SET value = ?1 WHERE space = 'checkpoint-stamped'";
    told(
        stamp,
        Some(b"token over something"),
        &format!("time stamp 1 of the checkpoint of {size} leaves: it is of something else"),
    );
    assert_eq!(faults(), Vec::<String>::new());
}
