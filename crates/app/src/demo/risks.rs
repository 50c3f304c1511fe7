//! Risks: found, scored by assessors, scored again by another, decided by their owner, treated where they are too large.

use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::agenda::Title;
use super::profile::{System, Tier};
use super::scene::{Look, Scene};
use crate::error::Result;

/// What goes wrong: name in the story, title, what happens, categories, sources, harm to agency, people and society, what mends it.
struct Scenario {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    categories: &'static [&'static str],
    sources: &'static [&'static str],
    touches: &'static [&'static str],
    harms: [&'static str; 3],
    mended_by: &'static str,
}

const SCENARIOS: [Scenario; 4] = [
    Scenario {
        name: "wrong",
        title: "Wrong results hit one group more than another",
        description: "The model is less certain for groups with few cases; officers take the result as it is, and errors gather there.",
        categories: &["bias_fairness", "safety_reliability", "drift"],
        sources: &["machine_learning", "automation"],
        touches: &["fairness", "safety", "robustness"],
        harms: [
            "Claims and work to put decisions right.",
            "People are held up, searched or refused without grounds.",
            "A group loses trust in the agency.",
        ],
        mended_by: "Threshold by group, and a second look at results of low confidence",
    },
    Scenario {
        name: "opaque",
        title: "Nobody can say why a result came out",
        description: "The result reaches the file without the facts behind it; neither officer nor person concerned can question it.",
        categories: &["transparency_explainability", "accountability"],
        sources: &["opacity", "complexity"],
        touches: &["transparency", "accountability"],
        harms: [
            "Decisions do not stand in court.",
            "People cannot object to what they do not know.",
            "Less openness of public decisions.",
        ],
        mended_by: "Facts that counted are shown and kept with each result",
    },
    Scenario {
        name: "data",
        title: "Data leak, or come from where they should not",
        description: "Case data are copied for training or come from sources without rights; an attacker or an insider takes them.",
        categories: &["privacy", "security", "provenance"],
        sources: &["life_cycle", "hardware"],
        touches: &["privacy", "security", "data_quality"],
        harms: [
            "Duties to report, loss of partners' data.",
            "Addresses and histories of people become known.",
            "Fear of giving data to the state.",
        ],
        mended_by: "Training data are drawn without names and kept apart",
    },
    Scenario {
        name: "outside",
        title: "A maker changes the model, or its use spreads",
        description: "A new version acts otherwise than the tested one, or the result is used for more than it was made for.",
        categories: &["third_party", "societal"],
        sources: &["life_cycle", "readiness"],
        touches: &["maintainability", "accountability"],
        harms: [
            "Work stops or results cannot be trusted.",
            "People meet a use that was never assessed.",
            "More watching than the law meant.",
        ],
        mended_by: "Versions are pinned and a test runs before each change",
    },
];

/// All risks of a system are scored on one day by two assessors; in the low tier one covers what there is.
pub(super) fn assess(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    for at in 0..SCENARIOS.len() {
        if at > 0 && system.tier == Tier::Low {
            continue;
        }
        one(scene, system, at)?;
    }
    if system.tier == Tier::High {
        let title: Title = ("score again", system).into();
        let system = system.clone();
        scene.later(165, title, move |scene| again(scene, &system));
    }
    Ok(())
}

fn one(scene: &mut Scene<'_, '_>, system: &System, at: usize) -> Result<()> {
    let scenario = &SCENARIOS[at];
    let left = system.left("RSK").filter(|_| at == 0);
    let fields = scored_fields(scene, system, scenario)?;
    let risk = scene.by("assessor")?.put("risk", left, fields)?;
    scene.world.call(format!("risk:{}:{}", system.id, scenario.name), risk);
    scene.go(risk, "assessed", "scored with the unit and with test results at hand", json!({}))?;
    second_score(scene, risk)?;
    let title: Title = ("decide a risk", system).into();
    let system = system.clone();
    scene.later(4, title, move |scene| decide(scene, &system, risk, at));
    Ok(())
}

/// What the agency as a whole risks, and what it might gain: scored and decided like the others, with another view of half a year later.
pub(super) fn of_agency(scene: &mut Scene<'_, '_>) -> Result<()> {
    let threat = json!({
        "title": "Assessments come later than uses", "type": "threat", "concerns": "aims", "categories": ["management"],
        "description": "More units ask for AI than there are people who assess it; uses begin before anybody looked.",
        "decision": "retain", "decision_reason": "Two more assessors are trained this year; until then the high tier comes first.",
    });
    let chance = json!({
        "title": "One register serves all oversight", "type": "opportunity", "concerns": "aims", "categories": ["management"],
        "description": "What is written down once for a system answers the inventory, the courts and the press.",
        "decision": "pursue", "decision_reason": "It costs an export and spares three reports.",
    });
    for fields in [threat, chance] {
        agency_risk(scene, fields)?;
    }
    Ok(())
}

