//! Suppliers: entered, assessed by the contracting officer, approved by others.

use serde_json::{Value as Json, json};
use vouch_record::Id;

use super::profile::Work;
use super::scene::Scene;
use crate::error::Result;

/// Name in the story, name, what it provides, tier, and what it does here.
const SUPPLIERS: [(&str, &str, &[&str], &str, &str); COUNT] = [
    ("identity", "Lumen Identity Systems", &["model", "integration"], "high", "matching of faces and fingerprints"),
    ("checkpoint", "Harbour Checkpoint Technologies", &["embedded_ai"], "high", "screening machines with detection inside"),
    ("language", "Tallgrass Language Services", &["ai_service", "model"], "high", "language models as a service"),
    ("integration", "Meridian Public Sector", &["integration"], "high", "building and running of models to order"),
    ("analytics", "Northwind Analytics", &["model", "integration"], "high", "scores and searches for investigators"),
    ("cases", "Cobalt Case Software", &["embedded_ai"], "high", "case software with functions of AI"),
    ("cloud", "Stratus Government Cloud", &["compute"], "high", "computing and storage"),
];

/// How many there are.
pub(super) const COUNT: usize = 7;

/// What every contract says.
const CLAUSES: [&str; 6] = ["responsibilities", "data_use", "change_notice", "incident_notice", "exit", "testing"];

/// What every supplier was asked, and answered.
const ANSWERS: [(&str, &str, &str); 4] = [
    ("origin", "Where do model and data come from?", "Own and licensed data, listed in the data sheet."),
    ("our_data", "What happens with our data?", "They are used for our cases only and deleted after the contract."),
    ("testing", "How is quality tested?", "Reports by release with error rates by group."),
    ("change", "How are changes announced?", "Thirty days before a new version."),
];

/// Who stands behind a system that was not built by own people alone.
pub(super) fn for_system(work: Work, unit: &str) -> &'static str {
    match (work, unit) {
        (Work::Matching, _) => "identity",
        (Work::Seeing, "TSA" | "CBP") => "checkpoint",
        (Work::Language, _) => "language",
        (Work::Scoring, "ICE" | "USSS") => "analytics",
        (_, "USCIS") => "cases",
        _ => "integration",
    }
}

/// All are entered and assessed; approval follows.
pub(super) fn enter(scene: &mut Scene<'_, '_>) -> Result<()> {
    for (at, supplier) in SUPPLIERS.iter().enumerate() {
        let name = supplier.0;
        let fields = fields(scene, at)?;
        let id = scene.by("buyer")?.create("supplier", fields)?;
        scene.world.call(format!("supplier:{name}"), id);
        prove_answers(scene, id)?;
        scene.by("procurement")?.go(id, "assessed", "questionnaire and documents are in", json!({}))?;
        scene.later(2, ("approve a supplier", name), move |scene| approve(scene, at, name));
    }
    Ok(())
}

/// What the supplier answered is shown by documents that somebody else reads.
fn prove_answers(scene: &mut Scene<'_, '_>, supplier: Id) -> Result<()> {
    let proof = super::measuring::note(scene, "buyer", "security", "Data sheets and test reports behind the answers", &[supplier])?;
    scene.world.call(format!("answers:{supplier}"), proof);
    let rows = scene.field(supplier, "answers").and_then(|rows| rows.as_array().cloned()).unwrap_or_default();
    let rows: Vec<Json> = rows
        .into_iter()
        .map(|mut row| {
            row["proof"] = json!([proof.to_string()]);
            row
        })
        .collect();
    scene.by("buyer")?.revise(supplier, json!({"answers": rows}))
}

fn approve(scene: &mut Scene<'_, '_>, at: usize, name: &str) -> Result<()> {
    let id = scene.world.named(&format!("supplier:{name}"))?;
    let set = scene.review_in(360);
    scene.by("procurement")?.approve(id, "approve", "answers and contract are enough for its tier", set.clone())?;
    if SUPPLIERS[at].3 == "high" {
        let owner = if name == "cases" { "risk_services" } else { "risk_borders" };
        scene.by(owner)?.approve(id, "approve", "we can depend on it under these terms", set)?;
    }
    Ok(())
}

fn fields(scene: &Scene<'_, '_>, at: usize) -> Result<Json> {
    let (_, name, provides, tier, does) = SUPPLIERS[at];
    let today = scene.today().to_string();
    let clause = |clause: &str| json!({"clause": clause, "result": "agreed", "reference": "schedule B"});
    let answer = |(topic, question, answer): (&str, &str, &str)| json!({"topic": topic, "question": question, "answer": answer, "given_on": today, "rating": "good"});
    let high = tier == "high";
    let mut fields = json!({
        "name": name, "country": "US", "provides": provides, "its_roles": ["developer"], "tier": tier,
        "tier_reason": if high { "Systems that touch rights or safety cannot do without it." } else { "It could be replaced within months." },
        "owner": scene.world.person("procurement")?.to_string(), "contact": "account team",
        "contracts": [{"number": format!("SAHS-{:05}", 26_000 + at * 117), "title": format!("Agreement on {does}"), "from": scene.world.days_before(700).to_string(), "to": scene.world.days_before(-400).to_string(), "covers": does}],
        "clauses": CLAUSES.map(clause),
        "learns_from_our_data": "no", "data_received": if high { json!(["identity", "content"]) } else { json!(["none"]) },
        "answers": ANSWERS.map(answer),
        "assessments": [{"on": today, "by": scene.world.person("buyer")?.to_string(), "covers_from": scene.world.days_before(500).to_string(), "covers_to": today, "basis": ["questionnaire", "documents"], "result": "accept", "next_on": scene.in_days(350).to_string()}],
    });
    if provides.iter().any(|what| ["model", "ai_service", "embedded_ai"].contains(what)) {
        fields["change_notice"] = json!("P30D");
    }
    if high {
        fields["incident_notice"] = json!("P3D");
        fields["exit_plan"] =
            json!("Second source named, data handed over in ninety days, models kept running in escrow for six months.");
        fields["measures"] = json!([scene.world.named("measure:availability")?.to_string()]);
    }
    Ok(fields)
}
