//! Tests and releases: what ran before, and what follows later in the year.

use serde_json::json;
use vouch_record::Id;

use super::agenda::Title;
use super::profile::{System, Tier};
use super::scene::Scene;
use crate::error::Result;

/// The release that has been running since before the management system: entered late, and said so.
pub(super) fn running(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    if !system.is_used() {
        return Ok(());
    }
    let model = scene.world.named(&system.name_of("model"))?.to_string();
    let on = system.used_since.unwrap_or_else(|| scene.world.days_before(super::world::LENGTH + 400));
    let at = format!("{on}T15:00:00.000Z");
    let digest = super::parts::digest(system.id, system.version());
    let mut fields = json!({
        "title": format!("{} {} as it was found running", system.name, system.version()), "ai_system": system.id.to_string(), "version": system.version(),
        "type": "initial", "setting": "production", "model_versions": [{"model": model, "version": system.version(), "digest": digest}],
        "rollback_steps": "Switch the result off; officers work from the file.", "support_contact": "service desk", "planned_for": at,
    });
    if system.is_built() {
        fields["artefact_digest"] = json!(digest);
        fields["design_record"] = json!(scene.world.maybe(&system.name_of("design")).map(|id| id.to_string()));
    }
    let release = scene.by("operations")?.create("release", fields)?;
    let set = json!({"deployed_at": at, "deployed_by": scene.world.person("operations")?.to_string()});
    scene.by(system.owner)?.go(release, "deployed", "it ran before the management system began", set)?;
    scene.world.call(system.name_of("release"), release);
    Ok(())
}

/// The plan of a test is approved, later run and reviewed.
pub(super) fn plan_test(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    let test = plan(scene, system, system.left("TST"), system.version())?;
    let fair = fair_plan(scene, system, system.version())?;
    let title: Title = ("run a test", system).into();
    let system = system.clone();
    scene.later(12, title, move |scene| {
        run(scene, &system, test, system.version())?;
        run_fair(scene, &system, fair, system.version())?;
        if system.is_renewed(scene.world.story.seed) {
            let wait = scene.world.chance.between(70, 150);
            let title: Title = ("renew", &system).into();
            scene.later(wait, title, move |scene| super::releases::renew(scene, &system));
        }
        Ok(())
    });
    Ok(())
}

fn plan(scene: &mut Scene<'_, '_>, system: &System, left: Option<Id>, version: &str) -> Result<Id> {
    let dataset = scene.world.named(&system.name_of("dataset"))?.to_string();
    let group = super::assessments::group_of(system).1;
    let mut criteria = vec![
        json!({"code": "C1", "requirement_code": "Q1", "measure": "share of right results", "comparator": "at_least", "threshold": "0.9", "unit": "share", "min_n": 300, "blocking": true}),
        json!({"code": "C2", "requirement_code": "Q2", "measure": "gap of error rates", "group": group, "comparator": "at_most", "threshold": "0.05", "unit": "share", "min_n": 100, "blocking": true}),
        json!({"code": "C3", "requirement_code": "Q1", "measure": "share of right results", "group": super::plans::OFFICERS, "comparator": "at_least", "threshold": "0.9", "unit": "share", "min_n": 100, "blocking": false}),
    ];
    criteria.extend(super::design::further_criteria(system).into_iter().map(|(criterion, _)| criterion));
    let mut fields = json!({
        "ai_system": system.id.to_string(), "specification": scene.world.named(&system.name_of("specification"))?.to_string(), "type": "performance",
        "method": "Four hundred cases drawn by chance, read by two people who do not see the result, compared.", "environment": "operational_performance",
        "criteria": criteria,
        "datasets": [dataset], "independence": "other_unit", "retest_on": ["retraining", "supplier_model_change"],
    });
    if left.is_none() {
        fields["title"] = json!(format!("Performance test of {} {version}", system.name));
    }
    let test = scene.by("tester")?.put("test", left, fields)?;
    scene.by("quality")?.approve(test, "approve", "criteria follow the specification", json!({}))?;
    Ok(test)
}

fn run(scene: &mut Scene<'_, '_>, system: &System, test: Id, version: &str) -> Result<()> {
    let right = scene.world.chance.between(930, 985);
    let gap = scene.world.chance.between(8, 45);
    let note = super::measuring::note(
        scene,
        "tester",
        "second_assessor",
        &format!("Sheets of the test of {} {version}", system.name),
        &[test, system.id],
    )?;
    let mut rows = vec![
        json!({"code": "C1", "value": super::measuring::thousandths(right), "n": 400}),
        json!({"code": "C2", "group": super::assessments::group_of(system).1, "value": super::measuring::thousandths(gap), "n": 200}),
        json!({"code": "C3", "group": super::plans::OFFICERS, "value": super::measuring::thousandths(right), "n": 200}),
    ];
    for (criterion, (least, most)) in super::design::further_criteria(system) {
        let value = scene.world.chance.between(least, most);
        rows.push(json!({"code": criterion["code"], "value": super::measuring::thousandths(value), "n": 200}));
    }
    let results = json!({
        "model": scene.world.named(&system.name_of("model"))?.to_string(), "model_version": version, "system_version": version, "dataset_versions": "2",
        "overlap": "none_found", "performed_by": scene.world.person("tester")?.to_string(), "run_at": scene.now(), "run_reference": format!("https://bench.agency.example/{note}"),
        "results": rows,
    });
    scene.by("tester")?.revise(test, results)?;
    scene.go(test, "run", "ran as planned", json!({}))?;
    let words = json!({"limits": "Rare cases are few in the sample.", "recommendation": "release"});
    scene.by("tester")?.revise(test, words)?;
    scene.by("quality")?.approve(test, "review", "results follow from the sheets", json!({}))?;
    scene.world.call(system.name_of("test"), test);
    Ok(())
}

