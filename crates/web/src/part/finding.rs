//! A finding on one line: how bad, of what, what to do, and the way to the form that mends it.

use maud::{Markup, html};
use vouch_conform::readiness::Finding;
use vouch_record::Id;

use super::badge::{mark, tone_of};
use super::person::avatar;
use crate::format::words;
use crate::place;
use crate::request::Context;

/// What a person does who follows a finding, in the words of its kind.
fn act(act: &str) -> Option<&'static str> {
    Some(match act {
        "impact-assessment" => "Start assessment",
        "evidence" | "test" | "measurement" | "training-record" => "Record proof",
        "nonconformity" => "Raise nonconformity",
        "document" | "specification" | "user-information" => "Write document",
        "approval" => "Ask for approval",
        "risk" | "risk-method" => "Assess risk",
        "treatment" => "Plan treatment",
        "acceptance" => "Ask for acceptance",
        "ai-system" => "Complete system",
        "supplier" => "Send questions",
        "dataset" | "data-assessment" | "model" => "Record origin",
        "audit" | "audit-programme" | "management-review" | "meeting" | "course" | "stage-review" => "Schedule",
        "communication" | "acknowledgement" => "Remind",
        "role" | "committee" => "Assign",
        "scope" => "Propose scope",
        "control-applicability" | "statement-of-applicability" => "Decide",
        "incident" | "concern" => "Follow up",
        other if other.starts_with("page:") => "Open",
        "objective" => "Add objective",
        "improvement" => "Propose improvement",
        _ => return None,
    })
}

/// The way to mend something: the form that does, with its words. On a past day, the record or the requirement.
pub(crate) fn mend(context: &Context<'_>, kind: &str, record: Option<Id>, requirement: &str) -> Markup {
    if context.as_of.is_some() {
        let there = record.map_or_else(|| place::of_requirement(requirement), place::of);
        return html! { a.link href=(context.link(&there)) { "Open" } };
    }
    let is_own = record.and_then(|id| context.view.find(id)).is_some_and(|entry| entry.kind().name == kind);
    html! { a.link href=(place::of_act(kind, record, is_own, requirement)) { @if is_own { "Complete " (inside(kind)) } @else if let Some(words) = act(kind) { (words) } @else { "Record " (inside(kind)) } } }
}

/// The short noun of a kind, for a button.
fn inside(kind: &str) -> &str {
    match kind {
        "ai-system" => "system",
        kind => kind.rsplit('-').next().unwrap_or(kind),
    }
}

/// The name of who answers for a requirement.
pub(crate) fn owner(context: &Context<'_>, requirement: &str) -> Option<String> {
    let gaps = &context.answers().ok()?.gaps;
    let gap = gaps.iter().find(|gap| gap.requirement == requirement)?;
    gap.owner.person.as_ref().map(|person| super::person::name_of(&context.view, person.id))
}

/// A finding with its act and who answers for it.
pub(crate) fn line(context: &Context<'_>, finding: &Finding) -> Markup {
    let owner = owner(context, &finding.requirement);
    html! {
        div.finding-line {
            (mark(tone_of(finding.grade), finding.grade.word()))
            a.ref href=(context.link(&place::of_requirement(&finding.requirement))) { (finding.requirement) }
            div { p.strong { (finding.message) } p.sub { (words(finding.grade.word())) " · " (finding.remedy) } }
            (mend(context, &finding.act, finding.record, &finding.requirement))
            @match owner { Some(name) => (avatar(&name)), None => span.ref title="Nobody answers for it" { "–" } }
        }
    }
}
