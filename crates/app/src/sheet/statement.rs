//! The Statement of Applicability as a table: one row per control.

use vouch_conform::statement::{Row, Statement};
use vouch_record::Id;

use super::Sheet;

/// Names of the columns.
const HEADINGS: [&str; 14] = [
    "control",
    "title",
    "decision",
    "approved",
    "reasons",
    "exclusion ground",
    "exclusion reason",
    "owner",
    "procedures",
    "implementation",
    "missing",
    "systems",
    "failing systems",
    "due",
];

fn cells(row: &Row) -> Vec<String> {
    let reasons = row.reasons.iter().map(|reason| match reason.record {
        Some(record) => format!("{} {record}: {}", reason.source, reason.why),
        None => format!("{}: {}", reason.source, reason.why),
    });
    let exclusion = row.exclusion.as_ref();
    vec![
        row.control.clone(),
        row.title.clone(),
        row.decision.word().to_owned(),
        if row.approved { "yes" } else { "no" }.to_owned(),
        reasons.collect::<Vec<_>>().join("; "),
        exclusion.and_then(|exclusion| exclusion.ground).unwrap_or_default().to_owned(),
        exclusion.map(|exclusion| exclusion.reason.clone()).unwrap_or_default(),
        row.owner.as_ref().map(ToString::to_string).unwrap_or_default(),
        row.procedures.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "),
        row.implementation.to_owned(),
        row.next.clone().unwrap_or_default(),
        row.systems.to_string(),
        row.failing.iter().map(Id::to_string).collect::<Vec<_>>().join(" "),
        row.due.map(|due| due.to_string()).unwrap_or_default(),
    ]
}

/// The statement as a table.
#[must_use]
pub fn statement(statement: &Statement) -> Sheet {
    Sheet::new(&HEADINGS, statement.rows.iter().map(cells).collect())
}
