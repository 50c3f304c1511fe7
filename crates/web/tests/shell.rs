//! What holds for every page: who is let in, and what stands around it.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use site::Browser;

#[test]
fn a_page_stands_in_the_shell_and_names_the_organisation() {
    let browser = Browser::founded();
    let reply = browser.get("/").expect(200);
    assert!(reply.text().contains("<title>Overview · Example Works</title>"));
    assert!(reply.words().starts_with("Set up the management system"), "{}", reply.words());
}

#[test]
fn a_page_that_is_not_there_says_so() {
    let reply = Browser::founded().get("/nothing-here").expect(404);
    assert!(reply.words().starts_with("Not found"), "{}", reply.words());
}

#[test]
fn a_past_day_is_looked_at_under_a_banner() {
    let reply = Browser::founded().get("/?as-of=2026-03-01").expect(200);
    assert!(reply.text().contains("As of 1 Mar 2026"));
}

#[test]
fn a_day_that_is_to_come_is_refused() {
    Browser::founded().get("/?as-of=2036-03-01").expect(422);
}
