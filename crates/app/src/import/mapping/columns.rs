//! Which column of a table is which column of a mapping.

use std::collections::{BTreeMap, BTreeSet};

use super::super::error::{Error, ErrorKind};
use super::super::text::even;
use super::{Column, Mapping};

/// How a column was recognised.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum How {
    /// By its name, evened out, or by its id.
    Name,
    /// By most of the words of its name; a person should look at it.
    Likeness,
    /// By its place behind the column that it explains.
    Place,
}

/// A column of a table that is recognised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Recognised {
    /// Its place in the row, from 0.
    pub index: usize,
    /// Its name in the table.
    pub name: String,
    /// How it was recognised.
    pub how: How,
}

/// Which columns of a table a mapping knows.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Recognition {
    /// Recognised columns by id.
    pub columns: BTreeMap<String, Recognised>,
    /// Names in the table that the mapping does not know. Their answers are kept as `kept` of the mapping says.
    pub unmatched: Vec<String>,
    /// Their places in the row.
    pub(in super::super) unmatched_at: Vec<usize>,
    /// Ids of the mapping that the table does not have.
    pub missing: Vec<String>,
}

/// Share of the words that two names must have in common, in percent, and how many at least.
const LIKE_PERCENT: usize = 75;
const LIKE_WORDS: usize = 2;
/// Words that say nothing about which question it is.
const STOP_WORDS: [&str; 26] = [
    "a", "ai", "an", "and", "any", "are", "as", "been", "by", "case", "does", "for", "has", "if", "in", "is", "of", "on", "or",
    "please", "the", "this", "to", "use", "was", "what",
];

impl Mapping {
    /// The names of its columns, to tell the header of a table.
    #[must_use]
    pub fn known_names(&self) -> KnownNames {
        KnownNames(self.columns.iter().flat_map(|(id, column)| column.evened_names(id)).collect())
    }

    /// Which of `names`, from left to right, is which column.
    ///
    /// A column that explains another is looked for behind it: a name that several questions repeat belongs to the
    /// nearest recognised column before it.
    ///
    /// # Errors
    /// If a required column is not there.
    pub fn recognise(&self, names: &[String]) -> Result<Recognition, Error> {
        let evened: Vec<String> = names.iter().map(|name| even(name)).collect();
        let known = self.columns.iter().map(|(id, column)| (id.as_str(), column.evened_names(id))).collect();
        let mut search = Search { mapping: self, known, evened: &evened, at: BTreeMap::new(), taken: BTreeSet::new() };
        search.by_name();
        search.by_likeness();
        search.by_place();
        let columns = search
            .at
            .iter()
            .map(|(id, (index, how))| (id.clone(), Recognised { index: *index, name: names[*index].clone(), how: *how }));
        let columns: BTreeMap<_, _> = columns.collect();
        let left_over = |index: &usize| !names[*index].is_empty() && !search.taken.contains(index);
        let unmatched_at: Vec<usize> = (0..names.len()).filter(left_over).collect();
        let unmatched = unmatched_at.iter().map(|index| names[*index].clone()).collect();
        let missing: Vec<String> = self.columns.keys().filter(|id| !columns.contains_key(*id)).cloned().collect();
        if let Some(id) = missing.iter().find(|id| self.columns[*id].required) {
            let message = format!("the table has no column `{}`", self.columns[id].title(id));
            let hint = format!(
                "rename the column, or add its name to `headers` of `columns.{id}` in the mapping; columns found: {}",
                quoted(names)
            );
            return Err(Error::new(ErrorKind::Mismatch, message, hint));
        }
        Ok(Recognition { columns, unmatched, unmatched_at, missing })
    }
}

impl Column {
    fn evened_names(&self, id: &str) -> BTreeSet<String> {
        self.headers.iter().map(|header| even(header)).chain([even(id)]).collect()
    }

    pub(in super::super) fn title<'a>(&'a self, id: &'a str) -> &'a str {
        self.headers.first().map_or(id, String::as_str)
    }
}

/// Names of columns, evened out.
#[derive(Clone, Debug)]
pub struct KnownNames(BTreeSet<String>);

