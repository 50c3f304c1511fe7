//! What a system must do and must not, how it is watched, who oversees it, what users are told.

use serde_json::{Value as Json, json};

use super::profile::{System, Tier, Work};
use super::scene::Scene;
use crate::error::Result;

/// The group of those who work with results.
pub(super) const OFFICERS: &str = "Officers of the unit";

/// Uses that are ruled out, why, and what prevents them.
const RULED_OUT: [(&str, &str, &str); 2] = [
    (
        "Deciding about a person without an officer",
        "rights are at stake",
        "The result is shown only in a case that an officer has opened.",
    ),
    (
        "Searching for people without a case",
        "nobody is looked for without grounds",
        "A search wants a case number, and searches are counted.",
    ),
];

/// The specification, written by the engineer, put forward by the product director, approved by the owner.
pub(super) fn specify(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    let ruled_out: Vec<Json> =
        RULED_OUT.iter().map(|(usage, why, by)| json!({"use": usage, "why": why, "prevented_by": by})).collect();
    let mut fields = json!({
        "title": format!("Specification of {}", system.name), "ai_system": system.id.to_string(), "path": if system.is_built() { "build" } else { "adopt" },
        "occasion": "new_system", "reason": "It was in use before; what holds for it is written down now.",
        "intended_use": scene.text(system.id, "purpose").unwrap_or_default(),
        "intended_users": [{"group": "Officers and analysts", "needs": "a result with its confidence", "skill": "trained for the unit"}],
        "operating_conditions": "Inside the agency's network, with an officer at the screen.", "prohibited_uses": ruled_out,
        "requirements": super::design::requirements(scene),
        "reconsider_on": scene.in_days(360).to_string(),
    });
    if system.is_built() {
        fields["design_decisions"] = json!(super::design::decisions(scene, system)?);
    } else {
        fields["data_entered"] = json!(if system.personal { ["personal"] } else { ["internal"] });
        fields["conditions_of_use"] = json!([{"condition": "results are checked before they are used", "owner": scene.world.person(system.owner)?.to_string(), "until": scene.in_days(700).to_string()}]);
    }
    if let Some(before) = scene.world.maybe(&system.name_of("specification")) {
        let first = scene.world.systems.iter().find(|one| one.tier == Tier::High && !one.is_built());
        let new = first.is_some_and(|first| first.place == system.place);
        let again = json!({"occasion": if new { "new_use" } else { "context_change" }, "replaces": before.to_string(), "reason": "The conditions of use were gone through with officers after the first months."});
        super::risks::merge(&mut fields, again);
    }
    let specification = scene.by("engineer")?.create("specification", fields)?;
    scene.world.call(system.name_of("specification"), specification);
    scene.by("product")?.go(specification, "submitted", "users and limits are agreed with the unit", json!({}))?;
    let set = json!({"reconsider_on": scene.in_days(360).to_string()});
    scene.by(system.owner)?.approve(specification, "approve", "this is what I answer for", set.clone())?;
    if system.tier == Tier::High {
        scene.by(system.risk_owner)?.approve(specification, "approve", "limits fit the risk", set)?;
    }
    if system.is_built() {
        super::design::record(scene, system, system.version())?;
    }
    Ok(())
}

/// Adopted systems: the conditions of use are gone through after some months, and users are told what holds now.
pub(super) fn specify_again(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    specify(scene, system)?;
    let Some(text) = scene.world.maybe(&system.name_of("information:user")) else { return Ok(()) };
    let set = scene.review_in(320);
    let content = format!(
        "{} The conditions of use were gone through on {}.",
        scene.text(text, "content").unwrap_or_default(),
        scene.today()
    );
    scene.by("communications")?.revise(text, json!({"content": content}))?;
    scene.by("product")?.approve(text, "approve", "true and plain, also under the new specification", set)?;
    publish(scene, system, text)
}

/// The monitoring plan and the oversight plan, for what is used or soon will be.
pub(super) fn watch(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    monitor(scene, system)?;
    oversee(scene, system)
}

