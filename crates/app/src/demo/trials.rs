//! Trials of what must work when it is needed: the stop, the way back, the log, and the defence against attack.

use serde_json::json;
use vouch_record::Id;

use super::agenda::Title;
use super::profile::{System, Tier};
use super::scene::Scene;
use crate::error::Result;

/// A trial: type of the test, title, method, what is measured, the requirement it speaks about, comparator, threshold, unit, cases, and
/// where the result usually lies.
struct Trial {
    kind: &'static str,
    title: &'static str,
    method: &'static str,
    measure: &'static str,
    code: Option<&'static str>,
    comparator: &'static str,
    threshold: &'static str,
    unit: &'static str,
    cases: i64,
    /// in thousandths of the unit
    usual: (i64, i64),
}

const STOP: Trial = Trial {
    kind: "stop_control",
    title: "Stop",
    method: "An overseer presses the switch at an hour that operations do not know; the time until no result is shown is taken.",
    measure: "time until no result is shown",
    code: Some("Q3"),
    comparator: "at_most",
    threshold: "15",
    unit: "minutes",
    cases: 3,
    usual: (2_000, 9_000),
};
const LOG: Trial = Trial {
    kind: "log_reconstruction",
    title: "Rebuilding of an outcome",
    method: "One outcome, drawn by the last checkpoint, is rebuilt from the log: input, version, result, and what the officer did.",
    measure: "share of steps rebuilt",
    code: None,
    comparator: "at_least",
    threshold: "1",
    unit: "share",
    cases: 1,
    usual: (1_000, 1_000),
};
const BACK: Trial = Trial {
    kind: "rollback",
    title: "Way back",
    method: "The version before is brought back beside the use and answers the cases of an hour.",
    measure: "time until the version before answers",
    code: None,
    comparator: "at_most",
    threshold: "60",
    unit: "minutes",
    cases: 1,
    usual: (12_000, 44_000),
};
const ATTACK: Trial = Trial {
    kind: "security",
    title: "Attacks",
    method: "Two hundred attacks of the collection of the security office: changed pictures and texts, extraction, poisoned cases.",
    measure: "share of attacks that went through",
    code: Some("Q6"),
    comparator: "at_most",
    threshold: "0.02",
    unit: "share",
    cases: 200,
    usual: (0, 15),
};

/// What is tried for a system.
fn trials(system: &System) -> Vec<&'static Trial> {
    let mut trials = vec![&LOG];
    if system.tier != Tier::Low {
        trials.push(&STOP);
    }
    if system.is_built() {
        trials.push(&ATTACK);
        if system.tier != Tier::Low {
            trials.push(&BACK);
        }
    }
    trials
}

/// Everything that must work is tried once in the year for each system in use.
pub(super) fn plan(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    if !system.is_used() || scene.world.maybe(&system.name_of("specification")).is_none() {
        return Ok(());
    }
    let planned = trials(system)
        .into_iter()
        .map(|trial| Ok((trial, plan_one(scene, system, trial, system.version())?)))
        .collect::<Result<Vec<_>>>()?;
    let title: Title = ("try it out", system).into();
    let system = system.clone();
    scene.later(5, title, move |scene| {
        planned.iter().try_for_each(|(trial, test)| run(scene, &system, trial, *test, system.version()))
    });
    Ok(())
}

/// A new version is attacked again before it goes live.
pub(super) fn attack(scene: &mut Scene<'_, '_>, system: &System, version: &str) -> Result<Id> {
    let test = plan_one(scene, system, &ATTACK, version)?;
    scene.world.call(system.name_of("attack"), test);
    Ok(test)
}

/// The attack that was planned runs.
pub(super) fn run_attack(scene: &mut Scene<'_, '_>, system: &System, test: Id, version: &str) -> Result<()> {
    super::measuring::note(
        scene,
        "tester",
        "second_assessor",
        &format!("Sheets of the attacks on {} {version}", system.name),
        &[test, system.id],
    )?;
    run(scene, system, &ATTACK, test, version)
}

fn plan_one(scene: &mut Scene<'_, '_>, system: &System, trial: &Trial, version: &str) -> Result<Id> {
    let mut criterion = json!({"code": "C1", "measure": trial.measure, "comparator": trial.comparator, "threshold": trial.threshold, "unit": trial.unit, "min_n": trial.cases, "blocking": true});
    if let Some(code) = trial.code {
        criterion["requirement_code"] = json!(code);
    }
    let fields = json!({
        "title": format!("{} of {} {version}", trial.title, system.name), "ai_system": system.id.to_string(), "specification": scene.world.named(&system.name_of("specification"))?.to_string(),
        "type": trial.kind, "method": trial.method, "environment": "operational_performance", "criteria": [criterion], "independence": "other_unit", "retest_on": ["environment_change"],
    });
    let test = scene.by("tester")?.create("test", fields)?;
    scene.by("quality")?.approve(test, "approve", "shows what it is to show", json!({}))?;
    Ok(test)
}

fn run(scene: &mut Scene<'_, '_>, system: &System, trial: &Trial, test: Id, version: &str) -> Result<()> {
    let value = scene.world.chance.between(trial.usual.0, trial.usual.1);
    let results = json!({
        "model": scene.world.named(&system.name_of("model"))?.to_string(), "model_version": version, "system_version": version, "dataset_versions": "none", "overlap": "not_relevant",
        "performed_by": scene.world.person("tester")?.to_string(), "run_at": scene.now(), "run_reference": format!("https://bench.agency.example/{test}"),
        "results": [{"code": "C1", "value": super::measuring::thousandths(value), "n": trial.cases}],
        "limits": "Shown for the way it is used today; another setting needs another trial.", "recommendation": "release",
    });
    scene.by("tester")?.revise(test, results)?;
    scene.go(test, "run", "ran as planned", json!({}))?;
    scene.by("quality")?.approve(test, "review", "the sheet says it", json!({}))
}
