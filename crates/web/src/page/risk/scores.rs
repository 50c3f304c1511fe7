//! Two assessments side by side: without controls, and as things are.

use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_conform::derived::risk;
use vouch_conform::derived::risk::score::Score;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::{RiskMethod, RiskMethodConsequenceScaleSide as Side};

use super::PROSE;
use crate::format::date;
use crate::part::badge::level;
use crate::part::person::name_of;
use crate::part::{empty, markdown, value};
use crate::place;
use crate::request::Context;

/// The card with both.
pub(super) fn card(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let content = Risk(entry.content());
    let (inherent, residual) = (Score::inherent(entry.content()), Score::residual(entry.content()));
    let method = entry.linked("method");
    html! {
        section.card {
            div.card-head {
                h2 { "Assessment" }
                span {
                    @if let Some(on) = content.assessed_on().get() { "scored " (date(on)) }
                    @if let Some(method) = method { " by " a.link href=(context.link(&place::of(method.id()))) { (value::name(method)) } }
                }
            }
            @match method.filter(|_| inherent.is_some() || residual.is_some()) {
                None => (empty::empty("Not scored yet", "A risk is scored twice by the method in force: without controls, and as things are today.", None)),
                Some(method) => (table(entry, RiskMethod(method.content()), inherent, residual)),
            }
            @if let Some(reason) = content.score_reason().get() { h3.apart { "Why these scores" } (markdown::prose(reason, PROSE)) }
            (seconds(context, entry))
        }
    }
}

fn table(entry: Entry<'_>, method: RiskMethod<'_>, inherent: Option<Score>, residual: Option<Score>) -> Markup {
    let sides = [("Organisation", Side::Organisation), ("People and groups", Side::Individuals), ("Society", Side::Society)];
    let of = |score: Option<Score>, side: Side| {
        score.and_then(|score| score.sides().into_iter().find(|(of, _)| *of == side)).map(|(_, level)| level)
    };
    let combined = |score: Option<Score>| score.and_then(|score| score.consequence(method));
    let target = Risk(entry.content()).target_level().get();
    html! {
        div.scroll tabindex="0" role="region" aria-label="Scores" {
            table.table.plain.scores {
                caption.vh { "Scores before controls and today" }
                thead { tr { th scope="col" { "Side" } th scope="col" { "Inherent" } th scope="col" { "Residual" } } }
                tbody {
                    tr { th scope="row" { "Likelihood" } td { (likelihood(method, inherent.map(|score| score.likelihood))) } td { (likelihood(method, residual.map(|score| score.likelihood))) } }
                    @for (name, side) in sides {
                        tr { th scope="row" { (name) } td { (consequence(method, side, of(inherent, side))) } td { (consequence(method, side, of(residual, side))) } }
                    }
                    tr { th scope="row" { "Combined consequence" } td { (number(combined(inherent))) } td { (number(combined(residual))) } }
                    tr { th scope="row" { "Level" } td { (level(risk::inherent_level(entry), true)) } td { (level(risk::residual_level(entry), false)) @if let Some(target) = target { span.faint { " aims at " (target.id()) } } } }
                }
            }
        }
    }
}

fn number(level: Option<i64>) -> Markup {
    html! { @match level { Some(level) => (level), None => { span.faint { "None" } } } }
}

fn likelihood(method: RiskMethod<'_>, level: Option<i64>) -> Markup {
    let row = level.and_then(|level| method.likelihood_scale().find(|row| row.level() == Some(level)));
    scaled(level, row.and_then(|row| row.title()), row.and_then(|row| row.meaning()))
}

fn consequence(method: RiskMethod<'_>, side: Side, level: Option<i64>) -> Markup {
    let row = level.and_then(|level| method.consequence_scale().find(|row| row.side() == Some(side) && row.level() == Some(level)));
    scaled(level, row.and_then(|row| row.title()), row.and_then(|row| row.meaning()))
}

/// A level with what the method means by it.
fn scaled(level: Option<i64>, title: Option<&str>, meaning: Option<&str>) -> Markup {
    html! {
        @match level {
            None => { span.faint { "None" } }
            Some(level) => {
                strong { (level) } " " (title.unwrap_or_default())
                @if let Some(meaning) = meaning { span.sub { (meaning) } }
            }
        }
    }
}

/// Scores by second people, which show whether the method gives the same to two hands.
fn seconds(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let rows: Vec<_> = Risk(entry.content()).second_scores().collect();
    html! {
        @if !rows.is_empty() {
            h3.apart { "Second scores" }
            ul.lines {
                @for row in rows {
                    li {
                        span.grow { (row.person().map(|link| name_of(&context.view, link.id)).unwrap_or_default()) }
                        @if let Some(score) = Score::second(row) { span.muted { "likelihood " (score.likelihood) ", organisation " (score.organisation) ", people " (score.individuals) ", society " (score.society) } }
                        @if let Some(on) = row.on() { time.ref datetime=(on) { (date(on)) } }
                    }
                }
            }
        }
    }
}
