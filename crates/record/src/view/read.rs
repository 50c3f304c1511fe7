//! From stored values to typed ones.

use std::marker::PhantomData;

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use rust_decimal::Decimal;

use super::{Content, Field};
use crate::id::{Id, Link};
use crate::time::{parse_date, parse_duration, parse_instant};
use crate::value::Value;

/// A type that a stored value can be read as.
pub trait Read<'a>: Sized {
    /// The value, or nothing if it is of another form.
    fn read(value: &'a Value) -> Option<Self>;
}

impl<'a> Read<'a> for &'a str {
    fn read(value: &'a Value) -> Option<Self> {
        value.as_text()
    }
}

impl Read<'_> for i64 {
    fn read(value: &Value) -> Option<Self> {
        value.as_int()
    }
}

impl Read<'_> for bool {
    fn read(value: &Value) -> Option<Self> {
        value.as_bool()
    }
}

impl Read<'_> for Date {
    fn read(value: &Value) -> Option<Self> {
        parse_date(value.as_text()?)
    }
}

impl Read<'_> for Timestamp {
    fn read(value: &Value) -> Option<Self> {
        parse_instant(value.as_text()?)
    }
}

impl Read<'_> for Span {
    fn read(value: &Value) -> Option<Self> {
        parse_duration(value.as_text()?)
    }
}

impl Read<'_> for Decimal {
    fn read(value: &Value) -> Option<Self> {
        value.as_text()?.parse().ok()
    }
}

impl Read<'_> for Link {
    fn read(value: &Value) -> Option<Self> {
        value.as_text()?.parse().ok()
    }
}

impl Read<'_> for Id {
    fn read(value: &Value) -> Option<Self> {
        Link::read(value).map(|link| link.id)
    }
}

/// A stretch of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    /// first day
    pub from: Date,
    /// last day
    pub to: Date,
}

impl Read<'_> for Period {
    fn read(value: &Value) -> Option<Self> {
        Some(Self { from: Date::read(value.get("from")?)?, to: Date::read(value.get("to")?)? })
    }
}

/// An amount of money.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Money<'a> {
    /// how much
    pub amount: Decimal,
    /// ISO 4217 code
    pub currency: &'a str,
}

impl<'a> Read<'a> for Money<'a> {
    fn read(value: &'a Value) -> Option<Self> {
        Some(Self { amount: Decimal::read(value.get("amount")?)?, currency: value.get("currency")?.as_text()? })
    }
}

/// A file by hash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct FileRef<'a> {
    /// name it was handed in with
    pub name: &'a str,
    /// SHA-256 of its bytes, 64 hex digits
    pub sha256: &'a str,
    /// bytes
    pub size: i64,
}

impl<'a> Read<'a> for FileRef<'a> {
    fn read(value: &'a Value) -> Option<Self> {
        Some(Self {
            name: value.get("name")?.as_text()?,
            sha256: value.get("sha256")?.as_text()?,
            size: value.get("size")?.as_int()?,
        })
    }
}

/// An item of a framework, `iso42001:A.5.2`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RequirementLink<'a> {
    /// key of the framework
    pub framework: &'a str,
    /// item in it
    pub item: &'a str,
}

impl<'a> Read<'a> for RequirementLink<'a> {
    fn read(value: &'a Value) -> Option<Self> {
        let (framework, item) = value.as_text()?.split_once(':')?;
        Some(Self { framework, item })
    }
}

/// A row of a list.
#[derive(Clone, Copy, Debug)]
pub struct Row<'a>(pub &'a Value);

impl<'a> Row<'a> {
    /// The cell of a column.
    #[must_use]
    pub fn value(&self, column: &str) -> Option<&'a Value> {
        self.0.get(column)
    }

    /// The cell of a column, typed.
    #[must_use]
    pub fn read<T: Read<'a>>(&self, column: &str) -> Option<T> {
        self.value(column).and_then(T::read)
    }

    /// The members of a set or the links in a cell.
    #[must_use]
    pub fn members<T: Read<'a>>(&self, column: &str) -> Members<'a, T> {
        Members { items: self.value(column).map_or(&[][..], Value::items).iter(), of: PhantomData }
    }
}

impl<'a> From<&'a Value> for Row<'a> {
    fn from(value: &'a Value) -> Self {
        Self(value)
    }
}

/// The rows of a list.
#[derive(Clone, Debug)]
pub struct Rows<'a, R> {
    items: std::slice::Iter<'a, Value>,
    erased: bool,
    of: PhantomData<R>,
}

impl<R> Rows<'_, R> {
    /// Whether the list was erased, so that its rows cannot be judged.
    #[must_use]
    pub const fn is_erased(&self) -> bool {
        self.erased
    }
}

impl<'a, R: From<Row<'a>>> Iterator for Rows<'a, R> {
    type Item = R;

    fn next(&mut self) -> Option<R> {
        self.items.next().map(|value| R::from(Row(value)))
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.items.size_hint()
    }
}

impl<'a, R: From<Row<'a>>> ExactSizeIterator for Rows<'a, R> {}

/// The members of a set, links or files.
#[derive(Clone, Debug)]
pub struct Members<'a, T> {
    items: std::slice::Iter<'a, Value>,
    of: PhantomData<T>,
}

impl<'a, T: Read<'a> + PartialEq> Members<'a, T> {
    /// Whether it holds this member.
    #[must_use]
    pub fn has(mut self, member: T) -> bool {
        self.any(|item| item == member)
    }

    /// Whether it holds one of these.
    #[must_use]
    pub fn has_any(mut self, members: &[T]) -> bool {
        self.any(|item| members.contains(&item))
    }
}

impl<'a, T: Read<'a>> Iterator for Members<'a, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.items.by_ref().find_map(T::read)
    }
}

/// The value of a field, typed.
#[must_use]
pub fn read<'a, T: Read<'a>>(content: Content<'a>, name: &'static str) -> Field<T> {
    match content.value(name) {
        Field::Present(value) => T::read(value).map_or(Field::Empty, Field::Present),
        Field::Empty => Field::Empty,
        Field::Erased => Field::Erased,
    }
}

/// The rows of a list field; none when it is empty or erased.
#[must_use]
pub fn rows<'a, R: From<Row<'a>>>(content: Content<'a>, name: &'static str) -> Rows<'a, R> {
    let value = content.value(name);
    Rows { erased: value.is_erased(), items: value.get().map_or(&[][..], Value::items).iter(), of: PhantomData }
}

/// The members of a set, links or files field; none when it is empty or erased.
#[must_use]
pub fn members<'a, T: Read<'a>>(content: Content<'a>, name: &'static str) -> Members<'a, T> {
    Members { items: content.value(name).get().map_or(&[][..], Value::items).iter(), of: PhantomData }
}
