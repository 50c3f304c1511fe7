//! What shapes the agency's use of AI: who is concerned, which duties bind, what changes around it.

use serde_json::{Value as Json, json};

use super::scene::Scene;
use crate::error::Result;

/// Name in the story, title, sort, source, duty, items it touches.
const OBLIGATIONS: [(&str, &str, &str, &str, &str, &str); 5] = [
    (
        "inventory",
        "Yearly inventory of AI uses",
        "law",
        "Advancing American AI Act",
        "Keep an inventory of AI uses and publish it once a year.",
        "4.3",
    ),
    (
        "minimum",
        "Minimum practices for impacting AI",
        "order",
        "OMB memorandum M-24-10",
        "For AI that touches rights or safety: impact assessment, test in real use, monitoring, trained people, notice and a way to object.",
        "8.4",
    ),
    (
        "privacy",
        "Privacy impact assessment",
        "law",
        "E-Government Act, section 208",
        "Assess privacy before a system with data about people is used.",
        "A.7.3",
    ),
    (
        "records",
        "Keeping of records",
        "law",
        "Federal Records Act",
        "Keep records of decisions and of what they rested on for the time of their schedule.",
        "7.5.3",
    ),
    (
        "rights",
        "Equal treatment",
        "law",
        "Civil Rights Act, title VI",
        "Nobody is treated worse for race, colour or national origin in programmes of the agency.",
        "A.5.4",
    ),
];

/// Duties from outside, confirmed by somebody who did not write them down.
pub(super) fn obligations(scene: &mut Scene<'_, '_>) -> Result<()> {
    for (name, title, sort, source, duty, item) in OBLIGATIONS {
        let periodic = name == "inventory";
        let mut fields = json!({
            "title": title, "type": sort, "source": source, "source_url": format!("https://law.agency.example/{name}"), "requirements": [format!("iso42001:{item}")], "jurisdiction": "US", "duty": duty,
            "applies": "yes", "applies_reason": "the agency is a federal agency that develops and uses AI", "in_force_from": "2023-01-01",
            "rhythm": if periodic { "periodic" } else { "standing" }, "owner": scene.world.person("compliance")?.to_string(),
            "noticed_on": scene.today().to_string(), "watched_through": "the register of federal law and the council of AI officers", "check_every": "P6M",
        });
        if periodic {
            fields["due_on"] = json!(scene.in_days(360).to_string());
            fields["every"] = json!("P1Y");
            fields["information"] = json!("Which uses of AI there are, what for, and whether they touch rights or safety.");
            fields["recipients"] = json!([scene.world.named("party:congress")?.to_string()]);
            fields["check_every"] = json!("P3M");
        }
        keep(scene, (name, "read against the source; it binds us"), fields)?;
    }
    let foreign = json!({
        "title": "Duties for AI offered in the European Union", "type": "law", "source": "Regulation (EU) 2024/1689", "source_url": "https://law.agency.example/foreign", "requirements": ["iso42001:A.8.5"], "jurisdiction": "EU",
        "duty": "Tell people what AI does to them where it is offered or used in the Union.", "applies": "no", "applies_reason": "The agency offers and uses nothing there; its offices abroad use no AI.",
        "judged_by": "Counsel for foreign law", "in_force_from": "2024-08-01", "rhythm": "standing", "owner": scene.world.person("compliance")?.to_string(),
        "noticed_on": scene.today().to_string(), "watched_through": "the register of foreign law", "check_every": "P6M",
    });
    keep(scene, ("foreign", "read by counsel; nothing of ours falls under it"), foreign)
}

/// Written down by the analyst, confirmed and checked again and again by compliance.
fn keep(scene: &mut Scene<'_, '_>, (name, reason): (&str, &str), fields: Json) -> Result<()> {
    let obligation = scene.by("analyst")?.create("obligation", fields)?;
    scene.world.call(format!("obligation:{name}"), obligation);
    scene.by("compliance")?.approve(obligation, "approve", reason, json!({}))?;
    scene.each(80, ("check an obligation", obligation), move |scene| {
        scene.by("compliance")?.approve(obligation, "verify", "compared with the source, unchanged", json!({}))
    });
    Ok(())
}

