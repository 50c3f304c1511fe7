//! A mapping guessed from the names of the columns, for a table that has none. A person looks at it and saves it.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use vouch_record::kind::{Choice, FieldType, Kind, Scalar};

use super::super::error::{Error, ErrorKind};
use super::super::text::{Pattern, even};
use super::{
    Column, DateOrder, Feed, FieldFeed, Kept, KeyColumns, Mapping, ReadAs, RecordTemplate, RowFeed, ShortFeed, Unknown, ValueTable,
};

/// Words under which inventories write fields of a system, answers that mean an id, and fixed values.
const WORDS: &str = include_str!("../preset/guess.toml");
const SYSTEM: &str = "system";

/// A field that a column may feed.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct GuessField {
    /// Its name; `stages.entered_on` is a column of a list.
    pub name: String,
    /// What it takes.
    pub of_type: GuessType,
}

/// What a field takes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum GuessType {
    /// Text.
    Text,
    /// True or false.
    Bool,
    /// A whole number.
    Int,
    /// A decimal number.
    Decimal,
    /// A day.
    Date,
    /// An address.
    Url,
    /// One of these ids, each with its label.
    One(Vec<(String, String)>),
    /// A set of such ids.
    Set(Vec<(String, String)>),
}

impl GuessField {
    /// The fields of a kind that a column can feed, columns of its lists included. Links, files, amounts and periods are
    /// left out: a cell does not hold them.
    #[must_use]
    pub fn of_kind(kind: &Kind) -> Vec<Self> {
        let mut fields = Vec::new();
        for field in kind.fields.iter().filter(|field| !field.program) {
            let mut add = |name: String, kind: &FieldType| fields.extend(GuessType::of(kind).map(|of_type| Self { name, of_type }));
            match &field.kind {
                FieldType::List(columns) => {
                    columns.iter().filter(|column| !column.name.is_empty()).for_each(|column| {
                        add(format!("{}.{}", field.name, column.name), &column.kind);
                    });
                }
                single => add(field.name.clone(), single),
            }
        }
        fields
    }
}

