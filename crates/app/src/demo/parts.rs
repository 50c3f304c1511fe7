//! What systems are made of: computing and tools, models, data.

use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::profile::System;
use super::scene::{Look, Scene};
use crate::error::Result;

/// Name in the story, name, category, what it is for, what happens when it fails.
const RESOURCES: [(&str, &str, &str, &str, &str); 4] = [
    (
        "platform",
        "AI platform in the government cloud",
        "cloud",
        "Runs models and keeps their data.",
        "Officers work without results; cases wait.",
    ),
    (
        "registry",
        "Model registry",
        "provisioning_tool",
        "Keeps versions of models with their digests.",
        "No release can be made; what runs goes on.",
    ),
    (
        "framework",
        "Framework for training and serving",
        "framework",
        "Trains models and answers with them.",
        "No new training; what runs goes on.",
    ),
    ("bench", "Evaluation bench", "evaluation_tool", "Runs test plans and keeps their results.", "Tests wait."),
];

const STAGES: [&str; 6] = ["concept", "design_development", "verification_validation", "deployment", "operation", "retired"];

/// Computing and tools that all systems share.
pub(super) fn shared(scene: &mut Scene<'_, '_>) -> Result<()> {
    let cloud = scene.world.named("supplier:cloud")?.to_string();
    for (name, title, category, purpose, failure) in RESOURCES {
        let mut fields = json!({
            "name": title, "category": category, "purpose": purpose, "stages": STAGES, "version": "2026.1", "version_rule": "newer ones after a test",
            "licence": "commercial", "owner": scene.world.person("engineering")?.to_string(), "failure_effect": failure, "recover_within": "PT24H",
        });
        if category == "cloud" {
            fields["location"] = json!("US, two regions");
            fields["supplier"] = json!(cloud);
            fields["capacity"] = json!([{"what": "accelerators", "unit": "cards", "available": "64", "used": "41", "covers_from": scene.in_days(-30).to_string(), "covers_to": scene.today().to_string(), "warn_at": "0.85"}]);
        }
        let id = scene.by("engineer")?.create("resource", fields)?;
        scene.world.call(format!("resource:{name}"), id);
        look_again(scene, id, category != "cloud")?;
    }
    Ok(())
}

/// Approved, and looked at again before its review day for as long as the story lasts.
fn look_again(scene: &mut Scene<'_, '_>, id: Id, tool: bool) -> Result<()> {
    let days = if tool { 115 } else { 200 };
    let set = json!({"review_by": scene.in_days(days).to_string()});
    if scene.state(id) == "proposed" {
        scene.by("engineering")?.approve(id, "approve", "fits what we run", set.clone())?;
        if tool && scene.state(id) == "proposed" {
            let capacity = scene.world.named("role:security")?.to_string();
            scene.by("security")?.decide(id, "approve", "no known weakness, access by role", set, json!({"capacity": capacity}))?;
        }
    } else {
        scene.by("security")?.approve(id, "review", "still supported, no open weakness", set)?;
    }
    scene.later(days - 10, ("look at a resource", id), move |scene| look_again(scene, id, tool));
    Ok(())
}

/// Data and model of a system, made known before the system names them.
pub(super) fn of_system(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    let dataset = dataset(scene, system)?;
    scene.world.call(system.name_of("dataset"), dataset);
    let model = model(scene, system, dataset)?;
    scene.world.call(system.name_of("model"), model);
    if system.personal {
        let review = privacy_review(scene, system)?;
        scene.world.call(system.name_of("privacy"), review);
    }
    Ok(())
}

/// Versions of the data of a system, by use.
pub(super) const VERSIONS: [(&str, &str); 3] = [("training", "1"), ("test", "2"), ("operation", "3")];

