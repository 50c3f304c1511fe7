//! Where the records are: `--database`, `transfer`, `backup`, `restore`

use std::fs;

use vouch_store::contract::server::Server;

use crate::support::Installation;

/// Size and root, as the checkpoint has them.
fn extent(here: &Installation, more: &[&str]) -> Vec<String> {
    let note = here.ok(&[more, &["ledger", "checkpoint"]].concat());
    note.lines().skip(1).take(2).map(str::to_owned).collect()
}

/// Adds PER-4 where `more` says.
fn add_dora(here: &Installation, more: &[&str]) {
    let fields =
        "{\"name\":\"Dora Fourth\",\"email\":\"per-4@example.org\",\"relation\":\"employee\",\"joined_on\":\"2020-01-01\"}";
    let file = here.file("dora.json", fields);
    here.ok(&[more, &["put", "person", "--file", &file]].concat());
}

#[test]
fn an_installation_moves_to_postgresql_and_back_with_every_proof_and_root() {
    let server = Server::shared();
    let (database, here) = (server.database(), Installation::begun());
    here.ok(&["ledger", "prove", "PER-2", "--out", "before.proof"]);
    let before = extent(&here, &[]);
    let said = here.ok(&["transfer", "--from", "data", "--to", &database]);
    assert!(said.contains("the same bytes at both places"), "{said}");
    let there = ["--database", database.as_str()];
    assert_eq!(extent(&here, &there), before);
    // Without its database the folder is not taken for an empty installation.
    let lost = here.run(&["list", "person"]);
    assert!(lost.code == 3 && lost.err.contains("in a PostgreSQL database"), "{lost:?}");
    add_dora(&here, &there);
    assert!(here.ok(&[&there[..], &["search", "Dora"]].concat()).contains("Dora Fourth"));
    assert!(here.ok(&[&there[..], &["ledger", "fsck"]].concat()).contains(": ok"));
    let after = extent(&here, &there);
    assert_ne!(after, before);
    here.ok(&["transfer", "--from", &database, "--to", "home"]);
    assert_eq!(extent(&here, &["--data", "home"]), after);
    assert!(here.ok(&["--data", "home", "search", "Dora"]).contains("Dora Fourth"));
    here.ok(&["verify", "before.proof", "--policy", "home/policy"]);
    let again = here.run(&["transfer", "--from", &database, "--to", "home"]);
    assert!(again.code == 3 && again.err.contains("holds records already"), "{again:?}");
}

#[test]
fn two_folders_on_one_database_are_one_organisation() {
    let server = Server::shared();
    let (database, here) = (server.database(), Installation::begun());
    here.ok(&["transfer", "--from", "data", "--to", &database]);
    let second = here.path("second");
    fs::create_dir(&second).unwrap();
    for name in ["signing.key", "policy", "database"] {
        fs::copy(here.path("data").join(name), second.join(name)).unwrap();
    }
    add_dora(&here, &["--database", &database]);
    let shown = here.ok(&["--data", "second", "--database", &database, "list", "person"]);
    assert!(shown.contains("Dora Fourth"), "{shown}");
}

#[test]
fn a_backup_is_put_back_where_nothing_is_left() {
    let here = Installation::begun();
    fs::write(here.path("words"), "five words nobody will guess\n").unwrap();
    let before = extent(&here, &[]);
    let said = here.ok(&["backup", "one.backup", "--passphrase", "words"]);
    assert!(said.contains("sealed"), "{said}");
    assert_eq!(here.run(&["backup", "one.backup"]).code, 2, "a backup is not overwritten");
    let without = here.run(&["--data", "new", "restore", "one.backup"]);
    assert!(without.code == 3 && without.err.contains("--passphrase"), "{without:?}");
    here.ok(&["--data", "new", "restore", "one.backup", "--passphrase", "words"]);
    assert_eq!(extent(&here, &["--data", "new"]), before);
    assert!(here.ok(&["--data", "new", "search", "Cleo"]).contains("PER-3"));
    assert_eq!(fs::read(here.path("new/signing.key")).unwrap(), fs::read(here.path("data/signing.key")).unwrap());
    // And it goes on.
    add_dora(&here, &["--data", "new"]);
}

