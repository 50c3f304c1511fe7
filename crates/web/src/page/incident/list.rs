//! All incidents, the running clocks first; concerns beside them.

use maud::{Markup, html};
use vouch_app::Result;
use vouch_conform::Entry;
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity};

use super::clock::{mark, next};
use crate::answer::{Answer, Page};
use crate::format::{count, instant};
use crate::page::kind::export;
use crate::part::badge::tag;
use crate::part::empty::empty;
use crate::part::list::{Choice, Segment, Slice, filters, segments};
use crate::part::table::{Head, heads, order, sorted};
use crate::part::{button, person, state, value};
use crate::place;
use crate::request::Context;

const RESULTS: &str = "results";
/// States in which nothing more is to be done.
const OVER: [&str; 2] = ["closed", "dismissed"];
/// Concerns shown beside the list.
const CONCERNS: usize = 6;

/// `GET /incidents`
pub(crate) fn list(context: &Context<'_>) -> Result<Answer> {
    let all: Vec<Entry<'_>> = context.view.all(Incident::KIND).collect();
    let open = all.iter().filter(|entry| is_open(**entry)).count();
    let mut rows: Vec<Entry<'_>> = all.iter().copied().filter(|entry| fits(context, *entry)).collect();
    sort(context, &mut rows);
    if context.request.wants_json {
        return Ok(Answer::Json(export::listed(context, rows.len(), Slice::of(context, rows.len()).cut(&rows))?));
    }
    if let Some(format) = context.query("format") {
        return export::file(context, context.view.kind(Incident::KIND), &rows, format);
    }
    let body = html! { div.stack {
        @if all.is_empty() { div.card { (nothing(context)) } }
        @else {
            div.toolbar {
                (segments(context, "view", "Which incidents", &[
                    Segment { name: "All", value: None, count: Some(all.len()) },
                    Segment { name: "Open", value: Some("open"), count: Some(open) },
                    Segment { name: "Exercises", value: Some("exercises"), count: Some(all.iter().filter(|entry| is_exercise(**entry)).count()) },
                ]))
                (filters(context, RESULTS, &[("severity", "Any severity", severities(context)), ("state", "Any state", states(context))]))
            }
            div id=(RESULTS) { div.card.flush { (table(context, &rows)) } }
        }
        (concerns(context))
    } };
    let lead = html! { "What happened with an AI system, who had to be told by when, and what was learned." };
    Ok(Page::new("/incidents", "Incidents & concerns", body).lead(lead).actions(actions(context, !rows.is_empty())).into())
}

fn is_open(entry: Entry<'_>) -> bool {
    !entry.is_any(&OVER)
}

fn is_exercise(entry: Entry<'_>) -> bool {
    Incident(entry.content()).exercise().is(true)
}

fn fits(context: &Context<'_>, entry: Entry<'_>) -> bool {
    let words = context.query("q").unwrap_or_default().to_lowercase();
    let text = format!("{} {} {}", entry.id(), value::name(entry), entry.text("description").unwrap_or_default()).to_lowercase();
    let system = context.query("ai_systems").and_then(|id| id.parse().ok());
    (match context.query("view") {
        Some("open") => is_open(entry),
        Some("exercises") => is_exercise(entry),
        _ => true,
    }) && context.query("severity").is_none_or(|asked| entry.text("severity") == Some(asked))
        && context.query("state").is_none_or(|asked| entry.is(asked))
        && system.is_none_or(|id| entry.names(id, "ai_systems"))
        && words.split_whitespace().all(|word| text.contains(word))
}

fn sort(context: &Context<'_>, rows: &mut [Entry<'_>]) {
    let (by, down) = order(context, "deadline");
    rows.sort_by_cached_key(|entry| {
        let incident = Incident(entry.content());
        let known = incident.aware_at().get().map_or(i64::MAX, |at| at.as_second());
        let key = match by {
            "name" => (0, value::name(*entry).to_lowercase()),
            "severity" => (incident.severity().get().map_or(9, |severity| 8 - severity as i64), String::new()),
            "state" => (entry.kind().state_rank(entry.state()).map_or(0, |rank| i64::try_from(rank).unwrap_or(0)), String::new()),
            "known" => (known, String::new()),
            // A running clock first, then what is open, then the latest.
            _ => (
                next(*entry).and_then(|deadline| deadline.due_at).map_or(i64::MAX, |at| at.as_second()),
                format!("{}{:020}", u8::from(!is_open(*entry)), i64::MAX - known.min(i64::MAX - 1)),
            ),
        };
        (key, entry.id())
    });
    if down {
        rows.reverse();
    }
}