fn dataset(scene: &mut Scene<'_, '_>, system: &System) -> Result<Id> {
    let left = system.left("DAT");
    let mut fields = json!({
        "uses": ["training", "test", "operation"], "form": match system.work { super::profile::Work::Language => "text", super::profile::Work::Scoring => "mixed", _ => "image" },
        "owner": scene.world.person("data")?.to_string(), "steward": scene.world.person("steward")?.to_string(),
        "source_name": format!("Case systems of {}", system.unit), "source_type": "own_operation",
        "collected_from": "2019-01-01", "collected_how": "Kept by officers in the course of their work; drawn by a fixed query each year.",
        "people": if system.personal { "Persons whose cases the unit handled." } else { "None; things and text only." },
        "personal_data": if system.personal { json!(["identity", "content"]) } else { json!(["none"]) },
        "confidentiality": "confidential", "rights_basis": "own",
        "quality_targets": [
            {"dimension": "completeness", "requirement": "filled fields", "comparator": "at_least", "threshold": "0.95", "unit": "share", "every": "P6M"},
            {"dimension": "currency", "requirement": "cases of the last two years", "comparator": "at_least", "threshold": "0.9", "unit": "share", "every": "P6M"},
            {"dimension": "validity", "requirement": "values inside their range", "comparator": "at_least", "threshold": "0.95", "unit": "share", "every": "P6M"},
            {"dimension": "accuracy", "requirement": "checked sample is right", "comparator": "at_least", "threshold": "0.95", "unit": "share", "every": "P6M"},
        ],
        "known_limits": "Follows where officers looked; places with few cases are thin.",
        "readers": [scene.world.named("role:engineering_lead")?.to_string()], "writers": [scene.world.named("role:data_owner")?.to_string()],
        "keep_for": "P5Y", "keep_reason": "schedule of the case files", "review_by": scene.in_days(300).to_string(),
    });
    if left.is_none() {
        fields["name"] = json!(format!("Cases behind {}", system.name));
        fields["description"] =
            json!(format!("Cases of {} from which {} was made and on which it is tested.", system.unit, system.name));
    }
    if system.personal {
        fields["deletion_in_models"] = json!("What is deleted leaves the model at the next training, at the latest after a year.");
    }
    let versions = VERSIONS.map(|(_, version)| json!({"version": version, "digest": digest(system.id, version), "made_on": scene.in_days(-20).to_string(), "rows": 40_000, "frozen": true}));
    let dataset = scene.by("steward")?.put("dataset", left, fields)?;
    scene.by_machine("data-pipeline").revise(dataset, json!({"versions": versions}))?;
    let set = scene.review_in(300);
    scene.by("data")?.approve(dataset, "approve", "rights, limits and targets are known", set)?;
    let look = Look { record: dataset, by: "data", reason: "still needed, rights unchanged", next: 300 };
    scene.look_each(165, "look at data", look);
    Ok(dataset)
}

/// A digest as a registry would give it; the sample has no such data.
pub(super) fn digest(of: Id, version: &str) -> String {
    use sha2::{Digest, Sha256};
    let mut hash = Sha256::new();
    hash.update(of.to_string().as_bytes());
    hash.update(version.as_bytes());
    format!("sha256:{}", vouch_ledger::hex(&hash.finalize().into()))
}

