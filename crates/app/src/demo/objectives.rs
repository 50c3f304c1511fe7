//! What the agency wants to reach with and for its use of AI.

use serde_json::json;

use super::scene::{Look, Scene};
use crate::error::Result;

/// Title, type, what it serves, the commitment of the policy, measure, comparator, where it began and where it shall be.
type Aim = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

const AIMS: [Aim; 3] = [
    (
        "Concerns are answered within thirty days",
        "aims",
        "accountability",
        "We are open about what we use",
        "answered",
        "at_least",
        "0.8",
        "0.95",
    ),
    (
        "Models err alike for all groups",
        "responsible_development",
        "fairness",
        "We treat people alike",
        "parity",
        "at_most",
        "0.08",
        "0.05",
    ),
    ("Officers set wrong results aside", "responsible_use", "safety", "People decide", "overruled", "at_most", "0.2", "0.15"),
];

/// An aim that was not among the first.
const ANOTHER: Aim = (
    "What suppliers provide is there when it is needed",
    "aims",
    "safety",
    "We answer for what we buy",
    "availability",
    "at_least",
    "0.97",
    "0.985",
);

/// Another aim in the course of the year.
pub(super) fn another(scene: &mut Scene<'_, '_>) -> Result<()> {
    one(scene, &ANOTHER)
}

/// Proposed by the AIMS lead, approved by the Deputy Secretary, looked at every hundred days.
pub(super) fn set(scene: &mut Scene<'_, '_>) -> Result<()> {
    scene.later(6, "write objectives", |scene| AIMS.iter().try_for_each(|aim| one(scene, aim)));
    Ok(())
}

fn one(scene: &mut Scene<'_, '_>, (title, kind, serves, commitment, measure, comparator, baseline, target): &Aim) -> Result<()> {
    let person = |function: &str| Ok::<_, crate::Error>(scene.world.person(function)?.to_string());
    let due = scene.in_days(500).to_string();
    let fields = json!({
        "title": title, "type": kind, "serves": [serves], "policy": scene.world.named("document:T-AI-POLICY")?.to_string(), "policy_commitment": commitment,
        "reason": "The board asked for it when it looked at the first numbers.", "form": "value", "measure": scene.world.named(&format!("measure:{measure}"))?.to_string(),
        "comparator": comparator, "baseline": baseline, "baseline_on": scene.today().to_string(), "target": target, "off_track_by": "0.1", "owner": person("caio")?, "due": due,
        "plan": [{"step": "Numbers go to owners each month", "owner": person("quality")?, "due": due, "resources": "a day a month"}],
        "judged_how": "The last value before the day, read by somebody without a part in it.",
    });
    let objective = scene.by("analyst")?.create("objective", fields)?;
    scene.world.call(format!("objective:{measure}"), objective);
    scene.by("lead")?.go(objective, "submitted", "each has a number and a day", json!({}))?;
    let set = json!({"valid_from": scene.today().to_string(), "review_by": scene.in_days(115).to_string()});
    scene.by("founder")?.approve(objective, "approve", "we want to be measured by it", set)?;
    let look = Look { record: objective, by: "founder", reason: "looked at with the latest numbers", next: 115 };
    scene.look_each(100, "look at an objective", look);
    Ok(())
}
