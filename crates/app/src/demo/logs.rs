//! Logs of systems in use: sealed by the machine that keeps them, or kept by the supplier and read here.

use serde_json::json;
use vouch_record::Id;

use super::profile::{System, Tier};
use super::scene::Scene;
use crate::error::Result;

/// Days from one seal to the next.
const ROUND: i64 = 28;
/// What writes the log of systems that run here.
const EMITTER: &str = "case-system";

/// From its registration on the log of a system that runs here is sealed every four weeks.
pub(super) fn begin(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    if !system.is_used() || !system.is_built() {
        return Ok(());
    }
    let again = system.clone();
    scene.each(ROUND, ("seal a log", system), move |scene| seal(scene, &again));
    Ok(())
}

/// Seals what came since the seal before.
pub(super) fn seal(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    let model = scene.world.named(&system.name_of("model"))?;
    let Some(release) = scene.world.maybe(&system.name_of("release")) else { return Ok(()) };
    let before = scene.world.maybe(&system.name_of("batch"));
    let to = scene.now();
    let (from, size) = match before {
        Some(before) => (
            scene.text(before, "to").unwrap_or_default(),
            scene.field(before, "log_size").and_then(|size| size.as_i64()).unwrap_or_default(),
        ),
        None => (format!("{}T12:00:00.000Z", scene.in_days(-ROUND)), 0),
    };
    let n = scene.world.chance.between(4_000, 9_000);
    let looked = scene.world.chance.between(900, 1_400);
    let changed = looked * scene.world.chance.between(20, 110) / 1_000;
    let (version, name) = (scene.text(release, "version").unwrap_or_default(), scene.text(model, "name").unwrap_or_default());
    let mut fields = json!({
        "ai_system": system.id.to_string(), "source": "file", "emitter": EMITTER, "from": from, "to": to, "count": 4 * n, "dropped": 0, "late": 0,
        "first_index": size, "last_index": size + 4 * n, "log_size": size + 4 * n, "log_root": super::parts::digest(system.id, &format!("log {}", size + 4 * n)),
        "batch_root": super::parts::digest(system.id, &format!("batch {size}")),
        "by_type": [{"event": "input", "n": n}, {"event": "output", "n": n}, {"event": "version", "n": n}, {"event": "access", "n": n - looked}, {"event": "override", "n": looked}],
        "by_model": [{"requested": name, "answered": super::parts::digest(system.id, &version), "release": release.to_string(), "n": n}],
        "content_stored": "none", "retained_until": format!("{}T12:00:00.000Z", scene.in_days(1_150)),
    });
    if system.tier != Tier::Low {
        fields["overrides"] = json!([{"kind": "reviewed", "n": looked}, {"kind": "changed", "n": changed}, {"kind": "confirmed", "n": looked - changed}]);
    }
    if let Some(before) = before {
        fields["previous"] = json!(before.to_string());
    }
    let batch = scene.by_machine("log-keeper").create("sealed-batch", fields)?;
    scene.world.call(system.name_of("batch"), batch);
    Ok(())
}

/// The logs that suppliers keep are read each four weeks; one note serves all systems of a supplier.
pub(super) fn begin_to_read(scene: &mut Scene<'_, '_>) -> Result<()> {
    scene.each(ROUND, "read logs of suppliers", read);
    read(scene)
}

fn read(scene: &mut Scene<'_, '_>) -> Result<()> {
    let kept: Vec<Id> =
        scene.world.systems.iter().filter(|system| system.is_used() && !system.is_built()).map(|system| system.id).collect();
    if kept.is_empty() {
        return Ok(());
    }
    let title = "Extracts of the logs that suppliers keep: complete, by version, with access and what officers set aside";
    super::measuring::note_for(scene, ("support", "measurer"), title, &kept, &["A.6.2.8"]).map(|_| ())
}
