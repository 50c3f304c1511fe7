//! The records of one row, field by field.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::mapping::{
    Answer, DateReading, Feed, FieldFeed, ReadAs, RecordTemplate, RowFeed, Unknown, ValueTable, read_date,
};
use super::super::text::even;
use super::row::{Answers, Cell};
use super::value::{constant_value, decimal_number, is_address, parts, set, text_value, whole_number};
use super::{ImportKey, Note, ProblemKind, ProposedFill, ProposedLookup, ProposedRecord, RowProblem};

/// What is built of one row.
pub(super) struct Building<'a> {
    answers: &'a Answers<'a>,
    key: &'a ImportKey,
    title_of: &'a dyn Fn(&str) -> String,
    strict: &'a BTreeSet<(String, String)>,
    made: BTreeSet<&'a str>,
    part_unknown: bool,
    pub(super) problems: Vec<RowProblem>,
    pub(super) notes: Vec<Note>,
}

impl<'a> Building<'a> {
    /// `title_of` gives the name that a column has in the table, `strict` the columns with the value tables that must hold
    /// their answers.
    pub(super) fn new(
        answers: &'a Answers<'a>,
        key: &'a ImportKey,
        title_of: &'a dyn Fn(&str) -> String,
        strict: &'a BTreeSet<(String, String)>,
    ) -> Self {
        Self { answers, key, title_of, strict, made: BTreeSet::new(), part_unknown: false, problems: Vec::new(), notes: Vec::new() }
    }

    pub(super) fn records(&mut self) -> Vec<ProposedRecord> {
        let mapping = self.answers.mapping;
        self.reject_unknown();
        for template in &mapping.records {
            if template.when.as_ref().is_none_or(|when| self.answers.holds(when, &self.made)) {
                self.made.insert(&template.key);
            }
        }
        let made: Vec<&RecordTemplate> =
            mapping.records.iter().filter(|template| self.made.contains(template.key.as_str())).collect();
        let mut records: Vec<ProposedRecord> = made.into_iter().map(|template| self.record(template)).collect();
        self.keep_rest(&mut records);
        records
    }

    /// An answer that must be known is looked at wherever it matters, also where it would only decide what is made.
    fn reject_unknown(&mut self) {
        let answers = self.answers;
        for (column, table) in self.strict {
            if let (Some(cell), Some(table)) = (answers.get(column), answers.mapping.values.get(table)) {
                self.ids(column, cell, table, cell.evened());
            }
        }
    }

    fn record(&mut self, template: &'a RecordTemplate) -> ProposedRecord {
        let mut record = ProposedRecord {
            local_key: template.key.clone(),
            kind: template.kind.clone(),
            fields: Map::new(),
            lookups: Vec::new(),
            fills: Vec::new(),
        };
        for (name, feed) in &template.fields {
            let value = match feed {
                FieldFeed::One(feed) => match feed.fill {
                    Some(with) if self.asked(feed) => {
                        record.fills.push(ProposedFill { field: name.clone(), with });
                        None
                    }
                    _ => self.value(feed, None),
                },
                FieldFeed::Rows(rows) => {
                    let (rows, lookups) = self.rows(name, rows);
                    record.lookups.extend(lookups);
                    (!rows.is_empty()).then_some(Value::Array(rows))
                }
            };
            if let Some(value) = value {
                record.fields.insert(name.clone(), value);
            }
        }
        record
    }

    fn rows(&mut self, list: &str, feeds: &'a [RowFeed]) -> (Vec<Value>, Vec<ProposedLookup>) {
        let (mut rows, mut lookups) = (Vec::new(), Vec::new());
        for feed in feeds {
            if feed.when.as_ref().is_some_and(|when| !self.answers.holds(when, &self.made)) {
                continue;
            }
            match &feed.each {
                None => rows.extend(self.list_row(feed, None)),
                Some(column) => {
                    self.part_unknown = false;
                    for part in parts(self.answers.text(column), &feed.split) {
                        let Some(row) = self.list_row(feed, Some(part)) else { continue };
                        for (name, cell) in &feed.cells {
                            let Some(lookup) = &cell.0.lookup else { continue };
                            lookups.push(ProposedLookup {
                                list: list.to_owned(),
                                row: rows.len(),
                                column: name.clone(),
                                kind: lookup.kind.clone(),
                                by: lookup.field.clone(),
                                value: part.to_owned(),
                            });
                        }
                        rows.push(row);
                    }
                    if !self.part_unknown {
                        self.answers.take_up(column);
                    }
                }
            }
        }
        (rows, lookups)
    }

