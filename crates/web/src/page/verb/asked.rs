//! The page on which a verb is asked: what it is about, why, and the fields that go with it.

use maud::{Markup, html};
use serde_json::{Map, Value as Json};
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_record::kind::{FieldSpec, Required, Transition};
use vouch_record::validate::Problem;

use super::step::{Step, steps};
use super::{MORE, told};
use crate::answer::Page;
use crate::format::{count, inside, plain, sentence, words};
use crate::part::icon::icon;
use crate::part::input::{Entered, Inputs, Step as Pressed, anchor, anchor_of, kept, label};
use crate::part::value;
use crate::place;
use crate::request::Context;

/// Decisions: value, word, what it does.
const DECISIONS: [(&str, &str, &str); 3] = [
    ("approved", "Yes", "Let it pass."),
    ("rejected", "No", "It ends here."),
    ("returned", "Return", "Back to the author, to be bettered."),
];

/// Days on which a step begins or ends something.
const TODAY: [&str; 4] = ["effective_from", "valid_from", "done_at", "from"];

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verb {
    State,
    Approval,
    Withdrawal,
}

/// A verb about a record.
pub(super) struct Asked<'a> {
    context: &'a Context<'a>,
    pub(super) entry: Entry<'a>,
    verb: Verb,
    step: Option<Step<'a>>,
    /// fields that go with it
    pub(super) set: Vec<&'a FieldSpec>,
}

impl<'a> Asked<'a> {
    /// The verb as the request names it.
    pub(super) fn of(context: &'a Context<'a>, entry: Entry<'a>, verb: Verb) -> Result<Self> {
        let (to, decision, purpose) = (told(context, "to"), told(context, "decision"), told(context, "purpose"));
        let open = steps(entry, context.session.acting);
        let step = open.into_iter().find(|step| {
            let fits_to = to.is_empty() || step.way.to == to;
            fits_to
                && match (verb, step.need) {
                    (Verb::State, need) => need.is_none(),
                    (Verb::Approval, Some(need)) => {
                        (need.decision == decision || decision == "returned" || decision.is_empty())
                            && (purpose.is_empty() || need.purposes.iter().any(|own| own == purpose))
                    }
                    _ => false,
                }
        });
        if verb == Verb::State && entry.kind().state_rank(to).is_none() {
            let hint = format!("its states are {}", entry.kind().states.join(", "));
            return Err(Error::not_found(format!("`{to}` is no state of a record of kind {}", entry.kind().name)).hint(hint));
        }
        let kind = entry.kind();
        let way: Option<&Transition> = step.as_ref().map(|step| step.way);
        let set = way
            .into_iter()
            .flat_map(|way| way.set.iter())
            .filter_map(|name| kind.field(name))
            .filter(|field| !field.program)
            .collect();
        Ok(Self { context, entry, verb, step, set })
    }

    /// What its fields begin with: what the record holds, and today where something begins or was done with the step.
    pub(super) fn begin(&self) -> Entered {
        let fields: Map<String, Json> = self
            .set
            .iter()
            .filter_map(|field| Some((field.name.clone(), self.entry.head().value(&field.name).get()?.to_json())))
            .collect();
        let mut entered = Entered::of_fields(self.entry.kind(), &fields, self.context.view.zone());
        let today = self.context.view.today().to_string();
        for field in self.set.iter().filter(|field| TODAY.contains(&field.name.as_str())) {
            // What held from an earlier day is the revision before this one. Days are written so that their text sorts.
            if entered.value(&field.name) < today.as_str() {
                entered.clear(&field.name);
                entered.put(field.name.as_str(), today.as_str());
            }
        }
        entered
    }

    /// The page after a button that does not decide.
    pub(super) fn stepped(&self, entered: &Entered, pressed: &Pressed) -> Page {
        self.draw(entered, None, Some(pressed))
    }

    /// The page, with the reason why it was not done.
    pub(super) fn page(&self, entered: &Entered, error: Option<&Error>) -> Page {
        self.draw(entered, error, None)
    }

