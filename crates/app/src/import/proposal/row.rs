//! The cells of one row under the ids of a mapping, and whether conditions hold for them.

use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

use super::super::mapping::{Answer, Condition, DateReading, Mapping, Recognition, read_date};
use super::super::table::Row;
use super::super::text::{best_fit, even};

/// A cell that holds an answer.
pub(super) struct Cell<'a> {
    pub(super) text: &'a str,
    evened: OnceCell<String>,
}

impl Cell<'_> {
    pub(super) fn evened(&self) -> &str {
        self.evened.get_or_init(|| even(self.text))
    }
}

/// The answers of a row. What counts as blank is not there.
pub(super) struct Answers<'a> {
    pub(super) mapping: &'a Mapping,
    pub(super) row: usize,
    cells: BTreeMap<&'a str, Cell<'a>>,
    used: RefCell<BTreeSet<&'a str>>,
    /// Name and text of filled cells whose column the mapping does not know.
    pub(super) others: Vec<(&'a str, &'a str)>,
}

impl<'a> Answers<'a> {
    pub(super) fn new(mapping: &'a Mapping, recognition: &'a Recognition, row: &'a Row) -> Self {
        let others = recognition.unmatched.iter().zip(&recognition.unmatched_at).filter_map(|(name, index)| {
            let text = row.cells.get(*index).filter(|text| !text.is_empty())?;
            Some((name.as_str(), text.as_str()))
        });
        let cells = recognition.columns.iter().filter_map(|(id, column)| {
            let text = row.cells.get(column.index).filter(|text| !text.is_empty())?;
            let cell = Cell { text, evened: OnceCell::new() };
            let blank = !mapping.blank.is_empty() && text.len() < 60 && best_fit(&mapping.blank, cell.evened()).is_some();
            (!blank).then_some((id.as_str(), cell))
        });
        Self { mapping, row: row.number, cells: cells.collect(), used: RefCell::default(), others: others.collect() }
    }

    /// The answer in a column.
    pub(super) fn get(&self, column: &str) -> Option<&Cell<'a>> {
        self.cells.get(column)
    }

    /// The text of an answer, empty if there is none.
    pub(super) fn text(&self, column: &str) -> &'a str {
        self.get(column).map_or("", |cell| cell.text)
    }

    /// Says that something took the answer up.
    pub(super) fn take_up(&self, column: &str) {
        if let Some((id, _)) = self.cells.get_key_value(column) {
            self.used.borrow_mut().insert(id);
        }
    }

    /// Columns with an answer that nothing took up.
    pub(super) fn left_over(&self) -> Vec<(&'a str, &'a str)> {
        let used = self.used.borrow();
        self.cells.iter().filter(|(id, _)| !used.contains(*id)).map(|(id, cell)| (*id, cell.text)).collect()
    }

    /// Whether a condition holds, given the keys of the records that are made.
    pub(super) fn holds(&self, condition: &Condition, made: &BTreeSet<&str>) -> bool {
        condition.column.as_ref().is_none_or(|column| self.answer_holds(condition, column))
            && condition.made.as_ref().is_none_or(|key| made.contains(key.as_str()))
            && condition.unmade.as_ref().is_none_or(|key| !made.contains(key.as_str()))
            && (condition.any.is_empty() || condition.any.iter().any(|inner| self.holds(inner, made)))
            && condition.all.iter().all(|inner| self.holds(inner, made))
            && !condition.none.iter().any(|inner| self.holds(inner, made))
    }

    fn answer_holds(&self, condition: &Condition, column: &str) -> bool {
        let Some(cell) = self.get(column) else {
            // Without an answer only a question for its absence is met.
            return condition.is.is_empty()
                && condition.not.is_empty()
                && condition.filled != Some(true)
                && condition.dated != Some(true);
        };
        let table = condition.values.as_ref().and_then(|name| self.mapping.values.get(name));
        let is_one_of = |patterns: &[super::super::text::Pattern]| match table.map(|table| table.answer(cell.evened())) {
            None => best_fit(patterns, cell.evened()).is_some(),
            Some(Answer::Ids(ids)) => ids.iter().any(|id| patterns.iter().any(|pattern| pattern.written() == *id)),
            Some(Answer::Nothing | Answer::Kept | Answer::Unknown) => false,
        };
        let dated = || matches!(read_date(cell.text, self.mapping.date_style()), DateReading::Day(_));
        condition.filled != Some(false)
            && (condition.is.is_empty() || is_one_of(&condition.is))
            && !is_one_of(&condition.not)
            && condition.dated.is_none_or(|wanted| wanted == dated())
    }
}