    fn list_row(&mut self, feed: &'a RowFeed, part: Option<&str>) -> Option<Value> {
        let mut row = Map::new();
        let mut wanted = feed.when.is_some();
        for (name, cell) in &feed.cells {
            if let Some(value) = self.value(&cell.0, part) {
                let fixed = cell.0.constant.is_some() || cell.0.day;
                wanted |= !fixed;
                row.insert(name.clone(), value);
            }
        }
        (wanted && !row.is_empty()).then_some(Value::Object(row))
    }

    fn asked(&self, feed: &Feed) -> bool {
        feed.when.as_ref().is_none_or(|when| self.answers.holds(when, &self.made))
    }

    fn value(&mut self, feed: &'a Feed, part: Option<&str>) -> Option<Value> {
        let own = if self.asked(feed) { self.own_value(feed, part) } else { None };
        let own = match (own, &feed.prefix) {
            (Some(Value::String(text)), Some(prefix)) => Some(Value::String(format!("{prefix}{text}"))),
            (own, _) => own,
        };
        let mut texts: Vec<String> = Vec::new();
        for more in &feed.and {
            if let Some(Value::String(text)) = self.value(more, part) {
                texts.push(text);
            }
        }
        let joined = match own {
            Some(Value::String(text)) => {
                texts.insert(0, text);
                Some(Value::String(texts.join(feed.join.as_deref().unwrap_or("\n\n"))))
            }
            None if !texts.is_empty() => Some(Value::String(texts.join(feed.join.as_deref().unwrap_or("\n\n")))),
            other => other,
        };
        joined.or_else(|| feed.or.as_ref().and_then(|or| self.value(or, part)))
    }

    fn own_value(&mut self, feed: &'a Feed, part: Option<&str>) -> Option<Value> {
        if let Some(column) = &feed.column {
            return self.column_value(feed, column);
        }
        if let Some(template) = &feed.text {
            return self.filled_text(template).map(Value::String);
        }
        if let Some(constant) = &feed.constant {
            return constant_value(constant);
        }
        let link = |key: &str| self.made.contains(key).then(|| Value::String(format!("@{key}")));
        if let Some(key) = &feed.link {
            return link(key);
        }
        if !feed.links.is_empty() {
            return set(feed.links.iter().filter_map(|key| link(key)).collect());
        }
        if feed.key {
            return Some(Value::String(self.key.to_string()));
        }
        if feed.day {
            return self.answers.mapping.day.map(|day| Value::String(day.to_string()));
        }
        self.part_value(feed, part.filter(|_| feed.part)?)
    }

    fn part_value(&mut self, feed: &Feed, part: &str) -> Option<Value> {
        let mapping = self.answers.mapping;
        let Some(table) = feed.values.as_ref().and_then(|name| mapping.values.get(name)) else { return Some(text_value(part)) };
        match table.answer(&even(part)) {
            Answer::Ids(ids) => ids.first().map(|id| text_value(id)),
            Answer::Nothing => None,
            Answer::Kept | Answer::Unknown => {
                self.part_unknown = true;
                None
            }
        }
    }

