//! Which controls apply and why, and the statement of applicability that says so.

use serde_json::{Value as Json, json};
use vouch_conform::framework::ItemKind;

use super::scene::Scene;
use crate::error::Result;

/// What carries out the controls of a group, the role that operates them, and why they apply.
const GROUPS: [(&str, &str, &str, &str, &str); 9] = [
    (
        "A.2",
        "document:T-AI-POLICY",
        "aims_lead",
        "lead",
        "The agency sets rules for its use of AI and keeps them in step with its other rules.",
    ),
    ("A.3", "document:T-CONCERNS", "aims_lead", "lead", "Somebody must answer for each task, and whoever sees harm must be heard."),
    (
        "A.4",
        "document:T-LIFECYCLE-PROC",
        "engineering_lead",
        "engineering",
        "What systems are made of must be known before anything can be said about them.",
    ),
    (
        "A.5",
        "document:T-AIIA-PROC",
        "impact_assessor",
        "assessor",
        "Systems that touch rights and safety are assessed before and while they are used.",
    ),
    (
        "A.6",
        "document:T-LIFECYCLE-PROC",
        "engineering_lead",
        "engineering",
        "Systems are built and changed here, and each stage has its gate.",
    ),
    ("A.7", "document:T-DATA-PROC", "data_owner", "data", "Models are made from case data about people."),
    (
        "A.8",
        "document:T-INCIDENT",
        "communications_lead",
        "communications",
        "Users and people concerned must know what a result is worth.",
    ),
    ("A.9", "document:T-AUP", "system_owner", "lead", "Eleven thousand people may use AI; what for must be clear."),
    ("A.10", "document:T-THIRD-PARTY-PROC", "procurement_lead", "procurement", "Most models come from others."),
];

/// Each control of Annex A is decided about by the AIMS analyst and approved by whoever answers for its group.
pub(super) fn decide(scene: &mut Scene<'_, '_>) -> Result<()> {
    let frameworks = scene.work.tables().frameworks.clone();
    for item in frameworks.items().iter().filter(|item| item.kind == ItemKind::Control) {
        let fields = applied(scene, &item.id, &item.title)?;
        let applicability = scene.by("analyst")?.create("control-applicability", fields)?;
        scene.world.call(format!("control:{}", item.id), applicability);
        scene.by("lead")?.go(applicability, "submitted", "after the risks were decided", json!({}))?;
        let set = scene.review_in(190);
        scene.by(group_of(&item.id).3)?.approve(applicability, "approve", "reason and means fit", set)?;
    }
    Ok(())
}

/// The group of a control.
fn group_of(control: &str) -> &'static (&'static str, &'static str, &'static str, &'static str, &'static str) {
    GROUPS.iter().find(|group| control.strip_prefix(group.0).is_some_and(|rest| rest.starts_with('.'))).unwrap_or(&GROUPS[0])
}

fn decided_after(scene: &Scene<'_, '_>) -> Vec<String> {
    let view = scene.work.view();
    let risks = view.all("risk").filter(|risk| risk.is("decided")).take(5);
    risks.map(|risk| risk.id().to_string()).collect()
}

fn applied(scene: &Scene<'_, '_>, control: &str, title: &str) -> Result<Json> {
    let (_, document, role, owner, why) = *group_of(control);
    let carried_by = scene.world.named(document)?.to_string();
    let obligation = scene.world.named("obligation:minimum")?.to_string();
    Ok(json!({
        "control": format!("iso42001:{control}"), "title": title, "origin": "annex_a", "decision": "applied", "decided_after": decided_after(scene),
        "reasons": [{"source": "obligation", "record": obligation, "why": why}],
        "how": format!("{why} The procedure says how, and records of the systems show that it is done."),
        "carried_by": [carried_by], "owner": scene.world.person(owner)?.to_string(), "operated_by": [scene.world.named(&format!("role:{role}"))?.to_string()],
        "due": scene.in_days(120).to_string(), "measures": [scene.world.named("measure:accuracy")?.to_string()],
    }))
}

/// In the evening, when nothing more is decided that day, the lead freezes the statement.
pub(super) fn state(scene: &mut Scene<'_, '_>) -> Result<()> {
    scene.later(0, "wait for the evening", |scene| {
        scene.later(0, "freeze the statement", freeze);
        Ok(())
    });
    Ok(())
}

/// The lead freezes the statement, the Deputy Secretary signs it.
fn freeze(scene: &mut Scene<'_, '_>) -> Result<()> {
    let fields = json!({"title": "Statement of Applicability", "version": "1.0", "scope": scene.world.named("scope")?.to_string(), "occasion": "first", "public": "room"});
    let statement = scene.by("analyst")?.create("statement-of-applicability", fields)?;
    scene.by("lead")?.go(statement, "frozen", "all controls are decided", json!({}))?;
    let set = json!({"valid_from": scene.in_days(5).to_string(), "review_by": scene.in_days(195).to_string()});
    scene.later(4, "sign the statement", move |scene| scene.by("founder")?.approve(statement, "sign", "read row by row", set));
    Ok(())
}
