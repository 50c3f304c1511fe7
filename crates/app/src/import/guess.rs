//! A mapping for a table nobody has mapped yet: its headers are compared with the fields of an AI system.

use std::io::{Read, Seek};

use vouch_record::Kinds;

use super::mapping::{GuessField, Mapping};
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
