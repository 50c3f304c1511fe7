//! Pages about records: any record, its proof, files, documents, evidence, the Statement of Applicability.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use serde_json::{Value as Json, json};
use site::{Browser, fields};
use vouch_app::Acting;
use vouch_ledger::Policy;
use vouch_ledger::verify::{Trust, Verdict, verify_proof};
use vouch_record::Id;

/// A document as far as a draft wants it.
fn document(browser: &Browser, body: &str) -> Id {
    let object = json!({
        "title": "AI policy", "type": "policy", "template": "T-AI-POLICY", "version": "1.0", "language": "en", "body": body,
        "requirements": ["iso42001:5.2", "iso42001:A.2.2"], "owner": "PER-2", "classification": "internal", "keep_for": "P5Y",
        "disposal": "archive", "review_every": "P1Y", "authors": ["PER-2"], "acknowledged_by_all": false
    });
    browser.app().act_as("PER-2").create("document", fields(object))
}

fn evidence(browser: &Browser) -> Id {
    let object = json!({
        "title": "Minutes of the board", "source": "upload", "covers_from": "2026-03-01", "covers_to": "2026-03-01", "about": ["ORG-1"],
        "requirements": ["iso42001:5.1"], "shows": "conforms", "summary": "Who decided what.", "collected_by": "PER-2",
        "collected_at": "2026-03-01T08:00:00.000Z", "confidentiality": "room"
    });
    browser.app().act_as("PER-2").create("evidence", fields(object))
}

#[test]
fn a_record_stands_with_what_is_beside_it() {
    let browser = Browser::founded();
    let id = document(&browser, "# Purpose\n\nPeople *decide*.");
    // The log is verified on a thread of its own, which may not be done yet.
    let words = browser.get(&format!("/records/{id}")).expect(200).words().replace("Being verified", "Verified");
    insta::assert_snapshot!("record", words);
    let words = browser.get(&format!("/records/{id}?tab=history")).expect(200).words();
    assert!(words.contains("Created") && words.contains("Ben Second"), "{words}");
}

#[test]
fn what_is_no_record_is_not_found_and_a_bad_revision_is_said() {
    let browser = Browser::founded();
    for (path, status) in [
        ("/records/DOC-99", 404),
        ("/records/..%2f", 404),
        ("/records/PER-1@9", 404),
        ("/records/PER-1?revision=x", 422),
        ("/records/PER-1?compare=1", 422),
        ("/records/PER-1?compare=1..9", 404),
        ("/records/PER-1/proof?seq=0", 404),
        ("/records/PER-1/proof?fields=nothing", 422),
        ("/documents/PER-1", 404),
        ("/soa/A.99", 404),
        ("/soa?compare=x", 422),
        ("/files/abc", 404),
    ] {
        assert_eq!(browser.get(path).status.as_u16(), status, "{path}");
    }
}

#[test]
fn markup_in_a_field_is_shown_as_text() {
    let browser = Browser::founded();
    let id = document(&browser, "<script>alert(1)</script>\n\n[go](javascript:alert(1))");
    for path in [format!("/records/{id}"), format!("/documents/{id}")] {
        let page = browser.get(&path).expect(200).main();
        assert!(page.contains("&lt;script&gt;") && !page.contains("<script>") && !page.contains("javascript:"), "{path}: {page}");
    }
}

#[test]
fn two_revisions_differ_word_by_word() {
    let browser = Browser::founded();
    let id = document(&browser, "It is reviewed every two years.");
    browser.app().try_revise(id, 1, fields(json!({"body": "It is reviewed every year.", "version": "1.1"}))).unwrap();
    let page = browser.get(&format!("/records/{id}?compare=1..2")).expect(200);
    assert!(page.words().contains("2 fields differ"), "{}", page.words());
    let read = browser.get(&format!("/documents/{id}?compare=1..2")).expect(200).text();
    assert!(read.contains("It is reviewed every <del>two years</del><ins>year</ins>."), "{read}");
    let differences = browser.get_json(&format!("/records/{id}?compare=1..2")).expect(200).json();
    assert_eq!(differences.as_array().unwrap().len(), 2);
    browser.get(&format!("/records/{id}?compare=chosen&before=1&after=2")).expect(200);
}

