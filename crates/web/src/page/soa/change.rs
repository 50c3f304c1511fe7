//! One owner for many controls: previewed, then written in one unit of work.

use maud::{Markup, html};
use serde_json::{Map, Value as Json};
use vouch_app::record::Written;
use vouch_app::{Error, Result};
use vouch_conform::Entry;
use vouch_record::{Id, Link};

use crate::answer::{Answer, Page};
use crate::format::{count, words};
use crate::part::badge::{Tone, status};
use crate::part::person::name_of;
use crate::request::Context;

/// Most controls that are changed at once.
const MOST: usize = 200;

/// The decisions that a list of controls names as `id`.
///
/// # Errors
/// Invalid where it names none.
pub(super) fn chosen<'c, 'q>(
    context: &'c Context<'_>,
    named: impl Iterator<Item = &'q (String, String)>,
) -> Result<Vec<Entry<'c>>> {
    let named = named.filter(|(name, _)| name == "id").take(MOST);
    let decided: Vec<Entry<'_>> = named.filter_map(|(_, text)| applicability(context, text)).collect();
    if decided.is_empty() {
        return Err(Error::invalid("no control is selected").hint("tick controls in the list first"));
    }
    Ok(decided)
}

/// `GET /soa/owner`: what would change, and what follows from it.
pub(crate) fn preview_owner(context: &Context<'_>) -> Result<Answer> {
    let decided = chosen(context, context.request.query.iter())?;
    let owner = person(context, context.query("owner").unwrap_or_default())?;
    let changing: Vec<Entry<'_>> = decided
        .iter()
        .copied()
        .filter(|entry| entry.head().value("owner").get().and_then(vouch_record::Value::as_text) != Some(&owner.to_string()))
        .collect();
    let name = name_of(&context.view, owner);
    let body = html! {
        div.notice { div.grow { strong { (count(changing.len(), "control gets", "controls get")) " another owner: " (name) "." } " " (decided.len() - changing.len()) " have that owner already." } }
        (table(context, &decided, &changing, &name))
        form.bulk method="post" action="/soa/owner" {
            input type="hidden" name="owner" value=(owner);
            @for entry in &changing { input type="hidden" name="expect" value=(format!("{}@{}", entry.id(), head(*entry))); }
            @if changing.is_empty() { span { "Nothing would change." } } @else { button.button.primary { "Set owner of " (count(changing.len(), "control", "controls")) } }
            a.button href="/soa" { "Back to the list" }
        }
    };
    Ok(Page::new("/soa", "Set owner", body).into())
}

fn table(context: &Context<'_>, decided: &[Entry<'_>], changing: &[Entry<'_>], name: &str) -> Markup {
    html! {
        div.card.flush {
            table.table.cards {
                caption.vh { "What would change" }
                thead { tr { th scope="col" { "Control" } th scope="col" { "Now" } th scope="col" { "Then" } th scope="col" { "What follows" } } }
                tbody {
                    @for entry in decided {
                        @let changes = changing.iter().any(|one| one.id() == entry.id());
                        tr {
                            td.main-cell { (entry.text("control").unwrap_or_default().trim_start_matches("iso42001:")) " " (entry.text("title").unwrap_or_default()) }
                            td data-label="Now" { @match entry.linked("owner") { Some(owner) => (name_of(&context.view, owner.id())), None => span.faint { "Nobody" } } }
                            td data-label="Then" { @if changes { strong { (name) } } @else { span.faint { "As it is" } } }
                            td data-label="What follows" {
                                @if !changes { (status(Tone::Plain, "Nothing")) }
                                @else if entry.is_settled() { (status(Tone::Progress, "Waits for approval again")) }
                                @else { (status(Tone::Plain, &format!("Stays {}", words(&entry.standing().state).to_lowercase()))) }
                            }
                        }
                    }
                }
            }
        }
    }
}

/// `POST /soa/owner`
pub(crate) fn change_owner(context: &Context<'_>) -> Result<Answer> {
    let owner = person(context, context.form("owner").unwrap_or_default())?;
    let expected =
        context.request.form.iter().filter(|(name, _)| name == "expect").filter_map(|(_, text)| text.parse::<Link>().ok());
    let expected: Vec<Link> = expected.filter(|link| link.id.prefix() == "APP").take(MOST).collect();
    if expected.is_empty() {
        return Err(Error::invalid("no control is selected").hint("tick controls in the list first"));
    }
    let fields: Map<String, Json> = [("owner".to_owned(), Json::from(owner.to_string()))].into_iter().collect();
    let written: Vec<Written> = context.site.vouch.perform(context.acting(), move |work| {
        expected.iter().map(|link| work.revise(link.id, link.revision.unwrap_or(0), &fields)).collect()
    })?;
    Ok(done(context, owner, &written).into())
}

/// What was written, and the way back.
fn done(context: &Context<'_>, owner: Id, written: &[Written]) -> Page {
    let body = html! {
        div.notice.good role="status" {
            span.grow { strong { (count(written.len(), "control belongs", "controls belong")) " to " (name_of(&context.view, owner)) " now." } " All in one step; nothing in between could be seen." }
            form method="post" action="/soa/owner/undo" {
                @for one in written { input type="hidden" name="changed" value=(format!("{}@{}", one.id, one.revision)); }
                button.button.small { "Undo" }
            }
            a.button.small href=(format!("/soa?owner={owner}")) { "Back to the list" }
        }
        section.card {
            h2 { "Changed" }
            ul.lines { @for one in written { li { a.link.grow href=(crate::place::of(one.id)) { (name_of(&context.view, one.id)) } span.ref { (one.id) "@" (one.revision) } span.muted { (words(&one.state)) } } } }
        }
    };
    Page::new("/soa", "Owner set", body)
}

/// `POST /soa/owner/undo`: gives each control the owner that it had in the revision before.
pub(crate) fn undo_owner(context: &Context<'_>) -> Result<Answer> {
    let changed =
        context.request.form.iter().filter(|(name, _)| name == "changed").filter_map(|(_, text)| text.parse::<Link>().ok());
    let before = |link: &Link| {
        let (entry, revision) = (context.view.find(link.id)?, link.revision?);
        let owner = entry.revisions().rfind(|leaf| leaf.revision < revision)?.body.get("owner")?.to_json();
        Some((link.id, revision, Map::from_iter([("owner".to_owned(), owner)])))
    };
    let back: Vec<(Id, u32, Map<String, Json>)> =
        changed.filter(|link| link.id.prefix() == "APP").take(MOST).filter_map(|link| before(&link)).collect();
    if back.is_empty() {
        return Err(Error::invalid("there is nothing of this to take back").hint("edit each control"));
    }
    context.site.vouch.perform(context.acting(), move |work| {
        back.iter().try_for_each(|(id, expect, fields)| work.revise(*id, *expect, fields).map(|_| ()))
    })?;
    Ok(Answer::Go("/soa".to_owned()))
}

fn head(entry: Entry<'_>) -> u32 {
    entry.standing().head.leaf(entry.record()).revision
}

fn applicability<'c>(context: &'c Context<'_>, text: &str) -> Option<Entry<'c>> {
    let id: Id = text.parse().ok()?;
    context.view.get(id).filter(|entry| entry.kind().name == "control-applicability")
}

fn person(context: &Context<'_>, text: &str) -> Result<Id> {
    let id = text.parse::<Id>().ok().filter(|id| context.view.is_active(*id));
    id.ok_or_else(|| Error::invalid(format!("`{text}` is not an active person here")).hint("choose one of the list"))
}