/// The plan of a test for equal treatment, where results have an effect on people.
fn fair_plan(scene: &mut Scene<'_, '_>, system: &System, version: &str) -> Result<Option<Id>> {
    if system.tier != Tier::High {
        return Ok(None);
    }
    let group = super::assessments::group_of(system).1;
    let fields = json!({
        "title": format!("Fairness test of {} {version}", system.name), "ai_system": system.id.to_string(), "specification": scene.world.named(&system.name_of("specification"))?.to_string(),
        "type": "fairness", "method": "Error rates of two hundred cases of the group beside those of all others.", "environment": "operational_performance",
        "criteria": [{"code": "C1", "requirement_code": "Q2", "measure": "gap of error rates", "group": group, "comparator": "at_most", "threshold": "0.05", "unit": "share", "min_n": 100, "blocking": true}],
        "datasets": [scene.world.named(&system.name_of("dataset"))?.to_string()], "independence": "other_unit", "retest_on": ["retraining", "supplier_model_change"],
    });
    let test = scene.by("tester")?.create("test", fields)?;
    scene.by("quality")?.approve(test, "approve", "criteria follow the specification", json!({}))?;
    Ok(Some(test))
}

fn run_fair(scene: &mut Scene<'_, '_>, system: &System, test: Option<Id>, version: &str) -> Result<()> {
    let Some(test) = test else { return Ok(()) };
    let gap = scene.world.chance.between(8, 45);
    let note = super::measuring::note(
        scene,
        "tester",
        "second_assessor",
        &format!("Sheets of the fairness test of {} {version}", system.name),
        &[test, system.id],
    )?;
    let results = json!({
        "model": scene.world.named(&system.name_of("model"))?.to_string(), "model_version": version, "system_version": version, "dataset_versions": "2",
        "overlap": "none_found", "performed_by": scene.world.person("tester")?.to_string(), "run_at": scene.now(), "run_reference": format!("https://bench.agency.example/{note}"),
        "results": [{"code": "C1", "group": super::assessments::group_of(system).1, "value": super::measuring::thousandths(gap), "n": 200}],
        "limits": "Rare cases are few in the sample.", "recommendation": "release",
    });
    scene.by("tester")?.revise(test, results)?;
    scene.go(test, "run", "ran as planned", json!({}))?;
    scene.by("quality")?.approve(test, "review", "results follow from the sheets", json!({}))?;
    scene.world.call(system.name_of("fairness test"), test);
    Ok(())
}

/// The version that follows one.
fn after(version: &str) -> String {
    let (major, minor) = version.split_once('.').unwrap_or((version, "0"));
    format!("{major}.{}", minor.parse::<u32>().unwrap_or(0) + 1)
}

/// A new version: model, test, release, information, in this order and by different people.
pub(super) fn renew(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    let version = after(system.version());
    let model = scene.world.named(&system.name_of("model"))?;
    let mut versions = scene.field(model, "versions").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
    versions.push(json!({"version": version, "digest": super::parts::digest(system.id, &version), "made_on": scene.in_days(-5).to_string(), "approved_use": "use in the unit named"}));
    let told = format!("Computes what {} shows to officers; trained anew as {version} on the same data.", system.name);
    scene.by("engineer")?.revise(model, json!({"versions": versions, "description": told}))?;
    scene.by("engineering")?.go(model, "submitted", "retrained; the digest of the new version is known", json!({}))?;
    let set = scene.review_in(330);
    scene.by("operations")?.approve(model, "approve", "may run", set)?;
    super::data::assess_again(scene, system)?;
    super::changes::of_version(scene, system, &version)?;
    let test = plan(scene, system, None, &version)?;
    let fair = fair_plan(scene, system, &version)?;
    let attack = super::trials::attack(scene, system, &version)?;
    super::design::record(scene, system, &version)?;
    let title: Title = ("test a new version", system).into();
    let system = system.clone();
    scene.later(6, title, move |scene| {
        run(scene, &system, test, &version)?;
        run_fair(scene, &system, fair, &version)?;
        super::trials::run_attack(scene, &system, attack, &version)?;
        tell(scene, &system, &version)?;
        let title: Title = ("release a new version", &system).into();
        scene.later(5, title, move |scene| release(scene, &system, test, &version));
        Ok(())
    });
    Ok(())
}

