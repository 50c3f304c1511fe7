//! The platform on which systems run: what the cloud reports of it, and that it can be brought back.

use serde_json::json;

use super::scene::Scene;
use crate::error::Result;

/// Days from one report of the cloud to the next.
pub(super) const ROUND: i64 = 85;

/// From its approval on the cloud reports place, load and energy of the platform.
pub(super) fn begin(scene: &mut Scene<'_, '_>) -> Result<()> {
    scene.each(ROUND, "report the platform", report);
    scene.later(60, "plan a recovery", plan_recovery);
    report(scene)
}

fn report(scene: &mut Scene<'_, '_>) -> Result<()> {
    let platform = scene.world.named("resource:platform")?;
    let rows = |name: &str| scene.field(platform, name).and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
    let (mut capacity, mut observed, mut footprint) = (rows("capacity"), rows("observed"), rows("footprint"));
    let (from, to, seen_at) = (scene.in_days(-ROUND).to_string(), scene.today().to_string(), scene.now());
    let used = scene.world.chance.between(36, 49).to_string();
    let energy = scene.world.chance.between(41_000, 52_000).to_string();
    capacity.push(json!({"what": "accelerators", "unit": "cards", "available": "64", "used": used, "covers_from": from, "covers_to": to, "warn_at": "0.85"}));
    observed.push(json!({"version": "2026.1", "location": "US, two regions", "seen_at": seen_at, "source": "cloud"}));
    footprint.push(json!({"covers_from": from, "covers_to": to, "energy_kwh": energy, "basis": "measured"}));
    scene.by_machine("cloud").revise(platform, json!({"capacity": capacity, "observed": observed, "footprint": footprint}))
}

/// The platform is brought back from nothing but its copies, once a year.
fn plan_recovery(scene: &mut Scene<'_, '_>) -> Result<()> {
    let fields = json!({
        "title": "Recovery of the AI platform", "type": "recovery", "method": "A copy of the platform is built in the second region from copies alone; the time until it answers is taken.",
        "environment": "operational_performance", "independence": "other_unit", "retest_on": ["environment_change"],
        "criteria": [{"code": "C1", "measure": "time until it answers", "comparator": "at_most", "threshold": "24", "unit": "hours", "min_n": 1, "blocking": true}],
    });
    let test = scene.by("tester")?.create("test", fields)?;
    scene.by("quality")?.approve(test, "approve", "as hard as the real thing", json!({}))?;
    scene.later(6, "recover the platform", move |scene| {
        let hours = scene.world.chance.between(5, 14).to_string();
        let results = json!({
            "model_version": "none", "system_version": "2026.1", "dataset_versions": "none", "overlap": "not_relevant", "performed_by": scene.world.person("tester")?.to_string(), "run_at": scene.now(),
            "run_reference": format!("https://bench.agency.example/{test}"), "results": [{"code": "C1", "value": hours, "n": 1}],
            "limits": "One region was lost, not both.", "recommendation": "release",
        });
        scene.by("tester")?.revise(test, results)?;
        scene.go(test, "run", "ran as planned", json!({}))?;
        scene.by("quality")?.approve(test, "review", "the clock says it", json!({}))?;
        let platform = scene.world.named("resource:platform")?;
        scene.by("engineer")?.revise(platform, json!({"recovery_tests": [test.to_string()]}))
    });
    Ok(())
}
