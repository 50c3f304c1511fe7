//! Whether something is done about a risk.

use jiff::ToSpan;
use vouch_record::kind::generated::risk::{Risk, RiskType};
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::time::{after, days_between};
use vouch_record::{Link, Value};

use super::score::level_of;
use super::{acceptance, method, residual_level, treatments};
use crate::view::Entry;

/// Days a late treatment still counts.
const GRACE: i64 = 30;

/// A chance is answered once it is decided. A threat is answered by a residual level within the acceptance limit (where it was
/// above before: once that is decided, or for thirty days after it was scored), by a treatment that runs in time, or by an
/// acceptance.
#[must_use]
pub fn answered(entry: Entry<'_>) -> bool {
    if Risk(entry.content()).type_().is(RiskType::Opportunity) {
        return entry.is("decided");
    }
    *entry.view().keep(Some(entry.id()), "risk.answered", || {
        within_limit(entry) || treatments(entry).any(runs_in_time) || acceptance(entry).is_some()
    })
}

/// The residual level lies within the limit and somebody stands for it.
fn within_limit(entry: Entry<'_>) -> bool {
    let limit = method(entry).and_then(|method| method.acceptance_limit().get());
    let (Some(level), Some(limit)) = (residual_level(entry), limit) else { return false };
    let today = entry.view().today();
    let fresh = || Risk(entry.content()).assessed_on().get().is_some_and(|on| days_between(on, today) <= GRACE);
    level <= limit && (!was_above(entry) || entry.is("decided") || fresh())
}

/// Whether an earlier revision that was settled stood above the limit of the method it was scored with.
fn was_above(entry: Entry<'_>) -> bool {
    let mut read: Option<&vouch_record::state::Leaf> = None;
    entry.leaves().iter().any(|leaf| {
        if leaf.action.is_revision() {
            read = Some(leaf);
        }
        let settled = entry.kind().is_settled(&leaf.state);
        settled && read.is_some_and(|revision| revision.revision < entry.revision() && stood_above(entry, revision) == Some(true))
    })
}

/// Whether the scores of a revision stood above the limit of the method they were made with; nothing while a score is missing.
#[must_use]
pub fn stood_above(entry: Entry<'_>, revision: &vouch_record::state::Leaf) -> Option<bool> {
    let int = |name: &str| revision.body.get(name).and_then(Value::as_int);
    let link: Link = revision.body.get("method")?.as_text()?.parse().ok()?;
    let found = entry.view().find(link.id)?;
    let method = RiskMethod(found.content());
    let score = super::Score {
        likelihood: int("residual_likelihood")?,
        organisation: int("residual_organisation")?,
        individuals: int("residual_individuals")?,
        society: int("residual_society")?,
    };
    let level = level_of(method, score.likelihood, score.consequence(method)?)?;
    Some(level > method.acceptance_limit().get()?)
}

/// A treatment in state approved or doing whose due day has not passed by more than thirty days, or one done whose effect need not
/// be judged yet.
fn runs_in_time(entry: Entry<'_>) -> bool {
    let treatment = Treatment(entry.content());
    let today = entry.view().today();
    if entry.is_any(&["approved", "doing"]) {
        return treatment.due().get().is_some_and(|due| days_between(due, today) <= GRACE);
    }
    let wait = treatment.judge_after().get().unwrap_or_else(|| 0.days());
    entry.is("done") && treatment.done_at().get().is_some_and(|done| days_between(after(done, &wait), today) <= GRACE)
}
