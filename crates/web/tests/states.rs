//! Every page in each of its states, as it was last looked at: empty, with little, with much, out of date, failing, forbidden, on a past
//! day. Of large pages the first words are kept.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use serde_json::json;
use site::{Browser, DOCUMENT};
use vouch_testkit::fields;

/// Words kept of a large page.
const WORDS: usize = 180;

/// The first words of a page.
fn begin(browser: &Browser, path: &str) -> String {
    let words = browser.get_verified(path).words();
    words.split(' ').take(WORDS).collect::<Vec<_>>().join(" ")
}

#[test]
fn what_is_empty() {
    let browser = Browser::founded();
    for (name, path) in [
        ("empty_documents", "/documents"),
        ("empty_evidence", "/evidence"),
        ("empty_suppliers", "/suppliers"),
        ("empty_nonconformities", "/nonconformities"),
        ("empty_kind", "/kinds/dataset"),
        ("empty_search", "/search?q=nothing+like+this"),
        ("empty_import", "/import"),
        ("empty_my_work", "/my-work"),
    ] {
        insta::assert_snapshot!(name, browser.get_verified(path).expect(200).main());
    }
    insta::assert_snapshot!("empty_statement", begin(&browser, "/soa"));
    insta::assert_snapshot!("empty_control", begin(&browser, "/soa/A.6.2.4"));
}

/// An organisation that began a moment ago: a system, a risk of it, a supplier.
fn begun() -> Browser {
    let browser = Browser::founded();
    let app = browser.app();
    let system = json!({"name": "Claims sorter", "origin": "registered", "owner": "PER-1", "purpose": "Sorts claims. Then a person reads them."});
    app.create("ai-system", fields(system));
    app.create(
        "risk",
        fields(
            json!({"title": "Sorts wrongly", "description": "A claim is put with the wrong ones.", "type": "threat", "concerns": "ai_system", "ai_systems": ["SYS-1"], "owner": "PER-2"}),
        ),
    );
    app.create("supplier", fields(json!({"name": "Northwind", "country": "DE", "provides": ["model"], "owner": "PER-2"})));
    browser
}

#[test]
fn what_holds_little() {
    let browser = begun();
    for (name, path) in [
        ("few_systems", "/systems"),
        ("few_risks", "/risks"),
        ("few_risk", "/risks/RSK-1"),
        ("few_suppliers", "/suppliers"),
        ("few_kind", "/kinds/person"),
    ] {
        insta::assert_snapshot!(name, browser.get_verified(path).expect(200).main());
    }
    insta::assert_snapshot!("few_system", begin(&browser, "/systems/SYS-1"));
    insta::assert_snapshot!("few_gate", begin(&browser, "/systems/SYS-1/gate"));
    insta::assert_snapshot!("few_form", begin(&browser, "/kinds/risk/new?ai_systems=SYS-1"));
}

#[test]
fn what_is_looked_at_on_a_past_day() {
    let browser = begun();
    browser.app().clock.pass_days(40);
    for (name, path) in [
        ("past_systems", "/systems?as-of=2026-03-02"),
        ("past_risk", "/risks/RSK-1?as-of=2026-03-02"),
        ("past_before_the_first_day", "/risks?as-of=2026-03-01"),
    ] {
        insta::assert_snapshot!(name, browser.get(path).main());
    }
}

#[test]
fn what_is_forbidden() {
    let browser = Browser::founded();
    let reply = browser.post("/kinds/document/new", &DOCUMENT).expect(303);
    let record = reply.leads_to().rsplit('/').next().unwrap().to_owned();
    browser.post(&format!("/records/{record}/edit"), &[("expect", "1"), ("approver", "ROL-1")]).expect(303);
    browser.post(&format!("/records/{record}/state"), &[("to", "in_review"), ("reason", "ready")]).expect(303);
    let decision = format!("/records/{record}/approval?purpose=approve&decision=approved&to=approved");
    insta::assert_snapshot!("forbidden_decision", browser.get(&decision).expect(200).main());
    insta::assert_snapshot!("forbidden_past", browser.get("/kinds/risk/new?as-of=2026-03-01").expect(403).main());
    insta::assert_snapshot!("forbidden_withdrawal", browser.get(&format!("/records/{record}/withdrawal")).expect(403).main());
}

