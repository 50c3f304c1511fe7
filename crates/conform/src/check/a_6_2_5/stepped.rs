//! Whether each step of going live was looked at before the next one.

use jiff::Timestamp;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::release::ReleaseRolloutRow;

use super::planned::outcome_in;
use crate::check::released::{Released, each_released};
use crate::derived::measurement::{Breach, breach};
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// A.6.2.5-O3
pub(super) fn each_step_was_looked_at(view: &View) -> Verdicts {
    each_released(view, |one| {
        Judgement::needing(one.release, &["rollout"], || {
            let mut steps: Vec<(Timestamp, ReleaseRolloutRow<'_>)> =
                one.content().rollout().filter_map(|row| Some((row.starts()?, row))).collect();
            steps.sort_by_key(|(starts, _)| *starts);
            if steps.len() < 2 {
                return Judgement::Skip("it went live in one step".to_owned());
            }
            let begun = steps.windows(2).filter(|pair| view.has_come(pair[1].0));
            Judgement::of(begun.filter_map(|pair| left(one, pair[0], pair[1].0)).collect())
        })
    })
}

/// What nobody had looked at when the next step started.
fn left(one: &Released<'_>, (starts, row): (Timestamp, ReleaseRolloutRow<'_>), next: Timestamp) -> Option<Lapse> {
    let view = one.release.view();
    let step = row.step()?;
    let rang = last_alarm(one.system, starts, next);
    let written: Vec<Timestamp> =
        one.release.revisions().filter(|leaf| outcome_in(leaf, step).is_some()).map(|leaf| leaf.time).collect();
    let in_time = |at: Timestamp| at <= next && rang.is_none_or(|rang| at >= rang);
    let defect = match rang {
        _ if written.iter().copied().any(in_time) => return None,
        Some(rang) if written.iter().any(|at| *at <= next) => {
            format!("an alarm of {} came after its outcome was written", view.day(rang))
        }
        _ => "nobody had written how it went".to_owned(),
    };
    let stop = row.stop_when().unwrap_or("nothing is said");
    Some(Lapse::of(one.release).value("step", step).value("defect", defect).value("stop_when", stop))
}

/// The last alarm of a system between two instants.
fn last_alarm(system: Entry<'_>, from: Timestamp, to: Timestamp) -> Option<Timestamp> {
    let taken = system.incoming(Measurement::KIND, "ai_system").filter(|value| !value.is("void"));
    let taken = taken.filter_map(|value| Some((Measurement(value.content()).taken_at().get()?, value)));
    taken.filter(|(at, value)| from <= *at && *at <= to && breach(*value) == Breach::Alarm).map(|(at, _)| at).max()
}
