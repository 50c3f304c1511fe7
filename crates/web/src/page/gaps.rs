//! Gap analysis: every requirement with its depth, what is missing, who answers, by when; other frameworks through the crosswalk.

mod framework;
mod modes;
mod table;

use maud::{Markup, html};
use serde_json::json;
use vouch_app::{Result, sheet};
use vouch_conform::gap::Gap;
use vouch_conform::readiness::Depth;

use crate::answer::{Answer, Page};
use crate::format::sentence;
use crate::part::list::{self, Choice, Segment, segments};
use crate::part::requirement::{GROUPS, group_of};
use crate::part::{button, person};
use crate::request::Context;

/// `GET /gaps`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    if let Some(key) = context.query("framework") {
        return framework::show(context, key);
    }
    let answers = context.answers()?;
    let gaps: Vec<&Gap> = answers.gaps.iter().filter(|gap| is_shown(context, gap)).collect();
    if context.request.wants_json || context.query("format") == Some("json") {
        return Ok(Answer::Json(json!({"as_of": answers.readiness.as_of.to_string(), "gaps": gaps})));
    }
    if context.query("format") == Some("csv") {
        let name = format!("gaps {}.csv", answers.readiness.as_of);
        return Ok(Answer::File { name: Some(name), mime: "text/csv; charset=utf-8", bytes: sheet::gaps(gaps).csv()? });
    }
    let body = html! {
        (tabs(context, None))
        div.toolbar { (views(context, &answers.gaps)) (filters(context, &answers.gaps)) }
        div id="results" { (table::table(context, &gaps)) }
        (modes::card(context)?)
        @for note in &answers.readiness.notes { p.small.muted.actions { (sentence(note)) } }
    };
    Ok(Page::new("/gaps", "Gap analysis", body).lead(lead(&answers.gaps)).actions(exports(context)).into())
}

fn lead(gaps: &[Gap]) -> Markup {
    let open = gaps.iter().filter(|gap| !gap.missing.is_empty()).count();
    let steps: usize = gaps.iter().map(|gap| gap.steps).sum();
    html! {
        @if open == 0 { "Nothing is missing for any of the " (gaps.len()) " requirements." }
        @else { strong { (open) " of " (gaps.len()) " requirements" } " want " (steps) " steps. What comes first stands first in each row." }
    }
}

fn exports(context: &Context<'_>) -> Markup {
    html! {
        (button::link_with("down", &context.with_query(&[("format", Some("csv"))]), "Export CSV"))
        (button::link(&context.with_query(&[("format", Some("json"))]), "JSON"))
    }
}

/// One tab for each framework; the first is the standard itself.
fn tabs(context: &Context<'_>, shown: Option<&str>) -> Markup {
    let others = context.view.frameworks().others().unwrap_or_default();
    html! {
        nav.tabs aria-label="Frameworks" {
            a href=(context.link("/gaps")) aria-current=[shown.is_none().then_some("page")] { "ISO/IEC 42001" }
            @for framework in others {
                a href=(context.link(&format!("/gaps?framework={}", framework.key))) aria-current=[(shown == Some(framework.key.as_str())).then_some("page")] { (framework.short_title) }
            }
        }
    }
}

/// The first depth at which a requirement is not met.
fn lacks(gap: &Gap) -> Option<Depth> {
    Depth::ALL.into_iter().find(|depth| gap.applies && gap.met.is_none_or(|met| met < *depth))
}

fn is_shown(context: &Context<'_>, gap: &Gap) -> bool {
    let text = |name: &str| context.query(name);
    let view = match text("show") {
        Some("missing") => !gap.missing.is_empty(),
        Some("due") => gap.due.is_some(),
        Some("proven") => gap.applies && gap.met == Some(Depth::Proven),
        Some("not-judged") => !gap.applies,
        _ => true,
    };
    let fits = |words: &str| {
        let words = words.to_lowercase();
        let texts = [&gap.requirement, &gap.title].into_iter().chain(gap.missing.iter().map(|step| &step.message));
        texts.into_iter().any(|text| text.to_lowercase().contains(&words))
    };
    let owner = || gap.owner.person.as_ref().map(|person| person.id.to_string());
    view && text("depth").is_none_or(|word| lacks(gap).is_some_and(|depth| depth.word() == word))
        && text("area").is_none_or(|area| group_of(&gap.requirement) == area)
        && text("owner").is_none_or(|asked| owner().as_deref().unwrap_or("none") == asked)
        && text("q").is_none_or(fits)
}

fn views(context: &Context<'_>, gaps: &[Gap]) -> Markup {
    let count = |test: fn(&Gap) -> bool| Some(gaps.iter().filter(|gap| test(gap)).count());
    let view = |name, value, count| Segment { name, value, count };
    segments(
        context,
        "show",
        "Part of the list",
        &[
            view("All", None, Some(gaps.len())),
            view("With gaps", Some("missing"), count(|gap| !gap.missing.is_empty())),
            view("With a date", Some("due"), count(|gap| gap.due.is_some())),
            view("Proven", Some("proven"), count(|gap| gap.applies && gap.met == Some(Depth::Proven))),
            view("Not judged", Some("not-judged"), count(|gap| !gap.applies)),
        ],
    )
}

fn filters(context: &Context<'_>, gaps: &[Gap]) -> Markup {
    let depths: Vec<Choice<'_>> = Depth::ALL.map(|depth| (depth.word(), format!("Not {}", depth.word()))).into();
    let areas: Vec<Choice<'_>> = GROUPS.map(|(id, name)| (id, format!("{id} {name}"))).into();
    let mut owners: Vec<(String, String)> = Vec::new();
    for person in gaps.iter().filter_map(|gap| gap.owner.person.as_ref()) {
        let id = person.id.to_string();
        if owners.iter().all(|(known, _)| *known != id) {
            owners.push((id, person::name_of(&context.view, person.id)));
        }
    }
    owners.sort_by(|a, b| a.1.cmp(&b.1));
    let mut people: Vec<Choice<'_>> = owners.iter().map(|(id, name)| (id.as_str(), name.clone())).collect();
    people.push(("none", "Nobody".to_owned()));
    list::filters(
        context,
        "results",
        &[("depth", "Any depth", depths), ("area", "All areas", areas), ("owner", "Any owner", people)],
    )
}
