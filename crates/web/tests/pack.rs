//! The audit pack: what is said before it is built, building it, fetching it, and that what was fetched verifies.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::time::Duration;

use serde_json::{Value as Json, json};
use sha2::{Digest, Sha256};
use site::Browser;
use vouch_app::ledger::courses;
use vouch_ledger::verify::{Source, Trust, verify_export};
use vouch_testkit::fields;
use zip::ZipArchive;

/// Builds a pack as a person does, and waits; its address and what is told of it.
fn build(browser: &Browser, form: &[(&str, &str)]) -> (String, Json) {
    let address = browser.post("/pack", form).expect(303).leads_to().to_owned();
    for _ in 0..600 {
        let told = browser.get_json(&address).expect(200).json();
        if told["stage"] != "running" {
            return (address, told);
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    panic!("{address} is never over");
}

/// The files of a pack below a folder of it.
struct Unpacked(BTreeMap<String, Vec<u8>>);

impl Unpacked {
    fn of(bytes: &[u8], root: &str) -> Self {
        let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
        let mut files = BTreeMap::new();
        for at in 0..archive.len() {
            let mut file = archive.by_index(at).unwrap();
            let name = file.name().unwrap().into_owned();
            let mut bytes = Vec::new();
            file.read_to_end(&mut bytes).unwrap();
            if let Some(path) = name.strip_prefix(root) {
                files.insert(path.to_owned(), bytes);
            }
        }
        Self(files)
    }
}

impl Source for Unpacked {
    fn paths(&self) -> vouch_ledger::Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }

    fn open(&self, path: &str) -> vouch_ledger::Result<Box<dyn Read + '_>> {
        let bytes = self.0.get(path).ok_or_else(|| vouch_ledger::Error::missing(path.to_owned()))?;
        Ok(Box::new(bytes.as_slice()))
    }
}

/// An organisation with a system.
fn begun() -> Browser {
    let browser = Browser::founded();
    let system = json!({"name": "Claims sorter", "origin": "registered", "owner": "PER-1", "purpose": "Sorts claims."});
    browser.app().create("ai-system", fields(system));
    browser
}

#[test]
fn a_pack_is_built_fetched_and_verifies() {
    let browser = begun();
    let (address, told) = build(&browser, &[("as-of", "")]);
    assert_eq!(told["stage"], "ready", "{told}");
    let file = browser.get(told["file"].as_str().unwrap()).expect(200);
    assert_eq!((file.mime.as_str(), file.bytes.len() as u64), ("application/zip", told["size"].as_u64().unwrap()));
    assert_eq!(told["sha256"], vouch_ledger::hex(&Sha256::digest(&file.bytes).into()));
    let log = Unpacked::of(&file.bytes, &format!("audit-pack-{}/log/", told["as_of"].as_str().unwrap()));
    let policy = browser.vouch.policy(&browser.app().key).unwrap();
    let trust = Trust { policy: &policy, self_asserted: false, seen: None, stamps: None };
    let report = verify_export(&log, &trust, &courses(&browser.vouch.tables().kinds)).unwrap();
    assert!(report.ok, "{:?}", report.faults);
    assert_eq!(report.entries, browser.vouch.state().size());
    let page = browser.get(&address).expect(200);
    assert!(page.words().contains("Download pack") && page.words().contains(told["sha256"].as_str().unwrap()));
    assert!(browser.get(&format!("{address}/events")).expect(200).text().contains("See what came of it"));
    assert!(browser.get("/my-work").words().contains("Audit pack: As of"));
    browser
        .app()
        .create("supplier", fields(json!({"name": "Northwind", "country": "DE", "provides": ["model"], "owner": "PER-2"})));
    let after = browser.get(&address).words();
    assert!(after.contains("1 leaf since") && after.contains("Build again"), "{after}");
}

#[test]
fn a_pack_says_what_was_known_on_its_day() {
    let browser = begun();
    browser.app().clock.pass_days(40);
    browser
        .app()
        .create("ai-system", fields(json!({"name": "Later one", "origin": "registered", "owner": "PER-1", "purpose": "Is new."})));
    let (_, told) = build(&browser, &[("as-of", "2026-03-02")]);
    let file = browser.get(told["file"].as_str().unwrap()).expect(200);
    let pack = Unpacked::of(&file.bytes, "audit-pack-2026-03-02/");
    let statement: Json = serde_json::from_slice(&pack.0["statement-of-applicability.json"]).unwrap();
    assert_eq!((&statement["as_of"], &told["as_of"]), (&json!("2026-03-02"), &json!("2026-03-02")));
    assert!(!pack.0.iter().any(|(path, bytes)| !path.starts_with("log/") && String::from_utf8_lossy(bytes).contains("Later one")));
    assert_eq!(told["leaves"], browser.vouch.state().size(), "the log goes to today");
    let asked = browser.get("/pack?as-of=2026-03-02").expect(200).main();
    assert!(asked.contains("value=\"2026-03-02\""), "the day that is looked at is proposed");
}

#[test]
fn a_pack_is_for_whom_it_was_built() {
    let browser = begun();
    let (address, _) = build(&browser, &[]);
    browser.act_as("PER-2");
    for path in [address.clone(), format!("{address}/file"), format!("{address}/events")] {
        browser.get(&path).expect(404);
    }
    browser.post(&format!("{address}/cancel"), &[]).expect(404);
    assert!(!browser.get("/pack").words().contains("Your packs"));
}

#[test]
fn a_day_on_which_nothing_can_be_said_is_refused_and_kept_in_the_form() {
    let browser = begun();
    for day in ["yesterday", "9000-01-01"] {
        let reply = browser.post("/pack", &[("as-of", day)]).expect(422);
        assert!(reply.main().contains(&format!("value=\"{day}\"")), "what was typed stands there");
        assert!(reply.main().contains("role=\"alert\""));
    }
    browser.get("/pack/nowhere").expect(404);
}

#[test]
fn what_a_pack_will_hold_as_it_was_last_looked_at() {
    let browser = begun();
    insta::assert_snapshot!("few_pack", browser.get("/pack").expect(200).main());
    let told = browser.get_json("/pack").expect(200).json();
    assert_eq!((&told["leaves"], &told["requirements"]), (&browser.vouch.state().size().into(), &json!(70)));
    let sample = Browser::sample();
    insta::assert_snapshot!("many_pack", sample.get("/pack").expect(200).words());
    insta::assert_snapshot!("past_pack", sample.get("/pack?as-of=2026-08-31").expect(200).words());
}
