//! Measures, measurements through the months, and notes of what somebody saw.

use serde_json::json;
use vouch_record::Id;

use super::agenda::Title;
use super::profile::System;
use super::scene::Scene;
use crate::error::Result;

/// A number that is watched: name in the story, title, question, category in monitoring plans, direction, warn, alarm, and where it
/// usually lies (from, to), in thousandths.
struct Metric {
    name: &'static str,
    title: &'static str,
    question: &'static str,
    category: &'static str,
    direction: &'static str,
    warn: i64,
    alarm: i64,
    usual: (i64, i64),
}

const METRICS: [Metric; 7] = [
    Metric {
        name: "fresh_data",
        title: "Complete and current input",
        question: "Are the data still as they should be?",
        category: "data_quality",
        direction: "higher",
        warn: 960,
        alarm: 950,
        usual: (965, 995),
    },
    Metric {
        name: "accuracy",
        title: "Right results in a checked sample",
        question: "Is it still right often enough?",
        category: "performance",
        direction: "higher",
        warn: 930,
        alarm: 900,
        usual: (932, 985),
    },
    Metric {
        name: "drift",
        title: "Distance of input from the tested input",
        question: "Does it still see what it was made for?",
        category: "drift",
        direction: "lower",
        warn: 150,
        alarm: 250,
        usual: (40, 148),
    },
    Metric {
        name: "parity",
        title: "Gap of error rates between groups",
        question: "Does it err alike for all?",
        category: "fairness",
        direction: "lower",
        warn: 40,
        alarm: 60,
        usual: (8, 39),
    },
    Metric {
        name: "missed",
        title: "Cases of weight that it missed",
        question: "Does it overlook what matters?",
        category: "safety",
        direction: "lower",
        warn: 15,
        alarm: 25,
        usual: (2, 14),
    },
    Metric {
        name: "strange_use",
        title: "Uses outside its purpose",
        question: "Is it used for what it is for?",
        category: "abuse",
        direction: "lower",
        warn: 5,
        alarm: 10,
        usual: (0, 4),
    },
    Metric {
        name: "overruled",
        title: "Results that officers set aside",
        question: "Do people still decide?",
        category: "oversight",
        direction: "lower",
        warn: 120,
        alarm: 180,
        usual: (20, 118),
    },
];

/// What is watched also where little depends on a system.
const EVEN_LOW: [&str; 3] = ["accuracy", "strange_use", "fresh_data"];

/// Days from one round of measurements to the next.
const ROUND: i64 = 40;

