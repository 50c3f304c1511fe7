//! A mapping for a table nobody has mapped yet: its headers are compared with the fields of an AI system.

use std::collections::BTreeMap;
use std::io::{Read, Seek};

use vouch_record::Kinds;

use super::mapping::{GuessField, Mapping, fed_by_guess};
use super::run::table_error;
use super::table::{Options, Table};
use crate::error::Result;
use crate::record::no_kind;

/// Kind that a row of an unknown table makes.
const KIND: &str = "ai-system";

/// Guesses a mapping from the headers of a table; `name` becomes the name of its source.
///
/// # Errors
/// When the file is no table, or no column looks like the name of a system.
pub fn guessed<R: Read + Seek>(kinds: &Kinds, name: &str, file: R) -> Result<Mapping> {
    let kind = kinds.get(KIND).ok_or_else(|| no_kind(KIND))?;
    let table = Table::open(file, &Options::default()).map_err(table_error)?;
    let fields = GuessField::of_kind(kind);
    let source = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Mapping::guess(source, &table.header().names, KIND, &fields).map_err(table_error)
}

/// Rows from which samples of a column are taken.
const SAMPLE_ROWS: usize = 40;
/// Samples of a column.
const SAMPLES: usize = 3;

/// The columns of a table that nobody has mapped yet.
#[derive(Clone, Debug, Default)]
pub struct Columns {
    /// their names, from left to right
    pub names: Vec<String>,
    /// some answers of each
    pub samples: Vec<Vec<String>>,
    /// fields that a column may feed
    pub fields: Vec<String>,
    /// the column of each field that has one, by its place
    pub fed: BTreeMap<String, usize>,
}

/// The columns of a table, each with the field that it looks like.
///
/// # Errors
/// When the file is no table.
pub fn columns<R: Read + Seek>(kinds: &Kinds, file: R) -> Result<Columns> {
    let kind = kinds.get(KIND).ok_or_else(|| no_kind(KIND))?;
    let mut table = Table::open(file, &Options::default()).map_err(table_error)?;
    let fields = GuessField::of_kind(kind);
    let names = table.header().names.clone();
    let fed = fed_by_guess(&names, &fields).map_err(table_error)?;
    let mut samples = vec![Vec::new(); names.len()];
    for _ in 0..SAMPLE_ROWS {
        let Some(row) = table.next_row().map_err(table_error)? else { break };
        for (seen, cell) in samples.iter_mut().zip(row.cells) {
            if seen.len() < SAMPLES && !cell.is_empty() && !seen.contains(&cell) {
                seen.push(cell);
            }
        }
    }
    Ok(Columns { names, samples, fields: fields.into_iter().map(|field| field.name).collect(), fed })
}

/// The mapping of a table whose columns a person has looked at; `name` becomes the name of its source.
///
/// # Errors
/// When no column feeds the name.
pub fn mapped(kinds: &Kinds, name: &str, columns: &Columns) -> Result<Mapping> {
    let kind = kinds.get(KIND).ok_or_else(|| no_kind(KIND))?;
    let source = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    Mapping::feeding(source, &columns.names, (KIND, &GuessField::of_kind(kind)), &columns.fed).map_err(table_error)
}
