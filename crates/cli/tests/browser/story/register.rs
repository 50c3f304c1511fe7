//! A system is registered with its model and its data; the gate says what is wanting, it is supplied, and the gate lets pass.

use jiff::ToSpan as _;
use serde_json::Value;

use super::{first, name_of, text};
use crate::hand::Hand;
use crate::house::House;

const NAME: &str = "Sorter of letters";
/// A version of the data that nobody has looked at.
const VERSION: &str = "2026-10";

/// Registers the system with a model and a dataset; its id.
fn register(hand: &Hand<'_>, model: &str, dataset: &str, risk_owner: &str) -> String {
    hand.open("AI systems");
    hand.press("Register system");
    hand.sees("New AI system");
    hand.fill("Name", NAME);
    hand.tick_in("Origin", "Registered");
    hand.press("Needed later");
    hand.tick_in("AI roles", "Developer");
    hand.tick_in("Acquired", "In house");
    hand.choose("Owner", text(&hand.stored("/my-work"), "name"));
    hand.choose("Risk owner", risk_owner);
    hand.press_in("Stages", "Add a row");
    hand.choose_in("Row 1 of Stages", "Stage", "Design");
    hand.fill_in("Row 1 of Stages", "Entered on", &(hand.today() - 60.days()).to_string());
    hand.choose_in("Row 1 of Stages", "Basis", "Before");
    hand.press_in("Models", "Add a row");
    hand.fill_in("Row 1 of Models", "Model", model);
    hand.fill_in("Row 1 of Models", "Version", "1");
    hand.press_in("Datasets", "Add a row");
    hand.fill_in("Row 1 of Datasets", "Dataset", dataset);
    hand.fill_in("Row 1 of Datasets", "Version", VERSION);
    hand.choose_in("Row 1 of Datasets", "Use", "Training");
    hand.tick_in("Risk tier", "Low");
    hand.press("Create AI system");
    hand.sees("Next gate: Design");
    hand.sees("No approved assessment in date for");
    let stored = hand.stored_here();
    assert_eq!(stored["fields"]["models"][0]["model"], model);
    assert_eq!(stored["fields"]["datasets"][0], serde_json::json!({"dataset": dataset, "version": VERSION, "use": "training"}));
    text(&stored, "id").to_owned()
}

fn hold(hand: &Hand<'_>, chair: &str) {
    hand.press("Hold gate");
    hand.sees("What the gate asks for");
    hand.choose("Chair", chair);
    hand.fill("Reason", "The team showed what it has.");
    hand.press("Hold gate");
}

/// Assesses the data, hands the assessment in; whoever else answers for data approves it.
fn supply(hand: &Hand<'_>, dataset: &str, [writer, approver]: [&str; 2]) {
    let today = hand.today();
    hand.act_as(writer);
    hand.press("Add data assessment");
    hand.sees("New data assessment");
    hand.fill("Dataset", dataset);
    hand.choose("Use", "Training");
    hand.fill("Dataset version", VERSION);
    hand.tick_in("Occasion", "New version");
    hand.choose("Assessed by", writer);
    hand.fill("Covers from", &(today - 1.year()).to_string());
    hand.fill("Covers to", &(today - 30.days()).to_string());
    hand.fill("Chosen because", "It holds the letters of each office and season.");
    hand.fill("Represents", "All letters of the last year; small offices are thin.");
    hand.tick_in("Rights basis", "Own");
    hand.fill_in("Rights proof", "Find by name or id", "EVD-1");
    hand.tick_in("Personal data found", "None");
    hand.press_in("Quality", "Add a row");
    let row = "Row 1 of Quality";
    hand.choose_in(row, "Dimension", "Accuracy");
    hand.fill_in(row, "Requirement", "A checked sample is right");
    hand.choose_in(row, "Comparator", "At least");
    hand.fill_in(row, "Threshold", "0.95");
    hand.fill_in(row, "Unit", "share");
    hand.fill_in(row, "Value", "0.97");
    hand.press_in("Lineage", "Add a row");
    hand.fill_in("Row 1 of Lineage", "Step", "1");
    hand.fill_in("Row 1 of Lineage", "Operation", "Drawn from the register of letters");
    hand.tick_in("Documentation level", "Complete");
    hand.tick_in("Fit", "Fit");
    hand.fill("Valid until", &(today + 6.months()).to_string());
    hand.press("Create data assessment");
    hand.sees("Next steps");
    for (step, state) in [("Move to submitted", "submitted"), ("Approve data assessment", "approved")] {
        if state == "approved" {
            hand.act_as(approver);
        }
        hand.press(step);
        hand.sees("Why; an auditor reads it");
        hand.fill("Reason", "The sample was read twice.");
        hand.press(step);
        hand.sees("Next steps");
        assert_eq!(hand.stored_here()["state"], state);
    }
}

fn journey(hand: &Hand<'_>, _: &House) {
    let me = text(&hand.stored("/my-work"), "person").to_owned();
    let roles = hand.stored("/kinds/role?rows=200");
    let holders = |key: &str| -> Vec<String> {
        let role = first(&roles, |role| role["fields"]["key"] == key);
        let holders = role["fields"]["holders"].as_array().expect("a list");
        holders.iter().map(|holder| text(holder, "person").to_owned()).filter(|person| *person != me).collect()
    };
    let owners = holders("data_owner");
    let [writer, approver] = [name_of(hand, &owners[0]), name_of(hand, &owners[1])];
    let risk_owner = name_of(hand, &holders("risk_owner")[0]);
    let chair = holders("top_management").into_iter().find(|person| !owners.contains(person)).expect("somebody leads");
    let chair = name_of(hand, &chair);
    let models = hand.stored("/kinds/model?rows=200");
    let model = text(first(&models, |model| model["state"] == "approved"), "id");
    let datasets = hand.stored("/kinds/dataset?rows=200");
    let is_plain = |dataset: &Value| dataset["state"] == "registered" && dataset["fields"]["personal_data"][0] == "none";
    let dataset = text(first(&datasets, is_plain), "id");

    let system = register(hand, model, dataset, &risk_owner);
    hand.act_as(&chair);
    hand.go(&format!("/systems/{system}"));
    hand.sees("0 gates passed");
    hold(hand, &chair);
    hand.sees("The gate does not let pass");
    hand.sees("Data approved");
    let stored = hand.stored(&format!("/systems/{system}"));
    assert_eq!(stored["derived"]["stage"], "design_development", "nothing has moved");

    supply(hand, dataset, [&writer, &approver]);
    hand.act_as(&chair);
    hand.go(&format!("/systems/{system}"));
    hand.sees("2 of 2 needs met by records");
    hold(hand, &chair);
    hand.sees("1 gate passed");
    hand.sees("Next gate: Verification and validation");
    let stored = hand.stored(&format!("/systems/{system}"));
    assert_eq!(stored["derived"]["stage"], "verification_validation");
    let reviews = hand.stored("/kinds/stage-review?rows=200");
    let review = first(&reviews, |review| review["fields"]["ai_system"] == system.as_str());
    assert_eq!((&review["state"], &review["fields"]["decision"]), (&"decided".into(), &"pass".into()));
}

every_way!(a_system_is_registered_and_passes_a_gate_once_nothing_is_wanting, House::sample(), journey);