    /// A text with the answers of columns in place of their names; nothing if all of them are empty.
    fn filled_text(&self, template: &str) -> Option<String> {
        let mut text = String::new();
        let (mut asked, mut found) = (false, false);
        let mut rest = template;
        while let Some((before, after)) = rest.split_once('{') {
            let Some((name, after)) = after.split_once('}') else { break };
            text.push_str(before);
            if name == "ordinal" {
                if self.key.ordinal > 1 {
                    text.push_str(&format!(" ({})", self.key.ordinal));
                }
            } else {
                let answer = self.answers.text(name);
                asked = true;
                found |= !answer.is_empty();
                text.push_str(answer);
            }
            rest = after;
        }
        text.push_str(rest);
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ").replace("( ", "(").replace(" )", ")").replace("()", "");
        (found || !asked).then(|| text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    fn column_value(&mut self, feed: &'a Feed, column: &'a str) -> Option<Value> {
        let answers = self.answers;
        let cell = answers.get(column)?;
        let table = feed.values.as_ref().and_then(|name| answers.mapping.values.get(name));
        let (value, taken) = match feed.read {
            ReadAs::Text => match table {
                Some(table) => self.ids(column, cell, table, cell.evened()).map(|ids| ids.first().map(|id| text_value(id))),
                None => Some(Some(Value::String(self.explained(feed, column, cell)))),
            }
            .map_or((None, false), |value| (value, true)),
            ReadAs::Set => self.answer_set(feed, column, cell, table),
            ReadAs::Bool => self.truth(column, cell, table),
            ReadAs::Int | ReadAs::Decimal => (self.number(column, cell, feed.read == ReadAs::Int), true),
            ReadAs::Date | ReadAs::NotDate => self.day(feed.read, column, cell),
            ReadAs::Url => {
                let found = cell.text.split([' ', '\n', '\t', ',', ';']).find(|word| is_address(word));
                (found.map(text_value), found == Some(cell.text))
            }
        };
        if taken {
            answers.take_up(column);
        }
        value
    }

    fn explained(&self, feed: &Feed, column: &str, cell: &Cell<'_>) -> String {
        let explanation = if feed.explained { self.answers.mapping.explanation_of(column) } else { None };
        match explanation.map(|id| (id, self.answers.text(id))) {
            Some((id, text)) if !text.is_empty() => {
                self.answers.take_up(id);
                format!("{}: {text}", cell.text)
            }
            _ => cell.text.to_owned(),
        }
    }

    /// The ids of an answer; none if it is not understood.
    fn ids<'t>(&mut self, column: &str, cell: &Cell<'_>, table: &'t ValueTable, evened: &str) -> Option<Vec<&'t str>> {
        match table.answer(evened) {
            Answer::Ids(ids) => Some(ids),
            Answer::Nothing => Some(Vec::new()),
            Answer::Kept => None,
            Answer::Unknown if table.unknown == Unknown::Reject => {
                let remedy =
                    format!("write one of {}, or add this answer to the value table of the mapping", table.known_answers());
                self.problem(column, cell.text, "the answer is not one that the mapping knows", &remedy);
                None
            }
            Answer::Unknown => {
                self.note(column, cell.text, "not understood; the field stays empty");
                None
            }
        }
    }

    fn answer_set(&mut self, feed: &Feed, column: &str, cell: &Cell<'_>, table: Option<&ValueTable>) -> (Option<Value>, bool) {
        // An answer may itself hold the text at which answers are cut, so the whole is tried first.
        let whole = table.is_some_and(|table| matches!(table.answer(cell.evened()), Answer::Ids(_) | Answer::Nothing));
        let parts = if whole && feed.split.is_empty() { vec![cell.text] } else { parts(cell.text, &feed.split) };
        let (mut members, mut understood) = (Vec::new(), true);
        for part in parts {
            match table {
                None => members.push(text_value(part)),
                Some(table) => match self.ids(column, cell, table, &even(part)) {
                    Some(ids) => members.extend(ids.into_iter().map(text_value)),
                    None => understood = false,
                },
            }
        }
        (set(members), understood)
    }

    fn truth(&mut self, column: &str, cell: &Cell<'_>, table: Option<&ValueTable>) -> (Option<Value>, bool) {
        let read = match table {
            Some(table) => self.ids(column, cell, table, cell.evened()).map(|ids| match ids.first() {
                Some(&"true") => Some(true),
                Some(&"false") => Some(false),
                _ => None,
            }),
            None => match cell.evened() {
                "yes" | "y" | "true" | "1" => Some(Some(true)),
                "no" | "n" | "false" | "0" => Some(Some(false)),
                _ => {
                    self.note(column, cell.text, "neither yes nor no; the field stays empty");
                    None
                }
            },
        };
        (read.flatten().map(Value::Bool), read.is_some())
    }

    fn number(&mut self, column: &str, cell: &Cell<'_>, whole: bool) -> Option<Value> {
        let comma = self.answers.mapping.decimal_comma;
        let (thousands, decimal) = if comma { ('.', ',') } else { (',', '.') };
        let plain: String = cell.text.chars().filter(|c| *c != thousands && !c.is_whitespace()).collect();
        let plain = plain.trim_end_matches('%').replace(decimal, ".");
        let value = if whole { whole_number(&plain) } else { decimal_number(&plain) };
        if value.is_none() {
            let remedy = if whole { "write a whole number in digits" } else { "write a number in digits" };
            self.problem(column, cell.text, "the cell is no number that can be kept", remedy);
        }
        value
    }

    fn day(&mut self, read: ReadAs, column: &str, cell: &Cell<'_>) -> (Option<Value>, bool) {
        match (read_date(cell.text, self.answers.mapping.date_style()), read) {
            (DateReading::Day(day), ReadAs::Date) => (Some(Value::String(day.to_string())), true),
            (DateReading::Words, ReadAs::NotDate) => (Some(text_value(cell.text)), true),
            (DateReading::Wrong, _) => {
                let remedy = "write the day as YYYY-MM-DD, or in words what is to be said instead";
                self.problem(column, cell.text, "the cell looks like a day, but there is no such day", remedy);
                (None, true)
            }
            _ => (None, false),
        }
    }

    /// Puts the answers that nothing took up into the list that the mapping names, or into the notes.
    fn keep_rest(&mut self, records: &mut [ProposedRecord]) {
        let mapping = self.answers.mapping;
        let key = [mapping.key.agency.as_deref(), mapping.key.bureau.as_deref(), Some(mapping.key.name.as_str())];
        let compared = mapping.compare.iter().map(|compare| Some(compare.column.as_str()));
        key.into_iter().chain(compared).flatten().for_each(|column| self.answers.take_up(column));
        let left_over = self.answers.left_over();
        let record =
            mapping.kept.as_ref().and_then(|kept| Some((kept, records.iter_mut().find(|record| record.local_key == kept.record)?)));
        let Some((kept, record)) = record else {
            for (column, text) in left_over {
                self.note(column, text, "nothing takes this answer up");
            }
            return;
        };
        let mut rows = Vec::new();
        for (column, text) in left_over.iter().chain(&self.answers.others) {
            let mut row = Map::from_iter([(kept.column.clone(), text_value(column)), (kept.said.clone(), text_value(text))]);
            if let (Some(on), Some(day)) = (&kept.on, mapping.day) {
                row.insert(on.clone(), Value::String(day.to_string()));
            }
            rows.push(Value::Object(row));
        }
        if !rows.is_empty() {
            match record.fields.entry(kept.list.as_str()).or_insert_with(|| Value::Array(Vec::new())) {
                Value::Array(list) => list.extend(rows),
                _ => unreachable!("a checked mapping feeds the list of kept answers by rows"),
            }
        }
    }

    fn problem(&mut self, column: &str, value: &str, reason: &str, remedy: &str) {
        let problem = RowProblem {
            kind: ProblemKind::Wrong,
            row: self.answers.row,
            column: Some((self.title_of)(column)),
            value: value.to_owned(),
            reason: reason.to_owned(),
            remedy: remedy.to_owned(),
        };
        if !self.problems.contains(&problem) {
            self.problems.push(problem);
        }
    }

    fn note(&mut self, column: &str, value: &str, text: &str) {
        let note = Note { column: (self.title_of)(column), value: value.to_owned(), text: text.to_owned() };
        if !self.notes.contains(&note) {
            self.notes.push(note);
        }
    }
}
