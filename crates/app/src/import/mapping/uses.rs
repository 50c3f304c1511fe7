//! Which columns are read by which value tables, anywhere in a mapping.

use std::collections::BTreeSet;

use super::{Condition, Feed, FieldFeed, Mapping, Unknown};

impl Mapping {
    /// Columns whose whole answers must be in a value table, since that table rejects what it does not hold.
    pub(in super::super) fn strict_answers(&self) -> BTreeSet<(String, String)> {
        let strict = |(_, table): &(String, String)| self.values.get(table).is_some_and(|table| table.unknown == Unknown::Reject);
        self.uses().tables.into_iter().filter(strict).collect()
    }

    /// Columns that feed nothing, with the names under which they come: what a guess did not match. Their answers are
    /// kept as `kept` says.
    #[must_use]
    pub fn unfed_columns(&self) -> Vec<(String, String)> {
        let mut fed = self.uses().columns;
        fed.extend([self.key.agency.clone(), self.key.bureau.clone(), Some(self.key.name.clone())].into_iter().flatten());
        fed.extend(self.compare.iter().map(|compare| compare.column.clone()));
        let unfed = self.columns.iter().filter(|(id, _)| !fed.contains(*id));
        unfed.map(|(id, column)| (id.clone(), column.title(id).to_owned())).collect()
    }

    fn uses(&self) -> Uses {
        let mut uses = Uses::default();
        for record in &self.records {
            record.when.iter().for_each(|when| uses.condition(when));
            for feed in record.fields.values() {
                match feed {
                    FieldFeed::One(feed) => uses.feed(self, feed),
                    FieldFeed::Rows(rows) => rows.iter().for_each(|row| {
                        uses.columns.extend(row.each.clone());
                        row.when.iter().for_each(|when| uses.condition(when));
                        row.cells.values().for_each(|cell| uses.feed(self, &cell.0));
                    }),
                }
            }
        }
        uses
    }
}

#[derive(Default)]
struct Uses {
    tables: BTreeSet<(String, String)>,
    columns: BTreeSet<String>,
}

impl Uses {
    fn add(&mut self, column: Option<&String>, table: Option<&String>) {
        if let (Some(column), Some(table)) = (column, table) {
            self.tables.insert((column.clone(), table.clone()));
        }
    }

    fn feed(&mut self, mapping: &Mapping, feed: &Feed) {
        self.columns.extend(feed.column.clone());
        if let Some(column) = feed.column.as_ref().filter(|_| feed.explained) {
            self.columns.extend(mapping.explanation_of(column).map(str::to_owned));
        }
        // Where a cell is cut, its parts are looked at, not the whole.
        if feed.split.is_empty() {
            self.add(feed.column.as_ref(), feed.values.as_ref());
        }
        feed.when.iter().for_each(|when| self.condition(when));
        feed.and.iter().chain(feed.or.as_deref()).for_each(|other| self.feed(mapping, other));
    }

    fn condition(&mut self, condition: &Condition) {
        self.add(condition.column.as_ref(), condition.values.as_ref());
        let inner = condition.any.iter().chain(&condition.all).chain(&condition.none);
        inner.for_each(|inner| self.condition(inner));
    }
}
