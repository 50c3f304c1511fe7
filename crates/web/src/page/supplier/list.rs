//! All suppliers, those that somebody must look at first; promises to customers beneath.

use jiff::civil::Date;
use maud::{Markup, html};
use vouch_app::Result;
use vouch_conform::Entry;
use vouch_conform::derived::supplier::{
    assessment_current, clause_gap, conditions_overdue, latest_assessment, systems, unannounced,
};
use vouch_record::kind::generated::supplier::Supplier;

use crate::answer::{Answer, Page};
use crate::format::{count, date};
use crate::page::kind::export;
use crate::part::badge::{Tone, status, tier};
use crate::part::empty::empty;
use crate::part::list::{Segment, Slice, filters, segments};
use crate::part::table::{Head, head, heads, order, sorted};
use crate::part::{button, person, state, value};
use crate::place;
use crate::request::Context;

const RESULTS: &str = "results";
/// Promises shown beneath the list.
const PROMISES: usize = 8;

/// `GET /suppliers`
pub(crate) fn list(context: &Context<'_>) -> Result<Answer> {
    let all: Vec<Entry<'_>> = context.view.all(Supplier::KIND).collect();
    let mut rows: Vec<Entry<'_>> = all.iter().copied().filter(|entry| fits(context, *entry)).collect();
    sort(context, &mut rows);
    if context.request.wants_json {
        return Ok(Answer::Json(export::listed(context, rows.len(), Slice::of(context, rows.len()).cut(&rows))?));
    }
    if let Some(format) = context.query("format") {
        return export::file(context, context.view.kind(Supplier::KIND), &rows, format);
    }
    let wanting = all.iter().filter(|entry| attention(**entry).is_some()).count();
    let body = html! { div.stack {
        @if all.is_empty() { div.card { (nothing(context)) } }
        @else {
            div.toolbar {
                (segments(context, "view", "Which suppliers", &[
                    Segment { name: "All", value: None, count: Some(all.len()) },
                    Segment { name: "Needs attention", value: Some("attention"), count: Some(wanting) },
                ]))
                (filters(context, RESULTS, &[("tier", "Any tier", choices(context, "tier")), ("provides", "Any service", choices(context, "provides"))]))
            }
            div id=(RESULTS) { div.card.flush { (table(context, &rows)) } }
        }
        (promises(context))
    } };
    let lead = html! { "Who gives models, data, tools or people to the AI systems, and what was promised to those who use them." };
    Ok(Page::new("/suppliers", "Suppliers & customers", body).lead(lead).actions(actions(context, !rows.is_empty())).into())
}

fn choices<'c>(context: &'c Context<'_>, field: &str) -> Vec<(&'c str, String)> {
    let choices = context.view.kind(Supplier::KIND).field(field).and_then(|spec| spec.kind.choices());
    choices.into_iter().flat_map(|choices| choices.iter()).map(|choice| (choice.id.as_str(), choice.label.clone())).collect()
}

fn fits(context: &Context<'_>, entry: Entry<'_>) -> bool {
    let text = format!("{} {} {}", entry.id(), value::name(entry), entry.text("country").unwrap_or_default()).to_lowercase();
    let provides = context.query("provides");
    (context.query("view") != Some("attention") || attention(entry).is_some())
        && context.query("tier").is_none_or(|asked| entry.text("tier") == Some(asked))
        && provides.is_none_or(|asked| Supplier(entry.content()).provides().any(|given| given.id() == asked))
        && context.query("q").unwrap_or_default().to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn sort(context: &Context<'_>, rows: &mut [Entry<'_>]) {
    let (by, down) = order(context, "name");
    let day = |day: Option<Date>| day.map_or_else(|| "9999".to_owned(), |day| day.to_string());
    rows.sort_by_cached_key(|entry| {
        let supplier = Supplier(entry.content());
        let key = match by {
            "tier" => supplier.tier().get().map_or_else(|| "9".to_owned(), |tier| format!("{}", 8 - tier as u8)),
            "systems" => format!("{:06}", 999_999 - systems(*entry).len().min(999_999)),
            "assessed" => day(latest_assessment(*entry).and_then(|row| row.on())),
            "review" => day(supplier.review_by().get()),
            "state" => format!("{:02}", entry.kind().state_rank(entry.state()).unwrap_or(0)),
            _ => value::name(*entry).to_lowercase(),
        };
        (key, entry.id())
    });
    if down {
        rows.reverse();
    }
}

