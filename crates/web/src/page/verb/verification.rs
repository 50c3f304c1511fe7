//! Whether a corrective action helped, judged on a page of its own by another person than its doer: what was looked at, what was found,
//! and the decision, written at once.

use maud::{Markup, html};
use serde_json::{Map, Value as Json, json};
use vouch_app::{Decision, Error, Result};
use vouch_conform::Entry;
use vouch_conform::derived::corrective_action::verify_from;
use vouch_record::kind::FieldSpec;
use vouch_record::kind::generated::corrective_action::CorrectiveAction;

use super::step::{Step, steps};
use super::subject;
use crate::answer::{Answer, Page, status_in_form};
use crate::bulk::head;
use crate::format::{date, distance, plain, sentence};
use crate::page::system::gate::why;
use crate::part::input::{Entered, Inputs, Step as Pressed, anchor, read};
use crate::part::{markdown, person, value};
use crate::place;
use crate::request::Context;

/// What is judged, in the order in which it is asked.
const FIELDS: [&str; 5] = ["verification_method", "verification_sample", "result", "result_note", "follow_up"];
/// Those that a judgement is not made without.
const NEEDED: [&str; 4] = ["verification_method", "verification_sample", "result", "result_note"];

/// A corrective action that waits to be judged.
struct Asked<'a> {
    context: &'a Context<'a>,
    entry: Entry<'a>,
    step: Step<'a>,
}

impl<'a> Asked<'a> {
    fn of(context: &'a Context<'a>) -> Result<Self> {
        let entry = subject(context)?;
        if entry.kind().name != CorrectiveAction::KIND {
            return Err(
                Error::not_found(format!("{} is no corrective action", entry.id())).hint("see its page for what may be done")
            );
        }
        let open = steps(entry, context.session.acting).into_iter().find(|step| step.is_verification(entry.id()));
        let step = open.ok_or_else(|| {
            let message = format!("{} does not wait to be verified", entry.id());
            Error::refused(message).hint("its effect is judged once it is done, and only once")
        })?;
        Ok(Self { context, entry, step })
    }

