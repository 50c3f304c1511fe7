//! `ledger key`: the signing key under a passphrase, and handed over to the next one

use std::fs;

use crate::support::{Installation, Ran, second_verifier};

const PASSPHRASE: (&str, &str) = ("VOUCH_KEY_PASSPHRASE", "five words nobody will guess");

/// Adds a person, whose id is printed.
fn add(here: &Installation, name: &str, environment: &[(&str, &str)]) -> Ran {
    let address = name.to_lowercase();
    let fields = format!(
        "{{\"name\":\"{name} Added\",\"email\":\"{address}@example.org\",\"relation\":\"employee\",\"joined_on\":\"2020-01-01\"}}"
    );
    here.run_with(&["put", "person", "--file", "-"], &fields, environment)
}

#[test]
fn a_key_under_a_passphrase_signs_only_for_who_has_it() {
    let here = Installation::begun();
    let protect = here.run(&["ledger", "key", "protect"]);
    assert!(protect.code == 2 && protect.err.contains("VOUCH_KEY_PASSPHRASE"), "{protect:?}");
    let short = here.run_with(&["ledger", "key", "protect"], "", &[("VOUCH_KEY_PASSPHRASE", "short")]);
    assert_eq!(short.code, 2, "{short:?}");
    assert_eq!(here.run_with(&["ledger", "key", "protect"], "", &[PASSPHRASE]).code, 0);
    let kept = fs::read_to_string(here.path("data/signing.key")).unwrap();
    assert!(kept.starts_with("vouch-sealed-1 argon2id") && !kept.contains("PRIVATE"), "{kept}");
    // Reading needs no key, writing does.
    assert!(here.ok(&["list", "person"]).contains("Cleo"));
    assert!(here.ok(&["ledger", "key", "show"]).contains("under a passphrase"));
    let refused = add(&here, "Dora", &[]);
    assert!(refused.code == 3 && refused.err.contains("VOUCH_KEY_PASSPHRASE_FILE"), "{refused:?}");
    let wrong = add(&here, "Dora", &[("VOUCH_KEY_PASSPHRASE", "five words somebody guessed")]);
    assert!(wrong.code == 3 && wrong.err.contains("does not open"), "{wrong:?}");
    assert_eq!(add(&here, "Dora", &[PASSPHRASE]).code, 0);
    let file = here.file("words", format!("{}\n", PASSPHRASE.1));
    assert_eq!(add(&here, "Eve", &[("VOUCH_KEY_PASSPHRASE_FILE", &file)]).code, 0);
    // A backup takes the key along as it lies; the same passphrase opens it elsewhere, and it stays protected.
    assert!(here.ok(&["backup", "one.backup"]).contains("under the passphrase"));
    assert_eq!(here.run(&["--data", "new", "restore", "one.backup"]).code, 3);
    assert_eq!(here.run_with(&["--data", "new", "restore", "one.backup"], "", &[PASSPHRASE]).code, 0);
    assert!(fs::read_to_string(here.path("new/signing.key")).unwrap().starts_with("vouch-sealed-1"));
    assert_eq!(here.run_with(&["ledger", "key", "unprotect"], "", &[PASSPHRASE]).code, 0);
    assert_eq!(add(&here, "Finn", &[]).code, 0);
}

#[test]
fn at_a_terminal_the_passphrase_is_asked_for() {
    let here = Installation::begun();
    let differ = here.at_a_terminal("ledger key protect", "five words nobody will guess\nfive words somebody guessed\n");
    assert!(differ.code == 2 && differ.out.contains("differ"), "{differ:?}");
    let protect = here.at_a_terminal("ledger key protect", "five words nobody will guess\nfive words nobody will guess\n");
    assert!(protect.code == 0 && protect.out.contains("new passphrase:"), "{protect:?}");
    let person = r#"{"name":"Dora Added","email":"dora@example.org","relation":"employee","joined_on":"2020-01-01"}"#;
    let file = here.file("dora.json", person);
    let wrong = here.at_a_terminal(&format!("put person --file {file}"), "five words somebody guessed\n");
    assert!(wrong.code == 3 && wrong.out.contains("does not open"), "{wrong:?}");
    let added = here.at_a_terminal(&format!("put person --file {file}"), "five words nobody will guess\n");
    assert!(added.code == 0 && added.out.contains("passphrase of the signing key:"), "{added:?}");
    // What was typed is known to this process only.
    assert_eq!(add(&here, "Eve", &[]).code, 3);
}

#[test]
fn an_installation_begun_with_a_passphrase_is_protected_from_the_start() {
    let here = Installation::empty();
    let begun = here.run_with(&["init", "--organisation", "Example Works", "--person", "Ada"], "", &[PASSPHRASE]);
    assert_eq!(begun.code, 0, "{begun:?}");
    assert!(fs::read_to_string(here.path("data/signing.key")).unwrap().starts_with("vouch-sealed-1"));
    assert_eq!(here.run_with(&["ledger", "key", "rotate"], "", &[PASSPHRASE]).code, 0);
    assert!(fs::read_to_string(here.path("data/signing.key")).unwrap().starts_with("vouch-sealed-1"));
}

