//! Beside the rules: what is asked at each stage, what shows it, what else it serves.

use maud::{Markup, html};
use vouch_conform::framework::{Item, Need};
use vouch_conform::readiness::{Answer, Explanation};

use crate::format::sentence;
use crate::part::{badge, value};
use crate::place;
use crate::request::Context;

/// Records of evidence shown.
const MOST: usize = 6;

/// What an auditor reads at Stage 1 and asks for at Stage 2, and the question about a sampled item.
pub(super) fn asked(item: &Item, explained: &Explanation) -> Markup {
    html! {
        section.card.stack-8 {
            div.card-head { h2 { "What would be asked" } }
            @if !item.documents.is_empty() {
                h3 { @match item.required { Need::Explicit => "To be kept", _ => "Usually kept" } }
                (points(&item.documents))
            }
            @if !item.stage1.is_empty() { h3 { "At Stage 1" } (points(&item.stage1)) }
            @if !item.stage2.is_empty() { h3 { "At Stage 2" } (points(&item.stage2)) }
            @if let Some(question) = explained.sample_question.as_ref().filter(|text| !text.is_empty()) { h3 { "Of one drawn item" } p { (question) } }
            @if let Some(population) = &explained.population { h3 { "A sample is drawn from" } p { (sentence(population)) } }
            @if !item.question.is_empty() { h3 { @if item.is_control() { "An auditor asks" } @else { "Often missing" } } p { (item.question) } }
        }
    }
}

fn points(points: &[String]) -> Markup {
    html! { ul.points { @for point in points { li { (point) } } } }
}

/// What passed, from which a sample is drawn.
pub(super) fn evidence(context: &Context<'_>, answer: &Answer) -> Markup {
    let mut shown: Vec<_> = answer.evidence.iter().collect();
    // Of a record that passed at several depths the deepest is told.
    shown.sort_by_key(|evidence| (evidence.id, std::cmp::Reverse(evidence.depth)));
    shown.dedup_by_key(|evidence| evidence.id);
    shown.sort_by_key(|evidence| (std::cmp::Reverse(evidence.depth), std::cmp::Reverse(evidence.id)));
    html! {
        section.card {
            div.card-head { h2 { "What shows it" } span { (shown.len()) } }
            @if shown.is_empty() { p.muted { "Nothing passed a rule of this requirement yet." } }
            ul.lines {
                @for evidence in shown.iter().take(MOST) {
                    li {
                        div.grow {
                            @match context.view.find(evidence.id) { Some(entry) => { a.strong href=(context.link(&place::of(evidence.id))) { (value::called(entry)) } } None => span { (evidence.id) } }
                            p.small.muted { (evidence.id) "@" (evidence.revision) }
                        }
                        span.small.nowrap { (badge::depth(Some(evidence.depth))) }
                    }
                }
            }
            @if shown.len() > MOST { p.small.muted { "and " (shown.len() - MOST) " more under the rules" } }
        }
    }
}

/// Requirements of other frameworks that the same evidence serves.
pub(super) fn elsewhere(context: &Context<'_>, id: &str) -> Markup {
    let frameworks = context.view.frameworks();
    let Ok(others) = frameworks.others() else { return html! {} };
    let rows = others.into_iter().filter_map(|framework| {
        let crosswalk = frameworks.crosswalk(&framework.key).ok()?;
        let rows: Vec<_> = crosswalk.rows.iter().filter(|row| row.item == id).collect();
        (!rows.is_empty()).then_some((framework, rows))
    });
    let rows: Vec<_> = rows.collect();
    html! {
        @if !rows.is_empty() {
            section.card {
                div.card-head { h2 { "Also serves" } }
                @for (framework, rows) in rows {
                    h3 { a.link href=(context.link(&format!("/gaps?framework={}", framework.key))) { (framework.short_title) } }
                    p.row.tight.group { @for row in rows { span.chip title=(row.source) { (row.node) " " span.muted { (row.strength.word()) } } } }
                }
                p.small.muted.actions { "Strength says how far good evidence goes there. It is no claim of conformity." }
            }
        }
    }
}