impl KnownNames {
    /// Whether a column of this name is one of the mapping's.
    #[must_use]
    pub fn contains(&self, name: &str) -> bool {
        self.0.contains(&even(name))
    }
}

struct Search<'a> {
    mapping: &'a Mapping,
    known: BTreeMap<&'a str, BTreeSet<String>>,
    evened: &'a [String],
    at: BTreeMap<String, (usize, How)>,
    taken: BTreeSet<usize>,
}

impl Search<'_> {
    fn take(&mut self, id: &str, index: usize, how: How) {
        self.at.insert(id.to_owned(), (index, how));
        self.taken.insert(index);
    }

    fn is_named(&self, id: &str, evened: &str) -> bool {
        self.known.get(id).is_some_and(|names| names.contains(evened))
    }

    fn questions(&self) -> impl Iterator<Item = (&String, &Column)> {
        self.mapping.columns.iter().filter(|(id, column)| column.after.is_none() && !self.at.contains_key(*id))
    }

    fn by_name(&mut self) {
        for (index, name) in self.evened.iter().enumerate() {
            let by_id =
                |(id, column): &(&String, &Column)| column.after.is_some() && !self.at.contains_key(*id) && even(id) == *name;
            let question = self.questions().find(|(id, _)| self.is_named(id, name));
            let found = question.or_else(|| self.mapping.columns.iter().find(by_id)).map(|(id, _)| id.clone());
            if let Some(id) = found.filter(|_| !name.is_empty()) {
                self.take(&id, index, How::Name);
            }
        }
    }

    /// The likest pair first, so that a column that is a little like two questions goes to the one it is more like.
    fn by_likeness(&mut self) {
        let free: Vec<(usize, BTreeSet<String>)> = (0..self.evened.len())
            .filter(|index| !self.taken.contains(index) && !self.is_explanation(*index))
            .map(|index| (index, words(&self.evened[index])))
            .collect();
        let mut pairs = Vec::new();
        for (id, column) in self.questions() {
            let headers: Vec<_> = column.headers.iter().map(|header| words(header)).collect();
            for (index, name) in &free {
                let like = headers.iter().map(|header| likeness(header, name)).max().unwrap_or(0);
                if like >= LIKE_PERCENT {
                    pairs.push((std::cmp::Reverse(like), *index, id.clone()));
                }
            }
        }
        pairs.sort();
        for (_, index, id) in pairs {
            if !self.taken.contains(&index) && !self.at.contains_key(&id) {
                self.take(&id, index, How::Likeness);
            }
        }
    }

    fn is_explanation(&self, index: usize) -> bool {
        let name = &self.evened[index];
        self.mapping.columns.iter().any(|(id, column)| column.after.is_some() && self.is_named(id, name))
    }

    fn by_place(&mut self) {
        for index in 0..self.evened.len() {
            if self.taken.contains(&index) {
                continue;
            }
            let before = self.at.iter().filter(|(id, (at, _))| *at < index && self.mapping.columns[*id].after.is_none());
            let Some(question) = before.max_by_key(|(_, (at, _))| *at).map(|(id, _)| id.clone()) else { continue };
            let fits = |(id, column): &(&String, &Column)| {
                column.after.as_ref() == Some(&question) && !self.at.contains_key(*id) && self.is_named(id, &self.evened[index])
            };
            let found = self.mapping.columns.iter().find(fits).map(|(id, _)| id.clone());
            if let Some(id) = found {
                self.take(&id, index, How::Place);
            }
        }
    }
}

fn words(text: &str) -> BTreeSet<String> {
    even(text).split(' ').filter(|word| !word.is_empty() && !STOP_WORDS.contains(word)).map(str::to_owned).collect()
}

/// How much of the words of two names is common, in percent of both together; 0 with too few common words.
fn likeness(one: &BTreeSet<String>, other: &BTreeSet<String>) -> usize {
    let common = one.intersection(other).count();
    if common < LIKE_WORDS { 0 } else { common * 200 / (one.len() + other.len()) }
}

fn quoted(names: &[String]) -> String {
    const SHOWN: usize = 12;
    let shown =
        names.iter().filter(|name| !name.is_empty()).take(SHOWN).map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    if names.len() > SHOWN { format!("{shown} and {} more", names.len() - SHOWN) } else { shown }
}
