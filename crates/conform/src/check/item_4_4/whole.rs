//! Whether the management system was looked at as a whole, and corrected itself.

use vouch_record::kind::generated::audit::{Audit, AuditCoverageResult, AuditType};
use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::nonconformity::Nonconformity;
use vouch_record::kind::generated::shared::EffectResult;

use super::described::process_owners;
use crate::check::audited::in_last_year;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, one_of};
use crate::view::{Entry, View};

/// 4.4-P1
pub(super) fn audited_as_a_whole(view: &View) -> Verdicts {
    let internal = in_last_year(view).filter(|audit| Audit(audit.content()).type_().is(AuditType::Internal));
    one_of(internal, |audit| Judgement::when(covers(audit) && is_independent(audit), || Lapse::of(audit)), Lapse::of_organisation)
}

fn covers(audit: Entry<'_>) -> bool {
    let result = |row: vouch_record::kind::generated::audit::AuditCoverageRow<'_>| {
        let named = row.requirement().is_some_and(|named| named.framework == ISO42001 && named.item == "4.4");
        named && row.result().is_some_and(|result| result != AuditCoverageResult::NotReached)
    };
    Audit(audit.content()).coverage().any(result)
}

/// Whether nobody of its team held the owner role of a process on the day it was reported.
fn is_independent(audit: Entry<'_>) -> bool {
    let content = Audit(audit.content());
    let Some(reported) = content.reported_at().get() else { return false };
    let owners = process_owners(audit.view().on(reported.min(audit.view().today())));
    let team = content.team().filter_map(|row| row.person()).chain(content.lead_auditor().get());
    team.into_iter().all(|link| !owners.contains(&link.id))
}

/// 4.4-P2
pub(super) fn corrected_itself(view: &View) -> Verdicts {
    let year = view.last_days(365);
    let closed = view.all(Nonconformity::KIND).filter(|entry| entry.is("closed"));
    let recent = closed.filter(|entry| entry.entered("closed").zip(year).is_some_and(|(on, year)| year.has(on)));
    one_of(recent, |entry| Judgement::when(changed_for_good(entry), || Lapse::of(entry)), Lapse::of_organisation)
}

/// Whether a corrective action was effective that changed something, or that answers a nonconformity which changed the management system.
fn changed_for_good(entry: Entry<'_>) -> bool {
    let aims = Nonconformity(entry.content()).aims_change().is_filled();
    entry.incoming(CorrectiveAction::KIND, "nonconformity").any(|action| {
        let content = CorrectiveAction(action.content());
        action.is("verified") && content.result().is(EffectResult::Effective) && (aims || content.changes().next().is_some())
    })
}
