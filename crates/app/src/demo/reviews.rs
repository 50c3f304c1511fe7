//! Management reviews: what top management looks at twice a year, what it decides, and what became of that.

use jiff::ToSpan;
use jiff::civil::Date;
use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::improvements::{Idea, propose};
use super::scene::Scene;
use crate::error::Result;

/// Inputs with the names of the records that they rest on; a prefix stands for all whose name begins so.
const INPUTS: [(&str, &[&str]); 12] = [
    ("previous_actions", &["review:"]),
    ("context", &["issue:"]),
    ("interested_parties", &["party:"]),
    ("nonconformities", &["nonconformity:", "action:"]),
    ("measurements", &["measurement:"]),
    ("audits", &["audit", "finding:"]),
    ("objectives", &["objective:"]),
    ("improvement", &["improvement:"]),
    ("risks", &["method", "risk:agency:"]),
    ("incidents", &["incident:"]),
    ("resources", &["resource:"]),
    ("suppliers", &["supplier:"]),
];

/// So many records of a sort are shown; the others stand in the summary.
const SHOWN: usize = 6;

/// The first review, when the system has run for some weeks.
pub(super) fn first(scene: &mut Scene<'_, '_>) -> Result<()> {
    let from = scene.world.days_before(super::world::LENGTH).to_string();
    prepare(scene, "First management review", &from, decide_first)
}

/// The second one, after the audit; it goes on where the first one ended.
pub(super) fn second(scene: &mut Scene<'_, '_>) -> Result<()> {
    let before = scene.world.maybe("review:1");
    let until = before.and_then(|review| scene.text(review, "covers_to")).and_then(|day| day.parse::<Date>().ok());
    let from = until.map_or_else(|| scene.in_days(-180), |until| until.saturating_add(1.day())).to_string();
    prepare(scene, "Second management review", &from, decide_second)
}

type Decide = fn(&mut Scene<'_, '_>, Id) -> Result<Vec<Json>>;

fn prepare(scene: &mut Scene<'_, '_>, title: &str, from: &str, decide: Decide) -> Result<()> {
    let inputs: Vec<Json> = INPUTS.iter().map(|(input, names)| row(scene, input, names)).collect();
    let fields = json!({
        "title": title, "planned_for": scene.in_days(4).to_string(), "covers_from": from, "covers_to": scene.today().to_string(),
        "occasion": "planned", "chair": scene.world.person("founder")?.to_string(), "inputs": inputs, "previous_actions": earlier(scene),
    });
    let review = scene.by("lead")?.create("management-review", fields)?;
    scene.go(review, "prepared", "all inputs are gathered", json!({}))?;
    scene.later(4, ("hold the review", review), move |scene| hold(scene, review, decide));
    Ok(())
}

/// What the records of the period say about an input.
fn row(scene: &Scene<'_, '_>, input: &str, names: &[&str]) -> Json {
    let mut records = Vec::new();
    for name in names {
        let all = scene.world.all_named(name);
        // The oldest and the latest of many: what changed between them is what is looked at.
        let (half, from) = (SHOWN / 2, all.len().saturating_sub(SHOWN / 2));
        records.extend(all.iter().enumerate().filter(|(at, _)| *at < half || *at >= from).map(|(_, id)| id.to_string()));
    }
    let said = if records.is_empty() { "There is nothing yet about" } else { "What the records of the period say about" };
    json!({"input": input, "summary": format!("{said} {}.", input.replace('_', " ")), "records": records})
}

/// Every decision of the review before, with what became of it.
fn earlier(scene: &Scene<'_, '_>) -> Vec<Json> {
    let Some(review) = scene.world.maybe("review:1") else { return Vec::new() };
    let decisions = scene.field(review, "decisions").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
    let told = |decision: &Json| json!({"review": review.to_string(), "decision_code": decision["code"], "record": decision["record"], "state_then": "carried out", "verdict": "done", "note": "finished, and looked at by somebody else"});
    decisions.iter().map(told).collect()
}

