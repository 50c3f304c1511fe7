//! A revision of the AI policy names the objective that rests on it; once top management approves, readiness says so.

use std::collections::BTreeSet;

use jiff::ToSpan as _;
use jiff::civil::Date;
use serde_json::{Value, json};

use super::{first, name_of, text};
use crate::hand::Hand;
use crate::house::{Desk, House};

/// Its owner, its author, who leads the management system, and who decides.
const OWNER: &str = "PER-4";
const AUTHOR: &str = "PER-5";
const LEAD: &str = "PER-6";
const TOP: &str = "PER-1";

/// An objective in force that no rule of the policy names yet.
fn objective(desk: &Desk<'_>) {
    let documents = desk.run(LEAD, &["list", "document", "--json"], "");
    let documents: Value = serde_json::from_str(&documents).expect("a list");
    // The organisation's day, which is another than ours around midnight.
    let today: Date = text(&documents, "as_of").parse().expect("a day");
    // It serves the policy on acceptable use, so that the AI policy has to name it.
    let is_other = |one: &Value| one["state"] == "approved" && one["fields"]["template"] == "T-AUP";
    let policy = text(first(&documents, is_other), "id");
    let fields = json!({
        "title": "Every system has an owner who confirms it in time",
        "type": "aims",
        "serves": ["accountability"],
        "policy": policy,
        "policy_commitment": "accountability",
        "reason": "What nobody owns nobody mends.",
        "form": "condition",
        "condition": "No system is without a confirmation of the last six months.",
        "owner": OWNER,
        "valid_from": today.to_string(),
        "due": (today + 6.months()).to_string(),
        "plan": [{"step": "Owners are asked each month", "owner": OWNER, "due": (today + 2.months()).to_string()}],
        "judged_how": "The lead counts in the inventory each month.",
        "review_by": (today + 3.months()).to_string(),
    });
    desk.run(AUTHOR, &["put", "objective", "--file", "-"], &fields.to_string());
    desk.run(LEAD, &["move", "OBJ-1", "submitted", "--reason", "it is whole"], "");
    desk.run(TOP, &["approve", "OBJ-1", "--purpose", "approve", "--decision", "approved", "--reason", "a good aim"], "");
}

/// The requirements that are documented, as the store says.
fn documented(hand: &Hand<'_>) -> BTreeSet<String> {
    let gaps = hand.stored("/gaps");
    let gaps = gaps["gaps"].as_array().expect("a list").clone();
    gaps.iter().filter(|gap| !gap["met"].is_null()).map(|gap| text(gap, "requirement").to_owned()).collect()
}

fn revise(hand: &Hand<'_>) {
    hand.go("/requirements/5.2");
    hand.sees("No AI objective rests on the policy");
    hand.press("Complete document");
    hand.sees("Revision 3 of AI policy");
    hand.fill("Version", "1.1");
    hand.fill("Change summary", "The rule about owners names the objective that rests on it.");
    hand.press_in("Rules", "Row 2");
    hand.choose_in("Row 2 of Rules", "Objective", "Every system has an owner");
    hand.press("Save revision");
    hand.sees("A change waits");
    let stored = hand.stored_here();
    assert_eq!((&stored["in_force"], &stored["head"]), (&2.into(), &3.into()), "what is in force stays so");
}

fn journey(hand: &Hand<'_>, _: &House) {
    hand.sees("approved and in review date");
    let before = documented(hand);
    hand.sees(&format!("{} approved and in review date", before.len()));
    assert!(!before.contains("5.2"), "5.2 is not met");
    let documents = hand.stored("/kinds/document?rows=200");
    let policy = text(first(&documents, |one| one["fields"]["template"] == "T-AI-POLICY"), "id");

    hand.act_as(&name_of(hand, OWNER));
    revise(hand);
    hand.go(&format!("/records/{policy}"));
    hand.press("Move to in review");
    hand.fill("Reason", "The lead and the board agreed.");
    hand.press("Move to in review");
    hand.sees("may not decide about own work");
    assert_eq!(documented(hand), before, "nothing is gained before it is approved");

    hand.press("Act as yourself again");
    hand.open("My work");
    hand.sees("Approve: AI policy");
    hand.press(&format!("Decide {policy}"));
    hand.sees("revision 3 · in review");
    hand.fill("Reason", "It binds the rule to an aim that can be seen.");
    hand.press("Approve document");
    hand.sees("Version 1.1");
    let stored = hand.stored(&format!("/records/{policy}"));
    assert_eq!((&stored["in_force"], &stored["fields"]["version"]), (&3.into(), &"1.1".into()));
    assert_eq!(stored["fields"]["effective_from"], hand.today().to_string(), "a new version holds from the day of its approval");

    let after = documented(hand);
    let gained: Vec<&String> = after.symmetric_difference(&before).collect();
    assert_eq!(gained, ["5.2"], "5.2 is met, and nothing else is another");
    hand.open("Overview");
    hand.sees(&format!("{} approved and in review date", after.len()));
    hand.go("/requirements/5.2");
    hand.sees("5.2-D3");
    assert!(!hand.browser.text().contains("No AI objective rests on the policy"), "the finding is gone");
}

every_way!(an_approved_revision_of_the_policy_changes_readiness, House::sample_after(objective), journey);
