//! What happens to systems in the course of the year: concerns, incidents, and what was put right.

use serde_json::json;
use vouch_record::Id;

use super::scene::Scene;
use crate::error::Result;

/// Somebody raises a concern; the handler, who has no part in it, answers.
pub(super) fn concern(scene: &mut Scene<'_, '_>) -> Result<()> {
    let at = usize::try_from(scene.world.chance.between(0, 11)).unwrap_or(0);
    let system = scene.world.systems[at % scene.world.systems.len()].clone();
    let fields = json!({
        "channel": "web_form", "received_at": scene.now(), "reporter_type": "affected_person", "anonymous": true, "test": false, "ai_systems": [system.id.to_string()],
        "text": "I was held up because a machine did not know my face. An officer let me pass after ten minutes. Why does this happen to me each time?",
    });
    let concern = scene.by("support")?.create("concern", fields)?;
    take_up(scene, concern);
    Ok(())
}

/// An officer reports too, by name; some weeks later somebody asks whether it did the officer any harm.
pub(super) fn concern_of_staff(scene: &mut Scene<'_, '_>) -> Result<()> {
    let system = scene.world.systems.first().map(|system| system.id.to_string());
    let fields = json!({
        "channel": "internal_form", "received_at": scene.now(), "reporter_type": "staff", "anonymous": false, "reporter_name": "an officer of the night shift", "test": false, "ai_systems": [system],
        "text": "At night results come with less light in the pictures and are wrong more often. We set them aside, but does anybody count that?",
    });
    let concern = scene.by("support")?.create("concern", fields)?;
    scene.world.call("concern:staff", concern);
    take_up(scene, concern);
    scene.later(40, ("ask about harm", concern), move |scene| {
        let asked = json!({"reprisal_check_on": scene.today().to_string(), "reprisal_found": "none"});
        scene.by("rights")?.revise(concern, asked)
    });
    Ok(())
}

/// Somebody without a part in it takes it up within days, and answers.
fn take_up(scene: &mut Scene<'_, '_>, concern: Id) {
    scene.later(2, ("take up a concern", concern), move |scene| {
        let set = json!({
            "category": "unfairness", "handler": scene.world.person("rights")?.to_string(), "conflict_checked": true, "acknowledged_at": scene.now(),
            "answer_due": format!("{}T16:00:00.000Z", scene.in_days(28)),
        });
        scene.by("support")?.go(concern, "acknowledged", "passed on to somebody without a part in it", set)?;
        scene.by("rights")?.go(concern, "assessing", "looking at the cases", json!({}))?;
        scene.later(12, ("answer a concern", concern), move |scene| answer(scene, concern));
        Ok(())
    });
}

/// Every hundred days somebody tries the channel with a report that says so to those who look into it, and to nobody else.
pub(super) fn begin_to_try(scene: &mut Scene<'_, '_>) -> Result<()> {
    scene.each(90, "try the channel", try_channel);
    try_channel(scene)
}

fn try_channel(scene: &mut Scene<'_, '_>) -> Result<()> {
    let fields = json!({
        "channel": "web_form", "received_at": scene.now(), "reporter_type": "unknown", "anonymous": true, "test": true,
        "text": "Does this reach somebody? Please answer as you would answer anybody.",
    });
    let concern = scene.by_machine("concern-form").create("concern", fields)?;
    scene.later(2, ("take up a concern", concern), move |scene| {
        let set = json!({
            "category": "other", "handler": scene.world.person("rights")?.to_string(), "conflict_checked": true, "acknowledged_at": scene.now(),
            "answer_due": format!("{}T16:00:00.000Z", scene.in_days(28)),
        });
        scene.by("support")?.go(concern, "acknowledged", "passed on", set)?;
        scene.by("rights")?.go(concern, "assessing", "looking at it", json!({}))?;
        let set = json!({"assessment": "A trial of the channel; it reached us in an hour.", "outcome": "no_action", "answered_at": scene.now(), "answer": "It does, and this is the answer."});
        scene.go(concern, "answered", "told", set)?;
        scene.by("compliance")?.approve(concern, "close", "answered in time", json!({}))
    });
    Ok(())
}

