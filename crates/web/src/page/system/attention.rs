//! What must be done about a system: what an auditor would find in it, each with the form that mends it.

use maud::{Markup, html};
use vouch_app::Result;
use vouch_conform::Entry;
use vouch_conform::readiness::{Finding, LapseShown};

use crate::part::badge::{mark, tone_of};
use crate::part::finding::mend;
use crate::place;
use crate::request::Context;

/// Lines shown.
const FIRST: usize = 5;

/// The card; no card where nothing is wrong.
///
/// # Errors
/// What the store says.
pub(super) fn card(context: &Context<'_>, entry: Entry<'_>) -> Result<Markup> {
    let findings = context.answers()?.readiness.findings();
    let concerns =
        |lapse: &&LapseShown| lapse.system == Some(entry.id()) || lapse.subject.is_some_and(|subject| subject.id == entry.id());
    let found: Vec<(&Finding, &LapseShown)> =
        findings.into_iter().filter_map(|finding| Some((finding, finding.lapses.iter().find(concerns)?))).collect();
    Ok(html! {
        section.card {
            div.card-head { h2 { "Needs attention" } @if found.len() > FIRST { a href=(context.with_query(&[("tab", Some("controls"))])) { (found.len()) " in all" } } }
            @if found.is_empty() { p.muted { "An auditor would find nothing in this system today." } }
            ul.lines.start {
                @for (finding, lapse) in found.iter().take(FIRST) {
                    @let record = lapse.subject.map(|subject| subject.id).or(Some(entry.id()));
                    li {
                        (mark(tone_of(finding.grade), finding.grade.word()))
                        div {
                            p { (lapse.message) }
                            p.small {
                                a.ref href=(context.link(&place::of_requirement(&finding.requirement))) { (finding.requirement) } " · "
                                (mend(context, &finding.act, record, &finding.requirement))
                            }
                        }
                    }
                }
            }
        }
    })
}
