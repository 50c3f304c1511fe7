//! What is wrong with an acceptance.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::risk::Risk;

use super::wording::words;
use crate::derived::acceptance::{accepted_on, longest_until, with_power};
use crate::view::{Entry, Window};

/// The days on which it was in force, as far as its own dates say; nothing while nobody accepted it.
pub(super) fn days_in_force(acceptance: Entry<'_>) -> Option<Window> {
    let content = Acceptance(acceptance.content());
    let on = accepted_on(acceptance)?;
    let from = content.from().get().map_or(on, |from| from.max(on));
    let ended = content.ended_on().get().map(|day| day.saturating_sub(1.day()));
    let to = content.until().get().into_iter().chain(ended).min().unwrap_or_else(|| acceptance.view().today());
    (from <= to).then_some(Window { from, to })
}

/// Why it was given by nobody who may give it, each as a participle: without the power, or by whoever asked for it.
pub(super) fn wrongly_given(acceptance: Entry<'_>) -> Vec<String> {
    let content = Acceptance(acceptance.content());
    let mut defects = Vec::new();
    if !with_power(acceptance) {
        defects.push("given without the power to do so".to_owned());
    }
    let by = content.accepted_by().get().map(|link| link.id);
    if by.is_some() && by == content.requested_by().get().map(|link| link.id) {
        defects.push("given by whoever asked for it".to_owned());
    }
    defects
}

/// Everything that is wrong with it: who gave it, with which override, about which scores, and for how long.
pub(super) fn defects(acceptance: Entry<'_>) -> Vec<String> {
    let content = Acceptance(acceptance.content());
    let mut defects = wrongly_given(acceptance);
    let given = acceptance
        .given()
        .into_iter()
        .filter(|given| matches!(given.approval.purpose().get(), Some(ApprovalPurpose::Accept | ApprovalPurpose::Waive)));
    let given: Vec<_> = given.collect();
    if given.is_empty() {
        defects.push("given without an approval".to_owned());
    }
    if let Some(rule) = given.iter().find_map(|given| given.overrides()) {
        defects.push(format!("given with the override {}", words(rule.id())));
    }
    if let Some(scored) = scores_then(acceptance).filter(|scored| accepted_on(acceptance).is_some_and(|on| on < *scored)) {
        defects.push(format!("older than the scores of {scored}"));
    }
    match (content.until().get(), longest_until(acceptance)) {
        (None, _) => defects.push("without an end date".to_owned()),
        (Some(until), Some(longest)) if until > longest => defects.push(format!("longer than its level allows, until {until}")),
        _ => {}
    }
    defects
}

/// The day of the scores that were accepted: those the risk had when it was accepted.
fn scores_then(acceptance: Entry<'_>) -> Option<Date> {
    let risk = acceptance.linked("subject").filter(|subject| subject.kind().name == Risk::KIND)?;
    let then = risk.on(accepted_on(acceptance)?)?;
    Risk(then.content()).assessed_on().get()
}
