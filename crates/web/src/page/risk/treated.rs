//! What is done about a risk: controls that count, treatments, acceptances with their last day.

use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_conform::derived::{acceptance, proof, risk, treatment};
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::treatment::Treatment;

use crate::format::date;
use crate::page::risks::register::day;
use crate::part::badge::{Tone, status};
use crate::part::person::name_of;
use crate::part::table::scroll;
use crate::part::{state, value};
use crate::place;
use crate::request::Context;

/// Controls that count in the residual score, and whether what shows them is in date.
pub(super) fn controls(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let rows: Vec<_> = Risk(entry.content()).controls_now().collect();
    html! {
        section.card {
            div.card-head { h2 { "Controls" } span { "without proof in date they do not count" } }
            @if rows.is_empty() { p.muted { "No control counts in the residual score." } }
            @else {
                (scroll("Table of controls", html! {
                    table.table.cards.plain {
                        caption.vh { "Controls that count, with what shows them" }
                        thead { tr { th scope="col" { "Control" } th scope="col" { "Makes it" } th scope="col" { "Shown by" } th scope="col" { "Proof" } } }
                        tbody {
                            @for row in rows {
                                @let control = row.control().and_then(|link| context.view.get(link.id));
                                @let shown: Vec<Entry<'_>> = row.shown_by().filter_map(|link| context.view.get(link.id)).collect();
                                @let in_date = shown.iter().any(|one| proof::in_date(*one));
                                tr {
                                    td.main-cell { @match control { Some(control) => { a href=(context.link(&place::of(control.id()))) { (control_name(context, control)) } } None => "A control that is not there" } }
                                    td data-label="Makes it" { (row.effect().map(|of| value::choice(&context.view, Risk::KIND, "controls_now.effect", of.id())).unwrap_or_default()) }
                                    td data-label="Shown by" { @for one in &shown { a.ref href=(context.link(&place::of(one.id()))) { (one.id()) } " " } }
                                    td.nowrap data-label="Proof" { @if in_date { (status(Tone::Good, "In date")) } @else { (status(Tone::Attention, "Does not count")) } }
                                }
                            }
                        }
                    }
                }))
            }
        }
    }
}

fn control_name(context: &Context<'_>, control: Entry<'_>) -> String {
    let item = ControlApplicability(control.content()).control().get().map(|link| link.item);
    let title = item.and_then(|item| context.view.frameworks().item(item)).map(|item| format!("{} {}", item.id, item.title));
    title.unwrap_or_else(|| value::called(control))
}

/// Treatments, those under way first.
pub(super) fn treatments(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let mut found: Vec<Entry<'_>> = entry.incoming(Treatment::KIND, "risks").collect();
    found.sort_by_key(|one| (one.is_any(&["judged", "cancelled"]), treatment::present_due(Treatment(one.content())), one.id()));
    html! {
        section.card {
            div.card-head {
                h2 { "Treatments" }
                @if context.as_of.is_none() { a.link href=(format!("{}?risks={}", place::new(Treatment::KIND), entry.id())) { "Plan treatment" } }
            }
            @if found.is_empty() { p.muted { "Nothing is planned to bring it down." } }
            ul.lines.start {
                @for one in found {
                    @let content = Treatment(one.content());
                    li {
                        div.grow {
                            p.strong { a href=(context.link(&place::of(one.id()))) { (value::name(one)) } " " span.ref { (one.id()) } }
                            p.small.muted {
                                (content.option().get().map(|of| value::choice(&context.view, Treatment::KIND, "option", of.id())).unwrap_or_default())
                                @if let Some(who) = content.responsible().get() { " · " (name_of(&context.view, who.id)) }
                                @if let Some(effect) = content.effect().get() { " · effect: " (value::choice(&context.view, Treatment::KIND, "effect", effect.id()).to_lowercase()) }
                            }
                        }
                        @if one.is_any(&["planned", "approved", "doing"]) { @if let Some(due) = treatment::present_due(content) { span.small.nowrap { (day(context, due)) } } }
                        (state::shown(one))
                    }
                }
            }
        }
    }
}

/// Acceptances of what is left, the one in force first.
pub(super) fn acceptances(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let mut found: Vec<Entry<'_>> = entry.incoming(Acceptance::KIND, "subject").collect();
    let in_force = risk::acceptance(entry).map(|one| one.id());
    found.sort_by_key(|one| (Some(one.id()) != in_force, std::cmp::Reverse(one.id())));
    html! {
        section.card {
            div.card-head {
                h2 { "Acceptance" }
                @if context.as_of.is_none() { a.link href=(format!("/risks/{}/acceptance", entry.id())) { "Ask for acceptance" } }
            }
            @if found.is_empty() { p.muted { "Nobody has accepted what is left." @if !risk::above_limit(entry) { " It lies within the limit, so nobody needs to." } } }
            ul.lines.start {
                @for one in found {
                    @let content = Acceptance(one.content());
                    li {
                        div.grow {
                            p.strong { a href=(context.link(&place::of(one.id()))) { (value::name(one)) } " " span.ref { (one.id()) } }
                            p.small.muted {
                                @if let Some(who) = content.accepted_by().get() { (name_of(&context.view, who.id)) }
                                @if let Some(on) = acceptance::accepted_on(one) { ", " (date(on)) }
                                @if let Some(until) = content.until().get() { " · until " (date(until)) }
                            }
                            @if Some(one.id()) == in_force && !same(entry, one) { p.small.attention { "Scores changed since it was accepted." } }
                        }
                        (state::shown(one))
                    }
                }
            }
        }
    }
}

fn same(entry: Entry<'_>, accepted: Entry<'_>) -> bool {
    risk::same_scores(entry, accepted)
}
