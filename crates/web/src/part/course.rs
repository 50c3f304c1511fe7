//! The way of a record through its states: which it has been in since when, where it is, what lies ahead.

use maud::{Markup, html};
use vouch_conform::Entry;

use super::badge::{Tone, mark};
use crate::format::{date, words};
use crate::part::person::name_of;

/// A track of states in their order.
pub(crate) fn track(entry: Entry<'_>, states: &[&str]) -> Markup {
    let here = states.iter().position(|state| entry.is(state));
    html! {
        ol.course {
            @for (at, state) in states.iter().enumerate() {
                @let entered = entry.entry_into(state).filter(|_| here.is_none_or(|here| at <= here));
                @let (tone, word) = match (entered, here == Some(at), at + 1 == states.len()) {
                    (Some(_), true, true) => (Tone::Good, "reached"),
                    (_, true, _) => (Tone::Progress, "here"),
                    (Some(_), false, _) => (Tone::Good, "passed"),
                    (None, false, _) => (Tone::Plain, "ahead"),
                };
                li aria-current=[(here == Some(at)).then_some("step")] {
                    (mark(tone, word)) strong { (words(state)) }
                    @if let Some(leaf) = entered {
                        span.small.muted { (date(entry.view().day(leaf.time))) @if let Some(who) = leaf.actor.person() { br; (name_of(entry.view(), who)) } }
                    }
                }
            }
        }
    }
}
