//! What the agency promised to those outside who work with its results, and whether it is kept.

use serde_json::json;

use super::scene::Scene;
use crate::error::Result;

/// Partner agencies were promised that results are there when they need them; the product director agreed to it.
pub(super) fn promise(scene: &mut Scene<'_, '_>) -> Result<()> {
    let Some(system) = scene.world.systems.iter().find(|system| system.is_used() && system.is_built()).cloned() else {
        return Ok(());
    };
    let person = |function: &str| Ok::<_, crate::Error>(scene.world.person(function)?.to_string());
    let today = scene.today().to_string();
    let fields = json!({
        "title": format!("Results of {} for partner agencies", system.name), "kind": "promise", "party": scene.world.named("party:partners")?.to_string(), "ai_systems": [system.id.to_string()],
        "text": "Results are there for ninety-five hours of a hundred, with their confidence; each month the agency tells how often officers set them aside.", "source": "service_level",
        "source_reference": "Agreement on shared services, annex 3", "topic": "availability", "decision": "accept", "decision_reason": "It is what officers of the agency itself get.",
        "met_by": [scene.world.named(&system.name_of("monitoring"))?.to_string()], "measure": scene.world.named("measure:availability")?.to_string(), "limit": "0.95", "comparator": "at_least",
        "made_by_person": person(system.owner)?, "made_on": today, "from": today, "owner": person(system.deputy)?, "check_every": "P4M",
    });
    let promise = scene.by(system.owner)?.create("customer-commitment", fields)?;
    scene.by("product")?.approve(promise, "approve", "we keep it already", json!({"from": today}))?;
    scene.world.call("promise", promise);
    scene.each(82, ("look at a promise", promise), move |scene| {
        scene.by("quality")?.approve(promise, "verify", "values of three months read; none was below the limit", json!({}))
    });
    Ok(())
}

/// One unit may wait with a rule of the AI policy for some months; compliance grants it, which owns no system.
pub(super) fn except(scene: &mut Scene<'_, '_>) -> Result<()> {
    let person = |function: &str| Ok::<_, crate::Error>(scene.world.person(function)?.to_string());
    let policy = scene.world.named("document:T-AI-POLICY")?;
    let fields = json!({
        "title": "Field offices without a line may read logs a week later", "type": "waiver", "subject": policy.to_string(), "subject_revision": scene.work.head_revision(policy)?,
        "requirements": ["iso42001:A.2.2"], "level": "low", "who_bears": "organisation", "reason": "Two field offices get their line in the winter; until then logs come by courier.",
        "alternatives": [{"option": "close the offices to AI", "rejected_because": "officers there would work without results"}],
        "requested_by": person("owner_hq")?, "accepted_by": person("compliance")?, "capacity": scene.world.named("role:compliance_lead")?.to_string(), "until": scene.in_days(170).to_string(),
    });
    let exception = scene.by("owner_hq")?.create("acceptance", fields)?;
    scene.go(exception, "requested", "until the line is there", json!({}))?;
    let set = json!({"from": scene.today().to_string()});
    scene.by("compliance")?.approve(exception, "accept", "for two offices and a day of return", set)
}
