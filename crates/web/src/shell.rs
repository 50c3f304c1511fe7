//! What stands around every page: sidebar, top bar, banners, foot.

use maud::{DOCTYPE, Markup, html};
use vouch_app::Result;

use crate::answer::Page;
use crate::format::{date, thousands};
use crate::nav::{self, GROUPS};
use crate::page::my_work;
use crate::part::icon::icon;
use crate::part::person::{avatar, name_of};
use crate::request::Context;
use crate::verification::{Known, Verification};
use crate::{asset, format};

/// The whole document of a page.
///
/// # Errors
/// What the store says.
pub(crate) fn around(context: &Context<'_>, page: &Page) -> Result<Markup> {
    Verification::catch_up(context.site);
    let organisation = context.view.organisation().and_then(|entry| entry.text("name")).unwrap_or("Vouch");
    Ok(html! {
        (DOCTYPE)
        html lang="en" data-theme=[context.request.theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                meta name="htmx-config" content=r#"{"includeIndicatorCSS":false,"defaultTimeout":30000}"#;
                @if let Some(seconds) = page.again { noscript { meta http-equiv="refresh" content=(seconds); } }
                title { (page.title) " · " (organisation) }
                link rel="icon" type="image/svg+xml" href=(asset::path("mark.svg"));
                link rel="preload" as="font" type="font/woff2" crossorigin href=(asset::path("inter-latin.woff2"));
                link rel="stylesheet" href=(asset::path("style.css"));
                script defer src=(asset::path("htmx.js")) {}
                script defer src=(asset::path("sse.js")) {}
                script defer src=(asset::path("script.js")) {}
            }
            body {
                a.skip href="#content" { "Skip to content" }
                (side(context, page, organisation)?)
                div.main {
                    (top(context, page))
                    (banners(context))
                    main.page id="content" tabindex="-1" {
                        div.page-head {
                            div { h1 { (page.heading.as_ref().unwrap_or(&page.title)) } @if let Some(lead) = &page.lead { p.lead { (lead) } } }
                            @if let Some(actions) = &page.actions { div.page-actions { (actions) } }
                        }
                        (page.body)
                        p.print-foot { (organisation) " · as of " (date(context.view.today())) " · " (thousands(size(context))) " leaves in the log" }
                    }
                }
                (palette(context))
                div.vh role="status" aria-live="polite" id="said" {}
            }
        }
    })
}

/// A page with nothing around it: for whoever is not signed in, and where the store cannot say what would stand around it.
pub(crate) fn alone(title: &str, theme: Option<&str>, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en" data-theme=[theme] {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Vouch" }
                link rel="icon" type="image/svg+xml" href=(asset::path("mark.svg"));
                link rel="stylesheet" href=(asset::path("style.css"));
            }
            body.alone { main.page { div.card.empty { (body) } } }
        }
    }
}

fn size(context: &Context<'_>) -> usize {
    usize::try_from(context.view.cut()).unwrap_or(usize::MAX)
}

fn side(context: &Context<'_>, page: &Page, organisation: &str) -> Result<Markup> {
    let waiting = my_work::waiting(context)?;
    let scope = context.view.scope().and_then(|scope| scope.text("version").map(str::to_owned));
    Ok(html! {
        aside.side aria-label="Organisation and places" {
            a.side-head href=(context.link("/")) {
                img.mark src=(asset::path("mark.svg")) alt="" width="26" height="26";
                span {
                    span.who { (organisation) }
                    span.small.muted { @match scope { Some(version) => { "Scope " (version) } None => "No scope in force" } }
                }
            }
            details.side-menu { summary { (icon("menu")) span { "Menu" } } }
            nav.side-nav aria-label="Management system" {
                @for group in GROUPS {
                    @if !group.name.is_empty() { h2 { (group.name) } }
                    ul {
                        @for entry in group.entries {
                            li {
                                a href=(context.link(entry.path)) aria-current=[(entry.path == page.nav).then_some("page")] data-key=(entry.key) {
                                    span { (entry.name) }
                                    @if entry.path == "/my-work" && waiting > 0 { span.count { (waiting) span.vh { " waiting" } } }
                                    @if !entry.serves.is_empty() { span.ref { (entry.serves) } }
                                }
                            }
                        }
                    }
                }
            }
            (foot(context))
        }
    })
}

/// Whether the log verifies: always in sight.
fn foot(context: &Context<'_>) -> Markup {
    let known = context.site.verification.known();
    let (state, word, number) = match &known {
        Known::Verified(size) => ("verified", "Ledger verified", thousands(usize::try_from(*size).unwrap_or(usize::MAX))),
        Known::Checking(done, all) => ("checking", "Verifying ledger", format!("{}%", done * 100 / (*all).max(1))),
        Known::Broken(_) => ("broken", "Ledger does not verify", "see why".to_owned()),
    };
    html! {
        div.side-foot {
            a href=(context.link("/evidence#log")) { span.dot data-state=(state) aria-hidden="true" {} span { strong { (word) } " · " (number) } }
        }
    }
}

