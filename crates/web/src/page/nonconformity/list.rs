//! All nonconformities, what is late first; corrective actions and improvements beneath.

use maud::{Markup, html};
use vouch_app::Result;
use vouch_conform::Entry;
use vouch_conform::derived::nonconformity::age;
use vouch_record::kind::generated::nonconformity::{Nonconformity, NonconformityGrade, NonconformitySource};

use super::action;
use crate::answer::{Answer, Page};
use crate::format::{count, date, words};
use crate::page::kind::export;
use crate::part::badge::{self, Tone, status, tag};
use crate::part::empty::empty;
use crate::part::list::{Segment, Slice, filters, segments};
use crate::part::table::{head, heads, order, sorted};
use crate::part::{button, person, state, value};
use crate::place;
use crate::request::Context;

const RESULTS: &str = "results";
/// Actions shown beneath the list.
const ACTIONS: usize = 8;

/// `GET /nonconformities`
pub(crate) fn list(context: &Context<'_>) -> Result<Answer> {
    let all: Vec<Entry<'_>> = context.view.all(Nonconformity::KIND).collect();
    let mut rows: Vec<Entry<'_>> = all.iter().copied().filter(|entry| fits(context, *entry)).collect();
    sort(context, &mut rows);
    if context.request.wants_json {
        return Ok(Answer::Json(export::listed(context, rows.len(), Slice::of(context, rows.len()).cut(&rows))?));
    }
    if let Some(format) = context.query("format") {
        return export::file(context, context.view.kind(Nonconformity::KIND), &rows, format);
    }
    let counted = |test: fn(Entry<'_>) -> bool| Some(all.iter().filter(|entry| test(**entry)).count());
    let body = html! { div.stack {
        @if all.is_empty() { div.card { (nothing(context)) } }
        @else {
            div.toolbar {
                (segments(context, "view", "Which nonconformities", &[
                    Segment { name: "All", value: None, count: Some(all.len()) },
                    Segment { name: "Open", value: Some("open"), count: counted(is_open) },
                    Segment { name: "Late", value: Some("late"), count: counted(is_late) },
                ]))
                (filters(context, RESULTS, &[
                    ("grade", "Any grade", NonconformityGrade::ALL.iter().map(|grade| (grade.id(), choice(context, "grade", grade.id()))).collect()),
                    ("source", "Any source", NonconformitySource::ALL.iter().map(|source| (source.id(), choice(context, "source", source.id()))).collect()),
                ]))
            }
            div id=(RESULTS) { div.card.flush { (table(context, &rows)) } }
        }
        div.grid.stretch {
            section.card.span-7 { (actions_card(context)) }
            section.card.span-5 { (improvements(context)) }
        }
    } };
    let lead = html! { "What does not conform, what was done at once, why it could happen, and whether the cure held." };
    Ok(Page::new("/nonconformities", "Nonconformities", body).lead(lead).actions(page_actions(context, !rows.is_empty())).into())
}

fn choice(context: &Context<'_>, field: &str, id: &str) -> String {
    value::choice(&context.view, Nonconformity::KIND, field, id)
}

fn is_open(entry: Entry<'_>) -> bool {
    !entry.is_any(&["closed", "rejected"])
}

fn is_late(entry: Entry<'_>) -> bool {
    is_open(entry) && age(entry).is_some_and(|age| age.correction_late > 0 || age.action_late > 0)
}

fn fits(context: &Context<'_>, entry: Entry<'_>) -> bool {
    let text = format!("{} {} {}", entry.id(), value::name(entry), entry.text("is").unwrap_or_default()).to_lowercase();
    (match context.query("view") {
        Some("open") => is_open(entry),
        Some("late") => is_late(entry),
        _ => true,
    }) && ["grade", "source"].into_iter().all(|field| context.query(field).is_none_or(|asked| entry.text(field) == Some(asked)))
        && context.query("q").unwrap_or_default().to_lowercase().split_whitespace().all(|word| text.contains(word))
}

fn sort(context: &Context<'_>, rows: &mut [Entry<'_>]) {
    let (by, down) = order(context, "due");
    rows.sort_by_cached_key(|entry| {
        let case = Nonconformity(entry.content());
        let key = match by {
            "name" => value::name(*entry).to_lowercase(),
            "grade" => format!("{}", case.grade().get().map_or(9, |grade| u8::from(grade != NonconformityGrade::Major))),
            "raised" => case.raised_at().get().map(|day| day.to_string()).unwrap_or_default(),
            "state" => format!("{:02}", entry.kind().state_rank(entry.state()).unwrap_or(0)),
            _ => format!("{}{}", u8::from(!is_open(*entry)), next_day(*entry).map(|(day, _)| day.to_string()).unwrap_or_default()),
        };
        (key, entry.id())
    });
    if down {
        rows.reverse();
    }
}

/// The day that comes next: of the correction until there is one, then of the action.
fn next_day(entry: Entry<'_>) -> Option<(jiff::civil::Date, bool)> {
    let case = Nonconformity(entry.content());
    let age = age(entry);
    if case.corrections().len() == 0 {
        return Some((case.correction_due().get()?, age.is_some_and(|age| age.correction_late > 0)));
    }
    Some((case.action_due().get()?, age.is_some_and(|age| age.action_late > 0)))
}

