//! Verbs as resources: who may, who may not and why, what is asked with a step.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use site::{Browser, DOCUMENT};

/// A document of PER-1 that waits for its approval.
fn document(browser: &Browser) -> String {
    let reply = browser.post("/kinds/document/new", &DOCUMENT).expect(303);
    reply.leads_to().rsplit('/').next().unwrap().to_owned()
}

fn state(browser: &Browser, kind: &str) -> String {
    browser.get_json(&format!("/kinds/{kind}")).json()["records"][0]["state"].as_str().unwrap().to_owned()
}

#[test]
fn a_step_is_asked_with_its_reason_and_made() {
    let browser = Browser::founded();
    let id = document(&browser);
    let asked = browser.get(&format!("/records/{id}/state?to=in_review")).expect(200);
    assert!(asked.text().contains("name=\"reason\""), "{}", asked.words());
    let reply = browser.post(&format!("/records/{id}/state"), &[("to", "in_review")]).expect(422);
    assert!(reply.words().contains("reason"), "{}", reply.words());
    browser.post(&format!("/records/{id}/edit"), &[("expect", "1"), ("approver", "ROL-1")]).expect(303);
    browser.post(&format!("/records/{id}/state"), &[("to", "in_review"), ("reason", "ready")]).expect(303);
    assert_eq!(state(&browser, "document"), "in_review");
    browser.get(&format!("/records/{id}/state?to=nowhere")).expect(404);
    browser.get("/records/DOC-99/state?to=in_review").expect(404);
}

#[test]
fn a_step_that_lacks_something_says_what_and_leads_to_the_form() {
    let browser = Browser::founded();
    let id = document(&browser);
    let reply = browser.post(&format!("/records/{id}/state"), &[("to", "in_review"), ("reason", "ready")]).expect(422);
    assert!(
        reply.words().contains("Approver") && reply.text().contains(&format!("href=\"/records/{id}/edit#f-approver\"")),
        "{}",
        reply.words()
    );
    assert_eq!(state(&browser, "document"), "draft", "nothing was written");
}

#[test]
fn nobody_approves_own_work_and_the_page_says_who_could() {
    let browser = Browser::founded();
    let id = document(&browser);
    browser.post(&format!("/records/{id}/edit"), &[("expect", "1"), ("approver", "ROL-1")]).expect(303);
    browser.post(&format!("/records/{id}/state"), &[("to", "in_review"), ("reason", "ready")]).expect(303);
    let address = format!("/records/{id}/approval");
    let form = [("purpose", "approve"), ("decision", "approved"), ("to", "approved"), ("reason", "good")];
    let reply = browser.post(&address, &form).expect(403);
    assert!(reply.words().contains("may not decide about own work"), "{}", reply.words());
    assert_eq!(state(&browser, "document"), "in_review", "nothing was written");
    let asked = browser.get(&format!("{address}?purpose=approve&decision=approved&to=approved")).expect(200);
    assert!(asked.text().contains("<button class=\"button primary\" disabled>"), "the button is disabled, with the reason");
    let reply = browser.act_as("PER-2").post(&address, &form).expect(403);
    assert!(reply.words().contains("Ben Second (PER-2) is not"), "{}", reply.words());
}

#[test]
fn a_wrong_record_is_set_aside_by_another_than_its_maker() {
    let browser = Browser::founded();
    let id = document(&browser);
    let address = format!("/records/{id}/withdrawal");
    let reply = browser.get(&address).expect(403);
    assert!(reply.words().contains("made") && reply.words().contains("another person"), "{}", reply.words());
    browser.post(&address, &[("reason", "wrong")]).expect(403);
    browser.act_as("PER-2").get(&address).expect(200);
    browser.post(&address, &[("reason", "")]).expect(422);
    browser.post(&address, &[("reason", "entered twice")]).expect(303);
    browser.get(&format!("/records/{id}/edit")).expect(403);
    assert!(browser.get("/kinds/document?state=set_aside").expect(200).words().contains("Manual"));
    assert!(!browser.get("/kinds/document").expect(200).words().contains("Manual"));
}

#[test]
fn a_decision_about_a_revision_that_is_gone_is_a_conflict() {
    let browser = Browser::founded();
    let id = document(&browser);
    browser.post(&format!("/records/{id}/edit"), &[("expect", "1"), ("title", "The manual")]).expect(303);
    let form = [("to", "in_review"), ("reason", "ready"), ("revision", "1")];
    browser.post(&format!("/records/{id}/state"), &form).expect(409);
}
