//! The method by which risks are scored: scales, matrix, levels.

use serde_json::{Value as Json, json};

use super::scene::Scene;
use crate::error::Result;

/// Level of likelihood: title, meaning, times per year from and to.
const LIKELIHOOD: [(&str, &str, &str, &str); 5] = [
    ("Rare", "Not seen in ten years here or elsewhere", "0", "0.1"),
    ("Unlikely", "Seen elsewhere, not here", "0.1", "0.5"),
    ("Possible", "About once a year", "0.5", "2"),
    ("Likely", "Several times a year", "2", "12"),
    ("Frequent", "Every month or more often", "12", "365"),
];

/// Level of consequence, and what it means for the agency, individuals and society.
const CONSEQUENCE: [(&str, &str, &str, &str); 5] = [
    ("Slight", "Extra work of days", "Annoyance, put right at once", "Nobody outside notices"),
    ("Small", "Extra work of weeks", "Delay or cost, put right within weeks", "Local complaints"),
    (
        "Serious",
        "A programme stops for a while",
        "A right or benefit is delayed or wrongly touched",
        "Public debate, a group feels watched",
    ),
    ("Grave", "A programme ends, a court finds against us", "Liberty, status or health is harmed", "Trust of a group is lost"),
    ("Extreme", "The agency cannot do its work", "Life is lost or ruined", "Trust of the public is lost"),
];

/// Categories of risk in the order in which systems are looked at.
pub(super) const CATEGORIES: [&str; 10] = [
    "bias_fairness",
    "transparency_explainability",
    "safety_reliability",
    "drift",
    "privacy",
    "accountability",
    "societal",
    "security",
    "provenance",
    "third_party",
];

/// Level that the matrix gives.
pub(super) const fn level(likelihood: i64, consequence: i64) -> &'static str {
    match likelihood * consequence {
        ..=4 => "low",
        5..=9 => "moderate",
        10..=16 => "high",
        _ => "critical",
    }
}

/// The analyst writes the method with the head of risk, top management approves it.
pub(super) fn write(scene: &mut Scene<'_, '_>) -> Result<()> {
    let (document, policy) = (scene.world.named("document:T-RISK-PROC")?, scene.world.named("document:T-AI-POLICY")?);
    let levels = levels(scene)?;
    let fields = json!({
        "title": "Risk method of the agency", "version": "1", "document": document.to_string(), "policy": policy.to_string(),
        "appetite": "Little for rights, safety and privacy; more for efficiency inside the agency.",
        "likelihood_scale": likelihood(), "consequence_scale": consequence(), "combine": "highest_people_first", "matrix": matrix(),
        "levels": levels, "acceptance_limit": "moderate",
        "categories": CATEGORIES.iter().chain(&["management"]).collect::<Vec<_>>(),
        "impact_scale": (1..=5).map(|n| json!({"severity": n, "title": CONSEQUENCE[n - 1].0, "meaning": CONSEQUENCE[n - 1].2})).collect::<Vec<_>>(),
        "impact_act_from": 3,
        "people_scale_from_impact": (1..=5).map(|n| json!({"severity": n, "consequence": n})).collect::<Vec<_>>(),
        "uncertainty_rule": "Where facts are thin, the higher of two levels counts until they are better.",
        "quantify_from": "never", "interval": "P1Y",
        "triggers": ["new_ai_system", "significant_change", "intended_use_change", "new_data_source", "supplier_model_change", "serious_incident", "drift_alert"],
        "assess_within": "P30D", "second_score_share": "0.2", "second_score_tolerance": 1,
        "opportunities_rule": "Chances are listed beside risks and pursued by the owner's decision.",
        "valid_from": scene.in_days(7).to_string(), "review_by": scene.in_days(365).to_string(),
    });
    let method = scene.by("analyst")?.create("risk-method", fields)?;
    scene.world.call("method", method);
    scene.by("lead")?.go(method, "submitted", "complete, and no level falls where likelihood or consequence rises", json!({}))?;
    scene.later(4, "approve the method", move |scene| {
        scene.by("founder")?.approve(method, "approve", "the limits are those we want to answer for", json!({}))
    });
    Ok(())
}

fn likelihood() -> Vec<Json> {
    let row = |(at, (title, meaning, low, high)): (usize, &(&str, &str, &str, &str))| json!({"level": at + 1, "title": title, "meaning": meaning, "per_year_low": low, "per_year_high": high});
    LIKELIHOOD.iter().enumerate().map(row).collect()
}

fn consequence() -> Vec<Json> {
    let mut rows = Vec::new();
    for (at, (title, organisation, individuals, society)) in CONSEQUENCE.iter().enumerate() {
        for (side, meaning) in [("organisation", organisation), ("individuals", individuals), ("society", society)] {
            rows.push(json!({"side": side, "level": at + 1, "title": title, "meaning": meaning}));
        }
    }
    rows
}

fn matrix() -> Vec<Json> {
    let pairs = (1..=5).flat_map(|likelihood| (1..=5).map(move |consequence| (likelihood, consequence)));
    pairs.map(|(likelihood, consequence)| json!({"likelihood": likelihood, "consequence": consequence, "level": level(likelihood, consequence)})).collect()
}

fn levels(scene: &Scene<'_, '_>) -> Result<Vec<Json>> {
    let owner = scene.world.named("role:risk_owner")?.to_string();
    let top = scene.world.named("role:top_management")?.to_string();
    Ok(vec![
        json!({"level": "low", "duty": "watch", "accepted_by": owner, "acceptance_max": "P1Y", "review_every": "P1Y"}),
        json!({"level": "moderate", "duty": "decide", "accepted_by": owner, "acceptance_max": "P1Y", "treat_within": "P1Y", "review_every": "P1Y"}),
        json!({"level": "high", "duty": "treat_or_accept", "accepted_by": owner, "acceptance_max": "P6M", "treat_within": "P6M", "review_every": "P6M"}),
        json!({"level": "critical", "duty": "stop", "accepted_by": top, "acceptance_max": "P1M", "treat_within": "P1M", "review_every": "P1M"}),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_never_falls_where_likelihood_or_consequence_rises() {
        let rank = |level: &str| ["low", "moderate", "high", "critical"].iter().position(|one| *one == level);
        for one in 1..=5 {
            for other in 1..5 {
                assert!(rank(level(one, other)) <= rank(level(one, other + 1)));
                assert!(rank(level(other, one)) <= rank(level(other + 1, one)));
            }
        }
    }
}
