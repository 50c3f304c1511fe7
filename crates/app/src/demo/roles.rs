//! Roles, who holds them, and that the holders took them on.

use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::scene::Scene;
use crate::error::Result;

/// A role as the agency fills it.
struct Post {
    key: &'static str,
    title: &'static str,
    purpose: &'static str,
    activities: &'static [&'static str],
    decisions: &'static [(&'static str, &'static str)],
    holders: &'static [&'static str],
}

const fn post(
    key: &'static str,
    title: &'static str,
    activities: &'static [&'static str],
    decisions: &'static [(&'static str, &'static str)],
    holders: &'static [&'static str],
) -> Post {
    Post { key, title, purpose: "", activities, decisions, holders }
}

const POSTS: &[Post] = &[
    Post { purpose: "Keeps the record of each AI system true, lets it be used and stops it.", ..post("system_owner", "Owner of AI systems", &["operation", "stop", "change", "information"], &[("release", "high"), ("stop", "critical")], &["owner_cbp", "owner_ice", "owner_uscis", "owner_tsa", "owner_hq"]) },
    Post { purpose: "Decides about risk and signs impact assessments up to the moderate tier.", ..post("risk_owner", "Risk owner", &["risk_acceptance", "impact_approval"], &[("accept_risk", "high"), ("sign_impact", "moderate")], &["risk_borders", "risk_services"]) },
    Post { purpose: "Speaks for purpose and users, answers for what they are told.", ..post("product_owner", "Product owner", &["requirements", "information"], &[("none", "low")], &["product"]) },
    Post { purpose: "Answers for how AI is built and for models, tools and computing.", ..post("engineering_lead", "Engineering lead", &["development", "security"], &[("stop", "critical")], &["engineering", "operations", "cio"]) },
    Post { purpose: "Answers for running AI, for releases and changes.", ..post("operations_lead", "Operations lead", &["operation", "monitoring", "change"], &[("stop", "critical")], &["operations"]) },
    Post { purpose: "Answers for plans and reviews of tests.", ..post("quality_lead", "Test and evaluation lead", &["testing"], &[("none", "low")], &["quality"]) },
    Post { purpose: "Answers for the rights in data and for their quality.", ..post("data_owner", "Data owner", &["data"], &[("approve_data", "critical")], &["data"]) },
    Post { purpose: "Judges what AI does to people and society.", ..post("impact_assessor", "Impact assessor", &["impact_approval"], &[("none", "low")], &["assessor", "second_assessor"]) },
    Post { purpose: "Watches duties from outside.", ..post("compliance_lead", "Compliance lead", &["legal", "review"], &[("exception", "moderate")], &["compliance"]) },
    Post { purpose: "Keeps the concern channel safe.", ..post("ethics_or_compliance_lead", "Rights and ethics officer", &["concerns"], &[("none", "low")], &["rights"]) },
    Post { purpose: "Leads when something went wrong.", ..post("incident_lead", "Incident lead", &["incident", "stop"], &[("stop", "critical")], &["incident"]) },
    Post { purpose: "Audits without having taken part.", ..post("internal_auditor", "Internal auditor", &["audit"], &[("none", "low")], &["auditor", "second_auditor"]) },
    Post { purpose: "Keeps documents right, current and where they belong.", ..post("document_controller", "Document controller", &["documents"], &[("none", "low")], &["controller"]) },
    Post { purpose: "Answers for competence and awareness.", ..post("people_lead", "People lead", &["competence"], &[("none", "low")], &["people"]) },
    Post { purpose: "Speaks inside and outside.", ..post("communications_lead", "Communications lead", &["information"], &[("speak_outside", "critical")], &["communications"]) },
    Post { purpose: "Answers for suppliers and their contracts.", ..post("procurement_lead", "Procurement lead", &["supplier"], &[("approve_supplier", "critical")], &["procurement"]) },
    Post { purpose: "Answers users and whoever raises a concern.", ..post("support_lead", "Support lead", &["concerns", "operation"], &[("none", "low")], &["support"]) },
    Post { purpose: "Judges data about people.", ..post("privacy", "Privacy", &["privacy"], &[("none", "low")], &["privacy"]) },
    Post { purpose: "Judges protection against attack.", ..post("security", "Security", &["security"], &[("stop", "critical")], &["security"]) },
    Post { purpose: "Judges life and health.", ..post("safety", "Safety", &["safety"], &[("stop", "critical")], &["safety"]) },
    Post { purpose: "Judges law and contract.", ..post("legal", "Legal", &["legal"], &[("none", "low")], &["legal"]) },
    Post { purpose: "Watches over outcomes and steps in.", ..post("overseer", "Overseer", &["oversight", "stop"], &[("stop", "critical")], &["owner_cbp", "owner_ice", "owner_uscis", "owner_tsa", "owner_hq"]) },
];