fn hold(scene: &mut Scene<'_, '_>, review: Id, decide: Decide) -> Result<()> {
    let mut attendees = Vec::new();
    for function in ["founder", "caio", "cio", "lead"] {
        attendees.push(
            json!({"person": scene.world.person(function)?.to_string(), "top_management": function != "lead", "present": true}),
        );
    }
    let decisions = decide(scene, review)?;
    let mut inputs = scene.field(review, "inputs").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
    for input in &mut inputs {
        input["conclusion"] = json!("Taken note of; what follows from it is among the decisions.");
    }
    let fields = json!({
        "attendees": attendees, "inputs": inputs, "suitable": "yes", "adequate": "partly", "effective": "partly",
        "judgement": "It fits what we do. It lacks people who assess, and half of the inventory has no owner yet.", "decisions": decisions,
    });
    scene.by("lead")?.revise(review, fields)?;
    let set = json!({"held_on": scene.today().to_string(), "next_on": scene.in_days(160).to_string()});
    scene.by("founder")?.go(review, "held", "all were there", set)?;
    scene.approve(review, "sign", "these are our decisions", json!({}))?;
    scene.by("compliance")?.approve(review, "review", "the record says what was decided, and each input is there", json!({}))?;
    let name = if scene.world.maybe("review:1").is_none() { "review:1" } else { "review:2" };
    scene.world.call(name, review);
    Ok(())
}

/// People, a change of the way of working, and a first idea.
fn decide_first(scene: &mut Scene<'_, '_>, review: Id) -> Result<Vec<Json>> {
    let task = assessors(scene, review, 100)?;
    let change = super::changes::of_process(scene, "The lead goes through dates of plans each month", review)?;
    scene.world.call("change:months", change);
    let (title, benefit) = ("Answer concerns on the day they are understood", "Whoever asks hears sooner what became of it.");
    let idea = propose(scene, &Idea { title, source: ("review", review), requirement: "A.3.3", benefit })?;
    scene.world.call("improvement:answers", idea);
    let owner = scene.world.person("lead")?.to_string();
    let support = scene.world.person("support")?.to_string();
    let (due, later) = (scene.in_days(110).to_string(), scene.in_days(150).to_string());
    Ok(vec![
        json!({"code": "D1", "type": "resources", "decision": "Two more assessors until spring", "reason": "assessments come late", "owner": owner, "due": due, "record": task.to_string()}),
        json!({"code": "D2", "type": "change", "decision": "Dates of plans are gone through each month", "reason": "nobody saw them together", "owner": support, "due": due, "record": change.to_string()}),
        json!({"code": "D3", "type": "improvement", "decision": "Concerns are answered on the day they are understood", "reason": "people wait for what is known", "owner": owner, "due": later, "record": idea.to_string()}),
    ])
}

/// People again, another idea, and no change of the system, with the reason.
fn decide_second(scene: &mut Scene<'_, '_>, review: Id) -> Result<Vec<Json>> {
    let task = assessors(scene, review, 120)?;
    let (title, benefit) = ("Owners see open dates on one page", "Owners need no list, and the lead sends none.");
    let idea = propose(scene, &Idea { title, source: ("review", review), requirement: "9.1", benefit })?;
    scene.world.call("improvement:dates", idea);
    let owner = scene.world.person("lead")?.to_string();
    let due = scene.in_days(120).to_string();
    Ok(vec![
        json!({"code": "D1", "type": "resources", "decision": "One more assessor for the services", "reason": "the inventory grew", "owner": owner, "due": due, "record": task.to_string()}),
        json!({"code": "D2", "type": "improvement", "decision": "Open dates stand on one page", "reason": "the list is read late", "owner": owner, "due": due, "record": idea.to_string()}),
        json!({"code": "D3", "type": "none", "decision": "The way of working stays", "reason": "The changes of the year are young; their effect is looked at first."}),
    ])
}

/// The chief learning officer finds and trains assessors; what came of it is read by the officer for civil rights.
fn assessors(scene: &mut Scene<'_, '_>, review: Id, days: i64) -> Result<Id> {
    let people = scene.world.person("people")?;
    let fields = json!({
        "title": "Find and train impact assessors", "origin": review.to_string(), "assignee": people.to_string(), "due": scene.in_days(days).to_string(),
    });
    let task = scene.by("lead")?.create("task", fields)?;
    scene.later(days - 20, ("train assessors", task), move |scene| {
        let proof = super::measuring::note(scene, "people", "rights", "Assessors found, and their training begun", &[task])?;
        let set = json!({"done_at": scene.today().to_string(), "done_by": people.to_string(), "results": [proof.to_string()]});
        scene.by("people")?.go(task, "done", "two people of the services began", set)
    });
    Ok(task)
}
