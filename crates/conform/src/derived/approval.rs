//! Derived values of an approval.

use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::approval::{Approval, ApprovalState, ApprovalVoteVote};
use vouch_record::kind::generated::committee::Committee;

use super::{Derived, committee, involved};
use crate::view::Entry;

/// The derived values of an approval.
pub const TABLE: &[Derived] = &[
    Derived::new("independent", |entry| Val::Bool(independent(entry))).reading(&["by"]),
    Derived::new("current", |entry| Val::Bool(current(entry))).reading(&["valid_until"]),
    Derived::new("quorate", |entry| quorate(entry).map_or(Val::Empty, Val::Bool)).reading(&["votes"]),
];

/// The approver wrote no field of the revision, and neither did nor performed what the record is about.
#[must_use]
pub fn independent(entry: Entry<'_>) -> bool {
    let approval = Approval(entry.content());
    let (Some(by), Some(subject)) = (approval.by().get(), approval.subject().get().and_then(|link| entry.view().find(link.id)))
    else {
        return false;
    };
    let wrote = |subject: Entry<'_>| revision(entry, subject).is_some_and(|leaf| subject.authors_of(leaf).contains(&by.id));
    !wrote(subject) && !involved::performed(subject, by.id)
}

fn revision<'v>(entry: Entry<'v>, subject: Entry<'v>) -> Option<&'v vouch_record::Leaf> {
    let number = Approval(entry.content()).subject_revision().get()?;
    subject.revisions().find(|leaf| i64::from(leaf.revision) == number)
}

/// In state given, not past its end, and no field that it covers was changed since the revision it is about. Where an older revision
/// stays in force beside a proposal, it is the one in force that counts.
#[must_use]
pub fn current(entry: Entry<'_>) -> bool {
    let approval = Approval(entry.content());
    let lasts = approval.valid_until().get().is_none_or(|until| until >= entry.view().today());
    let number = approval.subject_revision().get().and_then(|number| u32::try_from(number).ok());
    let subject = approval.subject().get().and_then(|link| entry.view().find(link.id));
    let unchanged = matches!((number, subject), (Some(number), Some(subject)) if subject.still_approved(number));
    entry.is(ApprovalState::Given.id()) && lasts && unchanged
}

/// The votes of voting members present on the day reach the quorum of the committee; excluded persons are left out. Nothing for an
/// approval that no committee gave.
#[must_use]
pub fn quorate(entry: Entry<'_>) -> Option<bool> {
    let approval = Approval(entry.content());
    let day = entry.created_on();
    let committee = approval.on_behalf_of().get().and_then(|link| entry.view().on(day).find(link.id))?;
    let quorum = Committee(committee.content()).quorum().get()?;
    let voting = committee::voting_members(committee, day);
    let votes = approval.votes().filter(|row| row.vote().is_some_and(|vote| vote != ApprovalVoteVote::Excluded));
    let mut present: Vec<Id> =
        votes.filter_map(|row| row.person().map(|link| link.id)).filter(|person| voting.contains(person)).collect();
    present.sort_unstable();
    present.dedup();
    Some(i64::try_from(present.len()).unwrap_or(i64::MAX) >= quorum)
}
