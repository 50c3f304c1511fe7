//! An incident leads to a nonconformity and its corrective action; whether that helped is judged by another person than who did it.

use jiff::ToSpan as _;
use serde_json::Value;

use super::{first, text};
use crate::hand::Hand;
use crate::house::House;

fn report(hand: &Hand<'_>, system: &str) {
    let before = hand.today() - 1.day();
    hand.open("Incidents & concerns");
    hand.press("Report incident");
    hand.sees("New incident");
    hand.fill("Title", "Notices went out in the wrong language");
    hand.fill_in("AI systems", "Find by name or id", system);
    hand.tick_in("Types", "Wrong output");
    hand.tick_in("Exercise", "No");
    hand.fill("Description", "Forty letters were sent in a language that their readers do not speak.");
    hand.fill("Detected at", &format!("{before}T09:30"));
    hand.fill("Aware at", &format!("{before}T14:05"));
    hand.choose("Detected by", "Staff");
    hand.press("Create incident");
    hand.sees("clocks run from");
    hand.sees("14:05");
    assert_eq!(hand.stored_here()["state"], "reported");
}

fn raise(hand: &Hand<'_>, person: &str, system: &str) {
    hand.press("Raise nonconformity");
    hand.sees("New nonconformity");
    hand.fill("Title", "Language of a notice is not checked");
    hand.fill_in("Requirements", "Find by name or id", "A.6.2.6");
    hand.fill("Is", "Nobody looks at the language before a letter is sent.");
    hand.fill("Should be", "The language is the one that the reader asked for.");
    hand.tick_in("Grade", "Minor");
    hand.choose("Owner", person);
    hand.fill("Correction due", &(hand.today() + 5.days()).to_string());
    hand.press("Create nonconformity");
    hand.sees("No action is planned");
    hand.sees(system);
    let stored = hand.stored_here();
    assert_eq!((&stored["state"], &stored["fields"]["source"]), (&"raised".into(), &"incident".into()));
    assert_eq!(stored["fields"]["raised_at"], hand.today().to_string(), "the day is proposed");
}

fn act(hand: &Hand<'_>, doer: &str, judge: &str, proof: &str) {
    hand.press("Plan corrective action");
    hand.sees("New corrective action");
    hand.fill("Title", "Language is compared before sending");
    hand.fill("Action", "The program stops a letter whose language is not the one on file.");
    hand.fill("Cause addressed", "Nothing compared the two");
    hand.tick_in("Type", "Enforce");
    hand.choose("Doer", doer);
    hand.fill("Due", &(hand.today() + 10.days()).to_string());
    hand.fill("Expected effect", "No letter in another language");
    hand.fill("How many", "0");
    hand.choose("Verifier", judge);
    hand.press("Create corrective action");
    hand.sees("Next steps");
    for (step, state) in [("Move to doing", "doing"), ("Move to done", "done")] {
        hand.press(step);
        hand.fill("Reason", "As agreed with the owner.");
        if state == "done" {
            hand.fill("Done at", &hand.today().to_string());
            hand.fill_in("Proof", "Find by name or id", proof);
        }
        hand.press(step);
        hand.sees("Next steps");
        assert_eq!(hand.stored_here()["state"], state);
    }
}

/// Who carried it out is told why not, and by whom.
fn is_refused(hand: &Hand<'_>, judge: &str) {
    hand.sees("may not decide about own work");
    hand.sees(&format!("Ask {judge}"));
    hand.browser.wait_for("a step that cannot be pressed", |browser| {
        let forbidden = browser.all("main button:disabled");
        forbidden.iter().any(|button| browser.text_of(button) == "Verify corrective action")
    });
    let action = hand.stored_here();
    assert_eq!(action["state"], "done");
    let record = hand.browser.address();
    hand.go(&format!("/records/{}/verification", text(&action, "id")));
    hand.sees("Whoever carried it out does not judge it");
    hand.sees("may not decide about own work");
    let verify = hand.browser.all("main button.primary:disabled");
    assert!(
        verify.iter().any(|button| hand.browser.text_of(button) == "Verify corrective action"),
        "nor on the page that verifies"
    );
    hand.browser.go(&record);
}

fn judge(hand: &Hand<'_>, name: &str) {
    hand.act_as(name);
    hand.press("Verify corrective action");
    hand.sees("What is judged");
    hand.sees("No letter in another language");
    hand.tick_in("Verification method", "Sample");
    hand.press_in("Verification sample", "Add a row");
    let row = "Row 1 of Verification sample";
    hand.fill_in(row, "Population", "Letters of the day");
    hand.fill_in(row, "Population n", "120");
    hand.fill_in(row, "Drawn n", "20");
    hand.fill_in(row, "Failures", "0");
    hand.tick_in("Result", "Effective");
    hand.fill("Result note", "None of twenty letters was in another language.");
    hand.fill("Reason", "I drew the sample myself.");
    hand.press("Verify corrective action");
    hand.sees("Nothing leads on from here");
}

fn journey(hand: &Hand<'_>, _: &House) {
    let me = hand.stored("/my-work");
    let (own, person) = (text(&me, "person"), text(&me, "name"));
    let people = hand.stored("/kinds/person?rows=200");
    let other = first(&people, |one| one["state"] == "active" && one["id"] != own && one["fields"]["relation"] == "employee");
    let (other, name) = (&other["id"], text(&other["fields"], "name"));
    let systems = hand.stored("/kinds/ai-system?rows=200");
    let system = text(&first(&systems, |one| one["state"] == "registered")["fields"], "name");
    let evidence = hand.stored("/kinds/evidence?rows=5");
    let proof = text(first(&evidence, |_| true), "id");

    report(hand, system);
    raise(hand, person, system);
    act(hand, person, name, proof);
    is_refused(hand, name);
    judge(hand, name);

    let action = hand.stored_here();
    assert_eq!((&action["state"], &action["fields"]["result"]), (&"verified".into(), &"effective".into()));
    assert_eq!((&action["fields"]["doer"], &action["fields"]["verifier"]), (&own.into(), other));
    let by: Vec<&Value> = action["approvals"].as_array().expect("a list").iter().map(|given| &given["by"]).collect();
    assert!(by.len() == 1 && by[0].as_str().is_some_and(|by| by.starts_with(name)), "{by:?}");
    hand.go(&format!("/nonconformities/{}", text(&action["fields"], "nonconformity")));
    hand.sees("another person than the doer");
    hand.sees("Effective");
    assert!(hand.browser.text().contains("20 of 120"), "the sample is shown: {}", hand.browser.text());
}

every_way!(an_incident_is_cured_and_the_cure_judged_by_another, House::sample(), journey);
