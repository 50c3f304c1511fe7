//! Versions: the one in force, the one on its way, how two differ, and sending one for approval.

use maud::{Markup, html};
use serde_json::{Map, json};
use vouch_app::people::{Asked, may};
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_conform::statement::{Changed, Statement, Version, compare};
use vouch_record::Id;

use super::row::Line;
use super::{day, new_version, versions};
use crate::answer::{Answer, Page};
use crate::format::{count, date, instant, words};
use crate::part::badge::{self, Tone, status};
use crate::part::person::name_of;
use crate::part::{button, difference, empty, value};
use crate::place;
use crate::request::Context;

/// `v2.0 draft · v1.0 approved 6 Jul 2026 by …`
pub(super) fn standing(context: &Context<'_>, statement: &Statement) -> Markup {
    let waiting = versions(context).into_iter().find(|(entry, _)| entry.is_any(&["draft", "frozen"]));
    html! {
        span.small.muted {
            @if let Some((entry, version)) = &waiting { (version.version) " " (entry.state()) " · " }
            @match &statement.version {
                Some(version) => { (version.version) " approved" @if let Some((by, on)) = approval(context, version) { " " (on) " by " (by) } }
                None => "no version in force",
            }
        }
    }
}

/// Who signed a version, and when.
fn approval(context: &Context<'_>, version: &Version) -> Option<(String, String)> {
    let entry = context.view.find(version.record.id)?;
    let given = entry.given().pop()?;
    Some((given.by().map_or_else(String::new, |by| name_of(&context.view, by)), date(given.on())))
}

/// Compare, and what the version on its way wants next.
pub(super) fn actions(context: &Context<'_>) -> Markup {
    let all = versions(context);
    let waiting = all.iter().find(|(entry, _)| entry.is_any(&["draft", "frozen"]));
    html! {
        @if let [(_, later), (_, earlier), ..] = all.as_slice() {
            a.button href=(context.link(&format!("/soa?compare={}..{}", earlier.record.id, later.record.id))) { "Compare " (earlier.version) " → " (later.version) }
        }
        @if context.as_of.is_none() {
            @match waiting {
                Some((entry, version)) if entry.is("draft") => (send_button(context, *entry, version)),
                Some((entry, version)) => a.button.primary href=(place::of(entry.id())) { "Sign " (version.version) },
                None => @if let Ok(answers) = context.answers() { (button::primary("plus", &new_version(context, &answers.statement), "New version")) },
            }
        }
    }
}

fn send_button(context: &Context<'_>, entry: Entry<'_>, version: &Version) -> Markup {
    let word = format!("Send {} for approval", version.version);
    let way = entry.kind().ways("draft", "frozen").next();
    let refusal =
        way.and_then(|way| may(entry, way, &Asked { by: &way.by, not: &way.not_by, who: &way.who }, context.session.acting).err());
    html! {
        @match refusal {
            Some(error) => (button::refused(&word, &format!("{}{}", error.message, error.hint.map(|hint| format!("; {hint}")).unwrap_or_default()))),
            None => form method="post" action="/soa/sending" { input type="hidden" name="version" value=(entry.id()); button.button.primary { (word) } },
        }
    }
}

/// `POST /soa/sending`: freezes a draft, so that top management can sign exactly it.
pub(crate) fn send(context: &Context<'_>) -> Result<Answer> {
    let text = context.form("version").unwrap_or_default();
    let id: Option<Id> = text.parse().ok().filter(|id: &Id| id.prefix() == "SOA");
    let id = id.ok_or_else(|| Error::invalid(format!("`{text}` is no version")).hint("choose one of the list"))?;
    context.site.vouch.perform(context.acting(), move |work| work.transition(id, "frozen", &Map::new(), "sent for approval"))?;
    Ok(Answer::Go(place::of(id)))
}

/// The version in force beside the list.
pub(super) fn card(context: &Context<'_>, statement: &Statement, lines: &[Line<'_>]) -> Markup {
    let changed = lines.iter().filter(|line| line.changed.is_some()).count();
    html! {
        @match &statement.version {
            None => section.card.stack-8 {
                h2 { "No version in force" }
                p.muted { "The list shows what is decided so far. A certification body asks for the version that the certificate names: freeze one and have it signed." }
            },
            Some(version) => section.card.stack-8 {
                h2 { "Version " (version.version) }
                dl.facts {
                    dt { "State" } dd { (status(Tone::Good, &words(&version.state))) }
                    dt { "Frozen on" } dd { (day(version.frozen_on)) }
                    dt { "Valid from" } dd { (day(version.valid_from)) }
                    dt { "Renew by" } dd { (day(version.review_by)) }
                    @if let Some(scope) = &version.scope { dt { "Scope" } dd { a.link href=(context.link(&place::of(scope.id))) { (scope.id) } " revision " (version.scope_revision.unwrap_or_default()) @if !version.scope_in_force { " " (status(Tone::Attention, "no longer in force")) } } }
                    @if let Some((by, on)) = approval(context, version) { dt { "Signed by" } dd { (by) ", " (on) } }
                    dt { "Changed" } dd { @if changed == 0 { "Nothing since" } @else { a.link href=(context.with_query(&[("show", Some("changed"))])) { (count(changed, "control", "controls")) } } }
                }
                @if !version.older_than.is_empty() { p { (status(Tone::Attention, "Older than what it rests on")) } p.small { @for (at, id) in version.older_than.iter().take(6).enumerate() { @if at > 0 { ", " } a.link href=(context.link(&place::of(*id))) { (id) } } @if version.older_than.len() > 6 { " and " (version.older_than.len() - 6) " more" } } }
                p { a.link href=(context.link(&place::of(version.record.id))) { "Open this version" } }
            },
        }
        (others(context))
    }
}

