//! The list of a kind, made from its field table: columns that say most, filters in the address, what is shown as a file.

mod columns;
pub(crate) mod export;
mod filter;

use maud::{Markup, html};
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_record::kind::Kind;

use self::columns::{Column, Shows};
use self::filter::Filter;
use crate::answer::{Answer, Page};
use crate::format::{count, date, inside};
use crate::part::empty::empty;
use crate::part::list::{Slice, filters};
use crate::part::table::{self, Head};
use crate::part::{self, button, person, value};
use crate::place;
use crate::request::Context;

/// Id of the part that a filter replaces.
const RESULTS: &str = "results";

/// `GET /kinds/{kind}`
pub(crate) fn list(context: &Context<'_>) -> Result<Answer> {
    let name = context.param("kind");
    let kind = context.view.kinds().get(name);
    let kind = kind.ok_or_else(|| Error::not_found(format!("there is no kind `{name}`")).hint("see the lists in the sidebar"))?;
    let filter = Filter::of(context, kind);
    let columns = columns::of(kind);
    let records = columns::ordered(context, kind, &columns)?;
    let rows: Vec<Entry<'_>> = filter.candidates(context, &records).collect();
    let all = records.len();
    if context.request.wants_json {
        return Ok(Answer::Json(export::listed(context, rows.len(), Slice::of(context, rows.len()).cut(&rows))?));
    }
    if let Some(format) = context.query("format") {
        return export::file(context, kind, &rows, format);
    }
    let body = if all == 0 { nothing_yet(context, kind) } else { results(context, kind, &filter, &columns, &rows) };
    let nav = place::entry_of(&kind.name);
    let page =
        Page::new(nav, kind.plural.as_str(), body).lead(html! { (kind.help) }).actions(actions(context, kind, !rows.is_empty()));
    Ok(page.into())
}

fn can_be_entered(kind: &Kind) -> bool {
    !matches!(kind.name.as_str(), "approval" | "organisation")
}

fn actions(context: &Context<'_>, kind: &Kind, any: bool) -> Markup {
    html! {
        @if any { (export::menu(context)) }
        @if can_be_entered(kind) && context.as_of.is_none() { (button::primary("plus", &place::new(&kind.name), &format!("New {}", inside(&kind.title)))) }
    }
}

fn nothing_yet(context: &Context<'_>, kind: &Kind) -> Markup {
    let actions = (can_be_entered(kind) && context.as_of.is_none())
        .then(|| html! { (button::primary("plus", &place::new(&kind.name), &format!("New {}", inside(&kind.title)))) (button::link(&context.link("/import"), "Import records")) });
    html! { div.card { (empty(&format!("No {} yet", kind.plural.to_lowercase()), &kind.help, actions)) } }
}

fn results(context: &Context<'_>, kind: &Kind, filter: &Filter<'_>, columns: &[Column<'_>], rows: &[Entry<'_>]) -> Markup {
    let slice = Slice::of(context, rows.len());
    let clear = context.link(&context.request.path);
    html! {
        div.toolbar { (filters(context, RESULTS, &filter.choices(kind))) }
        div id=(RESULTS) {
            (filter.chips(context, kind))
            div.card.flush {
                @if rows.is_empty() { (empty("Nothing fits the filter", "No record has all that the filter asks for.", Some(button::link(&clear, "Clear filters")))) }
                @else {
                    table.table.cards data-rows {
                        caption.vh { (kind.plural) ", " (count(rows.len(), "record", "records")) }
                        (table::heads(context, "name", &columns.iter().map(Column::head).collect::<Vec<Head<'_>>>()))
                        tbody { @for entry in slice.cut(rows) { (row(context, columns, *entry)) } }
                    }
                    (slice.foot(context, &inside(&kind.title), &inside(&kind.plural)))
                }
            }
        }
    }
}

fn row(context: &Context<'_>, columns: &[Column<'_>], entry: Entry<'_>) -> Markup {
    html! {
        tr { @for column in columns { (cell(context, column, entry)) } }
    }
}

fn cell(context: &Context<'_>, column: &Column<'_>, entry: Entry<'_>) -> Markup {
    let text = |field: &str| entry.text(field).unwrap_or_default().to_owned();
    match column.shows {
        Shows::Name => html! {
            td.main-cell {
                a href=(context.link(&place::of(entry.id()))) { (value::called(entry)) " " span.ref { (entry.id()) } }
                @if let Some(about) = columns::about(entry) { span.sub.clip { (about) } }
            }
        },
        Shows::State => html! { td.nowrap data-label=(column.label) { (part::state::shown(entry)) } },
        Shows::Person(field) => {
            html! { td data-label=(column.label) { @if let Some(owner) = entry.linked(field) { (person::person(&value::name(owner))) } } }
        }
        Shows::Choice(field) => {
            html! { td.nowrap data-label=(column.label) { @if !text(field).is_empty() { (value::choice(&context.view, &entry.kind().name, field, &text(field))) } } }
        }
        Shows::Link(field) => {
            html! { td data-label=(column.label) { @if let Some(linked) = entry.linked(field) { a.link href=(context.link(&place::of(linked.id()))) { (value::name(linked)) } } } }
        }
        Shows::Day(field) => {
            html! { td.nowrap data-label=(column.label) { (columns::day(entry, field).map(date).unwrap_or_default()) } }
        }
    }
}
