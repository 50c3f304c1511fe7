//! How the proven share went over the past months, and where it leads.

use jiff::ToSpan;
use jiff::civil::Date;
use maud::{Markup, html};
use vouch_conform::readiness::{Count, Depths};

use super::heading::Next;
use crate::chart::trend::{Point, burn_up, forecast};
use crate::format::{near_date, percent};
use crate::past::Past;
use crate::request::Context;

/// Months that are looked back.
const MONTHS: i64 = 5;

/// The figure, from what is known of past month-ends; what is not known is asked for.
pub(super) fn proven(context: &Context<'_>, depths: &Depths, next: Option<&Next>) -> Markup {
    let view = &context.view;
    let Some(first) = view.first_scope_on() else { return html! {} };
    let ends: Vec<Date> = (1..=MONTHS)
        .rev()
        .map(|ago| view.today().saturating_sub(ago.months()).last_of_month())
        .filter(|day| *day >= first)
        .collect();
    let mut points: Vec<Point> = Vec::new();
    let mut unknown = Vec::new();
    for day in ends {
        match context.site.past.depths(day, view.on(day).cut()) {
            Some(depths) => points.push((day, share(depths.proven))),
            None => unknown.push(day),
        }
    }
    let waiting = unknown.len();
    Past::ask(context.site, unknown);
    points.push((view.today(), share(depths.proven)));
    let ahead = next.and_then(|next| forecast(&points, next.on));
    html! {
        div.burn-up {
            p.small.muted {
                "Proven" @if let Some((day, _)) = ahead { ", with forecast to " (near_date(day, view.today())) } @else { ", month by month" }
                @if waiting > 0 { " · " (crate::format::count(waiting, "earlier month is", "earlier months are")) " being computed" }
            }
            @if points.len() > 1 { (burn_up(&points, ahead)) }
        }
    }
}

fn share(count: Count) -> f64 {
    percent(count.met, count.of) as f64
}
