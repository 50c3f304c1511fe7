//! What feeds a field: a column, a fixed value, a link to another record of the row, and what is done on the way.

use std::collections::BTreeMap;

use serde::de::{self, Deserializer, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize, Serializer};

use super::super::text::Pattern;

/// What feeds one field of a record: one value, or rows of a list.
///
/// In TOML a text is the name of a column, a table a [`Feed`], an array of tables the [`RowFeed`]s of a list.
#[derive(Clone, PartialEq, Debug)]
pub enum FieldFeed {
    /// One value, or a set.
    One(Box<Feed>),
    /// Rows of a list.
    Rows(Vec<RowFeed>),
}

/// How the text of a column is read.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReadAs {
    /// As text, or as the answer that `values` gives for it.
    #[default]
    Text,
    /// As true or false: yes, true, y, 1 and no, false, n, 0, or what `values` gives as `true` and `false`.
    Bool,
    /// As a whole number.
    Int,
    /// As a decimal number.
    Decimal,
    /// As a day; words there are no error.
    Date,
    /// The words that stand where a day belongs.
    NotDate,
    /// As an address that begins with http:// or https://; words there are no error.
    Url,
    /// As a set of answers.
    Set,
}

/// What the use case knows and a row does not.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fill {
    /// Time of the import.
    Time,
    /// Person who imports.
    Person,
    /// The imported file, as a member of a files field.
    File,
}

/// A record that is found by one of its values, not made.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// Kind of the record.
    pub kind: String,
    /// Its field; `contracts.number` is the column `number` of the list `contracts`.
    pub field: String,
}

/// One value. Exactly one of `column`, `text`, `constant`, `link`, `links`, `fill`, `key`, `day`, `part`, `lookup` says
/// where it comes from; a feed with only `or` or `and` is an error.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Feed {
    /// Column whose cell it is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Text with the names of columns in braces; what is empty is left out. It does not count as use of their answers.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Fixed value: text, truth value, whole number or an array of texts.
    #[serde(rename = "const", skip_serializing_if = "Option::is_none")]
    pub constant: Option<toml::Value>,
    /// Link to the record of the row with this key, where it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
    /// Set of links to those of these records that are made.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub links: Vec<String>,
    /// What the use case fills in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fill: Option<Fill>,
    /// The key of the row as text.
    #[serde(skip_serializing_if = "is_false")]
    pub key: bool,
    /// The day of which the file speaks.
    #[serde(skip_serializing_if = "is_false")]
    pub day: bool,
    /// The part of the cell for which the row of a list is made.
    #[serde(skip_serializing_if = "is_false")]
    pub part: bool,
    /// Record found by that part.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub lookup: Option<Lookup>,
    /// How the text is read.
    #[serde(rename = "as", skip_serializing_if = "is_text")]
    pub read: ReadAs,
    /// Value table that turns answers into ids.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<String>,
    /// Where the cell is cut into answers of a set.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub split: Vec<String>,
    /// Whether the explanation in the column after it is appended.
    #[serde(skip_serializing_if = "is_false")]
    pub explained: bool,
    /// Text before the value.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prefix: Option<String>,
    /// Only then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Texts that follow.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub and: Vec<Feed>,
    /// Between the texts of `and`; an empty line if not given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub join: Option<String>,
    /// What feeds it where this gives nothing.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub or: Option<Box<Feed>>,
}

/// One row of a list, or with `each` one for each part of a cell.
#[derive(Clone, PartialEq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct RowFeed {
    /// Column of whose parts each makes a row.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub each: Option<String>,
    /// Where that cell is cut.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub split: Vec<String>,
    /// Only then; without it the row is made if a cell that is not fixed holds anything.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// Columns of the list.
    pub cells: BTreeMap<String, ShortFeed>,
}

/// A feed that may be written as the name of a column.
#[derive(Clone, PartialEq, Debug)]
pub struct ShortFeed(pub Feed);

/// What must hold. All that is given must hold at once.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Condition {
    /// Column that is looked at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<String>,
    /// Value table whose answer is compared, in place of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub values: Option<String>,
    /// The answer is one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub is: Vec<Pattern>,
    /// There is an answer and it is none of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub not: Vec<Pattern>,
    /// Whether there is an answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filled: Option<bool>,
    /// Whether the answer is a day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub dated: Option<bool>,
    /// The record with this key is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub made: Option<String>,
    /// The record with this key is not made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub unmade: Option<String>,
    /// At least one of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub any: Vec<Condition>,
    /// Each of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub all: Vec<Condition>,
    /// None of these.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub none: Vec<Condition>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
const fn is_false(flag: &bool) -> bool {
    !*flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands a reference")]
fn is_text(read: &ReadAs) -> bool {
    *read == ReadAs::Text
}

impl Feed {
    /// The cell of a column, as text.
    #[must_use]
    pub fn of_column(column: impl Into<String>) -> Self {
        Self { column: Some(column.into()), ..Self::default() }
    }

    /// A fixed text.
    #[must_use]
    pub fn of_constant(text: impl Into<String>) -> Self {
        Self { constant: Some(toml::Value::String(text.into())), ..Self::default() }
    }

    /// Whether it is nothing but the name of a column.
    fn short(&self) -> Option<&str> {
        let column = self.column.as_deref()?;
        (*self == Self::of_column(column)).then_some(column)
    }
}

impl Serialize for ShortFeed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0.short() {
            Some(column) => serializer.serialize_str(column),
            None => self.0.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for ShortFeed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        match FieldFeed::deserialize(deserializer)? {
            FieldFeed::One(feed) => Ok(Self(*feed)),
            FieldFeed::Rows(_) => Err(de::Error::custom("a column of a list takes one value, not rows")),
        }
    }
}

impl Serialize for FieldFeed {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Self::One(feed) => match feed.short() {
                Some(column) => serializer.serialize_str(column),
                None => feed.serialize(serializer),
            },
            Self::Rows(rows) => rows.serialize(serializer),
        }
    }
}

impl<'de> Deserialize<'de> for FieldFeed {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(FieldFeedVisitor)
    }
}

struct FieldFeedVisitor;

impl<'de> Visitor<'de> for FieldFeedVisitor {
    type Value = FieldFeed;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the name of a column, a table that says what feeds the field, or an array of rows")
    }

    fn visit_str<E: de::Error>(self, column: &str) -> Result<FieldFeed, E> {
        Ok(FieldFeed::One(Box::new(Feed::of_column(column))))
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<FieldFeed, A::Error> {
        Feed::deserialize(de::value::MapAccessDeserializer::new(map)).map(|feed| FieldFeed::One(Box::new(feed)))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, seq: A) -> Result<FieldFeed, A::Error> {
        Vec::deserialize(de::value::SeqAccessDeserializer::new(seq)).map(FieldFeed::Rows)
    }
}
