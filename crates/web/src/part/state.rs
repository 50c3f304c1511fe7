//! The state of a record as shape and word.

use maud::{Markup, html};
use vouch_conform::Entry;

use super::badge::{Tone, status};
use crate::format::words;

/// States that say that nobody works with a record any more.
const OVER: [&str; 10] =
    ["retired", "withdrawn", "rejected", "refused", "replaced", "superseded", "dismissed", "cancelled", "dropped", "void"];

/// How a state is shown: under way, or nothing that wants a look.
pub(crate) fn tone(entry: Entry<'_>) -> Tone {
    let state = entry.state();
    let rests = entry.is_set_aside() || OVER.contains(&state) || entry.kind().is_settled(state);
    if rests { Tone::Plain } else { Tone::Progress }
}

/// The state of a record on the view's day; a shape only where somebody still works on it.
pub(crate) fn shown(entry: Entry<'_>) -> Markup {
    let word = if entry.is_set_aside() { "Set aside".to_owned() } else { words(entry.state()) };
    match tone(entry) {
        Tone::Plain => html! { span.small.muted.nowrap { (word) } },
        tone => html! { span.small.nowrap { (status(tone, &word)) } },
    }
}
