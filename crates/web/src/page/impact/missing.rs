//! What an assessment still lacks before it can be submitted, each with the step of the guide where it is filled.

use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_conform::derived::impact_assessment as derived;
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentDepth as Depth};
use vouch_record::kind::{FieldSpec, Required};

use super::asked::ASKED;
use super::guide::step_of;
use crate::format::count;
use crate::part::badge::{Tone, mark};
use crate::part::input::label;
use crate::request::Context;

/// One thing that is missing: what, and the field where it is filled.
pub(super) struct Missing {
    pub(super) field: String,
    what: String,
}

/// Everything that is missing, by the values that the kind's own conditions ask for.
pub(super) fn of(entry: Entry<'_>) -> Vec<Missing> {
    let entry = entry.view().proposing(entry.id()).find(entry.id()).unwrap_or(entry);
    let from_submitted = |field: &&FieldSpec| field.required == Required::From("submitted".to_owned());
    let is_empty = |field: &&FieldSpec| !entry.head().value(&field.name).is_filled() && !ASKED.contains(&field.name.as_str());
    let always = entry.kind().fields.iter().filter(from_submitted).filter(is_empty);
    let mut found: Vec<Missing> = always
        .map(|field| field.name.as_str())
        .chain(derived::missing(entry))
        .map(|field| Missing { field: field.to_owned(), what: label(field) })
        .collect();
    let mut add = |field: &str, number: usize, one: &str, many: &str| {
        if number > 0 {
            found.push(Missing { field: field.to_owned(), what: count(number, one, many) });
        }
    };
    add(
        "screening",
        derived::unasked(entry).len(),
        "screening question without an answer",
        "screening questions without an answer",
    );
    add("facts", derived::facts_missing(entry).len(), "fact without a record or a gap", "facts without a record or a gap");
    add("groups", derived::loose_codes(entry).len(), "code that hangs in the air", "codes that hang in the air");
    let depth = ImpactAssessment(entry.content()).depth().get();
    if depth != Some(Depth::Screening) {
        add(
            "society",
            derived::society_open(entry).len(),
            "field of society without an answer",
            "fields of society without an answer",
        );
        let wanted: usize = if depth == Some(Depth::Full) { 4 } else { 2 };
        let views = wanted.saturating_sub(derived::views(entry).len());
        add("contributors", views, "more view of a contributor", "more views of contributors");
    }
    if derived::owner_alone(entry) {
        found.push(Missing { field: "assessors".to_owned(), what: "An assessor beside the owner".to_owned() });
    }
    let mut seen: Vec<String> = Vec::new();
    found.retain(|one| {
        let key = format!("{} {}", one.field, one.what);
        let is_new = !seen.contains(&key);
        seen.push(key);
        is_new
    });
    found
}

/// The card; nothing where it is submitted or over.
pub(super) fn card(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    if entry.standing().state.as_ref() != "draft" {
        return html! {};
    }
    let missing = of(entry);
    html! {
        section.card {
            div.card-head { h2 { "Before it can be submitted" } span { (missing.len()) } }
            @if missing.is_empty() { p.muted { "Nothing is missing that its depth asks for." } }
            ul.lines.start {
                @for one in missing.iter().take(12) {
                    li {
                        (mark(Tone::Plain, "missing"))
                        @if context.as_of.is_none() { a.grow href=(format!("/impact/{}/guide?step={}#f-{}", entry.id(), step_of(&one.field), one.field)) { (one.what) } }
                        @else { span.grow { (one.what) } }
                    }
                }
            }
            @if missing.len() > 12 { p.small.muted { "And " (missing.len() - 12) " more." } }
        }
    }
}
