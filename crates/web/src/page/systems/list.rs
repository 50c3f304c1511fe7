//! The list of systems: saved views, filters, table, foot, selection.

use maud::{Markup, html};
use serde_json::json;
use vouch_app::{Result, query};
use vouch_record::kind::generated::shared::{RiskTier, Stage};

use super::filter::{Chosen, ORDER, selects, views};
use super::row::{Row, Rows, role_word, stage_word};
use crate::answer::{Answer, Page};
use crate::chart::{share, stage};
use crate::format::{count, percent, words};
use crate::part::badge::{level_class, status, tier};
use crate::part::icon::icon;
use crate::part::list::{Slice, filters, segments};
use crate::part::person::person;
use crate::part::table::{heads_after, scroll, sorted};
use crate::part::{button, empty};
use crate::place;
use crate::request::Context;

/// The records that the address asks for, as the command line lists them.
///
/// # Errors
/// What cannot become JSON.
pub(crate) fn json(context: &Context<'_>, chosen: &Chosen<'_>) -> Result<Answer> {
    let slice = Slice::of(context, chosen.rows.len());
    let entries = slice.cut(&chosen.rows).iter().filter_map(|row| context.view.find(row.id));
    let records: Vec<query::Shown> = entries.map(query::shown).collect();
    Ok(Answer::Json(json!({"as_of": context.view.today().to_string(), "total": chosen.rows.len(), "records": records})))
}

/// The page.
pub(crate) fn page(context: &Context<'_>, rows: &Rows, chosen: &Chosen<'_>) -> Page {
    let views = views(rows);
    let body = html! {
        @if rows.discovered > 0 { (discovered(context, rows.discovered)) }
        div.toolbar { (segments(context, "view", "Saved views", &views)) (filters(context, "systems", &selects())) }
        div id="systems" {
            @if chosen.rows.is_empty() { (filtered_out(context)) } @else { (table(context, rows, chosen)) }
        }
    };
    Page::new("/systems", "AI systems", body).actions(html! {
        (export(context))
        @if context.as_of.is_none() { (button::primary("plus", &place::new("ai-system"), "Register system")) }
    })
}

fn discovered(context: &Context<'_>, number: usize) -> Markup {
    html! {
        div.notice {
            (icon("tray"))
            span.grow { strong { (count(number, "system", "systems")) " discovered, not registered." } " A feed or an import saw them before anybody entered them." }
            a.button.small href=(context.link("/kinds/ai-system?state=discovered")) { "Review" }
        }
    }
}

/// The list as a file, filtered and sorted as it is shown.
fn export(context: &Context<'_>) -> Markup {
    let here = context.with_query(&[]);
    let query = here.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    html! {
        details.pop {
            summary.button { (icon("down")) "Export" }
            div.pop-body {
                p.muted.small { "Exactly the systems that are shown, in this order." }
                div.row {
                    a.button.small href=(format!("/systems/export.csv{query}")) { "CSV" }
                    a.button.small href=(format!("/systems/export.xlsx{query}")) { "Excel workbook" }
                }
            }
        }
    }
}

fn filtered_out(context: &Context<'_>) -> Markup {
    let clear = context.with_query(&[("q", None), ("role", None), ("tier", None), ("stage", None), ("view", None)]);
    html! {
        div.card { (empty::empty("No system fits", "Nothing in the inventory meets all filters at once.", Some(button::link(&clear, "Clear filters")))) }
    }
}

fn table(context: &Context<'_>, rows: &Rows, chosen: &Chosen<'_>) -> Markup {
    let slice = Slice::of(context, chosen.rows.len());
    let can_select = context.as_of.is_none();
    let all = html! { th.tick scope="col" { @if can_select { input type="checkbox" data-all="bulk" aria-label="Select all on this page"; } @else { span.vh { "Selection" } } } };
    let columns = [
        sorted("System", "name"),
        sorted("Role", "role"),
        sorted("Life-cycle stage", "stage"),
        sorted("Risk tier", "tier"),
        sorted("Owner", "owner"),
        sorted("Impact assessment", "impact"),
        sorted("Open risks", "risks"),
        sorted("Proof in date", "proof"),
    ];
    let in_scope = rows.all.iter().filter(|row| row.in_scope).count();
    html! {
        section.card.flush aria-label="Systems" {
            (scroll("Table of AI systems", html! {
                table.table.cards.systems data-rows {
                    caption.vh { "AI systems with role, stage, tier, owner, impact assessment, open risks and proof in date" }
                    (heads_after(context, ORDER, all, &columns))
                    tbody { @for row in slice.cut(&chosen.rows) { (line(context, row, can_select)) } }
                }
            }))
            (slice.foot(context, &format!("system · {in_scope} in scope"), &format!("systems · {in_scope} in scope")))
        }
        @if can_select { (bulk(context, slice)) }
    }
}

