//! What people must be able to do, and that they learnt it.

use serde_json::json;

use super::scene::Scene;
use crate::error::Result;

/// Need in the story, title, what it enables to, and who must be able to do it.
const NEEDS: [(&str, &str, &str, &[&str]); 3] = [
    ("impact", "Assess the impact of AI", "Finds groups and harms, hears them, weighs and writes it down.", &["assessor", "second_assessor"]),
    ("audit", "Audit a management system for AI", "Plans, draws, asks, judges and writes it down so that others can follow.", &["auditor", "second_auditor"]),
    ("evaluation", "Judge tests of AI", "Reads a plan and its results and sees what they do not show.", &["auditor", "second_auditor"]),
];

/// What people must be able to do, and who can.
pub(super) fn begin(scene: &mut Scene<'_, '_>) -> Result<()> {
    for (group, title, can_do, functions) in NEEDS {
        need(scene, group, title, can_do)?;
        for function in functions {
            for basis in ["external_course", "experience"] {
                learn(scene, group, function, basis)?;
            }
        }
    }
    Ok(())
}

fn need(scene: &mut Scene<'_, '_>, group: &str, title: &str, can_do: &str) -> Result<()> {
    let judged_by = [scene.world.named("role:ethics_or_compliance_lead")?.to_string()];
    let need = json!({
        "title": title, "group": group, "can_do": can_do, "everybody": false,
        "level": "alone", "least_proofs": 2, "accepted_proof": [
            {"basis": "external_course", "least": "five days", "valid_for": "P2Y"}, {"basis": "experience", "least": "three pieces of work with an experienced person", "valid_for": "P2Y"},
        ],
        "judged_by": judged_by, "within": "P0D", "effect_shown_by": "work_sample", "owner": scene.world.person("people")?.to_string(), "review_by": scene.in_days(350).to_string(),
    });
    let need = scene.by("analyst")?.create("competence-need", need)?;
    scene.world.call(format!("need:{group}"), need);
    let set = scene.review_in(350);
    scene.by("people")?.approve(need, "approve", "what whoever does this work must be able to do", set)
}

fn learn(scene: &mut Scene<'_, '_>, group: &str, function: &str, basis: &str) -> Result<()> {
    let need = scene.world.named(&format!("need:{group}"))?;
    let person = scene.world.person(function)?;
    let proof = super::measuring::note(scene, function, "people", &format!("Proof of {} for {group}", basis.replace('_', " ")), &[person])?;
    let day = scene.in_days(-30).to_string();
    let mut fields = json!({
        "person": person.to_string(), "needs": [need.to_string()], "basis": basis, "assigned_by": scene.world.person("people")?.to_string(), "assigned_on": day, "due": scene.in_days(30).to_string(),
        "proof": [proof.to_string()], "judged_by": scene.world.person("rights")?.to_string(), "judged_on": scene.today().to_string(), "judgement": "shown",
    });
    if basis == "experience" {
        fields["experience"] = json!([{"what": "three pieces of work beside an experienced person", "from": scene.in_days(-300).to_string(), "to": day}]);
    }
    let record = scene.by(function)?.create("training-record", fields)?;
    scene.world.call(format!("training:{function}:{group}:{basis}"), record);
    scene.go(record, "done", "finished", json!({"from": scene.in_days(-40).to_string(), "to": day}))?;
    let set = json!({"valid_from": scene.today().to_string(), "valid_until": scene.in_days(660).to_string()});
    scene.by("rights")?.approve(record, "review", "seen at work and with the certificate", set)
}
