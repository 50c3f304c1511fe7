//! Incidents, nonconformities, suppliers: from the first report to the cure that another person has judged.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod site;

use std::time::Duration;

use site::Browser;

/// A system that came with an import.
fn system(browser: &Browser) {
    let table = b"Use Case Name,Purpose\r\nSorter,sorts letters\r\n";
    let place = browser.post_file("/import", &[("preset", "")], ("file", "inventory.csv", table)).expect(303).leads_to().to_owned();
    let settle = || {
        while browser.get_json(&place).json()["stage"] == "running" {
            std::thread::sleep(Duration::from_millis(20));
        }
    };
    browser.post(&place, &[]).expect(303);
    settle();
    browser.post(&format!("{place}/commit"), &[]).expect(303);
    settle();
    assert_eq!(browser.get_json("/kinds/ai-system").json()["total"], 1);
}

const INCIDENT: [(&str, &str); 9] = [
    ("whole", "1"),
    ("title", "Letters went astray"),
    ("ai_systems", "SYS-1"),
    ("types", "wrong_output"),
    ("exercise", "false"),
    ("description", "Forty letters went to **other** towns."),
    ("detected_at", "2026-03-01T08:00"),
    ("aware_at", "2026-03-01T09:00"),
    ("detected_by", "staff"),
];

const CASE: [(&str, &str); 11] = [
    ("whole", "1"),
    ("from", "INC-1"),
    ("title", "Sorting was not tested after the change"),
    ("source", "incident"),
    ("requirements", "iso42001:A.6.2.4"),
    ("is", "No test ran."),
    ("should_be", "Each change is tested."),
    ("grade", "minor"),
    ("raised_by", "PER-1"),
    ("raised_at", "2026-03-02"),
    ("owner", "PER-2"),
];

#[test]
fn what_is_empty_says_what_it_is_for_and_what_to_do() {
    let browser = Browser::founded();
    for (path, words, act) in [
        ("/incidents", "No incidents recorded", "Report incident"),
        ("/nonconformities", "No nonconformities recorded", "Raise nonconformity"),
        ("/suppliers", "No suppliers recorded", "Add supplier"),
    ] {
        let said = browser.get(path).expect(200).words();
        assert!(said.contains(words) && said.contains(act), "{said}");
        let past = browser.get(&format!("{path}?as-of=2026-03-01")).expect(200).words();
        assert!(past.contains(words) && !past.contains(act), "nothing is begun on a past day: {past}");
    }
    insta::assert_snapshot!("no_incidents", browser.get("/incidents").expect(200).main());
}

#[test]
fn an_incident_shows_its_moments_and_leads_to_the_nonconformity_that_is_raised_from_it() {
    let browser = Browser::founded();
    system(&browser);
    assert_eq!(browser.post("/kinds/incident/new", &INCIDENT).expect(303).leads_to(), "/incidents/INC-1");
    let shown = browser.get("/incidents/INC-1").expect(200);
    assert!(shown.text().contains("<strong>other</strong>"));
    for words in ["noticed by", "Not judged", "The organisation knew", "1 Mar 2026 09:00", "Raise nonconformity", "Move to triaged"]
    {
        assert!(shown.words().to_lowercase().contains(&words.to_lowercase()), "{words}: {}", shown.words());
    }
    insta::assert_snapshot!("an_incident", shown.main());
    let form = browser.get("/kinds/nonconformity/new?from=INC-1&source=incident").expect(200).text();
    assert!(form.contains("name=\"from\" value=\"INC-1\"") && form.contains("value=\"incident\" selected"), "{form}");
    let mut case: Vec<_> = CASE.to_vec();
    case.push(("correction_due", "2026-03-10"));
    assert_eq!(browser.post("/kinds/nonconformity/new", &case).expect(303).leads_to(), "/nonconformities/NCR-1");
    assert_eq!(browser.get_json("/incidents/INC-1").json()["fields"]["nonconformity"], "NCR-1", "the link stands at its own end");
    assert!(browser.get("/nonconformities/NCR-1").expect(200).words().contains("Letters went astray"));
    assert!(browser.get("/incidents?view=open").expect(200).words().contains("Letters went astray"));
    assert!(browser.get("/incidents?severity=critical").expect(200).words().contains("Nothing fits the filter"));
    assert_eq!(browser.get_json("/incidents?view=open").json()["total"], 1);
    assert_eq!(browser.get("/incidents?format=xlsx").expect(200).bytes[..2], *b"PK");
    assert!(
        browser.get("/incidents?format=csv&view=exercises").expect(200).text().lines().count() == 1,
        "what the filter shows, no more"
    );
    browser.get("/incidents/INC-9").expect(404);
    browser.get("/incidents/NCR-1").expect(404);
}

