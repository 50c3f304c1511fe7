//! Data: each version in use is assessed by the steward and approved by the owner of the data.

use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::plans::OFFICERS;
use super::profile::System;
use super::scene::Scene;
use crate::error::Result;

/// The versions on which a system was made and is tested.
pub(super) fn assess(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    let uses: &[(&str, &str)] = if system.is_built() { &super::parts::VERSIONS[..2] } else { &super::parts::VERSIONS[1..2] };
    for (usage, version) in uses {
        let left = system.left("DQA").filter(|_| *usage == "training");
        one(scene, system, left, (usage, version), "new_source")?;
    }
    Ok(())
}

/// Before a model learns from them anew, the data are judged again.
pub(super) fn assess_again(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    one(scene, system, None, super::parts::VERSIONS[0], "retraining")
}

/// What was done to raw cases before a model learnt from them.
fn preparation(system: &System) -> Json {
    let code = format!("pipelines@{}", &super::parts::digest(system.id, "preparation")[7..15]);
    json!([
        {"method": "cleaning", "why": "Cases are typed by many hands.", "rule": "Doubles and empty cases go out.", "code_reference": code, "version": "4.2"},
        {"method": "normalisation", "why": "Offices write numbers in their own ways.", "rule": "One scale for all, fitted on training data alone.", "code_reference": code, "version": "4.2"},
    ])
}

/// Counsel's word that case data of a unit may be used so; it serves all assessments of the unit.
fn rights(scene: &mut Scene<'_, '_>, system: &System) -> Result<Id> {
    let name = format!("rights:{}", system.unit);
    if let Some(there) = scene.world.maybe(&name) {
        return Ok(there);
    }
    let fields = json!({
        "title": format!("Right of {} to learn from its own cases", system.unit), "source": "statement", "covers_from": scene.in_days(-60).to_string(), "covers_to": scene.in_days(300).to_string(),
        "about": [scene.world.named("organisation")?.to_string()], "requirements": ["iso42001:A.7.3"], "shows": "conforms",
        "summary": "The schedules of the case systems name learning from cases among their uses; nothing else is allowed.",
        "collected_by": scene.world.person("steward")?.to_string(), "collected_at": scene.now(), "confidentiality": "internal",
    });
    let proof = scene.by("steward")?.create("evidence", fields)?;
    scene.by("legal")?.approve(proof, "review", "read against the schedules", json!({}))?;
    scene.world.call(name, proof);
    Ok(proof)
}

fn one(scene: &mut Scene<'_, '_>, system: &System, left: Option<Id>, (usage, version): (&str, &str), occasion: &str) -> Result<()> {
    let rights = rights(scene, system)?.to_string();
    let dataset = scene.world.named(&system.name_of("dataset"))?;
    let share = scene.world.chance.between(960, 995);
    let measured = scene.in_days(-2).to_string();
    let digest = super::parts::digest(system.id, version);
    let mut fields = json!({
        "dataset": dataset.to_string(), "dataset_version": version, "ai_systems": [system.id.to_string()], "use": usage, "occasion": occasion,
        "assessed_by": scene.world.person("steward")?.to_string(), "covers_from": scene.in_days(-700).to_string(), "covers_to": scene.in_days(-20).to_string(),
        "chosen_because": "The cases the system works on, of all places and of each season.",
        "represents": "All cases of two years; places with few cases are thin and named as a limit.", "rights_basis": "own", "rights_proof": [rights],
        "personal_data_found": if system.personal { "personal" } else { "none" },
        "quality": [
            {"dimension": "completeness", "requirement": "filled fields", "comparator": "at_least", "threshold": "0.95", "unit": "share", "value": format!("0.{share}"), "n": 400, "method": "count", "measured_at": measured},
            {"dimension": "accuracy", "requirement": "checked sample is right", "comparator": "at_least", "threshold": "0.95", "unit": "share", "value": format!("0.{}", share - 5), "n": 400, "method": "two readers", "measured_at": measured},
            {"dimension": "currency", "requirement": "cases of the last two years", "comparator": "at_least", "threshold": "0.9", "unit": "share", "value": "0.96", "n": 400, "method": "count", "measured_at": measured},
            {"dimension": "validity", "requirement": "values inside their range", "comparator": "at_least", "threshold": "0.95", "unit": "share", "value": "0.99", "n": 400, "method": "count", "measured_at": measured},
        ],
        "representation": representation(system),
        "lineage": [{"step": 1, "operation": "drawn from the case system by a fixed query, names replaced", "code_reference": format!("pipelines@{}", &digest[7..15]), "by": "engineer", "at": scene.now(), "output_digest": digest}],
        "documentation_level": "complete", "integrity_digest": digest, "fit": "fit", "valid_until": scene.in_days(350).to_string(),
    });
    if usage == "training" {
        fields["preparation"] = preparation(system);
    }
    if system.personal {
        fields["privacy_steps"] =
            json!("Names and numbers are replaced before the data leave the case system; the key stays there.");
    }
    let assessment = scene.by("steward")?.put("data-assessment", left, fields)?;
    scene.by("data")?.go(assessment, "submitted", "measured and complete", json!({}))?;
    let set = json!({"valid_until": scene.in_days(350).to_string()});
    scene.by("data")?.approve(assessment, "approve", "fit for this use", set.clone())?;
    if system.personal {
        let capacity = scene.world.named("role:privacy")?.to_string();
        scene.by("privacy")?.decide(
            assessment,
            "approve",
            "no more about people than needed",
            set,
            json!({"capacity": capacity}),
        )?;
    }
    Ok(())
}

/// Who and what is represented: small offices, and the groups for whom tests say something of their own.
fn representation(system: &System) -> Vec<Json> {
    let row = |group: &str, expected: &str, found: &str| json!({"group": group, "expected_share": expected, "found_share": found, "n": 40_000, "expectation_from": "case statistics"});
    let (_, group) = super::assessments::group_of(system);
    let mut rows = vec![row("cases of small offices", "0.12", "0.11"), row(OFFICERS, "1", "1")];
    if group != OFFICERS {
        rows.push(row(group, "0.8", "0.8"));
    }
    rows
}
