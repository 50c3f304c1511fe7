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
    /// what it answers for, and what it does for a role that answers for it
    answers: &'static [&'static str],
    does: &'static [&'static str],
    decisions: &'static [(&'static str, &'static str)],
    holders: &'static [&'static str],
    /// who stands in
    deputy: &'static str,
    /// hours a week that it needs, where that is planned
    hours: Option<&'static str>,
}

const fn post(
    key: &'static str,
    title: &'static str,
    purpose: &'static str,
    holders: &'static [&'static str],
    deputy: &'static str,
) -> Post {
    Post { key, title, purpose, answers: &[], does: &[], decisions: &[("none", "low")], holders, deputy, hours: None }
}

/// Those who answer for AI systems of the units.
const OWNERS: &[&str] = &["owner_cbp", "owner_ice", "owner_uscis", "owner_tsa", "owner_hq"];

const POSTS: &[Post] = &[
    Post {
        answers: &["operation", "release", "retirement"],
        does: &["stop", "change", "information"],
        decisions: &[("release", "critical"), ("stop", "critical")],
        ..post(
            "system_owner",
            "Owner of AI systems",
            "Keeps the record of each AI system true, lets it be used and stops it.",
            OWNERS,
            "operations",
        )
    },
    Post {
        does: &["risk_acceptance", "impact_approval"],
        decisions: &[("accept_risk", "high"), ("sign_impact", "critical")],
        hours: Some("8"),
        ..post(
            "risk_owner",
            "Risk owner",
            "Decides about risk and signs impact assessments.",
            &["risk_borders", "risk_services"],
            "quality",
        )
    },
    Post {
        answers: &["requirements", "information"],
        ..post(
            "product_owner",
            "Product owner",
            "Speaks for purpose and users, answers for what they are told.",
            &["product"],
            "communications",
        )
    },
    Post {
        answers: &["development"],
        does: &["security"],
        decisions: &[("stop", "critical")],
        ..post(
            "engineering_lead",
            "Engineering lead",
            "Answers for how AI is built and for models, tools and computing.",
            &["engineering", "operations", "cio"],
            "engineer",
        )
    },
    Post {
        answers: &["monitoring", "change"],
        does: &["operation"],
        decisions: &[("stop", "critical")],
        ..post(
            "operations_lead",
            "Operations lead",
            "Answers for running AI, for releases and changes.",
            &["operations"],
            "engineering",
        )
    },
    Post {
        answers: &["testing"],
        ..post("quality_lead", "Test and evaluation lead", "Answers for plans and reviews of tests.", &["quality"], "tester")
    },
    Post {
        answers: &["data"],
        decisions: &[("approve_data", "critical")],
        ..post("data_owner", "Data owner", "Answers for the rights in data and for their quality.", &["data"], "steward")
    },
    Post {
        answers: &["impact_approval"],
        hours: Some("30"),
        ..post("impact_assessor", "Impact assessor", "Judges what AI does to people and society.", &["assessor"], "second_assessor")
    },
    Post {
        answers: &["legal", "review"],
        decisions: &[("exception", "moderate")],
        ..post("compliance_lead", "Compliance lead", "Watches duties from outside.", &["compliance"], "legal")
    },
    Post {
        answers: &["concerns"],
        ..post("ethics_or_compliance_lead", "Rights and ethics officer", "Keeps the concern channel safe.", &["rights"], "privacy")
    },
    Post {
        answers: &["incident"],
        does: &["stop"],
        decisions: &[("stop", "critical")],
        ..post("incident_lead", "Incident lead", "Leads when something went wrong.", &["incident"], "security")
    },
    Post {
        answers: &["audit"],
        hours: Some("24"),
        ..post("internal_auditor", "Internal auditor", "Audits without having taken part.", &["auditor"], "second_auditor")
    },
    Post {
        answers: &["documents"],
        ..post(
            "document_controller",
            "Document controller",
            "Keeps documents right, current and where they belong.",
            &["controller"],
            "compliance",
        )
    },
    Post {
        answers: &["competence"],
        ..post("people_lead", "People lead", "Answers for competence and awareness.", &["people"], "controller")
    },
    Post {
        does: &["information"],
        decisions: &[("speak_outside", "critical")],
        ..post("communications_lead", "Communications lead", "Speaks inside and outside.", &["communications"], "product")
    },
    Post {
        answers: &["supplier"],
        decisions: &[("approve_supplier", "critical")],
        ..post("procurement_lead", "Procurement lead", "Answers for suppliers and their contracts.", &["procurement"], "legal")
    },
    Post {
        does: &["concerns", "operation"],
        ..post("support_lead", "Support lead", "Answers users and whoever raises a concern.", &["support"], "people")
    },
    Post {
        answers: &["privacy"],
        decisions: &[("sign_impact", "critical")],
        ..post("privacy", "Privacy", "Judges data about people.", &["privacy"], "legal")
    },
    Post {
        answers: &["security"],
        decisions: &[("stop", "critical")],
        ..post("security", "Security", "Judges protection against attack.", &["security"], "incident")
    },
    Post {
        answers: &["safety"],
        decisions: &[("stop", "critical")],
        ..post("safety", "Safety", "Judges life and health.", &["safety"], "incident")
    },
    Post { does: &["legal"], ..post("legal", "Legal", "Judges law and contract.", &["legal"], "compliance") },
    Post {
        answers: &["oversight", "stop"],
        decisions: &[("stop", "critical")],
        ..post("overseer", "Overseer", "Watches over outcomes and steps in.", OWNERS, "operations")
    },
];

