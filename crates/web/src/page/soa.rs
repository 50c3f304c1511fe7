//! The Statement of Applicability: each control with its decision, reason, computed depth, owner and proof; what changed since the
//! version in force; and the way of a version to its signature.

mod change;
mod control;
mod export;
mod panel;
mod request;
mod row;
mod table;
mod version;

pub(crate) use change::{edit as edit_many, undo as undo_many};
pub(crate) use control::show as show_control;
pub(crate) use export::{csv, json as json_file, xlsx};
pub(crate) use request::{preview as preview_requests, undo as undo_requests, write as write_requests};
pub(crate) use version::send;

use maud::{Markup, html};
use serde_json::json;
use vouch_app::Result;
use vouch_conform::statement::{Statement, Version};

use crate::answer::{Answer, Page};
use crate::format::{count, date};
use crate::part::icon::icon;
use crate::part::list::{Segment, filters, segments};
use crate::part::{button, empty, value};
use crate::place;
use crate::request::Context;
use row::Line;

/// `GET /soa`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let statement = &context.answers()?.statement;
    if let Some(pair) = context.query("compare") {
        return version::compared(context, pair);
    }
    if context.request.wants_json {
        return Ok(Answer::Json(json!(statement)));
    }
    let lines = row::lines(context, statement);
    let shown = chosen(context, &lines);
    let body = html! {
        (version::print_head(context, statement))
        (toolbar(context, statement, &lines))
        div.grid.soa {
            div.span-9 id="controls" {
                @if shown.is_empty() {
                    (empty::empty("No control fits", "The filter leaves nothing of the list.", Some(button::link(&context.link("/soa"), "Clear filters"))))
                } @else { (table::table(context, &shown)) }
            }
            aside.span-3.stack aria-label="About the control or version" { (side(context, statement, &lines)) }
        }
        @if context.as_of.is_none() { (table::bulk()) }
    };
    Ok(page(context, statement, lines.len(), body).into())
}

fn page(context: &Context<'_>, statement: &Statement, controls: usize, body: Markup) -> Page {
    let counts = statement.counts;
    Page::new("/soa", "Statement of Applicability", body)
        .lead(html! {
            (count(controls, "control", "controls")) ": " (counts.applied) " applied, " (counts.excluded) " excluded"
            @if counts.undecided > 0 { ", " (counts.undecided) " undecided" }
            ". Each one is applied, or its exclusion is justified."
        })
        .actions(html! {
            details.pop.end {
                summary.button { (icon("down")) "Export" }
                div.pop-body.stack-4 {
                    @for (ending, word) in [("csv", "CSV"), ("xlsx", "Excel workbook"), ("json", "JSON")] {
                        p { a.link href=(with_ending(context, ending)) { (word) } }
                    }
                    p.small.muted { "What the filter shows. Print this page for the document." }
                }
            }
            (version::actions(context))
        })
}

/// The export of what the address shows.
fn with_ending(context: &Context<'_>, ending: &str) -> String {
    let shown = context.with_query(&[("control", None)]);
    shown.replacen("/soa", &format!("/soa/export.{ending}"), 1)
}

/// The lines that the address asks for.
fn chosen<'l>(context: &Context<'_>, lines: &'l [Line<'l>]) -> Vec<&'l Line<'l>> {
    let words = context.query("q").unwrap_or_default().to_lowercase();
    let owner = context.query("owner");
    let fits = |line: &&Line<'_>| {
        let part = match context.query("show") {
            Some("gaps") => line.is_gap(),
            Some("excluded") => line.is_excluded(),
            Some("changed") => line.changed.is_some(),
            _ => true,
        };
        let owned = owner.is_none_or(|owner| line.row.owner.as_ref().is_some_and(|one| one.id.to_string() == owner));
        part && owned && (words.is_empty() || line.text().contains(&words))
    };
    lines.iter().filter(fits).collect()
}

fn toolbar(context: &Context<'_>, statement: &Statement, lines: &[Line<'_>]) -> Markup {
    let number = |fits: fn(&Line<'_>) -> bool| Some(lines.iter().filter(|line| fits(line)).count());
    let since =
        statement.version.as_ref().map_or_else(|| "Changed".to_owned(), |version| format!("Changed since {}", version.version));
    let parts = [
        Segment { name: "All", value: None, count: Some(lines.len()) },
        Segment { name: "With gaps", value: Some("gaps"), count: number(|line| line.is_gap()) },
        Segment { name: "Excluded", value: Some("excluded"), count: number(|line| line.is_excluded()) },
        Segment { name: &since, value: Some("changed"), count: number(|line| line.changed.is_some()) },
    ];
    let mut owners: Vec<(String, String)> = Vec::new();
    for owner in lines.iter().filter_map(|line| line.row.owner.as_ref()) {
        let id = owner.id.to_string();
        if !owners.iter().any(|(known, _)| *known == id) {
            owners.push((id, context.view.find(owner.id).map_or_else(|| owner.label.clone(), value::name)));
        }
    }
    owners.sort_by(|one, other| one.1.cmp(&other.1));
    let owners = owners.iter().map(|(id, name)| (id.as_str(), name.clone())).collect();
    html! {
        div.toolbar {
            (segments(context, "show", "Which controls", &parts))
            div.row { (version::standing(context, statement)) (filters(context, "controls", &[("owner", "Any owner", owners)])) }
        }
    }
}

/// The control that the address names, else the version.
fn side(context: &Context<'_>, statement: &Statement, lines: &[Line<'_>]) -> Markup {
    let asked = context.query("control").and_then(|control| lines.iter().find(|line| line.row.control == control));
    match asked {
        Some(line) => panel::panel(context, line),
        None => version::card(context, statement, lines),
    }
}

/// Every version, the latest first, with its day where it was frozen.
fn versions<'c>(context: &'c Context<'_>) -> Vec<(vouch_conform::Entry<'c>, Version)> {
    let mut all: Vec<_> = context.view.all("statement-of-applicability").map(|entry| (entry, Version::of(entry))).collect();
    all.sort_by_key(|(entry, _)| std::cmp::Reverse(entry.id()));
    all
}

/// A day, or a dash.
fn day(day: Option<jiff::civil::Date>) -> String {
    day.map_or_else(|| "–".to_owned(), date)
}

/// The form for a new version, filled with what is known.
fn new_version(context: &Context<'_>, statement: &Statement) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    if let Some(scope) = context.view.scope() {
        query.append_pair("scope", &scope.id().to_string());
    }
    match &statement.version {
        Some(version) => {
            query.append_pair("replaces", &version.record.id.to_string());
            query.append_pair("version", &row::next_number(&version.version));
            query.append_pair("occasion", "planned");
        }
        None => {
            query.append_pair("version", "1.0").append_pair("occasion", "first");
        }
    }
    query.append_pair("requirement", "6.1.3");
    format!("{}?{}", place::new("statement-of-applicability"), query.finish())
}
