//! Impact assessments: screened, assessed with views from several sides, signed by somebody without a part in the system.

use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::profile::{System, Tier, Work};
use super::scene::Scene;
use crate::error::Result;

/// The party a system touches most, and how its group is called.
pub(super) fn group_of(system: &System) -> (&'static str, &'static str) {
    match (system.tier, system.unit.as_str()) {
        (Tier::Low, _) => ("staff", "Officers and staff"),
        (_, "CBP" | "TSA" | "USCG") => ("travellers", "Travellers"),
        (_, "USCIS" | "FEMA") => ("applicants", "Applicants"),
        (_, "ICE" | "USSS") => ("investigated", "People under investigation"),
        _ => ("staff", "Officers and staff"),
    }
}

const QUESTIONS: [&str; 12] = [
    "decides_about_people",
    "vulnerable_people",
    "special_data",
    "safety",
    "rights",
    "without_person",
    "hard_to_undo",
    "many_people",
    "hidden",
    "changes_opinion",
    "new_technique",
    "resources",
];

/// A screening for the low tier; for the others an assessment of the depth due.
pub(super) fn assess(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    let depth = match system.tier {
        Tier::High => "full",
        Tier::Moderate => "standard",
        Tier::Low => "screening",
    };
    if depth != "screening" {
        let heard = hearing(scene, system)?;
        scene.world.call(system.name_of("hearing"), heard);
    }
    let mut fields = fields(scene, system, depth)?;
    let before = scene.world.maybe(&system.name_of("assessment"));
    if let Some(before) = before {
        super::risks::merge(&mut fields, json!({"occasion": "planned", "replaces": before.to_string()}));
    }
    let left = system.left("IMP").filter(|_| before.is_none());
    let assessment = scene.by("assessor")?.put("impact-assessment", left, fields)?;
    scene.world.call(system.name_of("assessment"), assessment);
    scene.go(assessment, "submitted", "complete for its depth", json!({}))?;
    let title = ("sign the assessment", system);
    let system = system.clone();
    scene.later(5, title, move |scene| sign(scene, &system, assessment));
    Ok(())
}

fn fields(scene: &Scene<'_, '_>, system: &System, depth: &str) -> Result<Json> {
    let person = |function: &str| Ok::<_, crate::Error>(scene.world.person(function)?.to_string());
    let today = scene.today().to_string();
    let mut fields = json!({
        "title": format!("Impact assessment of {}", system.name), "ai_system": system.id.to_string(), "depth": depth,
        "occasion": "new_system",
        "procedure": scene.world.named("document:T-AIIA-PROC")?.to_string(), "method": scene.world.named("method")?.to_string(),
        "system_version": system.version(), "uses_in": "Use by officers of the unit as the specification says.", "uses_out": "Any use by other units.",
        "jurisdictions": "US", "covers_from": scene.in_days(-365).to_string(), "covers_to": today,
        "assessors": [person("assessor")?, person("second_assessor")?], "screening": screening(system), "facts": facts(scene, system),
        "sensitive_use": if system.tier == Tier::High { "sensitive" } else { "none" },
        "conclusion": if depth == "screening" { "no_more" } else { "go" },
        "conclusion_reason": if depth == "screening" { "Nothing in it touches people." } else { "The benefit is real, each harm of weight has an answer, and people decide." },
        "again_when": ["significant_change", "intended_use_change", "serious_incident", "supplier_model_change"],
        "review_by": scene.in_days(350).to_string(), "keep_for": "P7Y",
    });
    if depth != "screening" {
        super::risks::merge(&mut fields, weighed(scene, system)?);
    }
    if depth == "full" {
        let (_, group) = group_of(system);
        let more = json!({
            "at_full_use": format!("Used at every place, it would touch all {} each year; error rates by group decide whether that is bearable.", group.to_lowercase()),
            "consultations": [{"group": "G1", "how": "representative", "on": scene.in_days(-12).to_string(), "people": 9, "said": "Tell people that a machine took part, and let them ask for another look.", "changed": "The notice and the way to object were written with them.", "proof": [scene.world.named(&system.name_of("hearing"))?.to_string()]}],
            "public_summary": format!("{} helps officers of {} and does not decide. We looked at benefits and harms and publish what we changed.", system.name, system.unit),
        });
        super::risks::merge(&mut fields, more);
    }
    Ok(fields)
}

