//! Changes of the management system and of systems: put forward by a leader, approved by others, looked at again by another person.

use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::profile::{System, Tier};
use super::scene::Scene;
use crate::error::Result;

const QUESTIONS: [&str; 10] =
    ["purpose", "people", "model", "data", "autonomy", "place", "law", "commitment", "limits", "aims_core"];

/// A change of how things are done, out of a cause such as a nonconformity. It is approved and carried out on one day.
pub(super) fn of_process(scene: &mut Scene<'_, '_>, title: &str, cause: Id) -> Result<Id> {
    let fields = proposed(scene, title, cause)?;
    let change = scene.by("support")?.create("change", fields)?;
    scene.go(change, "submitted", "small and clear", json!({}))?;
    scene.by("lead")?.approve(change, "approve", "keeps the system whole", json!({}))?;
    let proof = super::measuring::note(scene, "support", "measurer", "First list of dates sent to owners", &[change])?;
    let set = json!({"implemented_on": scene.today().to_string(), "proof": [proof.to_string()], "effect_due": scene.in_days(30).to_string()});
    scene.by("support")?.go(change, "implemented", "list goes out", set)?;
    scene.later(28, ("verify a change", change), move |scene| {
        scene
            .by("support")?
            .revise(change, json!({"effect": "as_planned", "effect_note": "No date passed unseen in four weeks."}))?;
        scene.by("quality")?.approve(change, "verify", "dates of four weeks compared", json!({}))
    });
    Ok(change)
}

/// A change of a process as the head of the service desk puts it forward.
fn proposed(scene: &Scene<'_, '_>, title: &str, cause: Id) -> Result<Json> {
    let leader = scene.world.person("support")?.to_string();
    let answers: Vec<Json> = QUESTIONS
        .iter()
        .map(|question| json!({"question": question, "answer": "no", "reason": "only who is told when changes"}))
        .collect();
    Ok(json!({
        "title": title, "what": ["aims_process"], "origin": "planned", "purpose": "No date of a plan passes unseen.", "cause": cause.to_string(), "answers": answers,
        "consequences": "Owners get a list each Monday; nothing else changes.", "keeps_whole": "Records, roles and documents stay as they are.", "resources": "an hour a week",
        "way_back": "The list is not sent any more.", "leader": leader, "planned_for": scene.in_days(3).to_string(), "effect_by": scene.world.person("quality")?.to_string(),
    }))
}

/// What goes too far is put forward as well, and refused.
pub(super) fn refused(scene: &mut Scene<'_, '_>) -> Result<()> {
    let cause = scene.world.named("document:T-MANUAL")?;
    let fields = proposed(scene, "Owners confirm each result of a system on the day", cause)?;
    let change = scene.by("support")?.create("change", fields)?;
    scene.go(change, "submitted", "asked for by a unit", json!({}))?;
    scene.refuse(change, "owners would sign without reading; samples say more")
}

/// A new version of a system, decided by its owner and, where much depends on it, by the risk owner, before it is built in.
pub(super) fn of_version(scene: &mut Scene<'_, '_>, system: &System, version: &str) -> Result<Id> {
    let answers: Vec<Json> = QUESTIONS.iter().map(|question| json!({"question": question, "answer": "no", "reason": "the same purpose, data of the same kind, the same limits"})).collect();
    let fields = json!({
        "title": format!("{} gets version {version}", system.name), "what": ["model"], "origin": "planned", "purpose": "Right more often on recent cases.", "ai_systems": [system.id.to_string()],
        "answers": answers, "consequences": "Tests are run again and users are told; specification, plans and limits stay as they are.", "resources": "two weeks of engineering and test",
        "way_back": "The version before stays ready.", "leader": scene.world.person("engineer")?.to_string(), "planned_for": scene.in_days(12).to_string(),
        "effect_by": scene.world.person("quality")?.to_string(),
    });
    let change = scene.by("engineer")?.create("change", fields)?;
    scene.go(change, "submitted", "asked through: nothing significant", json!({}))?;
    scene.by(system.owner)?.approve(change, "approve", "worth it, and we can go back", json!({}))?;
    if system.tier == Tier::High {
        scene.by(system.risk_owner)?.approve(change, "approve", "risks stay where they are", json!({}))?;
    }
    scene.world.call(system.name_of("change"), change);
    Ok(change)
}

/// The version runs; what it did is judged by another person four weeks later.
pub(super) fn carried_out(scene: &mut Scene<'_, '_>, system: &System, release: Id) -> Result<()> {
    let Some(change) = scene.world.maybe(&system.name_of("change")) else { return Ok(()) };
    let set = json!({"implemented_on": scene.today().to_string(), "proof": [release.to_string()], "effect_due": scene.in_days(30).to_string()});
    scene.by("engineer")?.go(change, "implemented", "runs everywhere", set)?;
    scene.later(26, ("verify a change", change), move |scene| {
        scene
            .by("engineer")?
            .revise(change, json!({"effect": "as_planned", "effect_note": "Right a little more often; nothing else moved."}))?;
        scene.by("quality")?.approve(change, "verify", "values of four weeks compared", json!({}))
    });
    Ok(())
}
