//! One impact assessment: what the system does to persons, groups and society, what is done about it, and who signs.

use maud::{Markup, html};
use vouch_app::{Result, query};
use vouch_conform::Entry;
use vouch_conform::derived::{ai_system, impact_assessment as derived};
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentImpactReach as Reach, ImpactAssessmentImpactRow, ImpactAssessmentImpactSide as Side,
    ImpactAssessmentSocietyEffect,
};

use super::{depth_word, missing, row};
use crate::answer::{Answer, Page};
use crate::format::{count, date, words};
use crate::page::risks::register::day;
use crate::page::verb;
use crate::part::badge::{Tone, status, tag};
use crate::part::person::{name_of, person};
use crate::part::table::scroll;
use crate::part::{button, field, markdown, state, value};
use crate::place;
use crate::request::Context;

/// Heading level at which prose begins.
const PROSE: u8 = 4;

/// `GET /impact/{id}`
pub(crate) fn show(context: &Context<'_>) -> Result<Answer> {
    let entry = context.record("id", ImpactAssessment::KIND)?;
    if context.request.wants_json {
        let detail = query::show(&context.view, entry.id().into())?;
        return Ok(Answer::Json(serde_json::to_value(detail).unwrap_or_default()));
    }
    let body = html! {
        (warning(context, entry))
        div.beside {
            div.stack {
                section.card { div.card-head { h2 { "Conclusion" } (verdict(context, entry)) } (conclusion(context, entry)) }
                (effects(context, entry, "Persons", Reach::Individual))
                (effects(context, entry, "Groups", Reach::Group))
                (society(context, entry))
                (measures(context, entry))
                (list(context, entry, "Who was asked", "consultations", "Nobody who is affected was asked."))
                (list(context, entry, "Screening", "screening", "No question was answered."))
                (list(context, entry, "Facts it rests on", "facts", "No record is named."))
            }
            div.stack {
                (facts(context, entry))
                (missing::card(context, entry))
                (verb::panel(context, entry))
            }
        }
    };
    let page = Page::new("/impact", value::name(entry), body)
        .lead(html! { span.ref { (entry.id()) } " " (state::shown(entry)) " · " (system(context, entry)) });
    Ok(page.actions(actions(context, entry)).into())
}

fn system(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    html! { @match derived::system(entry) { Some(system) => a.link href=(context.link(&place::of(system.id()))) { (value::name(system)) }, None => "no system" } }
}

fn actions(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let id = entry.id();
    html! {
        (button::link(&context.link(&format!("/records/{id}")), "History"))
        (button::link(&context.link(&format!("/records/{id}?tab=proof")), "Check proof"))
        @if context.as_of.is_none() {
            @match entry.standing().state.as_ref() {
                "draft" => {
                    a.button href=(format!("/records/{id}/edit")) data-edit { "Edit as one form" }
                    (button::primary("arrow", &format!("/impact/{id}/guide"), "Go on with the guide"))
                }
                "submitted" => (button::primary("check-line", &format!("/impact/{id}/approval?purpose=sign&decision=approved&to=approved"), "Sign")),
                _ => (super::list::start(derived::system(entry).map(|system| system.id()), Some(id), "Assess again", "plain")),
            }
        }
    }
}

/// What cannot wait.
fn warning(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let stale = if entry.is("approved") { row::stale(entry) } else { Vec::new() };
    let harms = derived::unanswered_harms(entry);
    let late = derived::measures_overdue(entry);
    html! {
        @if !stale.is_empty() { div.notice.attention { span.grow { strong { "It no longer fits. " } (stale.join(". ")) "." } } }
        @if derived::too_shallow(entry) {
            div.notice.attention { span.grow { strong { "Not deep enough. " } "Tier and screening ask for depth " (derived::depth_due(entry).id()) "." } }
        }
        @if !harms.is_empty() { div.notice.bad { span.grow { strong { (count(harms.len(), "harm has", "harms have")) " no measure, risk or accepted reason: " } (harms.join(", ")) "." } @if context.as_of.is_none() { a.button.small href=(format!("/impact/{}/guide?step=measures", entry.id())) { "Add measure" } } } }
        @if !late.is_empty() { div.notice.attention { span.grow { strong { "Measures are overdue: " } (late.join(", ")) "." } } }
    }
}

fn verdict(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let Some(id) = entry.text("conclusion") else { return html! {} };
    let word = value::choice(&context.view, ImpactAssessment::KIND, "conclusion", id);
    let tone = match id {
        "go" | "no_more" => Tone::Good,
        "go_with_conditions" | "go_deeper" => Tone::Progress,
        "change_first" => Tone::Attention,
        _ => Tone::Bad,
    };
    html! { span { (status(tone, &word)) } }
}