/// Title, side, category, what is the case, what follows, and the duty it leads to.
const ISSUES: [(&str, &str, &str, &str, &str, &str); 14] = [
    (
        "Rules for impacting AI came into force",
        "external",
        "law",
        "Uses that touch rights or safety must meet minimum practices or stop.",
        "Every such use needs an assessment, a test and a plan.",
        "minimum",
    ),
    (
        "Vendors put AI into products we already use",
        "external",
        "market",
        "A third of the software renewals of last year brought functions of AI that nobody asked for.",
        "Intake must look at renewals, not only at new tools.",
        "inventory",
    ),
    (
        "Language models change behind the same name",
        "external",
        "technology",
        "Two providers replaced a model without a new name within six months.",
        "Versions are pinned or watched.",
        "minimum",
    ),
    (
        "Face matching is debated in public",
        "external",
        "society",
        "Courts and researchers ask for error rates by group.",
        "Rates by group are measured and published.",
        "rights",
    ),
    (
        "Heat and storms change the work",
        "external",
        "climate",
        "Disaster work doubles in late summer; models trained on mild years misjudge damage.",
        "Damage models are tested on recent seasons.",
        "",
    ),
    (
        "Forged pictures and voices",
        "external",
        "security_threat",
        "Applications with made pictures rose threefold.",
        "Models that read pictures are tested against forgeries.",
        "minimum",
    ),
    (
        "Few makers of large models",
        "external",
        "supply",
        "Eight in ten language uses rest on two providers.",
        "Suppliers of the high tier have a way out.",
        "",
    ),
    (
        "Growth of uses without growth of people",
        "internal",
        "strategy",
        "The number of uses doubled in two years, the number of assessors did not.",
        "High tiers come first, low tiers get a screening.",
        "inventory",
    ),
    (
        "Officers trust a score more than they say",
        "internal",
        "culture",
        "A trial showed agreement with wrong scores in one case of six.",
        "Oversight plans measure agreement.",
        "minimum",
    ),
    (
        "Not enough people who can assess impact",
        "internal",
        "skills",
        "Two assessors for the whole agency.",
        "Two more are trained this year.",
        "",
    ),
    (
        "Old case data carry old habits",
        "internal",
        "data",
        "Training data of enforcement follow where officers once looked.",
        "Data are assessed for who is missing.",
        "rights",
    ),
    (
        "Systems of three generations",
        "internal",
        "systems",
        "Some models run where no log can be had.",
        "Logs are asked for at the next renewal.",
        "records",
    ),
    (
        "Bureaus decide for themselves",
        "internal",
        "structure",
        "Each bureau buys and builds; the inventory saw it last.",
        "Owners in each bureau, one register.",
        "inventory",
    ),
    (
        "Money ends with the year",
        "internal",
        "finance",
        "Contracts run a year; tests planned late are not done.",
        "Tests are planned with the contract.",
        "",
    ),
];

/// Issues inside and outside, judged by the AIMS lead who did not write them.
pub(super) fn issues(scene: &mut Scene<'_, '_>) -> Result<()> {
    for (at, (title, side, category, description, effect, duty)) in ISSUES.iter().enumerate() {
        let mut fields = json!({
            "title": title, "side": side, "category": category, "description": description, "relevant": "yes",
            "relevance_reason": "it touches what the management system is meant to reach", "effect": effect,
            "owner": scene.world.person("compliance")?.to_string(), "seen_on": scene.today().to_string(),
        });
        if duty.is_empty() {
            fields["no_consequence_because"] =
                json!("it is taken up in the risks of the systems it touches, which are assessed next");
        } else {
            fields["obligations"] = json!([scene.world.named(&format!("obligation:{duty}"))?.to_string()]);
        }
        let issue = scene.by("analyst")?.create("context-issue", fields)?;
        scene.world.call(format!("issue:{at:02}"), issue);
        let set = scene.review_in(330);
        scene.by("lead")?.approve(issue, "review", "fits what we see", set)?;
    }
    scene.later(215, "look at issues", look_again);
    Ok(())
}

/// Seven months on the lead goes through all of them again.
fn look_again(scene: &mut Scene<'_, '_>) -> Result<()> {
    for issue in scene.world.all_named("issue:") {
        let set = scene.review_in(330);
        scene.by("lead")?.approve(issue, "review", "read again with what the year brought; still so", set)?;
    }
    Ok(())
}
