//! The heat map: a table of links over likelihood and consequence, with the line that the method in force draws.

use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_conform::derived::risk::score::level_of;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::RiskTier;

use super::row::Row;
use crate::format::{date, words};
use crate::part::badge::level_class;
use crate::part::empty;
use crate::part::list::{Segment, segments};
use crate::part::{button, value};
use crate::place;
use crate::request::Context;

/// What the map counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Map {
    Inherent,
    Residual,
    /// where risks were, and where they are
    Movement,
}

impl Map {
    /// The one the address asks for.
    pub(crate) fn of(context: &Context<'_>) -> Self {
        match context.query("map") {
            Some("inherent") => Self::Inherent,
            Some("movement") => Self::Movement,
            _ => Self::Residual,
        }
    }

    /// The cell a risk lies in.
    pub(crate) const fn cell(self, row: &Row) -> Option<(i64, i64)> {
        match self {
            Self::Inherent => row.inherent,
            Self::Residual | Self::Movement => row.residual,
        }
    }
}

/// A cell as the address names it: `3-4`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Cell {
    pub(crate) likelihood: i64,
    pub(crate) consequence: i64,
}

impl Cell {
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let (likelihood, consequence) = text.split_once('-')?;
        Some(Self { likelihood: likelihood.parse().ok()?, consequence: consequence.parse().ok()? })
    }
}

/// Most levels of a scale that are drawn.
const MOST_LEVELS: i64 = 10;

/// The card with the map.
pub(crate) fn card(context: &Context<'_>, open: &[&Row]) -> Markup {
    let map = Map::of(context);
    let title = match map {
        Map::Inherent => "Inherent risk",
        Map::Residual => "Residual risk",
        Map::Movement => "Movement",
    };
    let choices = [
        Segment { name: "Inherent", value: Some("inherent"), count: None },
        Segment { name: "Residual", value: None, count: None },
        Segment { name: "Movement", value: Some("movement"), count: None },
    ];
    html! {
        div.card-head { h2 { (title) } (segments(context, "map", "What the map shows", &choices)) }
        @match context.view.risk_method() {
            Some(method) => (table(context, map, method, open)),
            None => (empty::empty(
                "No risk method is in force",
                "The method fixes scales, matrix and the line above which a risk needs an answer. Without it nobody can compare two scores.",
                context.as_of.is_none().then(|| button::link(&place::new("risk-method"), "Set the risk method")),
            )),
        }
    }
}

fn table(context: &Context<'_>, map: Map, entry: Entry<'_>, open: &[&Row]) -> Markup {
    let method = RiskMethod(entry.content());
    let likelihoods = method.likelihood_scale().filter_map(|row| row.level()).max().unwrap_or(0).min(MOST_LEVELS);
    let consequences = method.consequence_scale().filter_map(|row| row.level()).max().unwrap_or(0).min(MOST_LEVELS);
    let unscored = open.iter().filter(|row| map.cell(row).is_none()).count();
    html! {
        table.heat {
            caption.vh { "Open risks by likelihood and consequence" }
            tbody {
                @for likelihood in (1..=likelihoods).rev() {
                    tr {
                        th scope="row" { (likelihood_word(method, likelihood)) }
                        @for consequence in 1..=consequences { (cell(context, map, method, Cell { likelihood, consequence }, open)) }
                    }
                }
            }
            tfoot { tr { td {} @for consequence in 1..=consequences { th scope="col" { (consequence_word(method, consequence)) } } } }
        }
        p.small.muted.apart {
            "Rows: likelihood. Columns: consequence, the three sides combined. Dashed: the acceptance line of "
            a.link href=(context.link(&place::of(entry.id()))) { (value::name(entry)) }
            @if let Some(day) = entry.entered("approved") { ", approved " (date(day)) }
            @if map == Map::Movement { ". Left: before controls; right: today" }
            ". Select a cell to filter the register."
            @if unscored > 0 { " " (unscored) " not scored yet and not on the map." }
        }
    }
}

fn likelihood_word(method: RiskMethod<'_>, level: i64) -> String {
    let title = method.likelihood_scale().find(|row| row.level() == Some(level)).and_then(|row| row.title());
    title.map_or_else(|| level.to_string(), str::to_owned)
}

/// The title of a level where all sides call it the same, else its number.
fn consequence_word(method: RiskMethod<'_>, level: i64) -> String {
    let mut titles = method.consequence_scale().filter(|row| row.level() == Some(level)).filter_map(|row| row.title());
    let first = titles.next();
    first.filter(|first| titles.all(|title| title == *first)).map_or_else(|| level.to_string(), str::to_owned)
}

fn is_above(method: RiskMethod<'_>, likelihood: i64, consequence: i64) -> bool {
    let limit = method.acceptance_limit().get();
    limit.is_some() && level_of(method, likelihood, consequence) > limit
}

fn cell(context: &Context<'_>, map: Map, method: RiskMethod<'_>, at: Cell, open: &[&Row]) -> Markup {
    let Cell { likelihood, consequence } = at;
    let level = level_of(method, likelihood, consequence);
    let above = is_above(method, likelihood, consequence);
    let left = above && consequence > 1 && !is_above(method, likelihood, consequence - 1);
    let below = above && likelihood > 1 && !is_above(method, likelihood - 1, consequence);
    let held = |map: Map| open.iter().filter(|row| map.cell(row) == Some((likelihood, consequence))).count();
    let (before, now) = (held(Map::Inherent), held(map));
    let class = level.map_or("", level_class);
    let is_empty = now == 0 && (map != Map::Movement || before == 0);
    let name = format!("{likelihood}-{consequence}");
    let is_chosen = context.query("cell") == Some(name.as_str());
    let place = format!("{} by {}", likelihood_word(method, likelihood), consequence_word(method, consequence));
    let to = format!("{}#register", context.with_query(&[("cell", (!is_chosen).then_some(name.as_str())), ("view", None)]));
    html! {
        td.line-left[left].line-below[below] {
            @if is_empty { span.heat-cell.none.(class) { span.vh { "None: " (place) } } }
            @else {
                a.heat-cell.(class) href=(to) aria-current=[is_chosen.then_some("true")] {
                    @if map == Map::Movement { span.small { (before) " → " } }
                    (now)
                    span.vh { " " (place) ", " (level.map_or("no level", RiskTier::id)) }
                }
            }
        }
    }
}

/// The word for a level.
pub(crate) fn word(level: RiskTier) -> String {
    words(level.id())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cell_is_named_by_two_levels() {
        assert_eq!(Cell::parse("3-4"), Some(Cell { likelihood: 3, consequence: 4 }));
        for bad in ["", "3", "a-b", "3-", "3-4-5"] {
            assert_eq!(Cell::parse(bad), None, "{bad}");
        }
    }
}