/// Users of a system learn that a new version comes.
fn tell(scene: &mut Scene<'_, '_>, system: &System, version: &str) -> Result<()> {
    let role = |key: &str| Ok::<_, crate::Error>(scene.world.named(&format!("role:{key}"))?.to_string());
    let fields = json!({
        "title": format!("{} {version} comes within the week", system.name), "form": "message", "side": "internal", "topic": "system_change", "roles": [role("system_owner")?, role("overseer")?],
        "channel": "intranet", "speaker": role("communications_lead")?, "legal_look": false, "ai_systems": [system.id.to_string()], "languages": "en", "owner": scene.world.person("communications")?.to_string(),
        "text": format!("{} gets version {version}. Nothing changes in how you work with it. Set a result aside as before; the service desk knows.", system.name),
    });
    let message = scene.by("product")?.create("communication", fields)?;
    scene.by("lead")?.approve(message, "approve", "true and short", json!({}))?;
    let reached = json!([{"role": scene.world.named("role:overseer")?.to_string(), "people": 5, "of": 5}]);
    let set = json!({"sent_at": scene.now(), "sent_by": scene.world.person("communications")?.to_string(), "reached": reached});
    scene.by("communications")?.go(message, "sent", "to everybody who works with it", set)?;
    scene.world.call(system.name_of("announcement"), message);
    Ok(())
}

fn release(scene: &mut Scene<'_, '_>, system: &System, test: Id, version: &str) -> Result<()> {
    if scene.state(test) != "reviewed" {
        return Ok(());
    }
    let named = |what: &str| scene.world.maybe(&system.name_of(what)).map(|id| id.to_string());
    let digest = super::parts::digest(system.id, version);
    let tests: Vec<String> = ["test", "fairness test", "attack"].into_iter().filter_map(named).collect();
    let told: Vec<String> = named("announcement").into_iter().collect();
    let model = scene.world.named(&system.name_of("model"))?.to_string();
    let fields = json!({
        "title": format!("{} {version}", system.name), "ai_system": system.id.to_string(), "version": version, "type": "functional", "setting": "production",
        "model_versions": [{"model": model, "version": version, "digest": digest}], "artefact_digest": digest,
        "specification": named("specification"), "tests": tests, "design_record": named("design"), "communications": told, "changes": named("change").into_iter().collect::<Vec<_>>(), "impact_assessment": named("assessment"), "monitoring_plan": named("monitoring"), "oversight_plan": named("oversight"),
        "preconditions": [{"condition": "test passed", "met_by": [test.to_string()], "met_on": scene.today().to_string(), "confirmed_by": scene.world.person("quality")?.to_string()}],
        "environment_differences": "None; the test ran beside the use.", "rollout": [{"step": "one office, then all", "share": "1", "starts": scene.now(), "observe": "P3D", "stop_when": "more results set aside than before"}],
        "rollback_steps": "Switch back to the version before; tried in the test.", "support_contact": "service desk", "planned_for": scene.now(),
    });
    let release = scene.by("engineer")?.create("release", fields)?;
    scene.by("operations")?.go(release, "ready", "what was asked for is there", json!({}))?;
    scene.by(system.owner)?.approve(release, "approve", "tested by others, and we can go back", json!({}))?;
    super::logs::seal(scene, system)?;
    let set = json!({"deployed_at": scene.now(), "deployed_by": scene.world.person("operations")?.to_string(), "artefact_digest": digest});
    scene.by("operations")?.go(release, "deployed", "runs everywhere", set)?;
    if let Some(before) = scene.world.maybe(&system.name_of("release")) {
        scene.go(
            before,
            "ended",
            "another version took its place",
            json!({"ended_at": scene.now(), "ended_because": "replaced"}),
        )?;
    }
    scene.by("quality")?.approve(release, "review", "seen running, with the digest that was approved", json!({}))?;
    scene.world.call(system.name_of("release"), release);
    super::changes::carried_out(scene, system, release)?;
    let since = scene.today().to_string();
    scene.by("analyst")?.revise(
        system.id,
        json!({"models": [{"model": model, "version": version, "use": "computes the result", "pinned": true, "since": since}]}),
    )?;
    if scene.state(system.id) == "draft" {
        let set = scene.review_in(365);
        scene.by(system.owner)?.approve(system.id, "approve", "the version that runs is the one named", set)?;
    }
    for audience in ["user", "affected_person", "overseer"] {
        let Some(text) = scene.world.maybe(&system.name_of(&format!("information:{audience}"))) else { continue };
        scene.by("communications")?.revise(text, json!({"system_version": version}))?;
        let set = scene.review_in(330);
        scene.by("product")?.approve(text, "approve", "nothing changed for its readers but the version", set)?;
        if audience != "overseer" {
            super::plans::publish(scene, system, text)?;
        }
    }
    let title: Title = ("score again", system).into();
    let system = system.clone();
    scene.later(1, title, move |scene| super::risks::again(scene, &system));
    Ok(())
}
