//! Policies and procedures: written, sent round, approved by somebody else, read by those who must.

mod texts;

use serde_json::{Map, Value as Json, json};

use super::roles::confirm;
use super::scene::Scene;
use crate::error::Result;
use texts::Text;

/// Who writes, answers for and approves a document, and who must read it.
struct Plan {
    template: &'static str,
    author: &'static str,
    owner: &'static str,
    approver: &'static str,
    /// roles that must confirm it; `all` for everybody
    readers: &'static [&'static str],
    /// items beside those of the template
    also: &'static [&'static str],
}

const FOUNDING: [Plan; 2] = [
    Plan { template: "T-AI-POLICY", author: "analyst", owner: "lead", approver: "top_management", readers: &["all"], also: &[] },
    Plan {
        template: "T-RISK-PROC",
        author: "analyst",
        owner: "lead",
        approver: "top_management",
        readers: &["risk_owner"],
        also: &[],
    },
];

const PROCEDURES: [Plan; 12] = [
    Plan {
        template: "T-AIIA-PROC",
        author: "assessor",
        owner: "second_assessor",
        approver: "top_management",
        readers: &["impact_assessor"],
        also: &["8.4", "A.5.4", "A.5.5"],
    },
    Plan { template: "T-AUP", author: "analyst", owner: "lead", approver: "top_management", readers: &["all"], also: &["A.5.2"] },
    Plan { template: "T-DATA-PROC", author: "steward", owner: "data", approver: "aims_lead", readers: &["data_owner"], also: &[] },
    Plan {
        template: "T-THIRD-PARTY-PROC",
        author: "buyer",
        owner: "procurement",
        approver: "aims_lead",
        readers: &["procurement_lead"],
        also: &[],
    },
    Plan {
        template: "T-LIFECYCLE-PROC",
        author: "engineer",
        owner: "engineering",
        approver: "aims_lead",
        readers: &["engineering_lead", "system_owner"],
        also: &["A.9.3"],
    },
    Plan {
        template: "T-INCIDENT",
        author: "operations",
        owner: "incident",
        approver: "top_management",
        readers: &["incident_lead", "support_lead"],
        also: &[],
    },
    Plan {
        template: "T-CONCERNS",
        author: "compliance",
        owner: "rights",
        approver: "top_management",
        readers: &["all"],
        also: &[],
    },
    Plan {
        template: "T-CHANGE",
        author: "engineer",
        owner: "operations",
        approver: "aims_lead",
        readers: &["operations_lead"],
        also: &[],
    },
    Plan {
        template: "T-DOC-CONTROL",
        author: "analyst",
        owner: "controller",
        approver: "aims_lead",
        readers: &["document_controller"],
        also: &[],
    },
    Plan {
        template: "T-OVERSIGHT",
        author: "product",
        owner: "operations",
        approver: "aims_lead",
        readers: &["overseer"],
        also: &[],
    },
    Plan {
        template: "T-CAPA",
        author: "analyst",
        owner: "lead",
        approver: "top_management",
        readers: &["operations_lead"],
        also: &[],
    },
    Plan { template: "T-MANUAL", author: "analyst", owner: "lead", approver: "top_management", readers: &[], also: &[] },
];

/// Other policies of the agency, by topic; none of them speaks against the AI policy.
const OTHER_POLICIES: [(&str, &str); 7] = [
    ("security", "Information security policy"),
    ("privacy", "Privacy policy"),
    ("quality", "Quality of services"),
    ("safety", "Safety at work and in the field"),
    ("people", "Rules of service"),
    ("procurement", "Procurement rules"),
    ("intellectual_property", "Rights in software and data"),
];

/// The policy and the procedure on which the risk method rests.
pub(super) fn founding(scene: &mut Scene<'_, '_>) -> Result<()> {
    for plan in &FOUNDING {
        write(scene, plan)?;
    }
    scene.later(6, "approve documents", |scene| approve_all(scene, &FOUNDING));
    scene.later(12, "confirm documents", confirm);
    Ok(())
}

/// The procedures, and at the end the manual that binds them together.
pub(super) fn procedures(scene: &mut Scene<'_, '_>) -> Result<()> {
    for plan in &PROCEDURES {
        write(scene, plan)?;
    }
    scene.later(8, "approve documents", |scene| approve_all(scene, &PROCEDURES));
    scene.later(15, "confirm documents", confirm);
    scene.later(150, "review documents", review);
    Ok(())
}

