//! Tables: heads that sort, in a place of its own that scrolls.

use maud::{Markup, html};

use super::icon::icon;
use super::list::Slice;
use crate::format::inside;
use crate::request::Context;

/// A column's head: what it is called, and the name by which the address sorts it.
pub(crate) struct Head<'h> {
    pub(crate) name: &'h str,
    pub(crate) sort: Option<&'h str>,
    pub(crate) number: bool,
}

/// A head that does not sort.
pub(crate) const fn head(name: &str) -> Head<'_> {
    Head { name, sort: None, number: false }
}

/// A head that sorts.
pub(crate) const fn sorted<'h>(name: &'h str, sort: &'h str) -> Head<'h> {
    Head { name, sort: Some(sort), number: false }
}

/// How a list is sorted: `sort=name` upwards, `sort=-name` downwards.
pub(crate) fn order<'c>(context: &'c Context<'_>, unless: &'c str) -> (&'c str, bool) {
    let asked = context.query("sort").unwrap_or(unless);
    asked.strip_prefix('-').map_or((asked, false), |name| (name, true))
}

/// The heads of a table; `unless` is the order when the address names none.
pub(crate) fn heads(context: &Context<'_>, unless: &str, heads: &[Head<'_>]) -> Markup {
    heads_after(context, unless, html! {}, heads)
}

/// The heads of a table after a first one of another sort, such as a box that selects all.
pub(crate) fn heads_after(context: &Context<'_>, unless: &str, first: Markup, heads: &[Head<'_>]) -> Markup {
    let (by, down) = order(context, unless);
    html! {
        thead {
            tr {
                (first)
                @for head in heads {
                    @let active = head.sort.is_some_and(|name| name == by);
                    th scope="col" class=[head.number.then_some("num")] aria-sort=[active.then_some(if down { "descending" } else { "ascending" })] {
                        @match head.sort {
                            None => (head.name),
                            Some(name) => {
                                @let turned = if active && !down { format!("-{name}") } else { name.to_owned() };
                                a href=(context.with_query(&[("sort", Some(&turned))])) {
                                    (head.name)
                                    @if active { (icon(if down { "chevron" } else { "chevron-up" })) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// A list as a card of its own.
pub(crate) struct Listing<'l> {
    /// what it holds, for who does not see it
    pub(crate) name: &'l str,
    /// its class
    pub(crate) class: &'l str,
    /// what its columns say
    pub(crate) caption: &'l str,
    /// the order when the address names none
    pub(crate) unless: &'l str,
    pub(crate) columns: &'l [Head<'l>],
    /// what one row and many rows are called
    pub(crate) rows: [&'l str; 2],
}

impl Listing<'_> {
    /// The page of the rows that the address asks for, each drawn by `line`.
    pub(crate) fn of<T>(&self, context: &Context<'_>, rows: &[T], line: impl Fn(&T) -> Markup) -> Markup {
        let slice = Slice::of(context, rows.len());
        let [one, many] = self.rows;
        html! {
            section.card.flush aria-label=(self.name) {
                (scroll(&format!("Table of {}", inside(self.name)), html! {
                    table.table.cards.(self.class) data-rows {
                        caption.vh { (self.caption) }
                        (heads(context, self.unless, self.columns))
                        tbody { @for row in slice.cut(rows) { (line(row)) } }
                    }
                }))
                (slice.foot(context, one, many))
            }
        }
    }
}

/// A place that scrolls sideways when a table does not fit; `name` says what is in it.
pub(crate) fn scroll(name: &str, inside: Markup) -> Markup {
    html! { div.scroll role="region" aria-label=(name) tabindex="0" { (inside) } }
}
