//! The internal audit, and what became of its findings.

use serde_json::{Value as Json, json};

use super::scene::Scene;
use crate::error::Result;

/// Items the audit looks at, and how it judged them.
const LOOKED_AT: [(&str, &str); 6] =
    [("4.3", "minor"), ("4.4", "conforms"), ("8.2", "conforms"), ("8.4", "minor"), ("A.4.2", "conforms"), ("A.6.2.6", "minor")];

/// Controls from which samples are drawn besides: one of each group.
const DRAWN_BESIDES: [&str; 7] = ["A.2.2", "A.3.3", "A.5.2", "A.7.2", "A.8.2", "A.9.2", "A.10.3"];

/// The programme is written by compliance, so that no auditor draws own work; the auditors hold no other role.
pub(super) fn programme(scene: &mut Scene<'_, '_>) -> Result<()> {
    let (auditor, second) = auditors(scene)?;
    let all = everything(scene);
    let cycle_from = scene.in_days(-10).to_string();
    let programme = json!({
        "title": "Audit programme", "cycle_from": cycle_from, "cycle_to": scene.in_days(1000).to_string(), "criteria": "ISO/IEC 42001 and the agency's own documents.",
        "methods": "Interviews, samples, watching people at work.",
        "importance": all.iter().map(|item| json!({"requirement": item, "weight": "normal", "every": "P1Y", "reason": "first year"})).collect::<Vec<_>>(),
        "planned": [{"period_from": cycle_from, "period_to": scene.in_days(300).to_string(), "requirements": all, "area": "all units", "method": "samples and interviews"}],
        "auditors": [{"person": auditor, "competence": shown(scene, "auditor"), "may_not_audit": "health security"}, {"person": second, "competence": shown(scene, "second_auditor"), "may_not_audit": "health security"}],
        "responsible": scene.world.person("compliance")?.to_string(), "reported_to": [scene.world.named("role:top_management")?.to_string()], "programme_risks": "Two auditors for twelve units; samples are drawn where weight lies.",
    });
    let programme = scene.by("compliance")?.create("audit-programme", programme)?;
    scene.world.call("programme", programme);
    scene.by("founder")?.approve(programme, "approve", "independent and enough for the first year", json!({}))
}

/// Lead auditor and second auditor.
fn auditors(scene: &Scene<'_, '_>) -> Result<(String, String)> {
    Ok((scene.world.person("auditor")?.to_string(), scene.world.person("second_auditor")?.to_string()))
}

/// Every item of the standard.
fn everything(scene: &Scene<'_, '_>) -> Vec<String> {
    scene.work.tables().frameworks.items().iter().map(|item| format!("iso42001:{}", item.id)).collect()
}

/// The audit of the first year.
pub(super) fn internal(scene: &mut Scene<'_, '_>) -> Result<()> {
    let (auditor, second) = auditors(scene)?;
    let (programme, requirements) = (scene.world.named("programme")?, everything(scene));
    let checkpoint = format!("{} leaves", scene.work.at().as_millisecond());
    let fields = json!({
        "title": "Internal audit of the first year", "type": "internal", "programme": programme.to_string(), "objectives": "Whether the management system does what it says.",
        "criteria": "ISO/IEC 42001 and the agency's own documents.", "requirements": requirements, "areas": "Border Protection, Case Processing, Transportation Security",
        "window_from": scene.in_days(-125).to_string(), "window_to": scene.today().to_string(), "lead_auditor": auditor,
        "team": [{"person": auditor, "capacity": "lead", "independence": "holds no role in the management system"}, {"person": second, "capacity": "auditor", "independence": "holds no role in the management system"}],
        "planned_from": scene.today().to_string(), "planned_to": scene.in_days(10).to_string(), "checkpoint": checkpoint,
    });
    let audit = scene.by("auditor")?.create("audit", fields)?;
    scene.world.call("audit", audit);
    scene.go(audit, "prepared", "plan and team are known to the units", json!({}))?;
    scene.later(2, "open the audit", move |scene| {
        let set = json!({"started_on": scene.today().to_string(), "auditor_word": "marigold"});
        scene.by("auditor")?.go(audit, "in_progress", "opening meeting held", set)?;
        scene.later(9, "audit report", report);
        Ok(())
    });
    Ok(())
}

