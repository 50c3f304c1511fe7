//! Systems, risks and impact assessments: what their pages say in every state, and what may not be done.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use serde_json::json;
use site::{Browser, id};
use vouch_testkit::fields;

/// An organisation with two systems that somebody began to enter.
fn with_systems() -> Browser {
    let browser = Browser::founded();
    for name in ["Claims sorter", "=HYPERLINK(\"x\")"] {
        browser.app().create("ai-system", fields(json!({"name": name, "origin": "registered", "owner": "PER-1"})));
    }
    browser
}

fn owner(browser: &Browser, system: &str) -> Option<String> {
    let view = browser.vouch.view(None).unwrap();
    let entry = view.find(id(system)).unwrap();
    entry.head().value("owner").get().and_then(|value| value.as_text().map(str::to_owned))
}

#[test]
fn each_page_says_what_it_is_for_while_it_is_empty() {
    let browser = Browser::founded();
    insta::assert_snapshot!("systems_empty", browser.get("/systems").expect(200).main());
    insta::assert_snapshot!("risks_empty", browser.get("/risks").expect(200).main());
    insta::assert_snapshot!("impact_empty", browser.get("/impact").expect(200).main());
}

#[test]
fn filters_that_leave_nothing_can_be_cleared() {
    let browser = with_systems();
    let text = browser.get("/systems?q=nothing-like-this&tier=high").expect(200).main();
    assert!(text.contains("No system fits") && text.contains("href=\"/systems\""), "{text}");
    assert!(browser.get("/systems?q=claims").expect(200).main().contains("Claims sorter"));
    browser.get("/risks?q=x&cell=9-9&owner=nobody").expect(200);
    browser.get("/impact?q=x&tier=none&sort=-nothing&page=99").expect(200);
}

#[test]
fn a_past_day_shows_what_was_there_and_writes_nothing() {
    let browser = with_systems();
    browser.app().clock.pass_days(3);
    let text = browser.get("/systems?as-of=2026-03-01").expect(200).main();
    assert!(!text.contains("Claims sorter") && !text.contains("Register system"), "{text}");
    browser.get("/systems/SYS-1?as-of=2026-03-01").expect(404);
    let text = browser.get("/systems/SYS-1?as-of=2026-03-03").expect(200).main();
    assert!(text.contains("Claims sorter") && !text.contains("Record evidence"), "{text}");
    browser.get("/systems/SYS-1/gate?as-of=2026-03-03").expect(403);
}