fn screening(system: &System) -> Vec<Json> {
    let row = |question: &&str| {
        let yes = match *question {
            "decides_about_people" | "rights" | "many_people" => system.tier == Tier::High,
            "vulnerable_people" => system.tier == Tier::High && system.unit == "USCIS",
            "special_data" => system.personal && system.work == Work::Matching && system.tier != Tier::Low,
            "safety" => system.unit == "TSA" && system.tier == Tier::High,
            _ => false,
        };
        json!({"question": question, "answer": if yes { "yes" } else { "no" }, "reason": if yes { "Its results concern people the unit deals with." } else { "Nothing in its purpose, data or output does." }})
    };
    QUESTIONS.iter().map(row).collect()
}

/// What the assessment rests on, each as the record and revision that stood on that day.
fn facts(scene: &Scene<'_, '_>, system: &System) -> Vec<Json> {
    let of = |what: &str| scene.world.maybe(&system.name_of(what));
    let rows: [(&str, Option<Id>); 10] = [
        ("description", Some(system.id)),
        ("capabilities", of("model")),
        ("purpose", Some(system.id)),
        ("intended_uses", of("specification")),
        ("unintended_uses", of("specification")),
        ("data", of("dataset")),
        ("data_quality", of("dataset")),
        ("model", of("model")),
        ("environment", of("specification")),
        ("oversight", of("oversight")),
    ];
    let row = |(about, record): &(&str, Option<Id>)| match record.and_then(|id| Some((id, scene.work.head_revision(id).ok()?))) {
        Some((id, revision)) => json!({"about": about, "record": id.to_string(), "revision": revision}),
        None => json!({"about": about, "gap": "not written down yet"}),
    };
    rows.iter().map(row).collect()
}

fn weighed(scene: &Scene<'_, '_>, system: &System) -> Result<Json> {
    let (party, group) = group_of(system);
    let party = scene.world.named(&format!("party:{party}"))?.to_string();
    let person = |function: &str| Ok::<_, crate::Error>(scene.world.person(function)?.to_string());
    let high = system.tier == Tier::High;
    let heard = scene.world.named(&system.name_of("hearing"))?.to_string();
    let fair = scene.world.maybe(&system.name_of("fairness test")).map(|test| vec![test.to_string()]).unwrap_or_default();
    let risk = |name: &str| scene.world.maybe(&format!("risk:{}:{name}", system.id)).map(|id| id.to_string());
    let on = scene.in_days(-6).to_string();
    let view = |(function, view, part): (&str, &str, &str)| {
        Ok::<_, crate::Error>(json!({"person": person(function)?, "view": view, "part": part, "on": on}))
    };
    let contributors: Vec<Json> = [
        ("engineer", "technical", "model and data"),
        (system.owner, "domain", "work of the unit"),
        ("legal", "legal", "law and rights"),
        ("privacy", "privacy", "data about people"),
        ("rights", "affected", "people concerned"),
    ]
    .into_iter()
    .map(view)
    .collect::<Result<_>>()?;
    let met = json!([scene.world.named(&system.name_of("specification"))?.to_string()]);
    Ok(json!({
        "contributors": contributors,
        "without_ai": "Officers would work through every case by hand; waiting would double and errors would be others, not fewer.",
        "misuse": [{"use": "searching for people without a case", "by_whom": "an insider", "harm": "people are watched without grounds", "prevented_by": "a search wants a case number and is counted"}],
        "groups": [
            {"code": "G1", "group": group, "party": party, "how": "decided_about", "count": 250_000, "vulnerable": if high { "partly" } else { "no" }, "why": "results concern them"},
            {"code": "G2", "group": super::plans::OFFICERS, "how": "uses", "count": 900, "vulnerable": "no", "why": "their work changes"},
        ],
        "consultations": [{"group": "G1", "how": "representative", "on": scene.in_days(-12).to_string(), "people": 6, "said": "Say so when a machine took part.", "changed": "The notice says so.", "proof": [heard]}],
        "impacts": [
            {"code": "B1", "group": "G1", "reach": "group", "side": "benefit", "dimension": "fairness", "effect": "Shorter waiting for all.", "arises_from": "intended", "severity": 2, "likelihood": 4, "reversible": "easily", "people": 250_000, "basis": fair},
            {"code": "H1", "group": "G1", "reach": "individual", "side": "harm", "dimension": if high { "rights" } else { "fairness" }, "effect": "Somebody is held up or refused for a wrong result.", "arises_from": "error", "severity": if high { 4 } else { 2 }, "likelihood": 2, "reversible": "with_effort", "people": 400, "risk": risk("wrong")},
            {"code": "H2", "group": "G2", "reach": "group", "side": "harm", "dimension": "autonomy", "effect": "Officers trust the result more than the case.", "arises_from": "overreliance", "severity": if high { 3 } else { 2 }, "likelihood": 3, "reversible": "easily", "people": 900, "risk": risk("opaque")},
        ],
        "society": society(scene, high)?,
        "measures": [{"code": "M1", "impact": "H1", "measure": "A second look at results of low confidence", "side": "reduce", "owner": person(system.owner)?, "due": scene.in_days(70).to_string(), "expected": "half of the wrong holds", "met_by": met, "met_on": scene.today().to_string(), "severity_after": 2, "likelihood_after": 2}],
        "weighing": "Shorter waiting for many stands against harm to a few; with a second look and a way to object the harm is rare and can be undone.",
        "watch": [scene.world.named("measure:parity")?.to_string(), scene.world.named("measure:overruled")?.to_string()],
    }))
}