fn answer(scene: &mut Scene<'_, '_>, concern: Id) -> Result<()> {
    let set = json!({
        "assessment": "The picture on file was old; a new one was taken. Error rates of the group are inside the limit.", "outcome": "no_action", "answered_at": scene.now(),
        "answer": "Your picture was old. It is renewed. You can ask for another look at any time, and an officer decides.",
    });
    scene.by("rights")?.go(concern, "answered", "cause found and told", set)?;
    scene.by("compliance")?.approve(concern, "close", "answered in time and in full", json!({}))
}

/// Something goes wrong: triaged, contained, resolved and closed by another person.
pub(super) fn incident(scene: &mut Scene<'_, '_>) -> Result<()> {
    let used: Vec<usize> = scene.world.systems.iter().filter(|system| system.is_used()).map(|system| system.place).collect();
    let system = scene.world.systems[*scene.world.chance.pick(&used)].clone();
    let fields = json!({
        "title": format!("Wrong results of {} at one office", system.name), "ai_systems": [system.id.to_string()], "types": ["wrong_output"], "exercise": false,
        "description": "After cameras were changed, results of one office were wrong three times as often; officers noticed and set them aside.",
        "detected_at": scene.now(), "aware_at": scene.now(), "detected_by": "staff",
    });
    let incident = scene.by("support")?.create("incident", fields)?;
    scene.world.call(format!("incident:{incident}"), incident);
    let set = json!({
        "severity": "low", "occurred_from": format!("{}T12:00:00.000Z", scene.in_days(-2)),
        "harm": [{"who": "Travellers at one office", "kind": "rights", "count": 14, "reversible": true, "note": "waited for minutes"}], "lead": scene.world.person("incident")?.to_string(), "notifications": [],
    });
    scene.by("incident")?.go(incident, "triaged", "small and at one place", set)?;
    let set = json!({"contained_at": scene.now(), "containment": ["human_only"]});
    scene.go(incident, "contained", "that office works without results", set)?;
    let plan = scene.world.maybe(&system.name_of("monitoring"));
    scene.later(9, ("resolve an incident", incident), move |scene| {
        if let Some(plan) = plan {
            scene.by(system.owner)?.approve(plan, "review", "a change of cameras is now noticed by the measure of drift, with the next round; limits stay", json!({}))?;
        }
        let set = json!({
            "timeline": [{"at": scene.now(), "what": "cameras put back, results as before", "by": "operations"}], "cause": "New cameras with another lens than those of the test.", "restored_at": scene.now(),
        });
        scene.by("incident")?.go(incident, "resolved", "cause found, results as before", set)?;
        scene.revise(incident, json!({"lessons": "A change of cameras is a change: it goes through the procedure.", "no_nonconformity_because": "Low severity; the procedure was made clearer."}))?;
        scene.by("lead")?.approve(incident, "close", "cause and lesson are clear", json!({}))
    });
    Ok(())
}

/// A finding becomes a nonconformity: put right, its cause found, acted on, and verified by somebody else.
pub(super) fn nonconformity(scene: &mut Scene<'_, '_>, finding: Id) -> Result<()> {
    let owner = scene.world.person("operations")?;
    let requirements = scene.field(finding, "requirements");
    let fields = json!({
        "title": "One drawn system does not show what is asked", "source": "internal_audit", "requirements": requirements, "is": "Nothing shows it for one of five drawn systems.",
        "should_be": "It is shown for each system.", "grade": "minor", "raised_by": scene.world.person("auditor")?.to_string(), "raised_at": scene.today().to_string(),
        "owner": owner.to_string(), "correction_due": scene.in_days(20).to_string(),
    });
    let nonconformity = scene.by("lead")?.create("nonconformity", fields)?;
    scene.world.call(format!("nonconformity:{nonconformity}"), nonconformity);
    let set = json!({"owner": owner.to_string(), "nonconformity": nonconformity.to_string()});
    scene.go(finding, "answered", "taken on", set)?;
    scene.by("auditor")?.approve(finding, "approve", "the answer fits", json!({}))?;
    scene.later(6, ("act on a nonconformity", nonconformity), move |scene| act(scene, nonconformity));
    Ok(())
}

