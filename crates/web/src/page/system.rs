//! One AI system: its life cycle with gates, where it comes from, how it runs, what must be done, and everything that hangs on it.

mod attention;
mod evidence;
mod facts;
pub(crate) mod gate;
mod life;
mod lineage;
mod monitors;
mod tab;

use maud::{Markup, html};
use vouch_app::{Result, query};
use vouch_conform::Entry;
use vouch_record::Link;
use vouch_record::kind::generated::ai_system::AiSystem;

use self::tab::Tab;
use super::systems;
use super::systems::row::first_sentence;
use crate::answer::{Answer, Page};
use crate::format::thousands;
use crate::part::{button, value};
use crate::place;
use crate::request::Context;

/// `GET /systems/{id}`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let entry = context.record("id", AiSystem::KIND)?;
    if context.request.wants_json {
        let detail = query::show(&context.view, Link { id: entry.id(), revision: None })?;
        return Ok(Answer::Json(serde_json::to_value(detail).unwrap_or_default()));
    }
    let rows = systems::rows(context)?;
    let tab = Tab::of(context);
    let body = html! {
        (tabs(context, entry, &rows, tab))
        @match tab {
            Tab::Summary => (summary(context, entry)?),
            other => (tab::body(context, entry, &rows, other)),
        }
    };
    let purpose = first_sentence(AiSystem(entry.content()).purpose().get().unwrap_or_default());
    let page = Page::new("/systems", value::name(entry), body).lead(html! { span.ref { (entry.id()) } " " (purpose) });
    Ok(page.actions(actions(context, entry)).into())
}

fn actions(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    html! {
        (button::link(&context.link(&format!("/records/{}", entry.id())), "History"))
        (button::link(&context.link(&format!("/records/{}?tab=proof", entry.id())), "Check proof"))
        @if context.as_of.is_none() {
            a.button href=(format!("/records/{}/edit", entry.id())) data-edit { "Edit" }
            (button::primary("plus", &format!("{}?about={}", place::new("evidence"), entry.id()), "Record evidence"))
        }
    }
}

fn tabs(context: &Context<'_>, entry: Entry<'_>, rows: &systems::row::Rows, shown: Tab) -> Markup {
    let of_tab = |tab: Tab| (tab != Tab::Summary).then_some(tab.id());
    html! {
        nav.tabs aria-label="About this system" {
            @for tab in Tab::ALL {
                a href=(context.with_query(&[("tab", of_tab(tab))])) aria-current=[(tab == shown).then_some("page")] {
                    (tab.word()) @if let Some(number) = tab.count(entry, rows) { " " span.faint { (thousands(number)) } }
                }
            }
        }
    }
}

fn summary(context: &Context<'_>, entry: Entry<'_>) -> Result<Markup> {
    Ok(html! {
        div.beside {
            div.stack {
                (life::card(context, entry))
                (lineage::card(context, entry))
                (monitors::card(context, entry))
                (super::verb::panel(context, entry))
            }
            div.stack {
                (facts::card(context, entry))
                (attention::card(context, entry)?)
                (evidence::card(context, entry))
            }
        }
    })
}
