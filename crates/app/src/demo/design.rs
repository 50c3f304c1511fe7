//! How systems were designed: requirements by category, decisions with their reasons, and the record of it.

use serde_json::{Value as Json, json};

use super::profile::{System, Work};
use super::scene::Scene;
use crate::error::Result;

/// Code, category, statement, measure, comparator and threshold of what every system must do.
type Requirement = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const REQUIREMENTS: [Requirement; 8] = [
    ("Q1", "performance", "Right in a checked sample", "share of right results", "at_least", "0.9"),
    ("Q2", "fairness", "Errs alike for all groups", "gap of error rates", "at_most", "0.05"),
    ("Q3", "oversight", "An officer can set the result aside", "", "is_true", ""),
    (
        "Q4",
        "functional",
        "A result comes with its confidence for each case of the sample",
        "share of cases with both",
        "at_least",
        "0.99",
    ),
    ("Q5", "safety", "Poor input is marked and gives no result", "share of poor input that was marked", "at_least", "0.95"),
    (
        "Q6",
        "security",
        "Withstands the attacks of the collection of the security office",
        "share of attacks that went through",
        "at_most",
        "0.02",
    ),
    ("Q7", "transparency", "The facts that counted are shown", "share of results with facts", "at_least", "0.98"),
    ("Q8", "data", "Works on whole and current records", "share of whole and current records", "at_least", "0.95"),
];

/// What every system must do.
pub(super) fn requirements(scene: &Scene<'_, '_>) -> Vec<Json> {
    let objective = scene.world.maybe("objective:parity").map(|id| id.to_string());
    let row = |(code, category, statement, measure, comparator, threshold): &Requirement| {
        let mut row =
            json!({"code": code, "category": category, "statement": statement, "comparator": comparator, "blocking": true});
        if *comparator != "is_true" {
            row["measure"] = json!(measure);
            row["threshold"] = json!(threshold);
            row["unit"] = json!("share");
        }
        if *code == "Q2" {
            row["objective"] = json!(objective);
        }
        row
    };
    REQUIREMENTS.iter().map(row).collect()
}

/// The criteria by which the test of performance judges the requirements that the tests of fairness and attack leave to it, and where
/// their results usually lie, in thousandths.
pub(super) fn further_criteria(system: &System) -> Vec<(Json, (i64, i64))> {
    let asked = REQUIREMENTS.iter().filter(|(code, ..)| !["Q1", "Q2"].contains(code) && (*code != "Q6" || !system.is_built()));
    let row = |(code, _, statement, measure, comparator, threshold): &Requirement| {
        let of = code.replace('Q', "D");
        let criterion = match *comparator {
            "is_true" => {
                json!({"code": of, "requirement_code": code, "measure": statement, "comparator": comparator, "min_n": 5, "blocking": true})
            }
            _ => {
                json!({"code": of, "requirement_code": code, "measure": measure, "comparator": comparator, "threshold": threshold, "unit": "share", "min_n": 100, "blocking": true})
            }
        };
        let usual = match *comparator {
            "at_least" => (992, 1_000),
            "at_most" => (0, 15),
            _ => (1_000, 1_000),
        };
        (criterion, usual)
    };
    asked.map(row).collect()
}

