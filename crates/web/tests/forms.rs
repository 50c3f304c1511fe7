//! Forms made from the field table: what is asked, what is refused, what is kept, who wrote meanwhile.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use site::{Browser, DOCUMENT, id};

const TASK: [(&str, &str); 4] = [("whole", "1"), ("title", "Order pens"), ("assignee", "PER-2"), ("due", "2026-04-01")];

fn with<'f>(form: &[(&'f str, &'f str)], more: &[(&'f str, &'f str)]) -> Vec<(&'f str, &'f str)> {
    let kept = form.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more).copied().collect()
}

fn task(browser: &Browser) -> String {
    let reply = browser.post("/kinds/task/new", &TASK).expect(303);
    reply.leads_to().rsplit('/').next().unwrap().to_owned()
}

#[test]
fn every_kind_has_a_list_and_a_form_and_two_are_written_by_verbs() {
    let browser = Browser::founded();
    for kind in browser.vouch.tables().kinds.iter() {
        browser.get(&format!("/kinds/{}", kind.name)).expect(200);
        let status = if ["approval", "organisation"].contains(&kind.name.as_str()) { 403 } else { 200 };
        browser.get(&format!("/kinds/{}/new", kind.name)).expect(status);
    }
    browser.get("/kinds/nothing").expect(404);
    browser.get("/kinds/nothing/new").expect(404);
}

#[test]
fn every_record_can_be_read_into_its_form_and_saved_without_a_change() {
    let browser = Browser::founded();
    let records: Vec<String> = browser.vouch.state().records().map(|record| record.id.to_string()).collect();
    for record in records.iter().filter(|id| !id.starts_with("APV")) {
        browser.get(&format!("/records/{record}/edit")).expect(200);
    }
}

#[test]
fn what_is_missing_is_said_on_top_and_at_each_field() {
    let reply = Browser::founded().post("/kinds/incident/new", &[("whole", "1"), ("title", "Wrong results")]).expect(422);
    let text = reply.text();
    assert!(text.contains("role=\"alert\" tabindex=\"-1\"") && text.contains("href=\"#f-description\""), "{text}");
    assert!(text.contains("id=\"f-description\"") && text.contains("aria-describedby=\"f-description-help f-description-wrong\""));
    assert!(text.contains("value=\"Wrong results\""), "what was typed stays");
}

#[test]
fn the_form_of_a_task_looks_as_it_did() {
    insta::assert_snapshot!(Browser::founded().get("/kinds/task/new?title=Order+pens&requirement=A.5.2").expect(200).main());
}

#[test]
fn a_record_is_created_and_found_in_its_list() {
    let browser = Browser::founded();
    let id = task(&browser);
    assert!(browser.get("/kinds/task").expect(200).words().contains("Order pens"));
    assert!(browser.get("/kinds/task?q=pens&state=open").expect(200).words().contains(&id));
    assert!(browser.get("/kinds/task?q=pencils").expect(200).words().contains("Nothing fits the filter"));
    assert!(browser.get("/kinds/task?assignee=PER-3").expect(200).words().contains("Nothing fits the filter"));
    let csv = browser.get("/kinds/task?format=csv").expect(200);
    assert!(csv.mime.starts_with("text/csv") && csv.text().contains("Order pens"));
    assert_eq!(browser.get("/kinds/task?format=xlsx").expect(200).bytes[..2], *b"PK");
    browser.get("/kinds/task?format=pdf").expect(422);
    assert_eq!(browser.get_json("/kinds/task").expect(200).json()["records"][0]["fields"]["title"], "Order pens");
}

#[test]
fn nothing_is_written_on_a_past_day() {
    let browser = Browser::founded();
    browser.get("/kinds/task/new?as-of=2026-03-01").expect(403);
    browser.post("/kinds/task/new?as-of=2026-03-01", &TASK).expect(403);
    assert!(!browser.get("/kinds/task?as-of=2026-03-01").expect(200).text().contains("New task"));
}

#[test]
fn rows_are_added_and_taken_away_without_a_script() {
    let browser = Browser::founded();
    let form = [("whole", "1"), ("title", "Wrong"), ("harm.0.who", "Travellers"), ("add", "harm")];
    let reply = browser.post("/kinds/incident/new", &form).expect(200);
    assert!(reply.text().contains("name=\"harm.1.who\"") && reply.text().contains("value=\"Travellers\""));
    let form = [("whole", "1"), ("harm.0.who", "Travellers"), ("harm.1.who", "Staff"), ("remove", "harm.0")];
    let text = browser.post("/kinds/incident/new", &form).expect(200).text();
    assert!(!text.contains("Travellers") && text.contains("value=\"Staff\""));
}

#[test]
fn prose_is_shown_on_demand_and_cannot_do_anything() {
    let form = [("whole", "1"), ("description", "**So** <script>alert(1)</script>"), ("preview", "description")];
    let text = Browser::founded().post("/kinds/incident/new", &form).expect(200).text();
    assert!(text.contains("<strong>So</strong>") && !text.contains("<script>alert"));
}

#[test]
fn records_are_looked_for_by_name_and_typed_by_name_too() {
    let browser = Browser::founded();
    let offered = browser.get("/candidates/person?of=owner&owner=ben").expect(200).text();
    assert!(offered.contains("PER-2 Ben Second") && !offered.contains("Cleo"));
    browser.get("/candidates/nothing?q=x").expect(404);
    let reply = browser.post("/kinds/task/new", &with(&TASK, &[("assignee", "Cleo Third")])).expect(303);
    let record = browser.get_json(&format!("/kinds/task?q={}", reply.leads_to().rsplit('/').next().unwrap()));
    assert_eq!(record.json()["records"][0]["fields"]["assignee"], "PER-3");
}

