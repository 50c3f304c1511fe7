//! The boundary of the management system.

use serde_json::{Value as Json, json};

use super::organisation::{NAME, SITES, UNITS};
use super::scene::Scene;
use crate::error::Result;

/// Drawn when the systems that count are registered; approved by the Deputy Secretary.
pub(super) fn draw(scene: &mut Scene<'_, '_>) -> Result<()> {
    let systems: Vec<String> = {
        let view = scene.work.view();
        view.all("ai-system")
            .filter(|system| system.is_any(&["registered", "suspended"]))
            .map(|system| system.id().to_string())
            .collect()
    };
    let first = scene.world.systems.first().map(|system| system.name.clone()).unwrap_or_default();
    let mut fields = json!({
        "title": "Scope of the AI management system", "version": "1.0",
        "statement": format!(
            "The AI management system of the {NAME} covers the development and use of AI as developer and user in all units, among them \
             Customs and Border Protection, Citizenship and Immigration Services and Transportation Security, at the Headquarters campus, \
             the Operations centre and in field offices, with systems such as {first}."
        ),
        "ai_roles": ["developer", "user"], "systems_in": systems,
        "families": [{"name": "Generative tools for staff", "rule": "any commercial generative tool that staff may use falls into it"}],
        "products": [{"product": "Services to travellers and applicants", "sold": false, "uses_ai": true, "inside": true, "reason": "they are what the agency is for", "ai_systems": systems.iter().take(5).collect::<Vec<_>>()}],
        "units": UNITS.map(|(code, ..)| json!({"code": code, "inside": true, "reason": "uses or builds AI"})),
        "sites": SITES.map(|(code, ..)| json!({"code": code, "inside": true, "reason": "people there work with AI"})),
        "entities": [{"name": NAME, "inside": true, "reason": "the only one"}],
        "interfaces": interfaces(scene)?,
        "issues": ids(scene, "issue:"), "parties": ids(scene, "party:"),
        "options": [
            {"option": "Only systems that touch rights or safety", "systems_n": 33, "effort": "small", "market": "enough for the law", "chosen": false, "reason": "what staff use every day would stay unseen"},
            {"option": "All registered systems of all units", "systems_n": systems.len(), "effort": "large", "market": "what oversight bodies expect", "chosen": true, "reason": "one register, one way of working"},
        ],
    });
    if let Some(memo) = scene.world.maybe("document:T-SCOPING-MEMO") {
        fields["memo"] = json!(memo.to_string());
    }
    let scope = scene.by("analyst")?.create("scope", fields)?;
    scene.world.call("scope", scope);
    scene.by("lead")?.go(scope, "submitted", "every unit, site and registered system has its place", json!({}))?;
    let set = json!({"valid_from": scene.today().to_string(), "review_by": scene.in_days(360).to_string()});
    scene.by("founder")?.approve(scope, "approve", "this is what we answer for", set)?;
    scene.later(20, "compare the scope", begin_to_compare);
    Ok(())
}

fn ids(scene: &Scene<'_, '_>, prefix: &str) -> Vec<String> {
    scene.world.all_named(prefix).iter().map(ToString::to_string).collect()
}

fn interfaces(scene: &Scene<'_, '_>) -> Result<Vec<Json>> {
    let owner = scene.world.person("procurement")?.to_string();
    let row = |supplier: vouch_record::Id| {
        let name = scene.text(supplier, "name").unwrap_or_default();
        json!({"with": name, "supplier": supplier.to_string(), "gives": "models and services", "gets": "cases and requirements", "owner": owner})
    };
    Ok(scene.world.all_named("supplier:").into_iter().map(row).collect())
}

/// Every hundred days or so somebody compares the boundary with what is seen in use.
fn begin_to_compare(scene: &mut Scene<'_, '_>) -> Result<()> {
    let wait = scene.world.chance.between(78, 108);
    scene.each(wait, "compare the scope", compare);
    compare(scene)
}

fn compare(scene: &mut Scene<'_, '_>) -> Result<()> {
    let scope = scene.world.named("scope")?;
    let title = "Inventory, invoices and access logs compared with the scope";
    super::measuring::note_for(scene, ("analyst", "compliance"), title, &[scope], &["4.3", "A.9.2"]).map(|_| ())
}
