//! The list of systems with their assessments.

use maud::{Markup, html};
use vouch_record::kind::generated::shared::{RiskTier, Stage};

use super::depth_word;
use super::row::{Effects, Row, Rows};
use crate::format::words;
use crate::page::risks::register::day;
use crate::page::systems::row::stage_word;
use crate::part::badge::{Tone, status, tier};
use crate::part::list::{Segment, filters, segments};
use crate::part::table::{Head, Listing, head, order, sorted};
use crate::part::{button, empty};
use crate::place;
use crate::request::Context;

/// Order unless the address says otherwise: what is due first.
const ORDER: &str = "due";

/// The list.
pub(crate) fn part(context: &Context<'_>, rows: &Rows) -> Markup {
    let view = |name, value: Option<&'static str>| Segment {
        name,
        value,
        count: Some(rows.all.iter().filter(|row| in_view(row, value)).count()),
    };
    let views =
        [view("All", None), view("Needed", Some("needed")), view("Under way", Some("open")), view("In force", Some("held"))];
    let chosen = chosen(context, rows);
    let tiers = RiskTier::ALL.map(|tier| (tier.id(), words(tier.id()))).into();
    let stages = Stage::ALL.map(|stage| (stage.id(), stage_word(stage).to_owned())).into();
    html! {
        h2.vh { "By system" }
        div.toolbar { (segments(context, "view", "Saved views", &views)) (filters(context, "assessments", &[("tier", "Any tier", tiers), ("stage", "Any stage", stages)])) }
        div id="assessments" {
            @if chosen.is_empty() {
                div.card { (empty::empty("No system fits", "Nothing here meets all filters at once.", Some(button::link(&clear(context), "Clear filters")))) }
            } @else { (table(context, &chosen)) }
        }
    }
}

fn clear(context: &Context<'_>) -> String {
    context.with_query(&[("q", None), ("tier", None), ("stage", None), ("view", None)])
}

fn in_view(row: &Row, view: Option<&str>) -> bool {
    match view {
        Some("needed") => !row.reasons.is_empty(),
        Some("open") => row.assessed.tone == Tone::Progress,
        Some("held") => row.is_in_force,
        _ => true,
    }
}

fn chosen<'r>(context: &Context<'_>, rows: &'r Rows) -> Vec<&'r Row> {
    let words: Vec<String> = context.query("q").unwrap_or_default().to_lowercase().split_whitespace().map(str::to_owned).collect();
    let tier = context.query("tier").and_then(RiskTier::from_id);
    let stage = context.query("stage").and_then(Stage::from_id);
    let holds = |row: &Row| {
        let text = format!("{} {}", row.name, row.system).to_lowercase();
        words.iter().all(|word| text.contains(word.as_str()))
    };
    let mut chosen: Vec<&Row> = rows
        .all
        .iter()
        .filter(|row| in_view(row, context.query("view")))
        .filter(|row| tier.is_none_or(|tier| row.tier == Some(tier)))
        .filter(|row| stage.is_none_or(|stage| row.stage == stage))
        .filter(|row| holds(row))
        .collect();
    let (by, down) = order(context, ORDER);
    chosen.sort_by(|a, b| {
        let one = match by {
            "name" => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
            "tier" => a.tier.cmp(&b.tier),
            "state" => (a.assessed.tone as u8).cmp(&(b.assessed.tone as u8)),
            "persons" => (a.persons.worst, a.persons.harms).cmp(&(b.persons.worst, b.persons.harms)),
            "groups" => (a.groups.worst, a.groups.harms).cmp(&(b.groups.worst, b.groups.harms)),
            "society" => (a.society_large, a.society.harms).cmp(&(b.society_large, b.society.harms)),
            _ => (a.due.is_some(), a.due).cmp(&(b.due.is_some(), b.due)),
        };
        (if down { one.reverse() } else { one }).then_with(|| a.system.cmp(&b.system))
    });
    chosen
}