/// Every role of the agency by its key.
pub(super) fn keys() -> impl Iterator<Item = &'static str> {
    ["top_management", "aims_lead"].into_iter().chain(POSTS.iter().map(|post| post.key))
}

/// Top management approves each role; the AIMS lead, who is no member of it, takes over from the founder.
pub(super) fn appoint(scene: &mut Scene<'_, '_>) -> Result<()> {
    let top = scene.world.named("role:top_management")?;
    // Whoever directs the use of AI with the Deputy Secretary shares the role.
    let directs = rows(scene, &["founder", "caio", "cio"], "holder")?;
    scene.by("lead")?.revise(top, json!({"holders": directs}))?;
    let set = scene.review_in(365);
    scene.by("founder")?.approve(top, "approve", "three of us direct, and I answer", set)?;
    let lead = scene.world.named("role:aims_lead")?;
    let mut held = rows(scene, &["lead"], "holder")?;
    held.extend(rows(scene, &["controller"], "deputy")?);
    let mut authority = scene.field(lead, "authority").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
    authority.push(json!({"decision": "approve_policy", "limit": "rules of use below the AI policy", "up_to_tier": "critical"}));
    let fields = json!({"holders": held, "authority": authority, "reports_to": top.to_string(), "time_needed": "36"});
    scene.by("caio")?.revise(lead, fields)?;
    let set = scene.review_in(365);
    scene.by("founder")?.approve(lead, "approve", "a full-time lead takes over", set)?;
    for post in POSTS {
        appoint_one(scene, post, top)?;
    }
    Ok(())
}

fn appoint_one(scene: &mut Scene<'_, '_>, post: &Post, top: Id) -> Result<()> {
    let row = |activity: &&str, part: &str| json!({"activity": activity, "part": part});
    let answers = post.answers.iter().map(|activity| row(activity, "accountable"));
    let activities: Vec<Json> = answers.chain(post.does.iter().map(|activity| row(activity, "responsible"))).collect();
    let authority: Vec<Json> =
        post.decisions.iter().map(|(decision, tier)| json!({"decision": decision, "up_to_tier": tier})).collect();
    let mut held = rows(scene, post.holders, "holder")?;
    held.extend(rows(scene, &[post.deputy], "deputy")?);
    let mut fields = json!({
        "title": post.title, "key": post.key, "purpose": post.purpose, "activities": activities, "authority": authority,
        "holders": held, "reports_to": top.to_string(),
    });
    if let Some(hours) = post.hours {
        fields["time_needed"] = json!(hours);
    }
    let role = scene.by("lead")?.create("role", fields)?;
    scene.world.call(format!("role:{}", post.key), role);
    let set = scene.review_in(365);
    scene.by("founder")?.approve(role, "approve", "the right people with the power they need", set)
}

fn rows(scene: &Scene<'_, '_>, functions: &[&str], capacity: &str) -> Result<Vec<Json>> {
    let from = scene.today().to_string();
    let by = scene.world.person("founder")?.to_string();
    let row = |function: &&str| {
        let person = scene.world.person(function)?.to_string();
        Ok(json!({"person": person, "capacity": capacity, "from": from, "appointed_by": by}))
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
        scene.by_person(person).go(
            request,
            "given",
            "read and understood",
            json!({"shown_text": "I have read this and will act by it."}),
        )?;
    }
    Ok(())
}