fn model(scene: &mut Scene<'_, '_>, system: &System, dataset: Id) -> Result<Id> {
    let version = system.version();
    let mut fields = json!({
        "name": format!("Model of {} ({})", system.name, system.id), "type": system.work.model(), "origin": if system.is_built() { "own" } else { "embedded" },
        "description": format!("Computes what {} shows to officers.", system.name),
        "versions": [{"version": version, "digest": digest(system.id, version), "made_on": scene.in_days(-90).to_string(), "approved_use": "use in the unit named"}],
        "pinned": if system.is_built() { "own" } else { "pinned" }, "licence": if system.is_built() { "own" } else { "commercial" },
        "data_disclosure": if system.is_built() { "full" } else { "summary" },
        "personal_data": if system.personal { json!(["identity", "content"]) } else { json!(["none"]) },
        "intended_use": "To help officers of the unit to decide; not to decide.", "limits": "Less certain on rare cases and on poor input.",
        "integrity": if system.is_built() { "own_build" } else { "verified" }, "general_purpose": "no", "owner": scene.world.person("engineering")?.to_string(),
    });
    if system.is_built() {
        fields["format"] = json!("safe");
        fields["datasets"] = json!([
            {"dataset": dataset.to_string(), "version": "1", "use": "training"}, {"dataset": dataset.to_string(), "version": "2", "use": "test"},
        ]);
    } else if let Some(supplier) = system.supplier {
        fields["card_url"] = json!(format!("https://{supplier}.example/cards/{}", system.id.to_string().to_lowercase()));
        fields["supplier"] = json!(scene.world.named(&format!("supplier:{supplier}"))?.to_string());
    }
    let model = scene.by("engineer")?.create("model", fields)?;
    scene.by("engineering")?.go(model, "submitted", "origin, licence and digest are known", json!({}))?;
    let set = scene.review_in(330);
    scene.by("operations")?.approve(model, "approve", "may run", set)?;
    let look = Look { record: model, by: "engineering", reason: "version and support are as written", next: 330 };
    scene.look_each(112, "look at a model", look);
    Ok(model)
}

fn privacy_review(scene: &mut Scene<'_, '_>, system: &System) -> Result<Id> {
    let today = scene.today().to_string();
    let fields = json!({
        "title": format!("Privacy review of {}", system.name), "source": "statement", "covers_from": today, "covers_to": scene.in_days(180).to_string(),
        "about": [system.id.to_string()], "requirements": ["iso42001:A.7.3"], "shows": "conforms",
        "summary": "No more data about people than the purpose needs; access by role; deletion by schedule.",
        "collected_by": scene.world.person("privacy")?.to_string(), "collected_at": scene.now(), "confidentiality": "internal",
    });
    let review = scene.by("privacy")?.create("evidence", fields)?;
    scene.by("rights")?.approve(review, "review", "read with the privacy assessment beside it", json!({}))?;
    Ok(review)
}

/// What the agency does itself for each system.
const OURS: [&str; 14] = [
    "requirements",
    "data",
    "testing",
    "operation",
    "monitoring",
    "oversight",
    "change",
    "security",
    "privacy",
    "information",
    "incident",
    "concerns",
    "legal",
    "retirement",
];

/// What suppliers do or share in.
const THEIRS: [(&str, &str, &str); 4] = [
    ("development", "supplier", "builds and keeps the model"),
    ("security", "shared", "mends weaknesses within thirty days"),
    ("change", "shared", "tells thirty days before a new version"),
    ("incident", "shared", "tells within three days and helps to find the cause"),
];

/// The officer who answers for the supplier goes through the rows with it; the owner confirmed them with the record.
pub(super) fn agree(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    if system.supplier.is_some() && scene.state(system.id) == "registered" {
        scene.by("procurement")?.approve(system.id, "review", "the supplier sees it the same way", json!({}))?;
    }
    Ok(())
}

