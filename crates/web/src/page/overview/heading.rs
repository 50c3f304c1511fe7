//! The heading states the constraint: days to the next audit where one is planned, else the depth that holds things up.

use jiff::civil::Date;
use maud::{Markup, html};
use vouch_conform::readiness::Depths;
use vouch_conform::{Entry, View};
use vouch_record::Id;
use vouch_record::kind::generated::certification_body::CertificationBody;
use vouch_record::time::parse_date;

use crate::format::{date, days_between, words};
use crate::part::button;
use crate::part::value::named;
use crate::place;
use crate::request::Context;
use crate::site::Answers;

/// The next day on which somebody from outside looks.
pub(super) struct Next {
    pub(super) on: Date,
    what: String,
    /// the record that says so
    record: Id,
    /// the certification body
    body: Option<String>,
}

/// Types of audits that lead to a certificate or keep it.
const OUTSIDE: [&str; 5] = ["stage_1", "stage_2", "surveillance", "recertification", "special"];

/// The next audit by a certification body: of planned audits, windows agreed with the body, days the certificate sets, and milestones
/// on the way there; else the next internal one.
pub(super) fn next(view: &View) -> Option<Next> {
    let open = || view.all("audit").filter(|audit| audit.is_any(&["planned", "prepared"]));
    let of_type = |audit: &Entry<'_>| OUTSIDE.contains(&audit.text("type").unwrap_or_default());
    let outside = open().filter(of_type).filter_map(planned);
    let first = outside
        .chain(windows(view))
        .chain(surveillances(view))
        .chain(milestones(view))
        .filter(|next| next.on >= view.today())
        .min_by_key(|next| next.on);
    first.or_else(|| {
        open().filter(|audit| !of_type(audit)).filter_map(planned).filter(|next| next.on >= view.today()).min_by_key(|next| next.on)
    })
}

fn planned(audit: Entry<'_>) -> Option<Next> {
    let on = parse_date(audit.text("planned_from")?)?;
    let what = match audit.text("type")? {
        kind @ ("stage_1" | "stage_2") => format!("{} starts", words(kind)),
        kind => format!("{} audit starts", words(kind)),
    };
    Some(Next { on, what, record: audit.id(), body: audit.linked("certification_body").and_then(named) })
}

fn windows(view: &View) -> impl Iterator<Item = Next> {
    let engaged = view.all("certification-body").filter(|body| body.is("engaged"));
    engaged.flat_map(|body| {
        let rows: Vec<Next> = CertificationBody(body.content())
            .windows()
            .filter_map(|row| {
                Some(Next {
                    on: row.from()?,
                    what: format!("{} starts", words(row.stage()?.id())),
                    record: body.id(),
                    body: named(body),
                })
            })
            .collect();
        rows
    })
}

fn surveillances(view: &View) -> impl Iterator<Item = Next> {
    view.all("certificate").filter(|certificate| certificate.is("issued")).flat_map(|certificate| {
        let body = certificate.linked("certification_body").and_then(named);
        let due = vouch_conform::derived::certificate::surveillance_due(certificate).into_iter();
        due.map(move |row| Next {
            on: row.due,
            what: "Surveillance is due".to_owned(),
            record: certificate.id(),
            body: body.clone(),
        })
    })
}

/// Milestones on the last stretch to the certificate.
fn milestones(view: &View) -> impl Iterator<Item = Next> {
    let open = view.all("milestone").filter(|milestone| milestone.is("planned") && milestone.text("phase") == Some("certify"));
    open.filter_map(|milestone| {
        let on = parse_date(milestone.text("planned_on")?)?;
        Some(Next { on, what: format!("{} is", milestone.text("title")?), record: milestone.id(), body: None })
    })
}

/// What holds things up.
fn constraint(depths: &Depths) -> Option<&'static str> {
    let (documented, operating, proven, of) =
        (depths.documented.met, depths.operating.met, depths.proven.met, depths.documented.of);
    if proven == of {
        return None;
    }
    let lags = [
        (of - documented, "Documents are"),
        (documented.saturating_sub(operating), "Operation is"),
        (operating.saturating_sub(proven), "Proof is"),
    ];
    // Of equal lags the shallowest holds up the others.
    lags.into_iter().rev().max_by_key(|(lag, _)| *lag).map(|(_, what)| what)
}

pub(super) fn title(context: &Context<'_>, answers: &Answers, next: Option<&Next>) -> String {
    let today = context.view.today();
    if context.view.first_scope_on().is_none() {
        return "Set up the management system".to_owned();
    }
    let Some(next) = next else {
        return constraint(&answers.readiness.depths)
            .map_or_else(|| "Every requirement is proven".to_owned(), |what| format!("{what} the constraint"));
    };
    match days_between(today, next.on) {
        0 => format!("{} today", next.what),
        1 => format!("{} tomorrow", next.what),
        days => format!("{} in {days} days", next.what),
    }
}

/// How far it is, in a word.
fn extent(met: usize, of: usize, what: &str) -> String {
    match met * 100 / of.max(1) {
        95.. => what.to_owned(),
        70.. => format!("mostly {what}"),
        40.. => format!("half {what}"),
        10.. => format!("partly {what}"),
        _ => format!("hardly {what}"),
    }
}

pub(super) fn lead(context: &Context<'_>, answers: &Answers) -> Markup {
    let depths = &answers.readiness.depths;
    let of = depths.documented.of;
    let found = answers.readiness.requirements.iter().filter(|answer| !answer.findings.is_empty()).count();
    let state = format!(
        "{}, {}, {}.",
        extent(depths.documented.met, of, "documented"),
        extent(depths.operating.met, of, "running"),
        extent(depths.proven.met, of, "proven")
    );
    if context.view.first_scope_on().is_none() {
        return html! { "No scope is in force, so that nothing is asked of operation yet. " strong { "Begin with the scope" } "; what follows from it stands below." };
    }
    html! {
        (words(&state)) " "
        @if found == 0 { "Nothing would be found today." }
        @else {
            @if let Some(what) = constraint(depths) { (what) " the constraint: " }
            a href=(context.link("/gaps?show=missing")) { strong { (crate::format::count(found, "requirement", "requirements")) " would be findings" } } " if sampled today."
        }
    }
}

pub(super) fn actions(context: &Context<'_>, next: Option<&Next>) -> Markup {
    html! {
        @if let Some(next) = next {
            a.button href=(context.link(&place::of(next.record))) { (date(next.on)) @if let Some(body) = &next.body { " · " (body) } }
        }
        @if context.view.first_scope_on().is_none() { (button::primary("arrow", &context.link("/gaps?show=missing"), "Plan the gaps")) }
        @else {
            (button::link(&context.link("/gaps?show=missing"), "Plan the gaps"))
            (button::primary("down", &context.link("/pack"), "Build audit pack"))
        }
    }
}
