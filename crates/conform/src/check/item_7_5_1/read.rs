//! Whether documents are read again in time.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::document::{Document, DocumentState};
use vouch_record::kind::generated::evidence::{Evidence, EvidenceShows};
use vouch_record::time::{days_between, parse_date};

use crate::check::bearing::is_of;
use crate::check::controlled::in_force;
use crate::derived::document::review_was_due;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How late a review may have been in the window.
const LATE_DAYS: i64 = 30;

/// 7.5.1-O1
pub(super) fn reviewed_in_time(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(in_force(view), |document| {
        Judgement::needing(document, &["review_by"], || {
            let lapse = |due: Date, days: Window| {
                let late = days_between(due, days.to);
                Lapse::of(document).value("document", document.label()).value("date", due).value("days", late).over(days)
            };
            if let Some(due) = review_was_due(document) {
                let days = Window { from: due.saturating_add(1.day()), to: view.today() };
                return Judgement::Fail(lapse(due, days));
            }
            let late = unread(document, window).into_iter().max_by_key(|(_, days)| days.days());
            late.filter(|(_, days)| days.days() > LATE_DAYS)
                .map_or(Judgement::Pass, |(due, days)| Judgement::Fail(lapse(due, days)))
        })
    })
}

/// The stretches of the window on which a document in state approved was past its `review_by`, each with that day.
fn unread(document: Entry<'_>, window: Window) -> Vec<(Date, Window)> {
    let (view, record) = (document.view(), document.record());
    let mut found: Vec<(Date, Window)> = Vec::new();
    let leaves = document.leaves();
    for (at, leaf) in leaves.iter().enumerate() {
        let to = leaves.get(at + 1).map_or(view.today(), |next| view.day(next.time).saturating_sub(1.day()));
        let Some(standing) = record.standing(document.kind(), leaf.seq + 1).filter(|_| to >= window.from) else { continue };
        let due = standing.shown().value(record, "review_by").and_then(|value| parse_date(value.as_text()?));
        let Some(due) = due.filter(|_| standing.shown_state(record) == DocumentState::Approved.id()) else { continue };
        let late = Window { from: view.day(leaf.time).max(due.saturating_add(1.day())), to };
        let Some(late) = late.and(window) else { continue };
        match found.last_mut() {
            Some((of, last)) if *of == due && last.to.saturating_add(1.day()) >= late.from => last.to = late.to,
            _ => found.push((due, late)),
        }
    }
    found
}

/// 7.5.1-O3
pub(super) fn texts_elsewhere_are_read_again(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let elsewhere = |document: &Entry<'_>| Document(document.content()).url().is_filled() && !is_here(*document);
    each(in_force(view).filter(elsewhere), |document| {
        Judgement::needing(document, &["url", "digest", "external_checked_on"], || {
            let content = Document(document.content());
            let lapse = |on: Option<Date>| {
                let date = on.unwrap_or_else(|| document.created_on());
                let url = content.url().get().unwrap_or_default();
                Judgement::Fail(Lapse::of(document).value("document", document.label()).value("url", url).value("date", date))
            };
            let (last, conforms) = last_read(document);
            let fresh = last.is_some_and(|on| window.has(on)) && conforms;
            if fresh && content.digest().is_filled() { Judgement::Pass } else { lapse(last) }
        })
    })
}

fn is_here(document: Entry<'_>) -> bool {
    let content = Document(document.content());
    content.body().is_filled() || content.files().next().is_some()
}

/// The last day on which the text was read and compared, and whether it was unchanged then: `external_checked_on`, or the last day of
/// evidence about the document that was not rejected.
fn last_read(document: Entry<'_>) -> (Option<Date>, bool) {
    let view = document.view();
    let checked = Document(document.content()).external_checked_on().get().map(|on| (on, true));
    let all = Window { from: Date::MIN, to: view.today() };
    let reads =
        document.incoming(Evidence::KIND, "about").filter(|read| read.is_any(&["collected", "reviewed"]) && is_of(*read, all));
    let reads = reads.filter_map(|read| {
        let content = Evidence(read.content());
        Some((content.covers_to().get()?, !content.shows().is(EvidenceShows::Deviates)))
    });
    // Of two on one day the one that shows a difference counts.
    let last = checked.into_iter().chain(reads).max_by_key(|(on, unchanged)| (*on, !unchanged));
    (last.map(|(on, _)| on), last.is_some_and(|(_, unchanged)| unchanged))
}
