//! A risk is scored anew and lies above the line; it is treated, and what is left is accepted, by another person than who asked for it.

use jiff::ToSpan as _;
use serde_json::Value;

use super::{first, name_of, text};
use crate::hand::Hand;
use crate::house::House;

/// A risk of a system that lies within the limit and could be worse.
fn is_calm(risk: &Value) -> bool {
    let score = |name: &str| risk["fields"][name].as_i64().unwrap_or_default();
    risk["state"] == "decided"
        && risk["fields"]["type"] == "threat"
        && score("inherent_likelihood") >= 3
        && score("inherent_individuals") == 4
        && score("residual_likelihood") < 3
}

fn assess(hand: &Hand<'_>, risk: &str) {
    hand.go(&format!("/risks/{risk}"));
    hand.sees("It lies within the limit");
    hand.press("Assess");
    // What a score means stands beside the form.
    hand.sees("Liberty, status or health is harmed");
    hand.fill("Residual likelihood", "3");
    hand.fill("Residual individuals", "4");
    hand.fill("Score reason", "A test of this week found results that hit one group more often.");
    hand.fill("Review by", &(hand.today() + 20.days()).to_string());
    hand.press("Save revision");
    hand.sees("It lies above the acceptance line, and nothing answers it");
    let stored = hand.stored(&format!("/risks/{risk}"));
    assert_eq!((&stored["derived"]["residual_level"], &stored["derived"]["answered"]), (&"high".into(), &false.into()));
    assert_eq!(stored["fields"]["assessed_on"], hand.today().to_string(), "the day of the score is proposed");
}

fn treat(hand: &Hand<'_>, risk: &str) {
    hand.press("Plan treatment");
    hand.sees("New treatment");
    hand.fill("Title", "Results are compared by group each week");
    hand.tick_in("Option", "Likelihood");
    hand.fill("Action", "The team draws fifty results a week and compares the groups.");
    hand.choose("Responsible", text(&hand.stored("/my-work"), "name"));
    hand.fill("Due", &(hand.today() + 14.days()).to_string());
    hand.fill("Expected result", "Differences are seen within a week");
    hand.press("Create treatment");
    hand.sees("Next steps");
    let stored = hand.stored_here();
    assert_eq!((&stored["state"], &stored["fields"]["risks"]), (&"planned".into(), &serde_json::json!([risk])));
    hand.go(&format!("/risks/{risk}"));
    hand.sees("Results are compared by group each week");
}

/// Asks for the acceptance; who shall give it.
fn ask(hand: &Hand<'_>, risk: &str) -> (String, String) {
    hand.press("Accept");
    hand.sees("Who asks does not accept");
    hand.fill("Reason", "Until the comparison runs, people look at each result themselves.");
    hand.tick_in("Who bears", "Individuals");
    hand.fill_in("Row 1 of Alternatives", "Option", "Switching it off");
    hand.fill_in("Row 1 of Alternatives", "Rejected because", "Checks by hand alone took three times as long.");
    hand.fill_in("Row 1 of Compensation", "Measure", "Each result is looked at by two people");
    hand.choose_in("Row 1 of Compensation", "Owner", text(&hand.stored("/my-work"), "name"));
    hand.fill_in("Row 1 of Compensation", "Due", &(hand.today() + 7.days()).to_string());
    hand.press("Ask for acceptance");
    hand.sees("What may happen");
    hand.sees("Requested");
    let all = hand.stored("/kinds/acceptance?rows=200");
    let asked = first(&all, |one| one["state"] == "requested" && one["fields"]["subject"] == risk);
    (text(asked, "id").to_owned(), text(&asked["fields"], "accepted_by").to_owned())
}

fn journey(hand: &Hand<'_>, _: &House) {
    let risks = hand.stored("/kinds/risk?rows=200");
    let risk = text(first(&risks, is_calm), "id");
    assess(hand, risk);
    treat(hand, risk);
    let (acceptance, giver) = ask(hand, risk);
    let name = name_of(hand, &giver);

    hand.press("Accept");
    hand.sees("You asked for it. Nobody accepts what they asked for themselves");
    hand.sees(&format!("It waits for {name}"));
    hand.browser.wait_for("a decision that cannot be made", |browser| {
        browser.all("main button:disabled").iter().any(|button| browser.text_of(button) == "Decide")
    });
    assert_eq!(hand.stored(&format!("/records/{acceptance}"))["state"], "requested");

    hand.act_as(&name);
    hand.sees("Asked for and waiting");
    hand.fill("Reason", "Two people look at each result until then.");
    hand.press("Decide");
    hand.sees("What may happen");
    hand.sees("Accepted");
    assert!(!hand.browser.text().contains("nothing answers it"), "the risk is answered now");
    let stored = hand.stored(&format!("/records/{acceptance}"));
    assert_eq!(stored["state"], "accepted");
    assert!(text(&stored["approvals"][0], "by").starts_with(&name), "{}", stored["approvals"]);
    assert_eq!(hand.stored(&format!("/risks/{risk}"))["derived"]["answered"], true);
}

every_way!(a_risk_is_scored_treated_and_accepted_by_another, House::sample(), journey);
