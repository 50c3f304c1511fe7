//! Tables: heads that sort, in a place of its own that scrolls.

use maud::{Markup, html};

use super::icon::icon;
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

/// A place that scrolls sideways when a table does not fit; `name` says what is in it.
pub(crate) fn scroll(name: &str, inside: Markup) -> Markup {
    html! { div.scroll role="region" aria-label=(name) tabindex="0" { (inside) } }
}
