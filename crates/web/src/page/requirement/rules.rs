//! Every rule of a requirement with its verdict and the records it looked at.

use maud::{Markup, html};
use vouch_conform::readiness::{Depth, Explanation, RuleExplained, Seen};

use crate::format::{capital, plain, sentence, words};
use crate::part::badge::{self, Tone, status};
use crate::part::value;
use crate::place;
use crate::request::Context;

/// Records of one sort shown under a rule; the rest is told.
const MOST: usize = 12;

/// The rules, depth by depth.
pub(super) fn all(context: &Context<'_>, explained: &Explanation) -> Markup {
    html! {
        @for depth in Depth::ALL {
            @let rules: Vec<&RuleExplained> = explained.rules.iter().filter(|rule| rule.depth == depth).collect();
            @if !rules.is_empty() {
                section.card id=(depth.word()) {
                    div.card-head {
                        h2 { (words(depth.word())) }
                        span { @if explained.met.contains(&depth) { (status(Tone::Good, "Met")) } @else { (status(Tone::Plain, "Not met")) } }
                    }
                    ul.rules { @for rule in rules { li id=(rule.id) { (one(context, rule)) } } }
                }
            }
        }
        @if explained.rules.is_empty() { section.card { p.muted { "There is no check of this requirement yet; it counts as not met." } } }
    }
}

fn one(context: &Context<'_>, rule: &RuleExplained) -> Markup {
    let (tone, word) = match (rule.asked, rule.holds) {
        (false, _) => (Tone::Plain, "Not asked"),
        (true, Some(true)) => (Tone::Good, "Holds"),
        (true, Some(false)) => (badge::tone_of(rule.grade), "Fails"),
        (true, None) => (Tone::Plain, "Undecided"),
    };
    let lists = [
        ("Failed", &rule.failed, true),
        ("Accepted", &rule.accepted, true),
        ("Could not be judged", &rule.undecided, true),
        ("Passed", &rule.passed, false),
        ("Left out", &rule.skipped, false),
    ];
    html! {
        div.row.between { span.row { span.ref { (rule.id) } (status(tone, word)) } span.small.muted { (judged(rule)) " · " (rule.grade.word()) " if it lapses" } }
        p { (capital(&plain(&rule.rule))) }
        @if let Some(because) = &rule.not_asked_because { p.small.muted { (sentence(because)) } }
        @if !rule.same_as.is_empty() { p.small.muted { "Sees the same lapses as " @for (place, other) in rule.same_as.iter().enumerate() { @if place > 0 { ", " } (other) } "." } }
        @for (name, seen, open) in lists {
            @if !seen.is_empty() {
                details open[open] { summary { (name) " " span.muted { (seen.len()) } } ul.lines.small { @for one in seen.iter().take(MOST) { (record(context, one)) } } @if seen.len() > MOST { p.small.muted { "and " (seen.len() - MOST) " more; the JSON of this page lists all" } } }
            }
        }
    }
}

/// How many records passed and failed a rule.
pub(crate) fn judged(rule: &RuleExplained) -> String {
    match (rule.passed.len(), rule.failed.len()) {
        (0, 0) => "nothing to judge".to_owned(),
        (passed, 0) => format!("{passed} passed"),
        (0, failed) => format!("{failed} failed"),
        (passed, failed) => format!("{passed} passed, {failed} failed"),
    }
}

fn record(context: &Context<'_>, seen: &Seen) -> Markup {
    let entry = seen.id.and_then(|id| context.view.find(id));
    html! {
        li {
            @match (seen.id, entry) {
                (Some(id), Some(entry)) => { a.link href=(context.link(&place::of(id))) { (value::called(entry)) } " " span.ref { (id) @if let Some(revision) = seen.revision { "@" (revision) } } }
                (Some(id), None) => span.ref { (id) },
                (None, _) => span { "The organisation" },
            }
            @if let Some(why) = &seen.why { span.grow.muted { (why) } }
            @for by in &seen.by { a.chip href=(context.link(&place::of(*by))) { (by) } }
        }
    }
}
