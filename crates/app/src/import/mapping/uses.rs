//! Which columns are read by which value tables, anywhere in a mapping.

use std::collections::BTreeSet;

use super::{Condition, Feed, FieldFeed, Mapping, Unknown};

impl Mapping {
    /// Columns whose whole answers must be in a value table, since that table rejects what it does not hold.
    pub(in super::super) fn strict_answers(&self) -> BTreeSet<(String, String)> {
        let mut uses = Uses::default();
        for record in &self.records {
            record.when.iter().for_each(|when| uses.condition(when));
            for feed in record.fields.values() {
                match feed {
                    FieldFeed::One(feed) => uses.feed(feed),
                    FieldFeed::Rows(rows) => rows.iter().for_each(|row| {
                        row.when.iter().for_each(|when| uses.condition(when));
                        row.cells.values().for_each(|cell| uses.feed(&cell.0));
                    }),
                }
            }
        }
        let strict = |(_, table): &(String, String)| self.values.get(table).is_some_and(|table| table.unknown == Unknown::Reject);
        uses.0.into_iter().filter(strict).collect()
    }
}

#[derive(Default)]
struct Uses(BTreeSet<(String, String)>);

impl Uses {
    fn add(&mut self, column: Option<&String>, table: Option<&String>) {
        if let (Some(column), Some(table)) = (column, table) {
            self.0.insert((column.clone(), table.clone()));
        }
    }

    fn feed(&mut self, feed: &Feed) {
        // Where a cell is cut, its parts are looked at, not the whole.
        if feed.split.is_empty() {
            self.add(feed.column.as_ref(), feed.values.as_ref());
        }
        feed.when.iter().for_each(|when| self.condition(when));
        feed.and.iter().chain(feed.or.as_deref()).for_each(|other| self.feed(other));
    }

    fn condition(&mut self, condition: &Condition) {
        self.add(condition.column.as_ref(), condition.values.as_ref());
        let inner = condition.any.iter().chain(&condition.all).chain(&condition.none);
        inner.for_each(|inner| self.condition(inner));
    }
}
