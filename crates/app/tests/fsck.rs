//! A check of everything that is stored names each deviation with its place, and goes on after it.

#![allow(clippy::unwrap_used, reason = "a test stops where something fails")]

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
