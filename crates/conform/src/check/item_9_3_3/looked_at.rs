//! Whether somebody else saw what became of decisions, and they stand as they were signed.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::management_review::{ManagementReview, ManagementReviewDecisionRow};
use vouch_record::view::Row;
use vouch_record::{Leaf, Value};

use super::carried::each_decision;
use super::decided::recent;
use crate::check::wording::called;
use crate::derived::management_review::is_done;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long after the meeting decisions may be written down.
const WRITE_DAYS: i64 = 14;
/// Fields in which records name what shows their result.
const RESULTS: [&str; 5] = ["results", "proof", "evidence", "effect_records", "outside_proof"];
/// States that somebody enters who looked.
const LOOKED: [&str; 5] = ["approved", "reviewed", "verified", "evaluated", "judged"];

/// 9.3.3-P1
pub(super) fn somebody_else_looked_at_results(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each_decision(view, |decision, held| {
        let record = decision.record().filter(|record| is_done(*record, Some(held)))?;
        let finished = finished_on(record).filter(|on| year.has(*on))?;
        let owner = decision.row.owner().map(|link| link.id);
        let seen = looked(record, owner, held) || RESULTS.iter().any(|field| shows(record, field, owner, held));
        let owner = called(view, owner);
        (!seen && finished >= held).then(|| decision.lapse().value("owner", owner))
    })
}

/// The day of the last step of a record.
fn finished_on(record: Entry<'_>) -> Option<Date> {
    record.transitions().map(|leaf| record.view().day(leaf.time)).next_back().or_else(|| record.changed_on().last())
}

/// Whether a person other than the owner approved, reviewed or verified a record since the meeting.
fn looked(record: Entry<'_>, owner: Option<Id>, held: Date) -> bool {
    use ApprovalPurpose::{Approve, Close, Review, Sign, Verify};
    let other = |person: Option<Id>| person.is_some() && person != owner;
    let given = record.given().into_iter().any(|given| {
        given.approval.decision().is(ApprovalDecision::Approved)
            && matches!(given.approval.purpose().get(), Some(Approve | Close | Review | Sign | Verify))
            && given.overrides().is_none()
            && given.counts_as_proof()
            && given.on() >= held
            && other(given.by())
    });
    let entered = |leaf: &Leaf| LOOKED.contains(&leaf.state.as_ref()) && record.view().day(leaf.time) >= held;
    given || record.transitions().any(|leaf| entered(leaf) && other(leaf.actor.person()))
}

/// Whether a result that a record names was looked at.
fn shows(record: Entry<'_>, field: &str, owner: Option<Id>, held: Date) -> bool {
    record.kind().field(field).is_some() && record.links(field).any(|result| looked(result, owner, held))
}

/// 9.3.3-P2
pub(super) fn decisions_stand_as_signed(view: &View) -> Verdicts {
    each(recent(view).into_iter().filter(|review| review.is("signed")), |review| {
        Judgement::needing(review, &["decisions", "held_on"], || {
            let Some(held) = ManagementReview(review.content()).held_on().get() else {
                return Judgement::Undecided("it has no day".to_owned());
            };
            let now = decided_in(review.made());
            let Some(first) = review.revisions().find(|leaf| decided_in(leaf) == now) else { return Judgement::Pass };
            let written = view.day(first.time);
            let signed = review.given().into_iter().rfind(|given| given.approval.purpose().is(ApprovalPurpose::Sign));
            let then = signed.and_then(|given| review.revisions().find(|leaf| leaf.revision == given.revision()));
            let defect = if then.is_some_and(|leaf| decided_in(leaf) != now) {
                "were changed after the signature".to_owned()
            } else if written > held.saturating_add(WRITE_DAYS.days()) {
                format!("were written only on {written}")
            } else {
                return Judgement::Pass;
            };
            Judgement::Fail(Lapse::of(review).value("review", review.label()).value("defect", defect))
        })
    })
}

/// What a revision decided, without the records that carry it, which come later.
fn decided_in(leaf: &Leaf) -> Vec<[Option<String>; 6]> {
    let rows = leaf.body.get("decisions").map_or(&[][..], Value::items);
    let told = |row: ManagementReviewDecisionRow<'_>| {
        let own = |text: Option<&str>| text.map(str::to_owned);
        [
            own(row.code()),
            row.type_().map(|one| one.id().to_owned()),
            own(row.decision()),
            own(row.reason()),
            row.owner().map(|link| link.to_string()),
            row.due().map(|day| day.to_string()),
        ]
    };
    rows.iter().map(|row| told(ManagementReviewDecisionRow::from(Row(row)))).collect()
}