fn table(context: &Context<'_>, chosen: &[&Row]) -> Markup {
    let columns = [
        sorted("System", "name"),
        sorted("Tier", "tier"),
        head("Depth"),
        sorted("Persons", "persons"),
        sorted("Groups", "groups"),
        sorted("Society", "society"),
        head("Conclusion"),
        sorted("State", "state"),
        Head { number: true, ..sorted("Due", "due") },
    ];
    let listing = Listing {
        name: "Assessments by system",
        class: "systems",
        caption: "Systems with depth, effects on persons, groups and society, conclusion, state and due day",
        unless: ORDER,
        columns: &columns,
        rows: ["system", "systems"],
    };
    listing.of(context, chosen, |row| line(context, row))
}

fn line(context: &Context<'_>, row: &Row) -> Markup {
    let to = row.assessed.record.unwrap_or(row.system);
    html! {
        tr {
            td.main-cell {
                a.clip href=(context.link(&place::of(to))) title=(row.name) { (row.name) }
                span.sub { (row.system) @if let Some(record) = row.assessed.record { " · " (record) } " · " (stage_word(row.stage)) }
            }
            td data-label="Tier" { @match row.tier { Some(level) => (tier(level.id())) None => { span.faint { "None yet" } } } }
            td data-label="Depth" { (depth(row)) }
            td.nowrap data-label="Persons" { (effects(row, row.persons)) }
            td.nowrap data-label="Groups" { (effects(row, row.groups)) }
            td.nowrap data-label="Society" { (effects(row, row.society)) @if row.society_large > 0 { span.sub { (row.society_large) " large or unknown" } } }
            td data-label="Conclusion" { @match &row.conclusion { Some(word) => (word) None => { span.faint { "None yet" } } } }
            td.nowrap data-label="State" { (status(row.assessed.tone, &row.assessed.word)) }
            td.num data-label="Due" { @if let Some(due) = row.due { (day(context, due)) } @else if row.reasons.is_empty() { span.faint { "Not yet" } } @else { span.bad { "Now" } } }
        }
    }
}

fn depth(row: &Row) -> Markup {
    html! {
        @match row.depth {
            Some(depth) if depth < row.depth_due => (status(Tone::Attention, &format!("{}, {} due", depth_word(depth.id()), row.depth_due.id()))),
            Some(depth) => (depth_word(depth.id())),
            None => { span.faint { (depth_word(row.depth_due.id())) " due" } }
        }
    }
}

fn effects(row: &Row, effects: Effects) -> Markup {
    html! {
        @if row.depth.is_none() { span.faint { "–" span.vh { "Not assessed" } } }
        @else if effects == Effects::default() { span.faint { "None" } }
        @else {
            (effects.harms) @if effects.harms == 1 { " harm" } @else { " harms" }
            @if let Some(worst) = effects.worst { span.faint { " · severity " (worst) } }
        }
    }
}

/// The next step for a system: go on with what was begun, or begin.
pub(crate) fn next_step(row: &Row) -> Markup {
    match (row.assessed.tone, row.assessed.record) {
        (Tone::Progress, Some(record)) if row.assessed.word == "Draft" => {
            html! { a.link href=(format!("{}/guide", place::of(record))) { "Go on" } }
        }
        (Tone::Progress, Some(record)) => html! { a.link href=(place::of(record)) { "Review" } },
        (_, record) => start(Some(row.system), record, "Start assessment", "small"),
    }
}

/// A button that begins an assessment of a system.
pub(crate) fn start(system: Option<vouch_record::Id>, replaces: Option<vouch_record::Id>, word: &str, class: &str) -> Markup {
    html! {
        form method="post" action="/impact" {
            @if let Some(system) = system { input type="hidden" name="ai_system" value=(system); }
            @if let Some(replaces) = replaces { input type="hidden" name="replaces" value=(replaces); }
            button.button.(class) aria-label=[system.map(|system| format!("{word} of {system}"))] { (word) }
        }
    }
}