/// Writes the parts of a system into its fields.
pub(super) fn name_in(scene: &Scene<'_, '_>, system: &System, fields: &mut Json) -> Result<()> {
    let named = |what: &str| Ok::<_, crate::Error>(scene.world.named(&system.name_of(what))?.to_string());
    let since = system.used_since.unwrap_or_else(|| scene.in_days(-60)).to_string();
    let (dataset, model) = (named("dataset")?, named("model")?);
    let uses: Vec<Json> = VERSIONS
        .iter()
        .map(|(usage, version)| json!({"dataset": dataset, "version": version, "use": usage, "since": since}))
        .collect();
    fields["datasets"] = if system.is_built() { json!(uses) } else { json!([uses[1], uses[2]]) };
    fields["models"] =
        json!([{"model": model, "version": system.version(), "use": "computes the result", "pinned": true, "since": since}]);
    let platform = scene.world.named("resource:platform")?.to_string();
    let mut resources = vec![
        json!({"resource": platform, "version": "2026.1", "stages": STAGES, "critical": system.tier == super::profile::Tier::High, "since": since}),
    ];
    if system.is_built() {
        for name in ["framework", "bench"] {
            let tool = scene.world.named(&format!("resource:{name}"))?.to_string();
            resources.push(json!({"resource": tool, "version": "2026.1", "stages": STAGES, "critical": false, "since": since}));
        }
    }
    fields["resources"] = json!(resources);
    let person = |function: &str| Ok::<_, crate::Error>(scene.world.person(function)?.to_string());
    let need = |group: &str| Ok::<_, crate::Error>(scene.world.named(&format!("need:{group}"))?.to_string());
    fields["staffing"] = json!([
        {"duty": "build", "people": [person("engineer")?], "needed": "1", "competence_need": need("build")?}, {"duty": "data", "people": [person("steward")?], "needed": "1", "competence_need": need("data")?},
        {"duty": "test", "people": [person("tester")?], "needed": "1", "competence_need": need("evaluation")?}, {"duty": "run", "people": [person("operations")?], "needed": "1", "competence_need": need("build")?},
        {"duty": "oversee", "people": [person(system.owner)?, person(system.deputy)?], "needed": "2", "competence_need": need("oversight")?},
        {"duty": "domain", "people": [person("product")?], "needed": "0.5", "competence_need": need("management")?, "perspective": "work of the unit"},
        {"duty": "affected_view", "people": [person("rights")?], "needed": "0.5", "competence_need": need("management")?, "perspective": "people affected"},
    ]);
    if system.tier == super::profile::Tier::High {
        let drawing = scene.world.drawings.get(usize::from(!system.is_built())).cloned();
        fields["architecture"] = json!([drawing]);
    }
    if system.personal {
        fields["reviewed_by_privacy"] = json!([named("privacy")?]);
    }
    let mut responsibilities: Vec<Json> =
        OURS.iter().map(|activity| json!({"activity": activity, "held_by": "us", "does": "the owner's unit"})).collect();
    if let Some(supplier) = system.supplier {
        let id = scene.world.named(&format!("supplier:{supplier}"))?.to_string();
        fields["suppliers"] = json!([{"supplier": id, "provides": "model and its care", "contract": "schedule B", "critical": system.tier == super::profile::Tier::High, "since": since}]);
        let proof = scene.world.named(&format!("answers:{id}"))?.to_string();
        for (activity, held_by, does) in THEIRS {
            responsibilities.push(json!({"activity": activity, "held_by": held_by, "supplier": id, "does": does, "clause": "schedule B", "agreed_on": since, "agreed_proof": [proof]}));
        }
    }
    fields["responsibilities"] = json!(responsibilities);
    Ok(())
}

/// The gateway reports what it saw running, season by season; for some systems there is none.
pub(super) fn observe(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    if !system.is_used() {
        return Ok(());
    }
    let rows = scene.field(system.id, "models").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
    let seen_at = scene.now();
    let parts: Vec<Json> = rows
        .iter()
        .filter_map(|row| {
            let model: Id = row["model"].as_str()?.parse().ok()?;
            let version = row["version"].as_str()?;
            Some(json!({"name": scene.text(model, "name")?, "version": version, "digest": digest(system.id, version), "kind": "model", "seen_at": seen_at, "source": "gateway"}))
        })
        .chain(system.is_built().then(|| json!({"name": RESOURCES[2].1, "version": "2026.1", "kind": "library", "seen_at": seen_at, "source": "gateway"})))
        .collect();
    scene.by_machine("gateway").revise(system.id, json!({"observed_parts": parts}))?;
    let again = system.clone();
    scene.later(75, ("observe parts", system), move |scene| observe(scene, &again));
    Ok(())
}