/// Why somebody must look at a supplier, the heaviest first.
pub(super) fn attention(entry: Entry<'_>) -> Option<&'static str> {
    if entry.is_any(&["ended", "rejected"]) {
        return None;
    }
    let used = !systems(entry).is_empty();
    let today = entry.view().today();
    match entry.state() {
        "suspended" if used => Some("Suspended and in use"),
        "candidate" | "assessed" if used => Some("In use, not approved"),
        _ if conditions_overdue(entry).next().is_some() => Some("Condition overdue"),
        _ if used && !assessment_current(entry) => Some("Assessment out of date"),
        _ if unannounced(entry).next().is_some() => Some("Change not announced"),
        _ if used && !clause_gap(entry).is_empty() => Some("Contract leaves a point open"),
        _ if Supplier(entry.content()).review_by().get().is_some_and(|day| day < today) => Some("Review overdue"),
        _ => None,
    }
}

fn actions(context: &Context<'_>, any: bool) -> Markup {
    html! {
        @if any { (export::menu(context)) }
        @if context.as_of.is_none() {
            (button::link(&place::new("customer-commitment"), "Record promise"))
            (button::primary("plus", &place::new(Supplier::KIND), "Add supplier"))
        }
    }
}

fn nothing(context: &Context<'_>) -> Markup {
    let why = "Whoever gives a model, data, a tool, computing or people to an AI system is a supplier. An auditor asks for the assessment \
               of the most critical one, what the contract leaves open, and what was done about it.";
    let actions = context.as_of.is_none().then(|| html! { (button::primary("plus", &place::new(Supplier::KIND), "Add supplier")) (button::link("/import", "Import records")) });
    empty("No suppliers recorded", why, actions)
}

fn table(context: &Context<'_>, rows: &[Entry<'_>]) -> Markup {
    if rows.is_empty() {
        let clear = button::link(&context.link("/suppliers"), "Clear filters");
        return empty("Nothing fits the filter", "No supplier has all that the filter asks for.", Some(clear));
    }
    let slice = Slice::of(context, rows.len());
    let columns = [
        sorted("Supplier", "name"),
        sorted("Tier", "tier"),
        Head { number: true, ..sorted("Systems", "systems") },
        sorted("Assessed", "assessed"),
        head("Attention"),
        head("Owner"),
        sorted("Review by", "review"),
        sorted("State", "state"),
    ];
    html! {
        table.table.cards data-rows {
            caption.vh { "Suppliers, " (count(rows.len(), "record", "records")) }
            (heads(context, "name", &columns))
            tbody { @for entry in slice.cut(rows) { (row(context, *entry)) } }
        }
        (slice.foot(context, "supplier", "suppliers"))
    }
}

fn row(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let supplier = Supplier(entry.content());
    let gives: Vec<String> =
        supplier.provides().map(|given| value::choice(&context.view, Supplier::KIND, "provides", given.id())).collect();
    html! {
        tr {
            td.main-cell {
                a href=(context.link(&place::of(entry.id()))) { (value::name(entry)) " " span.ref { (entry.id()) } }
                span.sub.clip { (gives.join(", ")) }
            }
            td data-label="Tier" { @match entry.text("tier") { Some(id) => (tier(id)), None => { span.faint { "Not set" } } } }
            td.num data-label="Systems" { (systems(entry).len()) }
            td.nowrap data-label="Assessed" {
                @match latest_assessment(entry).and_then(|row| row.on()) {
                    Some(day) if assessment_current(entry) => (status(Tone::Good, &date(day))),
                    Some(day) => (status(Tone::Attention, &date(day))),
                    None => { span.faint { "Never" } }
                }
            }
            td data-label="Attention" { @if let Some(why) = attention(entry) { (status(Tone::Attention, why)) } }
            td data-label="Owner" { @if let Some(owner) = entry.linked("owner") { (person::person(&value::name(owner))) } }
            td.nowrap data-label="Review by" { (supplier.review_by().get().map(date).unwrap_or_default()) }
            td data-label="State" { (state::shown(entry)) }
        }
    }
}

/// What was promised to those who use the systems.
fn promises(context: &Context<'_>) -> Markup {
    let mut all: Vec<Entry<'_>> = context.view.all("customer-commitment").collect();
    all.sort_by_key(|entry| (entry.is_any(&["ended", "declined"]), std::cmp::Reverse(entry.created_at())));
    let agreed = all.iter().filter(|entry| entry.is("agreed")).count();
    html! {
        section.card {
            div.card-head { h2 { "Promises to customers" } a href=(context.link("/kinds/customer-commitment")) { (count(all.len(), "promise", "promises")) ", " (agreed) " agreed" } }
            @if all.is_empty() { p.muted { "No promise is recorded. What a contract, a form or a website says about an AI system binds the organisation (A.10.4)." } }
            ul.lines { @for entry in all.iter().take(PROMISES) { li { span.grow { (value::record(context, entry.id().into())) } span.small.muted { (entry.text("customer").unwrap_or_default()) } (state::shown(*entry)) } } }
        }
    }
}
