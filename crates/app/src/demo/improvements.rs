//! Ideas that make the management system better, from proposal to what they brought.

use serde_json::json;
use vouch_record::Id;

use super::scene::Scene;
use crate::error::Result;

/// What an idea is about.
pub(super) struct Idea<'a> {
    pub(super) title: &'a str,
    /// where it came from, as the kind has it, and the record that shows it
    pub(super) source: (&'a str, Id),
    pub(super) requirement: &'a str,
    pub(super) benefit: &'a str,
}

/// Proposed by the analyst, decided by the AIMS lead a few days later; whoever answers concerns carries it out.
pub(super) fn propose(scene: &mut Scene<'_, '_>, idea: &Idea<'_>) -> Result<Id> {
    let (source, record) = idea.source;
    let fields = json!({
        "title": idea.title, "source": source, "source_records": [record.to_string()], "requirements": [format!("iso42001:{}", idea.requirement)],
        "benefit": idea.benefit,
    });
    let improvement = scene.by("analyst")?.create("improvement", fields)?;
    scene.later(6, ("decide an improvement", improvement), move |scene| decide(scene, improvement));
    Ok(improvement)
}

fn decide(scene: &mut Scene<'_, '_>, improvement: Id) -> Result<()> {
    let set = json!({
        "decision": "accept", "decision_reason": "Small, and it is felt by whoever asks us something.", "decided_by": scene.world.person("lead")?.to_string(),
        "owner": scene.world.person("rights")?.to_string(), "due": scene.in_days(90).to_string(),
    });
    scene.by("lead")?.go(improvement, "decided", "worth an afternoon a week", set)?;
    let Some(before) = scene.world.maybe("measurement:answered") else { return Ok(()) };
    let measure = scene.world.named("measure:answered")?.to_string();
    let set = json!({"measure": measure, "baseline": scene.field(before, "value"), "target": "0.99", "effort": "small"});
    scene.go(improvement, "doing", "measured by what it is meant to move", set)?;
    scene.later(60, ("carry out an improvement", improvement), move |scene| carry_out(scene, improvement));
    Ok(())
}

fn carry_out(scene: &mut Scene<'_, '_>, improvement: Id) -> Result<()> {
    let proof = super::measuring::note(scene, "support", "measurer", "What was set up for the improvement", &[improvement])?;
    let set = json!({"done_at": scene.today().to_string(), "proof": [proof.to_string()]});
    scene.by("rights")?.go(improvement, "done", "in daily use", set)?;
    scene.later(52, ("judge an improvement", improvement), move |scene| judge(scene, improvement));
    Ok(())
}

/// Judged on the first round that lies after it was done.
fn judge(scene: &mut Scene<'_, '_>, improvement: Id) -> Result<()> {
    let Some(after) = scene.world.maybe("measurement:answered") else { return Ok(()) };
    let set =
        json!({"after": scene.field(after, "value"), "effect": "Answers keep their time, and fewer people have to ask twice."});
    scene.by("lead")?.go(improvement, "evaluated", "compared with the round before it was done", set)
}