fn agency_risk(scene: &mut Scene<'_, '_>, mut fields: Json) -> Result<()> {
    let people = [scene.world.person("assessor")?.to_string(), scene.world.person("compliance")?.to_string()];
    let scores = json!({
        "risk_sources": ["readiness"], "touches": ["accountability"], "stages": ["operation"], "owner": scene.world.person("risk_services")?.to_string(),
        "method": scene.world.named("method")?.to_string(), "assessed_by": people, "assessed_on": scene.today().to_string(), "occasion": "first",
        "harm_organisation": "Work twice, and answers that differ.", "harm_individuals": "Somebody meets a use that nobody assessed.", "harm_society": "Less trust in what is published.",
        "inherent_likelihood": 2, "inherent_organisation": 2, "inherent_individuals": 2, "inherent_society": 1,
        "residual_likelihood": 2, "residual_organisation": 2, "residual_individuals": 2, "residual_society": 1,
        "score_reason": "Numbers of requests and of assessments of two years.", "confidence": "medium",
    });
    merge(&mut fields, scores);
    if fields["type"] == "opportunity" {
        merge(&mut fields, json!({"target_level": "low"}));
    }
    let risk = scene.by("assessor")?.create("risk", fields)?;
    scene.go(risk, "assessed", "scored with the numbers at hand", json!({}))?;
    scene.later(4, ("decide a risk of the agency", risk), move |scene| {
        let set = scene.review_in(350);
        scene.by("assessor")?.revise(risk, set.clone())?;
        scene.by("risk_services")?.approve(risk, "approve", "I answer for it", set)
    });
    scene.look_each(110, "look at a risk of the agency", Look { record: risk, by: "risk_services", reason: "still so", next: 230 });
    Ok(())
}

fn named_fields(system: &System, scenario: &Scenario) -> Json {
    json!({
        "title": format!("{}: {}", scenario.title, system.name), "type": "threat", "concerns": "ai_system", "ai_systems": [system.id.to_string()],
        "description": scenario.description,
    })
}

fn scored_fields(scene: &mut Scene<'_, '_>, system: &System, scenario: &Scenario) -> Result<Json> {
    let chance = &mut scene.world.chance;
    let people = match system.tier {
        Tier::High if scenario.name == "wrong" => 4,
        Tier::High => chance.between(3, 4),
        Tier::Moderate => chance.between(2, 3),
        Tier::Low => 1,
    };
    let before = chance.between(2, 4);
    let after = (before - chance.between(0, 2)).max(1);
    let (organisation, society) = (chance.between(1, 3), (people - 1).max(1));
    let milder = (people - chance.between(0, 1)).max(1);
    let assessors = [scene.world.person("assessor")?.to_string(), scene.world.person("quality")?.to_string()];
    let mut fields = named_fields(system, scenario);
    let more = json!({
        "categories": scenario.categories, "risk_sources": scenario.sources, "touches": scenario.touches,
        "stages": ["design_development", "operation"], "owner": scene.world.person(system.risk_owner)?.to_string(),
        "method": scene.world.named("method")?.to_string(), "assessed_by": assessors, "assessed_on": scene.today().to_string(), "occasion": "first",
        "harm_organisation": scenario.harms[0], "harm_individuals": scenario.harms[1], "harm_society": scenario.harms[2],
        "affected": [scene.world.named(&format!("party:{}", super::assessments::group_of(system).0))?.to_string()],
        "inherent_likelihood": before, "inherent_organisation": organisation, "inherent_individuals": people, "inherent_society": society,
        "residual_likelihood": after, "residual_organisation": organisation, "residual_individuals": milder, "residual_society": (society - 1).max(1),
        "score_reason": "Error rates of the last test, cases of two years, and what officers of the unit told us.", "confidence": "medium",
    });
    merge(&mut fields, more);
    if system.left("RSK").is_some() && scenario.name == "wrong" {
        // What the inventory says about the risk stays.
        fields.as_object_mut().map(|fields| fields.remove("description"));
    }
    Ok(fields)
}

