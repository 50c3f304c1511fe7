//! What stands beside a form: what the record proves, what is missing, who must act, what is linked.

use std::collections::BTreeMap;

use maud::{Markup, html};
use vouch_app::query::{Detail, Way};
use vouch_record::Id;
use vouch_record::kind::Proves;
use vouch_record::words::in_words;

use super::{Subject, scale};
use crate::format::{plain, sentence, words};
use crate::part::input::{anchor, label};
use crate::part::{badge, value};
use crate::place;
use crate::request::Context;

/// Linked records that are shown before the link to the record's page.
const LINKED: usize = 8;
/// Requirements shown at once.
const PROVED: usize = 5;

/// Everything beside a form.
pub(super) fn beside(context: &Context<'_>, subject: &Subject<'_>, detail: Option<&Detail>) -> Markup {
    html! {
        @if let Some(detail) = detail { (standing(subject, detail)) }
        (scale::card(context, subject))
        (proves(context, subject))
        (next(subject, detail))
        @if let Some(detail) = detail { (linked(context, detail)) }
    }
}

fn standing(subject: &Subject<'_>, detail: &Detail) -> Markup {
    html! {
        section.card {
            div.card-head { h2 { "Where it stands" } span { "Revision " (detail.head) } }
            p { "State: " strong { (words(&detail.record.state)) } }
            @if detail.missing.is_empty() { p.muted { "Nothing that is needed is missing." } }
            @else {
                p.muted { "Missing:" }
                ul.lines { @for name in detail.missing.iter().filter(|name| subject.kind.field(name).is_some()) { li { a.link href=(format!("#{}", anchor(name))) { (label(name)) } } } }
            }
        }
    }
}

/// Requirements that it can prove, each once; the rest opens on demand.
fn proves(context: &Context<'_>, subject: &Subject<'_>) -> Markup {
    let mut items: Vec<(&str, Vec<&Proves>)> = Vec::new();
    for proves in &subject.kind.proves {
        match items.iter_mut().find(|(item, _)| *item == proves.requirement) {
            Some((_, all)) => all.push(proves),
            None => items.push((&proves.requirement, vec![proves])),
        }
    }
    let (first, rest) = items.split_at(items.len().min(PROVED));
    let lines = |items: &[(&str, Vec<&Proves>)]| {
        html! {
            ul.lines {
                @for (item, all) in items {
                    li {
                        span { (badge::requirement(&context.link(&place::of_requirement(item)), item)) }
                        div.grow { @for proves in all { p.small { strong { (words(&proves.depth)) } " " span.muted { (plain(&proves.when)) } } } }
                    }
                }
            }
        }
    };
    html! {
        @if !items.is_empty() {
            section.card {
                div.card-head { h2 { "What it proves" } }
                (lines(first))
                @if !rest.is_empty() { details { summary.line { span.link { (rest.len()) " more" } } (lines(rest)) } }
            }
        }
    }
}

/// What comes after: the ways from where the record is, or will begin.
fn next(subject: &Subject<'_>, detail: Option<&Detail>) -> Markup {
    let own: Vec<Way>;
    let ways = match detail {
        Some(detail) => &detail.next,
        None => {
            let begins = subject.kind.beginning(None);
            let open =
                subject.kind.transitions.iter().filter(|way| way.who != "machine" && way.from.iter().any(|from| from == begins));
            own = open
                .map(|way| Way { to: way.to.clone(), needs: way.needs.clone(), who: way.who.clone(), approvals: Vec::new() })
                .collect();
            &own
        }
    };
    html! {
        @if !ways.is_empty() {
            section.card {
                div.card-head { h2 { "What comes next" } }
                ul.lines { @for way in ways { li { div.grow { p { strong { (words(&way.to)) } " · " (who(&way.who)) } p.small.muted { (sentence(&way.needs)) } } } } }
            }
        }
    }
}

/// Who makes a step, in words.
fn who(role: &str) -> String {
    if role == "any_member" { "any member".to_owned() } else { in_words(role) }
}

fn linked(context: &Context<'_>, detail: &Detail) -> Markup {
    let ids: Vec<Id> = detail.linked_from.iter().filter_map(|text| text.parse().ok()).collect();
    let mut kinds: BTreeMap<&str, usize> = BTreeMap::new();
    for kind in ids.iter().filter_map(|id| context.view.kinds().of(*id)) {
        *kinds.entry(kind.plural.as_str()).or_default() += 1;
    }
    html! {
        @if !ids.is_empty() {
            section.card {
                div.card-head { h2 { "Linked records" } span { @for (at, (plural, count)) in kinds.iter().take(3).enumerate() { @if at > 0 { ", " } (count) " " (plural.to_lowercase()) } } }
                ul.lines { @for id in ids.iter().take(LINKED) { li { span.grow { (value::record(context, (*id).into())) } } } }
                @if ids.len() > LINKED { p.small { a.link href=(context.link(&format!("/records/{}", detail.record.id))) { "See all " (ids.len()) } } }
            }
        }
    }
}
