//! Stage reviews: whether a system in use goes on.

use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::agenda::Title;
use super::profile::{System, Tier};
use super::scene::Scene;
use crate::error::Result;

/// What is asked at the gate of a system in use, by the record of the system that shows it, if one does.
const NEEDS: [(&str, Option<&str>); 10] = [
    ("G-OPE-1", Some("monitoring")),
    ("G-OPE-2", Some("monitoring")),
    ("G-OPE-3", Some("release")),
    ("G-OPE-4", Some("test")),
    ("G-OPE-5", Some("assessment")),
    ("G-OPE-6", Some("specification")),
    ("G-OPE-7", Some("oversight")),
    ("G-OPE-8", None),
    ("G-OPE-9", Some("dataset")),
    ("G-OPE-10", Some("specification")),
];

/// Systems of the high tier are reviewed in the middle of the year; somebody who has no part in them decides.
pub(super) fn go_on(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    if !system.is_used() || system.tier != Tier::High {
        return Ok(());
    }
    if !is_settled(scene, system) {
        let title: Title = ("review the stage", system).into();
        let system = system.clone();
        scene.later(4, title, move |scene| go_on(scene, &system));
        return Ok(());
    }
    let person = |function: &str| Ok::<_, crate::Error>(scene.world.person(function)?.to_string());
    let items: Vec<Json> = NEEDS.iter().map(|(need, shown)| item(scene, system, need, *shown)).collect();
    let fields = json!({
        "ai_system": system.id.to_string(), "gate": "operation", "from_stage": "operation", "to_stage": "operation", "chair": person("cio")?, "items": items,
        "reviewers": [{"person": person("cio")?, "capacity": "chair", "took_part": true}, {"person": person(system.risk_owner)?, "capacity": "risk", "took_part": true}, {"person": person("rights")?, "capacity": "people concerned", "took_part": true}],
        "objectives_weighed": weighed(scene), "decision": "pass",
    });
    let review = scene.by("analyst")?.create("stage-review", fields)?;
    let title: Title = ("decide whether it goes on", system).into();
    scene.later(0, title, move |scene| decide(scene, review));
    Ok(())
}

fn decide(scene: &mut Scene<'_, '_>, review: Id) -> Result<()> {
    let set = json!({"held_on": scene.now()});
    scene.by("cio")?.go(review, "held", "every need was looked at", set)?;
    scene.approve(review, "decide", "what is asked of its tier is there", json!({}))
}

/// Whether nothing that the review looks at is being written anew; else it waits some days.
fn is_settled(scene: &Scene<'_, '_>, system: &System) -> bool {
    let view = scene.work.view();
    let records = NEEDS.iter().filter_map(|(_, shown)| scene.world.maybe(&system.name_of(shown.as_ref()?)));
    records.into_iter().all(|record| view.find(record).is_some_and(|entry| entry.is_settled()))
}

fn item(scene: &Scene<'_, '_>, system: &System, need: &str, shown: Option<&str>) -> Json {
    let record = shown.and_then(|what| scene.world.maybe(&system.name_of(what)));
    match record.and_then(|record| Some((record, scene.work.head_revision(record).ok()?))) {
        Some((record, revision)) => {
            json!({"need": need, "subject": record.to_string(), "subject_revision": revision, "result": "fulfilled"})
        }
        None => {
            json!({"need": need, "result": "fulfilled", "note": "The lists of incidents and concerns were read; none is open too long."})
        }
    }
}

/// How what the agency wants to reach in developing counted.
fn weighed(scene: &Scene<'_, '_>) -> Json {
    let how = "The gap of error rates of the last rounds was read beside the target.";
    let row = |objective: Id| json!([{"objective": objective.to_string(), "how": how, "effect": "none"}]);
    scene.world.maybe("objective:parity").map_or_else(|| json!([]), row)
}
