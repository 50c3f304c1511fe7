//! Whether a mapping holds together.

use std::collections::BTreeSet;

use super::super::error::Error;
use super::{Condition, Feed, FieldFeed, Mapping, Pattern, ReadAs, RowFeed};

const HINT: &str = "correct the mapping";

impl Mapping {
    /// Whether every name in it is one that it holds, and every feed says in one way where its value comes from.
    ///
    /// # Errors
    /// The first thing that does not hold, with its place.
    pub fn check(&self) -> Result<(), Error> {
        if self.source.trim().is_empty() {
            return Err(Error::mapping("`source` is empty", "name the inventory"));
        }
        if !(1..=12).contains(&self.fiscal_year_begins) {
            return Err(Error::mapping("`fiscal_year_begins` is no month", "give a number from 1 to 12"));
        }
        self.check_columns()?;
        self.check_patterns(&self.blank, "blank")?;
        for (name, table) in &self.values {
            for patterns in table.to.values().chain([&table.empty, &table.kept]) {
                self.check_patterns(patterns, &format!("values.{name}"))?;
            }
        }
        let keys: Vec<&str> = self.records.iter().map(|record| record.key.as_str()).collect();
        if keys.is_empty() {
            return Err(Error::mapping("the mapping makes no record", "add `[[records]]` with key, kind and fields"));
        }
        let place = Place { mapping: self, keys: &keys, made: &keys, part: false };
        for (at, record) in self.records.iter().enumerate() {
            let path = format!("records.{}", record.key);
            if keys[..at].contains(&record.key.as_str()) || !is_key(&record.key) {
                let message = format!("`{path}`: the key is used twice or is no word of small letters, digits and `_`");
                return Err(Error::mapping(message, HINT));
            }
            if let Some(when) = &record.when {
                Place { made: &keys[..at], ..place }.condition(when, &path)?;
            }
            for (field, feed) in &record.fields {
                place.field(feed, &format!("{path}.fields.{field}"))?;
            }
        }
        self.check_kept(&keys)
    }

    fn check_columns(&self) -> Result<(), Error> {
        for (id, column) in &self.columns {
            let Some(after) = &column.after else { continue };
            if self.columns.get(after).is_none_or(|question| question.after.is_some()) {
                return Err(Error::mapping(format!("`columns.{id}` comes after `{after}`, which is no column of its own"), HINT));
            }
        }
        let key = [self.key.agency.as_ref(), self.key.bureau.as_ref(), Some(&self.key.name)].into_iter().flatten();
        for column in key.chain(self.compare.iter().map(|compare| &compare.column)) {
            self.check_column(column, "key or compare")?;
        }
        Ok(())
    }

    fn check_kept(&self, keys: &[&str]) -> Result<(), Error> {
        let Some(kept) = &self.kept else { return Ok(()) };
        if !keys.contains(&kept.record.as_str()) {
            return Err(Error::mapping(format!("`kept` names `{}`, which is no record of the mapping", kept.record), HINT));
        }
        let fields = self.records.iter().filter(|record| record.key == kept.record);
        if fields.flat_map(|record| record.fields.get(&kept.list)).any(|feed| matches!(feed, FieldFeed::One(_))) {
            return Err(Error::mapping(format!("`kept` names `{}`, which is fed as one value and not as rows", kept.list), HINT));
        }
        Ok(())
    }

    fn check_column(&self, column: &str, path: &str) -> Result<(), Error> {
        if self.columns.contains_key(column) {
            return Ok(());
        }
        Err(Error::mapping(
            format!("`{path}`: there is no column `{column}`"),
            format!("add `[columns.{column}]` or correct the name"),
        ))
    }

    fn check_patterns(&self, patterns: &[Pattern], path: &str) -> Result<(), Error> {
        match patterns.iter().find(|pattern| !pattern.is_sensible()) {
            None => Ok(()),
            Some(pattern) => Err(Error::mapping(format!("`{path}`: `{}` has neither letter nor digit", pattern.written()), HINT)),
        }
    }
}

fn is_key(key: &str) -> bool {
    key.starts_with(|c: char| c.is_ascii_lowercase())
        && key.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
}

/// Where in a mapping something is checked: which records there are, which may be asked for, whether a cell has parts.
#[derive(Clone, Copy)]
struct Place<'a> {
    mapping: &'a Mapping,
    keys: &'a [&'a str],
    made: &'a [&'a str],
    part: bool,
}

