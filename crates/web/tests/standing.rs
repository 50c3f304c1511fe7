//! Pages that say where the organisation stands: overview, gaps, requirements, work, areas, search, help.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use serde_json::json;
use site::{Browser, fields};

/// Paths of the areas without a page of their own.
const AREAS: [&str; 11] = [
    "/context",
    "/policy",
    "/roadmap",
    "/people",
    "/data",
    "/changes",
    "/measures",
    "/audits",
    "/reviews",
    "/certification",
    "/rooms",
];

#[test]
fn an_empty_organisation_is_shown_the_way_to_its_first_evidence() {
    let reply = Browser::founded().get("/").expect(200);
    let words = reply.words();
    assert!(words.starts_with("Set up the management system"), "{words}");
    assert!(words.contains("From scope to first evidence 0 of 5 steps done"), "{words}");
    assert!(reply.main().contains("href=\"/kinds/scope/new\""));
}

#[test]
fn a_past_day_offers_nothing_to_write() {
    let browser = Browser::founded();
    let overview = browser.get("/?as-of=2026-03-01").expect(200);
    assert!(!overview.main().contains("/new\""), "{}", overview.main());
    for area in AREAS {
        let page = browser.get(&format!("{area}?as-of=2026-03-01")).expect(200);
        assert!(!page.main().contains("/new\""), "{area}");
        assert!(page.words().contains("a past day is shown"), "{area}");
    }
}

#[test]
fn every_requirement_has_a_row_and_a_page() {
    let browser = Browser::founded();
    let gaps = browser.get_json("/gaps").expect(200).json();
    let all = gaps["gaps"].as_array().unwrap().clone();
    assert_eq!(all.len(), 70);
    let page = browser.get("/gaps").expect(200).main();
    for gap in &all {
        let id = gap["requirement"].as_str().unwrap();
        assert!(page.contains(&format!("href=\"/requirements/{id}\"")), "{id}");
        let words = browser.get(&format!("/requirements/{id}")).expect(200).words();
        assert!(words.starts_with(id) && words.contains("What would be asked"), "{id}: {words}");
    }
}

#[test]
fn filters_narrow_the_gaps_and_the_export_alike() {
    let browser = Browser::founded();
    let rows = |path: &str| browser.get(path).expect(200).main().matches("class=\"main-cell\"").count();
    assert_eq!(rows("/gaps"), 70);
    assert_eq!(rows("/gaps?area=A.5"), 4);
    assert_eq!(rows("/gaps?q=a.6.2.4"), 1);
    let csv = browser.get("/gaps?area=A.5&format=csv").expect(200);
    assert_eq!(csv.mime, "text/csv; charset=utf-8");
    let text = csv.text();
    assert!(text.starts_with("requirement,title,applies,met,"), "{text}");
    assert!(text.lines().skip(1).all(|line| line.starts_with("A.5.")), "{text}");
    let nothing = browser.get("/gaps?q=no+such+words").expect(200).words();
    assert!(nothing.contains("No requirement fits") && nothing.contains("Clear filters"), "{nothing}");
}

#[test]
fn another_framework_says_that_it_claims_nothing() {
    let browser = Browser::founded();
    let words = browser.get("/gaps?framework=eu_ai_act").expect(200).words();
    assert!(words.contains("It is no claim of conformity with a law or another standard."), "{words}");
    let json = browser.get_json("/gaps?framework=nist_ai_rmf").expect(200).json();
    assert_eq!(json["coverage"]["framework"], "nist_ai_rmf");
    assert!(json["note"].as_str().unwrap().contains("no claim"));
    browser.get("/gaps?framework=none-such").expect(404);
}

#[test]
fn a_requirement_shows_its_rules_and_the_way_to_mend_them() {
    let browser = Browser::founded();
    let page = browser.get("/requirements/4.3").expect(200);
    assert!(page.main().contains("id=\"4.3-D1\""));
    assert!(page.main().contains("/kinds/scope/new?requirement=4.3"), "{}", page.main());
    let json = browser.get_json("/requirements/4.3").expect(200).json();
    assert_eq!(json["requirement"], "4.3");
    assert!(!json["rules"].as_array().unwrap().is_empty());
    browser.get("/requirements/4.99").expect(404);
}

