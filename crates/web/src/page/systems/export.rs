//! The list of systems as a file: exactly what the address shows, all its pages.

use vouch_app::Result;
use vouch_record::kind::generated::shared::RiskTier;

use super::filter::Chosen;
use super::list::level_word;
use super::row::{Row, role_word, stage_word};
use crate::answer::Answer;
use crate::request::Context;
use crate::spreadsheet::{Cell, Sheet};

/// `GET /systems/export.csv`
pub(crate) fn csv(context: &Context<'_>) -> Result<Answer> {
    Ok(sheet(context)?.csv())
}

/// `GET /systems/export.xlsx`
pub(crate) fn xlsx(context: &Context<'_>) -> Result<Answer> {
    sheet(context)?.xlsx()
}

fn sheet(context: &Context<'_>) -> Result<Sheet> {
    let rows = super::rows(context)?;
    let chosen = Chosen::of(context, &rows);
    let heads = vec![
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
    Ok(Sheet { name: "AI systems", heads, rows: chosen.rows.iter().map(|row| cells(row)).collect() })
}

fn cells(row: &Row) -> Vec<Cell> {
    let roles: Vec<String> = row.roles.iter().map(|role| role_word(*role)).collect();
    let (owner, owner_id) = row.owner.as_ref().map_or_else(Default::default, |(id, name)| (name.clone(), id.to_string()));
    let risks = |level: RiskTier| Cell::Number(row.risks[level as usize]);
    vec![
        row.id.to_string().into(),
        row.name.clone().into(),
        row.purpose.clone().into(),
        row.state.clone().into(),
        roles.join(", ").into(),
        stage_word(row.stage).into(),
        row.tier.map(level_word).unwrap_or_default().into(),
        owner.into(),
        owner_id.into(),
        row.assessment.word.clone().into(),
        risks(RiskTier::Critical),
        risks(RiskTier::High),
        risks(RiskTier::Moderate),
        risks(RiskTier::Low),
        row.proof.0.into(),
        row.proof.1.into(),
        row.findings.into(),
        if row.in_scope { "Yes" } else { "No" }.into(),
    ]
}
