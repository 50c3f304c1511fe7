//! What people must be able to do, and that they learnt it.

use serde_json::json;

use super::scene::Scene;
use crate::error::Result;

/// The needs, one course, and the records of those who took it.
pub(super) fn begin(scene: &mut Scene<'_, '_>) -> Result<()> {
    let judged_by = [scene.world.named("role:ethics_or_compliance_lead")?.to_string()];
    let need = json!({
        "title": "Assess the impact of AI", "group": "impact", "can_do": "Finds groups and harms, hears them, weighs and writes it down.", "everybody": false,
        "level": "alone", "least_proofs": 2, "accepted_proof": [
            {"basis": "external_course", "least": "five days", "valid_for": "P2Y"}, {"basis": "experience", "least": "three assessments with an experienced person", "valid_for": "P2Y"},
        ],
        "judged_by": judged_by, "within": "P0D", "effect_shown_by": "work_sample", "owner": scene.world.person("people")?.to_string(), "review_by": scene.in_days(350).to_string(),
    });
    let need = scene.by("analyst")?.create("competence-need", need)?;
    scene.world.call("need:impact", need);
    let set = scene.review_in(350);
    scene.by("people")?.approve(need, "approve", "what an assessor must be able to do", set)?;
    for function in ["assessor", "second_assessor"] {
        for basis in ["external_course", "experience"] {
            learn(scene, need, function, basis)?;
        }
    }
    Ok(())
}

fn learn(scene: &mut Scene<'_, '_>, need: vouch_record::Id, function: &str, basis: &str) -> Result<()> {
    let person = scene.world.person(function)?;
    let proof = super::measuring::note(scene, function, "people", &format!("Proof of {} in assessing impact", basis.replace('_', " ")), &[person])?;
    let day = scene.in_days(-30).to_string();
    let mut fields = json!({
        "person": person.to_string(), "needs": [need.to_string()], "basis": basis, "assigned_by": scene.world.person("people")?.to_string(), "assigned_on": day, "due": scene.in_days(30).to_string(),
        "proof": [proof.to_string()], "judged_by": scene.world.person("rights")?.to_string(), "judged_on": scene.today().to_string(), "judgement": "shown",
    });
    if basis == "experience" {
        fields["experience"] = json!([{"what": "three assessments beside an experienced person", "from": scene.in_days(-300).to_string(), "to": day}]);
    }
    let record = scene.by(function)?.create("training-record", fields)?;
    scene.go(record, "done", "finished", json!({"from": scene.in_days(-40).to_string(), "to": day}))?;
    let set = json!({"valid_from": scene.today().to_string(), "valid_until": scene.in_days(660).to_string()});
    scene.by("rights")?.approve(record, "review", "seen at work and with the certificate", set)
}
