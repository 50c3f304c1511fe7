//! Evaluation, three-valued.

use std::borrow::Cow;
use std::cmp::Ordering;
use std::sync::Arc;

use jiff::tz::TimeZone;
use rust_decimal::Decimal;

use super::{Arithmetic, Base, Compare, Expr, Facts, Literal, Quantifier, SpanValue, Truth, Val};
use crate::id::{Id, Link};
use crate::kind::{Column, FieldType, Scalar};
use crate::time::{after, before, days_between, parse_date, parse_duration, parse_instant};
use crate::value::Value;

/// Where evaluation stands: the record, and the items of the quantifiers around it.
pub(super) struct Frame<'a> {
    record: Id,
    facts: &'a dyn Facts,
    items: Vec<Val<'a>>,
}

impl<'a> Frame<'a> {
    pub(super) fn new(record: Id, facts: &'a dyn Facts) -> Self {
        Self { record, facts, items: Vec::new() }
    }

    fn inside(&self, item: Val<'a>) -> Self {
        let mut items = self.items.clone();
        items.push(item);
        Self { record: self.record, facts: self.facts, items }
    }
}

impl<'a> Val<'a> {
    /// A stored value of a known type.
    #[must_use]
    pub fn stored(value: &'a Value, kind: &FieldType) -> Self {
        match kind {
            FieldType::One(scalar) => Self::scalar(value, scalar),
            FieldType::Set(scalar) => Self::List(value.items().iter().map(|item| Self::scalar(item, scalar)).collect()),
            FieldType::List(columns) if columns.len() == 1 && columns[0].name.is_empty() => {
                Self::List(value.items().iter().map(|item| Self::stored(item, &columns[0].kind)).collect())
            }
            FieldType::List(columns) => Self::List(value.items().iter().map(|row| Self::Row(row, columns.clone())).collect()),
        }
    }

    fn scalar(value: &'a Value, scalar: &Scalar) -> Self {
        let text = value.as_text();
        let read = match scalar {
            Scalar::Int => value.as_int().map(|int| Self::Number(int.into())),
            Scalar::Bool => value.as_bool().map(Self::Bool),
            Scalar::Decimal => text.and_then(|t| t.parse().ok()).map(Self::Number),
            Scalar::Date => text.and_then(parse_date).map(Self::Date),
            Scalar::DateTime => text.and_then(parse_instant).map(Self::Instant),
            Scalar::Duration => text.and_then(parse_duration).map(|span| Self::Span(SpanValue(span))),
            Scalar::Enum(choices) => text.map(|t| {
                let rank = choices.iter().position(|c| c.id == t).unwrap_or(usize::MAX);
                Self::Choice(Cow::Borrowed(t), rank)
            }),
            Scalar::Link(_) => text.map(|t| t.parse::<Link>().map_or(Self::Text(Cow::Borrowed(t)), |link| Self::Record(link.id))),
            Scalar::Money => Some(Self::Row(value, parts(&[("amount", Scalar::Decimal), ("currency", Scalar::Text)]))),
            Scalar::Period => Some(Self::Row(value, parts(&[("from", Scalar::Date), ("to", Scalar::Date)]))),
            Scalar::File => {
                Some(Self::Row(value, parts(&[("name", Scalar::Text), ("sha256", Scalar::Text), ("size", Scalar::Int)])))
            }
            Scalar::Text | Scalar::Markdown | Scalar::Url | Scalar::Email => text.map(|t| Self::Text(Cow::Borrowed(t))),
        };
        read.unwrap_or_else(|| Self::Undecided("the stored value is not of the type of its field".into()))
    }

    fn is_filled(&self) -> bool {
        match self {
            Self::Empty => false,
            Self::List(items) => !items.is_empty(),
            // Erased satisfies `required` (FORMATS §6).
            _ => true,
        }
    }
}

fn parts(columns: &[(&str, Scalar)]) -> Arc<[Column]> {
    columns.iter().map(|(name, scalar)| Column { name: (*name).to_owned(), kind: FieldType::One(scalar.clone()) }).collect()
}

