//! What became of the needs of parties.

use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::interested_party::{
    InterestedParty, InterestedPartyNeedAccepted, InterestedPartyNeedRow, InterestedPartyNeedSource,
};

use super::parties::assessed;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// Judges the needs of each assessed party that are asked; each that does not hold is a lapse of the party.
fn each_need<'v>(
    view: &'v View,
    asked: impl Fn(InterestedPartyNeedRow<'v>) -> bool,
    holds: impl Fn(Entry<'v>, InterestedPartyNeedRow<'v>) -> bool,
) -> Verdicts {
    let things = std::cell::Cell::new(0);
    let verdicts = each(assessed(view), |party| {
        Judgement::needing(party, &["needs"], || {
            let needs: Vec<InterestedPartyNeedRow<'v>> =
                InterestedParty(party.content()).needs().filter(|row| asked(*row)).collect();
            if needs.is_empty() {
                return Judgement::Skip("it has no such need".to_owned());
            }
            things.set(things.get() + needs.len());
            let lapse = |row: &InterestedPartyNeedRow<'v>| {
                let code = row.code().or(row.need()).unwrap_or("without a code");
                Lapse::of(party).value("party", party.label()).value("code", code)
            };
            Judgement::of(needs.iter().filter(|row| !holds(party, **row)).map(lapse).collect())
        })
    });
    verdicts.among(things.get())
}

/// 4.2-D3
pub(super) fn needs_are_decided(view: &View) -> Verdicts {
    each_need(
        view,
        |_| true,
        |_, row| {
            let decided = row.accepted().is_some_and(|accepted| accepted != InterestedPartyNeedAccepted::Open);
            decided && row.reason().is_some_and(|reason| !reason.trim().is_empty())
        },
    )
}

/// 4.2-O1
pub(super) fn accepted_needs_are_met(view: &View) -> Verdicts {
    use InterestedPartyNeedAccepted::{Partly, Yes};
    let taken = |row: InterestedPartyNeedRow<'_>| matches!(row.accepted(), Some(Yes | Partly));
    each_need(view, taken, |_, row| row.met_by().filter_map(|link| view.get(link.id)).any(|record| record.is_live()))
}

/// 4.2-P2
pub(super) fn duties_were_verified(view: &View) -> Verdicts {
    use InterestedPartyNeedSource::{Contract, Law};
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let owed = |row: InterestedPartyNeedRow<'_>| {
        row.accepted() == Some(InterestedPartyNeedAccepted::Yes) && matches!(row.source(), Some(Law | Contract))
    };
    let verifies = |given: &Given<'_>, owner: Option<Id>| {
        matches!(given.approval.purpose().get(), Some(ApprovalPurpose::Review | ApprovalPurpose::Verify))
            && given.approval.decision().is(ApprovalDecision::Approved)
            && given.counts_as_proof()
            && year.has(given.on())
            && given.by().is_some()
            && given.by() != owner
    };
    each_need(view, owed, |party, row| {
        let owner = InterestedParty(party.content()).owner().get().map(|link| link.id);
        let mut records = row.met_by().filter_map(|link| view.get(link.id));
        records.any(|record| record.given().iter().any(|given| verifies(given, owner)))
    })
}
