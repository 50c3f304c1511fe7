//! `vouch init`

use insta::assert_snapshot;

use crate::support::Installation;

const BEGIN: [&str; 7] = ["init", "--organisation", "Example Works", "--person", "Ada Founder", "--email", "ada@example.org"];

#[test]
fn an_organisation_is_begun_once() {
    let here = Installation::empty();
    assert_snapshot!(here.shown(&BEGIN));
    let before = here.ok(&["ledger", "checkpoint"]);
    let again = here.run(&BEGIN);
    assert_eq!(again.code, 3);
    assert!(again.err.contains("already") && again.err.contains("--data"), "{}", again.err);
    assert_eq!(here.ok(&["ledger", "checkpoint"]), before);
}

#[test]
fn its_founder_leads_it_and_every_founding_record_is_there() {
    let here = Installation::empty();
    here.ok(&BEGIN);
    let organisation = here.json(&["show", "ORG-1", "--json"]);
    assert_eq!((&organisation["state"], &organisation["fields"]["window"]), (&"draft".into(), &"P6M".into()));
    let person = here.json(&["show", "PER-1", "--json"]);
    assert_eq!(
        (&person["state"], &person["fields"]["top_management"], &person["made_by"]),
        (&"active".into(), &true.into(), &"system".into())
    );
    let roles = here.json(&["list", "role", "--where", "state=approved", "--json"]);
    let keys: Vec<&str> = roles["records"].as_array().unwrap().iter().map(|role| role["fields"]["key"].as_str().unwrap()).collect();
    assert_eq!(keys, ["top_management", "aims_lead"]);
    let approval = here.json(&["show", "APV-1", "--json"]);
    assert_eq!((&approval["fields"]["override"], &approval["fields"]["reason"]), (&"own_work".into(), &"founding".into()));
}

#[test]
fn the_key_is_its_owners_and_its_fingerprint_is_that_of_the_policy() {
    let here = Installation::empty();
    let said = here.ok(&BEGIN);
    let fingerprint = said.lines().find_map(|line| line.strip_prefix("fingerprint:")).unwrap().trim().to_owned();
    here.ok(&["ledger", "export", "out"]);
    let report = here.json(&["verify", "out", "--policy", &here.policy(), "--json"]);
    assert_eq!(report["fingerprint"], fingerprint.as_str());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let key = here.path("data/signing.key");
        let mode = |path: &std::path::Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&key), mode(&here.path("data"))), (0o600, 0o700));
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(0o644)).unwrap();
        let ran = here.run(&["list", "person"]);
        assert!(ran.code == 3 && ran.err.contains("chmod 600"), "{ran:?}");
    }
}

#[test]
fn what_cannot_begin_leaves_nothing_behind() {
    let here = Installation::empty();
    let wrong: [&[&str]; 3] = [
        &["init", "--organisation", "Example Works", "--person", "Ada", "--time-zone", "Moon/Base"],
        &["init", "--organisation", "Example Works", "--person", "Ada", "--email", "no address"],
        &["init", "--organisation", "", "--person", "Ada"],
    ];
    for arguments in wrong {
        let ran = here.run(arguments);
        assert_eq!(ran.code, 2, "{arguments:?}: {}", ran.err);
        assert!(!here.path("data/signing.key").exists(), "{arguments:?} left a key");
    }
    here.ok(&BEGIN);
}