#[test]
fn who_carried_an_action_out_does_not_judge_it() {
    let browser = Browser::founded();
    let case: Vec<_> =
        CASE.iter().filter(|(name, _)| *name != "from").chain(&[("correction_due", "2026-03-10")]).copied().collect();
    browser.post("/kinds/nonconformity/new", &case).expect(303);
    let action = [
        ("whole", "1"),
        ("title", "Test each change"),
        ("nonconformity", "NCR-1"),
        ("action", "A test runs before each change."),
        ("cause_addressed", "no test was asked for"),
        ("type", "enforce"),
        ("doer", "PER-2"),
        ("due", "2026-03-20"),
        ("expected_effect", "no change without a test"),
        ("waiting_time.count", "30"),
        ("waiting_time.unit", "D"),
        ("verifier", "PER-3"),
    ];
    let reply = browser.post("/kinds/corrective-action/new", &action);
    assert_eq!(reply.status.as_u16(), 303, "{}", reply.words());
    let shown = browser.get("/nonconformities/NCR-1").expect(200);
    assert!(shown.words().contains("Cleo Third") && shown.words().contains("another person than the doer"), "{}", shown.words());
    insta::assert_snapshot!("a_nonconformity", shown.main());
    let reply = browser.post("/records/CAR-1/state", &[("to", "doing"), ("reason", "accepted")]).expect(403);
    assert!(reply.words().contains("Ben Second"), "it says who could: {}", reply.words());
    browser.act_as("PER-2").post("/records/CAR-1/state", &[("to", "doing"), ("reason", "accepted")]).expect(303);
    assert!(browser.get("/nonconformities").expect(200).words().contains("Due in 18 days"));
    browser.post("/kinds/evidence/new", &PROOF).expect(303);
    let done = [("to", "done"), ("reason", "runs"), ("done_at", "2026-03-02"), ("proof", "EVD-1")];
    browser.post("/records/CAR-1/state", &done).expect(303);
    let shown = browser.get("/nonconformities/NCR-1").expect(200).words();
    assert!(shown.contains("Effect can be judged in 30 days") && shown.contains("Not before 1 Apr 2026"), "{shown}");
    let verify = [("purpose", "verify"), ("decision", "approved"), ("to", "verified"), ("reason", "looks right")];
    let reply = browser.post("/records/CAR-1/approval", &verify).expect(403);
    assert!(reply.words().contains("own work") && reply.words().contains("Cleo Third"), "{}", reply.words());
    let early = browser.act_as("PER-3").post("/records/CAR-1/approval", &verify).expect(422);
    assert!(early.words().contains("waiting time"), "{}", early.words());
}

#[test]
fn a_supplier_shows_what_somebody_must_look_at() {
    let browser = Browser::founded();
    let form =
        [("whole", "1"), ("name", "Lumen"), ("country", "DE"), ("provides", "model"), ("provides", "data"), ("owner", "PER-1")];
    assert_eq!(browser.post("/kinds/supplier/new", &form).expect(303).leads_to(), "/suppliers/SUP-1");
    let shown = browser.get("/suppliers/SUP-1").expect(200);
    for words in ["It was never assessed.", "No assessment is in date", "No system rests on it.", "Move to assessed"] {
        assert!(shown.words().contains(words), "{words}: {}", shown.words());
    }
    assert!(browser.get("/suppliers?provides=model").expect(200).words().contains("Lumen"));
    assert!(browser.get("/suppliers?provides=people").expect(200).words().contains("Nothing fits the filter"));
    insta::assert_snapshot!("a_supplier", shown.main());
}

/// What shows that an action was carried out.
const PROOF: [(&str, &str); 11] = [
    ("whole", "1"),
    ("title", "Tests of March"),
    ("source", "upload"),
    ("covers_from", "2026-03-01"),
    ("covers_to", "2026-03-02"),
    ("about.find", "CAR-1"),
    ("shows", "conforms"),
    ("summary", "Every change was tested."),
    ("collected_by", "PER-2"),
    ("collected_at", "2026-03-02T08:00"),
    ("confidentiality", "internal"),
];

