//! Following the log: what holds is verified once, what does not is named.

use std::path::Path;

use serde_json::json;
use vouch_app::ledger::Watch;
use vouch_ledger::SignerKey;
use vouch_testkit::{TestApp, fields};

fn follow(app: &TestApp, watch: &mut Watch) -> Vec<String> {
    app.vouch.follow(watch, &app.key, &mut |_, _| true).expect("the log can be read");
    watch.faults().to_vec()
}

/// Changes the stored log behind the program's back.
fn tamper(folder: &Path, statement: &str) {
    let database = rusqlite::Connection::open(folder.join("vouch.db")).expect("the database opens");
    assert_eq!(database.execute(statement, []).expect("the statement runs"), 1, "{statement}");
}

#[test]
fn a_log_is_verified_as_it_grows() {
    let app = TestApp::founded();
    let mut watch = Watch::default();
    assert_eq!(follow(&app, &mut watch), Vec::<String>::new());
    let before = watch.size();
    assert_eq!(before, app.vouch.state().size());
    app.create("person", fields(json!({
        "name": "Dan Fourth", "email": "dan@example.org", "relation": "employee", "top_management": false, "joined_on": "2026-03-01"
    })));
    assert_eq!(follow(&app, &mut watch), Vec::<String>::new());
    assert!(watch.size() > before);
}

#[test]
fn following_waits_when_it_is_told_to_and_goes_on_from_there() {
    let app = TestApp::founded();
    let mut watch = Watch::default();
    app.vouch.follow(&mut watch, &app.key, &mut |_, _| false).expect("the log can be read");
    assert!(watch.faults().is_empty());
    assert_eq!(follow(&app, &mut watch), Vec::<String>::new());
}

#[test]
fn a_log_that_another_key_signed_is_told_apart() {
    let app = TestApp::founded();
    let other = SignerKey::from_seed(app.key.name(), &[9; 32]).expect("a key").verifier();
    let mut watch = Watch::default();
    app.vouch.follow(&mut watch, &other, &mut |_, _| true).expect("the log can be read");
    assert!(watch.faults().iter().any(|fault| fault.contains("not signed by a key of this log")), "{:?}", watch.faults());
}

#[test]
fn a_changed_leaf_and_a_swapped_body_are_named_with_their_place() {
    let folder = tempfile::tempdir().expect("a folder");
    let app = TestApp::in_folder(folder.path());
    app.found();
    let body = "UPDATE body SET body = (SELECT body FROM body WHERE seq = 1) WHERE seq = 2";
    let leaf = "UPDATE leaf SET envelope = (SELECT envelope FROM leaf WHERE seq = 1) WHERE seq = 2";
    for (statement, said) in
        [(body, "the body of leaf 2 is not the one that was sealed"), (leaf, "the leaves do not give the root")]
    {
        tamper(folder.path(), statement);
        let mut watch = Watch::default();
        let faults = follow(&app, &mut watch);
        assert!(faults.iter().any(|fault| fault.contains(said)), "{said}: {faults:?}");
    }
}