impl Place<'_> {
    /// What the use case fills stands alone: nothing else could come before or after it.
    fn filled(self, feed: &Feed, path: &str) -> Result<(), Error> {
        let alone = Feed { fill: feed.fill, when: feed.when.clone(), ..Feed::default() };
        if *feed != alone {
            return Err(Error::mapping(format!("`{path}`: `fill` stands only at a field, alone or with `when`"), HINT));
        }
        feed.when.iter().try_for_each(|when| self.condition(when, path))
    }

    fn field(self, feed: &FieldFeed, path: &str) -> Result<(), Error> {
        match feed {
            FieldFeed::One(feed) if feed.fill.is_some() => self.filled(feed, path),
            FieldFeed::One(feed) => self.feed(feed, path),
            FieldFeed::Rows(rows) => rows.iter().try_for_each(|row| self.row(row, path)),
        }
    }

    fn row(self, row: &RowFeed, path: &str) -> Result<(), Error> {
        if let Some(column) = &row.each {
            self.mapping.check_column(column, path)?;
        }
        if let Some(when) = &row.when {
            self.condition(when, path)?;
        }
        let place = Self { part: row.each.is_some(), ..self };
        row.cells.iter().try_for_each(|(column, feed)| place.feed(&feed.0, &format!("{path}.{column}")))
    }

    fn feed(self, feed: &Feed, path: &str) -> Result<(), Error> {
        let origins = [
            feed.column.is_some(),
            feed.text.is_some(),
            feed.constant.is_some(),
            feed.link.is_some(),
            !feed.links.is_empty(),
            feed.key,
            feed.day,
            feed.part,
            feed.lookup.is_some(),
        ];
        if feed.fill.is_some() {
            return Err(Error::mapping(format!("`{path}`: `fill` stands only at a field, alone or with `when`"), HINT));
        }
        if origins.iter().filter(|given| **given).count() != 1 {
            let hint = "give exactly one of column, text, const, link, links, fill, key, day, part, lookup";
            return Err(Error::mapping(format!("`{path}` does not say in one way where its value comes from"), hint));
        }
        if (feed.part || feed.lookup.is_some()) && !self.part {
            return Err(Error::mapping(format!("`{path}`: `part` and `lookup` stand only in a row with `each`"), HINT));
        }
        self.names(feed, path)?;
        if let Some(when) = &feed.when {
            self.condition(when, path)?;
        }
        feed.and.iter().chain(feed.or.as_deref()).try_for_each(|other| self.feed(other, path))
    }

    fn names(self, feed: &Feed, path: &str) -> Result<(), Error> {
        if let Some(column) = &feed.column {
            self.mapping.check_column(column, path)?;
        }
        for column in feed.text.iter().flat_map(|text| names_in(text)) {
            if column != "ordinal" {
                self.mapping.check_column(column, path)?;
            }
        }
        if let Some(key) = feed.link.iter().chain(&feed.links).find(|key| !self.keys.contains(&key.as_str())) {
            return Err(Error::mapping(format!("`{path}` links to `{key}`, which is no record of the mapping"), HINT));
        }
        let no_text = matches!(feed.read, ReadAs::Date | ReadAs::NotDate | ReadAs::Int | ReadAs::Decimal | ReadAs::Url);
        match &feed.values {
            Some(name) if !self.mapping.values.contains_key(name) => {
                Err(Error::mapping(format!("`{path}`: there is no value table `{name}`"), format!("add `[values.{name}]`")))
            }
            Some(_) if no_text => Err(Error::mapping(format!("`{path}`: a value table gives ids, not days or numbers"), HINT)),
            _ => Ok(()),
        }
    }

    fn condition(self, condition: &Condition, path: &str) -> Result<(), Error> {
        if let Some(column) = &condition.column {
            self.mapping.check_column(column, path)?;
        }
        let asks = !condition.is.is_empty() || !condition.not.is_empty() || condition.filled.is_some() || condition.dated.is_some();
        if asks != condition.column.is_some() {
            let hint = "give `column` and one of is, not, filled, dated";
            return Err(Error::mapping(format!("`{path}`: a condition asks nothing, or of no column"), hint));
        }
        if let Some(name) = condition.values.as_ref().filter(|name| !self.mapping.values.contains_key(*name)) {
            return Err(Error::mapping(format!("`{path}`: there is no value table `{name}`"), format!("add `[values.{name}]`")));
        }
        let records = condition.made.iter().chain(&condition.unmade);
        if let Some(key) = records.into_iter().find(|key| !self.made.contains(&key.as_str())) {
            let message = format!("`{path}` asks for `{key}`, which is no record, or for a record's own condition none above it");
            return Err(Error::mapping(message, HINT));
        }
        self.mapping.check_patterns(&condition.is, path)?;
        self.mapping.check_patterns(&condition.not, path)?;
        let inner = condition.any.iter().chain(&condition.all).chain(&condition.none);
        inner.into_iter().try_for_each(|inner| self.condition(inner, path))
    }
}

/// Names in braces.
pub(in super::super) fn names_in(text: &str) -> BTreeSet<&str> {
    text.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name).collect()
}
