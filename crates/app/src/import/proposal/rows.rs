//! A table read through a mapping, row by row.

use std::collections::{BTreeSet, HashMap};
use std::io::Read;

use super::super::error::Error;
use super::super::mapping::{Mapping, Recognition};
use super::super::table::{Row, Table};
use super::build::Building;
use super::fingerprint::digest;
use super::row::Answers;
use super::{Comparison, Fingerprints, ImportKey, ProblemKind, RowProblem, RowProposal};

/// What became of one row.
#[derive(Clone, PartialEq, Debug)]
pub enum RowOutcome {
    /// The records it would make.
    Proposed(Box<RowProposal>),
    /// Why it makes nothing: all of its problems, not only the first.
    Rejected(Vec<RowProblem>),
}

/// A table read through a mapping. Of the rows that have passed it keeps 40 bytes each, to tell repeated ones.
pub struct Rows<'m, R> {
    table: Table<R>,
    mapping: &'m Mapping,
    recognition: Recognition,
    strict: BTreeSet<(String, String)>,
    salt: Vec<u8>,
    seen: HashMap<[u8; 16], u32>,
    keys: HashMap<[u8; 16], u32>,
}

impl<'m, R: Read> Rows<'m, R> {
    /// Reads `table` through `mapping`; `salt` goes into every fingerprint.
    ///
    /// # Errors
    /// If the table lacks a column that the mapping requires.
    pub fn new(table: Table<R>, mapping: &'m Mapping, salt: &[u8]) -> Result<Self, Error> {
        let recognition = mapping.recognise(&table.header().names)?;
        let strict = mapping.strict_answers();
        Ok(Self { table, mapping, recognition, strict, salt: salt.to_vec(), seen: HashMap::new(), keys: HashMap::new() })
    }

    /// Which columns were recognised, which not.
    #[must_use]
    pub const fn recognition(&self) -> &Recognition {
        &self.recognition
    }

    /// The table that is read.
    #[must_use]
    pub const fn table(&self) -> &Table<R> {
        &self.table
    }

    fn outcome(&mut self, row: &Row) -> RowOutcome {
        if let Some(first) = self.repeated(row) {
            return RowOutcome::Rejected(vec![RowProblem {
                kind: ProblemKind::Duplicate,
                row: row.number,
                column: None,
                value: String::new(),
                reason: format!("duplicate of row {first}"),
                remedy: "nothing, or remove the row; two systems that are alike differ in at least one cell".to_owned(),
            }]);
        }
        let answers = Answers::new(self.mapping, &self.recognition, row);
        let key = next_key(&mut self.keys, self.mapping, &answers);
        let title_of = |id: &str| title_of(self.mapping, &self.recognition, id);
        let mut building = Building::new(&answers, &key, &title_of, &self.strict);
        let records = building.records();
        let Building { mut problems, notes, .. } = building;
        problems.extend(self.problems_of_shape(row, &key));
        if !problems.is_empty() {
            return RowOutcome::Rejected(problems);
        }
        let comparisons = self.comparisons(&answers);
        let fingerprints = Fingerprints::of(&records, &self.salt);
        RowOutcome::Proposed(Box::new(RowProposal { row: row.number, key, records, comparisons, notes, fingerprints }))
    }

    /// The row of which this is an exact repetition.
    fn repeated(&mut self, row: &Row) -> Option<u32> {
        let filled = row.cells.iter().rposition(|cell| !cell.is_empty()).map_or(0, |last| last + 1);
        let print = half(digest(row.cells[..filled].iter().map(String::as_bytes)));
        let number = u32::try_from(row.number).unwrap_or(u32::MAX);
        let first = *self.seen.entry(print).or_insert(number);
        (first != number).then_some(first)
    }

    fn problems_of_shape(&self, row: &Row, key: &ImportKey) -> Vec<RowProblem> {
        let problem = |column: Option<String>, value: &str, reason: &str, remedy: &str| RowProblem {
            kind: ProblemKind::Wrong,
            row: row.number,
            column,
            value: value.to_owned(),
            reason: reason.to_owned(),
            remedy: remedy.to_owned(),
        };
        let mut problems = Vec::new();
        if key.name.is_empty() {
            let title = title_of(self.mapping, &self.recognition, &self.mapping.key.name);
            problems.push(problem(Some(title), "", "the row has no name", "fill the cell, or remove the row"));
        }
        let width = self.table.header().names.len();
        if let Some(extra) = row.cells.iter().skip(width).find(|cell| !cell.is_empty()) {
            let remedy = "look for a cell with a delimiter or line break that is not quoted, or name the column in the header";
            problems.push(problem(None, extra, &format!("the row has more cells than the {width} columns of the header"), remedy));
        }
        problems
    }

    fn comparisons(&self, answers: &Answers<'_>) -> Vec<Comparison> {
        let compared = self.mapping.compare.iter().filter_map(|compare| {
            let value = answers.get(&compare.column)?.text.to_owned();
            let column = title_of(self.mapping, &self.recognition, &compare.column);
            Some(Comparison { column, kind: compare.kind.clone(), field: compare.field.clone(), value })
        });
        compared.collect()
    }
}

impl<R: Read> Iterator for Rows<'_, R> {
    type Item = Result<RowOutcome, Error>;

    /// The outcome of the next row; an error ends the table.
    fn next(&mut self) -> Option<Self::Item> {
        let row = self.table.next_row().transpose()?;
        Some(row.map(|row| self.outcome(&row)))
    }
}

/// The key of a row, with its place among those alike. A rejected row has its place too, so that correcting it does not
/// move the others.
fn next_key(keys: &mut HashMap<[u8; 16], u32>, mapping: &Mapping, answers: &Answers<'_>) -> ImportKey {
    let cell = |column: Option<&String>| column.map_or("", |column| answers.text(column));
    let columns = &mapping.key;
    let mut key =
        ImportKey::new(&mapping.source, cell(columns.agency.as_ref()), cell(columns.bureau.as_ref()), cell(Some(&columns.name)));
    let parts = [key.agency.as_bytes(), key.bureau.as_bytes(), key.name.as_bytes()];
    let count = keys.entry(half(digest(parts))).or_insert(0);
    *count += 1;
    key.ordinal = *count;
    key
}

/// What a column is called in the table, else in the mapping.
fn title_of(mapping: &Mapping, recognition: &Recognition, id: &str) -> String {
    match (recognition.columns.get(id), mapping.columns.get(id)) {
        (Some(recognised), _) => recognised.name.clone(),
        (None, Some(column)) => column.title(id).to_owned(),
        (None, None) => id.to_owned(),
    }
}

fn half(digest: [u8; 32]) -> [u8; 16] {
    let mut half = [0; 16];
    half.copy_from_slice(&digest[..16]);
    half
}
