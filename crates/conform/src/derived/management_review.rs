//! Derived values of a management review.

mod input;

pub use input::{inputs_open, missing_inputs, undecided};

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::management_review::{
    ManagementReview, ManagementReviewDecisionRow, ManagementReviewDecisionType, ManagementReviewInputInput, ManagementReviewState,
};

use super::answer::{choices, table, texts};
use super::{Derived, is_over};
use crate::view::Entry;

/// The derived values of a management review.
pub const TABLE: &[Derived] = &[
    Derived::new("missing_inputs", |entry| choices(missing_inputs(entry).into_iter().map(ManagementReviewInputInput::id)))
        .reading(&["inputs"]),
    Derived::new("undecided", |entry| choices(undecided(entry).into_iter().map(ManagementReviewInputInput::id)))
        .reading(&["inputs", "decisions"]),
    Derived::new("open_decisions", |entry| texts(open_decisions(entry))).reading(&["decisions"]),
    Derived::new("inputs_open", |entry| choices(inputs_open(entry).into_iter().map(ManagementReviewInputInput::id)))
        .reading(&["inputs"]),
    Derived::new("unlisted_decisions", |entry| {
        table(entry, "management-review.unlisted_decisions", || {
            unlisted_decisions(entry).into_iter().map(|(review, code)| row! { review: review, code: code }).collect()
        })
    })
    .reading(&["previous_actions"]),
    Derived::new("signed_late", |entry| Val::Bool(signed_late(entry))).reading(&["held_on"]),
];

/// Codes of decisions whose record is not done. A decision of type none asks for nothing; one without a record is not done.
#[must_use]
pub fn open_decisions(entry: Entry<'_>) -> Vec<String> {
    let review = ManagementReview(entry.content());
    let held = review.held_on().get();
    let asks = review.decisions().filter(|row| row.type_() != Some(ManagementReviewDecisionType::None));
    let open =
        asks.filter(|row| !row.record().and_then(|link| entry.view().find(link.id)).is_some_and(|record| is_done(record, held)));
    open.map(code).collect()
}

fn code(row: ManagementReviewDecisionRow<'_>) -> String {
    row.code().or(row.decision()).unwrap_or_default().to_owned()
}

/// States in which what was decided has been carried out.
const DONE: [&str; 7] = ["done", "evaluated", "implemented", "reviewed", "verified", "judged", "declined"];

/// A record with such a state is done in it, or when it is over. One of a kind without (a document, a role, an objective) is done when
/// a revision made after the review is in force.
#[must_use]
pub fn is_done(record: Entry<'_>, held: Option<Date>) -> bool {
    let kind = record.kind();
    if kind.states.iter().any(|state| DONE.contains(&state.as_str())) {
        return record.is_any(&DONE) || is_over(record);
    }
    is_over(record) || (record.is_live() && held.is_none_or(|held| record.changed_on().last().is_some_and(|on| on >= held)))
}

/// Decisions of earlier reviews, as review and code, that were open when the inputs were frozen (today while they are not) and that no row
/// of `previous_actions` names.
#[must_use]
pub fn unlisted_decisions(entry: Entry<'_>) -> Vec<(Id, String)> {
    let (review, view) = (ManagementReview(entry.content()), entry.view());
    let then = review.inputs_frozen_at().get().map_or_else(|| view.today(), |at| view.day(at));
    let day = view.on(then.min(view.today()));
    let own = review.held_on().get().or(review.planned_for().get());
    let listed: Vec<(Id, &str)> =
        review.previous_actions().filter_map(|row| Some((row.review()?.id, row.decision_code()?))).collect();
    let earlier = day.all(ManagementReview::KIND).filter(|other| {
        let held = ManagementReview(other.content()).held_on().get();
        other.id() != entry.id() && other.is_settled() && own.is_none_or(|own| held.is_some_and(|held| held < own))
    });
    let open = earlier.flat_map(|other| open_decisions(other).into_iter().map(move |code| (other.id(), code)));
    open.filter(|(id, code)| !listed.contains(&(*id, code.as_str()))).collect()
}

/// Held for more than thirty days and not signed, or signed more than thirty days after it was held.
#[must_use]
pub fn signed_late(entry: Entry<'_>) -> bool {
    let view = entry.view();
    let Some(last) = ManagementReview(entry.content()).held_on().get().map(|held| held.saturating_add(30.days())) else {
        return false;
    };
    match entry.state() {
        state if state == ManagementReviewState::Held.id() => last < view.today(),
        state if state == ManagementReviewState::Signed.id() => entry.entered(state).is_some_and(|signed| last < signed),
        _ => false,
    }
}
