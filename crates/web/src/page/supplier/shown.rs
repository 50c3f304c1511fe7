//! One supplier: due diligence, contract, the systems it stands behind, who does what, and what was promised on.

use std::collections::BTreeMap;

use maud::{Markup, html};
use vouch_app::Result;
use vouch_app::query;
use vouch_conform::Entry;
use vouch_conform::derived::supplier::{
    assessment_current, clause_gap, concentration, conditions_overdue, systems, tier_floor, unannounced, used_by,
};
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::customer_commitment::CustomerCommitment;
use vouch_record::kind::generated::supplier::Supplier;

use super::diligence;
use crate::answer::{Answer, Page};
use crate::format::{count, date, words};
use crate::page::verb;
use crate::part::badge::{Tone, status, tier};
use crate::part::{button, markdown, person, state, value};
use crate::request::Context;

/// Systems, rows and promises shown at once.
const MOST: usize = 25;

/// `GET /suppliers/{id}`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let entry = context.record("id", Supplier::KIND)?;
    if context.request.wants_json {
        let detail = query::show(&context.view, entry.id().into())?;
        let json =
            serde_json::to_value(detail).map_err(|error| vouch_app::Error::invalid("the record is no JSON").because(error))?;
        return Ok(Answer::Json(json));
    }
    let uses = used_by(entry);
    let body = html! {
        div.grid {
            div.span-8.stack {
                section.card { div.card-head { h2 { "Due diligence" } } (diligence::assessments(context, entry)) }
                section.card { div.card-head { h2 { "Questions and answers" } } (diligence::answers(context, entry)) }
                section.card { div.card-head { h2 { "What the contract says" } } (diligence::clauses(context, entry)) (contracts(entry)) }
                section.card { div.card-head { h2 { "Part of systems" } span { (count(uses.len(), "record", "records")) " name it" } } (components(context, entry)) }
                section.card { div.card-head { h2 { "Who does what" } } (responsibilities(context, entry)) }
                section.card { div.card-head { h2 { "Changes there" } } (diligence::changes(context, entry)) }
                section.card { div.card-head { h2 { "Promised on to customers" } } (promises(context, entry)) }
            }
            aside.span-4.stack {
                section.card { (facts(context, entry)) }
                section.card { (attention(context, entry)) }
                (verb::panel(context, entry))
            }
        }
    };
    let page = Page::new("/suppliers", value::called(entry), body)
        .lead(html! { span.ref { (entry.id()) } " " (state::shown(entry)) })
        .actions(html! {
            (button::link(&context.link(&format!("/records/{}", entry.id())), "History"))
            @if context.as_of.is_none() { a.button href=(format!("/records/{}/edit", entry.id())) data-edit { "Edit supplier" } }
        });
    Ok(page.into())
}

fn contracts(entry: Entry<'_>) -> Markup {
    let rows: Vec<_> = Supplier(entry.content()).contracts().collect();
    html! {
        h3 { "Contracts" }
        @if rows.is_empty() { p.muted { "No contract is recorded. Terms that were clicked through count too." } }
        ul.lines {
            @for row in &rows {
                li {
                    span.grow { strong { (row.title().or_else(|| row.number()).unwrap_or("Contract")) } @if let Some(covers) = row.covers() { span.muted { " · " (covers) } } }
                    span.small.muted.nowrap { @if let Some(from) = row.from() { "from " (date(from)) } @if let Some(to) = row.to() { " to " (date(to)) } }
                }
            }
        }
    }
}

/// The systems it stands behind, critical ones first.
fn components(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let mut systems: Vec<(Id, bool)> = systems(entry).into_iter().collect();
    systems.sort_by_key(|(id, critical)| (!critical, *id));
    let parts: Vec<_> = used_by(entry).into_iter().filter(|used| used.record.prefix() != "SYS").collect();
    html! {
        @if systems.is_empty() { p.muted { "No system rests on it." } }
        ul.lines {
            @for (id, critical) in systems.iter().take(MOST) {
                li {
                    span.grow { (value::record(context, (*id).into())) }
                    @if *critical { (status(Tone::Attention, "Critical")) }
                    @if let Some(system) = context.view.find(*id) { @if let Some(level) = system.text("risk_tier") { (tier(level)) } }
                }
            }
        }
        @if systems.len() > MOST { p.small.muted { (systems.len() - MOST) " more" } }
        @if !parts.is_empty() { h3 { "Models, data, resources" } ul.lines { @for part in parts.iter().take(MOST) { li { span.grow { (value::record(context, part.record.into())) } } } } }
    }
}

/// A system that gives a duty, whether that is agreed, whether there is a gap.
type Duty = (Id, bool, bool);

