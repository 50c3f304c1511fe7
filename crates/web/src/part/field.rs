//! Values of fields by their type: dates as dates, choices as labels, links that lead on, files that open, prose as prose.

use jiff::fmt::friendly::{Designator, Spacing, SpanPrinter};
use jiff::{Span, Timestamp, civil::Date};
use maud::{Markup, html};
use serde_json::Value as Json;
use vouch_record::Link;
use vouch_record::kind::{Column, FieldType, Scalar, Target};

use super::{badge, markdown, value};
use crate::format::{date, instant, words};
use crate::request::Context;
use crate::{format, place};

/// Heading level at which prose inside a page begins.
const PROSE: u8 = 4;
/// Rows of a list shown at once; the rest open on demand.
const ROWS: usize = 20;

/// Whether a value of this type wants the whole width: prose, and rows with columns.
pub(crate) fn is_wide(kind: &FieldType) -> bool {
    matches!(kind, FieldType::One(Scalar::Markdown)) || kind.columns().iter().any(|column| !column.name.is_empty())
}

/// A value for reading.
pub(crate) fn value(context: &Context<'_>, kind: &FieldType, json: &Json) -> Markup {
    match (kind, json) {
        (_, Json::Null) => html! { span.faint { "–" } },
        (FieldType::One(scalar), json) => one(context, scalar, json),
        (FieldType::Set(scalar), Json::Array(items)) => set(context, scalar, items),
        (FieldType::List(columns), Json::Array(rows)) => list(context, columns, rows),
        (_, other) => html! { (value::line(other)) },
    }
}

/// One member of a set, or one row of a list, on a line of its own.
pub(crate) fn member(context: &Context<'_>, kind: &FieldType, json: &Json) -> Markup {
    match kind {
        FieldType::One(scalar) | FieldType::Set(scalar) => one(context, scalar, json),
        FieldType::List(columns) if columns.len() == 1 && columns[0].name.is_empty() => value(context, &columns[0].kind, json),
        FieldType::List(columns) => html! {
            @for (at, column) in columns.iter().filter(|column| !json[&column.name].is_null()).enumerate() {
                @if at > 0 { " · " }
                (value(context, &column.kind, &json[&column.name]))
            }
        },
    }
}

fn one(context: &Context<'_>, scalar: &Scalar, json: &Json) -> Markup {
    let text = json.as_str().unwrap_or_default();
    match scalar {
        Scalar::Markdown => markdown::prose(text, PROSE),
        Scalar::Enum(choices) => {
            let label = choices.iter().find(|choice| choice.id == text);
            html! { @match label { Some(choice) => span title=(choice.help) { (choice.label) }, None => (words(text)) } }
        }
        Scalar::Date => html! { (day(json)) },
        Scalar::DateTime => match text.parse::<Timestamp>() {
            Ok(at) => html! { time datetime=(text) { (instant(at, context.view.zone())) } },
            Err(_) => html! { (text) },
        },
        Scalar::Period => html! { (day(&json["from"])) " – " (day(&json["to"])) },
        Scalar::Duration => html! { (duration(text)) },
        Scalar::Money => {
            html! { span.nowrap { (json["currency"].as_str().unwrap_or_default()) " " (decimal(json["amount"].as_str().unwrap_or_default())) } }
        }
        Scalar::Url if markdown::is_safe(text) => html! { a.link.break href=(text) rel="noopener noreferrer" { (text) } },
        Scalar::Email => html! { a.link href={ "mailto:" (text) } { (text) } },
        Scalar::File => file(json),
        Scalar::Link(Target::Requirement) => requirement(context, text),
        Scalar::Link(_) => match text.parse::<Link>() {
            Ok(link) => value::record(context, link),
            Err(_) => html! { (text) },
        },
        Scalar::Int => html! { span.ref-number { (json.as_i64().map_or_else(|| value::line(json), number)) } },
        Scalar::Decimal => html! { (decimal(text)) },
        Scalar::Text if text.starts_with("sha256:") => html! { code.break { (text) } },
        Scalar::Bool | Scalar::Text | Scalar::Url => html! { (value::line(json)) },
    }
}

fn number(number: i64) -> String {
    let digits = format::thousands(usize::try_from(number.unsigned_abs()).unwrap_or(usize::MAX));
    if number < 0 { format!("−{digits}") } else { digits }
}

/// A decimal with its thousands set apart.
fn decimal(text: &str) -> String {
    let (whole, part) = text.split_once('.').map_or((text, None), |(whole, part)| (whole, Some(part)));
    let whole = whole.parse::<i64>().map_or_else(|_| whole.to_owned(), number);
    part.map_or_else(|| whole.clone(), |part| format!("{whole}.{part}"))
}

/// A day as people write it; what is none, as it stands.
fn day(json: &Json) -> String {
    let text = json.as_str().unwrap_or_default();
    text.parse::<Date>().map_or_else(|_| text.to_owned(), date)
}

