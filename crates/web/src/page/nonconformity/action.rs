//! Corrective actions: who does what until when, and who judges whether it helped.

use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_conform::derived::corrective_action::{overdue, postponed, verify_from};
use vouch_record::kind::generated::corrective_action::CorrectiveAction;

use crate::format::{date, distance};
use crate::page::verb::step::steps;
use crate::part::badge::{Tone, status};
use crate::part::{button, markdown, person, state, value};
use crate::place;
use crate::request::Context;

/// The actions that answer a nonconformity, in the order of their days.
pub(super) fn of(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let mut actions: Vec<Entry<'_>> = entry.incoming(CorrectiveAction::KIND, "nonconformity").collect();
    actions.sort_by_key(|action| (CorrectiveAction(action.content()).due().get(), action.id()));
    actions
}

/// How an action stands, with its day.
pub(super) fn stands(entry: Entry<'_>) -> Markup {
    let (action, today) = (CorrectiveAction(entry.content()), entry.view().today());
    if overdue(entry) {
        return status(Tone::Bad, "Overdue");
    }
    match (entry.state(), verify_from(entry)) {
        ("done", Some(from)) if from > today => status(Tone::Progress, &format!("Effect can be judged {}", distance(from, today))),
        ("done", _) => status(Tone::Attention, "To be verified"),
        ("planned" | "doing", _) => {
            let day = action.due().get().map(|due| format!("Due {}", distance(due, today)));
            status(Tone::Progress, day.as_deref().unwrap_or("Under way"))
        }
        _ => state::shown(entry),
    }
}

fn who(entry: Entry<'_>, field: &str) -> Markup {
    html! { @match entry.linked(field) { Some(somebody) => (person::person(&value::name(somebody))), None => "Nobody yet" } }
}

/// One action with its effectiveness check.
pub(super) fn card(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let action = CorrectiveAction(entry.content());
    let open = if context.as_of.is_some() { Vec::new() } else { steps(entry, context.session.acting) };
    html! {
        div.part-row {
            div.row.between {
                h3 { a.link href=(context.link(&place::of(entry.id()))) { (value::name(entry)) } " " span.ref { (entry.id()) } }
                (stands(entry))
            }
            @if let Some(text) = action.action().get() { (markdown::prose(text, 4)) }
            dl.facts {
                dt { "Removes" } dd { (action.cause_addressed().get().unwrap_or("not said")) }
                dt { "Carried out by" } dd { (who(entry, "doer")) }
                dt { "Due" } dd {
                    @match action.due().get() { Some(due) => (date(due)), None => "No day" }
                    @let moved = postponed(entry);
                    @if moved > 0 { " · " (status(Tone::Attention, &format!("moved {}", if moved == 1 { "once".to_owned() } else { format!("{moved} times") }))) }
                }
                @if let Some(done) = action.done_at().get() { dt { "Done" } dd { (date(done)) @for link in action.proof() { " · " (value::record(context, link)) } } }
                dt { "Expected effect" } dd { (action.expected_effect().get().unwrap_or("not said")) }
            }
            (check(context, entry))
            @if !open.is_empty() {
                div.row {
                    @for step in &open {
                        @match &step.refusal {
                            None => (button::link(&step.address(entry.id()), &step.word(entry))),
                            Some(why) => (button::refused(&step.word(entry), &why.message)),
                        }
                    }
                }
            }
        }
    }
}

/// Whether it helped, judged by another person after the waiting time.
fn check(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let action = CorrectiveAction(entry.content());
    let same = action.doer().get().is_some_and(|doer| action.verifier().get().is_some_and(|verifier| verifier.id == doer.id));
    html! {
        dl.facts {
            dt { (if entry.is("verified") { "Verified by" } else { "To be verified by" }) } dd {
                (who(entry, "verifier"))
                @if same { " " (status(Tone::Bad, "is the doer, and may not judge own work")) }
                @else if action.verifier().get().is_some() { " " span.small.muted { "another person than the doer" } }
            }
            @if let Some(from) = verify_from(entry) { dt { "Not before" } dd { (date(from)) } }
            @if let Some(result) = action.result().get() {
                dt { "Result" } dd {
                    strong { (value::choice(&context.view, CorrectiveAction::KIND, "result", result.id())) }
                    @if let Some(day) = action.verified_at().get() { ", " (date(day)) }
                }
            }
            @for sample in action.verification_sample() {
                dt { "Sample" } dd { (sample.drawn_n().unwrap_or(0)) " of " (sample.population_n().unwrap_or(0)) " " (sample.population().unwrap_or("records")) ", " (sample.failures().unwrap_or(0)) " failed" }
            }
        }
        @if let Some(note) = action.result_note().get() { (markdown::prose(note, 4)) }
        @if let Some(next) = action.follow_up().get() { p { "Followed by " (value::record(context, next)) } }
    }
}
