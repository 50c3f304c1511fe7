//! An impact assessment, from the page that says which system needs one, through the guided form, to the signature of somebody else.

use jiff::ToSpan as _;

use super::{first, name_of, text};
use crate::hand::Hand;
use crate::house::House;

/// The questions of a screening.
const SCREENING: [&str; 12] = [
    "Decides about people",
    "Vulnerable people",
    "Special data",
    "Safety",
    "Rights",
    "Without person",
    "Hard to undo",
    "Many people",
    "Hidden",
    "Changes opinion",
    "New technique",
    "Resources",
];
/// What an assessment rests on.
const FACTS: [&str; 10] = [
    "Description",
    "Capabilities",
    "Purpose",
    "Intended uses",
    "Unintended uses",
    "Data",
    "Data quality",
    "Model",
    "Environment",
    "Oversight",
];

/// Begins the assessment that the page asks for at the low tier; the system.
fn begin(hand: &Hand<'_>) -> String {
    hand.open("Impact assessments");
    hand.sees("Needs one first");
    let asked = hand.browser.all("main .first li");
    let low = asked.iter().find(|line| hand.browser.text_of(line).contains("Low tier asks for depth screening"));
    let low = low.expect("a system of the low tier was never assessed");
    let system = hand.browser.within(low, ".//*[contains(@class, 'ref')]");
    let system = hand.browser.text_of(&system[0]);
    hand.press(&format!("Start assessment of {system}"));
    hand.sees("1 of 8: Scope");
    system
}

fn guide(hand: &Hand<'_>, procedure: &str) {
    let today = hand.today();
    hand.fill("Procedure", procedure);
    hand.fill("Uses in", "Planning of staff for the next season");
    hand.fill("Uses out", "Anything about a single person");
    hand.fill("Jurisdictions", "US");
    hand.fill("Covers from", &(today - 1.year()).to_string());
    hand.fill("Covers to", &today.to_string());
    hand.press("Save and go on to who judges");
    hand.sees("2 of 8: Who judges");
    hand.press("Save and go on to screening");
    hand.sees("3 of 8: Screening");
    for question in SCREENING {
        hand.tick_in(question, "No");
        hand.fill_in(question, "Reason", "It counts teams, not people.");
    }
    hand.tick_in("Sensitive use", "None");
    hand.press("Save and go on to facts");
    hand.sees("4 of 8: Facts");
    for fact in FACTS {
        hand.fill_in(fact, "Gap", "Not written down yet");
    }
    hand.press("Save and go on to conclusion");
    hand.sees("8 of 8: Conclusion");
    hand.tick_in("Conclusion", "No more");
    hand.fill("Conclusion reason", "Nothing that touches single people was found.");
    hand.tick_in("Again when", "Significant change");
    hand.fill("Review by", &(today + 6.months()).to_string());
    hand.fill("How many", "5");
    hand.choose("Unit", "years");
    hand.press("Save and finish");
    hand.sees("Nothing is missing that its depth asks for");
}

fn journey(hand: &Hand<'_>, _: &House) {
    let roles = hand.stored("/kinds/role?rows=200");
    let assessors = first(&roles, |role| role["fields"]["key"] == "impact_assessor");
    let assessor = name_of(hand, text(&assessors["fields"]["holders"][0], "person"));
    let documents = hand.stored("/kinds/document?rows=200");
    let procedure = first(&documents, |one| text(&one["fields"], "title").contains("impact assessment procedure"));
    hand.act_as(&assessor);
    let system = begin(hand);
    guide(hand, text(procedure, "id"));

    let assessment = hand.stored_here();
    let id = text(&assessment, "id");
    assert_eq!((&assessment["state"], &assessment["fields"]["ai_system"]), (&"draft".into(), &system.clone().into()));
    hand.press("Move to submitted");
    hand.sees("Why; an auditor reads it");
    hand.fill("Reason", "Twelve questions, twelve times no.");
    hand.press("Move to submitted");
    hand.sees("Submitted");
    hand.sees("Sign impact assessment");
    // Who judged does not sign; the page says who may.
    let said = hand.browser.text();
    let refused = said.split("Sign impact assessment").nth(1).unwrap_or_default();
    let signer = refused.split_once("Ask ").and_then(|(_, rest)| rest.split_once(" (")).expect("the page says who may sign").0;
    assert!(refused.contains(&format!("{assessor} (")), "{refused}");
    assert_ne!(signer, assessor);
    assert_eq!(hand.stored(&format!("/impact/{id}"))["state"], "submitted");

    hand.act_as(signer);
    hand.press("Sign impact assessment");
    hand.sees("What is signed");
    hand.fill("Reason", "I read it and asked the team.");
    hand.press("Sign impact assessment");
    hand.sees("Signed");
    let stored = hand.stored(&format!("/impact/{id}"));
    assert_eq!(stored["state"], "approved");
    assert!(text(&stored["approvals"][0], "by").starts_with(signer), "{}", stored["approvals"]);
    hand.open("Impact assessments");
    hand.sees("have an assessment in force");
    let asked = hand.browser.all("main .first li");
    assert!(asked.iter().all(|line| !hand.browser.text_of(line).contains(&system)), "{system} is asked for no longer");
}

every_way!(an_assessment_goes_from_its_trigger_to_the_signature, House::sample(), journey);