fn top(context: &Context<'_>, page: &Page) -> Markup {
    let group = nav::group_of(page.nav);
    let entry = nav::find(page.nav).filter(|entry| entry.name != page.title);
    let name = name_of(&context.view, context.session.acting);
    html! {
        header.top {
            nav aria-label="Breadcrumb" {
                ol.crumbs {
                    @if let Some(group) = group { li { (group) } }
                    @if let Some(entry) = entry { li { a href=(context.link(entry.path)) { (entry.name) } } }
                    @for (name, address) in &page.above {
                        li { @match address { Some(address) => { a href=(context.link(address)) { (name) } } None => (name) } }
                    }
                    li aria-current="page" { (page.title) }
                }
            }
            div.top-tools {
                details.pop {
                    summary { (icon("clock")) span.tool-word[context.as_of.is_none()] { @match context.as_of { Some(day) => { "As of " (date(day)) } None => "As of today" } } }
                    div.pop-body {
                        form action=(context.request.path) {
                            @for (name, value) in context.request.query.iter().filter(|(name, _)| name != "as-of") { input type="hidden" name=(name) value=(value); }
                            div.field {
                                label for="as-of" { "Look at this page as of" }
                                input.input id="as-of" type="date" name="as-of" value=(context.view.today()) max=(context.site.vouch.today());
                                p.help { "Any day since the log began. Nothing that was written later is seen." }
                            }
                            div.row { button.button.small { "Show that day" } @if context.as_of.is_some() { a.link href=(context.with_query(&[("as-of", None)])) { "Back to today" } } }
                        }
                    }
                }
                form.search-open role="search" aria-label="Everything" action="/search" {
                    (icon("search"))
                    @if let Some(day) = context.as_of { input type="hidden" name="as-of" value=(day); }
                    input type="search" name="q" placeholder="Search or jump to…" aria-label="Search or jump to" data-palette autocomplete="off";
                    kbd aria-hidden="true" { "Ctrl K" }
                }
                form method="post" action="/theme" {
                    input type="hidden" name="back" value=(back(context));
                    button.tool name="theme" value=(if context.request.theme == Some("dark") { "light" } else { "dark" }) data-theme-switch {
                        (icon("moon")) span.vh { "Switch between light and dark" }
                    }
                }
                a href=(context.link("/help")) { (icon("help")) span.vh { "Help" } }
                details.pop {
                    summary { (avatar(&name)) span.vh { "Account" } }
                    div.pop-body {
                        p { strong { (name) } br; span.muted.small { "Signed in on this machine" } }
                        @if context.site.settings.sample { (act_as(context)) }
                        form method="post" action="/sign-out" { button.button.small { "Sign out" } }
                    }
                }
            }
        }
    }
}

fn back(context: &Context<'_>) -> String {
    context.with_query(&[])
}

/// In a sample the owner may act as anybody in it, to see both sides of a rule that wants two persons.
fn act_as(context: &Context<'_>) -> Markup {
    let mut people: Vec<_> = context.view.live("person").filter(|person| context.view.is_active(person.id())).collect();
    people.sort_by_key(|person| crate::part::value::name(*person));
    html! {
        form.stack-8 method="post" action="/acting" {
            input type="hidden" name="back" value=(back(context));
            div.field {
                label for="act-as" { "Act as" }
                select.input id="act-as" name="person" {
                    @for person in people {
                        option value=(person.id()) selected[person.id() == context.session.acting] { (crate::part::value::name(person)) " (" (person.id()) ")" }
                    }
                }
                p.help { "Only in a sample organisation." }
            }
            button.button.small { "Act as this person" }
        }
    }
}

fn banners(context: &Context<'_>) -> Markup {
    let today = context.site.vouch.today();
    html! {
        @if let Some(day) = context.as_of {
            div.banner role="status" {
                (icon("clock"))
                span { strong { "As of " (date(day)) } ", " (format::distance(day, today)) ". What was written later is not seen, and nothing can be changed here." }
                a.link href=(context.with_query(&[("as-of", None)])) { "Back to today" }
            }
        }
        @if context.session.acting != context.session.person {
            div.banner.acting role="status" {
                (icon("lock"))
                span { "You act as " strong { (name_of(&context.view, context.session.acting)) } ". What you write is written in that name; this is a sample." }
                form method="post" action="/acting" {
                    input type="hidden" name="back" value=(back(context));
                    button.button.small name="person" value=(context.session.person) { "Act as yourself again" }
                }
            }
        }
    }
}

/// The palette: places at once, records as words are typed.
fn palette(context: &Context<'_>) -> Markup {
    let place = |name: &str, path: &str, serves: &str| {
        html! { li role="option" id=(format!("place{}", path.replace('/', "-"))) aria-selected="false" data-href=(context.link(path)) { span { (name) } @if !serves.is_empty() { span.ref { (serves) } } } }
    };
    html! {
        dialog.palette id="palette" aria-label="Search or jump to" {
            input type="text" role="combobox" aria-label="Search or jump to" aria-expanded="true" aria-controls="palette-list" aria-autocomplete="list" placeholder="A page, a record, a word…" autocomplete="off" data-search=(context.link("/search"));
            ul role="listbox" id="palette-list" aria-label="Places and records" {
                @for entry in GROUPS.iter().flat_map(|group| group.entries) { (place(entry.name, entry.path, entry.serves)) }
                (place("Import records", "/import", ""))
                (place("Build audit pack", "/pack", ""))
                (place("Help and glossary", "/help", ""))
            }
        }
    }
}