    fn specs(&self) -> impl Iterator<Item = &'a FieldSpec> {
        let kind = self.context.view.kind(CorrectiveAction::KIND);
        FIELDS.iter().filter_map(|name| kind.field(name))
    }

    /// Why the person may not judge, or not yet.
    fn refusal(&self) -> Option<Error> {
        let today = self.context.view.today();
        let early = verify_from(self.entry).filter(|from| *from > today).map(|from| {
            Error::refused(format!("the effect can be judged from {} on, {}", date(from), distance(from, today)))
                .hint("the waiting time has to pass before anybody can tell whether the cause is gone")
        });
        let own = self.step.refusal.as_ref().map(|why| {
            let refused = Error::refused(plain(&sentence(&why.message)));
            match &why.hint {
                Some(hint) => refused.hint(hint.clone()),
                None => refused,
            }
        });
        own.or(early)
    }

    /// What stands in the record already: somebody may have begun.
    fn begun(&self) -> Entered {
        let values =
            self.specs().filter_map(|spec| Some((spec.name.clone(), self.entry.head().value(&spec.name).get()?.to_json())));
        Entered::of_fields(self.entry.kind(), &values.collect(), self.context.view.zone())
    }

    fn page(&self, entered: &Entered, error: Option<&Error>, pressed: Option<&Pressed>) -> Page {
        let (id, context) = (self.entry.id(), self.context);
        let refusal = self.refusal();
        let body = html! {
            div.grid {
                div.span-8 { (self.form(entered, error.or(refusal.as_ref()), refusal.is_some(), pressed)) }
                aside.span-4.stack { (self.matter()) (self.who()) }
            }
        };
        Page::new(place::entry_of(CorrectiveAction::KIND), "Verify corrective action", body)
            .under(id.to_string(), Some(context.link(&place::of(id))))
            .lead(html! { strong { (value::called(self.entry)) } " · revision " (head(self.entry)) })
    }

    fn form(&self, entered: &Entered, error: Option<&Error>, is_forbidden: bool, pressed: Option<&Pressed>) -> Markup {
        let problems = error.map_or(&[][..], |error| &error.problems);
        let (find, preview) = match pressed {
            Some(Pressed::Find(field)) => (Some(field.as_str()), None),
            Some(Pressed::Preview(field)) => (None, Some(field.as_str())),
            _ => (None, None),
        };
        let inputs = Inputs { context: self.context, entered, problems, find, preview, needed: &NEEDED };
        html! {
            form.card.form method="post" action=(self.context.request.path) novalidate {
                button.vh tabindex="-1" aria-hidden="true" disabled[is_forbidden] { "Verify corrective action" }
                input type="hidden" name="revision" value=(head(self.entry));
                @if let Some(error) = error { (why(error)) }
                @for spec in self.specs() { (inputs.field(spec)) }
                div.field {
                    label for=(anchor("reason")) { "Reason" }
                    textarea.input id=(anchor("reason")) name="reason" rows="3" aria-describedby="f-reason-help" { (entered.value("reason")) }
                    p.help id="f-reason-help" { "Why you vouch for this; an auditor reads it beside the result." }
                }
                div.row {
                    button.button.primary disabled[is_forbidden] { "Verify corrective action" }
                    a.button href=(self.context.link(&place::of(self.entry.id()))) { "Cancel" }
                }
            }
        }
    }

    /// What was done, against which the effect is held.
    fn matter(&self) -> Markup {
        let (context, action) = (self.context, CorrectiveAction(self.entry.content()));
        html! {
            section.card.stack-8 {
                div.card-head { h2 { "What is judged" } }
                @if let Some(text) = action.action().get() { (markdown::prose(text, 3)) }
                dl.facts {
                    @if let Some(link) = action.nonconformity().get() { dt { "Answers" } dd { (value::record(context, link)) } }
                    dt { "Removes" } dd { (action.cause_addressed().get().unwrap_or("not said")) }
                    dt { "Expected effect" } dd { (action.expected_effect().get().unwrap_or("not said")) }
                    @if let Some(link) = action.measure().get() { dt { "Measure" } dd { (value::record(context, link)) } }
                    @if let Some(day) = action.done_at().get() { dt { "Done" } dd { (date(day)) } }
                    @if action.proof().next().is_some() { dt { "Proof" } dd { @for link in action.proof() { div { (value::record(context, link)) } } } }
                }
            }
        }
    }

    /// Who judges, and why not who did it.
    fn who(&self) -> Markup {
        let named = |field| html! { @match self.entry.linked(field) { Some(one) => (person::person(&value::name(one))), None => "Nobody" } };
        html! {
            section.card.stack-8 {
                div.card-head { h2 { "Who judges" } }
                dl.facts { dt { "Carried out by" } dd { (named("doer")) } dt { "Judged by" } dd { (named("verifier")) } }
                p.small.muted { "Whoever carried it out does not judge it: nobody sees the gap in own work." @if !self.step.says_needs() { " " (sentence(&self.step.way.needs)) } }
                p.small.muted { "What you find is kept as a revision of the record, and your decision signs exactly that revision, in one step." }
            }
        }
    }
}

/// `GET /records/{id}/verification`
pub(crate) fn ask(context: &Context<'_>) -> Result<Answer> {
    let asked = Asked::of(context)?;
    Ok(asked.page(&asked.begun(), None, None).into())
}

/// `POST /records/{id}/verification`
pub(crate) fn verify(context: &Context<'_>) -> Result<Answer> {
    let (asked, mut entered) = (Asked::of(context)?, Entered::of(&context.request.form));
    if let Some(pressed) = Pressed::of(context) {
        pressed.apply(&mut entered);
        return Ok(asked.page(&entered, None, Some(&pressed)).into());
    }
    let told = |error: Error| match status_in_form(&error, context.request.wants_json) {
        Some(status) => Ok(asked.page(&entered, Some(&error), None).status(status).into()),
        None => Err(error),
    };
    if let Some(refusal) = asked.refusal() {
        return told(refusal);
    }
    let mut fields: Map<String, Json> = read::fields(&context.view, asked.specs(), &entered);
    fields.insert("verified_at".to_owned(), context.view.today().to_string().into());
    let (id, expect) = (asked.entry.id(), super::shown_revision(context)?.unwrap_or_else(|| head(asked.entry)));
    let decision = Decision {
        purpose: "verify".to_owned(),
        decision: "approved".to_owned(),
        reason: super::told(context, "reason").to_owned(),
        to: Some(asked.step.way.to.clone()),
        ..Decision::default()
    };
    let written = context.site.vouch.perform(context.acting(), move |work| {
        work.revise(id, expect, &fields)?;
        work.approve(id, &decision)
    });
    match written {
        Ok(decided) if context.request.wants_json => {
            Ok(Answer::Json(json!({"id": id.to_string(), "approval": decided.approval.to_string(), "state": decided.state})))
        }
        Ok(_) => Ok(Answer::Go(place::of(id))),
        Err(error) => told(error),
    }
}
