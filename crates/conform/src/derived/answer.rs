//! From typed answers to the values that conditions, lists and pages see.

use std::borrow::Cow;

use jiff::civil::Date;
use jiff::{Span, Timestamp};
use rust_decimal::Decimal;
use vouch_record::condition::{SpanValue, Val};
use vouch_record::kind::FieldType;
use vouch_record::time::format_instant;
use vouch_record::view::Money;
use vouch_record::{Id, Link, Value};

use crate::view::Entry;

/// A row of a derived list: `row! { person: id, since: date }`. Empty cells are absent.
macro_rules! row {
    ($($name:ident: $cell:expr),* $(,)?) => {
        $crate::derived::answer::row([$((stringify!($name), $crate::derived::answer::Cell::cell($cell))),*])
    };
}

/// A whole number.
pub(super) fn whole<'v>(number: impl TryInto<i64>) -> Val<'v> {
    number
        .try_into()
        .map_or_else(|_| Val::Undecided("the number is too large".to_owned()), |number: i64| Val::Number(number.into()))
}

/// A number, if there is one.
pub(super) fn number<'v>(number: Option<Decimal>) -> Val<'v> {
    number.map_or(Val::Empty, |number| Val::Number(number.normalize()))
}

/// A day, if there is one.
pub(super) fn day<'v>(day: Option<Date>) -> Val<'v> {
    day.map_or(Val::Empty, Val::Date)
}

/// An instant, if there is one.
pub(super) fn instant<'v>(at: Option<Timestamp>) -> Val<'v> {
    at.map_or(Val::Empty, Val::Instant)
}

/// A length of time, if there is one.
pub(super) fn length<'v>(span: Option<Span>) -> Val<'v> {
    span.map_or(Val::Empty, |span| Val::Span(SpanValue(span)))
}

/// A value of an enum by its id.
pub(super) fn choice<'v>(id: &'static str) -> Val<'v> {
    Val::Text(Cow::Borrowed(id))
}

/// Values of an enum by their ids.
pub(super) fn choices<'v>(ids: impl IntoIterator<Item = &'static str>) -> Val<'v> {
    Val::List(ids.into_iter().map(choice).collect())
}

/// A record, if there is one.
pub(super) fn record<'v>(entry: Option<Entry<'_>>) -> Val<'v> {
    entry.map_or(Val::Empty, |entry| Val::Record(entry.id()))
}

/// Several records.
pub(super) fn records<'v, 'e>(entries: impl IntoIterator<Item = Entry<'e>>) -> Val<'v> {
    Val::List(entries.into_iter().map(|entry| Val::Record(entry.id())).collect())
}

/// Several records by id.
pub(super) fn ids<'v>(ids: impl IntoIterator<Item = Id>) -> Val<'v> {
    Val::List(ids.into_iter().map(Val::Record).collect())
}

/// Several texts.
pub(super) fn texts<'v>(texts: impl IntoIterator<Item = impl Into<String>>) -> Val<'v> {
    Val::List(texts.into_iter().map(|text| Val::Text(Cow::Owned(text.into()))).collect())
}

/// The rows of a derived list, kept with the view; `key` is `kind.name`, and the columns are those of the kind's file.
pub(super) fn table<'v>(entry: Entry<'v>, key: &'static str, rows: impl FnOnce() -> Vec<Value>) -> Val<'v> {
    let rows: &'v Vec<Value> = entry.view().keep(Some(entry.id()), key, rows);
    let name = key.rsplit('.').next().unwrap_or(key);
    let columns = match entry.kind().derived(name).map(|spec| &spec.kind) {
        Some(FieldType::List(columns)) => columns.clone(),
        _ => [].into(),
    };
    Val::List(rows.iter().map(|row| Val::Row(row, columns.clone())).collect())
}

/// The filled cells as a row.
pub(super) fn row<const N: usize>(cells: [(&'static str, Option<Value>); N]) -> Value {
    Value::map(cells.into_iter().filter_map(|(name, cell)| Some((name.into(), cell.filter(|cell| !cell.is_empty())?))))
}

/// What can stand in a cell of a derived row, in the encoding of FORMATS §1.
pub(super) trait Cell {
    /// The stored form; nothing if it is empty.
    fn cell(self) -> Option<Value>;
}

macro_rules! text_cells {
    ($($of:ty),*) => { $(impl Cell for $of { fn cell(self) -> Option<Value> { Some(Value::text(self.to_string())) } })* };
}

text_cells!(&str, String, Date, Id, Link);

impl Cell for bool {
    fn cell(self) -> Option<Value> {
        Some(Value::Bool(self))
    }
}

impl Cell for i64 {
    fn cell(self) -> Option<Value> {
        Some(Value::Int(self))
    }
}

impl Cell for usize {
    fn cell(self) -> Option<Value> {
        i64::try_from(self).ok().map(Value::Int)
    }
}

impl Cell for u32 {
    fn cell(self) -> Option<Value> {
        Some(Value::Int(self.into()))
    }
}

impl Cell for Decimal {
    fn cell(self) -> Option<Value> {
        Some(Value::text(self.normalize().to_string()))
    }
}

impl Cell for Timestamp {
    fn cell(self) -> Option<Value> {
        Some(Value::text(format_instant(self)))
    }
}

impl Cell for Span {
    fn cell(self) -> Option<Value> {
        Some(Value::text(self.to_string()))
    }
}

impl Cell for Money<'_> {
    fn cell(self) -> Option<Value> {
        let amount = self.amount.cell()?;
        Some(Value::map([("amount".into(), amount), ("currency".into(), Value::text(self.currency))]))
    }
}

impl Cell for Entry<'_> {
    fn cell(self) -> Option<Value> {
        self.id().cell()
    }
}

impl<T: Cell> Cell for Option<T> {
    fn cell(self) -> Option<Value> {
        self.and_then(Cell::cell)
    }
}

impl<T: Cell> Cell for Vec<T> {
    fn cell(self) -> Option<Value> {
        Some(Value::List(self.into_iter().filter_map(Cell::cell).collect()))
    }
}

impl<T: Cell + Clone> Cell for &T {
    fn cell(self) -> Option<Value> {
        self.clone().cell()
    }
}
