//! Import in the browser: columns, verdict, a bad row mended, all of it in one transaction.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use std::time::Duration;

use site::{Browser, Reply};

const INVENTORY: &str =
    "Use Case Name,Purpose,Website,Colour\r\nSorter,sorts letters,https://example.org/sorter,red\r\n,counts heads,,blue\r\n";

/// The import's page once its rows are read.
fn settled(browser: &Browser, place: &str) -> Reply {
    for _ in 0..400 {
        if browser.get_json(place).json()["stage"] != "running" {
            return browser.get(place).expect(200);
        }
        std::thread::sleep(Duration::from_millis(25));
    }
    panic!("the import does not end");
}

fn begun(browser: &Browser) -> String {
    browser
        .post_file("/import", &[("preset", "")], ("file", "inventory.csv", INVENTORY.as_bytes()))
        .expect(303)
        .leads_to()
        .to_owned()
}

/// Takes the columns as they were proposed.
fn checked(browser: &Browser, place: &str) -> Reply {
    let proposed = browser.get(place).expect(200);
    assert!(proposed.words().contains("Use Case Name") && proposed.words().contains("sorts letters"), "{}", proposed.words());
    browser.post(place, &[]).expect(303);
    settled(browser, place)
}

#[test]
fn a_bad_row_is_mended_in_the_browser_and_everything_is_written_at_once() {
    let browser = Browser::founded();
    let place = begun(&browser);
    let verdict = checked(&browser, &place);
    assert!(
        verdict.words().contains("the row has no name") || verdict.words().contains("The row has no name"),
        "{}",
        verdict.words()
    );
    assert!(verdict.words().contains("1 row must be mended first"), "{}", verdict.words());
    let row = format!("{place}/rows/3");
    assert!(browser.get(&row).expect(200).text().contains("name=\"cell.0\""));
    browser.post(&row, &[("cell.0", "Counter")]).expect(303);
    assert!(settled(&browser, &place).words().contains("Import 2 rows"));
    assert_eq!(browser.get_json("/kinds/ai-system").json()["total"], 0, "nothing is written before it is said");
    browser.post(&format!("{place}/commit"), &[]).expect(303);
    assert!(settled(&browser, &place).words().contains("Imported"));
    assert_eq!(browser.get_json("/kinds/ai-system").json()["total"], 2);
}

#[test]
fn the_rest_is_taken_without_a_bad_row_when_somebody_says_so() {
    let browser = Browser::founded();
    let place = begun(&browser);
    checked(&browser, &place);
    browser.post(&format!("{place}/commit"), &[]).expect(303);
    assert!(settled(&browser, &place).words().contains("nothing written yet"), "one bad row keeps the file out");
    browser.post(&format!("{place}/commit"), &[("partial", "1")]).expect(303);
    settled(&browser, &place);
    assert_eq!(browser.get_json("/kinds/ai-system").json()["total"], 1);
}

#[test]
fn the_stream_of_events_ends_with_the_way_to_the_verdict() {
    let browser = Browser::founded();
    let place = begun(&browser);
    checked(&browser, &place);
    let stream = browser.get(&format!("{place}/events")).expect(200);
    assert_eq!(stream.mime, "text/event-stream");
    assert!(
        stream.text().starts_with("data: ") && stream.text().ends_with("\n\n") && stream.text().contains(&place),
        "{}",
        stream.text()
    );
}

#[test]
fn what_is_no_table_is_refused_with_what_to_do() {
    let browser = Browser::founded();
    browser.post_file("/import", &[("preset", "")], ("file", "x.pdf", b"%PDF-1.7 not a table")).expect(422);
    let reply = browser.post("/import", &[("preset", "")]).expect(422);
    assert!(reply.words().contains("choose a CSV or XLSX file"), "{}", reply.words());
    browser.post_file("/import", &[("preset", "none")], ("file", "x.csv", b"a,b\n1,2\n")).expect(422);
    browser.get("/import?as-of=2026-03-01").expect(403);
}

#[test]
fn an_import_is_its_persons_own() {
    let browser = Browser::founded();
    let place = begun(&browser);
    browser.act_as("PER-2").get(&place).expect(404);
    browser.post(&format!("{place}/commit"), &[]).expect(404);
    browser.act_as("PER-1").post(&format!("{place}/commit"), &[]).expect(403);
}
