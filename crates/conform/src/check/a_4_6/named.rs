//! Who does what for a system, and what they must be able to do.

use std::collections::BTreeSet;

use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemStaffingDuty as Duty};
use vouch_record::kind::generated::shared::RiskTier;

use crate::check::wording::words;
use crate::derived::ai_system::tier;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Duties of every system.
const EVERYWHERE: [Duty; 3] = [Duty::Run, Duty::Oversee, Duty::Domain];
/// Duties of a system of path build.
const MAKING: [Duty; 3] = [Duty::Build, Duty::Data, Duty::Test];

/// A.4.6-D1
pub(super) fn each_duty_has_somebody(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["staffing", "acquired"], || {
            let made: &[Duty] = if system.is_built() { &MAKING } else { &[] };
            let filled = |duty: Duty| {
                let mut rows = AiSystem(system.content()).staffing();
                rows.any(|row| row.duty() == Some(duty) && (row.people().next().is_some() || row.supplier().is_some()))
            };
            let open = EVERYWHERE.iter().chain(made).filter(|duty| !filled(**duty));
            Judgement::of(open.map(|duty| Lapse::of(system).value("duty", words(duty.id()))).collect())
        })
    })
}

/// A.4.6-D2
pub(super) fn rows_say_what_is_needed(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["staffing"], || {
            let rows = AiSystem(system.content()).staffing();
            if rows.len() == 0 {
                return Judgement::Skip("it has no row; see A.4.6-D1".to_owned());
            }
            let open = rows.filter(|row| row.competence_need().is_none() || row.needed().is_none());
            let duty = |duty: Option<Duty>| duty.map_or_else(|| "without a duty".to_owned(), |duty| words(duty.id()));
            Judgement::of(open.map(|row| Lapse::of(system).value("duty", duty(row.duty()))).collect())
        })
    })
}

/// A.4.6-D3
pub(super) fn more_than_one_view(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["staffing", "risk_tier"], || {
            if tier(system) < Some(RiskTier::High) {
                return Judgement::Skip("tier below high".to_owned());
            }
            Judgement::when(speaks_for_others(system) || perspectives(system) >= 2, || Lapse::of(system))
        })
    })
}

fn speaks_for_others(system: Entry<'_>) -> bool {
    let mut rows = AiSystem(system.content()).staffing();
    rows.any(|row| row.duty() == Some(Duty::AffectedView) && (row.people().next().is_some() || row.supplier().is_some()))
}

/// How many different points of view its rows name, case apart.
fn perspectives(system: Entry<'_>) -> usize {
    let rows = AiSystem(system.content()).staffing();
    let named = rows.filter_map(|row| row.perspective()).map(|text| text.trim().to_lowercase());
    named.filter(|text| !text.is_empty()).collect::<BTreeSet<_>>().len()
}