#[test]
fn a_backup_over_newer_records_is_refused_and_if_forced_the_log_says_so() {
    let here = Installation::begun();
    here.ok(&["backup", "old.backup"]);
    let old = extent(&here, &[]);
    add_dora(&here, &[]);
    let newer = extent(&here, &[]);
    fs::write(here.path("seen"), here.ok(&["ledger", "checkpoint"])).unwrap();
    let refused = here.run(&["restore", "old.backup"]);
    assert!(refused.code == 3 && refused.err.contains("does not continue"), "{refused:?}");
    assert_eq!(extent(&here, &[]), newer, "nothing was replaced");
    here.ok(&["restore", "old.backup", "--force"]);
    assert_ne!(extent(&here, &[])[0], old[0], "the fork is a leaf");
    let remark = here.ok(&["show", "NOT-1"]);
    assert!(remark.contains(&newer[1]) && remark.contains(&format!("log of {} leaves", newer[0])), "{remark}");
    here.ok(&["ledger", "export", "out"]);
    let seen = here.run(&["verify", "out", "--policy", "data/policy", "--seen", "seen"]);
    assert_eq!(seen.code, 1, "{seen:?}");
    assert!(here.path("data/replaced-1/vouch.db").exists());
}

#[test]
fn a_backup_can_be_put_back_as_it_was_at_an_earlier_size() {
    let here = Installation::begun();
    let early = extent(&here, &[]);
    add_dora(&here, &[]);
    here.ok(&["backup", "late.backup"]);
    fs::create_dir(here.path("new")).unwrap();
    fs::copy(here.path("data/signing.key"), here.path("new/signing.key")).unwrap();
    fs::copy(here.path("data/policy"), here.path("new/policy")).unwrap();
    here.ok(&["--data", "new", "restore", "late.backup", "--at", &early[0]]);
    assert_eq!(extent(&here, &["--data", "new"]), early);
}

#[test]
fn a_damaged_backup_replaces_nothing() {
    let here = Installation::begun();
    here.ok(&["backup", "one.backup"]);
    let before = extent(&here, &[]);
    let mut bytes = fs::read(here.path("one.backup")).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 1;
    fs::write(here.path("one.backup"), bytes).unwrap();
    let ran = here.run(&["restore", "one.backup", "--force"]);
    assert_ne!(ran.code, 0, "{ran:?}");
    assert_eq!(extent(&here, &[]), before);
    assert!(!here.path("data/replaced-1").exists() && !here.path("data.restoring").exists());
}

#[test]
fn backups_are_listed_with_their_end_and_an_erasure_names_those_that_still_hold_it() {
    let here = Installation::begun();
    here.ok(&["backup", "one.backup", "--until", "2031-03-31"]);
    here.ok(&["backup", "two.backup"]);
    here.ok(&["backup", "three.backup", "--until", "2020-01-01"]);
    let list = here.ok(&["backup", "--list"]);
    let line = |name: &str| list.lines().find(|line| line.contains(name)).unwrap_or_else(|| panic!("{list}")).to_owned();
    assert!(line("one.backup").contains("kept until 2031-03-31"), "{list}");
    assert!(line("two.backup").contains("no end was named"), "{list}");
    assert!(line("three.backup").contains("destroy it now"), "{list}");
    here.ok(&["backup", "--destroyed", "three.backup"]);
    assert_eq!(here.run(&["backup", "--destroyed", "three.backup"]).code, 2);
    assert_eq!(here.run(&["backup", "--destroyed", "four.backup"]).code, 2);
    assert_eq!(here.run(&["backup"]).code, 2);
    let erased = here.ok(&["--as", "PER-3", "erase", "PER-2", "--field", "email", "--reason", "request"]);
    assert_eq!(erased.matches("a backup still holds it").count(), 2, "{erased}");
    assert!(erased.contains("two.backup") && !erased.contains("three.backup"), "{erased}");
    assert!(here.ok(&["backup", "--list"]).contains("destroyed on"));
}
