//! The plan of a release.

use jiff::Timestamp;
use vouch_record::kind::generated::release::{Release, ReleaseRolloutRow};
use vouch_record::view::{Read, Row};
use vouch_record::{Leaf, Value};

use crate::check::released::{PLAN, in_window};
use crate::check::wording::words;
use crate::derived::ai_system;
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// The releases of systems in scope that went live in the window, or are to: each with until when it had to be planned, if a late one.
fn judged(view: &View) -> Vec<(Entry<'_>, Option<Timestamp>)> {
    let live = in_window(view).into_iter().map(|one| (one.release, (one.until > one.at).then_some(one.until)));
    let of_scope = |release: &Entry<'_>| release.linked("ai_system").is_some_and(ai_system::in_scope);
    let coming = view.all(Release::KIND).filter(|release| release.is_any(&["ready", "approved"])).filter(of_scope);
    live.chain(coming.map(|release| (release, None))).collect()
}

/// A.6.2.5-D1
pub(super) fn releases_are_planned(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::holds();
    for (release, until) in judged(view) {
        let judgement = Judgement::needing(release, &PLAN, || {
            if let Some(until) = until.filter(|until| !view.has_come(*until)) {
                return Judgement::Skip(format!("a late release; it has time until {}", view.day(until)));
            }
            let plan = planned(release, until);
            let filled = |field: &str| plan.and_then(|leaf| leaf.body.get(field)).is_some_and(|value| !value.is_empty());
            let mut open: Vec<String> = PLAN.into_iter().filter(|field| !filled(field)).map(words).collect();
            let rows = plan.and_then(|leaf| leaf.body.get("rollout")).map_or(&[][..], Value::items);
            if rows.iter().any(|row| ReleaseRolloutRow::from(Row(row)).stop_when().is_none()) {
                open.push("a value that stops each step".to_owned());
            }
            Judgement::when(open.is_empty(), || Lapse::of(release).value("part", open.join(", ")))
        });
        verdicts.note(release, judgement);
    }
    verdicts
}

/// The revision that was approved; of a late release the last by the end of its time, of one that is not approved yet the latest.
fn planned(release: Entry<'_>, until: Option<Timestamp>) -> Option<&Leaf> {
    if let Some(until) = until {
        return release.revisions().rfind(|leaf| leaf.time < until);
    }
    match release.entry_into("approved") {
        Some(approved) => release.revisions().rfind(|leaf| leaf.revision <= approved.revision),
        None => release.revisions().next_back(),
    }
}

/// A.6.2.5-D2
pub(super) fn preconditions_can_be_shown(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::holds();
    for (release, _) in judged(view) {
        let judgement = Judgement::needing(release, &["preconditions"], || {
            let mut rows = Release(release.content()).preconditions().peekable();
            if rows.peek().is_none() {
                return Judgement::Skip("it names none; see A.6.2.5-D1".to_owned());
            }
            let shown = |link: vouch_record::Link| view.find(link.id).is_some_and(|entry| !entry.is_set_aside());
            let open = rows.filter(|row| row.condition().is_none() || !row.met_by().any(shown));
            Judgement::of(
                open.map(|row| Lapse::of(release).value("condition", row.condition().unwrap_or("without words"))).collect(),
            )
        });
        verdicts.note(release, judgement);
    }
    verdicts
}

/// The outcome of a step in a revision, by the words of the step.
pub(super) fn outcome_in<'v>(leaf: &'v Leaf, step: &str) -> Option<&'v str> {
    let rows = leaf.body.get("rollout").map_or(&[][..], Value::items);
    let row = rows.iter().find(|row| row.get("step").and_then(<&str>::read) == Some(step))?;
    row.get("outcome").and_then(<&str>::read).filter(|outcome| !outcome.is_empty())
}
