//! Fields and their types.

use std::sync::Arc;

use crate::condition::Condition;
use crate::id::{Id, Link};
use crate::value::Value;

use super::Requirement;

/// A field of a kind.
#[derive(Debug)]
pub struct FieldSpec {
    /// name in bodies, `[a-z][a-z0-9_]{0,62}`
    pub name: String,
    /// type of its value
    pub kind: FieldType,
    /// from when on it must be filled
    pub required: Required,
    /// what it is, for users
    pub help: String,
    /// when it is needed besides
    pub needed_when: Option<Condition>,
    /// state from which `needed_when` counts; any if absent
    pub needed_from: Option<String>,
    /// whether, or when, a required list may be empty
    pub may_be_empty: MayBeEmpty,
    /// written by the program, not by people
    pub program: bool,
    /// `kind.field` of the end at which the link is entered
    pub mirror: Option<(String, String)>,
    /// what a filled value must meet
    pub checks: Vec<Requirement>,
    /// connectors or import columns that feed it
    pub from: Vec<String>,
    /// whether it holds data about people
    pub personal_data: bool,
    /// may change after approval
    pub living: bool,
    /// added by the organisation itself
    pub own: bool,
}

impl FieldSpec {
    /// Whether machines feed it: such a field is read from the head and not covered by approvals.
    ///
    /// A column of an imported inventory is no machine: what it brought is a person's claim, which an approval covers like any
    /// other content.
    #[must_use]
    pub fn machine_fed(&self) -> bool {
        self.from.iter().any(|source| !source.starts_with("omb-"))
    }
}

/// From when on a field must be filled.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Required {
    /// in every state
    Always,
    /// never by itself
    No,
    /// from this state on
    From(String),
}

/// Whether a required list may be empty.
#[derive(Debug)]
pub enum MayBeEmpty {
    /// it may not
    No,
    /// it may
    Yes,
    /// it may when this holds
    When(Condition),
}

/// The type of a field, column or derived value.
#[derive(Debug, Clone, PartialEq)]
pub enum FieldType {
    /// one value
    One(Scalar),
    /// a sorted set without doubles: `set<…>`, `links<…>`, `files`
    Set(Scalar),
    /// rows whose order is kept; of one scalar when it has the single column without a name
    List(Arc<[Column]>),
}

/// The type of a single value.
#[derive(Debug, Clone, PartialEq)]
pub enum Scalar {
    /// one line
    Text,
    /// prose
    Markdown,
    /// whole number
    Int,
    /// decimal number, stored as text
    Decimal,
    /// true or false
    Bool,
    /// day
    Date,
    /// instant
    DateTime,
    /// from day to day
    Period,
    /// ISO 8601 duration
    Duration,
    /// amount and currency
    Money,
    /// address
    Url,
    /// e-mail address
    Email,
    /// one of a list
    Enum(Arc<[Choice]>),
    /// file by hash
    File,
    /// link to a record or requirement
    Link(Target),
}

/// What a link may point to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Target {
    /// any record
    Any,
    /// an item of a framework
    Requirement,
    /// a record of this kind
    Kind(String),
}

/// One value of an enum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Choice {
    /// stored value
    pub id: String,
    /// shown value
    pub label: String,
    /// what it means
    pub help: String,
}

/// A column of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Column {
    /// name in the row; empty for `list<text>` and the like
    pub name: String,
    /// type of the cell
    pub kind: FieldType,
}

impl FieldType {
    /// The scalar of a single value or of a set's members.
    #[must_use]
    pub const fn scalar(&self) -> Option<&Scalar> {
        match self {
            Self::One(scalar) | Self::Set(scalar) => Some(scalar),
            Self::List(_) => None,
        }
    }

    /// The columns of a list.
    #[must_use]
    pub fn columns(&self) -> &[Column] {
        if let Self::List(columns) = self { columns } else { &[] }
    }

    /// The values of an enum or of a set of one.
    #[must_use]
    pub fn choices(&self) -> Option<&Arc<[Choice]>> {
        match self.scalar() {
            Some(Scalar::Enum(choices)) => Some(choices),
            _ => None,
        }
    }

    /// What links of this type point to.
    #[must_use]
    pub const fn target(&self) -> Option<&Target> {
        match self.scalar() {
            Some(Scalar::Link(target)) => Some(target),
            _ => None,
        }
    }

    /// Whether a value of this type links to a record: as the one, a member, or in a cell of a row.
    #[must_use]
    pub fn links_to(&self, value: &Value, id: Id) -> bool {
        match self.scalar() {
            Some(scalar) => scalar.links_to(value, id),
            None => self.columns().iter().any(|column| {
                let cell = |row: &Value| {
                    let cell = if column.name.is_empty() { Some(row) } else { row.get(&column.name) };
                    cell.is_some_and(|cell| column.kind.scalar().is_some_and(|scalar| scalar.links_to(cell, id)))
                };
                matches!(column.kind.scalar(), Some(Scalar::Link(_))) && value.items().iter().any(cell)
            }),
        }
    }

    /// The type as the kind files write it.
    #[must_use]
    pub fn written(&self) -> String {
        match self {
            Self::One(scalar) => scalar.written().replace("links<", "link<"),
            Self::Set(Scalar::Link(target)) => format!("links<{}>", target.written()),
            Self::Set(Scalar::File) => "files".to_owned(),
            Self::Set(scalar) => format!("set<{}>", scalar.written()),
            Self::List(columns) if columns.len() == 1 && columns[0].name.is_empty() => {
                format!("list<{}>", columns[0].kind.written())
            }
            Self::List(columns) => {
                let columns: Vec<String> =
                    columns.iter().map(|column| format!("{}: {}", column.name, column.kind.written())).collect();
                format!("list<{{{}}}>", columns.join(", "))
            }
        }
    }
}

impl Scalar {
    fn links_to(&self, value: &Value, id: Id) -> bool {
        let links = |text: &str| text.starts_with(id.prefix()) && text.parse::<Link>().is_ok_and(|link| link.id == id);
        match (self, value) {
            (Self::Link(_), Value::Text(text)) => links(text),
            (Self::Link(_), Value::List(items)) => items.iter().any(|item| self.links_to(item, id)),
            _ => false,
        }
    }

    fn written(&self) -> String {
        match self {
            Self::Text => "text".into(),
            Self::Markdown => "markdown".into(),
            Self::Int => "int".into(),
            Self::Decimal => "decimal".into(),
            Self::Bool => "bool".into(),
            Self::Date => "date".into(),
            Self::DateTime => "datetime".into(),
            Self::Period => "period".into(),
            Self::Duration => "duration".into(),
            Self::Money => "money".into(),
            Self::Url => "url".into(),
            Self::Email => "email".into(),
            Self::Enum(_) => "enum".into(),
            Self::File => "file".into(),
            Self::Link(target) => format!("link<{}>", target.written()),
        }
    }
}

impl Target {
    fn written(&self) -> &str {
        match self {
            Self::Any => "any",
            Self::Requirement => "requirement",
            Self::Kind(kind) => kind,
        }
    }
}