#[test]
fn work_waits_for_whom_it_names_and_the_sidebar_counts_it() {
    let browser = Browser::founded();
    browser.act_as("PER-3");
    let nothing = browser.get("/my-work").expect(200).words();
    assert!(nothing.contains("Nothing waits for you"), "{nothing}");
    let task = json!({"title": "Read the log", "assignee": "PER-2", "due": "2026-03-01"});
    browser.app().create("task", fields(task));
    assert!(!browser.get("/my-work").expect(200).words().contains("Read the log"));
    browser.act_as("PER-2");
    let page = browser.get("/my-work").expect(200);
    assert!(page.words().contains("Ben Second: 1 thing waits , 1 overdue."), "{}", page.words());
    assert!(page.text().contains("<span class=\"count\">1<span class=\"vh\"> waiting</span></span>"));
    let json = browser.get_json("/my-work").expect(200).json();
    assert_eq!((json["person"].as_str(), json["waiting"][0]["record"].as_str()), (Some("PER-2"), Some("TSK-1")));
}

#[test]
fn search_finds_records_requirements_and_pages() {
    let browser = Browser::founded();
    browser.app().create("task", fields(json!({"title": "Read the <log>", "assignee": "PER-2", "due": "2026-03-20"})));
    let found = browser.get_json("/search?q=log").expect(200).json();
    assert_eq!(found["records"][0]["id"], "TSK-1");
    assert_eq!(found["records"][0]["href"], "/records/TSK-1");
    assert!(browser.get("/search?q=log").expect(200).main().contains("Read the &lt;log&gt;"));
    let requirement = browser.get_json("/search?q=A.5.2").expect(200).json();
    assert!(requirement["records"].as_array().unwrap().iter().any(|hit| hit["href"] == "/requirements/A.5.2"));
    assert!(browser.get("/search?q=nonconformities").expect(200).main().contains("href=\"/nonconformities\""));
    assert!(browser.get("/search?q=xyzzy").expect(200).words().contains("Nothing holds these words"));
    assert!(browser.get("/search").expect(200).words().contains("What are you looking for?"));
    // The task was not there yet.
    let before = browser.get_json("/search?q=log&as-of=2026-03-01").expect(200).json();
    assert!(before["records"].as_array().unwrap().iter().all(|hit| hit["id"] != "TSK-1"), "{before}");
}

#[test]
fn an_area_names_what_is_asked_what_is_missing_and_what_is_not_begun() {
    let browser = Browser::founded();
    let words = browser.get("/context").expect(200).words();
    for part in ["Context &amp; scope", "What is asked here", "Missing here", "Not begun", "Propose scope", "Add interested party"]
    {
        assert!(words.contains(part), "{part}: {words}");
    }
    let json = browser.get_json("/people").expect(200).json();
    assert_eq!(json["kinds"][0]["kind"], "person");
    assert_eq!(json["kinds"][0]["total"], 3);
}

#[test]
fn help_explains_depths_rules_words_and_keys() {
    let browser = Browser::founded();
    let page = browser.get("/help").expect(200).main();
    for part in ["id=\"depths\"", "id=\"roles\"", "id=\"glossary\"", "id=\"keys\"", "data-keys"] {
        assert!(page.contains(part), "{part}");
    }
}

#[test]
fn the_sample_shows_its_constraint_its_worst_finding_and_its_measures() {
    let browser = Browser::sample();
    let overview = browser.get("/").expect(200);
    let words = overview.words();
    assert!(words.contains("the constraint"), "{words}");
    assert!(words.contains("70 requirements") && words.contains("By requirement") && words.contains("Next 30 days"), "{words}");
    let readiness = browser.get_json("/").expect(200).json();
    let worst = readiness["requirements"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|item| item["findings"].as_array().unwrap())
        .find(|finding| finding["grade"] == "major");
    let message = worst.unwrap()["message"].as_str().unwrap();
    assert!(!message.is_empty());
    assert!(overview.main().contains("class=\"chart spark\""));
    // Failure modes stand apart from the findings.
    assert!(browser.get("/gaps").expect(200).words().contains("Ways certifications fail, seen here"));
}

#[test]
fn pages_of_a_young_organisation_look_as_before() {
    let browser = Browser::founded();
    browser.app().create("task", fields(json!({"title": "Read the log", "assignee": "PER-1", "due": "2026-03-09"})));
    let milestone = json!({
        "title": "Scope approved", "phase": "foundation", "first_planned_on": "2026-03-20", "planned_on": "2026-04-10", "owner": "PER-2",
        "gate": true
    });
    browser.app().create("milestone", fields(milestone));
    for (name, path) in [
        ("overview", "/"),
        ("gaps_of_an_area", "/gaps?area=A.5"),
        ("gaps_filtered_to_nothing", "/gaps?q=no+such+words"),
        ("a_requirement", "/requirements/4.3"),
        ("my_work", "/my-work"),
        ("my_work_on_a_past_day", "/my-work?as-of=2026-03-01"),
        ("search", "/search?q=log"),
        ("roadmap", "/roadmap"),
        ("certification", "/certification"),
        ("not_found", "/requirements/4.99"),
    ] {
        insta::assert_snapshot!(name, browser.get(path).main());
    }
}
