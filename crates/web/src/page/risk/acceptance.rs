//! Accepting what is left of a risk. One person asks, with reason and last day; another, who has the power, accepts. Both come to the same
//! address: the first POST writes the request, the second decides about it.

use maud::{Markup, html};
use serde_json::{Map, Value as Json, json};
use vouch_app::people::label;
use vouch_app::{Decision, Error, Result};
use vouch_conform::Entry;
use vouch_conform::derived::risk;
use vouch_record::Id;
use vouch_record::kind::FieldSpec;
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::RiskTier;

use super::PROSE;
use crate::answer::{Answer, Page, status_in_form};
use crate::format::date;
use crate::page::system::gate::why;
use crate::page::verb::step::steps;
use crate::part::badge::level;
use crate::part::input::{Entered, Inputs, Step as Pressed, read};
use crate::part::person::name_of;
use crate::part::{field, markdown, value};
use crate::place;
use crate::request::Context;

/// Fields that the person who asks fills, in this order.
const FIELDS: [&str; 9] =
    ["until", "reason", "who_bears", "alternatives", "compensation", "accepted_by", "capacity", "second_person", "ends_when"];
/// Those that must be filled.
const NEEDED: [&str; 6] = ["until", "reason", "who_bears", "alternatives", "accepted_by", "capacity"];

/// The risk, on a day on which it can be accepted.
fn subject<'c>(context: &'c Context<'_>) -> Result<Entry<'c>> {
    if context.as_of.is_some() {
        return Err(Error::refused("nothing is accepted on a past day").hint("go back to today first"));
    }
    let entry = context.record("id", Risk::KIND)?;
    if vouch_conform::derived::is_over(entry) {
        return Err(
            Error::refused(format!("{} is {}; there is nothing to accept", entry.id(), entry.state())).hint("open it again first")
        );
    }
    if risk::residual_level(entry).is_none() {
        return Err(Error::refused(format!("{} has no residual level yet", entry.id()))
            .hint("assess it first; what is not scored cannot be accepted"));
    }
    Ok(entry)
}

/// The acceptance that was asked for and waits.
fn waiting<'v>(entry: Entry<'v>) -> Option<Entry<'v>> {
    entry.incoming(Acceptance::KIND, "subject").filter(|one| one.is("requested")).max_by_key(Entry::id)
}

/// `GET /risks/{id}/acceptance`
pub(crate) fn ask(context: &Context<'_>) -> Result<Answer> {
    let entry = subject(context)?;
    Ok(match waiting(entry) {
        Some(asked) => decision_page(context, entry, asked, None).into(),
        None => request_page(context, entry, &begin(context, entry), None, None).into(),
    })
}

/// `POST /risks/{id}/acceptance`
pub(crate) fn give(context: &Context<'_>) -> Result<Answer> {
    let entry = subject(context)?;
    match waiting(entry) {
        Some(asked) => decide(context, entry, asked),
        None => request(context, entry),
    }
}

/// What the request begins with: the longest time that the method gives, and who may accept the level.
fn begin(context: &Context<'_>, entry: Entry<'_>) -> Entered {
    let mut entered = Entered::default();
    let level = risk::residual_level(entry);
    entered.add_row("alternatives");
    if level >= Some(RiskTier::High) {
        entered.add_row("compensation");
    }
    let row = risk::method(entry).and_then(|method| method.levels().find(|row| row.level() == level));
    let longest = row.and_then(|row| row.acceptance_max()).and_then(|span| context.view.today().checked_add(span).ok());
    if let Some(until) = longest {
        entered.put("until", until.to_string());
    }
    if let Some(role) = row.and_then(|row| row.accepted_by()).and_then(|link| context.view.get(link.id)) {
        entered.put("capacity", role.id().to_string());
        let holders = role.value("holders").get().map_or(&[][..], vouch_record::Value::items);
        let person = holders.iter().filter_map(|row| row.get("person")?.as_text()?.parse::<Id>().ok());
        let mut others = person.filter(|id| *id != context.session.acting && context.view.is_active(*id));
        if let Some(person) = others.next() {
            entered.put("accepted_by", person.to_string());
        }
    }
    entered
}