/// What the systems say that this supplier does: one line for each duty, with the systems in which it has it.
fn responsibilities(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let mut duties: BTreeMap<(String, String), Vec<Duty>> = BTreeMap::new();
    for system in entry.incoming(AiSystem::KIND, "responsibilities") {
        for row in
            AiSystem(system.content()).responsibilities().filter(|row| row.supplier().is_some_and(|link| link.id == entry.id()))
        {
            let activity = row.activity().map(|activity| words(activity.id())).unwrap_or_default();
            let duty = (activity, row.does().unwrap_or_default().to_owned());
            duties.entry(duty).or_default().push((system.id(), row.agreed_on().is_some(), row.gap().is_some()));
        }
    }
    html! {
        @if duties.is_empty() { p.muted { "No system says what this supplier does (A.10.2). Rows are entered with the system." } }
        ul.lines {
            @for ((activity, does), systems) in duties.iter().take(MOST) {
                @let (open, gaps) = (systems.iter().filter(|(_, agreed, _)| !agreed).count(), systems.iter().filter(|(_, _, gap)| *gap).count());
                li {
                    div.grow {
                        p { strong { (activity) } @if !does.is_empty() { " · " (does) } }
                        p.small.muted {
                            @for (at, (id, _, _)) in systems.iter().take(2).enumerate() { @if at > 0 { ", " } (value::record(context, (*id).into())) }
                            @if systems.len() > 2 { " and " (systems.len() - 2) " more" }
                        }
                    }
                    @if gaps > 0 { (status(Tone::Attention, &count(gaps, "gap", "gaps"))) }
                    @if open > 0 { (status(Tone::Attention, &format!("{open} not agreed"))) } @else { (status(Tone::Good, "Agreed")) }
                }
            }
        }
    }
}

/// Promises about systems that this supplier is part of: what it cannot keep, nobody can.
fn promises(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let systems = systems(entry);
    let about = |promise: &Entry<'_>| CustomerCommitment(promise.content()).ai_systems().any(|link| systems.contains_key(&link.id));
    let promises: Vec<Entry<'_>> = context.view.all(CustomerCommitment::KIND).filter(about).take(MOST).collect();
    html! {
        @if promises.is_empty() { p.muted { "No promise to a customer rests on this supplier." } }
        ul.lines { @for promise in &promises { li { span.grow { (value::record(context, promise.id().into())) } span.small.muted { (promise.text("customer").unwrap_or_default()) } (state::shown(*promise)) } } }
    }
}

fn facts(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let supplier = Supplier(entry.content());
    let list = |field: &str, ids: Vec<&str>| {
        ids.into_iter().map(|id| value::choice(&context.view, Supplier::KIND, field, id)).collect::<Vec<_>>().join(", ")
    };
    html! {
        h2.vh { "Facts" }
        dl.facts {
            dt { "Tier" } dd { @match entry.text("tier") { Some(id) => (tier(id)), None => "Not set" } }
            dt { "Provides" } dd { (list("provides", supplier.provides().map(|given| given.id()).collect())) }
            dt { "Owner" } dd { @if let Some(owner) = entry.linked("owner") { (person::person(&value::name(owner))) } }
            dt { "Country" } dd { (supplier.country().get().unwrap_or_default()) }
            @if let Some(learns) = supplier.learns_from_our_data().get() { dt { "Learns from our data" } dd { (list("learns_from_our_data", vec![learns.id()])) } }
            @if let Some(website) = supplier.website().get().filter(|address| markdown::is_safe(address)) { dt { "Website" } dd { a.link href=(website) rel="noopener noreferrer" { (website) } } }
            @if let Some(day) = supplier.review_by().get() { dt { "Review by" } dd { (date(day)) } }
            @if let Some(share) = share(entry) { dt { "Depend on it" } dd { (share) "% of live systems" } }
        }
        @if let Some(reason) = supplier.tier_reason().get() { h3 { "Why this tier" } (markdown::prose(reason, 4)) }
        @if let Some(plan) = supplier.exit_plan().get() { h3 { "Way out" } (markdown::prose(plan, 4)) }
    }
}

/// Share of the live systems that depend on it, in whole percent.
fn share(entry: Entry<'_>) -> Option<i64> {
    let share: f64 = concentration(entry)?.to_string().parse().ok()?;
    #[expect(clippy::cast_possible_truncation, reason = "a share lies between 0 and 1")]
    let percent = (share * 100.0).round() as i64;
    Some(percent)
}

/// What somebody must look at.
fn attention(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let supplier = Supplier(entry.content());
    let floor = tier_floor(entry).filter(|floor| supplier.tier().get().is_none_or(|tier| tier < *floor));
    let edit = |field: &str| format!("/records/{}/edit#f-{field}", entry.id());
    let mut lines: Vec<(Tone, String, String)> = Vec::new();
    if !assessment_current(entry) {
        lines.push((Tone::Attention, "No assessment is in date".to_owned(), edit("assessments")));
    }
    for row in conditions_overdue(entry) {
        lines.push((Tone::Bad, format!("Condition overdue: {}", row.conditions().unwrap_or("not named")), edit("assessments")));
    }
    let gaps = clause_gap(entry);
    if !gaps.is_empty() {
        lines.push((
            Tone::Attention,
            format!("The contract leaves {} open", count(gaps.len(), "point", "points")),
            edit("clauses"),
        ));
    }
    let silent = unannounced(entry).count();
    if silent > 0 {
        lines.push((
            Tone::Attention,
            format!("{} not announced in time", count(silent, "change was", "changes were")),
            edit("changes_seen"),
        ));
    }
    if let Some(floor) = floor {
        lines.push((
            Tone::Attention,
            format!("The tier lies below {}, which its systems give", words(floor.id()).to_lowercase()),
            edit("tier"),
        ));
    }
    html! {
        div.card-head { h2 { "Needs attention" } }
        @if lines.is_empty() { p.muted { "Nothing now." } }
        ul.lines { @for (tone, text, address) in &lines { li { span.grow { (status(*tone, text)) } @if context.as_of.is_none() { a.link href=(address) { "Mend" } } } } }
    }
}
