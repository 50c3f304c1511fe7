//! What stands beside a record: how it stands, what it lacks and who must act, what it proves, who decided about it.

use maud::{Markup, html};
use vouch_app::Result;
use vouch_app::query::ApprovalLine;
use vouch_conform::readiness::{Depth, Finding};
use vouch_record::{Id, Value};

use super::Seen;
use crate::format::{count, date, instant, words};
use crate::part::badge::{self, Tone, mark, status, tone_of};
use crate::part::person::{name_of, who};
use crate::part::value;
use crate::place;
use crate::request::Context;

/// Findings and requirements named beside a record; the rest is counted.
const NAMED: usize = 5;

/// Revision, maker, period, log.
pub(super) fn standing(context: &Context<'_>, seen: &Seen<'_>) -> Markup {
    let (entry, detail) = (seen.entry, &seen.detail);
    let leaf = entry.record().leaves.iter().find(|leaf| leaf.seq == detail.seq);
    html! {
        section.card {
            h2.card-title { "Standing" }
            dl.facts {
                dt { "State" } dd { (super::state(seen)) }
                dt { "Revision" }
                dd { (detail.record.revision) " of " (detail.head) @match detail.in_force { Some(number) => { ", " (number) " in force" } None => ", none in force" } }
                @if let Some(leaf) = leaf {
                    dt { "Made by" } dd { (actor(context, &leaf.actor)) }
                    dt { "Made on" } dd { (instant(leaf.time, context.view.zone())) }
                }
                @if let Some((from, to)) = period(seen) { dt { "Covers" } dd { (from) @if from != to { " – " (to) } } }
                dt { "In the log" }
                dd { a.link href=(context.link(&seen.tab("proof"))) { "Leaf " (detail.seq) } " " (bound(context, detail.seq)) }
            }
        }
    }
}

/// Whether a leaf lies under what was verified.
pub(crate) fn bound(context: &Context<'_>, seq: u64) -> Markup {
    use crate::verification::Known;
    match context.site.verification.known() {
        Known::Verified(size) if seq < size => status(Tone::Good, "Verified"),
        Known::Broken(_) => html! { a href=(context.link("/evidence#log")) { (status(Tone::Bad, "Log does not verify")) } },
        _ => status(Tone::Progress, "Being verified"),
    }
}

/// Who acted, with a link where a person did.
pub(crate) fn actor(context: &Context<'_>, actor: &vouch_record::state::Actor) -> Markup {
    match actor.person() {
        Some(id) => html! { a.link href=(context.link(&place::of(id))) { (who(&context.view, actor)) } },
        None => html! { (who(&context.view, actor)) },
    }
}

/// The days that a record covers, where it names them.
fn period(seen: &Seen<'_>) -> Option<(String, String)> {
    let day = |value: &Value| value.as_text().and_then(|text| text.parse().ok()).map(date);
    let of = |name: &str| seen.entry.value(name).get().and_then(day);
    if let Some(pair) = of("covers_from").zip(of("covers_to")) {
        return Some(pair);
    }
    let period = seen.entry.value("period").get()?;
    period.get("from").and_then(day).zip(period.get("to").and_then(day))
}

/// What a record lacks: fields, and what an auditor would find about it.
pub(super) fn missing(context: &Context<'_>, seen: &Seen<'_>) -> Result<Markup> {
    let (id, missing) = (seen.entry.id(), &seen.detail.missing);
    let findings: Vec<&Finding> =
        context.answers()?.readiness.findings().into_iter().filter(|finding| is_about(finding, id)).collect();
    if missing.is_empty() && findings.is_empty() {
        return Ok(
            html! { section.card { h2.card-title { "What is missing" } p { (status(Tone::Good, "Nothing that a rule asks for")) } } },
        );
    }
    let who = responsible(context, seen);
    Ok(html! {
        section.card {
            div.card-head { h2 { "What is missing" } @if let Some(who) = &who { span { "for " (who) } } }
            @if !missing.is_empty() {
                p { "Not filled yet: " (missing.iter().map(|name| words(name).to_lowercase()).collect::<Vec<_>>().join(", ")) "." }
                @if context.as_of.is_none() { p { a.link href=(format!("/records/{id}/edit")) { "Fill these fields" } } }
            }
            ul.lines {
                @for finding in findings.iter().take(NAMED) {
                    li {
                        (mark(tone_of(finding.grade), finding.grade.word()))
                        div.grow {
                            p { (sentence(finding, id)) }
                            p.small.muted { (badge::requirement(&context.link(&place::of_requirement(&finding.requirement)), &finding.requirement)) " " (finding.remedy) }
                            (crate::part::finding::mend(context, &finding.act, Some(id), &finding.requirement))
                        }
                    }
                }
            }
            @if findings.len() > NAMED { p.small.muted { (findings.len() - NAMED) " more in " a.link href=(context.link("/gaps")) { "Gap analysis" } } }
        }
    })
}

