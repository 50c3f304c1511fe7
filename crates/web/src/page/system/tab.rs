//! Everything that hangs on a system, one tab each.

use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_record::kind::generated::ai_system::AiSystem;

use super::{evidence, lineage};
use crate::format::{date, instant};
use crate::page::risks::{register, row};
use crate::page::systems::row::Rows;
use crate::part::badge::{Tone, status};
use crate::part::list::Slice;
use crate::part::table::scroll;
use crate::part::{button, empty, state, value};
use crate::place;
use crate::request::Context;

/// A tab.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tab {
    Summary,
    Impact,
    Risks,
    Controls,
    Data,
    Evidence,
    Changes,
    Incidents,
}

impl Tab {
    pub(super) const ALL: [Self; 8] =
        [Self::Summary, Self::Impact, Self::Risks, Self::Controls, Self::Data, Self::Evidence, Self::Changes, Self::Incidents];

    /// The one the address asks for.
    pub(super) fn of(context: &Context<'_>) -> Self {
        let asked = context.query("tab").unwrap_or_default();
        Self::ALL.into_iter().find(|tab| tab.id() == asked).unwrap_or(Self::Summary)
    }

    /// Its name in the address.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Summary => "summary",
            Self::Impact => "impact",
            Self::Risks => "risks",
            Self::Controls => "controls",
            Self::Data => "data",
            Self::Evidence => "evidence",
            Self::Changes => "changes",
            Self::Incidents => "incidents",
        }
    }

    /// What it is called.
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Summary => "Summary",
            Self::Impact => "Impact",
            Self::Risks => "Risks",
            Self::Controls => "Controls",
            Self::Data => "Data & lineage",
            Self::Evidence => "Evidence",
            Self::Changes => "Changes",
            Self::Incidents => "Incidents",
        }
    }

    /// How much is in it.
    pub(super) fn count(self, entry: Entry<'_>, rows: &Rows) -> Option<usize> {
        match self {
            Self::Summary => None,
            Self::Controls => Some(rows.proof.system(entry.id()).map_or(0, |of| of.rows.len())),
            Self::Data => Some(AiSystem(entry.content()).models().count() + lineage::datasets(entry).len()),
            tab => Some(records(entry, tab).count()),
        }
    }

    /// Kinds in it, each with the field that names the system.
    const fn kinds(self) -> &'static [(&'static str, &'static str)] {
        match self {
            Self::Impact => &[("impact-assessment", "ai_system"), ("impact-assessment", "also_covers")],
            Self::Risks => &[("risk", "ai_systems")],
            Self::Evidence => &evidence::KINDS,
            Self::Changes => &[("change", "ai_systems"), ("release", "ai_system"), ("stage-review", "ai_system")],
            Self::Incidents => &[("incident", "ai_systems"), ("concern", "ai_systems"), ("nonconformity", "ai_systems")],
            Self::Summary | Self::Controls | Self::Data => &[],
        }
    }
}

fn records<'v>(entry: Entry<'v>, tab: Tab) -> impl Iterator<Item = Entry<'v>> {
    tab.kinds().iter().flat_map(move |(kind, field)| entry.incoming(kind, field))
}

/// What a tab shows.
pub(super) fn body(context: &Context<'_>, entry: Entry<'_>, rows: &Rows, tab: Tab) -> Markup {
    match tab {
        Tab::Controls => controls(context, entry, rows),
        Tab::Data => lineage::details(context, entry),
        Tab::Risks => risks(context, entry),
        tab => list(context, entry, tab),
    }
}

fn risks(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let found: Vec<row::Row> = records(entry, Tab::Risks).map(row::row).collect();
    let mut rows: Vec<&row::Row> = found.iter().collect();
    rows.sort_by_key(|row| (std::cmp::Reverse((row.is_open, row.residual_level)), row.id));
    html! {
        @if rows.is_empty() { (nothing(context, entry, Tab::Risks)) }
        @else { (register::table(context, &rows)) }
    }
}

/// Records of a tab, the latest first.
fn list(context: &Context<'_>, entry: Entry<'_>, tab: Tab) -> Markup {
    let mut found: Vec<Entry<'_>> = records(entry, tab).collect();
    found.sort_by_key(|one| (std::cmp::Reverse(one.made_at()), one.id()));
    let slice = Slice::of(context, found.len());
    html! {
        @if found.is_empty() { (nothing(context, entry, tab)) }
        @else {
            @if context.as_of.is_none() { div.toolbar { span {} (add(entry, tab)) } }
            section.card.flush aria-label=(tab.word()) {
                (scroll(&format!("Table of {}", tab.word().to_lowercase()), html! {
                    table.table.cards data-rows {
                        caption.vh { (tab.word()) " of " (value::name(entry)) }
                        thead { tr { th scope="col" { "Record" } th scope="col" { "Kind" } th scope="col" { "State" } th scope="col" { "Made by" } th.num scope="col" { "Written" } } }
                        tbody { @for one in slice.cut(&found) { (line(context, *one)) } }
                    }
                }))
                (slice.foot(context, "record", "records"))
            }
        }
    }
}

