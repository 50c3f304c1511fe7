//! Search: requirements, pages and records that hold all the words asked for.

use maud::{Markup, html};
use serde_json::{Value as Json, json};
use vouch_app::Result;

use crate::answer::{Answer, Page};
use crate::format::count;
use crate::nav::GROUPS;
use crate::part::empty::empty;
use crate::part::{button, value};
use crate::place;
use crate::request::Context;

/// Longest text that is looked for, in characters.
const LONGEST: usize = 200;
/// Most records that are shown.
const MOST: usize = 50;

/// One thing that was found.
struct Hit {
    id: String,
    label: String,
    kind: String,
    place: String,
}

/// `GET /search?q=`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let asked = context.query("q").unwrap_or("").trim();
    let words = asked.char_indices().nth(LONGEST).map_or(asked, |(end, _)| &asked[..end]);
    let (requirements, records) =
        if words.is_empty() { (Vec::new(), Vec::new()) } else { (requirements(context, words), records(context, words)?) };
    if context.request.wants_json {
        let records: Vec<Json> = records.iter().chain(&requirements).map(|hit| json(context, hit)).collect();
        return Ok(Answer::Json(json!({ "records": records })));
    }
    let body = html! {
        form.toolbar role="search" aria-label="Search again" action="/search" {
            div.row {
                label.vh for="search-words" { "Words to look for" }
                input.input.short id="search-words" type="search" name="q" value=(words) autocomplete="off" data-filter;
                @if let Some(day) = context.as_of { input type="hidden" name="as-of" value=(day); }
                button.button { "Search" }
            }
        }
        (results(context, words, &requirements, &records))
    };
    let title = if words.is_empty() { "Search".to_owned() } else { format!("Search: {words}") };
    Ok(Page::new("", title, body).into())
}

fn json(context: &Context<'_>, hit: &Hit) -> Json {
    json!({"id": hit.id, "label": hit.label, "kind": hit.kind, "href": context.link(&hit.place)})
}

/// Records by the store's index; of a past day those that were there.
fn records(context: &Context<'_>, words: &str) -> Result<Vec<Hit>> {
    let found = context.site.vouch.search(words, MOST)?;
    let hit = |id: &str| {
        let entry = context.view.get(id.parse().ok()?)?;
        let kind = entry.kind();
        Some(Hit { id: id.to_owned(), label: value::called(entry), kind: kind.title.clone(), place: place::of(entry.id()) })
    };
    Ok(found.iter().filter_map(|found| hit(&found.id)).collect())
}

/// Requirements by their id or short title.
fn requirements(context: &Context<'_>, words: &str) -> Vec<Hit> {
    let wanted = words.to_lowercase();
    let items = context.view.frameworks().items().iter();
    let fits = |text: &str| text.to_lowercase().contains(&wanted);
    items
        .filter(|item| item.id.eq_ignore_ascii_case(words) || item.id.to_lowercase().starts_with(&wanted) || fits(&item.title))
        .take(12)
        .map(|item| Hit {
            id: item.id.clone(),
            label: item.title.clone(),
            kind: "Requirement".to_owned(),
            place: place::of_requirement(&item.id),
        })
        .collect()
}

fn results(context: &Context<'_>, words: &str, requirements: &[Hit], records: &[Hit]) -> Markup {
    if words.is_empty() {
        return empty(
            "What are you looking for?",
            "Type a word of a title or text, an id such as SYS-1, or a requirement such as A.5.2.",
            None,
        );
    }
    let wanted = words.to_lowercase();
    let pages: Vec<_> =
        GROUPS.iter().flat_map(|group| group.entries).filter(|entry| entry.name.to_lowercase().contains(&wanted)).collect();
    if requirements.is_empty() && records.is_empty() && pages.is_empty() {
        let why = "Every word has to occur; the last may be the beginning of one. Records that were set aside are not searched.";
        return empty("Nothing holds these words", why, Some(button::link(&context.link("/search"), "Clear search")));
    }
    html! {
        div.grid {
            section.card.span-8 {
                div.card-head { h2 { "Records" } span { (count(records.len(), "record", "records")) @if records.len() == MOST { ", the best first" } } }
                @if records.is_empty() { p.muted { "No record holds these words." } }
                (list(context, records))
            }
            div.span-4.stack {
                @if !requirements.is_empty() { section.card { div.card-head { h2 { "Requirements" } } (list(context, requirements)) } }
                @if !pages.is_empty() {
                    section.card {
                        div.card-head { h2 { "Pages" } }
                        ul.lines { @for entry in pages { li { a.strong href=(context.link(entry.path)) { (entry.name) } } } }
                    }
                }
            }
        }
    }
}

fn list(context: &Context<'_>, hits: &[Hit]) -> Markup {
    html! {
        ul.lines {
            @for hit in hits {
                li { span.ref { (hit.id) } a.strong.grow href=(context.link(&hit.place)) { (hit.label) } span.small.muted { (hit.kind) } }
            }
        }
    }
}