fn monitor(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    let person = |function: &str| Ok::<_, crate::Error>(scene.world.person(function)?.to_string());
    let boundaries: Vec<Json> = RULED_OUT
        .iter()
        .map(|(usage, ..)| json!({"boundary": usage, "noticed_by": "monthly look at the log", "response": "access ends, incident is opened"}))
        .collect();
    let fields = json!({
        "ai_system": system.id.to_string(), "metrics": super::measuring::metrics(scene, system)?, "automation": "automated", "log_from_stage": "operation",
        "logged_events": ["input", "output", "version", "override", "access", "error"],
        "log_fields": [{"field": "case number", "stored_as": "hashed", "why": "to find the case, not the person"}, {"field": "result", "stored_as": "clear", "why": "to check it"}],
        "log_source": if system.is_built() { "file" } else { "supplier" }, "seal_every": "P1M", "log_retention": "P3Y", "log_readers": [scene.world.named("role:operations_lead")?.to_string(), scene.world.named("role:internal_auditor")?.to_string()],
        "reconstruct_every": "P1Y", "use_boundaries": boundaries, "update_plan": "Repairs at once, retraining once a year, both as releases.",
        "support": [{"channel": "service desk", "hours": "at any hour", "answer_within": "PT4H"}], "stop_authority": [person(system.owner)?, person("operations")?],
        "review_every": "P6M",
    });
    let plan = scene.by("operations")?.put("monitoring-plan", system.left("MON"), fields)?;
    let people = [scene.world.person(system.owner)?, scene.world.person("operations")?];
    take_on(scene, plan, &people, "I answer alarms of this system and may stop it.")?;
    scene.by(system.owner)?.approve(plan, "approve", "I will answer these alarms", json!({}))?;
    scene.world.call(system.name_of("monitoring"), plan);
    Ok(())
}

/// Whoever a plan names confirms what it asks of them.
fn take_on(scene: &mut Scene<'_, '_>, plan: vouch_record::Id, people: &[vouch_record::Id], text: &str) -> Result<()> {
    let revision = scene.work.head_revision(plan)?;
    for person in people {
        let request = json!({
            "subject": plan.to_string(), "subject_revision": revision, "person": person.to_string(), "means": "accept_duty", "requested_by": scene.world.person("operations")?.to_string(),
            "requested_at": scene.now(), "due": scene.in_days(14).to_string(),
        });
        let request = scene.by("operations")?.create("acknowledgement", request)?;
        scene.by_person(*person).go(request, "given", "I take it on", json!({"shown_text": text}))?;
    }
    Ok(())
}

/// Overseers confirm what they take on before the owner approves the plan.
fn oversee(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    let role = scene.world.named("role:overseer")?.to_string();
    let need = scene.world.named("need:oversight")?.to_string();
    let overseers = [scene.world.person(system.owner)?, scene.world.person(system.deputy)?];
    let rows: Vec<Json> = overseers.iter().map(|person| json!({"person": person.to_string(), "role": role, "authority": "set aside, limit, stop", "competence_need": need, "hours_per_week": "4"})).collect();
    let high = system.tier == Tier::High;
    let fields = json!({
        "ai_system": system.id.to_string(), "mode": super::inventory::oversight(system.tier),
        "mode_reason": if high { "Each result concerns a person." } else { "Results order work; samples are looked at." },
        "autonomy": if high { "all_reviewed" } else { "some_reviewed" }, "adverse_decisions": if high { "yes" } else { "no" }, "overseers": rows, "review_share": if high { "1" } else { "0.1" },
        "override_means": "A field beside the result; the reason is kept.", "stop_means": "A switch in the case system that every overseer has.",
        "stop_within": "PT15M", "stop_test_every": "P1Y", "bias_measures": "One case in twenty is shown without the result; agreement is compared.",
        "explanation": "The facts that counted are shown beside the result.", "appeal": if high { "yes" } else { "not_concerned" }, "appeal_contact": "ai-appeals@agency.example", "appeal_answer_within": "P30D",
        "fallback": "Officers decide as they did before, from the file.", "measures": [scene.world.named("measure:overruled")?.to_string()], "review_every": "P6M",
    });
    let plan = scene.by("operations")?.put("oversight-plan", system.left("OVS"), fields)?;
    scene.world.call(system.name_of("oversight"), plan);
    take_on(scene, plan, &overseers, "I watch over this system, may overrule it and may stop it.")?;
    scene.by(system.owner)?.approve(plan, "approve", "the overseers know what they took on", json!({}))
}

