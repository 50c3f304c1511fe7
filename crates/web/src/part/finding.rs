//! A finding on one line: how bad, of what, what to do, and the way to the form that mends it.

use maud::{Markup, html};
use vouch_conform::readiness::{Finding, Grade};

use super::badge::{mark, tone_of};
use super::person::avatar;
use crate::format::words;
use crate::place;
use crate::request::Context;

/// What a person does who follows a finding, in the words of its kind.
pub(crate) fn act(act: &str) -> &'static str {
    match act {
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
        _ => "Record",
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
            div { p.strong { (finding.message) } p.sub { (words(grade(finding.grade))) " · " (finding.remedy) } }
            a.link href=(context.link(&place::of_act(&finding.act, finding.record, &finding.requirement))) { (act(&finding.act)) }
            @match owner { Some(name) => (avatar(&name)), None => span.ref title="Nobody answers for it" { "–" } }
        }
    }
}

const fn grade(grade: Grade) -> &'static str {
    grade.word()
}