fn write(scene: &mut Scene<'_, '_>, plan: &Plan) -> Result<()> {
    let (sort, title, mut items) = {
        let frameworks = scene.work.tables().frameworks.clone();
        let template = frameworks.template(plan.template);
        let template = template.ok_or_else(|| crate::Error::invalid(format!("the outlines have no `{}`", plan.template)))?;
        (template.sort.clone(), template.title.clone(), template.satisfies.clone())
    };
    items.extend(plan.also.iter().map(|item| (*item).to_owned()));
    let requirements: Vec<String> = items.iter().map(|item| format!("iso42001:{item}")).collect();
    let text = Text::of(plan.template);
    let all = plan.readers == ["all"];
    let readers = plan.readers.iter().filter(|_| !all).map(|key| Ok(scene.world.named(&format!("role:{key}"))?.to_string()));
    let readers: Vec<String> = readers.collect::<Result<_>>()?;
    let mut fields = json!({
        "title": title, "type": sort, "template": plan.template, "version": "1.0", "language": "en", "requirements": requirements,
        "body": text.body(), "owner": scene.world.person(plan.owner)?.to_string(), "authors": [scene.world.person(plan.author)?.to_string()],
        "approver": scene.world.named(&format!("role:{}", plan.approver))?.to_string(), "review_every": "P1Y",
        "classification": if plan.template == "T-AI-POLICY" { "public" } else { "internal" },
        "acknowledged_by_all": all, "keep_for": "P7Y", "disposal": "archive",
    });
    let more = fields.as_object_mut();
    if let Some(fields) = more {
        if all || !readers.is_empty() {
            fields.insert("acknowledge_within".into(), json!("P30D"));
        }
        if !readers.is_empty() {
            fields.insert("acknowledged_by".into(), json!(readers));
        }
        particular(scene, plan.template, fields)?;
    }
    let document = scene.by(plan.author)?.create("document", fields)?;
    scene.world.call(format!("document:{}", plan.template), document);
    Ok(())
}

/// What only some templates ask for.
fn particular(scene: &Scene<'_, '_>, template: &str, fields: &mut Map<String, Json>) -> Result<()> {
    let named = |name: &str| Ok::<_, crate::Error>(scene.world.named(name)?.to_string());
    if template == "T-AUP" {
        fields.insert("acknowledge_again".into(), json!("P1Y"));
    }
    match template {
        "T-AI-POLICY" => {
            fields.insert("public_url".into(), json!("https://agency.example/ai-policy"));
            fields.insert(
                "commitments".into(),
                json!([
                    "requirements",
                    "improvement",
                    "purpose",
                    "objectives",
                    "rights",
                    "safety",
                    "fairness",
                    "transparency",
                    "privacy",
                    "security",
                    "oversight",
                    "accountability"
                ]),
            );
        }
        "T-RISK-PROC" | "T-CHANGE" | "T-DOC-CONTROL" | "T-OVERSIGHT" => {
            let (process, role, kinds) = match template {
                "T-RISK-PROC" => ("Risk assessment and treatment", "risk_owner", "risk, treatment"),
                "T-CHANGE" => ("Changes", "operations_lead", "change"),
                "T-DOC-CONTROL" => ("Documents and records", "document_controller", "evidence"),
                _ => ("Oversight", "overseer", "measurement"),
            };
            let row = json!({"code": "P1", "process": process, "owner": named(&format!("role:{role}"))?, "inputs": "what the text names", "outputs": "records of these kinds", "feeds": "", "kinds": kinds});
            fields.insert("processes".into(), json!([row]));
            return Ok(());
        }
        "T-MANUAL" => {
            fields.insert("processes".into(), Json::Array(processes(scene)?));
            return Ok(());
        }
        _ if fields.get("type") != Some(&json!("policy")) => return Ok(()),
        _ => {}
    }
    fields.insert("review_triggers".into(), json!(["law_change", "serious_incident", "organisation_change"]));
    fields.insert(
        "exceptions".into(),
        json!(
            "The AI Governance Board grants an exception for at most six months, in writing and with a reason; ask the AIMS lead."
        ),
    );
    let through = |name: &str| named(name).map(|id| json!([id]));
    let rules = json!([
        {"code": "R1", "rule": "People stay answerable for every decision that AI prepares.", "kind": "principle", "done_through": through("role:system_owner")?},
        {"code": "R2", "rule": "A system is in the inventory with an owner before it is used.", "kind": "must", "done_through": through("role:aims_lead")?},
        {"code": "R3", "rule": "No AI decides alone about a person's rights, benefits or liberty.", "kind": "must_not", "done_through": through("committee")?},
        {"code": "R4", "rule": "No data about people goes into a service without a contract that rules out its further use.", "kind": "must_not", "done_through": through("role:privacy")?},
        {"code": "R5", "rule": "Recognising people by body or voice needs consent of the board beforehand.", "kind": "needs_consent", "done_through": through("committee")?},
    ]);
    fields.insert("rules".into(), rules);
    Ok(())
}