fn is_about(finding: &Finding, id: Id) -> bool {
    finding.record == Some(id) || finding.lapses.iter().any(|lapse| lapse.subject.is_some_and(|subject| subject.id == id))
}

/// What a finding says about this record, and not about the heaviest of all.
fn sentence(finding: &Finding, id: Id) -> &str {
    let own = finding.lapses.iter().find(|lapse| lapse.subject.is_some_and(|subject| subject.id == id));
    own.map_or(finding.message.as_str(), |lapse| lapse.message.as_str())
}

/// Who must act: the owner, else whoever made it.
fn responsible(context: &Context<'_>, seen: &Seen<'_>) -> Option<String> {
    let owner = ["owner", "person", "lead"].into_iter().find_map(|field| seen.entry.linked(field));
    let owner = owner.filter(|owner| owner.kind().name == "person").map(value::name);
    owner.or_else(|| seen.entry.made_by().map(|id| name_of(&context.view, id)))
}

/// The requirements it shows today, and those that its kind can show.
pub(super) fn proves(context: &Context<'_>, seen: &Seen<'_>) -> Result<Markup> {
    let id = seen.entry.id();
    let shown: Vec<(&str, Depth)> = shows(context, id)?;
    let can: Vec<_> =
        seen.entry.kind().proves.iter().filter(|row| !shown.iter().any(|(item, _)| *item == row.requirement)).collect();
    Ok(html! {
        section.card {
            h2.card-title { "What it proves" }
            @if shown.is_empty() { p.muted { "No requirement rests on it today." } }
            ul.lines {
                @for (item, depth) in &shown {
                    li {
                        (badge::requirement(&context.link(&place::of_requirement(item)), item))
                        span.grow { (context.view.frameworks().item(item).map_or("", |item| item.title.as_str())) }
                        span.nowrap.small { (badge::depth(Some(*depth))) }
                    }
                }
            }
            @if !can.is_empty() {
                details.more {
                    summary.link { "What records of this kind can show" }
                    ul.stack-8 { @for row in can { li.small { (badge::requirement(&context.link(&place::of_requirement(&row.requirement)), &row.requirement)) " " (words(&row.depth)) ": " (row.when) } } }
                }
            }
        }
    })
}

/// The requirements that rest on a record, each with the greatest depth.
pub(crate) fn shows<'c>(context: &'c Context<'_>, id: Id) -> Result<Vec<(&'c str, Depth)>> {
    let answers = &context.answers()?.readiness.requirements;
    let depth = |answer: &vouch_conform::readiness::Answer| {
        answer.evidence.iter().filter(|seen| seen.id == id).map(|seen| seen.depth).max()
    };
    Ok(answers.iter().filter_map(|answer| depth(answer).map(|depth| (answer.id.as_str(), depth))).collect())
}

/// Who decided, when, about which revision, and whether it still stands.
pub(super) fn decisions(context: &Context<'_>, seen: &Seen<'_>) -> Markup {
    let lines = &seen.detail.approvals;
    html! {
        section.card {
            div.card-head { h2 { "Decisions" } @if !lines.is_empty() { span { (count(lines.len(), "decision", "decisions")) } } }
            @if lines.is_empty() { p.muted { "Nobody has decided about it." } }
            @else { ol.timeline { @for line in lines.iter().rev().take(2 * NAMED) { (decision(context, seen, line)) } } }
        }
    }
}

fn decision(context: &Context<'_>, seen: &Seen<'_>, line: &ApprovalLine) -> Markup {
    let (tone, stands) = match (line.decision.as_str(), line.stands) {
        ("approved", true) => (Tone::Good, "stands".to_owned()),
        ("approved", false) => (Tone::Attention, format!("no longer stands: {}", changed(seen, line.revision))),
        _ => (Tone::Plain, words(&line.decision).to_lowercase()),
    };
    let reason = line.id.parse::<Id>().ok().and_then(|id| context.view.find(id)).and_then(|entry| entry.text("reason"));
    let at = line.at.parse().map_or_else(|_| line.at.clone(), |at| instant(at, context.view.zone()));
    html! {
        li {
            (mark(tone, &line.decision))
            p { strong { (words(&line.purpose)) } " · revision " (line.revision) " · " (stands) }
            p.small.muted { (line.by) " · " (at) " · " a.link href=(context.link(&format!("/records/{}", line.id))) { (line.id) } }
            @if let Some(reason) = reason { p.small { (reason) } }
        }
    }
}

fn changed(seen: &Seen<'_>, revision: u32) -> String {
    let fields = seen.entry.changed_since(revision);
    let names: Vec<String> = fields.iter().take(3).map(|name| words(name).to_lowercase()).collect();
    if names.is_empty() { "a later revision is read".to_owned() } else { format!("{} changed since", names.join(", ")) }
}