/// Thousandths as a decimal.
pub(super) fn thousandths(value: i64) -> String {
    let text = format!("{}.{:03}", value / 1000, value % 1000);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// The measures of the agency, approved by the AIMS lead; with them the rounds begin.
pub(super) fn measures(scene: &mut Scene<'_, '_>) -> Result<()> {
    for metric in &METRICS {
        let id = measure(scene, metric, "ai_system")?;
        scene.world.call(format!("measure:{}", metric.name), id);
    }
    let available = Metric {
        name: "availability",
        title: "Availability of what suppliers provide",
        question: "Is it there when it is needed?",
        category: "availability",
        direction: "higher",
        warn: 990,
        alarm: 970,
        usual: (991, 1000),
    };
    let id = measure(scene, &available, "process")?;
    scene.world.call("measure:availability", id);
    let answered = Metric {
        name: "answered",
        title: "Concerns answered within thirty days",
        question: "Do we answer in time?",
        category: "performance",
        direction: "higher",
        warn: 850,
        alarm: 800,
        usual: (910, 1000),
    };
    let id = measure(scene, &answered, "aims")?;
    scene.world.call("measure:answered", id);
    scene.later(54, "name measured systems", name_systems);
    scene.later(60, "begin to measure", begin);
    Ok(())
}

fn measure(scene: &mut Scene<'_, '_>, metric: &Metric, level: &str) -> Result<Id> {
    let fields = json!({
        "title": metric.title, "question": metric.question, "level": level, "formula": "count of such cases divided by the cases looked at",
        "source": "evaluation", "unit": "share", "direction": metric.direction, "warn": thousandths(metric.warn), "alarm": thousandths(metric.alarm),
        "cadence": "P1M", "max_gap": "P45D", "analysed_by": scene.world.person("quality")?.to_string(), "analyse_every": "P1M",
        "reported_to": [scene.world.named("role:aims_lead")?.to_string()], "response": "The responder looks at cases, limits or stops the use, and says what follows.",
        "valid_from": scene.today().to_string(),
    });
    let id = scene.by("analyst")?.create("measure", fields)?;
    scene.by("lead")?.approve(id, "approve", "says something and can be had each month", json!({}))?;
    Ok(id)
}

/// The rows of a monitoring plan.
pub(super) fn metrics(scene: &Scene<'_, '_>, system: &System) -> Result<Vec<serde_json::Value>> {
    let responder = scene.world.person(system.owner)?.to_string();
    let deputy = scene.world.person(system.deputy)?.to_string();
    let low = system.tier == super::profile::Tier::Low;
    let row = |metric: &Metric| {
        Ok(json!({
            "code": metric.name, "category": metric.category, "measure": scene.world.named(&format!("measure:{}", metric.name))?.to_string(),
            "source": "evaluation", "cadence": "P1M", "max_gap": "P45D", "min_n": 60, "comparator": if metric.direction == "higher" { "at_least" } else { "at_most" },
            "warn": thousandths(metric.warn), "alarm": thousandths(metric.alarm), "responder": responder, "deputy": deputy, "answer_within": "P10D",
            "response": "Look at the cases; limit or stop the use if they are of one sort.",
        }))
    };
    METRICS.iter().filter(|metric| !low || EVEN_LOW.contains(&metric.name)).map(row).collect()
}

/// Each measure names the systems from which it is taken, once all are registered.
fn name_systems(scene: &mut Scene<'_, '_>) -> Result<()> {
    for metric in &METRICS {
        let even_low = EVEN_LOW.contains(&metric.name);
        let taken =
            scene.world.systems.iter().filter(|system| system.is_used() && (even_low || system.tier != super::profile::Tier::Low));
        let systems: Vec<String> = taken.map(|system| system.id.to_string()).collect();
        let measure = scene.world.named(&format!("measure:{}", metric.name))?;
        scene.by("analyst")?.revise(measure, json!({"ai_systems": systems}))?;
        scene.by("lead")?.approve(measure, "review", "the systems from which it is taken are named", json!({}))?;
    }
    Ok(())
}

fn begin(scene: &mut Scene<'_, '_>) -> Result<()> {
    scene.each(ROUND, "measure", round);
    round(scene)
}

/// One round: every system in use with a plan is measured by the machine that runs the checks, and looked at by a person.
fn round(scene: &mut Scene<'_, '_>) -> Result<()> {
    let month = scene.today().to_string();
    let evidence = note(scene, "measurer", "second_auditor", &format!("Export of the evaluation bench, {month}"), &[])?;
    supplier_round(scene, evidence)?;
    for at in 0..scene.world.systems.len() {
        let system = scene.world.systems[at].clone();
        if system.is_used() && scene.world.maybe(&system.name_of("monitoring")).is_some() {
            let title: Title = ("measure a system", &system).into();
            scene.later(0, title, move |scene| measure_system(scene, &system, evidence));
        }
    }
    Ok(())
}

fn measure_system(scene: &mut Scene<'_, '_>, system: &System, evidence: Id) -> Result<()> {
    let low = system.tier == super::profile::Tier::Low;
    for metric in METRICS.iter().filter(|metric| !low || EVEN_LOW.contains(&metric.name)) {
        let strange = scene.world.chance.once_in(140);
        let value = match (strange, metric.direction) {
            (true, "higher") => metric.alarm - 12,
            (true, _) => metric.alarm + 4,
            (false, _) => scene.world.chance.between(metric.usual.0, metric.usual.1),
        };
        let measurement = take(scene, metric.name, Some(system.id), value, evidence)?;
        let analysed = if strange {
            let task = look_at_cases(scene, system, measurement)?;
            let risk = scene.world.named(&format!("risk:{}:wrong", system.id))?;
            json!({"conclusion": "act", "analysis": "Beyond the limit at one office whose cameras were changed; the risk was looked at and stays as it is.", "actions": [risk.to_string(), task.to_string()]})
        } else {
            json!({"conclusion": "as_expected", "analysis": "Within its limits, no trend."})
        };
        scene.by("quality")?.go(measurement, "analysed", "looked at with the cases beside it", analysed)?;
    }
    Ok(())
}

/// Whoever answers alarms looks at the cases within the week.
fn look_at_cases(scene: &mut Scene<'_, '_>, system: &System, measurement: Id) -> Result<Id> {
    let responder = scene.world.person(system.owner)?;
    let fields = json!({
        "title": format!("Look at the cases behind an alarm of {}", system.name), "origin": measurement.to_string(), "about": [system.id.to_string()],
        "assignee": responder.to_string(), "due": scene.in_days(8).to_string(),
    });
    let task = scene.by("measurer")?.create("task", fields)?;
    scene.world.call(format!("alarm:{measurement}"), measurement);
    let seen = scene.world.named(&system.name_of("monitoring"))?;
    scene.later(5, ("look at cases", task), move |scene| {
        let set = json!({"done_at": scene.today().to_string(), "done_by": responder.to_string()});
        scene.by_person(responder).revise(task, json!({"results": [seen.to_string()]}))?;
        scene.go(task, "done", "forty cases of one office; the cameras were put back", set)
    });
    Ok(task)
}

fn supplier_round(scene: &mut Scene<'_, '_>, evidence: Id) -> Result<()> {
    let value = scene.world.chance.between(920, 999);
    let measurement = take(scene, "answered", None, value, evidence)?;
    scene.world.call("measurement:answered", measurement);
    scene.world.call(format!("measurement:{measurement}"), measurement);
    let analysed = json!({"conclusion": "as_expected", "analysis": "Answers keep their time."});
    scene.by("quality")?.go(measurement, "analysed", "read with the list of concerns", analysed)?;
    let value = scene.world.chance.between(991, 999);
    let measurement = take(scene, "availability", None, value, evidence)?;
    let analysed = json!({"conclusion": "as_expected", "analysis": "All suppliers kept their word."});
    scene.by("quality")?.go(measurement, "analysed", "read with the reports of the suppliers", analysed)
}

fn take(scene: &mut Scene<'_, '_>, measure: &str, system: Option<Id>, value: i64, evidence: Id) -> Result<Id> {
    let measure = scene.world.named(&format!("measure:{measure}"))?.to_string();
    // Two days more than a round, so that nothing is left out where a round falls on a weekend.
    let from = scene.in_days(-1 - ROUND);
    let fields = json!({
        "measure": measure, "ai_system": system.map(|id| id.to_string()), "covers_from": format!("{from}T05:00:00.000Z"),
        "covers_to": format!("{}T04:59:59.000Z", scene.today()), "value": thousandths(value), "n": 400, "evidence": [evidence.to_string()],
        "taken_at": scene.now(), "taken_by_machine": "evaluation-bench",
    });
    scene.by_machine("evaluation-bench").create("measurement", fields)
}

/// Something that somebody saw and wrote down, read by another person.
pub(super) fn note(scene: &mut Scene<'_, '_>, by: &str, read_by: &str, title: &str, about: &[Id]) -> Result<Id> {
    note_for(scene, (by, read_by), title, about, &[])
}

/// The same, meant for some items of the standard.
pub(super) fn note_for(
    scene: &mut Scene<'_, '_>,
    (by, read_by): (&str, &str),
    title: &str,
    about: &[Id],
    items: &[&str],
) -> Result<Id> {
    let items: Vec<String> = items.iter().map(|item| format!("iso42001:{item}")).collect();
    let about: Vec<String> = if about.is_empty() {
        vec![scene.world.named("organisation")?.to_string()]
    } else {
        about.iter().map(ToString::to_string).collect()
    };
    let fields = json!({
        "title": title, "source": "statement", "covers_from": scene.in_days(-2 - ROUND).to_string(), "covers_to": scene.today().to_string(), "about": about, "requirements": items,
        "shows": "conforms", "summary": format!("{title}; looked at on {} and found as it should be.", scene.today()),
        "collected_by": scene.world.person(by)?.to_string(), "collected_at": scene.now(), "confidentiality": "room",
    });
    let evidence = scene.by(by)?.create("evidence", fields)?;
    scene.by(read_by)?.approve(evidence, "review", "read, and it says what it claims", json!({}))?;
    Ok(evidence)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thousandths_are_decimals_without_trailing_zeros() {
        for (value, expected) in [(0, "0"), (5, "0.005"), (930, "0.93"), (1000, "1"), (1250, "1.25")] {
            assert_eq!(thousandths(value), expected);
        }
    }

    #[test]
    fn usual_values_keep_clear_of_the_limits() {
        for metric in &METRICS {
            let (low, high) = metric.usual;
            let clear = if metric.direction == "higher" {
                low > metric.warn && metric.warn > metric.alarm
            } else {
                high < metric.warn && metric.warn < metric.alarm
            };
            assert!(clear && low <= high, "{}", metric.name);
        }
    }
}