pub(super) fn truth(expression: &Expr, frame: &Frame<'_>) -> Truth {
    match expression {
        Expr::Not(a) => match truth(a, frame) {
            Truth::Yes => Truth::No,
            Truth::No => Truth::Yes,
            undecided => undecided,
        },
        Expr::And(all) => all_of(all.iter().map(|e| truth(e, frame))),
        Expr::Or(all) => any_of(all.iter().map(|e| truth(e, frame))),
        Expr::Compare(op, a, b) => compare(*op, &value(a, frame), &value(b, frame)),
        Expr::In(a, list) => {
            let a = value(a, frame);
            any_of(list.iter().map(|member| compare(Compare::Equal, &a, &value(member, frame))))
        }
        Expr::Has(a, list) => {
            let a = value(a, frame);
            any_of(list.iter().map(|member| compare(Compare::Equal, &a, &value(member, frame))))
        }
        Expr::Filled(a) => value(a, frame).is_filled().into(),
        Expr::Quantified(quantifier, list, Some(condition)) if *quantifier != Quantifier::Count => {
            let answers = population(*quantifier, list, condition, frame)
                .map(|items| items.into_iter().map(|item| truth(condition, &frame.inside(item))).collect::<Vec<_>>());
            match (answers, quantifier) {
                (Err(why), _) => Truth::Undecided(why),
                (Ok(answers), Quantifier::Any) => any_of(answers.into_iter()),
                (Ok(answers), Quantifier::All) => all_of(answers.into_iter()),
                (Ok(answers), _) => match any_of(answers.into_iter()) {
                    Truth::Yes => Truth::No,
                    Truth::No => Truth::Yes,
                    undecided => undecided,
                },
            }
        }
        other => match value(other, frame) {
            Val::Bool(truth) => truth.into(),
            Val::Empty => Truth::No,
            Val::Undecided(why) => Truth::Undecided(why),
            // A bare list, link or text asks whether it is filled.
            filled => filled.is_filled().into(),
        },
    }
}

fn all_of(answers: impl Iterator<Item = Truth>) -> Truth {
    let mut result = Truth::Yes;
    for answer in answers {
        match answer {
            Truth::No => return Truth::No,
            Truth::Undecided(why) => result = Truth::Undecided(why),
            Truth::Yes => {}
        }
    }
    result
}

fn any_of(answers: impl Iterator<Item = Truth>) -> Truth {
    let mut result = Truth::No;
    for answer in answers {
        match answer {
            Truth::Yes => return Truth::Yes,
            Truth::Undecided(why) => result = Truth::Undecided(why),
            Truth::No => {}
        }
    }
    result
}

fn items(list: Val<'_>) -> Result<Vec<Val<'_>>, String> {
    match list {
        Val::List(items) => Ok(items),
        Val::Empty => Ok(Vec::new()),
        Val::Undecided(why) => Err(why),
        one => Ok(vec![one]),
    }
}

pub(super) fn value<'a>(expression: &'a Expr, frame: &Frame<'a>) -> Val<'a> {
    match expression {
        Expr::Literal(literal) => match literal {
            Literal::Bool(truth) => Val::Bool(*truth),
            Literal::Number(number) => Val::Number(*number),
            Literal::Text(text) => Val::Text(Cow::Borrowed(text)),
            Literal::Choice(id, rank) => Val::Choice(Cow::Borrowed(id), *rank),
            Literal::Date(date) => Val::Date(*date),
            Literal::Span(span) => Val::Span(SpanValue(span.0)),
        },
        Expr::Path(base, path) => {
            let start = match base {
                Base::This => Val::Record(frame.record),
                Base::Item(depth) => frame.items.get(*depth).cloned().unwrap_or(Val::Empty),
            };
            path.iter().fold(start, |at, name| step(at, name, frame))
        }
        Expr::Today => Val::Date(frame.facts.today()),
        Expr::Now => Val::Instant(frame.facts.now()),
        Expr::Actor => frame.facts.actor().map_or(Val::Empty, Val::Record),
        Expr::Records(kind) => Val::List(frame.facts.records(kind).into_iter().map(Val::Record).collect()),
        Expr::Approved(purpose) => frame.facts.approved(frame.record, purpose),
        Expr::Entered(state) => frame.facts.entered(frame.record, state),
        Expr::Days(a, b) => match (day(&value(a, frame)), day(&value(b, frame))) {
            (Some(a), Some(b)) => Val::Number(days_between(a, b).into()),
            _ => Val::Empty,
        },
        Expr::Length(a) => match value(a, frame) {
            Val::Text(text) => Val::Number(text.chars().count().into()),
            Val::List(items) => Val::Number(items.len().into()),
            Val::Empty => Val::Number(Decimal::ZERO),
            other => Val::Undecided(format!("{other:?} has no length")),
        },
        Expr::Arithmetic(op, a, b) => arithmetic(*op, value(a, frame), value(b, frame)),
        Expr::Quantified(Quantifier::Count, list, condition) => count(list, condition.as_deref(), frame),
        _ => match truth(expression, frame) {
            Truth::Yes => Val::Bool(true),
            Truth::No => Val::Bool(false),
            Truth::Undecided(why) => Val::Undecided(why),
        },
    }
}

/// The items a quantifier looks at. Of all records of a kind, those that link to the record its condition wants are enough, since
/// for any other the condition does not hold.
fn population<'a>(quantifier: Quantifier, list: &'a Expr, condition: &'a Expr, frame: &Frame<'a>) -> Result<Vec<Val<'a>>, String> {
    if let (Expr::Records(kind), Quantifier::Any | Quantifier::None | Quantifier::Count) = (list, quantifier)
        && let Some(found) = wanted_links(condition, frame).find_map(|(field, target)| frame.facts.naming(kind, field, target))
    {
        return Ok(found.into_iter().map(Val::Record).collect());
    }
    items(value(list, frame))
}