fn page_actions(context: &Context<'_>, any: bool) -> Markup {
    html! {
        @if any { (export::menu(context)) }
        @if context.as_of.is_none() {
            (button::link(&place::new("improvement"), "Propose improvement"))
            (button::primary("plus", &place::new(Nonconformity::KIND), "Raise nonconformity"))
        }
    }
}

fn nothing(context: &Context<'_>) -> Markup {
    let why = "A nonconformity is something required that is not met: by an audit, an incident, a measurement, or somebody who noticed. \
               An organisation that never records one is not believed; an auditor asks for the cause and for proof that it did not come back.";
    let actions = context.as_of.is_none().then(|| html! { (button::primary("plus", &place::new(Nonconformity::KIND), "Raise nonconformity")) (button::link("/gaps", "See what would be found today")) });
    empty("No nonconformities recorded", why, actions)
}

fn table(context: &Context<'_>, rows: &[Entry<'_>]) -> Markup {
    if rows.is_empty() {
        let clear = button::link(&context.link("/nonconformities"), "Clear filters");
        return empty("Nothing fits the filter", "No nonconformity has all that the filter asks for.", Some(clear));
    }
    let slice = Slice::of(context, rows.len());
    let columns = [
        sorted("Nonconformity", "name"),
        sorted("Grade", "grade"),
        head("Source"),
        head("Owner"),
        sorted("Raised", "raised"),
        sorted("Next day", "due"),
        head("Actions"),
        sorted("State", "state"),
    ];
    html! {
        table.table.cards data-rows {
            caption.vh { "Nonconformities, " (count(rows.len(), "record", "records")) }
            (heads(context, "due", &columns))
            tbody { @for entry in slice.cut(rows) { (row(context, *entry)) } }
        }
        (slice.foot(context, "nonconformity", "nonconformities"))
    }
}

fn row(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let case = Nonconformity(entry.content());
    let actions = action::of(entry);
    let verified = actions.iter().filter(|action| action.is("verified")).count();
    html! {
        tr {
            td.main-cell {
                a href=(context.link(&place::of(entry.id()))) { (value::name(entry)) " " span.ref { (entry.id()) } }
                span.row { @for item in case.requirements().take(4) { (badge::requirement(&context.link(&place::of_requirement(item.item)), item.item)) } }
            }
            td data-label="Grade" { (grade(context, entry)) }
            td data-label="Source" { @if let Some(source) = case.source().get() { (choice(context, "source", source.id())) } }
            td data-label="Owner" { @if let Some(owner) = entry.linked("owner") { (person::person(&value::name(owner))) } }
            td.nowrap data-label="Raised" { (case.raised_at().get().map(date).unwrap_or_default()) }
            td.nowrap data-label="Next day" {
                @if is_open(entry) { @if let Some((day, late)) = next_day(entry) { @if late { (status(Tone::Bad, &format!("Late since {}", date(day)))) } @else { (date(day)) } } }
            }
            td data-label="Actions" { @if actions.is_empty() { span.faint { "None" } } @else { (verified) " of " (actions.len()) " verified" } }
            td data-label="State" { (state::shown(entry)) }
        }
    }
}

/// The grade on the ground it deserves.
pub(super) fn grade(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    html! { @if let Some(id) = entry.text("grade") { (tag(if id == "major" { "bad" } else { "attention" }, &choice(context, "grade", id))) } }
}

fn actions_card(context: &Context<'_>) -> Markup {
    let mut open: Vec<Entry<'_>> =
        context.view.all("corrective-action").filter(|action| !action.is_any(&["verified", "cancelled"])).collect();
    open.sort_by_key(|action| action.text("due").map(str::to_owned));
    let all = context.view.all("corrective-action").count();
    html! {
        div.card-head { h2 { "Corrective actions" } a href=(context.link("/kinds/corrective-action")) { (count(all, "action", "actions")) ", " (open.len()) " open" } }
        @if open.is_empty() { p.muted { "None is open. An action belongs to a nonconformity whose cause must be removed." } }
        ul.lines {
            @for action in open.iter().take(ACTIONS) {
                li { span.grow { (value::record(context, action.id().into())) } @if let Some(doer) = action.linked("doer") { (person::avatar(&value::name(doer))) } (super::action::stands(*action)) }
            }
        }
    }
}

fn improvements(context: &Context<'_>) -> Markup {
    let all: Vec<Entry<'_>> = context.view.all("improvement").collect();
    let mut latest = all.clone();
    latest.sort_by_key(|entry| std::cmp::Reverse(entry.created_at()));
    html! {
        div.card-head { h2 { "Improvements" } a href=(context.link("/kinds/improvement")) { (count(all.len(), "improvement", "improvements")) } }
        @if all.is_empty() { p.muted { (words("no")) " improvement is recorded. 10.1 asks that the management system gets better, not only that it is repaired." } }
        ul.lines { @for entry in latest.iter().take(ACTIONS) { li { span.grow { (value::record(context, entry.id().into())) } (state::shown(*entry)) } } }
    }
}
