//! Choosing a part of a list: pages of 50, filters and segments in the address.

use maud::{Markup, html};

use super::icon::icon;
use crate::format::thousands;
use crate::request::Context;

/// Rows of a page unless the address says otherwise.
pub(crate) const ROWS: usize = 50;
/// Most rows of a page.
const MOST_ROWS: usize = 200;

/// Choices of a filter; one with more is left to typing.
pub(crate) const MOST_CHOICES: usize = 200;

/// A page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Slice {
    /// first row
    pub(crate) from: usize,
    /// row after the last
    pub(crate) to: usize,
    /// rows there are
    pub(crate) all: usize,
    page: usize,
    pages: usize,
}

impl Slice {
    /// The page that the address asks for; one beyond the last is the last.
    pub(crate) fn of(context: &Context<'_>, all: usize) -> Self {
        let number = |name: &str| context.query(name).and_then(|text| text.parse::<usize>().ok());
        Self::at(number("page").unwrap_or(1), number("rows").unwrap_or(ROWS), all)
    }

    fn at(page: usize, rows: usize, all: usize) -> Self {
        let rows = rows.clamp(1, MOST_ROWS);
        let pages = all.div_ceil(rows).max(1);
        let page = page.clamp(1, pages);
        let from = (page - 1) * rows;
        Self { from, to: (from + rows).min(all), all, page, pages }
    }

    /// The rows of this page.
    pub(crate) fn cut<'t, T>(&self, rows: &'t [T]) -> &'t [T] {
        rows.get(self.from..self.to.min(rows.len())).unwrap_or_default()
    }

    /// The foot of a table: which rows of what, called by `one` or `many`, and the way to others.
    pub(crate) fn foot(&self, context: &Context<'_>, one: &str, many: &str) -> Markup {
        let what = if self.all == 1 { one } else { many };
        let to = |page: usize| context.with_query(&[("page", Some(&page.to_string()))]);
        html! {
            div.table-foot {
                span {
                    @if self.all == 0 { "No " (what) }
                    @else if self.pages == 1 { (thousands(self.all)) " " (what) }
                    @else { (thousands(self.from + 1)) "–" (thousands(self.to)) " of " (thousands(self.all)) " " (what) }
                }
                @if self.pages > 1 {
                    nav.pages aria-label="Pages" {
                        @if self.page > 1 { a.link rel="prev" href=(to(self.page - 1)) { "Previous" } }
                        span { "Page " (self.page) " of " (self.pages) }
                        @if self.page < self.pages { a.link rel="next" href=(to(self.page + 1)) { "Next" } }
                    }
                }
            }
        }
    }
}

/// One of several views of a list: name, value in the address, how many it holds.
pub(crate) struct Segment<'t> {
    pub(crate) name: &'t str,
    pub(crate) value: Option<&'t str>,
    pub(crate) count: Option<usize>,
}

/// Views of a list side by side; the parameter `name` of the address says which is shown.
pub(crate) fn segments(context: &Context<'_>, name: &str, label: &str, segments: &[Segment<'_>]) -> Markup {
    let shown = context.query(name);
    html! {
        nav.segments aria-label=(label) {
            @for segment in segments {
                a href=(context.with_query(&[(name, segment.value)])) aria-current=[(segment.value == shown).then_some("true")] {
                    (segment.name)
                    @if let Some(count) = segment.count { " " span.n { (thousands(count)) } }
                }
            }
        }
    }
}

/// A choice of a filter: value and word.
pub(crate) type Choice<'t> = (&'t str, String);

/// The filters of a list as a form that works by its button, and by itself where a script runs. `part` is the id of the results.
pub(crate) fn filters(context: &Context<'_>, part: &str, selects: &[(&str, &str, Vec<Choice<'_>>)]) -> Markup {
    let selects: Vec<_> = selects.iter().filter(|(_, _, choices)| choices.len() <= MOST_CHOICES).collect();
    let kept = context.request.query.iter().filter(|(name, value)| {
        !value.is_empty() && name != "page" && name != "q" && selects.iter().all(|(select, _, _)| select != name)
    });
    let target = format!("#{part}");
    html! {
        form.row role="search" aria-label="Filter the list" action=(context.request.path) data-live hx-get=(context.request.path) hx-trigger="input changed delay:120ms, submit"
            hx-target=(target) hx-select=(target) hx-swap="outerMorph" hx-replace-url="true" {
            @for (name, value) in kept { input type="hidden" name=(name) value=(value); }
            span.filter {
                (icon("search"))
                input.input type="search" name="q" aria-label="Filter" placeholder="Filter" value=[context.query("q")] data-filter autocomplete="off";
            }
            @for (name, label, choices) in &selects {
                select.input.auto name=(name) aria-label=(label) {
                    option value="" { (label) }
                    @for (value, word) in choices { option value=(value) selected[context.query(name) == Some(value)] { (word) } }
                }
            }
            button.button.small.no-script { "Apply" }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_beyond_the_last_is_the_last() {
        assert_eq!((Slice::at(9, 50, 120).from, Slice::at(9, 50, 120).to), (100, 120));
        assert_eq!((Slice::at(0, 50, 120).from, Slice::at(0, 50, 120).to), (0, 50));
        assert_eq!((Slice::at(1, 50, 0).from, Slice::at(1, 50, 0).to), (0, 0));
        assert_eq!(Slice::at(1, 100_000, 1_000).to, MOST_ROWS);
    }
}
