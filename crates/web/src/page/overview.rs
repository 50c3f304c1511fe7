//! The overview: how ready, what would be found, what comes next.

mod ahead;
mod heading;
mod requirements;
mod roadmap;
mod setup;
mod trend;

use maud::{Markup, html};
use vouch_app::{Error, ErrorKind, Result};
use vouch_conform::readiness::{Count, Depth, Depths};

use crate::answer::{Answer, Page};
use crate::chart::depth;
use crate::format::{percent, words};
use crate::measures::{self, Figures};
use crate::part::{empty, finding};
use crate::request::Context;
use crate::site::Answers;

pub(crate) use ahead::card as coming;
pub(crate) use roadmap::card as way;

/// Findings shown.
const FINDINGS: usize = 6;
/// Measures shown.
const MEASURES: usize = 5;

/// `GET /`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let answers = context.answers()?;
    if context.request.wants_json {
        let json = serde_json::to_value(&answers.readiness);
        return json
            .map(Answer::Json)
            .map_err(|error| Error::new(ErrorKind::Unavailable, "the answer cannot be written").because(error));
    }
    let next = heading::next(&context.view);
    let figures = Figures::of(context)?;
    let body = html! {
        (setup::path(context))
        div.grid.stretch {
            section.card.span-5 { (readiness(context, answers, next.as_ref())) }
            section.card.span-7 { (findings(context, answers)) }
            section.card.span-8 { (requirements::card(context, answers)) }
            section.card.span-4 { (ahead::card(context, 30, 7)) }
            div.span-12 { (measures::strip(context, &figures.0[..figures.0.len().min(MEASURES)])) }
            (roadmap::card(context))
        }
    };
    let page = Page::new("/", "Overview", body).heading(heading::title(context, answers, next.as_ref()));
    Ok(page.lead(heading::lead(context, answers)).actions(heading::actions(context, next.as_ref())).into())
}

fn readiness(context: &Context<'_>, answers: &Answers, next: Option<&heading::Next>) -> Markup {
    let left_out = answers.gaps.iter().filter(|gap| !gap.applies).count();
    // Before a first scope nothing is judged that would make "met without being judged" worth a figure.
    let counted = if context.view.first_scope_on().is_some() { left_out } else { 0 };
    let uncounted = left_out - counted;
    let count = |count: Count| Count { met: count.met.saturating_sub(uncounted), of: count.of.saturating_sub(uncounted) };
    let all = &answers.readiness.depths;
    let depths = Depths { documented: count(all.documented), operating: count(all.operating), proven: count(all.proven) };
    let share = |depth, count, what| share(context, depth, count, counted, what);
    html! {
        div.card-head { h2 { "Readiness" } a href=(context.link("/gaps")) { (depths.documented.of) " requirements" } }
        div.readiness {
            (depth::rings(&depths))
            dl {
                (share(Depth::Documented, depths.documented, "approved and in review date"))
                (share(Depth::Operating, depths.operating, "ran at their cadence"))
                (share(Depth::Proven, depths.proven, "sealed and checked by another"))
            }
        }
        @if left_out > 0 {
            p.small.muted.actions {
                a.link href=(context.link("/gaps?show=not-judged")) { (left_out) " not judged" }
                ", since they are excluded or nothing is there to judge; "
                @if counted > 0 { "they count as met." } @else { "they count as met once a scope is in force." }
            }
        }
        (trend::proven(context, &depths, next))
    }
}

/// One depth: its share, and how many were judged and met. `not_judged` of those met were not.
fn share(context: &Context<'_>, depth: Depth, count: Count, not_judged: usize, what: &str) -> Markup {
    html! {
        dt { span { svg viewBox="0 0 10 10" aria-hidden="true" { rect class=(format!("fill-{}", depth.word())) width="10" height="10" rx="2" {} } (words(depth.word())) } strong.num { (percent(count.met, count.of)) "%" } }
        dd { a href=(context.link(&format!("/gaps?depth={}", depth.word()))) { (count.met.saturating_sub(not_judged)) " " (what) } }
    }
}

fn findings(context: &Context<'_>, answers: &Answers) -> Markup {
    let all = answers.readiness.findings();
    let count = |grade| all.iter().filter(|finding| finding.grade.word() == grade).count();
    html! {
        div.card-head { h2 { "Would be a finding today" } a href=(context.link("/gaps?show=missing")) { (count("major")) " major · " (count("minor")) " minor" } }
        @if all.is_empty() { (empty::empty("Nothing would be found today", "Every rule that is asked today holds.", None)) }
        @for one in all.iter().take(FINDINGS) { (finding::line(context, one)) }
    }
}
