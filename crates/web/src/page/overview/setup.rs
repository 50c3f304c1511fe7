//! From nothing to the first evidence in five steps.

use maud::{Markup, html};

use crate::part::badge::{Tone, mark};
use crate::part::button;
use crate::place;
use crate::request::Context;

struct Step {
    name: &'static str,
    why: &'static str,
    act: (&'static str, String),
    done: bool,
}

/// The path while a step is open; nothing afterwards.
pub(super) fn path(context: &Context<'_>) -> Markup {
    let steps = steps(context);
    let Some(next) = steps.iter().position(|step| !step.done) else { return html! {} };
    html! {
        section.card.setup {
            div.card-head { h2 { "From scope to first evidence" } span { (steps.iter().filter(|step| step.done).count()) " of " (steps.len()) " steps done" } }
            ol.lines {
                @for (place, step) in steps.iter().enumerate() {
                    li {
                        @if step.done { (mark(Tone::Good, "Done")) } @else { span.ref { (place + 1) span.vh { ", open" } } }
                        div.grow { p.strong { (step.name) } p.small.muted { (step.why) } }
                        @if !step.done && context.as_of.is_none() {
                            @if place == next { (button::primary("arrow", &step.act.1, step.act.0)) } @else { (button::link(&step.act.1, step.act.0)) }
                        }
                    }
                }
            }
        }
    }
}

fn steps(context: &Context<'_>) -> [Step; 5] {
    let view = &context.view;
    let step = |name, why, act, done| Step { name, why, act, done };
    [
        step(
            "Say what the management system covers",
            "Everything is judged inside the scope. Nothing is asked of operation before it is approved.",
            ("Propose scope", place::new("scope")),
            view.first_scope_on().is_some(),
        ),
        step(
            "Register the AI systems",
            "One by one, or all at once from the inventory that you have.",
            ("Import inventory", "/import".to_owned()),
            view.all("ai-system").next().is_some(),
        ),
        step(
            "Agree on a method and assess the first risks",
            "Controls follow from risks; an auditor asks in that order.",
            ("Choose method", place::new("risk-method")),
            view.risk_method().is_some() && view.all("risk").next().is_some(),
        ),
        step(
            "Decide which controls apply",
            "38 controls, each applied or its exclusion justified.",
            ("Open statement", "/soa".to_owned()),
            view.statement().is_some(),
        ),
        step(
            "Record the first evidence",
            "What ran, over which period, checked by somebody else.",
            ("Record evidence", place::new("evidence")),
            view.all("evidence").next().is_some(),
        ),
    ]
}