/// Puts the members of one object into another.
pub(super) fn merge(fields: &mut Json, more: Json) {
    if let (Some(fields), Json::Object(more)) = (fields.as_object_mut(), more) {
        fields.extend(more);
    }
}

/// Every third risk is scored by somebody else too, who does not see the first score.
fn second_score(scene: &mut Scene<'_, '_>, risk: Id) -> Result<()> {
    let number = usize::try_from(risk.number()).unwrap_or(0);
    if number % 3 != 0 || scene.is_omitted("risk", "second score") {
        return Ok(());
    }
    let number = |name: &str| scene.field(risk, name).and_then(|value| value.as_i64()).unwrap_or(1);
    let (likelihood, organisation) = (number("residual_likelihood"), number("residual_organisation"));
    let (individuals, society) = (number("residual_individuals"), number("residual_society"));
    let off = i64::from(scene.world.chance.once_in(3));
    let row = json!({
        "person": scene.world.person("second_assessor")?.to_string(), "on": scene.today().to_string(), "likelihood": (likelihood + off).min(5),
        "organisation": organisation, "individuals": individuals, "society": society,
    });
    let mut rows = scene.field(risk, "second_scores").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
    rows.push(row);
    scene.by("second_assessor")?.revise(risk, json!({"second_scores": rows}))
}

/// The owner decides; what lies above the limit gets a treatment first.
fn decide(scene: &mut Scene<'_, '_>, system: &System, risk: Id, at: usize) -> Result<()> {
    let level = scene.computed(risk, "residual_level").unwrap_or_default();
    let above = is_above(&level);
    let treatment = if above { Some(treat(scene, system, risk, at)?) } else { None };
    let mut fields = json!({
        "decision": if above { "reduce" } else { "retain" },
        "decision_reason": if above { "Above what we let stand; avoiding it would end a use that the law asks for." } else { "Within what we let stand; more would cost more than it saves." },
        "review_by": scene.in_days(review_days(&level)).to_string(),
    });
    if above {
        fields["target_level"] = json!("moderate");
    }
    scene.by("assessor")?.revise(risk, fields)?;
    let set = json!({"review_by": scene.in_days(review_days(&level)).to_string()});
    scene.by(system.risk_owner)?.approve(risk, "approve", "I answer for it", set)?;
    if let Some(treatment) = treatment {
        scene.by(system.risk_owner)?.approve(treatment, "approve", "worth its cost, and the right one to judge it", json!({}))?;
        let slow = scene.world.chance.once_in(7);
        let title: Title = ("treat a risk", system).into();
        let system = system.clone();
        scene.later(if slow { 95 } else { 45 }, title, move |scene| carry_out(scene, &system, risk, treatment, at));
    }
    Ok(())
}

fn is_above(level: &str) -> bool {
    ["high", "critical"].contains(&level)
}

fn review_days(level: &str) -> i64 {
    match level {
        "critical" => 29,
        "high" => 178,
        _ => 360,
    }
}

fn treat(scene: &mut Scene<'_, '_>, system: &System, risk: Id, at: usize) -> Result<Id> {
    let fields = json!({
        "title": format!("{} for {}", SCENARIOS[at].mended_by, system.name), "risks": [risk.to_string()], "option": "likelihood",
        "action": SCENARIOS[at].mended_by, "own_measure": SCENARIOS[at].mended_by, "compared_with_annex": true,
        "alternatives": [{"option": "stop the use", "rejected_because": "the work cannot be done by hand in time"}],
        "resources": "two engineers for a month", "responsible": scene.world.person(system.owner)?.to_string(),
        "doer": scene.world.person("engineer")?.to_string(), "due": scene.in_days(75).to_string(), "expected_result": "one level less",
        "expected_likelihood": 1, "expected_consequence": 3, "judge": scene.world.person("quality")?.to_string(), "judge_after": "P30D",
    });
    let treatment = scene.by("assessor")?.create("treatment", fields)?;
    scene.world.call(format!("treatment:{risk}"), treatment);
    Ok(treatment)
}