/// `P6M` as `6 months`.
pub(crate) fn duration(text: &str) -> String {
    let printer = SpanPrinter::new().designator(Designator::Verbose).spacing(Spacing::BetweenUnitsAndDesignators);
    text.parse::<Span>().map_or_else(|_| text.to_owned(), |span| printer.span_to_string(&span))
}

/// A file: its name leads to its bytes.
pub(crate) fn file(json: &Json) -> Markup {
    let text = |name: &str| json[name].as_str().unwrap_or_default();
    html! {
        span.person {
            (super::icon::icon("file"))
            a.link href=(file_address(text("sha256"), text("name"))) { (text("name")) }
            span.ref { (bytes(json["size"].as_u64().unwrap_or_default())) }
        }
    }
}

/// Where the bytes of a file are, under the name it is saved by.
pub(crate) fn file_address(sha256: &str, name: &str) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).append_pair("name", name).finish();
    format!("/files/{sha256}?{query}")
}

/// `12 kB`
pub(crate) fn bytes(size: u64) -> String {
    match size {
        ..1_000 => format!("{size} bytes"),
        1_000..1_000_000 => format!("{} kB", size.div_ceil(1_000)),
        _ => format!("{}.{} MB", size / 1_000_000, size / 100_000 % 10),
    }
}

/// A requirement of a framework, as `iso42001:A.5.2`.
pub(crate) fn requirement(context: &Context<'_>, link: &str) -> Markup {
    match link.split_once(':') {
        Some(("iso42001", item)) => badge::requirement(&context.link(&place::of_requirement(item)), item),
        Some((framework, item)) => {
            let title =
                context.view.frameworks().framework(framework).ok().flatten().map(|framework| framework.short_title.clone());
            html! { span.chip { (title.unwrap_or_else(|| framework.to_owned())) " " (item) } }
        }
        None => html! { span.chip { (link) } },
    }
}

fn set(context: &Context<'_>, scalar: &Scalar, items: &[Json]) -> Markup {
    let is_chips = matches!(scalar, Scalar::Link(Target::Requirement));
    html! {
        @if is_chips { span.row.tight { @for item in items { (one(context, scalar, item)) } } }
        @else if matches!(scalar, Scalar::Enum(_) | Scalar::Text | Scalar::Int) {
            @for (at, item) in items.iter().enumerate() { @if at > 0 { ", " } (one(context, scalar, item)) }
        }
        @else { (lines(items, |item| one(context, scalar, item))) }
    }
}

/// One below the other; what is many opens on demand.
fn lines(items: &[Json], each: impl Fn(&Json) -> Markup) -> Markup {
    let (shown, more) = items.split_at(items.len().min(ROWS));
    html! {
        ul.stack-4 { @for item in shown { li { (each(item)) } } }
        @if !more.is_empty() { details { summary.link { "Show " (more.len()) " more" } ul.stack-4 { @for item in more { li { (each(item)) } } } } }
    }
}

fn list(context: &Context<'_>, columns: &[Column], rows: &[Json]) -> Markup {
    if let [column] = columns
        && column.name.is_empty()
    {
        return lines(rows, |row| value(context, &column.kind, row));
    }
    let filled: Vec<&Column> = columns.iter().filter(|column| rows.iter().any(|row| !row[&column.name].is_null())).collect();
    let (shown, more) = rows.split_at(rows.len().min(ROWS));
    html! {
        (rows_of(context, &filled, shown))
        @if !more.is_empty() { details { summary.link { "Show " (more.len()) " more" } (rows_of(context, &filled, more)) } }
    }
}

fn rows_of(context: &Context<'_>, columns: &[&Column], rows: &[Json]) -> Markup {
    // A group and no region: many of them may stand on a page, and none is a landmark.
    html! {
      div.scroll role="group" aria-label="Rows" tabindex="0" {
        table.table.cards.inner {
            caption.vh { "Rows" }
            thead { tr { @for column in columns { th scope="col" { (words(&column.name)) } } } }
            tbody {
                @for row in rows {
                    tr { @for column in columns { td data-label=(words(&column.name)) { @if !row[&column.name].is_null() { (value(context, &column.kind, &row[&column.name])) } } } }
                }
            }
        }
      }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes_read_as_people_write_them() {
        assert_eq!(duration("P6M"), "6 months");
        assert_eq!(duration("PT4H"), "4 hours");
        assert_eq!(duration("soon"), "soon");
        assert_eq!((bytes(12), bytes(12_345), bytes(2_560_000)), ("12 bytes".to_owned(), "13 kB".to_owned(), "2.5 MB".to_owned()));
        assert_eq!((decimal("1234567.5"), decimal("-12")), ("1,234,567.5".to_owned(), "−12".to_owned()));
    }
}
