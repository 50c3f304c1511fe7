//! The dates that keep a certificate alive, and the audit coverage of three years.

use std::collections::BTreeSet;

use jiff::civil::Date;
use maud::{Markup, html};
use vouch_conform::derived::certificate::{recertification_start, surveillance_due};
use vouch_conform::{Entry, View};
use vouch_record::Id;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::certification_body::CertificationBody;
use vouch_record::time::parse_date;

use crate::format::{date, distance, words};
use crate::part::requirement::{GROUPS, group_of};
use crate::part::value::called;
use crate::place;
use crate::request::Context;

/// Years of an audit programme.
const YEARS: i16 = 3;
/// Audits that count toward coverage.
const COUNTING: [&str; 6] = ["internal", "stage_1", "stage_2", "surveillance", "recertification", "special"];

/// A day of the certification.
struct Day {
    on: Date,
    what: String,
    record: Id,
}

/// Every day that the certificate, its audits and the body's windows set, in order.
pub(super) fn certification(context: &Context<'_>) -> Markup {
    let view = &context.view;
    let mut days: Vec<Day> = audits(view).chain(windows(view)).chain(certificates(view)).collect();
    days.sort_by_key(|day| (day.on, day.record));
    html! {
        section.card.actions {
            div.card-head { h2 { "Dates of the certification" } span { (days.len()) } }
            @if days.is_empty() {
                p.muted { "No audit is planned and no certificate is recorded. Compare certification bodies, engage one, and agree on the windows of Stage 1 and Stage 2." }
            }
            ul.lines {
                @for day in &days {
                    li {
                        time.muted.when.far datetime=(day.on) { (date(day.on)) }
                        a.grow href=(context.link(&place::of(day.record))) { (day.what) }
                        span.small.muted { (distance(day.on, view.today())) }
                    }
                }
            }
        }
    }
}

fn audits(view: &View) -> impl Iterator<Item = Day> {
    let counting =
        view.all("audit").filter(|audit| COUNTING[1..].contains(&audit.text("type").unwrap_or_default()) && !audit.is("cancelled"));
    counting.filter_map(|audit| Some(Day { on: parse_date(audit.text("planned_from")?)?, what: called(audit), record: audit.id() }))
}

fn windows(view: &View) -> impl Iterator<Item = Day> {
    view.all("certification-body").filter(|body| body.is("engaged")).flat_map(|body| {
        let day = |on: Date, what: &str| Day { on, what: format!("{what}, {}", called(body)), record: body.id() };
        let rows: Vec<Day> = CertificationBody(body.content())
            .windows()
            .filter_map(|row| Some(day(row.from()?, &format!("Window of {}", words(row.stage()?.id())))))
            .collect();
        rows
    })
}

fn certificates(view: &View) -> impl Iterator<Item = Day> {
    view.all("certificate").filter(|certificate| certificate.is_any(&["issued", "suspended"])).flat_map(|certificate| {
        let day = |on: Date, what: String| Day { on, what, record: certificate.id() };
        let due = surveillance_due(certificate)
            .into_iter()
            .map(|row| day(row.due, format!("Surveillance of {} at the latest", row.year)));
        let start = recertification_start(certificate).map(|on| day(on, "Recertification begins".to_owned()));
        let end = certificate.text("valid_until").and_then(parse_date).map(|on| day(on, "Certificate ends".to_owned()));
        due.chain(start).chain(end).collect::<Vec<_>>()
    })
}

/// Which requirements audits looked at in each of three years, by group.
pub(super) fn coverage(context: &Context<'_>) -> Markup {
    let view = &context.view;
    let last = view.today().year();
    let years: Vec<i16> = (last - YEARS + 1..=last).collect();
    let covered: Vec<BTreeSet<String>> = years.iter().map(|year| covered(view, *year)).collect();
    let items = view.frameworks().items();
    if covered.iter().all(BTreeSet::is_empty) {
        return html! { section.card.actions { div.card-head { h2 { "Coverage by audits" } } p.muted { "No audit of the last three years looked at a requirement. A programme spreads all of them over three years." } } };
    }
    html! {
        section.card.flush.actions {
            (crate::part::table::scroll("Coverage by audits", html! {
                table.table {
                    caption.vh { "Requirements that audits looked at, by group and year" }
                    thead { tr { th scope="col" { "Requirements audited" } @for year in &years { th.num scope="col" { (year) } } } }
                    tbody {
                        @for (group, name) in GROUPS {
                            @let all: Vec<&str> = items.iter().map(|item| item.id.as_str()).filter(|id| group_of(id) == group).collect();
                            tr {
                                th scope="row" { span.ref { (group) } " " (name) }
                                @for year in &covered {
                                    @let seen = all.iter().filter(|id| year.contains(**id)).count();
                                    td.num { @if seen == 0 { span.faint { "–" } } @else { (seen) " of " (all.len()) } }
                                }
                            }
                        }
                    }
                }
            }))
        }
    }
}

/// Items with a row of coverage in an audit that was carried out in a year.
fn covered(view: &View, year: i16) -> BTreeSet<String> {
    let in_year = |audit: &Entry<'_>| {
        let day = ["ended_on", "started_on", "planned_from"].into_iter().find_map(|field| audit.text(field).and_then(parse_date));
        day.is_some_and(|day| day.year() == year)
    };
    let counting =
        view.all("audit").filter(|audit| COUNTING.contains(&audit.text("type").unwrap_or_default()) && !audit.is("cancelled"));
    let rows = counting.filter(in_year).flat_map(|audit| {
        let rows: Vec<String> =
            Audit(audit.content()).coverage().filter_map(|row| Some(row.requirement()?.item.to_owned())).collect();
        rows
    });
    rows.collect()
}
