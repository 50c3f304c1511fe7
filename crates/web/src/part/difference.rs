//! Two texts with what was put in and what was taken out, by sign and by colour.

use maud::{Markup, html};
use serde_json::Value as Json;
use similar::{Algorithm, ChangeTag, TextDiff};
use vouch_record::kind::{FieldType, Scalar};

use super::field;
use crate::request::Context;

/// Longest text, in bytes, that is compared word by word; a longer one is compared line by line.
const LONG: usize = 64 << 10;

/// Two texts in one, words marked.
pub(crate) fn words(before: &str, now: &str) -> Markup {
    let mut config = TextDiff::configure();
    config.algorithm(Algorithm::Patience).timeout(std::time::Duration::from_millis(200));
    let is_long = before.len() + now.len() > LONG;
    let diff = if is_long { config.diff_lines(before, now) } else { config.diff_unicode_words(before, now) };
    let mut runs: Vec<(ChangeTag, String)> = Vec::new();
    for change in diff.iter_all_changes() {
        match runs.last_mut() {
            Some((tag, text)) if *tag == change.tag() => text.push_str(change.value()),
            _ => runs.push((change.tag(), change.value().to_owned())),
        }
    }
    html! {
        div.prose.pre {
            @for (tag, text) in joined(runs) {
                @match tag {
                    ChangeTag::Equal => (text),
                    ChangeTag::Delete => del { (text) },
                    ChangeTag::Insert => ins { (text) },
                }
            }
        }
    }
}

/// A blank alone between two changes is no word that stayed: it goes with them, so that a phrase reads as one.
fn joined(runs: Vec<(ChangeTag, String)>) -> Vec<(ChangeTag, String)> {
    let mut all: Vec<(ChangeTag, String)> = Vec::new();
    let (mut gone, mut come) = (String::new(), String::new());
    let flush = |all: &mut Vec<_>, gone: &mut String, come: &mut String| {
        for (tag, text) in [(ChangeTag::Delete, gone), (ChangeTag::Insert, come)] {
            if !text.is_empty() {
                all.push((tag, std::mem::take(text)));
            }
        }
    };
    let count = runs.len();
    for (at, (tag, text)) in runs.into_iter().enumerate() {
        match tag {
            ChangeTag::Delete => gone.push_str(&text),
            ChangeTag::Insert => come.push_str(&text),
            ChangeTag::Equal => {
                let between = at > 0 && at + 1 < count && !gone.is_empty() && !come.is_empty();
                if between && text.trim().is_empty() && !text.contains('\n') {
                    gone.push_str(&text);
                    come.push_str(&text);
                    continue;
                }
                flush(&mut all, &mut gone, &mut come);
                all.push((ChangeTag::Equal, text));
            }
        }
    }
    flush(&mut all, &mut gone, &mut come);
    all
}

/// Two values of a field: words of prose, members of sets, rows of lists, else the one and the other.
pub(crate) fn values(context: &Context<'_>, kind: &FieldType, before: &Json, now: &Json) -> Markup {
    match (kind, before, now) {
        (FieldType::One(Scalar::Text | Scalar::Markdown), Json::String(before), Json::String(now)) => words(before, now),
        (FieldType::Set(_) | FieldType::List(_), before, now) => members(context, kind, before, now),
        _ => html! {
            div.stack-4 {
                @if !before.is_null() { p { del { (field::value(context, kind, before)) } } }
                @if !now.is_null() { p { ins { (field::value(context, kind, now)) } } }
            }
        },
    }
}

fn members(context: &Context<'_>, kind: &FieldType, before: &Json, now: &Json) -> Markup {
    let none = Vec::new();
    let (before, now) = (before.as_array().unwrap_or(&none), now.as_array().unwrap_or(&none));
    let kept = before.iter().filter(|item| now.contains(item)).count();
    let one = |item: &Json| field::member(context, kind, item);
    html! {
        ul.stack-4 {
            @for item in before.iter().filter(|item| !now.contains(item)) { li { del { (one(item)) } } }
            @for item in now.iter().filter(|item| !before.contains(item)) { li { ins { (one(item)) } } }
            @if kept > 0 { li.muted { (crate::format::count(kept, "row is the same", "rows are the same")) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(before: &str, now: &str, wanted: &str) {
        assert_eq!(words(before, now).into_string(), format!("<div class=\"prose pre\">{wanted}</div>"));
    }

    #[test]
    fn words_that_changed_are_marked_and_phrases_stay_whole() {
        check("every two years", "every 180 days", "every <del>two years</del><ins>180 days</ins>");
        check("a", "a b", "a<ins> b</ins>");
        check("same", "same", "same");
    }

    #[test]
    fn what_people_wrote_is_never_markup() {
        check("", "<b>", "<ins>&lt;b&gt;</ins>");
    }
}
