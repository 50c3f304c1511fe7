//! The statement as a file: exactly what the address shows.

use serde_json::json;
use vouch_app::Result;
use vouch_app::sheet::{self, Sheet};
use vouch_conform::statement::Row;

use super::row;
use crate::answer::Answer;
use crate::request::Context;
use crate::spreadsheet;

/// Name of the file.
const NAME: &str = "Statement of Applicability";

/// `GET /soa/export.csv`
pub(crate) fn csv(context: &Context<'_>) -> Result<Answer> {
    spreadsheet::csv(NAME, &shown(context)?)
}

/// `GET /soa/export.xlsx`
pub(crate) fn xlsx(context: &Context<'_>) -> Result<Answer> {
    spreadsheet::xlsx(NAME, &shown(context)?)
}

/// `GET /soa/export.json`
pub(crate) fn json(context: &Context<'_>) -> Result<Answer> {
    let statement = &context.answers()?.statement;
    let controls = chosen(context)?;
    let rows: Vec<&Row> = statement.rows.iter().filter(|row| controls.contains(&row.control)).collect();
    let whole =
        json!({"as_of": statement.as_of.to_string(), "version": statement.version, "counts": statement.counts, "rows": rows});
    Ok(Answer::File { name: Some(format!("{NAME}.json")), mime: "application/json", bytes: whole.to_string().into_bytes() })
}

/// The controls that the address shows.
fn chosen(context: &Context<'_>) -> Result<Vec<String>> {
    let lines = row::lines(context, &context.answers()?.statement);
    Ok(super::chosen(context, &lines).into_iter().map(|line| line.row.control.clone()).collect())
}

/// The table of the command line, with the rows that the address shows.
fn shown(context: &Context<'_>) -> Result<Sheet> {
    let controls = chosen(context)?;
    let mut sheet = sheet::statement(&context.answers()?.statement);
    sheet.rows.retain(|row| row.first().is_some_and(|control| controls.contains(control)));
    Ok(sheet)
}