fn line(context: &Context<'_>, one: Entry<'_>) -> Markup {
    let maker = one.made_by().map(|person| crate::part::person::name_of(&context.view, person));
    html! {
        tr {
            td.main-cell { a href=(context.link(&place::of(one.id()))) { (value::called(one)) " " span.ref { (one.id()) } } }
            td.muted data-label="Kind" { (one.kind().title) }
            td data-label="State" { (state::shown(one)) }
            td data-label="Made by" { @match maker { Some(name) => (crate::part::person::person(&name)), None => { span.muted { "A machine" } } } }
            td.num data-label="Written" { time datetime=(one.made_at()) { (instant(one.made_at(), context.view.zone())) } }
        }
    }
}

/// Where something new of a tab is written.
fn add(entry: Entry<'_>, tab: Tab) -> Markup {
    let id = entry.id();
    let (kind, query, word) = match tab {
        Tab::Impact => ("impact-assessment", format!("ai_system={id}"), "Start assessment"),
        Tab::Risks => ("risk", format!("concerns=ai_system&ai_systems={id}"), "Add risk"),
        Tab::Changes => ("change", format!("ai_systems={id}"), "Request change"),
        Tab::Incidents => ("incident", format!("ai_systems={id}"), "Report incident"),
        _ => ("evidence", format!("about={id}"), "Record evidence"),
    };
    button::link_with("plus", &format!("{}?{query}", place::new(kind)), word)
}

fn nothing(context: &Context<'_>, entry: Entry<'_>, tab: Tab) -> Markup {
    let why = match tab {
        Tab::Impact => "Nobody has judged yet what this system does to people, groups and society.",
        Tab::Risks => "No risk of this system is written down. An auditor expects at least one once it is past the concept.",
        Tab::Changes => "No change, release or gate of this system is recorded.",
        Tab::Incidents => "Nothing went wrong with this system, as far as anybody wrote down.",
        _ => "Nothing was brought that shows how this system is run.",
    };
    html! { div.card { (empty::empty(&format!("{}: nothing yet", tab.word()), why, context.as_of.is_none().then(|| add(entry, tab)))) } }
}

/// The requirements that looked at the system, with what is missing.
fn controls(context: &Context<'_>, entry: Entry<'_>, rows: &Rows) -> Markup {
    let Some(of) = rows.proof.system(entry.id()) else {
        return html! { div.card { (empty::empty("Nothing is asked yet", "Rules about how a system runs are asked once it is in scope and the management system operates.", None)) } };
    };
    let (met, all) = of.count();
    html! {
        p.muted.lead-line { strong { (met) " of " (all) } " requirements that look at this system have their proof in date on " (date(context.view.today())) "." }
        section.card.flush aria-label="Requirements" {
            (scroll("Table of requirements", html! {
                table.table.cards data-rows {
                    caption.vh { "Requirements that look at this system, and what is missing" }
                    thead { tr { th scope="col" { "Requirement" } th scope="col" { "Proof" } th scope="col" { "What is missing" } th.num scope="col" { "Records that show it" } } }
                    tbody {
                        @for (id, standing) in &of.rows {
                            tr {
                                td.main-cell { a href=(context.link(&place::of_requirement(id))) { span.ref { (id) } " " (title(context, id)) } }
                                td.nowrap data-label="Proof" { @if standing.missing.is_empty() { (status(Tone::Good, "In date")) } @else { (status(Tone::Attention, "Missing")) } }
                                td data-label="Missing" {
                                    @match standing.missing.as_slice() {
                                        [] => { span.faint { "Nothing" } }
                                        [first, rest @ ..] => { (first) @if !rest.is_empty() { span.faint { " And " (rest.len()) " more." } } }
                                    }
                                }
                                td.num data-label="Shown by" { (standing.shown_by.len()) }
                            }
                        }
                    }
                }
            }))
        }
    }
}

/// The short title of a requirement.
fn title<'c>(context: &'c Context<'_>, id: &str) -> &'c str {
    context.view.frameworks().item(id).map_or("", |item| item.title.as_str())
}
