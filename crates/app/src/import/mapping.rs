//! What the columns of a table mean, as a person writes it down in TOML.
//!
//! A mapping names the columns and how they are recognised (`[columns]`), the records that one row makes and what feeds
//! each of their fields (`[[records]]`), which answers mean which id (`[values]`), what tells rows apart (`[key]`), and
//! where answers are kept that nothing takes up (`[kept]`). It knows kinds and fields by name only; whether they exist is
//! checked by whoever writes the records.

mod check;
mod columns;
mod date;
mod feed;
mod guess;
mod uses;
mod values;

use std::collections::BTreeMap;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use columns::{How, KnownNames, Recognised, Recognition};
pub use date::{DateOrder, DateReading, DateStyle, read_date};
pub use feed::{Condition, Feed, FieldFeed, Fill, Lookup, ReadAs, RowFeed, ShortFeed};

pub use guess::{GuessField, GuessType, fed_by_guess};
pub use values::{Answer, Unknown, ValueTable};

use super::error::Error;
use super::text::Pattern;

/// What the columns of a table mean.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// Name of the inventory; part of the key of each row, so that two inventories do not mix.
    pub source: String,
    /// What it is, for a person.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Day of which the table speaks, `YYYY-MM-DD`; stands where a row gives none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub day: Option<Date>,
    /// Which number comes first in a day with slashes.
    #[serde(default)]
    pub date_order: DateOrder,
    /// Month in which a fiscal year begins.
    #[serde(default = "january")]
    pub fiscal_year_begins: i8,
    /// Whether a comma separates decimals.
    #[serde(default)]
    pub decimal_comma: bool,
    /// Answers that are none, such as `n/a`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub blank: Vec<Pattern>,
    /// What tells rows apart.
    pub key: KeyColumns,
    /// Where answers are kept that nothing takes up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kept: Option<Kept>,
    /// Columns that are compared with a record and never written.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub compare: Vec<Compare>,
    /// Columns by id.
    pub columns: BTreeMap<String, Column>,
    /// Value tables by name.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, ValueTable>,
    /// Records that one row makes, in this order.
    pub records: Vec<RecordTemplate>,
}

const fn january() -> i8 {
    1
}

/// Columns that tell rows apart (FORMATS §12).
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct KeyColumns {
    /// Column of the agency or company.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub agency: Option<String>,
    /// Column of the bureau or unit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bureau: Option<String>,
    /// Column of the name; a row without it is rejected.
    pub name: String,
}

/// The list of a record into which answers go that nothing takes up.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Kept {
    /// Key of the record.
    pub record: String,
    /// Its list.
    pub list: String,
    /// Column of the list for the id of the question.
    pub column: String,
    /// Column of the list for the answer.
    pub said: String,
    /// Column of the list for the day of the table.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub on: Option<String>,
}

/// A column that is compared with a field of a record of which there is one, or with a column of its list.
#[derive(Clone, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Compare {
    /// Column of the table.
    pub column: String,
    /// Kind of the record.
    pub kind: String,
    /// Its field; `units.code` is the column `code` of the list `units`.
    pub field: String,
}

/// How a column is recognised.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Column {
    /// Names under which it comes, besides its id; the first is shown to people.
    pub headers: Vec<String>,
    /// Column that it explains, behind which it stands. Its names may repeat.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// Whether a table without it is refused.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub required: bool,
}

/// One record that a row may make.
#[derive(Clone, PartialEq, Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordTemplate {
    /// Key by which the other records of the row link to it.
    pub key: String,
    /// Its kind.
    pub kind: String,
    /// When it is made; always, if not given. It may ask whether a record above it is made.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub when: Option<Condition>,
    /// What feeds its fields.
    pub fields: BTreeMap<String, FieldFeed>,
}

impl Mapping {
    /// Reads a mapping and checks it.
    ///
    /// # Errors
    /// If it is no TOML, has parts that a mapping does not have, or names columns, value tables or records that it does
    /// not hold.
    pub fn from_toml(text: &str) -> Result<Self, Error> {
        let mapping: Self = toml::from_str(text).map_err(|source| {
            let place = source.span().map_or(1, |span| text[..span.start.min(text.len())].matches('\n').count() + 1);
            let message = format!("line {place} of the mapping: {}", source.message());
            Error::mapping(message, "`vouch import --save-mapping` writes a mapping that can be taken as a pattern")
                .caused_by(source)
        })?;
        mapping.check()?;
        Ok(mapping)
    }

    /// The mapping as TOML; reading it again gives an equal mapping.
    ///
    /// # Errors
    /// If a fixed value cannot be written in TOML.
    pub fn to_toml(&self) -> Result<String, Error> {
        toml::to_string(self).map_err(|source| {
            Error::mapping("the mapping cannot be written as TOML", "look for fixed values that TOML does not have")
                .caused_by(source)
        })
    }

    /// How days are written in its tables.
    #[must_use]
    pub const fn date_style(&self) -> DateStyle {
        DateStyle { order: self.date_order, fiscal_year_begins: self.fiscal_year_begins }
    }

    pub(super) fn explanation_of(&self, column: &str) -> Option<&str> {
        self.columns.iter().find(|(_, other)| other.after.as_deref() == Some(column)).map(|(id, _)| id.as_str())
    }
}

#[cfg(test)]
mod tests;