#[test]
fn a_name_that_nobody_bears_is_said_and_kept() {
    let text = Browser::founded().post("/kinds/task/new", &with(&TASK, &[("assignee", "Zoe")])).expect(422).text();
    assert!(text.contains("id=\"f-assignee-wrong\"") && text.contains("Zoe"));
}

#[test]
fn a_revision_writes_what_was_changed_and_leaves_the_rest() {
    let browser = Browser::founded();
    let id = task(&browser);
    let edit = format!("/records/{id}/edit");
    browser.post(&edit, &[("expect", "1"), ("title", "Order pencils")]).expect(303);
    let record = &browser.get_json("/kinds/task").json()["records"][0];
    assert_eq!((record["fields"]["title"].as_str(), record["fields"]["assignee"].as_str()), (Some("Order pencils"), Some("PER-2")));
}

#[test]
fn who_revises_what_another_has_revised_sees_both_and_chooses() {
    let browser = Browser::founded();
    let edit = format!("/records/{}/edit", task(&browser));
    browser.act_as("PER-2").post(&edit, &[("expect", "1"), ("title", "Order pencils"), ("due", "2026-05-01")]).expect(303);
    browser.act_as("PER-1");
    let mine = with(&TASK, &[("expect", "1"), ("title", "Order ink")]);
    let reply = browser.post(&edit, &mine).expect(409);
    for word in ["Ben Second wrote revision 2", "Order pens", "Order pencils", "Order ink", "2026-05-01"] {
        assert!(reply.words().contains(word), "{word}: {}", reply.words());
    }
    insta::assert_snapshot!(reply.main());
    let chosen = with(&mine, &[("expect", "2"), ("keep.title", "mine"), ("keep.due", "theirs")]);
    browser.post(&edit, &chosen).expect(303);
    let record = &browser.get_json("/kinds/task").json()["records"][0];
    assert_eq!((record["revision"].as_u64(), record["fields"]["title"].as_str()), (Some(3), Some("Order ink")));
    assert_eq!(record["fields"]["due"], "2026-05-01", "what only they changed stays theirs");
}

#[test]
fn what_was_typed_is_offered_again_until_it_is_saved_or_given_up() {
    let browser = Browser::founded();
    browser.post("/drafts/task", &[("title", "Half a thought")]).expect(200);
    assert!(browser.get("/kinds/task/new").expect(200).words().contains("did not save it"));
    assert!(browser.get("/kinds/task/new?draft=1").expect(200).text().contains("value=\"Half a thought\""));
    browser.act_as("PER-2");
    assert!(!browser.get("/kinds/task/new").expect(200).words().contains("did not save it"), "a draft is one person's own");
    browser.act_as("PER-1").post("/drafts/task", &[("discard", "1"), ("back", "/kinds/task/new")]).expect(303);
    assert!(!browser.get("/kinds/task/new").expect(200).words().contains("did not save it"));
    browser.post("/drafts/task", &TASK).expect(200);
    task(&browser);
    assert!(!browser.get("/kinds/task/new").expect(200).words().contains("did not save it"), "saved, so gone");
    browser.post("/drafts/nothing", &TASK).expect(404);
}

#[test]
fn a_file_is_taken_in_with_its_record_and_kept_when_the_record_is_revised() {
    let browser = Browser::founded();
    let text = browser.get("/kinds/document/new").expect(200).text();
    assert!(text.contains("enctype=\"multipart/form-data\"") && text.contains("type=\"file\""));
    let reply = browser.post_file("/kinds/document/new", &DOCUMENT, ("files", "manual.txt", b"Read me"));
    let place = reply.expect(303).leads_to().to_owned();
    let id = place.rsplit('/').next().unwrap();
    browser.post(&format!("/records/{id}/edit"), &[("expect", "1"), ("title", "The manual")]).expect(303);
    let record = &browser.get_json("/kinds/document").json()["records"][0];
    assert_eq!(
        (record["fields"]["title"].as_str(), record["fields"]["files"][0]["name"].as_str()),
        (Some("The manual"), Some("manual.txt"))
    );
}

#[test]
fn instants_are_typed_in_the_organisations_time_and_durations_counted() {
    let browser = Browser::founded();
    let organisation = browser.get_json("/kinds/organisation").json()["records"][0].clone();
    let expect = organisation["revision"].to_string();
    browser.post("/records/ORG-1/edit", &[("expect", &expect), ("time_zone", "Europe/Berlin")]).expect(303);
    let form = [("whole", "1"), ("title", "Wrong"), ("ai_systems", "SYS-1"), ("detected_at", "2026-07-01T12:00")];
    let text = browser.post("/kinds/incident/new", &form).expect(422).text();
    assert!(text.contains("value=\"2026-07-01T12:00\"") && !text.contains("id=\"f-detected_at-wrong\""));
    let task = with(&TASK, &[("repeats_every.count", "6"), ("repeats_every.unit", "M")]);
    browser.post("/kinds/task/new", &task).expect(303);
    let record = browser.get_json("/kinds/task").json()["records"][0]["id"].as_str().unwrap().to_owned();
    assert_eq!(browser.get_json("/kinds/task").json()["records"][0]["fields"]["repeats_every"], "P6M");
    let text = browser.get(&format!("/records/{}/edit", id(&record))).expect(200).text();
    assert!(text.contains("name=\"repeats_every.count\" value=\"6\""), "{text}");
}
