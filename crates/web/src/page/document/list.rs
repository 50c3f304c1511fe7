//! The list of documents.

use maud::{Markup, html};
use serde_json::json;
use vouch_app::Result;

use super::row::{Group, Row, day, rows};
use crate::answer::{Answer, Page};
use crate::format::{date, distance, words};
use crate::part::badge::{Tone, status};
use crate::part::list::{Choice, Segment, Slice, filters, segments};
use crate::part::table::{Head, head, heads, order, sorted};
use crate::part::{button, empty};
use crate::place;
use crate::request::Context;

/// `GET /documents`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let all = rows(&context.view);
    let shown = chosen(context, &all);
    let slice = Slice::of(context, shown.len());
    if context.request.wants_json {
        return Ok(Answer::Json(
            json!({"as_of": context.view.today().to_string(), "total": shown.len(), "records": slice.cut(&shown)}),
        ));
    }
    let can_write = context.as_of.is_none();
    let body = html! {
        @if all.is_empty() { (nothing(can_write)) }
        @else {
            div.toolbar { (parts(context, &all)) (choices(context, &all)) }
            div id="results" {
                @if shown.is_empty() { div.card { (empty::empty("No document fits", "The filter leaves nothing of the list.", Some(button::link(&context.link("/documents"), "Clear filters")))) } }
                @else { div.card.flush { (table(context, slice.cut(&shown))) (slice.foot(context, "document", "documents")) } }
            }
        }
    };
    Ok(Page::new("/documents", "Documents", body)
        .lead(html! { "What is written down and holds: each text with the version in force, who approved it and who has read it." })
        .actions(html! {
            (super::export::menu(context))
            @if can_write { (button::primary("plus", &place::new("document"), "New document")) }
        })
        .into())
}

fn nothing(can_write: bool) -> Markup {
    html! {
        div.card {
            (empty::empty(
                "No document yet",
                "An auditor asks for the version that held on a certain day, who approved it, and whether those who must follow it have read it. The AI policy comes first.",
                can_write.then(|| html! {
                    (button::primary("plus", &format!("{}?type=policy&template=T-AI-POLICY&title=AI+policy", place::new("document")), "Write the AI policy"))
                    (button::link("/import", "Import a file"))
                }),
            ))
        }
    }
}

/// Whether a document stands in a segment.
fn is_in(segment: Option<&str>, row: &Row) -> bool {
    match segment {
        Some("review") => row.overdue_since.is_some(),
        Some("waiting") => row.is_waiting(),
        Some("unread") => row.confirmed < row.asked,
        Some(group) => row.group.word() == group,
        None => true,
    }
}

/// The documents that the address asks for, in its order.
pub(super) fn chosen<'r>(context: &Context<'_>, all: &'r [Row]) -> Vec<&'r Row> {
    let words = context.query("q").unwrap_or_default().to_lowercase();
    let (owner, kind) = (context.query("owner"), context.query("type"));
    let fits = |row: &&Row| {
        is_in(context.query("show"), row)
            && owner.is_none_or(|owner| row.owner.as_deref() == Some(owner))
            && kind.is_none_or(|kind| row.kind == kind)
            && (words.is_empty() || format!("{} {}", row.title, row.id).to_lowercase().contains(&words))
    };
    let mut shown: Vec<&Row> = all.iter().filter(fits).collect();
    let (by, down) = order(context, "title");
    match by {
        "review" => shown.sort_by_key(|row| (row.review_by.is_none(), row.review_by.clone())),
        "type" => shown.sort_by_key(|row| row.kind.clone()),
        _ => {}
    }
    if down {
        shown.reverse();
    }
    shown
}

fn parts(context: &Context<'_>, all: &[Row]) -> Markup {
    let number = |segment: &str| Some(all.iter().filter(|row| is_in(Some(segment), row)).count());
    let part = |name, value| Segment { name, value: Some(value), count: number(value) };
    segments(
        context,
        "show",
        "Which documents",
        &[
            Segment { name: "All", value: None, count: Some(all.len()) },
            part("Policies", Group::Policy.word()),
            part("Procedures", Group::Procedure.word()),
            part("Records", Group::Record.word()),
            part("Waiting", "waiting"),
            part("Review overdue", "review"),
            part("Not read by all", "unread"),
        ],
    )
}

fn choices(context: &Context<'_>, all: &[Row]) -> Markup {
    let mut owners: Vec<&str> = all.iter().filter_map(|row| row.owner.as_deref()).collect();
    let mut kinds: Vec<&str> = all.iter().map(|row| row.kind.as_str()).collect();
    for list in [&mut owners, &mut kinds] {
        list.sort_unstable();
        list.dedup();
    }
    filters(context, "results", &[("type", "Any type", choice(kinds)), ("owner", "Any owner", choice(owners))])
}

/// Values that are their own words.
fn choice(all: Vec<&str>) -> Vec<Choice<'_>> {
    all.into_iter().map(|one| (one, one.to_owned())).collect()
}

const HEADS: [Head<'static>; 7] = [
    sorted("Document", "title"),
    sorted("Type", "type"),
    head("Version"),
    head("State"),
    head("Approved"),
    sorted("Review by", "review"),
    head("Read"),
];

fn table(context: &Context<'_>, rows: &[&Row]) -> Markup {
    html! {
        table.table.cards.docs data-rows {
            caption.vh { "Documents with version, approval, review date and acknowledgements" }
            (heads(context, "title", &HEADS))
            tbody { @for row in rows { (line(context, row)) } }
        }
    }
}

fn line(context: &Context<'_>, row: &Row) -> Markup {
    html! {
        tr {
            td.main-cell { a href=(context.link(&format!("/documents/{}", row.id))) title=(row.title) { (row.title) } span.sub { (row.id) @if let Some(owner) = &row.owner { " · " (owner) } } }
            td data-label="Type" { (row.kind) }
            td.nowrap data-label="Version" { div { (row.version) @if row.is_waiting() && row.in_force.is_some() { span.sub { "a change waits" } } } }
            td.nowrap data-label="State" { (state(row)) }
            td data-label="Approved" { @match &row.approved { Some((by, on)) => div.cell { span.clip { (by) } span.sub { (day(on).map(date).unwrap_or_default()) } }, None => span.faint { "–" } } }
            td.nowrap data-label="Review by" { div { (review(context, row)) } }
            td.nowrap data-label="Read" { (read(row)) }
        }
    }
}

fn state(row: &Row) -> Markup {
    match (row.state.as_str(), row.in_force) {
        ("withdrawn", _) => status(Tone::Plain, "Withdrawn"),
        (_, Some(_)) => status(Tone::Good, "In force"),
        (state, None) => status(Tone::Progress, &words(state)),
    }
}

fn review(context: &Context<'_>, row: &Row) -> Markup {
    let today = context.view.today();
    html! {
        @match (&row.overdue_since, row.review_by.as_deref().and_then(day)) {
            (Some(since), _) => { (status(Tone::Bad, &day(since).map(date).unwrap_or_default())) span.sub { "overdue" } }
            (None, Some(by)) => { (date(by)) span.sub { (distance(by, today)) } }
            (None, None) => span.faint { "–" },
        }
    }
}

fn read(row: &Row) -> Markup {
    html! {
        @if row.asked == 0 { span.faint { "Nobody asked" } }
        @else if row.confirmed == row.asked { (status(Tone::Good, &format!("{} of {}", row.confirmed, row.asked))) }
        @else { (status(Tone::Attention, &format!("{} of {}", row.confirmed, row.asked))) }
    }
}
