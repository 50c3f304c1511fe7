//! Where a record can go from here: what each step wants, and a form for whoever may make it.

use maud::{Markup, html};
use vouch_app::people::{Asked, may, may_approve};
use vouch_record::kind::{ApprovalNeed, FieldType, Scalar, Transition};

use super::Seen;
use crate::format::words;
use crate::part::icon::icon;
use crate::request::Context;

/// The card with the ways onward.
pub(super) fn card(context: &Context<'_>, seen: &Seen<'_>) -> Markup {
    let ways = ways(seen);
    html! {
        section.card {
            h2.card-title { "Ways onward" }
            @if seen.entry.is_set_aside() { p.muted { "It was set aside; nothing leads on." } }
            @else if ways.is_empty() { p.muted { "Nothing leaves this state." } }
            @else { div.stack-8 { @for way in ways { (one(context, seen, way)) } } }
        }
    }
}

/// The steps that people can make from where it stands.
pub(crate) fn ways<'s>(seen: &'s Seen<'_>) -> Vec<&'s Transition> {
    let standing = seen.entry.standing();
    let mut states = vec![standing.state.as_ref()];
    if standing.is_proposed() {
        states.push(standing.shown_state(seen.entry.record()));
    }
    let open = |way: &&Transition| way.who != "machine" && way.from.iter().any(|from| states.contains(&from.as_str()));
    seen.entry.kind().transitions.iter().filter(open).collect()
}

fn one(context: &Context<'_>, seen: &Seen<'_>, way: &Transition) -> Markup {
    let person = context.session.acting;
    // The first approval of a way stands for it: the others show once it is given.
    let need = way.approvals.iter().find(|need| applies(context, seen, need));
    let refusal = match need {
        Some(need) => may_approve(seen.entry, way, need, person).err(),
        None => may(seen.entry, way, &Asked { by: &way.by, not: &way.not_by, who: &way.who }, person).err(),
    };
    let word = verb(way, need);
    html! {
        details.way {
            summary { (icon("arrow")) span { strong { (word) } } }
            p.small.muted { "Wants " (way.needs) "." }
            @if context.as_of.is_some() { p.small { "Nothing can be changed on a past day." } }
            @else if let Some(refusal) = refusal {
                p.small.attention { (refusal.message) @if let Some(hint) = &refusal.hint { "; " (hint) } "." }
            } @else { (form(seen, way, need, &word)) }
        }
    }
}

fn applies(context: &Context<'_>, seen: &Seen<'_>, need: &ApprovalNeed) -> bool {
    use vouch_conform::view::Asker;
    use vouch_record::condition::Truth;
    let asker = Asker::new(&context.view, Some(context.session.acting)).of_head(seen.entry.id());
    need.when.as_ref().is_none_or(|when| when.holds(seen.entry.id(), &asker) != Truth::No)
}

/// What a step is called: the decision it takes, or the state it leads to.
fn verb(way: &Transition, need: Option<&ApprovalNeed>) -> String {
    let to = words(&way.to).to_lowercase();
    match need {
        Some(need) if need.decision == "approved" => {
            let purpose = need.purposes.first().map_or("approve", String::as_str);
            if to == "approved" { words(purpose) } else { format!("{} as {to}", words(purpose)) }
        }
        Some(_) => format!("Refuse, so that it becomes {to}"),
        None => format!("Move to {to}"),
    }
}

fn form(seen: &Seen<'_>, way: &Transition, need: Option<&ApprovalNeed>, word: &str) -> Markup {
    let (id, head) = (seen.entry.id(), seen.detail.head);
    let verb = if need.is_some() { "approval" } else { "state" };
    let reason = format!("reason-{}-{verb}", way.to);
    html! {
        form.stack-8 method="post" action=(format!("/records/{id}/{verb}")) {
            input type="hidden" name="to" value=(way.to);
            input type="hidden" name="revision" value=(head);
            @if let Some(need) = need {
                input type="hidden" name="purpose" value=(need.purposes.first().map_or("approve", String::as_str));
                input type="hidden" name="decision" value=(need.decision);
            }
            @for name in &way.set { (set(seen, way, name)) }
            div.field {
                label for=(reason) { "Reason" }
                textarea.input id=(reason) name="reason" rows="2" required {}
                p.help { "Also for a yes. It stands in the log beside your name." }
            }
            button.button.small { (word) }
        }
    }
}

/// A field that goes with the new state, where it is a plain one; others are filled in the record's form before.
fn set(seen: &Seen<'_>, way: &Transition, name: &str) -> Markup {
    let Some(spec) = seen.entry.kind().field(name) else { return html! {} };
    let id = format!("{}-{name}", way.to);
    let kind = match &spec.kind {
        FieldType::One(Scalar::Date) => "date",
        FieldType::One(Scalar::Int) => "number",
        FieldType::One(Scalar::Text | Scalar::Duration | Scalar::Decimal | Scalar::Link(_)) => "text",
        FieldType::One(Scalar::Enum(choices)) => {
            return html! { div.field { label for=(id) { (words(name)) } select.input id=(id) name=(name) { option value="" { "Choose" } @for choice in choices.iter() { option value=(choice.id) { (choice.label) } } } p.help { (spec.help) } } };
        }
        FieldType::One(Scalar::Markdown) => {
            return html! { div.field { label for=(id) { (words(name)) } textarea.input id=(id) name=(name) rows="2" {} p.help { (spec.help) } } };
        }
        _ => return html! {},
    };
    html! { div.field { label for=(id) { (words(name)) } input.input id=(id) type=(kind) name=(name); p.help { (spec.help) } } }
}