#[test]
fn whoever_trusts_the_first_key_follows_every_change_of_keys() {
    let here = Installation::begun();
    fs::copy(here.path("data/policy"), here.path("old-policy")).unwrap();
    let first = fs::read_to_string(here.path("data/signing.key")).unwrap();
    for name in ["Dora", "Eve"] {
        assert!(here.ok(&["ledger", "key", "rotate"]).contains("signed by both keys"));
        assert_eq!(add(&here, name, &[]).code, 0);
    }
    assert_ne!(fs::read_to_string(here.path("data/signing.key")).unwrap(), first, "the old key is gone");
    assert!(!here.path("data/signing.key.next").exists());
    assert_eq!(here.ok(&["ledger", "key", "show"]).matches("fingerprint").count(), 3);
    assert!(here.ok(&["ledger", "fsck"]).contains(": ok"));
    here.ok(&["rebuild"]);
    assert!(here.ok(&["ledger", "fsck"]).contains(": ok"));
    here.ok(&["ledger", "export", "out"]);
    here.ok(&["ledger", "prove", "PER-2", "--out", "one.proof"]);
    let courses = here.file("courses.json", here.ok(&["ledger", "courses"]));
    for path in ["out", "one.proof"] {
        let ours = here.json(&["verify", path, "--policy", "old-policy", "--json"]);
        let theirs = second_verifier(&here.path(path), &here.path("old-policy").display().to_string(), courses.as_ref());
        for report in [&ours, &theirs] {
            assert_eq!(report["ok"], true, "{report}");
            assert!(report["notes"].to_string().contains("key leaves lead"), "{report}");
            assert_eq!(report["trusted"], ours["trusted"]);
        }
        let policy = fs::read_to_string(here.path("old-policy")).unwrap();
        assert!(policy.contains(ours["trusted"].as_str().unwrap()), "the key that was given is the one trusted");
    }
    // A new key that the old one did not sign for: nobody who trusts the first key follows.
    let bodies = fs::read_dir(here.path("out/bodies")).unwrap().next().unwrap().unwrap().path();
    let bodies = if bodies.is_dir() { fs::read_dir(bodies).unwrap().next().unwrap().unwrap().path() } else { bodies };
    let text = fs::read_to_string(&bodies).unwrap();
    let line = text.lines().find(|line| line.contains("new_signature")).unwrap();
    for broken in [text.replace(line, &line.replace("new_signature", "new_signaturf")), text.replace(&format!("{line}\n"), "")] {
        fs::write(&bodies, broken).unwrap();
        let report = here.json(&["verify", "out", "--policy", "old-policy", "--json"]);
        assert_eq!((&report["ok"], &report["entries"]), (&false.into(), &0.into()), "{report}");
    }
}

#[test]
fn a_change_of_keys_that_was_interrupted_is_brought_to_its_end() {
    let here = Installation::begun();
    let (key, next, spare) = (here.path("data/signing.key"), here.path("data/signing.key.next"), here.path("spare"));
    fs::copy(&key, &spare).unwrap();
    here.ok(&["ledger", "key", "rotate"]);
    // As if the program had ended between the leaf and the exchange of the files.
    fs::rename(&key, &next).unwrap();
    fs::copy(&spare, &key).unwrap();
    assert_eq!(add(&here, "Dora", &[]).code, 0);
    assert!(!next.exists());
    // As if it had ended before the leaf: the key that comes next is of no change that the log knows.
    fs::copy(&spare, &next).unwrap();
    assert_eq!(add(&here, "Eve", &[]).code, 0);
    here.ok(&["ledger", "key", "rotate"]);
    assert_eq!(add(&here, "Finn", &[]).code, 0);
    here.ok(&["ledger", "export", "out"]);
    here.ok(&["verify", "out", "--policy", "data/policy"]);
    // With a key that the log handed over from long ago nothing is written.
    fs::copy(&spare, &key).unwrap();
    let refused = add(&here, "Gus", &[]);
    assert!(refused.code == 3, "{refused:?}");
    assert!(refused.err.contains("signing.key"), "{refused:?}");
}

#[test]
fn a_backup_from_before_a_change_of_keys_brings_its_own_key() {
    let here = Installation::begun();
    here.file("words", "five words nobody will guess\n");
    here.ok(&["backup", "sealed.backup", "--passphrase", "words"]);
    here.ok(&["backup", "bare.backup"]);
    here.ok(&["ledger", "key", "rotate"]);
    let refused = here.run(&["restore", "bare.backup", "--force"]);
    assert!(refused.code == 3 && refused.err.contains("that key is not here"), "{refused:?}");
    here.ok(&["restore", "sealed.backup", "--force", "--passphrase", "words"]);
    assert!(here.path("data/replaced-1/signing.key").exists());
    assert_eq!(add(&here, "Dora", &[]).code, 0);
    here.ok(&["ledger", "export", "out"]);
    here.ok(&["verify", "out", "--policy", "data/policy"]);
}