fn others(context: &Context<'_>) -> Markup {
    let all = versions(context);
    html! {
        @if all.len() > 1 {
            section.card {
                h2.card-title { "Versions" }
                ul.lines { @for (entry, version) in &all { li { a.link.grow href=(context.link(&place::of(entry.id()))) { (version.version) } span.muted { (words(entry.state())) " · " (day(version.frozen_on)) } } } }
            }
        }
    }
}

/// `GET /soa?compare=SOA-1..SOA-2`
pub(super) fn compared(context: &Context<'_>, pair: &str) -> Result<Answer> {
    let wrong = || Error::invalid(format!("`{pair}` does not name two versions")).hint("write it as SOA-1..SOA-2");
    let (one, two) = pair.split_once("..").ok_or_else(wrong)?;
    let find = |text: &str| {
        let id: Id = text.parse().map_err(|_| wrong())?;
        let found = context.view.find(id).filter(|entry| entry.kind().name == "statement-of-applicability");
        found.ok_or_else(|| Error::not_found(format!("there is no version `{id}`")).hint("see the versions of the statement"))
    };
    let (earlier, later) = (find(one)?, find(two)?);
    let (before, now, changed) = (Version::of(earlier), Version::of(later), compare(earlier, later));
    if context.request.wants_json {
        return Ok(Answer::Json(json!({"earlier": before, "later": now, "changed": changed})));
    }
    let title = format!("Version {} and version {}", before.version, now.version);
    let body = html! {
        div.notice { div.grow { strong { (count(changed.len(), "difference", "differences")) } } span.legend { ins { "put in" } del { "taken out" } } }
        @if changed.is_empty() { (empty::empty("No difference", "Both versions say the same about every control.", None)) }
        @else { (differences(context, &changed)) }
    };
    Ok(Page::new("/soa", title, body).into())
}

fn differences(context: &Context<'_>, changed: &[Changed]) -> Markup {
    html! {
        div.card.flush {
            table.table.cards {
                caption.vh { "What differs, control by control" }
                thead { tr { th scope="col" { "Control" } th scope="col" { "Part" } th scope="col" { "Difference" } } }
                tbody {
                    @for one in changed {
                        tr {
                            td.nowrap { a.link href=(context.link(&format!("/soa/{}", bare(&one.control)))) { (bare(&one.control)) } }
                            td data-label="Part" { (words(one.what)) }
                            td { (difference::words(&said(context, one, one.before.as_deref()), &said(context, one, one.now.as_deref()))) }
                        }
                    }
                }
            }
        }
    }
}

fn bare(control: &str) -> &str {
    control.strip_prefix("iso42001:").unwrap_or(control)
}

fn said(context: &Context<'_>, changed: &Changed, text: Option<&str>) -> String {
    match (changed.what, text) {
        ("owner", Some(id)) => id.parse().ok().and_then(|id| context.view.find(id)).map_or_else(|| id.to_owned(), value::name),
        (_, text) => text.unwrap_or_default().to_owned(),
    }
}

/// What stands above the printed document: version, scope, signatures, head of the log.
pub(super) fn print_head(context: &Context<'_>, statement: &Statement) -> Markup {
    let head =
        context.answers().map(|answers| (answers.readiness.head.size, answers.readiness.head.root.clone())).unwrap_or_default();
    html! {
        section.only-print {
            dl.facts {
                @if let Some(version) = &statement.version {
                    dt { "Version" } dd { (version.version) ", " (version.state) ", frozen on " (day(version.frozen_on)) ", valid from " (day(version.valid_from)) }
                    @if let Some(scope) = &version.scope { dt { "Scope" } dd { (scope.label) ", revision " (version.scope_revision.unwrap_or_default()) } }
                    @if let Some(entry) = context.view.find(version.record.id) {
                        @for given in entry.given() { dt { (badge::status(Tone::Good, "Signed")) } dd { @if let Some(by) = given.by() { (name_of(&context.view, by)) } ", " (instant(given.at(), context.view.zone())) ", revision " (given.revision()) } }
                    }
                } @else { dt { "Version" } dd { "None in force: a preview of what is decided so far" } }
                dt { "Log" } dd { (head.0) " leaves, root " code.break { (head.1) } }
            }
        }
    }
}