/// Every role of the agency by its key.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    ["top_management", "aims_lead"].into_iter().chain(POSTS.iter().map(|post| post.key))
}

/// Top management approves each role; the AIMS lead, who is no member of it, takes over from the founder.
pub(super) fn appoint(scene: &mut Scene<'_, '_>) -> Result<()> {
    let top = scene.world.named("role:top_management")?;
    let lead = scene.world.named("role:aims_lead")?;
    let holders = holders(scene, &["lead"])?;
    let fields = json!({"holders": holders, "reports_to": top.to_string()});
    scene.by("caio")?.revise(lead, fields)?;
    let set = scene.review_in(365);
    scene.by("founder")?.approve(lead, "approve", "a full-time lead takes over", set)?;
    for post in POSTS {
        appoint_one(scene, post, top)?;
    }
    Ok(())
}

fn appoint_one(scene: &mut Scene<'_, '_>, post: &Post, top: Id) -> Result<()> {
    let activities: Vec<Json> = post.activities.iter().map(|activity| json!({"activity": activity, "part": "accountable"})).collect();
    let authority: Vec<Json> = post.decisions.iter().map(|(decision, tier)| json!({"decision": decision, "up_to_tier": tier})).collect();
    let mut held = holders(scene, post.holders)?;
    if post.key == "support_lead" {
        let (person, from, by) = (scene.world.person("people")?.to_string(), scene.today().to_string(), scene.world.person("founder")?.to_string());
        held.push(json!({"person": person, "capacity": "deputy", "from": from, "appointed_by": by}));
    }
    let fields = json!({
        "title": post.title, "key": post.key, "purpose": post.purpose, "activities": activities, "authority": authority,
        "holders": held, "reports_to": top.to_string(),
    });
    let role = scene.by("lead")?.create("role", fields)?;
    scene.world.call(format!("role:{}", post.key), role);
    let set = scene.review_in(365);
    scene.by("founder")?.approve(role, "approve", "the right people with the power they need", set)
}

fn holders(scene: &Scene<'_, '_>, functions: &[&str]) -> Result<Vec<Json>> {
    let from = scene.today().to_string();
    let by = scene.world.person("founder")?.to_string();
    let row = |function: &&str| {
        let person = scene.world.person(function)?.to_string();
        Ok(json!({"person": person, "capacity": "holder", "from": from, "appointed_by": by}))
    };
    functions.iter().map(row).collect()
}

/// Whoever was asked to confirm something does so.
pub(super) fn confirm(scene: &mut Scene<'_, '_>) -> Result<()> {
    let waiting: Vec<(Id, Id)> = {
        let view = scene.work.view();
        let requested = view.all("acknowledgement").filter(|request| request.is("requested"));
        requested.filter_map(|request| Some((request.id(), request.text("person")?.parse().ok()?))).collect()
    };
    for (request, person) in waiting {
        scene.by_person(person).go(request, "given", "read and understood", json!({"shown_text": "I have read this and will act by it."}))?;
    }
    Ok(())
}
