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
        one(scene, system, left, usage, version)?;
    }
    Ok(())
}

fn one(scene: &mut Scene<'_, '_>, system: &System, left: Option<Id>, usage: &str, version: &str) -> Result<()> {
    let dataset = scene.world.named(&system.name_of("dataset"))?;
    let share = scene.world.chance.between(960, 995);
    let measured = scene.in_days(-2).to_string();
    let digest = super::parts::digest(system.id, version);
    let mut fields = json!({
        "dataset": dataset.to_string(), "dataset_version": version, "ai_systems": [system.id.to_string()], "use": usage, "occasion": "new_source",
        "assessed_by": scene.world.person("steward")?.to_string(), "covers_from": scene.in_days(-700).to_string(), "covers_to": scene.in_days(-20).to_string(),
        "chosen_because": "The cases the system works on, of all places and of each season.",
        "represents": "All cases of two years; places with few cases are thin and named as a limit.", "rights_basis": "own",
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