/// Writes the request.
fn request(context: &Context<'_>, entry: Entry<'_>) -> Result<Answer> {
    let mut entered = Entered::of(&context.request.form);
    if let Some(pressed) = Pressed::of(context) {
        pressed.apply(&mut entered);
        return Ok(request_page(context, entry, &entered, None, Some(&pressed)).into());
    }
    let mut fields = read::fields(&context.view, specs(context), &entered);
    fields.retain(|_, value| !value.is_null());
    let title = format!("Rest of {}: {}", entry.id(), value::short(&value::name(entry), 120));
    let systems: Vec<String> = Risk(entry.content()).ai_systems().map(|link| link.id.to_string()).collect();
    let own = [
        ("title", Json::from(title)),
        ("type", Json::from("residual_risk")),
        ("subject", Json::from(entry.id().to_string())),
        ("ai_systems", Json::from(systems)),
        ("level", Json::from(risk::residual_level(entry).map_or("", RiskTier::id))),
        ("requested_by", Json::from(context.session.acting.to_string())),
    ];
    fields.extend(
        own.into_iter()
            .filter(|(_, value)| value.as_array().is_none_or(|items| !items.is_empty()))
            .map(|(name, value)| (name.to_owned(), value)),
    );
    let set: Map<String, Json> = [("subject_revision".to_owned(), Json::from(entry.revision()))].into_iter().collect();
    let reason = context.form("reason").unwrap_or_default().to_owned();
    let written = context.site.vouch.perform(context.acting(), move |work| {
        let id = work.create(Acceptance::KIND, &fields)?;
        work.transition(id, "requested", &set, &reason)?;
        Ok(id)
    });
    match written {
        Ok(id) if context.request.wants_json => Ok(Answer::Json(json!({"acceptance": id.to_string(), "state": "requested"}))),
        Ok(_) => Ok(Answer::Go(place::of(entry.id()))),
        Err(error) => match status_in_form(&error, context.request.wants_json) {
            Some(status) => Ok(request_page(context, entry, &entered, Some(&error), None).status(status).into()),
            None => Err(error),
        },
    }
}

/// Decides about a request.
fn decide(context: &Context<'_>, entry: Entry<'_>, asked: Entry<'_>) -> Result<Answer> {
    let told = |name: &str| context.form(name).unwrap_or_default().to_owned();
    let is_yes = told("decision") != "rejected";
    let decision = Decision {
        purpose: "accept".to_owned(),
        decision: if is_yes { "approved" } else { "rejected" }.to_owned(),
        reason: told("reason"),
        to: Some(if is_yes { "accepted" } else { "refused" }.to_owned()),
        set: if is_yes {
            [("from".to_owned(), Json::from(context.view.today().to_string()))].into_iter().collect()
        } else {
            Map::new()
        },
        ..Decision::default()
    };
    let id = asked.id();
    let written = context.site.vouch.perform(context.acting(), move |work| work.approve(id, &decision));
    match written {
        Ok(decided) if context.request.wants_json => Ok(Answer::Json(
            json!({"acceptance": id.to_string(), "approval": decided.approval.to_string(), "state": decided.state, "wanted": decided.wanted}),
        )),
        Ok(_) => Ok(Answer::Go(place::of(entry.id()))),
        Err(error) => match status_in_form(&error, context.request.wants_json) {
            Some(status) => Ok(decision_page(context, entry, asked, Some(&error)).status(status).into()),
            None => Err(error),
        },
    }
}

fn specs<'c>(context: &'c Context<'_>) -> Vec<&'c FieldSpec> {
    let kind = context.view.kind(Acceptance::KIND);
    FIELDS.iter().filter_map(|name| kind.field(name)).collect()
}

fn request_page(
    context: &Context<'_>,
    entry: Entry<'_>,
    entered: &Entered,
    error: Option<&Error>,
    pressed: Option<&Pressed>,
) -> Page {
    let problems = error.map_or(&[][..], |error| &error.problems);
    let (find, preview) = match pressed {
        Some(Pressed::Find(field)) => (Some(field.as_str()), None),
        Some(Pressed::Preview(field)) => (None, Some(field.as_str())),
        _ => (None, None),
    };
    let inputs = Inputs { context, entered, problems, find, preview, needed: &NEEDED };
    let body = html! {
        div.beside {
            form.card.form method="post" action=(context.request.path) novalidate {
                button.vh tabindex="-1" aria-hidden="true" { "Ask for acceptance" }
                @if let Some(error) = error { (why(error)) }
                @for spec in specs(context) { (inputs.field(spec)) }
                div.row { button.button.primary { "Ask for acceptance" } a.button href=(place::of(entry.id())) { "Cancel" } }
            }
            aside.stack { (left(context, entry)) (rule(context, entry)) }
        }
    };
    Page::new("/risks", "Ask for acceptance", body).under(entry.id().to_string(), Some(context.link(&place::of(entry.id())))).lead(
        html! { "You ask; another person, who has the power, lives with what is left of " strong { (value::name(entry)) } "." },
    )
}