/// `field = record` and `field has record` among what a condition wants of its item together.
fn wanted_links<'a>(condition: &'a Expr, frame: &Frame<'a>) -> impl Iterator<Item = (&'a str, Id)> {
    let together = if let Expr::And(all) = condition { all.as_slice() } else { std::slice::from_ref(condition) };
    let depth = frame.items.len();
    together.iter().filter_map(move |part| {
        let (field, other) = match part {
            Expr::Compare(Compare::Equal, a, b) => {
                [(a, b), (b, a)].into_iter().find_map(|(a, b)| Some((own_field(a, depth)?, &**b)))?
            }
            Expr::Has(a, members) if members.len() == 1 => (own_field(a, depth)?, &members[0]),
            _ => return None,
        };
        match other {
            Expr::Path(Base::Item(at), _) if *at >= depth => None,
            Expr::Path(..) | Expr::Actor => match value(other, frame) {
                Val::Record(id) => Some((field, id)),
                _ => None,
            },
            _ => None,
        }
    })
}

/// The field that a path of one step names on the item at `depth`.
fn own_field(expression: &Expr, depth: usize) -> Option<&str> {
    match expression {
        Expr::Path(Base::Item(at), path) if *at == depth && path.len() == 1 => Some(&path[0]),
        _ => None,
    }
}

fn count<'a>(list: &'a Expr, condition: Option<&'a Expr>, frame: &Frame<'a>) -> Val<'a> {
    let looked = match condition {
        Some(condition) => population(Quantifier::Count, list, condition, frame),
        None => items(value(list, frame)),
    };
    let items = match looked {
        Ok(items) => items,
        Err(why) => return Val::Undecided(why),
    };
    let mut number = 0usize;
    for item in items {
        match condition.map_or(Truth::Yes, |condition| truth(condition, &frame.inside(item))) {
            Truth::Yes => number += 1,
            Truth::No => {}
            Truth::Undecided(why) => return Val::Undecided(why),
        }
    }
    Val::Number(number.into())
}

fn step<'a>(at: Val<'a>, name: &str, frame: &Frame<'a>) -> Val<'a> {
    match at {
        Val::Record(id) => frame.facts.value(id, name),
        Val::Row(row, columns) => match (row.get(name), columns.iter().find(|column| column.name == name)) {
            (Some(value), Some(column)) => Val::stored(value, &column.kind),
            _ => Val::Empty,
        },
        Val::List(items) => {
            let mut found = Vec::new();
            for item in items {
                match step(item, name, frame) {
                    Val::Empty => {}
                    Val::List(more) => found.extend(more),
                    one => found.push(one),
                }
            }
            Val::List(found)
        }
        undecided @ Val::Undecided(_) => undecided,
        _ => Val::Empty,
    }
}

fn day(value: &Val<'_>) -> Option<jiff::civil::Date> {
    match value {
        Val::Date(date) => Some(*date),
        Val::Instant(at) => Some(TimeZone::UTC.to_datetime(*at).date()),
        _ => None,
    }
}

