//! The list of systems as a file: exactly what the address shows, all its pages.

use vouch_app::Result;
use vouch_app::sheet::Sheet;
use vouch_record::kind::generated::shared::RiskTier;

use super::filter::Chosen;
use super::list::level_word;
use super::row::{Row, role_word, stage_word};
use crate::answer::Answer;
use crate::request::Context;
use crate::spreadsheet;

/// `GET /systems/export.csv`
pub(crate) fn csv(context: &Context<'_>) -> Result<Answer> {
    spreadsheet::csv("AI systems", &sheet(context)?)
}

/// `GET /systems/export.xlsx`
pub(crate) fn xlsx(context: &Context<'_>) -> Result<Answer> {
    spreadsheet::xlsx("AI systems", &sheet(context)?)
}

fn sheet(context: &Context<'_>) -> Result<Sheet> {
    let rows = super::rows(context)?;
    let chosen = Chosen::of(context, &rows);
    Ok(Sheet::new(&HEADINGS, chosen.rows.iter().map(|row| cells(row)).collect()))
}

const HEADINGS: [&str; 18] = [
    "Id",
    "System",
    "Purpose",
    "State",
    "Roles",
    "Life-cycle stage",
    "Risk tier",
    "Owner",
    "Owner id",
    "Impact assessment",
    "Critical risks",
    "High risks",
    "Moderate risks",
    "Low risks",
    "Proof in date",
    "Proof asked",
    "Findings",
    "In scope",
];

fn cells(row: &Row) -> Vec<String> {
    let roles: Vec<String> = row.roles.iter().map(|role| role_word(*role)).collect();
    let (owner, owner_id) = row.owner.as_ref().map_or_else(Default::default, |(id, name)| (name.clone(), id.to_string()));
    let risks = |level: RiskTier| row.risks[level as usize].to_string();
    vec![
        row.id.to_string(),
        row.name.clone(),
        row.purpose.clone(),
        row.state.clone(),
        roles.join(", "),
        stage_word(row.stage).into(),
        row.tier.map(level_word).unwrap_or_default(),
        owner,
        owner_id,
        row.assessment.word.clone(),
        risks(RiskTier::Critical),
        risks(RiskTier::High),
        risks(RiskTier::Moderate),
        risks(RiskTier::Low),
        row.proof.0.to_string(),
        row.proof.1.to_string(),
        row.findings.to_string(),
        if row.in_scope { "Yes" } else { "No" }.into(),
    ]
}