/// What is left of the risk.
fn left(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let limit = risk::method(entry).and_then(|method| method.acceptance_limit().get());
    html! {
        section.card {
            h2 { "What is left" }
            dl.facts.apart {
                dt { "Level" } dd { (level(risk::residual_level(entry), false)) }
                dt { "Limit" } dd { (level(limit, true)) }
                dt { "Owner" } dd { @if let Some(link) = Risk(entry.content()).owner().get() { (name_of(&context.view, link.id)) } }
            }
        }
    }
}

/// The rule of two persons, and what the method says of the level.
fn rule(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let level = risk::residual_level(entry);
    let row = risk::method(entry).and_then(|method: RiskMethod<'_>| method.levels().find(|row| row.level() == level));
    html! {
        section.card {
            h2 { "Who may accept it" }
            @if let Some(row) = row {
                p.apart { "At this level: " @match row.accepted_by() { Some(role) => (value::record(context, role)), None => "top management" } "." }
                @if let Some(most) = row.acceptance_max() { p { "For at most " (field::duration(&most.to_string())) "." } }
            }
            p.small.muted.apart { "Who asks does not accept. The rule is enforced for everybody; only where nobody else is active may one person do both, and that shows." }
        }
    }
}

fn decision_page(context: &Context<'_>, entry: Entry<'_>, asked: Entry<'_>, error: Option<&Error>) -> Page {
    let content = Acceptance(asked.content());
    let step = steps(asked, context.session.acting).into_iter().find(|step| step.way.to == "accepted");
    let refusal = error.or_else(|| step.as_ref().and_then(|step| step.refusal.as_ref()));
    let is_forbidden = step.as_ref().is_some_and(|step| step.refusal.is_some());
    let until = content.until().get().map_or_else(String::new, date);
    let body = html! {
        div.beside {
            form.card.form method="post" action=(context.request.path) novalidate {
                @if let Some(error) = refusal { (why(error)) (segregation(context, asked)) }
                section {
                    h2 { (value::name(asked)) " " span.ref { (asked.id()) } }
                    @if let Some(reason) = content.reason().get() { (markdown::prose(reason, PROSE)) }
                    dl.facts.apart {
                        dt { "Asked by" } dd { @if let Some(link) = content.requested_by().get() { (name_of(&context.view, link.id)) } }
                        dt { "To be given by" } dd { @if let Some(link) = content.accepted_by().get() { (name_of(&context.view, link.id)) } }
                        dt { "Until" } dd { (until) }
                        @for row in content.alternatives() { dt { "Instead" } dd { (row.option().unwrap_or_default()) @if let Some(why) = row.rejected_because() { span.muted { ": " (why) } } } }
                        @for row in content.compensation() { dt { "Meanwhile" } dd { (row.measure().unwrap_or_default()) @if let Some(due) = row.due() { span.muted { ", by " (date(due)) } } } }
                    }
                }
                fieldset.field {
                    legend { "Decision" }
                    label.check { input type="radio" name="decision" value="approved" checked[context.form("decision") != Some("rejected")]; span { "Accept until " (until) } }
                    label.check { input type="radio" name="decision" value="rejected" checked[context.form("decision") == Some("rejected")]; span { "Refuse" } }
                }
                div.field {
                    label for="f-reason" { "Reason" }
                    textarea.input id="f-reason" name="reason" required { (context.form("reason").unwrap_or_default()) }
                    p.help { "Why; also for a yes. It stands in the record beside your name." }
                }
                div.row {
                    button.button.primary disabled[is_forbidden] { "Decide" }
                    a.button href=(place::of(entry.id())) { "Cancel" }
                    a.link href=(place::of(asked.id())) { "Open " (asked.id()) }
                }
            }
            aside.stack { (left(context, entry)) (rule(context, entry)) }
        }
    };
    Page::new("/risks", "Accept what is left", body)
        .under(entry.id().to_string(), Some(context.link(&place::of(entry.id()))))
        .lead(html! { "Asked for and waiting: somebody with the power lives with what is left of " strong { (value::name(entry)) } " until a day, or does not." })
}

/// Why the person who looks may not, where it is the rule of two persons.
fn segregation(context: &Context<'_>, asked: Entry<'_>) -> Markup {
    let content = Acceptance(asked.content());
    let is_asker = content.requested_by().get().is_some_and(|link| link.id == context.session.acting);
    html! {
        @if is_asker {
            p.small { "You asked for it. Nobody accepts what they asked for themselves: an acceptance is worth something because two people stand behind it." }
        }
        @if let Some(giver) = content.accepted_by().get() { p.small.muted { "It waits for " (label(&context.view, giver.id)) "." } }
    }
}
