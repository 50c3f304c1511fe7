//! The small language in which kinds say when a field is needed and what a transition wants.
//!
//! `origin = discovered`, `risk_tier in (high, critical) and empty(deputy)`, `any(decisions, effect = safety and share = decides)`,
//! `until >= today + P30D`. Names are resolved when a kind file is read, so a misspelt one is refused there; a bare word that
//! names nothing in scope is a literal and must be a value of the enum it is compared with.
//!
//! Evaluation is three-valued. A value that was erased, or that cannot be computed, leaves the condition undecided, and what
//! cannot be decided is denied by whoever asks.

mod eval;
mod lex;
mod parse;
mod resolve;
#[cfg(test)]
mod tests;

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use rust_decimal::Decimal;

use crate::id::Id;
use crate::kind::{Column, Kind, Kinds};
use crate::value::Value;

/// A condition or expression, parsed and resolved against its kind.
#[derive(Clone)]
pub struct Condition {
    text: String,
    expression: Expr,
}

/// What names in a condition may mean.
#[derive(Clone, Copy)]
pub struct Scopes<'k> {
    /// all kinds
    pub kinds: &'k Kinds,
    /// the kind of the record it speaks about
    pub kind: &'k Kind,
}

/// What evaluation needs to know; the answers are those of one view (a date, a head).
pub trait Facts {
    /// A field, a derived value, or `state`, `revision`, `id`, `made_by`, `made_at` of a record.
    fn value<'a>(&'a self, record: Id, name: &str) -> Val<'a>;
    /// The records of a kind that are not set aside.
    fn records(&self, kind: &str) -> Vec<Id>;
    /// Those of them that may link to `target` in `field`, where that is known without looking at all: a superset of those that do,
    /// holding every one whose link was erased.
    fn naming(&self, kind: &str, field: &str, target: Id) -> Option<Vec<Id>> {
        let _ = (kind, field, target);
        None
    }
    /// The day of the view.
    fn today(&self) -> Date;
    /// The instant of the view.
    fn now(&self) -> Timestamp;
    /// Who acts, if a person does.
    fn actor(&self) -> Option<Id>;
    /// Whether an approval in force of this purpose stands on the record's present content.
    fn approved<'a>(&'a self, record: Id, purpose: &str) -> Val<'a>;
    /// The day the record last entered a state.
    fn entered<'a>(&'a self, record: Id, state: &str) -> Val<'a>;
}

/// A value during evaluation.
#[derive(Clone, Debug, PartialEq)]
pub enum Val<'a> {
    /// nothing is filled in
    Empty,
    /// it cannot be known: erased, or not computable; with the reason
    Undecided(String),
    /// true or false
    Bool(bool),
    /// a number
    Number(Decimal),
    /// text
    Text(std::borrow::Cow<'a, str>),
    /// a value of an enum with its place in the order of values
    Choice(std::borrow::Cow<'a, str>, usize),
    /// a day
    Date(Date),
    /// an instant
    Instant(Timestamp),
    /// a duration
    Span(SpanValue),
    /// a record
    Record(Id),
    /// a row of a list, or a composed value (money, period, file), with its columns
    Row(&'a Value, Arc<[Column]>),
    /// several values
    List(Vec<Val<'a>>),
}

/// A duration that compares by its length, a month counted as 30 days and a year as 365.
#[derive(Clone, Copy, Debug)]
pub struct SpanValue(pub Span);

impl SpanValue {
    /// The length in seconds.
    #[must_use]
    pub fn seconds(&self) -> i64 {
        let span = &self.0;
        let days = i64::from(span.get_years()) * 365
            + i64::from(span.get_months()) * 30
            + i64::from(span.get_weeks()) * 7
            + i64::from(span.get_days());
        days * 86_400 + i64::from(span.get_hours()) * 3_600 + span.get_minutes() * 60 + span.get_seconds()
    }
}

impl PartialEq for SpanValue {
    fn eq(&self, other: &Self) -> bool {
        self.seconds() == other.seconds()
    }
}

/// The answer to a condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Truth {
    /// it holds
    Yes,
    /// it does not
    No,
    /// it cannot be decided, with the reason
    Undecided(String),
}

impl Truth {
    /// Whether it surely holds: what cannot be decided is denied.
    #[must_use]
    pub const fn is_yes(&self) -> bool {
        matches!(self, Self::Yes)
    }
}

impl From<bool> for Truth {
    fn from(truth: bool) -> Self {
        if truth { Self::Yes } else { Self::No }
    }
}

impl Condition {
    /// Parses a text and resolves its names.
    ///
    /// # Errors
    /// What is wrong, with the place in the text.
    pub fn parse(text: &str, scopes: &Scopes<'_>) -> Result<Self, String> {
        let wrong = |why: String| format!("condition `{text}`: {why}");
        let parsed = parse::parse(text).map_err(wrong)?;
        let expression = resolve::resolve(parsed, scopes).map_err(wrong)?;
        Ok(Self { text: text.to_owned(), expression })
    }

    /// Whether it holds for a record.
    #[must_use]
    pub fn holds(&self, record: Id, facts: &dyn Facts) -> Truth {
        eval::truth(&self.expression, &eval::Frame::new(record, facts))
    }

    /// The value of an expression for a record.
    #[must_use]
    pub fn value<'a>(&'a self, record: Id, facts: &'a dyn Facts) -> Val<'a> {
        eval::value(&self.expression, &eval::Frame::new(record, facts))
    }

    /// The text it was parsed from.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Every name it reads: fields, derived values, columns; for tests that tables fit together.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        let mut names = Vec::new();
        self.expression.collect_names(&mut names);
        names
    }
}

impl fmt::Debug for Condition {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Condition({})", self.text)
    }
}

