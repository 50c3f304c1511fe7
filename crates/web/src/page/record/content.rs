//! What a record says, grouped for reading and not in the order of the table of its kind.

use maud::{Markup, html};
use serde_json::{Map, Value as Json};
use vouch_record::kind::{DerivedSpec, FieldSpec, FieldType, Scalar};

use super::Seen;
use crate::format::{date, words};
use crate::part::{field, preview};
use crate::request::Context;

/// What a field is read as.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Group {
    Facts,
    Links,
    Days,
    Wide,
}

fn group(kind: &FieldType) -> Group {
    match kind {
        kind if field::is_wide(kind) => Group::Wide,
        FieldType::One(Scalar::Link(_)) | FieldType::Set(Scalar::Link(_) | Scalar::File) | FieldType::One(Scalar::File) => {
            Group::Links
        }
        FieldType::One(Scalar::Date | Scalar::DateTime | Scalar::Period | Scalar::Duration) => Group::Days,
        _ => Group::Facts,
    }
}

/// The cards of a record's content.
pub(super) fn cards(context: &Context<'_>, seen: &Seen<'_>) -> Markup {
    let fields = &seen.detail.record.fields;
    let filled: Vec<&FieldSpec> = seen.entry.kind().fields.iter().filter(|spec| is_shown(seen, spec)).collect();
    let of = |wanted: Group| filled.iter().copied().filter(|spec| group(&spec.kind) == wanted).collect::<Vec<_>>();
    html! {
        (facts(context, seen, "Facts", &of(Group::Facts)))
        (facts(context, seen, "People and links", &of(Group::Links)))
        (facts(context, seen, "Days", &of(Group::Days)))
        @for spec in of(Group::Wide) {
            section.card {
                div.card-head { h2 title=(spec.help) { (words(&spec.name)) } }
                (one(context, seen, spec, fields))
            }
        }
        @for file in files(seen).iter().take(FILES) { (preview::card(context, file)) }
        (computed(context, seen))
    }
}

/// Files looked into on one page.
const FILES: usize = 4;

/// The files that the record names.
fn files(seen: &Seen<'_>) -> Vec<Json> {
    let takes = |spec: &&FieldSpec| matches!(spec.kind, FieldType::One(Scalar::File) | FieldType::Set(Scalar::File));
    let values = seen.entry.kind().fields.iter().filter(takes).filter_map(|spec| seen.detail.record.fields.get(&spec.name));
    values.flat_map(|value| value.as_array().cloned().unwrap_or_else(|| vec![value.clone()])).collect()
}

fn is_shown(seen: &Seen<'_>, spec: &FieldSpec) -> bool {
    seen.detail.record.fields.contains_key(&spec.name) || seen.detail.erased.contains_key(&spec.name)
}

fn facts(context: &Context<'_>, seen: &Seen<'_>, title: &str, specs: &[&FieldSpec]) -> Markup {
    html! {
        @if !specs.is_empty() {
            section.card {
                h2.card-title { (title) }
                dl.facts.wide { @for spec in specs { dt title=(spec.help) { (words(&spec.name)) } dd { (one(context, seen, spec, &seen.detail.record.fields)) } } }
            }
        }
    }
}

fn one(context: &Context<'_>, seen: &Seen<'_>, spec: &FieldSpec, fields: &Map<String, Json>) -> Markup {
    match (fields.get(&spec.name), seen.detail.erased.get(&spec.name)) {
        (Some(value), _) => field::value(context, &spec.kind, value),
        (None, Some(day)) => {
            let day = day.as_str().and_then(|day| day.parse().ok()).map(date);
            html! { span.attention { "Erased" @if let Some(day) = day { " on " (day) } } " " span.small.muted { "What stood here is gone; the proofs of the rest still hold." } }
        }
        (None, None) => html! {},
    }
}

/// What is computed from it: nobody types these. What answers no or nothing opens on demand.
fn computed(context: &Context<'_>, seen: &Seen<'_>) -> Markup {
    let derived = &seen.detail.derived;
    let specs: Vec<&DerivedSpec> = seen.entry.kind().derived.iter().filter(|spec| derived.contains_key(&spec.name)).collect();
    let says_nothing = |spec: &&DerivedSpec| match &derived[&spec.name] {
        Json::Bool(truth) => !truth,
        Json::Array(items) => items.is_empty(),
        _ => false,
    };
    let (quiet, loud): (Vec<&DerivedSpec>, Vec<&DerivedSpec>) = specs.into_iter().partition(says_nothing);
    html! {
        @if seen.asked.is_none() && !(quiet.is_empty() && loud.is_empty()) {
            section.card {
                div.card-head { h2 { "Computed" } span { "as of " (date(context.view.today())) ", never typed" } }
                (answers(context, seen, &loud))
                @if !quiet.is_empty() { details.more { summary.link { (quiet.len()) " more answer no or nothing" } (answers(context, seen, &quiet)) } }
            }
        }
    }
}

fn answers(context: &Context<'_>, seen: &Seen<'_>, specs: &[&DerivedSpec]) -> Markup {
    html! {
        @if !specs.is_empty() {
            dl.facts.wide {
                @for spec in specs {
                    @let json = &seen.detail.derived[&spec.name];
                    dt title=(spec.rule) { (words(&spec.name)) }
                    dd { @if json.as_array().is_some_and(Vec::is_empty) { "None" } @else { (field::value(context, &spec.kind, json)) } }
                }
            }
        }
    }
}