fn conclusion(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let content = ImpactAssessment(entry.content());
    html! {
        @match content.conclusion_reason().get() { Some(text) => (markdown::prose(text, PROSE)), None => p.muted { "Nothing is concluded yet." } }
        @if let Some(text) = content.weighing().get() { h3.apart { "Benefits against harms" } (markdown::prose(text, PROSE)) }
        @if content.conditions().len() > 0 {
            h3.apart { "Conditions of use" }
            ul.lines {
                @for row in content.conditions() {
                    li {
                        span.grow { (row.condition().unwrap_or_default()) @if let Some(owner) = row.owner() { span.muted { " · " (name_of(&context.view, owner.id)) } } }
                        @match (row.met_on(), row.due()) { (Some(on), _) => (status(Tone::Good, &format!("Met {}", date(on)))), (None, Some(due)) => (day(context, due)), _ => (status(Tone::Attention, "Open")) }
                    }
                }
            }
        }
    }
}

/// Effects on persons or on groups: each with how bad, how likely, and what answers it.
fn effects(context: &Context<'_>, entry: Entry<'_>, title: &str, reach: Reach) -> Markup {
    let rows: Vec<_> = ImpactAssessment(entry.content()).impacts().filter(|row| row.reach() == Some(reach)).collect();
    html! {
        section.card {
            div.card-head { h2 { (title) } span { (count(rows.len(), "effect", "effects")) } }
            @if rows.is_empty() { p.muted { "No effect is written down." } }
            @else { (table(context, entry, title, &rows)) }
        }
    }
}

