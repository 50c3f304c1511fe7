//! What people must be able to do, and that they learnt it.

use serde_json::json;

use super::scene::Scene;
use crate::error::Result;

/// Group of work, title, what it enables to, and who must be able to do it.
const NEEDS: [(&str, &str, &str, &[&str]); 8] = [
    (
        "impact",
        "Assess the impact of AI",
        "Finds groups and harms, hears them, weighs and writes it down.",
        &["assessor", "second_assessor"],
    ),
    (
        "audit",
        "Audit a management system for AI",
        "Plans, draws, asks, judges and writes it down so that others can follow.",
        &["auditor", "second_auditor"],
    ),
    (
        "evaluation",
        "Judge tests of AI",
        "Reads a plan and its results and sees what they do not show.",
        &["tester", "quality", "auditor", "second_auditor"],
    ),
    (
        "risk",
        "Decide about risk of AI",
        "Reads scores, asks what they rest on, decides and says why.",
        &["risk_borders", "risk_services", "assessor", "quality"],
    ),
    (
        "oversight",
        "Oversee AI at work",
        "Sees when a result is wrong, overrules it and stops the system.",
        &["owner_cbp", "owner_ice", "owner_uscis", "owner_tsa", "owner_hq", "operations"],
    ),
    (
        "data",
        "Answer for data",
        "Knows where data come from, who is missing, and what may be done with them.",
        &["data", "steward"],
    ),
    (
        "build",
        "Build and run AI",
        "Chooses, trains, releases and repairs models.",
        &["engineering", "operations", "engineer", "cio"],
    ),
    (
        "management",
        "Carry a part of the management system",
        "Knows the own part, does it and shows it.",
        &[
            "founder",
            "caio",
            "cio",
            "lead",
            "product",
            "compliance",
            "rights",
            "incident",
            "controller",
            "people",
            "communications",
            "procurement",
            "support",
            "privacy",
            "security",
            "safety",
            "legal",
        ],
    ),
];

/// How many different proofs show it: two where the standard of the work is hardest to see.
fn proofs(group: &str) -> usize {
    if ["impact", "audit", "oversight"].contains(&group) { 2 } else { 1 }
}

/// The need of those who hold a role.
fn need_of(role: &str) -> &'static str {
    match role {
        "system_owner" | "overseer" => "oversight",
        "risk_owner" => "risk",
        "engineering_lead" => "build",
        "operations_lead" => "build",
        "quality_lead" => "evaluation",
        "data_owner" => "data",
        "impact_assessor" => "impact",
        "internal_auditor" => "audit",
        _ => "management",
    }
}

/// What people must be able to do, and who can.
pub(super) fn begin(scene: &mut Scene<'_, '_>) -> Result<()> {
    for (group, title, can_do, functions) in NEEDS {
        need(scene, group, title, can_do)?;
        for function in functions {
            for basis in ["external_course", "experience"].into_iter().take(proofs(group)) {
                learn(scene, group, function, basis)?;
            }
        }
    }
    name_in_roles(scene)?;
    super::awareness::teach(scene)
}

/// Each role names what its holders must be able to do.
fn name_in_roles(scene: &mut Scene<'_, '_>) -> Result<()> {
    for key in super::roles::keys() {
        let need = scene.world.named(&format!("need:{}", need_of(key)))?;
        let role = scene.world.named(&format!("role:{key}"))?;
        scene.by("people")?.revise(role, json!({"competence_needs": [need.to_string()]}))?;
        let set = scene.review_in(360);
        let purpose = if scene.state(role) == "draft" { "approve" } else { "review" };
        scene.by("founder")?.approve(role, purpose, "what its holders must be able to do is named", set)?;
    }
    Ok(())
}

fn need(scene: &mut Scene<'_, '_>, group: &str, title: &str, can_do: &str) -> Result<()> {
    let judged_by =
        [scene.world.named("role:ethics_or_compliance_lead")?.to_string(), scene.world.named("role:compliance_lead")?.to_string()];
    let need = json!({
        "title": title, "group": group, "can_do": can_do, "everybody": false,
        "level": "alone", "least_proofs": proofs(group), "accepted_proof": [
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
    let reader = if function == "people" { "analyst" } else { "people" };
    let proof =
        super::measuring::note(scene, function, reader, &format!("Proof of {} for {group}", basis.replace('_', " ")), &[person])?;
    let (day, today) = (scene.in_days(-30).to_string(), scene.today().to_string());
    let judge = if function == "rights" { "compliance" } else { "rights" };
    let mut fields = json!({
        "person": person.to_string(), "needs": [need.to_string()], "basis": basis, "assigned_by": scene.world.person("people")?.to_string(), "assigned_on": day, "due": scene.in_days(30).to_string(),
        "proof": [proof.to_string()], "judged_by": scene.world.person(judge)?.to_string(), "judged_on": scene.today().to_string(), "judgement": "shown",
    });
    if basis == "experience" {
        fields["experience"] = json!([{"what": "three pieces of work beside an experienced person", "from": scene.in_days(-300).to_string(), "to": today}]);
    }
    let record = scene.by(function)?.create("training-record", fields)?;
    scene.world.call(format!("training:{function}:{group}:{basis}"), record);
    scene.go(record, "done", "finished", json!({"from": scene.in_days(-29).to_string(), "to": today}))?;
    let set = json!({"valid_from": scene.today().to_string(), "valid_until": scene.in_days(660).to_string()});
    scene.by(judge)?.approve(record, "review", "seen at work and with the certificate", set)
}