#[test]
fn the_proof_of_a_page_is_what_the_verifier_takes_and_a_changed_one_is_bad() {
    let browser = Browser::founded();
    let id = document(&browser, "People decide.");
    let proof = browser.get(&format!("/records/{id}/proof")).expect(200);
    let key = browser.app().key.clone();
    let policy = Policy::of_log(vec![key]);
    let trust = Trust::given(&policy);
    let report = verify_proof(&proof.bytes, &trust);
    assert!(report.ok && report.items[0].state == Verdict::Verified, "{report:?}");
    let some = browser.get(&format!("/records/{id}/proof?fields=title,version")).expect(200);
    assert_eq!(verify_proof(&some.bytes, &trust).items[0].state, Verdict::Withheld);
    assert!(!some.text().contains("People decide"));
    let forged = proof.text().replace("People decide", "Nobody decides");
    assert!(!verify_proof(forged.as_bytes(), &trust).ok);
    let page = browser.get(&format!("/records/{id}?tab=proof")).expect(200);
    assert!(page.words().contains("it does not prove who typed something, nor that it is true"), "{}", page.words());
    assert!(page.text().contains("/assets/proof."));
    assert!(!browser.get(&format!("/records/{id}")).text().contains("/assets/proof."), "only where it is used");
}

#[test]
fn files_are_saved_and_never_opened_as_pages() {
    let browser = Browser::founded();
    let id = evidence(&browser);
    let mut bytes: &[u8] = b"<script>alert(1)</script>";
    let attached = browser.vouch.attach(Acting::local(site::id("PER-2")), id, None, "a \"page\".html", &mut bytes).unwrap();
    let page = browser.get(&format!("/records/{id}")).expect(200).text();
    assert!(page.contains(&format!("/files/{}?name=a+%22page%22.html", attached.sha256)), "{page}");
    let request = axum::http::Request::get(format!("/files/{}?name=a+%22page%22.html", attached.sha256));
    let file = browser.send(request, Vec::new(), true);
    assert_eq!(file.headers()["content-type"], "text/plain; charset=utf-8");
    assert_eq!(file.headers()["content-disposition"], "attachment; filename=\"a _page_.html\"");
    assert_eq!(file.headers()["x-content-type-options"], "nosniff");
    assert_eq!(file.body(), b"<script>alert(1)</script>");
}

#[test]
fn the_statement_lists_every_control_also_before_anything_is_decided() {
    let browser = Browser::founded();
    let page = browser.get("/soa").expect(200);
    assert!(page.words().contains("38 undecided") && page.words().contains("No version in force"), "{}", page.words());
    assert_eq!(page.main().matches("scope=\"rowgroup\"").count(), 10);
    let json = browser.get_json("/soa").expect(200).json();
    assert_eq!(json["rows"].as_array().unwrap().len(), 38);
    for (path, mime) in [("csv", "text/csv; charset=utf-8"), ("json", "application/json")] {
        assert_eq!(browser.get(&format!("/soa/export.{path}?q=supplier")).expect(200).mime, mime);
    }
    let csv = browser.get("/soa/export.csv?q=suppliers").expect(200).text();
    assert!(csv.lines().count() == 2 && csv.contains("A.10.3"), "the export holds what the filter shows: {csv}");
    assert!(browser.get("/soa?q=nothing+like+it").expect(200).words().contains("Clear filters"));
    let past = browser.get("/soa?as-of=2026-03-01").expect(200).main();
    assert!(!past.contains("method=\"post\"") && !past.contains("name=\"id\""), "nothing is written on a past day");
}