#[test]
fn an_export_holds_what_the_list_shows_and_no_formula() {
    let browser = with_systems();
    let reply = browser.get("/systems/export.csv?sort=name").expect(200);
    let text = reply.text();
    assert!(reply.mime.starts_with("text/csv") && text.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{text}");
    assert_eq!(text.lines().count(), 3);
    assert_eq!(browser.get("/systems/export.csv?q=claims").expect(200).text().lines().count(), 2);
    assert!(browser.get("/systems/export.xlsx?q=claims").expect(200).bytes.starts_with(b"PK"));
    browser.get("/risks/export.csv").expect(200);
    browser.get("/risks/export.xlsx").expect(200);
}

#[test]
fn many_systems_are_changed_in_one_step_after_a_preview_and_back_in_one() {
    let browser = with_systems();
    let selected = [("field", "owner"), ("id", "SYS-1"), ("id", "SYS-2")];
    let asked = browser.post("/systems/bulk", &selected).expect(200).main();
    assert!(asked.contains("Preview the change"), "{asked}");
    let size = browser.vouch.state().size();
    let with = |more: &[(&'static str, &'static str)]| [&selected[..], more].concat();
    let preview = browser.post("/systems/bulk", &with(&[("value", "PER-2")])).expect(200).main();
    assert!(
        preview.contains("2 systems</strong>") || preview.contains("2 systems will change") || preview.contains("Change 2 systems"),
        "{preview}"
    );
    assert_eq!(browser.vouch.state().size(), size, "a preview writes nothing");
    let done = with(&[("value", "PER-2"), ("confirm", "1"), ("expect", "SYS-1@1"), ("expect", "SYS-2@1")]);
    browser.post("/systems/bulk", &done).expect(200);
    assert_eq!((owner(&browser, "SYS-1").as_deref(), owner(&browser, "SYS-2").as_deref()), (Some("PER-2"), Some("PER-2")));
    // The same again rests on revisions that are no longer the heads.
    browser
        .post("/systems/bulk", &with(&[("value", "PER-3"), ("confirm", "1"), ("expect", "SYS-1@1"), ("expect", "SYS-2@2")]))
        .expect(409);
    assert_eq!(owner(&browser, "SYS-2").as_deref(), Some("PER-2"), "all or none");
    let undo = [("field", "owner"), ("changed", "SYS-1@2"), ("changed", "SYS-2@2")];
    browser.post("/systems/bulk/undo", &undo).expect(303);
    assert_eq!((owner(&browser, "SYS-1").as_deref(), owner(&browser, "SYS-2").as_deref()), (Some("PER-1"), Some("PER-1")));
}

#[test]
fn what_cannot_be_set_for_many_is_refused_with_the_reason() {
    let browser = with_systems();
    browser.post("/systems/bulk", &[("field", "owner")]).expect(422);
    browser.post("/systems/bulk", &[("field", "name"), ("id", "SYS-1")]).expect(422);
    let text = browser.post("/systems/bulk", &[("field", "owner"), ("id", "SYS-1"), ("value", "PER-99")]).expect(422).main();
    assert!(text.contains("May not change"), "{text}");
}

#[test]
fn programs_get_records_under_the_same_addresses() {
    let browser = with_systems();
    let listed = browser.get_json("/systems?q=claims").expect(200).json();
    assert_eq!((listed["total"].as_u64(), listed["records"][0]["id"].as_str()), (Some(1), Some("SYS-1")));
    assert_eq!(browser.get_json("/systems/SYS-1").expect(200).json()["fields"]["name"], "Claims sorter");
    assert_eq!(browser.get_json("/risks").expect(200).json()["total"], 0);
    assert_eq!(browser.get_json("/impact").expect(200).json()["total"], 0);
    browser.get("/systems/RSK-1").expect(404);
    browser.get("/risks/RSK-1").expect(404);
    browser.get("/impact/IMP-1").expect(404);
}

#[test]
fn an_assessment_begins_with_one_button_and_is_filled_step_by_step() {
    let browser = with_systems();
    browser.post("/impact", &[("ai_system", "PER-1")]).expect(422);
    let begun = browser.post("/impact", &[("ai_system", "SYS-1")]).expect(303);
    assert_eq!(begun.location.as_deref(), Some("/impact/IMP-1/guide"));
    let first = browser.get("/impact/IMP-1/guide").expect(200).main();
    assert!(first.contains("1 of 8: Scope"), "{first}");
    let screening = browser.get("/impact/IMP-1/guide?step=screening").expect(200).main();
    assert!(screening.contains("name=\"screening.11.answer\""), "a row for each question: {screening}");
    let answers = [
        ("expect", "1"),
        ("screening.0.question", "rights"),
        ("screening.0.answer", "no"),
        ("screening.0.reason", "Sorts paper only."),
        ("screening.1.question", "safety"),
    ];
    let saved = browser.post("/impact/IMP-1/guide?step=screening", &answers).expect(303);
    assert_eq!(saved.location.as_deref(), Some("/impact/IMP-1/guide?step=facts"));
    let record = browser.get_json("/impact/IMP-1").expect(200).json();
    assert_eq!(record["fields"]["screening"].as_array().map(Vec::len), Some(1), "a question without answer is no row");
    // Somebody else saved meanwhile.
    browser
        .post(
            "/impact/IMP-1/guide?step=screening",
            &[("expect", "1"), ("screening.0.question", "safety"), ("screening.0.answer", "yes")],
        )
        .expect(409);
    browser.get("/impact/IMP-1/guide?step=nothing").expect(404);
}

#[test]
fn what_is_typed_into_the_guide_is_kept_until_it_is_saved_or_discarded() {
    let browser = with_systems();
    browser.post("/impact", &[("ai_system", "SYS-1")]).expect(303);
    let typed = [("expect", "1"), ("weighing", "More good than harm, so far.")];
    browser.post("/impact/IMP-1/guide?step=measures&draft=1", &typed).expect(200);
    let text = browser.get("/impact/IMP-1/guide?step=measures").expect(200).main();
    assert!(text.contains("More good than harm, so far.") && text.contains("Discard draft"), "{text}");
    assert!(browser.get_json("/impact/IMP-1").expect(200).json()["fields"]["weighing"].is_null(), "a draft is no record");
    browser.post("/impact/IMP-1/guide?step=measures", &[("discard", "1")]).expect(303);
    assert!(!browser.get("/impact/IMP-1/guide?step=measures").expect(200).main().contains("so far"));
}

/// A person asks, the same may not give, another with the power does.
#[test]
fn what_is_left_of_a_risk_is_accepted_by_another_person_and_never_by_the_same() {
    let browser = Browser::sample();
    let form = [
        ("until", "2027-05-01"),
        ("reason", "It costs more than it saves."),
        ("who_bears", "organisation"),
        ("alternatives.0.option", "Stop"),
        ("alternatives.0.rejected_because", "The law asks for it."),
        ("compensation.0.measure", "A second look at each result"),
        ("compensation.0.owner", "PER-37"),
        ("compensation.0.due", "2027-01-15"),
        ("accepted_by", "PER-37"),
        ("capacity", "ROL-4"),
    ];
    let page = "/risks/RSK-10/acceptance";
    let own = browser.post(page, &[&form[..8], &[("accepted_by", "PER-1"), ("capacity", "ROL-4")]].concat());
    assert!(own.expect(422).words().contains("who asks may not give it"));
    let asked = browser.post(page, &form);
    assert_eq!(asked.status, 303, "{}", asked.words());
    let refused = browser.post(page, &[("decision", "approved"), ("reason", "Fine.")]).expect(403).words();
    assert!(refused.contains("Nobody accepts what they asked for themselves"), "{refused}");
    browser.act_as("PER-37");
    browser.post(page, &[("decision", "approved"), ("reason", "")]).expect(422);
    browser.post(page, &[("decision", "approved"), ("reason", "We live with it until spring.")]).expect(303);
    let text = browser.get("/risks/RSK-10").expect(200).words();
    assert!(text.contains("Accepted, ACC-") && text.contains("until 1 May 2027"), "{text}");
    // The same risk as of a day before: nobody had accepted it, and nothing can be done.
    let before = browser.get("/risks/RSK-10?as-of=2026-11-01").expect(200).words();
    assert!(!before.contains("1 May 2027") && !before.contains("Plan treatment"), "{before}");
    browser.post("/risks/RSK-10/acceptance?as-of=2026-11-01", &form).expect(403);
}

#[test]
fn a_gate_with_open_needs_lets_nothing_pass_and_says_which() {
    let browser = Browser::sample();
    let page = browser.get("/systems/SYS-2/gate").expect(200).words();
    assert!(page.contains("Verification and validation") && page.contains("not met"), "{page}");
    let pass = [("chair", "PER-1"), ("decision", "pass"), ("reason", "Looks good.")];
    let refused = browser.post("/systems/SYS-2/gate", &pass).expect(422).words();
    assert!(refused.contains("The gate does not let pass. Not met:") && refused.contains("What helps"), "{refused}");
    assert!(!refused.contains("STG-"), "a review that was not written has no id: {refused}");
    let returned =
        browser.post("/systems/SYS-2/gate", &[("chair", "PER-1"), ("decision", "return"), ("reason", "Tests are missing.")]);
    assert_eq!(returned.expect(303).location.as_deref(), Some("/systems/SYS-2"));
    let changes = browser.get("/systems/SYS-2?tab=changes").expect(200).words();
    assert!(changes.contains("Decided"), "{changes}");
    let elsewhere =
        browser.post("/systems/SYS-2/gate", &[("chair", "PER-28"), ("decision", "pass"), ("reason", "Please look.")]).expect(303);
    assert!(elsewhere.location.is_some_and(|place| place.starts_with("/records/STG-")), "it waits for its chair");
}

#[test]
fn every_tab_of_a_system_and_every_saved_view_answers() {
    let browser = Browser::sample();
    for tab in ["summary", "impact", "risks", "controls", "data", "evidence", "changes", "incidents", "nonsense"] {
        browser.get(&format!("/systems/SYS-54?tab={tab}")).expect(200);
    }
    for view in ["high", "supplied", "attention", "nonsense"] {
        browser.get(&format!("/systems?view={view}&sort=-proof&rows=500&page=2")).expect(200);
    }
    for address in
        ["/risks?map=inherent", "/risks?map=movement&view=above", "/risks?view=closed", "/impact?view=needed&sort=-society"]
    {
        browser.get(address).expect(200);
    }
    let map = browser.get("/risks").expect(200).main();
    assert!(map.contains("class=\"line-left") && map.contains("line-below"), "the acceptance line is drawn");
}

#[test]
fn an_assessment_that_is_signed_is_not_guided_and_says_why() {
    let browser = Browser::sample();
    let reply = browser.get("/impact/IMP-46/guide").expect(403).words();
    assert!(reply.contains("the guide is for drafts"), "{reply}");
    let text = browser.get("/impact/IMP-46").expect(200).words();
    assert!(text.contains("Persons") && text.contains("Society") && text.contains("Assess again"), "{text}");
}