    fn title(&self) -> String {
        let title = inside(&self.entry.kind().title);
        match (self.verb, told(self.context, "decision"), &self.step) {
            (Verb::Withdrawal, _, _) => format!("Set {title} aside"),
            (Verb::Approval, "returned", _) => format!("Return {title}"),
            (Verb::Approval, "rejected", _) => format!("Refuse {title}"),
            (_, _, Some(step)) => step.word(self.entry),
            (Verb::State, _, None) => format!("Move to {}", words(told(self.context, "to")).to_lowercase()),
            (Verb::Approval, _, None) => format!("Decide about {title}"),
        }
    }

    fn draw(&self, entered: &Entered, error: Option<&Error>, pressed: Option<&Pressed>) -> Page {
        let (id, kind) = (self.entry.id(), self.entry.kind());
        let refusal = error.or_else(|| self.step.as_ref().and_then(|step| step.refusal.as_ref()));
        let body = html! {
            div.grid {
                div.span-8 { (self.form(entered, refusal, pressed)) }
                aside.span-4.stack { (self.beside()) }
            }
        };
        Page::new(place::entry_of(&kind.name), self.title(), body)
            .under(id.to_string(), Some(self.context.link(&place::of(id))))
            .lead(html! { strong { (value::called(self.entry)) } " · revision " (self.revision()) " · " (words(&self.entry.standing().state).to_lowercase()) })
    }

    fn revision(&self) -> u32 {
        self.entry.standing().head.leaf(self.entry.record()).revision
    }

    fn form(&self, entered: &Entered, refusal: Option<&Error>, pressed: Option<&Pressed>) -> Markup {
        let problems = refusal.map_or(&[][..], |error| &error.problems);
        let (find, preview) = match pressed {
            Some(Pressed::Find(field)) => (Some(field.as_str()), None),
            Some(Pressed::Preview(field)) => (None, Some(field.as_str())),
            _ => (None, None),
        };
        let needed: Vec<&str> =
            self.set.iter().map(|field| field.name.as_str()).filter(|name| self.entry.head().value(name).get().is_none()).collect();
        let inputs = Inputs { context: self.context, entered, problems, find, preview, needed: &needed };
        // What is forbidden whoever fills the form can only be read.
        let is_forbidden = self.step.as_ref().is_some_and(|step| step.refusal.is_some());
        html! {
            form.card.form method="post" action=(self.context.request.path) novalidate {
                button.vh tabindex="-1" aria-hidden="true" disabled[is_forbidden] { (self.title()) }
                input type="hidden" name="revision" value=(self.revision());
                @if self.verb != Verb::Withdrawal { input type="hidden" name="to" value=(told(self.context, "to")); }
                @if let Some(error) = refusal { (why(error, self)) }
                @if self.verb == Verb::Approval { (self.decision()) }
                (self.reason(entered))
                @if !self.set.is_empty() {
                    div.fields-group { h2 { "Goes with it" } @for field in &self.set { (inputs.field(field)) } }
                }
                @if self.verb == Verb::Approval { (self.more(&inputs)) }
                div.row {
                    button.button.primary disabled[is_forbidden] { (self.title()) }
                    a.button href=(self.context.link(&place::of(self.entry.id()))) { "Cancel" }
                }
            }
        }
    }

    /// The decisions that something waits for; what may be approved may also be returned.
    fn decision(&self) -> Markup {
        let (chosen, purpose) = (told(self.context, "decision"), told(self.context, "purpose"));
        let open = steps(self.entry, self.context.session.acting);
        let waits = |decision: &str| {
            let wanted = if decision == "returned" { "approved" } else { decision };
            open.iter()
                .filter_map(|step| step.need)
                .any(|need| need.decision == wanted && (purpose.is_empty() || need.purposes.iter().any(|own| own == purpose)))
        };
        html! {
            input type="hidden" name="purpose" value=(purpose);
            fieldset.field {
                legend { "Decision" }
                div { @for (id, word, help) in DECISIONS.into_iter().filter(|(id, _, _)| waits(id)) { label.check { input type="radio" name="decision" value=(id) checked[chosen == id || chosen.is_empty() && id == "approved"]; span { (word) " " span.small.muted { (help) } } } } }
            }
        }
    }