/// What it does to society; the power that it takes is reckoned from what the cloud has measured of the platform, once it has.
fn society(scene: &Scene<'_, '_>, high: bool) -> Result<Vec<Json>> {
    let fields = ["environment", "economy", "public_life", "health_safety", "culture", "communities"];
    let row = |field| match field {
        "public_life" => {
            json!({"field": field, "effect": if high { "small" } else { "none" }, "reason": "Openness about its use decides how it is seen."})
        }
        _ => json!({"field": field, "effect": "none", "reason": "Nothing in its scale or kind touches it."}),
    };
    let mut rows = fields.map(row).to_vec();
    let platform = scene.world.named("resource:platform")?;
    let measured = scene.field(platform, "footprint");
    let last = measured.as_ref().and_then(Json::as_array).and_then(|rows| rows.last());
    let energy = last.and_then(|row| row["energy_kwh"].as_str()).and_then(|text| text.parse::<i64>().ok());
    if let Some(energy) = energy {
        let running = scene.world.systems.iter().filter(|system| system.is_used()).count();
        let share = energy * 365 / super::platform::ROUND / i64::try_from(running).unwrap_or(1).max(1);
        rows[0] = json!({
            "field": "environment", "effect": "none", "figure": share.to_string(), "unit": "kWh a year", "basis": [platform.to_string()],
            "reason": "Its share of what the platform was measured to take, all systems in use alike; less than a small office.",
        });
    }
    Ok(rows)
}

/// What a group said when it was heard; one hearing a quarter serves every assessment of it.
fn hearing(scene: &mut Scene<'_, '_>, system: &System) -> Result<Id> {
    let (party, group) = group_of(system);
    let since = scene.world.story.until.since(scene.today()).map_or(0, |span| i64::from(span.get_days()));
    let name = format!("hearing:{party}:{}", since / 14);
    if let Some(there) = scene.world.maybe(&name) {
        return Ok(there);
    }
    let about = scene.world.named(&format!("party:{party}"))?;
    let heard = super::measuring::note(
        scene,
        "second_assessor",
        "rights",
        &format!("{group} were heard about systems of their kind"),
        &[about],
    )?;
    scene.world.call(name, heard);
    Ok(heard)
}

/// Signed by the Chief AI Officer for the high tier, else by the risk owner; with data about people the privacy officer too.
fn sign(scene: &mut Scene<'_, '_>, system: &System, assessment: Id) -> Result<()> {
    let signer = if system.tier == Tier::High { "caio" } else { system.risk_owner };
    if system.personal {
        let capacity = scene.world.named("role:privacy")?.to_string();
        scene.by("privacy")?.decide(
            assessment,
            "review",
            "data about people are weighed rightly",
            json!({}),
            json!({"capacity": capacity}),
        )?;
    }
    scene.by(signer)?.approve(assessment, "sign", "read in full; the answers hold", json!({}))
}