/// What was decided in the design of a system built here: each with what else was thought of.
pub(super) fn decisions(scene: &Scene<'_, '_>, system: &System) -> Result<Vec<Json>> {
    let by = scene.world.person("engineering")?.to_string();
    let on = scene.in_days(-4).to_string();
    let model = match system.work {
        Work::Matching | Work::Seeing => (
            "a network trained on own pictures",
            "a measure of likeness of hand-made marks",
            "the marks miss one case in six in the sample",
        ),
        Work::Language => {
            ("a language model tuned on own texts", "a list of words and rules", "rules find half of what people find")
        }
        Work::Scoring => (
            "boosted trees",
            "a rule of five questions",
            "the rule is right in four cases of five, the trees in nineteen of twenty",
        ),
    };
    let row = |(topic, question, options, chosen, reason, answers): (&str, &str, &str, &str, &str, &str)| json!({"topic": topic, "question": question, "options": options, "chosen": chosen, "reason": reason, "answers": answers, "decided_by": by, "decided_at": on});
    Ok([
        (
            "architecture",
            "Where is the result computed?",
            "in the case system; in a service of its own",
            "a service of its own",
            "it can be stopped and replaced without touching cases",
            "Q4",
        ),
        ("model_choice", "Which model?", &format!("{}; {}", model.1, model.0) as &str, model.0, model.2, "Q1"),
        (
            "training",
            "What does it learn from?",
            "all cases; a balanced draw",
            "a balanced draw",
            "rare groups would be lost among all cases",
            "Q2, Q8",
        ),
        (
            "evaluation",
            "When is it good enough?",
            "one number; numbers by group and by user",
            "numbers by group and by user",
            "one number hides who bears the errors",
            "Q1, Q2",
        ),
        (
            "threat",
            "How could somebody mislead it?",
            "filter input; harden and test",
            "harden and test",
            "a filter alone is learnt quickly",
            "Q6",
        ),
        (
            "human_interaction",
            "What does an officer see?",
            "a result; a result with confidence and facts",
            "a result with confidence and facts",
            "without them nobody sets anything aside",
            "Q3, Q5, Q7",
        ),
    ]
    .into_iter()
    .map(row)
    .collect())
}

/// The design record of a system built here: written by the engineer, put forward by the chief engineer, approved by the owner.
pub(super) fn record(scene: &mut Scene<'_, '_>, system: &System, version: &str) -> Result<()> {
    let person = |function: &str| Ok::<_, crate::Error>(scene.world.person(function)?.to_string());
    let body = format!(
        "## Architecture\n\nA service of its own takes records of the case system of {unit} and gives a result with confidence and facts.\n\n## Model choice\n\n\
         Compared with a simpler way on the same sample; the reasons stand in the specification.\n\n## Training and tuning\n\nA balanced draw of own cases, version 1 of the data set.\n\n\
         ## Threat model\n\nChanged input, extraction and poisoned cases; each is part of the attacks that are tried.\n\n## Trade-offs\n\nNone was needed: all limits were met together.\n\n\
         ## Final version\n\n{version}, {digest}.\n",
        unit = system.unit,
        digest = super::parts::digest(system.id, version),
    );
    if let Some(document) = scene.world.maybe(&system.name_of("design")) {
        scene.by("engineer")?.revise(document, json!({"body": body, "version": version, "change_summary": format!("Trained anew for {version}; parts and limits are as before.")}))?;
        return approve(scene, system, document);
    }
    let fields = json!({
        "title": format!("Design and development record of {}", system.name), "type": "report", "template": "T-DESIGN", "version": version, "language": "en", "requirements": ["iso42001:A.6.2.3"],
        "body": body, "owner": person("engineering")?, "authors": [person("engineer")?], "approver": scene.world.named("role:system_owner")?.to_string(), "review_every": "P1Y",
        "classification": "internal", "acknowledged_by_all": false, "keep_for": "P7Y", "disposal": "archive",
    });
    let document = scene.by("engineer")?.create("document", fields)?;
    scene.world.call(system.name_of("design"), document);
    approve(scene, system, document)
}

fn approve(scene: &mut Scene<'_, '_>, system: &System, document: vouch_record::Id) -> Result<()> {
    scene.by("engineering")?.go(document, "in_review", "says what was built and why", json!({}))?;
    let from = scene.today().to_string();
    let role = scene.world.named("role:engineering_lead")?.to_string();
    let set = json!({"effective_from": from, "review_by": scene.in_days(360).to_string(), "distribution": [{"role": role, "channel": "here", "since": from}]});
    scene.by(system.owner)?.approve(document, "approve", "I can follow why it was built so", set)
}