    fn reason(&self, entered: &Entered) -> Markup {
        html! {
            div.field {
                label for=(anchor("reason")) { "Reason" }
                textarea.input id=(anchor("reason")) name="reason" rows="3" aria-describedby="f-reason-help" { (entered.value("reason")) }
                p.help id="f-reason-help" { "Why; an auditor reads it beside the decision, also beside a yes." }
            }
        }
    }

    fn more(&self, inputs: &Inputs<'_>) -> Markup {
        let approval = self.context.view.kind("approval");
        html! {
            details.fields-group {
                summary.line { (icon("chevron")) h2 { "Conditions, capacity, committee" } span.small.muted { (count(MORE.len(), "field", "fields")) } }
                @for field in MORE.iter().filter_map(|name| approval.field(name)) { (inputs.field(field)) }
            }
        }
    }

    /// The place of a field in the record's form.
    fn form_of(&self, field: &str) -> String {
        format!("/records/{}/edit#{}", self.entry.id(), anchor(field))
    }

    /// Fields that the new state wants, that are empty, and that are not asked here.
    fn wanting(&self) -> Vec<&'a FieldSpec> {
        let Some(way) = self.step.as_ref().map(|step| step.way) else { return Vec::new() };
        let wanted = |field: &&FieldSpec| field.required == Required::From(way.to.clone()) && !field.program;
        let fields = self.entry.kind().fields.iter().filter(wanted);
        fields
            .filter(|field| !self.entry.head().value(&field.name).is_filled() && self.set.iter().all(|set| set.name != field.name))
            .collect()
    }

    /// What the step wants, and what it rests on.
    fn beside(&self) -> Markup {
        let wanting = self.wanting();
        html! {
            @if !wanting.is_empty() {
                section.card {
                    div.card-head { h2 { "Fill first" } }
                    ul.lines { @for field in wanting { li { div.grow { a.link href=(self.form_of(&field.name)) { (label(&field.name)) } p.small.muted { (field.help) } } } } }
                }
            }
            section.card {
                div.card-head { h2 { "What it needs" } }
                @match (&self.step, self.verb) {
                    (Some(step), _) => { p { (sentence(&step.way.needs)) } ul.lines { @for requirement in &step.way.requires { li.small.muted { "Refused when: " (plain(&requirement.say)) "." } } } }
                    (None, Verb::Withdrawal) => p { "Another person than the one who made it. The record stays readable; links to it show that it was set aside." }
                    (None, _) => p { "Nothing waits for this now." }
                }
            }
            @if self.verb == Verb::Approval {
                section.card {
                    div.card-head { h2 { "What is signed" } }
                    p { "Exactly revision " (self.revision()) ", by its fingerprint. When the record is revised, the decision stays with this revision." }
                    p.small { a.link href=(self.context.link(&format!("/records/{}", self.entry.id()))) { "Read the record" } }
                }
            }
        }
    }
}

/// Why it may not be done, or was not. What stands on this page is led to here, the rest in the record's form.
fn why(error: &Error, asked: &Asked<'_>) -> Markup {
    let message = match &error.hint {
        Some(hint) => format!("{} {}", sentence(&error.message), sentence(hint)),
        None => sentence(&error.message),
    };
    let is_here =
        |problem: &Problem| asked.set.iter().any(|field| field.name == problem.field) || MORE.contains(&problem.field.as_str());
    html! {
        div.summary role="alert" tabindex="-1" {
            h2 { (message) }
            (kept(error))
            @if !error.problems.is_empty() {
                ul {
                    @for problem in &error.problems {
                        li {
                            @if problem.field == "state" { (sentence(&problem.reason)) }
                            @else if is_here(problem) { a href=(format!("#{}", anchor_of(problem))) { (label(&problem.field)) } ": " (plain(&problem.reason)) }
                            @else { a href=(asked.form_of(&problem.field)) { (label(&problem.field)) } ": " (plain(&problem.reason)) }
                        }
                    }
                }
            }
        }
    }
}