/// The engineer does it, test and evaluation judges it, and the risk is scored anew.
fn carry_out(scene: &mut Scene<'_, '_>, system: &System, risk: Id, treatment: Id, at: usize) -> Result<()> {
    scene.by("engineer")?.go(treatment, "doing", "begun", json!({}))?;
    let proof = super::measuring::note(
        scene,
        "engineer",
        "quality",
        &format!("{} is in place", SCENARIOS[at].mended_by),
        &[treatment, system.id],
    )?;
    let set = json!({"done_at": scene.today().to_string(), "proof": [proof.to_string()]});
    scene.by("engineer")?.go(treatment, "done", "in place and shown", set)?;
    let title: Title = ("judge a treatment", system).into();
    let system = system.clone();
    scene.later(34, title, move |scene| {
        let seen = super::measuring::note(scene, "tester", "second_assessor", "Effect of the treatment on a sample of sixty cases", &[treatment, system.id])?;
        let effect = json!({"effect_records": [seen.to_string()], "effect": "reached", "effect_note": "Fewer than half of the errors of before."});
        scene.by("tester")?.revise(treatment, effect)?;
        scene.by("quality")?.approve(treatment, "verify", "sample looked through", json!({}))?;
        score_again(scene, &system, risk, ("treatment", Some(treatment)))
    });
    Ok(())
}

/// A planned score after half a year.
pub(super) fn again(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    for scenario in &SCENARIOS {
        let risk = scene.world.maybe(&format!("risk:{}:{}", system.id, scenario.name));
        if let Some(risk) = risk.filter(|risk| scene.state(*risk) == "decided") {
            score_again(scene, system, risk, ("planned", None))?;
        }
    }
    let title: Title = ("assess impact again", system).into();
    let system = system.clone();
    scene.later(5, title, move |scene| super::assessments::assess(scene, &system));
    Ok(())
}

/// Another score, decided anew by the owner: after a treatment one step less likely, else where the months since speak for it.
pub(super) fn score_again(
    scene: &mut Scene<'_, '_>,
    system: &System,
    risk: Id,
    (occasion, because): (&str, Option<Id>),
) -> Result<()> {
    let likelihood = scene.field(risk, "residual_likelihood").and_then(|value| value.as_i64()).unwrap_or(1);
    let fell = occasion == "treatment" || scene.world.chance.once_in(2);
    let mut fields = json!({
        "residual_likelihood": (likelihood - i64::from(fell)).max(1), "assessed_on": scene.today().to_string(), "occasion": occasion,
        "score_reason": "Measurements and tests of the months since the last score.",
    });
    if let Some(because) = because {
        fields["occasion_record"] = json!(because.to_string());
    }
    scene.by("assessor")?.revise(risk, fields)?;
    if scene.state(risk) == "decided" {
        // Scored twice on one day, with the same result.
        return Ok(());
    }
    if scene.state(risk) == "identified" {
        scene.go(risk, "assessed", "scored again", json!({}))?;
    }
    let level = scene.computed(risk, "residual_level").unwrap_or_default();
    let review_by = scene.in_days(review_days(&level)).to_string();
    second_score(scene, risk)?;
    let open = |treatment: Id| ["planned", "approved", "doing", "done"].contains(&scene.state(treatment).as_str());
    let treated = scene.world.maybe(&format!("treatment:{risk}")).is_some_and(open);
    if is_above(&level) && !treated {
        accept(scene, system, risk, &level)?;
    }
    scene.by(system.risk_owner)?.approve(risk, "approve", "decided anew on the new score", json!({"review_by": review_by}))
}

/// What is still above the limit after its treatment is accepted for less than half a year, with what makes it bearable.
fn accept(scene: &mut Scene<'_, '_>, system: &System, risk: Id, level: &str) -> Result<()> {
    let person = |function: &str| Ok::<_, crate::Error>(scene.world.person(function)?.to_string());
    let fields = json!({
        "title": format!("Rest of {risk} for {}", system.name), "type": "residual_risk", "subject": risk.to_string(), "subject_revision": scene.work.head_revision(risk)?,
        "level": level, "who_bears": "several", "reason": "The treatment helped; what is left falls with the next version.",
        "alternatives": [{"option": "end the use", "rejected_because": "the law asks for the check"}],
        "compensation": [{"measure": "A second officer looks at each refusal", "owner": person(system.owner)?, "due": scene.in_days(60).to_string(), "met_by": [scene.world.named(&system.name_of("specification"))?.to_string()], "met_on": scene.today().to_string()}],
        "requested_by": person(system.owner)?, "accepted_by": person(system.risk_owner)?, "capacity": scene.world.named("role:risk_owner")?.to_string(), "until": scene.in_days(174).to_string(),
    });
    let acceptance = scene.by(system.owner)?.create("acceptance", fields)?;
    scene.go(acceptance, "requested", "until the next version", json!({}))?;
    let set = json!({"from": scene.today().to_string()});
    scene.by(system.risk_owner)?.approve(acceptance, "accept", "bearable with a second look", set)
}
