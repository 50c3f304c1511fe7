//! Whether those who answer for the other policies confirmed that they fit, and whether an audit compared them.

use jiff::ToSpan;
use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::document::{Document, DocumentRelatedEffect, DocumentRelatedRow};
use vouch_record::kind::generated::finding::{Finding, FindingGrade};

use super::related::{each_row, other};
use crate::check::audited::{in_last_year, reached};
use crate::framework::ISO42001;
use crate::shape::{Lapse, Verdicts, at_least_one};
use crate::view::{Entry, Given, View};

/// How long a finding may be unanswered.
const ANSWER_DAYS: i64 = 90;

/// A.2.3-P1
pub(super) fn owners_confirmed(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let bears = |row: DocumentRelatedRow<'_>| row.effect().is_some_and(|effect| effect != DocumentRelatedEffect::None);
    each_row(view, bears, |policy, row| {
        let document = other(view, row);
        let owner = document.and_then(|document| Document(document.content()).owner().get());
        let authors: Vec<Id> = Document(policy.content()).authors().map(|link| link.id).collect();
        let owners: Vec<Id> =
            owner.into_iter().chain(row.owner()).map(|link| link.id).filter(|person| !authors.contains(person)).collect();
        let confirms = |given: &Given<'_>| {
            given.approval.purpose().is(ApprovalPurpose::Review)
                && given.approval.decision().is(ApprovalDecision::Approved)
                && given.counts_as_proof()
                && year.has(given.on())
                && given.by().is_some_and(|by| owners.contains(&by))
        };
        let mut given = [Some(policy), document].into_iter().flatten().flat_map(|entry| entry.given());
        given.find(confirms).map(|given| vec![given.entry.subject()]).ok_or_else(|| Lapse::of(policy))
    })
}

/// A.2.3-P2
pub(super) fn compared_in_an_audit(view: &View) -> Verdicts {
    let since = view.today().saturating_sub(ANSWER_DAYS.days());
    let unanswered: Vec<Entry<'_>> = view
        .all(Finding::KIND)
        .filter(|entry| {
            let content = Finding(entry.content());
            let named = content.requirements().any(|named| named.framework == ISO42001 && named.item == "A.2.3");
            named
                && entry.is("raised")
                && !content.grade().is(FindingGrade::Strength)
                && content.raised_at().get().is_some_and(|on| on < since)
        })
        .collect();
    let audits = in_last_year(view).filter(|audit| reached(*audit).any(|item| item == "A.2.3"));
    let none = || Lapse::of_organisation().value("defect", "no audit of the last year compared the policies");
    let mut verdicts = at_least_one(audits, none);
    verdicts.failed.extend(unanswered.into_iter().map(|finding| {
        let on = Finding(finding.content()).raised_at().get().map_or_else(String::new, |on| on.to_string());
        Lapse::of(finding).value("defect", format!("{} of {on} is not answered", finding.label()))
    }));
    verdicts
}