#[derive(Clone, Debug, PartialEq)]
enum Literal {
    Bool(bool),
    Number(Decimal),
    Text(String),
    Choice(String, usize),
    Date(Date),
    Span(Span2),
}

/// `Span` without equality of its own; compared by its text.
#[derive(Clone, Debug)]
struct Span2(Span);

impl PartialEq for Span2 {
    fn eq(&self, other: &Self) -> bool {
        self.0.fieldwise() == other.0.fieldwise()
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Base {
    /// the record the condition speaks about
    This,
    /// the item of the innermost quantifier
    Item(usize),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Compare {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Arithmetic {
    Add,
    Subtract,
    Multiply,
    Divide,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Quantifier {
    Any,
    All,
    None,
    Count,
}

#[derive(Clone, Debug, PartialEq)]
enum Expr {
    Literal(Literal),
    /// not resolved yet
    Name(Vec<String>),
    Path(Base, Vec<String>),
    Today,
    Now,
    Actor,
    Not(Box<Expr>),
    And(Vec<Expr>),
    Or(Vec<Expr>),
    Compare(Compare, Box<Expr>, Box<Expr>),
    In(Box<Expr>, Vec<Expr>),
    Has(Box<Expr>, Vec<Expr>),
    Filled(Box<Expr>),
    Quantified(Quantifier, Box<Expr>, Option<Box<Expr>>),
    Records(String),
    Approved(String),
    Entered(String),
    Days(Box<Expr>, Box<Expr>),
    Length(Box<Expr>),
    Arithmetic(Arithmetic, Box<Expr>, Box<Expr>),
}

impl Expr {
    fn collect_names(&self, into: &mut Vec<String>) {
        match self {
            Self::Path(_, path) | Self::Name(path) => into.push(path.join(".")),
            Self::Not(a) | Self::Filled(a) | Self::Length(a) => a.collect_names(into),
            Self::And(all) | Self::Or(all) => all.iter().for_each(|e| e.collect_names(into)),
            Self::Compare(_, a, b) | Self::Arithmetic(_, a, b) | Self::Days(a, b) => {
                a.collect_names(into);
                b.collect_names(into);
            }
            Self::In(a, list) | Self::Has(a, list) => {
                a.collect_names(into);
                list.iter().for_each(|e| e.collect_names(into));
            }
            Self::Quantified(_, list, condition) => {
                list.collect_names(into);
                if let Some(condition) = condition {
                    condition.collect_names(into);
                }
            }
            Self::Literal(_) | Self::Today | Self::Now | Self::Actor | Self::Records(_) | Self::Approved(_) | Self::Entered(_) => {}
        }
    }
}