fn line(context: &Context<'_>, row: &Row, can_select: bool) -> Markup {
    let to = context.link(&place::of(row.id));
    html! {
        tr {
            td.tick { @if can_select { input type="checkbox" name="id" value=(row.id) form="bulk" aria-label={ "Select " (row.name) }; } }
            td.main-cell {
                a.clip href=(to) title=(row.name) { (row.name) " " span.ref { (row.id) } }
                @if row.state == "draft" { span.sub { "Draft, not registered yet" } }
                @else { span.sub.clip title=(row.purpose) { (row.purpose) } }
            }
            td.nowrap data-label="Role" { (row.roles.first().map(|role| role_word(*role)).unwrap_or_default()) @if row.roles.len() > 1 { span.faint { " +" (row.roles.len() - 1) } } }
            td data-label="Stage" { span.nowrap { (stage::squares(row.stage)) " " (stage_word(row.stage)) } }
            td data-label="Tier" { @match row.tier { Some(level) => (tier(level.id())) None => { span.faint { "None yet" } } } }
            td data-label="Owner" { @match &row.owner { Some((_, name)) => (person(name)) None => (status(crate::part::badge::Tone::Bad, "Nobody")) } }
            td data-label="Impact assessment" { (assessment(context, row)) }
            td data-label="Open risks" { (risks(context, row)) }
            td data-label="Proof in date" { (proof(context, row)) }
        }
    }
}

fn assessment(context: &Context<'_>, row: &Row) -> Markup {
    let state = status(row.assessment.tone, &row.assessment.word);
    html! { @match row.assessment.record { Some(id) => { a href=(context.link(&place::of(id))) { (state) } } None => (state) } }
}

/// Open risks as squares, the worst first; each leads to them in the register.
fn risks(context: &Context<'_>, row: &Row) -> Markup {
    let held: Vec<(RiskTier, usize)> =
        RiskTier::ALL.into_iter().rev().map(|level| (level, row.risks[level as usize])).filter(|(_, number)| *number > 0).collect();
    html! {
        @if held.is_empty() { span.faint { "None" } }
        @else {
            a.risk-counts href=(context.link(&format!("/risks?system={}", row.id))) {
                @for (level, number) in held { span.risk.(level_class(level)) { (number) span.vh { " " (level.id()) } } }
            }
        }
    }
}

fn proof(context: &Context<'_>, row: &Row) -> Markup {
    let (met, of) = row.proof;
    html! {
        @if of == 0 { span.faint { @if row.stage == Stage::Retired { "Over" } @else { "Not asked yet" } } }
        @else {
            a.proof-cell href=(context.link(&format!("{}?tab=controls", place::of(row.id)))) title=(format!("{met} of {of} requirements that look at it")) {
                (share::bar(met, of)) span.num { (percent(met, of)) "%" }
            }
        }
    }
}

/// The bar that edits what is selected.
fn bulk(context: &Context<'_>, slice: Slice) -> Markup {
    let here = context.with_query(&[]);
    let query = here.split_once('?').map(|(_, query)| format!("?{query}")).unwrap_or_default();
    html! {
        form.bulk id="bulk" method="post" action=(format!("/systems/bulk{query}")) data-bulk="bulk" aria-label="Edit selected systems" {
            strong data-count { "Selected systems" }
            @if slice.all > slice.to - slice.from {
                label.check { input type="checkbox" name="all" value="1"; span { "All " (slice.all) " that match" } }
            }
            label.vh for="bulk-field" { "What to change" }
            select.input.auto id="bulk-field" name="field" {
                @for (field, word) in super::bulk::FIELDS { option value=(field) { "Change " (word) } }
            }
            button.button.primary.small { "Choose value" }
            button.button.small type="reset" data-clear { "Clear" }
        }
    }
}

/// A tier or level as a word.
pub(crate) fn level_word(level: RiskTier) -> String {
    words(level.id())
}
