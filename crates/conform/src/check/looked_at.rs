//! Whether somebody looked at a record lately.

use jiff::ToSpan;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};

use crate::shape::{Judgement, Lapse};
use crate::view::{Entry, Given};

/// The latest approval with purpose approve or review, of any revision.
pub(super) fn last_look(entry: Entry<'_>) -> Option<Given<'_>> {
    entry.given().into_iter().rfind(|given| {
        given.approval.decision().is(ApprovalDecision::Approved)
            && matches!(given.approval.purpose().get(), Some(ApprovalPurpose::Approve | ApprovalPurpose::Review))
            && given.counts_as_proof()
    })
}

/// Whether it was looked at in the last `days` days and nothing else is `late`; a lapse holds the day of the last look as `date`. What has
/// not been there so long, or not since the first approved scope, has time.
pub(super) fn looked_at(entry: Entry<'_>, days: i64, late: bool) -> Judgement {
    let view = entry.view();
    let Some(first) = view.first_scope_on() else { return Judgement::Skip("before the first scope".to_owned()) };
    let due = view.today().saturating_sub(days.days());
    let begun = first.max(entry.created_on());
    let looked = last_look(entry);
    match looked {
        Some(given) if given.on() >= due && !late => Judgement::Shown(vec![entry.subject(), given.entry.subject()]),
        _ if begun > due && !late => Judgement::Skip(format!("there is time until {}", begun.saturating_add(days.days()))),
        _ => Judgement::Fail(Lapse::of(entry).maybe("date", looked.map(|given| given.on()))),
    }
}