#[test]
fn what_holds_much_is_out_of_date_or_fails() {
    let browser = Browser::sample();
    for (name, path) in [
        ("many_systems", "/systems"),
        ("many_risks", "/risks"),
        ("many_statement", "/soa"),
        ("many_evidence", "/evidence"),
        ("many_impact", "/impact"),
        ("many_kind", "/kinds/measurement"),
        ("many_gaps", "/gaps?show=gaps"),
        ("failing_control", "/soa/A.10.3"),
        ("failing_system", "/systems/SYS-46"),
        ("failing_requirement", "/requirements/A.6.2.4"),
        ("stale_evidence", "/evidence?show=stale"),
        ("stale_suppliers", "/suppliers"),
        ("past_statement", "/soa?as-of=2026-08-31"),
        ("past_overview", "/?as-of=2026-08-31"),
    ] {
        insta::assert_snapshot!(name, begin(&browser, path));
    }
}

/// A risk as its form sends it.
const RISK: [(&str, &str); 7] = [
    ("whole", "1"),
    ("title", "Sorts wrongly"),
    ("description", "A claim is put with the wrong ones."),
    ("type", "threat"),
    ("concerns", "organisation"),
    ("owner", "PER-2"),
    ("acceptable", "no"),
];

#[test]
fn what_stands_where_the_disk_is_full() {
    let (browser, faults) = Browser::on_faults();
    let record = browser.post("/kinds/document/new", &DOCUMENT).expect(303).leads_to().rsplit('/').next().unwrap().to_owned();
    let size = browser.vouch.state().size();
    faults.fill(true);
    let form = browser.post("/kinds/risk/new", &RISK).expect(503);
    assert!(form.main().contains("value=\"Sorts wrongly\"") && form.words().contains("A claim is put with the wrong ones."));
    insta::assert_snapshot!("failing_write_of_a_form", form.words().split(' ').take(WORDS).collect::<Vec<_>>().join(" "));
    let edit = [&DOCUMENT[2..], &[("expect", "1"), ("title", "Another name")]].concat();
    let edited = browser.post(&format!("/records/{record}/edit"), &edit).expect(503);
    assert!(edited.main().contains("value=\"Another name\"") && edited.words().contains("What you typed stands below"));
    let file =
        browser.post_file("/kinds/evidence/new", &[("title", "Minutes")], ("files", "minutes.txt", b"who decided")).expect(503);
    assert!(file.main().contains("value=\"Minutes\""), "also where the file is what could not be kept");
    let step = [("to", "in_review"), ("reason", "It is ready."), ("revision", "1")];
    let verb = browser.post(&format!("/records/{record}/state"), &step).expect(503);
    assert!(verb.words().contains("It is ready."), "the reason stays");
    insta::assert_snapshot!("failing_write_of_a_verb", verb.words());
    browser.post("/drafts/risk", &RISK).expect(503);
    let program = browser.reply_of_json("/kinds/risk/new", &RISK).expect(503);
    assert_eq!(program.json()["hint"], "make room, then try again");
    assert_eq!(browser.vouch.state().size(), size, "nothing is half-written");
    faults.fill(false);
    assert_ne!(browser.post("/kinds/risk/new", &RISK).status.as_u16(), 503, "the same form goes through once there is room");
}

#[test]
fn what_stands_where_the_store_cannot_be_read() {
    let (browser, faults) = Browser::on_faults();
    let size = browser.vouch.state().size();
    faults.take_away(true);
    insta::assert_snapshot!("failing_read_alone", browser.get("/search?q=claims").expect(503).main());
    faults.take_away(false);
    browser.get("/risks").expect(200);
    faults.take_away(true);
    let search = browser.get("/search?q=claims").expect(503);
    insta::assert_snapshot!("failing_read", search.main());
    assert!(search.text().contains("class=\"side\""), "what is known already stands around it");
    for path in [
        "/",
        "/gaps",
        "/soa",
        "/evidence",
        "/my-work",
        "/systems",
        "/risks",
        "/pack",
        "/kinds/risk/new",
        "/import",
        "/records/PER-1?tab=proof",
    ] {
        let reply = browser.get(path);
        assert!([200, 503].contains(&reply.status.as_u16()), "{path}: {}", reply.status);
        assert!(reply.mime.starts_with("text/html") && reply.text().contains("</main>"), "{path} is a whole page");
    }
    let problem = browser.get_json("/search?q=claims").expect(503);
    assert_eq!((problem.mime.as_str(), &problem.json()["status"]), ("application/problem+json", &json!(503)));
    assert_eq!(browser.vouch.state().size(), size);
    faults.take_away(false);
    browser.get("/search?q=claims").expect(200);
}