fn severities<'c>(context: &'c Context<'_>) -> Vec<Choice<'c>> {
    IncidentSeverity::ALL
        .iter()
        .map(|severity| (severity.id(), value::choice(&context.view, Incident::KIND, "severity", severity.id())))
        .collect()
}

fn states<'c>(context: &'c Context<'_>) -> Vec<Choice<'c>> {
    context.view.kind(Incident::KIND).states.iter().map(|state| (state.as_str(), crate::format::words(state))).collect()
}

fn actions(context: &Context<'_>, any: bool) -> Markup {
    html! {
        @if any { (export::menu(context)) }
        @if context.as_of.is_none() {
            (button::link(&place::new("concern"), "Record concern"))
            (button::primary("plus", &place::new(Incident::KIND), "Report incident"))
        }
    }
}

fn nothing(context: &Context<'_>) -> Markup {
    let why = "Anybody reports here what an AI system did that it should not have done. An auditor traces one case from detection to the corrective action, and asks when the channel was last tried: report an exercise first.";
    let actions = context.as_of.is_none().then(|| html! { (button::primary("plus", &place::new(Incident::KIND), "Report incident")) (button::link(&format!("{}?exercise=true", place::new(Incident::KIND)), "Record exercise")) });
    empty("No incidents recorded", why, actions)
}

fn table(context: &Context<'_>, rows: &[Entry<'_>]) -> Markup {
    if rows.is_empty() {
        return empty(
            "Nothing fits the filter",
            "No incident has all that the filter asks for.",
            Some(button::link(&context.link("/incidents"), "Clear filters")),
        );
    }
    let slice = Slice::of(context, rows.len());
    let columns = [
        sorted("Incident", "name"),
        sorted("Severity", "severity"),
        Head { sort: None, ..sorted("System", "") },
        Head { sort: None, ..sorted("Lead", "") },
        sorted("Known since", "known"),
        sorted("Next deadline", "deadline"),
        sorted("State", "state"),
    ];
    html! {
        table.table.cards data-rows {
            caption.vh { "Incidents, " (count(rows.len(), "record", "records")) }
            (heads(context, "deadline", &columns))
            tbody { @for entry in slice.cut(rows) { (row(context, *entry)) } }
        }
        (slice.foot(context, "incident", "incidents"))
    }
}

fn row(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let incident = Incident(entry.content());
    html! {
        tr {
            td.main-cell {
                a href=(context.link(&place::of(entry.id()))) { (value::name(entry)) " " span.ref { (entry.id()) } }
                @if is_exercise(entry) { span.sub { "Exercise" } }
            }
            td data-label="Severity" { (severity(context, entry)) }
            td data-label="System" { @for link in incident.ai_systems().take(2) { div { (value::record(context, link)) } } }
            td data-label="Lead" { @if let Some(lead) = entry.linked("lead") { (person::person(&value::name(lead))) } }
            td.nowrap data-label="Known since" { (incident.aware_at().get().map(|at| instant(at, context.view.zone())).unwrap_or_default()) }
            td data-label="Next deadline" { @match next(entry) { Some(deadline) => (mark(deadline.stands)), None => { span.faint { "None" } } } }
            td data-label="State" { (state::shown(entry)) }
        }
    }
}

/// The severity on the ground it deserves.
pub(super) fn severity(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    match entry.text("severity") {
        None => html! { span.faint { "Not judged" } },
        Some(id) => {
            let class = match id {
                "critical" | "serious" => "bad",
                "moderate" => "attention",
                _ => "plain",
            };
            tag(class, &value::choice(&context.view, Incident::KIND, "severity", id))
        }
    }
}

/// Concerns: heard first, also without a name.
fn concerns(context: &Context<'_>) -> Markup {
    let mut concerns: Vec<Entry<'_>> = context.view.all("concern").collect();
    concerns.sort_by_key(|entry| std::cmp::Reverse(entry.created_at()));
    let open = concerns.iter().filter(|entry| !entry.is_any(&["closed", "void"])).count();
    html! {
        section.card {
            div.card-head {
                h2 { "Concerns" }
                a href=(context.link("/kinds/concern")) { (count(concerns.len(), "concern", "concerns")) ", " (open) " open" }
            }
            @if concerns.is_empty() { p.muted { "Nobody has raised a concern. Who works with AI, or is touched by it, may do so, also without a name (A.3.3)." } }
            ul.lines {
                @for entry in concerns.iter().take(CONCERNS) {
                    li {
                        span.grow { a.link href=(context.link(&place::of(entry.id()))) { (value::called(*entry)) } " " span.ref { (entry.id()) } }
                        span.small.muted.nowrap { (crate::format::date(entry.created_on())) }
                        (state::shown(*entry))
                    }
                }
            }
        }
    }
}