fn act(scene: &mut Scene<'_, '_>, nonconformity: Id) -> Result<()> {
    let corrections = json!({"corrections": [{"what": "Made good for the drawn system.", "by": scene.world.person("operations")?.to_string(), "at": scene.today().to_string()}], "consequences": "None were found for people."});
    scene.by("operations")?.revise(nonconformity, corrections)?;
    scene.go(nonconformity, "contained", "made good", json!({}))?;
    let alike: Vec<String> = scene.world.systems.iter().skip(1).take(2).map(|system| system.id.to_string()).collect();
    let cause = json!({
        "cause_method": "five_whys", "cause": "Nobody was told when a date of the plan passed.", "cause_level": "process", "cause_category": "monitoring",
        "similar": [{"where": "all systems in scope", "how": "list of dates", "population_n": 50, "found_n": 2, "records": alike}], "action_needed": "yes", "action_due": scene.in_days(40).to_string(),
    });
    scene.by("operations")?.revise(nonconformity, cause)?;
    scene.by("lead")?.go(nonconformity, "analysed", "cause and similar cases are known", json!({}))?;
    let change = match scene.world.maybe("change:dates") {
        Some(change) => change,
        None => super::changes::of_process(scene, "Owners are told when a date comes near", nonconformity)?,
    };
    scene.world.call("change:dates", change);
    scene.by("operations")?.revise(nonconformity, json!({"aims_change": change.to_string()}))?;
    let action = json!({
        "changes": [change.to_string()],
        "title": "Tell owners when a date comes near", "nonconformity": nonconformity.to_string(), "action": "Owners get a list each Monday.", "cause_addressed": "Nobody was told.", "type": "process",
        "doer": scene.world.person("support")?.to_string(), "due": scene.in_days(25).to_string(), "expected_effect": "no date passes unseen", "waiting_time": "P14D", "verifier": scene.world.person("quality")?.to_string(),
    });
    let action = scene.by("lead")?.create("corrective-action", action)?;
    scene.world.call(format!("action:{action}"), action);
    scene.go(nonconformity, "acting", "action planned", json!({}))?;
    scene.by("support")?.go(action, "doing", "begun", json!({}))?;
    scene.later(12, ("carry out an action", action), move |scene| {
        let proof = super::measuring::note(scene, "support", "measurer", "First lists to owners", &[action])?;
        let set = json!({"done_at": scene.today().to_string(), "proof": [proof.to_string()]});
        scene.by("support")?.go(action, "done", "lists go out", set)?;
        scene.by("lead")?.go(nonconformity, "verifying", "waits for its effect", json!({}))?;
        scene.later(18, ("verify an action", action), move |scene| verify(scene, nonconformity, action));
        Ok(())
    });
    Ok(())
}

fn verify(scene: &mut Scene<'_, '_>, nonconformity: Id, action: Id) -> Result<()> {
    let seen = json!({
        "verification_method": "sample", "verification_sample": [{"population": "dates of the last month", "population_n": 60, "drawn_n": 12, "failures": 0}], "result": "effective", "result_note": "No date passed unseen.",
    });
    scene.by("support")?.revise(action, seen)?;
    scene.by("quality")?.approve(action, "verify", "sample looked through", json!({}))?;
    scene.by("lead")?.approve(nonconformity, "close", "put right, and it holds", json!({}))
}