fn table(context: &Context<'_>, entry: Entry<'_>, title: &str, rows: &[ImpactAssessmentImpactRow<'_>]) -> Markup {
    html! {
        (scroll(&format!("Table of effects: {title}"), html! {
            table.table.cards.plain {
                caption.vh { "Effects: " (title) }
                thead { tr { th scope="col" { "Effect" } th scope="col" { "On whom" } th scope="col" { "Dimension" } th.num scope="col" { "Severity" } th.num scope="col" { "Likelihood" } th scope="col" { "Answered by" } } }
                tbody { @for row in rows { (effect(context, entry, *row)) } }
            }
        }))
    }
}

fn effect(context: &Context<'_>, entry: Entry<'_>, row: ImpactAssessmentImpactRow<'_>) -> Markup {
    let content = ImpactAssessment(entry.content());
    let code = row.code().unwrap_or_default();
    let group =
        row.group().and_then(|code| content.groups().find(|group| group.code() == Some(code))).and_then(|group| group.group());
    let measures: Vec<&str> = content
        .measures()
        .filter(|measure| measure.impact() == Some(code))
        .filter_map(|measure| measure.code().or(measure.measure()))
        .collect();
    let is_harm = row.side() == Some(Side::Harm);
    html! {
        tr {
            td.main-cell { span.ref { (code) } " " (row.effect().unwrap_or_default()) span.sub { @if is_harm { (tag("attention", "Harm")) } @else { (tag("good", "Benefit")) } @if let Some(of) = row.reversible() { " " (words(of.id())) " reversible" } } }
            td data-label="On whom" { (group.or(row.group()).unwrap_or("Society")) @if let Some(people) = row.people() { span.sub { (people) " people" } } }
            td data-label="Dimension" { (row.dimension().map(|of| words(of.id())).unwrap_or_default()) }
            td.num data-label="Severity" { (row.severity().map(|level| level.to_string()).unwrap_or_default()) }
            td.num data-label="Likelihood" { (row.likelihood().map(|level| level.to_string()).unwrap_or_default()) }
            td data-label="Answered by" {
                @if let Some(link) = row.risk() { a.ref href=(context.link(&place::of(link.id))) { (link) } " " }
                @for measure in &measures { span.tag { (measure) } " " }
                @if is_harm && measures.is_empty() && row.risk().is_none() { span.faint { "Nothing" } }
            }
        }
    }
}

/// The six fields of society, and effects beyond people.
fn society(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let content = ImpactAssessment(entry.content());
    let rows: Vec<_> = content.impacts().filter(|row| row.reach() == Some(Reach::Society)).collect();
    html! {
        section.card {
            div.card-head { h2 { "Society" } span { (count(content.society().len(), "field", "fields")) " answered of 6" } }
            @if content.society().len() == 0 { p.muted { "No field of society is answered." } }
            ul.lines.start {
                @for row in content.society() {
                    li {
                        span.society { (row.field().map(|of| words(of.id())).unwrap_or_default()) }
                        div.grow { (row.reason().unwrap_or_default()) @if let Some(figure) = row.figure() { p.small.muted { (figure.normalize()) " " (row.unit().unwrap_or_default()) } } }
                        @match row.effect() {
                            Some(ImpactAssessmentSocietyEffect::None) => (status(Tone::Good, "None")),
                            Some(ImpactAssessmentSocietyEffect::Small) => (status(Tone::Progress, "Small")),
                            Some(of) => (status(Tone::Attention, &words(of.id()))),
                            None => (status(Tone::Plain, "Open")),
                        }
                    }
                }
            }
            @if let Some(text) = content.at_full_use().get() { h3.apart { "If everybody used it so" } (markdown::prose(text, PROSE)) }
            @if !rows.is_empty() { div.apart { (table(context, entry, "Society", &rows)) } }
        }
    }
}

/// What is done against harms and for benefits.
fn measures(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let rows: Vec<_> = ImpactAssessment(entry.content()).measures().collect();
    html! {
        section.card {
            div.card-head { h2 { "Measures" } span { (rows.len()) } }
            @if rows.is_empty() { p.muted { "Nothing is done against harms or for benefits." } }
            ul.lines.start {
                @for row in rows {
                    li {
                        span.ref { (row.code().unwrap_or_default()) }
                        div.grow {
                            p.strong { (row.measure().unwrap_or_default()) }
                            p.small.muted {
                                @if let Some(of) = row.side() { (words(of.id())) " " } (row.impact().unwrap_or_default())
                                @if let Some(owner) = row.owner() { " · " (name_of(&context.view, owner.id)) }
                                @if let Some(expected) = row.expected() { " · expected: " (expected) }
                                @if let (Some(severity), Some(likelihood)) = (row.severity_after(), row.likelihood_after()) { " · afterwards severity " (severity) ", likelihood " (likelihood) }
                                @if row.before_use() == Some(true) { " · before use" }
                            }
                            p.small { @for link in row.met_by().chain(row.treatment()) { a.ref href=(context.link(&place::of(link.id))) { (link) } " " } }
                        }
                        @match (row.met_on(), row.due()) { (Some(on), _) => (status(Tone::Good, &format!("Met {}", date(on)))), (None, Some(due)) => span.nowrap { (day(context, due)) }, _ => (status(Tone::Attention, "No day set")) }
                    }
                }
            }
        }
    }
}

/// A list field as its own card.
fn list(context: &Context<'_>, entry: Entry<'_>, title: &str, name: &str, none: &str) -> Markup {
    let found = entry.value(name).get().filter(|value| !value.items().is_empty());
    html! {
        section.card {
            h2 { (title) }
            @match (found, entry.kind().field(name)) {
                (Some(found), Some(spec)) => div.apart { (field::value(context, &spec.kind, &found.to_json())) },
                _ => p.muted.apart { (none) },
            }
        }
    }
}

fn facts(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let content = ImpactAssessment(entry.content());
    let due = derived::depth_due(entry);
    let system = derived::system(entry);
    html! {
        section.card {
            h2.vh { "Facts" }
            dl.facts {
                dt { "State" } dd { (state::shown(entry)) }
                @if let Some(level) = system.and_then(ai_system::tier) { dt { "Tier" } dd { (crate::part::badge::tier(level.id())) } }
                dt { "Depth" } dd { (content.depth().get().map(|of| depth_word(of.id())).unwrap_or_default()) span.faint { ", " (due.id()) " due" } }
                dt { "Version" } dd { (content.system_version().get().unwrap_or("None named")) }
                dt { "Occasion" } dd { (content.occasion().get().map(|of| value::choice(&context.view, ImpactAssessment::KIND, "occasion", of.id())).unwrap_or_default()) }
                dt { "Assessors" } dd {
                    @for link in content.assessors() { p { (person(&name_of(&context.view, link.id))) } }
                    @if content.assessors().next().is_none() { span.faint { "Nobody yet" } }
                }
                @if let (Some(from), Some(to)) = (content.covers_from().get(), content.covers_to().get()) { dt { "Covers" } dd { (date(from)) " – " (date(to)) } }
                @for (word, name) in [("Procedure", "procedure"), ("Method", "method"), ("Replaces", "replaces")] {
                    @if let Some(one) = entry.linked(name) { dt { (word) } dd { a.link href=(context.link(&place::of(one.id()))) { (value::called(one)) } } }
                }
                @if let Some(at) = derived::approved_at(entry) { dt { "Signed" } dd { (date(context.view.day(at))) } }
                @if let Some(by) = content.review_by().get() { dt { "Due again" } dd { (day(context, by)) } }
            }
        }
    }
}