#[test]
fn one_owner_for_many_controls_is_previewed_and_written_at_once() {
    let browser = Browser::founded();
    let decide = |control: &str, title: &str| {
        let object = json!({"control": format!("iso42001:{control}"), "title": title, "origin": "annex_a", "decision": "applied", "owner": "PER-1"});
        browser.app().act_as("PER-1").create("control-applicability", fields(object))
    };
    let (one, two) = (decide("A.10.3", "Suppliers"), decide("A.10.4", "Customers"));
    let (first, second) = (one.to_string(), two.to_string());
    let with = |more: &[(&'static str, &str)]| {
        let mut form = vec![("field", "owner"), ("asked", "1"), ("id", first.as_str()), ("id", second.as_str())];
        form.extend(more);
        form.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect::<Vec<_>>()
    };
    let post = |form: Vec<(String, String)>| {
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        browser.post("/soa/bulk", &form)
    };
    let size = browser.vouch.state().size();
    let page = post(with(&[("value", "PER-2")])).expect(200);
    assert!(page.words().contains("2 controls will change") && page.words().contains("Ben Second"), "{}", page.words());
    assert_eq!(browser.vouch.state().size(), size, "a preview writes nothing");
    browser.post("/soa/bulk", &[("field", "owner"), ("value", "PER-2")]).expect(422);
    browser.post("/soa/bulk", &[("field", "title"), ("id", &first)]).expect(422);
    assert!(post(with(&[("value", "PER-99")])).expect(422).words().contains("is not an active person here"));
    browser.app().try_revise(two, 1, fields(json!({"title": "Customers of AI"}))).unwrap();
    let both = |one: &str, two: &str| post(with(&[("value", "PER-2"), ("confirm", "1"), ("expect", one), ("expect", two)]));
    both(&format!("{one}@1"), &format!("{two}@1")).expect(409);
    let owner = |id: Id| browser.get_json(&format!("/records/{id}")).json()["fields"]["owner"].clone();
    assert_eq!(owner(one), "PER-1", "all or none");
    both(&format!("{one}@1"), &format!("{two}@2")).expect(200);
    assert_eq!((owner(one), owner(two)), (json!("PER-2"), json!("PER-2")));
    let back = [("field", "owner"), ("changed", &*format!("{one}@2")), ("changed", &*format!("{two}@3"))];
    assert_eq!(browser.post("/soa/bulk/undo", &back).leads_to(), "/soa");
    assert_eq!((owner(one), owner(two)), (json!("PER-1"), json!("PER-1")));
    browser.post("/soa/bulk/undo", &back).expect(409);
}

#[test]
fn risks_are_linked_to_many_controls_but_not_to_one_that_is_excluded() {
    let browser = Browser::founded();
    let app = browser.app();
    let decide = |control: &str, decision: &str| {
        let object = json!({"control": format!("iso42001:{control}"), "title": "Control", "origin": "annex_a", "decision": decision, "owner": "PER-1"});
        app.create("control-applicability", fields(object)).to_string()
    };
    let [applied, has, excluded] = [decide("A.6.2.4", "applied"), decide("A.6.2.5", "applied"), decide("A.10.4", "excluded")];
    app.create(
        "ai-system",
        fields(json!({"name": "Claims sorter", "origin": "registered", "owner": "PER-1", "purpose": "Sorts claims."})),
    );
    let risk = |title: &str| json!({"title": title, "description": "A claim is put with the wrong ones.", "type": "threat", "concerns": "ai_system", "ai_systems": ["SYS-1"], "owner": "PER-2"});
    app.create("risk", fields(risk("Sorts wrongly")));
    app.create("risk", fields(risk("Sorts late")));
    let reasons = json!({"reasons": [{"source": "risk", "record": "RSK-1", "why": "It tests."}]});
    app.try_revise(has.parse().unwrap(), 1, fields(reasons)).unwrap();
    let ids: [(&str, &str); 4] = [("field", "reasons"), ("id", &applied), ("id", &has), ("id", &excluded)];
    insta::assert_snapshot!("link_risks", browser.post("/soa/bulk", &ids).expect(200).main());
    let with = |more: &[(&'static str, &'static str)]| browser.post("/soa/bulk", &[&ids[..], &[("asked", "1")], more].concat());
    assert!(with(&[("why", "It is tested.")]).expect(422).words().contains("No risk is chosen"));
    let kept = with(&[("risks", "RSK-1")]).expect(422);
    assert!(
        kept.words().contains("It is not said why") && kept.main().contains("value=\"RSK-1\" checked"),
        "what was chosen stays chosen"
    );
    let preview = with(&[("risks", "RSK-1"), ("why", "It is tested.")]).expect(200);
    insta::assert_snapshot!("link_risks_preview", preview.main());
    let expect = format!("{applied}@1");
    let form =
        [&ids[..], &[("asked", "1"), ("risks", "RSK-1"), ("why", "It is tested."), ("confirm", "1"), ("expect", &expect)]].concat();
    browser.post("/soa/bulk", &form).expect(200);
    let linked = || browser.get_json(&format!("/records/{applied}")).json()["fields"]["reasons"].clone();
    assert_eq!(linked(), json!([{"source": "risk", "record": "RSK-1", "why": "It is tested."}]));
    let undo = [("field", "reasons"), ("changed", &*format!("{applied}@2"))];
    assert_eq!(browser.post("/soa/bulk/undo", &undo).expect(303).leads_to(), "/soa");
    assert_eq!(linked(), Json::Null, "the reasons are as they were");
}

#[test]
fn proof_of_many_controls_is_asked_for_at_once_and_taken_back_at_once() {
    let browser = Browser::founded();
    let object = |control: &str| json!({"control": format!("iso42001:{control}"), "title": "Suppliers", "origin": "annex_a", "decision": "applied", "owner": "PER-2"});
    let [one, two] =
        ["A.10.3", "A.10.4"].map(|control| browser.app().create("control-applicability", fields(object(control))).to_string());
    let page = browser.get(&format!("/soa/requests?id={one}&id={two}")).expect(200);
    assert!(page.words().contains("2 tasks will be written") && page.words().contains("Ben Second"), "{}", page.words());
    browser.get("/soa/requests").expect(422);
    browser.post("/soa/requests", &[("id", &one), ("due", "soon")]).expect(422);
    browser.post("/soa/requests", &[("id", &one), ("id", &two), ("due", "2026-03-20")]).expect(200);
    let tasks = || browser.get_json("/kinds/task").json()["records"].clone();
    assert_eq!(tasks()[0]["fields"]["assignee"], "PER-2");
    assert_eq!((tasks()[0]["state"].clone(), tasks()[1]["state"].clone()), (json!("open"), json!("open")));
    let back = [("task", "TSK-1"), ("task", "TSK-2")];
    assert_eq!(browser.post("/soa/requests/undo", &back).expect(303).leads_to(), "/soa");
    browser.post("/soa/requests/undo", &back).expect(422);
}

#[test]
fn a_control_tells_what_its_checks_found() {
    let browser = Browser::founded();
    let words = browser.get("/soa/A.10.3").expect(200).words();
    assert!(words.starts_with("A.10.3 Suppliers") && words.contains("Nobody decided about this control"), "{words}");
    assert!(words.contains("Checks") && words.contains("Also serves"), "{words}");
    assert_eq!(browser.get_json("/soa/A.10.3").json()["control"], "A.10.3");
}

#[test]
fn evidence_shows_the_state_of_the_log_and_what_waits_for_review() {
    let browser = Browser::founded();
    let empty = browser.get("/evidence").expect(200).words();
    assert!(empty.contains("Verify offline"), "{empty}");
    let id = evidence(&browser);
    let page = browser.get("/evidence?show=review").expect(200);
    assert!(page.words().contains("Minutes of the board") && page.words().contains("to review"), "{}", page.words());
    assert!(page.main().contains(&format!("/evidence/{id}")));
    assert!(browser.get("/evidence?q=nothing+like+it").expect(200).words().contains("Clear filters"));
    let rows = browser.get_json("/evidence?source=Upload").expect(200).json();
    assert_eq!((&rows["total"], &rows["records"][0]["requirements"]), (&json!(1), &json!(["5.1"])));
    let csv = browser.get("/evidence/export.csv?show=review").expect(200).text();
    assert!(csv.lines().count() == 2 && csv.contains("Minutes of the board"), "{csv}");
    browser.get(&format!("/evidence/{id}")).expect(200);
    assert!(browser.get("/evidence/checkpoint").expect(200).text().starts_with(browser.vouch.origin()));
    assert_eq!(browser.post("/evidence/verification", &[]).leads_to(), "/evidence");
}

#[test]
fn a_document_is_read_in_the_revision_in_force_and_says_when_a_change_waits() {
    let browser = Browser::founded();
    let id = document(&browser, "# Purpose\n\nPeople decide.");
    insta::assert_snapshot!("document", browser.get(&format!("/documents/{id}")).expect(200).words());
    let list = browser.get("/documents").expect(200).words();
    assert!(list.contains("AI policy") && list.contains("Draft") && list.contains("Nobody asked"), "{list}");
    assert!(browser.get("/documents?show=procedures").expect(200).words().contains("Clear filters"));
    assert_eq!(browser.get_json("/documents?show=policies").json()["total"], 1);
    browser.get(&format!("/documents/{id}?revision=9")).expect(404);
    browser.get(&format!("/documents/{id}?as-of=2026-03-01")).expect(404);
    browser.get("/documents/export.xlsx").expect(200);
}

#[test]
fn nobody_confirms_a_document_that_nobody_asked_them_to() {
    let browser = Browser::founded();
    let id = document(&browser, "People decide.");
    browser.post(&format!("/documents/{id}/acknowledgement"), &[("confirmed", "yes")]).expect(403);
}

#[test]
fn the_sample_shows_proof_that_ran_dry_and_who_has_read_what() {
    let browser = Browser::sample();
    let page = browser.get("/evidence").expect(200);
    assert!(page.main().contains("url(#dry)") && page.main().contains("class=\"chart lanes\""), "{}", page.words());
    assert!(page.words().contains("Page 1 of"), "{}", page.words());
    let soa = browser.get("/soa?control=A.10.3").expect(200).words();
    assert!(soa.contains("Request proof") && soa.contains("Open control"), "{soa}");
    let control = browser.get("/soa/A.6.2.4").expect(200).main();
    assert!(control.contains("Proof of the control by system"), "{control}");
    let asked: Vec<Id> =
        browser.vouch.view(None).unwrap().all("acknowledgement").filter(|ack| ack.is("requested")).map(|ack| ack.id()).collect();
    let view = browser.vouch.view(None).unwrap();
    let waiting = asked.into_iter().filter_map(|ack| {
        let entry = view.find(ack)?;
        let subject = entry.linked("subject").filter(|subject| subject.kind().name == "document")?;
        Some((entry.text("person")?.to_owned(), subject.id()))
    });
    for (person, subject) in waiting.take(1) {
        let address = format!("/documents/{subject}/acknowledgement");
        browser.act_as(&person).post(&address, &[]).expect(422);
        assert_eq!(browser.post(&address, &[("confirmed", "yes")]).leads_to(), format!("/documents/{subject}"));
        browser.post(&address, &[("confirmed", "yes")]).expect(403);
        browser.act_as("PER-1");
    }
}