/// The processes of the management system: what they take, what they give, and to whom.
fn processes(scene: &Scene<'_, '_>) -> Result<Vec<Json>> {
    let row = |(code, process, role, inputs, outputs, feeds, kinds, every, items): &(
        &str,
        &str,
        &str,
        &str,
        &str,
        &str,
        &str,
        &str,
        &[&str],
    )| {
        let owner = scene.world.named(&format!("role:{role}"))?.to_string();
        let requirements: Vec<String> = items.iter().map(|item| format!("iso42001:{item}")).collect();
        let mut row = json!({"code": code, "process": process, "owner": owner, "inputs": inputs, "outputs": outputs, "feeds": feeds, "kinds": kinds, "requirements": requirements});
        if !every.is_empty() {
            row["every"] = json!(every);
        }
        Ok(row)
    };
    texts::PROCESSES.iter().map(row).collect()
}

fn approve_all(scene: &mut Scene<'_, '_>, plans: &'static [Plan]) -> Result<()> {
    for plan in plans {
        let document = scene.world.named(&format!("document:{}", plan.template))?;
        scene.by(plan.owner)?.go(document, "in_review", "ready to be approved", json!({}))?;
        let approver = match plan.approver {
            "top_management" => "founder",
            _ => "lead",
        };
        let from = scene.in_days(1).to_string();
        let role = scene.world.named("role:aims_lead")?.to_string();
        let set = json!({
            "effective_from": from, "review_by": scene.in_days(360).to_string(),
            "distribution": [{"role": role, "channel": "here", "since": from}],
        });
        scene.by(approver)?.approve(document, "approve", "says what we do and is short enough to be read", set)?;
    }
    Ok(())
}

/// What other policies say about AI, and how the rules of use follow from the AI policy.
pub(super) fn relate(scene: &mut Scene<'_, '_>) -> Result<()> {
    let policy = scene.world.named("document:T-AI-POLICY")?;
    let rules = scene.world.named("document:T-AUP")?;
    let mut rows: Vec<Json> =
        OTHER_POLICIES.iter().map(|(topic, name)| json!({"topic": topic, "policy": name, "effect": "none"})).collect();
    rows.push(json!({"document": rules.to_string(), "topic": "conduct", "effect": "refers"}));
    scene.by("analyst")?.revise(policy, json!({"related": rows}))?;
    let set = scene.review_in(360);
    scene.by("lead")?.approve(rules, "review", "says nothing but what the AI policy says, for daily work", set)
}

/// Each hundred days somebody verifies the ledger from outside, by its public key alone.
pub(super) fn begin_to_verify(scene: &mut Scene<'_, '_>) -> Result<()> {
    scene.each(100, "verify the ledger", verify_ledger);
    verify_ledger(scene)
}

fn verify_ledger(scene: &mut Scene<'_, '_>) -> Result<()> {
    let organisation = scene.world.named("organisation")?;
    let title = "Ledger verified from its export with the public key alone, up to the latest checkpoint";
    super::measuring::note_for(scene, ("controller", "security"), title, &[organisation], &["7.5.3"]).map(|_| ())
}

/// Half a year on the owners look at their documents again.
fn review(scene: &mut Scene<'_, '_>) -> Result<()> {
    for template in ["T-AUP", "T-AIIA-PROC", "T-INCIDENT"] {
        let document = scene.world.named(&format!("document:{template}"))?;
        let set = scene.review_in(360);
        let reader = if template == "T-AUP" { "lead" } else { "caio" };
        scene.by(reader)?.approve(document, "review", "looked at after the first half year, nothing to change", set)?;
    }
    Ok(())
}