fn arithmetic<'a>(op: Arithmetic, a: Val<'a>, b: Val<'a>) -> Val<'a> {
    match (a, b) {
        (Val::Undecided(why), _) | (_, Val::Undecided(why)) => Val::Undecided(why),
        (Val::Number(a), Val::Number(b)) => {
            let result = match op {
                Arithmetic::Add => a.checked_add(b),
                Arithmetic::Subtract => a.checked_sub(b),
                Arithmetic::Multiply => a.checked_mul(b),
                Arithmetic::Divide => a.checked_div(b),
            };
            result.map_or_else(|| Val::Undecided("the result is no number".into()), Val::Number)
        }
        (a, Val::Span(span)) => match (op, &a) {
            (Arithmetic::Add, Val::Instant(at)) => moved(*at, span.seconds()),
            (Arithmetic::Subtract, Val::Instant(at)) => moved(*at, -span.seconds()),
            (Arithmetic::Add, _) => day(&a).map_or(Val::Empty, |date| Val::Date(after(date, &span.0))),
            (Arithmetic::Subtract, _) => day(&a).map_or(Val::Empty, |date| Val::Date(before(date, &span.0))),
            _ => Val::Empty,
        },
        _ => Val::Empty,
    }
}

fn moved<'a>(at: jiff::Timestamp, seconds: i64) -> Val<'a> {
    at.as_second()
        .checked_add(seconds)
        .and_then(|second| jiff::Timestamp::new(second, at.subsec_nanosecond()).ok())
        .map_or_else(|| Val::Undecided("the instant lies outside the calendar".into()), Val::Instant)
}

fn compare(op: Compare, a: &Val<'_>, b: &Val<'_>) -> Truth {
    match (a, b) {
        (Val::Undecided(why), _) | (_, Val::Undecided(why)) => Truth::Undecided(why.clone()),
        (Val::Empty, Val::Empty) => matches!(op, Compare::Equal).into(),
        // Nothing equals nothing else and has no place in an order.
        (Val::Empty, _) | (_, Val::Empty) => matches!(op, Compare::NotEqual).into(),
        (Val::List(items), other) | (other, Val::List(items)) if op == Compare::NotEqual => {
            all_of(items.iter().map(|item| compare(op, item, other)))
        }
        (Val::List(items), b) => any_of(items.iter().map(|item| compare(op, item, b))),
        (a, Val::List(items)) => any_of(items.iter().map(|item| compare(op, a, item))),
        _ => match order(a, b) {
            Some(order) => holds(op, order).into(),
            None => matches!(op, Compare::NotEqual).into(),
        },
    }
}

fn holds(op: Compare, order: Ordering) -> bool {
    match op {
        Compare::Equal => order.is_eq(),
        Compare::NotEqual => order.is_ne(),
        Compare::Less => order.is_lt(),
        Compare::LessOrEqual => order.is_le(),
        Compare::Greater => order.is_gt(),
        Compare::GreaterOrEqual => order.is_ge(),
    }
}

fn order(a: &Val<'_>, b: &Val<'_>) -> Option<Ordering> {
    match (a, b) {
        (Val::Bool(a), Val::Bool(b)) => Some(a.cmp(b)),
        (Val::Number(a), Val::Number(b)) => Some(a.cmp(b)),
        (Val::Choice(a, x), Val::Choice(b, y)) => Some(if a == b { Ordering::Equal } else { x.cmp(y).then_with(|| a.cmp(b)) }),
        (Val::Text(a) | Val::Choice(a, _), Val::Text(b) | Val::Choice(b, _)) => Some(a.cmp(b)),
        (Val::Instant(a), Val::Instant(b)) => Some(a.cmp(b)),
        (Val::Date(_) | Val::Instant(_), Val::Date(_) | Val::Instant(_)) => Some(day(a)?.cmp(&day(b)?)),
        (Val::Span(a), Val::Span(b)) => Some(a.seconds().cmp(&b.seconds())),
        (Val::Record(a), Val::Record(b)) => Some(a.cmp(b)),
        (Val::Record(a), Val::Text(b)) => Some(a.to_string().as_str().cmp(b)),
        (Val::Row(a, _), Val::Row(b, _)) => (a == b).then_some(Ordering::Equal),
        _ => None,
    }
}
