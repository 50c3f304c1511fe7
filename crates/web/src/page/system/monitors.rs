//! What is watched while a system runs: the metrics of its monitoring plan with their values and limits.

use jiff::Timestamp;
use maud::{Markup, html};
use vouch_conform::Entry;
use vouch_conform::derived::measurement::{Breach, Limits, breach};
use vouch_record::Id;
use vouch_record::kind::generated::measure::{Measure, MeasureDirection};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::monitoring_plan::{MonitoringPlan, MonitoringPlanMetricRow};

use crate::chart::spark;
use crate::format::date;
use crate::part::badge::{Tone, status};
use crate::part::table::scroll;
use crate::part::{button, value};
use crate::place;
use crate::request::Context;

/// Values drawn of a metric.
const DRAWN: usize = 26;

/// The card.
pub(super) fn card(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    let plans = || entry.incoming(MonitoringPlan::KIND, "ai_system");
    let plan =
        plans().find(|plan| plan.is("in_force")).or_else(|| plans().filter(|plan| !plan.is("replaced")).max_by_key(Entry::id));
    let Some(plan) = plan else { return none(context, entry) };
    let metrics: Vec<_> = MonitoringPlan(plan.content()).metrics().collect();
    let is_serving = metrics.iter().any(|row| serves(context, row));
    html! {
        section.card {
            div.card-head {
                h2 { "Monitors" }
                span { "last " (DRAWN) " values · limit dashed · " a.link href=(context.link(&place::of(plan.id()))) { (plan.id()) } }
            }
            @if metrics.is_empty() { p.muted { "The plan names no metric." } }
            @else {
                (scroll("Table of monitors", html! {
                    table.table.cards.plain {
                        caption.vh { "Metrics with trend, last value, limit and state" }
                        thead { tr { th scope="col" { "Measure" } th scope="col" { "Trend" } th.num scope="col" { "Now" } th.num scope="col" { "Limit" } th scope="col" { "State" } @if is_serving { th scope="col" { "Requirement" } } } }
                        tbody { @for row in metrics { (line(context, entry.id(), row, is_serving)) } }
                    }
                }))
            }
        }
    }
}

fn none(context: &Context<'_>, entry: Entry<'_>) -> Markup {
    html! {
        section.card {
            div.card-head { h2 { "Monitors" } }
            p.muted { "No monitoring plan. An auditor asks what is watched in use, by whom, and at which value somebody acts." }
            @if context.as_of.is_none() { div.row.apart { (button::link_with("plus", &format!("{}?ai_system={}", place::new(MonitoringPlan::KIND), entry.id()), "Write monitoring plan")) } }
        }
    }
}

/// Measurements of a measure for a system, the earliest first.
fn values<'v>(measure: Entry<'v>, system: Id) -> Vec<(Timestamp, Entry<'v>)> {
    let of = |one: &Entry<'_>| Measurement(one.content()).ai_system().get().is_none_or(|link| link.id == system);
    let all = measure.incoming(Measurement::KIND, "measure").filter(|one| !one.is("void")).filter(of);
    let mut found: Vec<_> = all.filter_map(|one| Some((Measurement(one.content()).covers_to().get()?, one))).collect();
    found.sort_by_key(|(at, one)| (*at, one.id()));
    let from = found.len().saturating_sub(DRAWN);
    found.split_off(from)
}

/// Whether a metric's measure serves a requirement.
fn serves(context: &Context<'_>, row: &MonitoringPlanMetricRow<'_>) -> bool {
    let measure = row.measure().and_then(|link| context.view.get(link.id));
    measure.is_some_and(|measure| Measure(measure.content()).requirements().next().is_some())
}

fn line(context: &Context<'_>, system: Id, row: MonitoringPlanMetricRow<'_>, is_serving: bool) -> Markup {
    let Some(measure) = row.measure().and_then(|link| context.view.get(link.id)) else {
        return html! { tr { td.main-cell { (row.code().unwrap_or("Metric")) } td colspan="5" { span.faint { "Its measure is not there" } } } };
    };
    let content = Measure(measure.content());
    let own = Limits::of_measure(content);
    let limits = Limits::of_metric(row, &own).unwrap_or(own);
    let found = values(measure, system);
    let drawn: Vec<f64> = found.iter().filter_map(|(_, one)| number(Measurement(one.content()).value().get()?)).collect();
    let last = found.last().map(|(at, one)| (*at, *one));
    let unit = content.unit().get().unwrap_or_default();
    html! {
        tr {
            td.main-cell { a href=(context.link(&place::of(measure.id()))) { (value::name(measure)) } }
            td data-label="Trend" { (spark::line(&drawn, limits.alarm.and_then(number), last.is_some_and(|(_, one)| breach(one) == Breach::Alarm), &value::name(measure))) }
            td.num data-label="Now" {
                @match last.and_then(|(_, one)| Some((one, Measurement(one.content()).value().get()?))) {
                    Some((one, now)) => { a href=(context.link(&place::of(one.id()))) { (now.normalize()) " " span.faint { (unit) } } }
                    None => { span.faint { "None" } }
                }
            }
            td.num data-label="Limit" { (limit(limits)) }
            td.nowrap data-label="State" { (standing(context, last)) }
            @if is_serving { td data-label="Requirement" { @for item in content.requirements().take(2) { a.ref href=(context.link(&place::of_requirement(item.item))) { (item.item) } " " } } }
        }
    }
}

fn limit(limits: Limits) -> String {
    let sign = match limits.direction {
        MeasureDirection::Higher => "≥ ",
        MeasureDirection::Lower => "≤ ",
        MeasureDirection::Band | MeasureDirection::Watch => "",
    };
    match (limits.alarm_low, limits.alarm) {
        (Some(low), Some(high)) if limits.direction == MeasureDirection::Band => {
            format!("{}–{}", low.normalize(), high.normalize())
        }
        (_, Some(alarm)) => format!("{sign}{}", alarm.normalize()),
        (Some(low), None) => format!("≥ {}", low.normalize()),
        (None, None) => "None set".to_owned(),
    }
}

fn standing(context: &Context<'_>, last: Option<(Timestamp, Entry<'_>)>) -> Markup {
    let Some((at, one)) = last else { return status(Tone::Attention, "No value") };
    let day = context.view.day(at);
    match breach(one) {
        Breach::None => status(Tone::Good, "Within limit"),
        Breach::Warn => status(Tone::Attention, &format!("Near limit since {}", date(day))),
        Breach::Alarm => status(Tone::Bad, &format!("Beyond limit, {}", date(day))),
        Breach::Undecided => status(Tone::Plain, "Too few cases"),
    }
}

/// A decimal for drawing only.
fn number(value: impl ToString) -> Option<f64> {
    value.to_string().parse().ok()
}