const ACTION: [(&str, &str); 12] = [
    ("whole", "1"),
    ("title", "Tests run before each release"),
    ("nonconformity", "NCR-1"),
    ("action", "The release stops without a test."),
    ("cause_addressed", "Nothing asked for a test"),
    ("type", "enforce"),
    ("doer", "PER-1"),
    ("due", "2026-03-20"),
    ("expected_effect", "No release without a test"),
    ("waiting_time.count", "2"),
    ("waiting_time.unit", "D"),
    ("verifier", "PER-2"),
];

/// What a judge found.
const JUDGEMENT: [(&str, &str); 8] = [
    ("verification_method", "sample"),
    ("verification_sample.0.population", "Releases"),
    ("verification_sample.0.population_n", "12"),
    ("verification_sample.0.drawn_n", "4"),
    ("verification_sample.0.failures", "0"),
    ("result", "effective"),
    ("result_note", "All four had a test."),
    ("reason", "I drew them myself."),
];

/// An action of PER-1 that is done.
fn done_action() -> Browser {
    let browser = Browser::founded();
    let case: Vec<_> =
        CASE.iter().filter(|(name, _)| *name != "from").chain(&[("correction_due", "2026-03-10")]).copied().collect();
    browser.post("/kinds/nonconformity/new", &case).expect(303);
    browser.post("/kinds/corrective-action/new", &ACTION).expect(303);
    browser.get("/records/CAR-1/verification").expect(403);
    browser.post("/kinds/evidence/new", &PROOF).expect(303);
    for step in [vec![("to", "doing")], vec![("to", "done"), ("done_at", "2026-03-02"), ("proof", "EVD-1")]] {
        browser.post("/records/CAR-1/state", &[&step[..], &[("reason", "As agreed.")]].concat()).expect(303);
    }
    browser
}

#[test]
fn whoever_carried_an_action_out_does_not_judge_it_and_the_page_says_who_does() {
    let browser = done_action();
    browser.app().clock.pass_days(3);
    let asked = browser.get("/records/CAR-1/verification").expect(200);
    insta::assert_snapshot!("own_verification", asked.main());
    for words in ["may not decide about own work", "Whoever carried it out does not judge it", "Ben Second"] {
        assert!(asked.words().contains(words), "{words}: {}", asked.words());
    }
    assert!(asked.text().contains("<button class=\"button primary\" disabled>Verify corrective action"));
    let size = browser.vouch.state().size();
    let refused = browser.post("/records/CAR-1/verification", &JUDGEMENT).expect(403);
    assert!(refused.words().contains("All four had a test."), "what was typed stays");
    assert_eq!(browser.vouch.state().size(), size, "nothing was written");
}

#[test]
fn the_effect_is_judged_after_the_waiting_time_by_another_on_a_page_of_its_own() {
    let browser = done_action();
    browser.act_as("PER-2");
    let early = browser.get("/records/CAR-1/verification").expect(200).words();
    assert!(early.contains("can be judged from 4 Mar 2026"), "{early}");
    browser.post("/records/CAR-1/verification", &JUDGEMENT).expect(403);
    browser.app().clock.pass_days(3);
    assert!(browser.get("/nonconformities/NCR-1").text().contains("href=\"/records/CAR-1/verification\""), "the case leads there");
    let asked = browser.get("/records/CAR-1/verification").expect(200);
    insta::assert_snapshot!("verification", asked.main());
    let row = browser.post("/records/CAR-1/verification", &[("add", "verification_sample")]).expect(200);
    assert!(row.text().contains("name=\"verification_sample.0.population\""), "a row is added without a script");
    let half: Vec<_> = JUDGEMENT.iter().copied().filter(|(name, _)| *name != "result_note").collect();
    let missing = browser.post("/records/CAR-1/verification", &half).expect(422);
    assert!(missing.text().contains("href=\"#f-result_note\"") && missing.words().contains("I drew them myself."));
    assert_eq!(browser.get_json("/records/CAR-1").json()["revision"], 1, "nothing is half-written");
    browser.post("/records/CAR-1/verification", &JUDGEMENT).expect(303);
    let judged = browser.get_json("/records/CAR-1").json();
    assert_eq!((&judged["state"], &judged["fields"]["verified_at"]), (&"verified".into(), &"2026-03-05".into()));
    assert!(judged["approvals"][0]["by"].as_str().unwrap().starts_with("Ben Second"), "{judged}");
    let again = browser.get("/records/CAR-1/verification").expect(403).words();
    assert!(again.contains("does not wait to be verified"), "{again}");
}