impl GuessType {
    fn of(kind: &FieldType) -> Option<Self> {
        let pairs = |choices: &[Choice]| choices.iter().map(|choice| (choice.id.clone(), choice.label.clone())).collect();
        match kind {
            FieldType::One(Scalar::Text | Scalar::Markdown) => Some(Self::Text),
            FieldType::One(Scalar::Bool) => Some(Self::Bool),
            FieldType::One(Scalar::Int) => Some(Self::Int),
            FieldType::One(Scalar::Decimal) => Some(Self::Decimal),
            FieldType::One(Scalar::Date) => Some(Self::Date),
            FieldType::One(Scalar::Url) => Some(Self::Url),
            FieldType::One(Scalar::Enum(choices)) => Some(Self::One(pairs(choices))),
            FieldType::Set(Scalar::Enum(choices)) => Some(Self::Set(pairs(choices))),
            FieldType::One(_) | FieldType::Set(_) | FieldType::List(_) => None,
        }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Words {
    blank: Vec<Pattern>,
    split: Vec<String>,
    names: BTreeMap<String, Vec<String>>,
    answers: BTreeMap<String, BTreeMap<String, Vec<Pattern>>>,
    constants: BTreeMap<String, String>,
}

impl Mapping {
    /// A mapping for a table with these columns: each name is compared with names of `fields` and usual words for them.
    /// It makes one record of `kind` a row, and keeps in its claims what no field takes up.
    ///
    /// # Errors
    /// If no column looks like the name of a system.
    pub fn guess(source: &str, names: &[String], kind: &str, fields: &[GuessField]) -> Result<Self, Error> {
        Self::feeding(source, names, (kind, fields), &fed_by_guess(names, fields)?)
    }

    /// The same where a person has said which column feeds which field: `fed` names the column of each field by its place.
    ///
    /// # Errors
    /// If no column feeds the name.
    pub fn feeding(
        source: &str,
        names: &[String],
        (kind, fields): (&str, &[GuessField]),
        fed: &BTreeMap<String, usize>,
    ) -> Result<Self, Error> {
        let words = words()?;
        let ids = column_ids(names);
        let column_of = |field: &str| fed.get(field).and_then(|index| ids.get(*index)).cloned();
        let Some(name) = column_of("name") else {
            let message = "no column looks like the name of a system, so no mapping can be guessed";
            return Err(Error::new(ErrorKind::Mismatch, message, "name that column `name`, or write a mapping file"));
        };
        let columns = ids
            .iter()
            .zip(names)
            .filter(|(_, name)| !name.is_empty())
            .map(|(id, header)| (id.clone(), Column { headers: vec![header.clone()], after: None, required: *id == name }));
        let columns = columns.collect();
        let mut template = RecordTemplate { key: SYSTEM.to_owned(), kind: kind.to_owned(), when: None, fields: BTreeMap::new() };
        let mut values = BTreeMap::new();
        for field in fields {
            let feed = match (column_of(&field.name), words.constants.get(&field.name)) {
                (Some(column), _) => feed(field, column, &words, &mut values),
                (None, Some(constant)) => Feed::of_constant(constant),
                (None, None) if field.name == "external_ids.id" => Feed { key: true, ..Feed::default() },
                (None, None) => continue,
            };
            add(&mut template, &field.name, feed);
        }
        let has = |name: &str| fields.iter().any(|field| field.name == name);
        let kept = (has("claims.column") && has("claims.said")).then(|| Kept {
            record: SYSTEM.to_owned(),
            list: "claims".to_owned(),
            column: "column".to_owned(),
            said: "said".to_owned(),
            on: has("claims.on").then(|| "on".to_owned()),
        });
        let mapping = Self {
            source: source.to_owned(),
            title: "guessed from the names of the columns".to_owned(),
            day: None,
            date_order: DateOrder::Mdy,
            fiscal_year_begins: 1,
            decimal_comma: false,
            blank: words.blank,
            key: KeyColumns { agency: None, bureau: column_of("unit"), name },
            kept,
            compare: Vec::new(),
            columns,
            values,
            records: vec![template],
        };
        mapping.check()?;
        Ok(mapping)
    }
}

fn words() -> Result<Words, Error> {
    toml::from_str(WORDS).map_err(|source| Error::mapping("the words for guessing are broken", "report this").caused_by(source))
}

/// Which column looks as if it fed which field.
///
/// # Errors
/// Never with the words that come with the program; a test reads them.
pub fn fed_by_guess(names: &[String], fields: &[GuessField]) -> Result<BTreeMap<String, usize>, Error> {
    Ok(match_fields(names, fields, &words()?))
}

/// Which column feeds which field, the surest first: the usual words, the name of the field, then likeness.
fn match_fields(names: &[String], fields: &[GuessField], words: &Words) -> BTreeMap<String, usize> {
    let evened: Vec<String> = names.iter().map(|name| even(name)).collect();
    let mut pairs = Vec::new();
    for field in fields {
        let usual = words.names.get(&field.name).map_or(&[][..], Vec::as_slice);
        let own = even(field.name.rsplit('.').next().unwrap_or_default());
        let is_list = field.name.contains('.');
        for (index, name) in evened.iter().enumerate().filter(|(_, name)| !name.is_empty()) {
            let rank = if let Some(at) = usual.iter().position(|word| even(word) == *name) {
                at
            } else if !is_list && own == *name {
                100
            } else if !is_list && holds_words(name, &own) {
                200 + name.len()
            } else {
                continue;
            };
            pairs.push((rank, index, field.name.clone()));
        }
    }
    pairs.sort();
    let mut fed = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (_, index, field) in pairs {
        if !taken.contains(&index) && !fed.contains_key(&field) && !words.constants.contains_key(&field) {
            taken.insert(index);
            fed.insert(field, index);
        }
    }
    fed
}

/// Whether all words of a field name of two words or more stand in a column name.
fn holds_words(name: &str, own: &str) -> bool {
    let name: BTreeSet<&str> = name.split(' ').collect();
    own.contains(' ') && own.split(' ').all(|word| name.contains(word))
}

fn feed(field: &GuessField, column: String, words: &Words, values: &mut BTreeMap<String, ValueTable>) -> Feed {
    let mut feed = Feed::of_column(column);
    feed.read = match &field.of_type {
        GuessType::Text | GuessType::One(_) => ReadAs::Text,
        GuessType::Bool => ReadAs::Bool,
        GuessType::Int => ReadAs::Int,
        GuessType::Decimal => ReadAs::Decimal,
        GuessType::Date => ReadAs::Date,
        GuessType::Url => ReadAs::Url,
        GuessType::Set(_) => ReadAs::Set,
    };
    if let GuessType::One(choices) | GuessType::Set(choices) = &field.of_type {
        let usual = words.answers.get(&field.name);
        let patterns = |(id, label): &(String, String)| {
            let mut patterns = vec![Pattern::from(label.clone()), Pattern::from(id.clone())];
            patterns.extend(usual.and_then(|usual| usual.get(id)).into_iter().flatten().cloned());
            (id.clone(), patterns)
        };
        let to = choices.iter().map(patterns).collect();
        let table = field.name.replace('.', "_");
        values.insert(table.clone(), ValueTable { to, unknown: Unknown::Keep, ..ValueTable::default() });
        feed.values = Some(table);
    }
    if feed.read == ReadAs::Set {
        feed.split.clone_from(&words.split);
    }
    feed
}

fn add(template: &mut RecordTemplate, name: &str, feed: Feed) {
    let Some((list, column)) = name.split_once('.') else {
        template.fields.insert(name.to_owned(), FieldFeed::One(Box::new(feed)));
        return;
    };
    let rows = template.fields.entry(list.to_owned()).or_insert_with(|| FieldFeed::Rows(vec![RowFeed::default()]));
    if let FieldFeed::Rows(rows) = rows {
        rows.iter_mut().for_each(|row| {
            row.cells.insert(column.to_owned(), ShortFeed(feed.clone()));
        });
    }
}

/// An id for each column: its name evened out with `_` for spaces, with a number where two are alike.
fn column_ids(names: &[String]) -> Vec<String> {
    let mut ids: Vec<String> = Vec::with_capacity(names.len());
    for name in names {
        let base = even(name).replace(' ', "_");
        let base = if base.is_empty() { "column".to_owned() } else { base };
        let free = |id: &String| !ids.contains(id);
        let id = Some(base.clone()).filter(free).or_else(|| (2..).map(|count| format!("{base}_{count}")).find(free));
        ids.push(id.unwrap_or(base));
    }
    ids
}