/// What users and people concerned are told: written by communications, approved and published by the product director.
pub(super) fn inform(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    text(scene, system, "user")?;
    if system.tier != Tier::Low {
        text(scene, system, "affected_person")?;
    }
    if system.is_used() {
        card(scene, system)?;
    }
    Ok(())
}

fn text(scene: &mut Scene<'_, '_>, system: &System, audience: &str) -> Result<()> {
    let left = system.left("INF").filter(|left| scene.text(*left, "audience").as_deref() == Some(audience));
    let user = audience == "user";
    let mut fields = json!({
        "ai_system": system.id.to_string(), "system_version": system.version(), "audience": audience, "purpose": if user { "instructions" } else { "disclosure" },
        "content": format!(
            "{} helps officers of {}. It does not decide. It is not for searching without a case, nor for deciding without an officer. \
             It is less certain on rare cases and on poor input: such results are marked. Set a result aside in the field beside it. \
             Report harm or strange results to the service desk; whoever is concerned can ask for another look at ai-appeals@agency.example.",
            system.name, system.unit
        ),
        "languages": "en, es",
        "covers": ["ai_involved", "purpose", "not_for", "how_to_use", "how_to_override", "limits", "performance", "oversight", "contact", "report_harm", "appeal", "data"],
        "notice_channels": if user { ["online"] } else { ["in_person"] }, "availability": "published",
        "marking": if system.work == Work::Language { "visible" } else { "not_generated" }, "review_by": scene.in_days(330).to_string(),
    });
    if !user {
        fields["opt_out"] = json!("excepted");
        fields["opt_out_note"] = json!("The check itself follows from law; whoever asks is looked at by an officer alone.");
    }
    if left.is_none() {
        fields["title"] = json!(format!("{} {}", if user { "How to use" } else { "What you should know about" }, system.name));
    }
    let text = scene.by("communications")?.put("user-information", left, fields)?;
    scene.world.call(system.name_of(&format!("information:{audience}")), text);
    let set = scene.review_in(330);
    scene.by("product")?.approve(text, "approve", "true and plain", set)?;
    publish(scene, system, text)
}

/// The card for those who oversee: approved, and kept where the plan is.
fn card(scene: &mut Scene<'_, '_>, system: &System) -> Result<()> {
    let fields = json!({
        "title": format!("System card of {}", system.name), "ai_system": system.id.to_string(), "system_version": system.version(), "audience": "overseer", "purpose": "system_card",
        "content": format!(
            "{} helps officers of {} and decides nothing. Right in nine of ten cases or better, with a gap between groups of at most 0.05; less certain on rare cases and poor input. \
             It learnt from own cases, runs on the AI platform in the government cloud, and gets a new version once a year, announced before. The log keeps input, output, version and \
             what officers set aside. Set a result aside in the field beside it; stop it by the switch. Harm goes to the service desk, questions to the owner.",
            system.name, system.unit
        ),
        "languages": "en", "availability": "developed", "marking": "not_generated", "review_by": scene.in_days(330).to_string(),
        "covers": ["purpose", "not_for", "limits", "performance", "performance_by_group", "data", "resources", "updates", "contact", "how_to_override", "oversight", "report_harm", "logging"],
    });
    let card = scene.by("communications")?.create("user-information", fields)?;
    scene.world.call(system.name_of("information:overseer"), card);
    let set = scene.review_in(330);
    scene.by("product")?.approve(card, "approve", "an overseer knows by it what to watch", set)
}

pub(super) fn publish(scene: &mut Scene<'_, '_>, system: &System, text: vouch_record::Id) -> Result<()> {
    let set = json!({"published_at": scene.now(), "published_where": format!("https://agency.example/ai/{}", system.id.to_string().to_lowercase())});
    scene.by("product")?.go(text, "published", "on the page of the unit", set)?;
    let seen = super::measuring::note(
        scene,
        "support",
        "tester",
        &format!("Capture of the text shown to users of {}", system.name),
        &[text],
    )?;
    scene.by("communications")?.revise(text, json!({"seen_in_product": [seen.to_string()]}))
}