fn report(scene: &mut Scene<'_, '_>) -> Result<()> {
    let audit = scene.world.named("audit")?;
    let mut samples = Vec::new();
    let mut coverage = Vec::new();
    for (item, result) in LOOKED_AT.into_iter().chain(DRAWN_BESIDES.map(|item| (item, "conforms"))) {
        let deviations = i64::from(result == "minor");
        let (of, systems) = drawn(scene, audit, item);
        samples.push(json!({"requirement": format!("iso42001:{item}"), "population": "records of the rules of the item", "population_n": of, "drawn_n": systems.len(), "confidence": "0.9", "tolerable": "0.1", "items": systems, "deviations": deviations}));
        coverage.push(json!({"requirement": format!("iso42001:{item}"), "result": result, "basis": systems.iter().take(2).collect::<Vec<_>>()}));
    }
    let seen: Vec<String> = scene.world.systems.iter().take(2).map(|system| system.id.to_string()).collect();
    let frameworks = scene.work.tables().frameworks.clone();
    for item in frameworks.items() {
        let there = LOOKED_AT.iter().any(|(of, _)| *of == item.id) || DRAWN_BESIDES.contains(&item.id.as_str());
        if !there {
            coverage.push(json!({"requirement": format!("iso42001:{}", item.id), "result": "conforms", "basis": seen}));
        }
    }
    let interviews: Vec<Json> = ["lead", "owner_cbp", "owner_uscis", "owner_tsa", "operations"]
        .iter()
        .map(|function| Ok(json!({"person": scene.world.person(function)?.to_string(), "at": scene.now(), "topics": "what they do and how they know"})))
        .collect::<Result<_>>()?;
    scene.by("auditor")?.revise(audit, json!({"samples": samples, "coverage": coverage, "interviews": interviews}))?;
    for (item, result) in LOOKED_AT {
        if result == "minor" {
            finding(scene, audit, item)?;
        }
    }
    scene.by("auditor")?.attach(audit, "report", "internal-audit-report.md")?;
    let set = json!({
        "ended_on": scene.today().to_string(), "conclusion": "The management system stands; what is not registered and not measured is its weak side.", "conforms": "with_exceptions",
        "effective": "partly", "reported_at": scene.today().to_string(),
        "distributed_to": readers(scene)?,
    });
    scene.by("auditor")?.go(audit, "reported", "report handed over", set)?;
    scene.later(8, "answer the findings", answer);
    Ok(())
}

/// How many records an item is judged on, and five of them, drawn from what was published and the auditor's word.
fn drawn(scene: &Scene<'_, '_>, audit: vouch_record::Id, item: &str) -> (usize, Vec<String>) {
    let view = scene.work.view();
    let text = |name: &str| scene.text(audit, name).unwrap_or_default();
    let last = text("window_to").parse().unwrap_or_else(|_| scene.today());
    let population = vouch_conform::readiness::population(view.on(last), item).unwrap_or_default();
    let seed = vouch_conform::sample::seed(&text("checkpoint"), &text("auditor_word"), &format!("iso42001:{item}"));
    let items = vouch_conform::sample::draw(&seed, &population, 5.min(population.len()));
    (population.len(), items.iter().map(ToString::to_string).collect())
}

fn finding(scene: &mut Scene<'_, '_>, audit: vouch_record::Id, item: &str) -> Result<()> {
    let system = scene.world.systems.first().map(|system| system.id.to_string());
    let fields = json!({
        "title": format!("Not everywhere as {item} asks"), "audit": audit.to_string(), "reference": format!("F-{item}"), "grade": "minor", "requirements": [format!("iso42001:{item}")],
        "ai_systems": [system.clone()], "subjects": [system], "statement": "One of five drawn systems does not show what the item asks for.", "seen": "Record of the system, talk with its owner.",
        "raised_by": scene.world.person("auditor")?.to_string(), "raised_at": scene.today().to_string(),
    });
    let finding = scene.by("auditor")?.create("finding", fields)?;
    scene.world.call(format!("finding:{item}"), finding);
    Ok(())
}

/// The AIMS lead answers each finding with a nonconformity; its owner acts and another person verifies.
fn answer(scene: &mut Scene<'_, '_>) -> Result<()> {
    for finding in scene.world.all_named("finding:") {
        super::events::nonconformity(scene, finding)?;
    }
    Ok(())
}

/// What shows that an auditor can audit.
fn shown(scene: &Scene<'_, '_>, function: &str) -> Vec<String> {
    scene.world.all_named(&format!("training:{function}:")).iter().map(ToString::to_string).collect()
}

/// Everybody who leads a unit, and those at the top, gets the report.
fn readers(scene: &Scene<'_, '_>) -> Result<Vec<Json>> {
    let mut functions: Vec<&str> = super::organisation::UNITS.iter().map(|unit| unit.2).chain(["founder", "lead"]).collect();
    functions.sort_unstable();
    functions.dedup();
    functions
        .into_iter()
        .map(|function| Ok(json!({"person": scene.world.person(function)?.to_string(), "at": scene.today().to_string()})))
        .collect()
}
