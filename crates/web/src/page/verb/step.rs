//! The steps that lead on from where a record is, and whether the person who looks may make them.

use maud::{Markup, html};
use vouch_app::people::{Asked, may, may_approve};
use vouch_app::{Error, may_set_aside};
use vouch_conform::Entry;
use vouch_conform::view::Asker;
use vouch_record::Id;
use vouch_record::condition::Truth;
use vouch_record::kind::{ApprovalNeed, Transition};

use crate::format::{inside, plain, sentence, words};
use crate::part::button;
use crate::request::Context;

/// A step: a transition, or an approval that one wants.
pub(crate) struct Step<'v> {
    pub(crate) way: &'v Transition,
    pub(crate) need: Option<&'v ApprovalNeed>,
    /// why the person may not
    pub(crate) refusal: Option<Error>,
}

/// The steps from where a record is.
pub(crate) fn steps(entry: Entry<'_>, person: Id) -> Vec<Step<'_>> {
    let standing = entry.standing();
    let mut states = vec![standing.state.to_string()];
    if standing.is_proposed() {
        states.push(standing.shown_state(entry.record()).to_owned());
    }
    let asker = Asker::new(entry.view(), Some(person)).of_head(entry.id());
    let mut steps: Vec<Step<'_>> = Vec::new();
    let open =
        entry.kind().transitions.iter().filter(|way| way.who != "machine" && way.from.iter().any(|state| states.contains(state)));
    for way in open {
        let applies = |need: &&ApprovalNeed| need.when.as_ref().is_none_or(|when| when.holds(entry.id(), &asker) != Truth::No);
        let needs: Vec<&ApprovalNeed> = way.approvals.iter().filter(applies).collect();
        if needs.is_empty() {
            let refusal = may(entry, way, &Asked { by: &way.by, not: &way.not_by, who: &way.who }, person).err();
            steps.push(Step { way, need: None, refusal });
        }
        for need in needs {
            steps.push(Step { way, need: Some(need), refusal: may_approve(entry, way, need, person).err() });
        }
    }
    // The same step by two ways is one; that which is allowed counts.
    steps.sort_by_key(|step| step.refusal.is_some());
    let mut seen: Vec<String> = Vec::new();
    steps.retain(|step| {
        let address = step.address(entry.id());
        let is_new = !seen.contains(&address);
        seen.push(address);
        is_new
    });
    steps
}

/// Prefix of the records whose effect is judged on a page of its own.
const JUDGED: &str = "CAR";

fn verification_address(id: Id) -> String {
    format!("/records/{id}/verification")
}

/// Where a decision is asked: on the page of approvals, or on one of its own where more is said than yes.
pub(crate) fn decision_address(id: Id, purpose: &str, decision: &str, to: &str) -> String {
    if id.prefix() == JUDGED && purpose == "verify" && decision == "approved" {
        return verification_address(id);
    }
    format!("/records/{id}/approval?purpose={purpose}&decision={decision}&to={to}")
}

impl Step<'_> {
    /// Where it is asked.
    pub(crate) fn address(&self, id: Id) -> String {
        let to = &self.way.to;
        match self.need {
            None => format!("/records/{id}/state?to={to}"),
            Some(need) => {
                let purpose = need.purposes.first().map_or("approve", String::as_str);
                decision_address(id, purpose, &need.decision, to)
            }
        }
    }

    /// Whether it is the judgement of a corrective action, which has a page of its own.
    pub(super) fn is_verification(&self, id: Id) -> bool {
        self.address(id) == verification_address(id)
    }

    /// Whether the reason why not says already what the step needs.
    pub(super) fn says_needs(&self) -> bool {
        self.refusal.as_ref().is_some_and(|why| {
            why.message.contains(&self.way.needs) || why.hint.as_ref().is_some_and(|hint| hint.contains(&self.way.needs))
        })
    }

    /// What its button says.
    pub(crate) fn word(&self, entry: Entry<'_>) -> String {
        let title = inside(&entry.kind().title);
        match self.need {
            None => format!("Move to {}", words(&self.way.to).to_lowercase()),
            Some(need) if need.decision == "rejected" => format!("Refuse {title}"),
            Some(need) => {
                let purpose = need.purposes.first().map_or("approve", String::as_str);
                // Where the state is not what the word says, the state is named: who approves a rejection does not approve the record.
                let is_plain =
                    self.way.to.starts_with(purpose.trim_end_matches(['y', 'e'])) || entry.kind().is_settled(&self.way.to);
                if is_plain {
                    format!("{} {title}", words(purpose))
                } else {
                    format!("{} move to {}", words(purpose), words(&self.way.to).to_lowercase())
                }
            }
        }
    }
}

/// What may be done next: a button each, disabled with the reason where a rule forbids it.
pub(super) fn panel(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let person = context.session.acting;
    let steps = if entry.is_set_aside() { Vec::new() } else { steps(entry, person) };
    let aside = may_set_aside(entry, person);
    html! {
        section.card {
            div.card-head { h2 { "Next steps" } }
            @if context.as_of.is_some() { p.muted { "Nothing can be done on a past day." } }
            @else {
                @if steps.is_empty() { p.muted { @if entry.is_set_aside() { "It was set aside; nothing follows." } @else { "Nothing leads on from here." } } }
                ul.lines {
                    @for step in &steps {
                        li { div.grow.stack-4 {
                            @match &step.refusal {
                                None => (button::link(&step.address(entry.id()), &step.word(entry))),
                                Some(why) => {
                                    button.button type="button" disabled { (step.word(entry)) }
                                    p.small.muted { (plain(&sentence(&why.message))) @if let Some(hint) = &why.hint { " " (sentence(hint)) } }
                                }
                            }
                            @if !step.says_needs() { p.small.muted { (sentence(&step.way.needs)) } }
                        } }
                    }
                }
                @if aside.is_ok() { p.small { a.link href=(format!("/records/{}/withdrawal", entry.id())) { "Set aside as wrong" } } }
            }
        }
    }
}
