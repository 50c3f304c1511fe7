//! Whether plan and record name the same overseers, and whether auditors asked them.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemStaffingDuty as Duty};
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::shared::Oversight;

use crate::check::audited::in_last_year;
use crate::check::wording::{called, people};
use crate::derived::ai_system::oversight_in_force;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// In how many systems auditors ask somebody, unless there are fewer.
const ASKED: usize = 3;

/// The people whom a system names for one of these duties.
fn staff(system: Entry<'_>, duties: &[Duty]) -> BTreeSet<Id> {
    let rows = AiSystem(system.content()).staffing().filter(|row| row.duty().is_some_and(|duty| duties.contains(&duty)));
    rows.flat_map(|row| row.people().collect::<Vec<_>>()).map(|link| link.id).collect()
}

/// A.4.6-P2
pub(super) fn plan_and_record_agree(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let Some(plan) = oversight_in_force(system) else { return Judgement::Skip("no oversight plan is in force".to_owned()) };
        let content = OversightPlan(plan.content());
        if content.mode().is(Oversight::None) {
            return Judgement::Skip("nobody oversees it, by its plan".to_owned());
        }
        if plan.value("overseers").is_erased() || system.value("staffing").is_erased() {
            return Judgement::Undecided("the names of the overseers were erased".to_owned());
        }
        let planned: BTreeSet<Id> = content.overseers().filter_map(|row| row.person()).map(|link| link.id).collect();
        let recorded = staff(system, &[Duty::Oversee]);
        let mut defects: Vec<String> = Vec::new();
        if planned != recorded {
            let (plan, record) = (people(view, planned), people(view, recorded));
            defects.push(format!("the plan names {plan}, the record names {record} as overseers"));
        }
        let idle = content.overseers().filter(|row| row.hours_per_week().is_none_or(|hours| hours <= Decimal::ZERO));
        defects.extend(idle.map(|row| format!("the plan gives {} no hours", called(view, row.person().map(|link| link.id)))));
        if defects.is_empty() {
            return Judgement::Shown(vec![system.subject(), plan.subject()]);
        }
        Judgement::FailAll(defects.into_iter().map(|defect| Lapse::of(plan).in_system(system).value("defect", defect)).collect())
    })
}

/// A.4.6-P3
pub(super) fn people_were_interviewed(view: &View) -> Verdicts {
    let systems: Vec<BTreeSet<Id>> =
        view.live_systems().map(|system| staff(system, &[Duty::Run, Duty::Oversee])).filter(|staff| !staff.is_empty()).collect();
    if systems.is_empty() {
        return Verdicts::holds();
    }
    let audits: Vec<Entry<'_>> = in_last_year(view).collect();
    let asked = |audit: &Entry<'_>| -> Vec<Id> {
        Audit(audit.content()).interviews().filter_map(|row| row.person()).map(|link| link.id).collect()
    };
    let people: BTreeSet<Id> = audits.iter().flat_map(asked).collect();
    let met = systems.iter().filter(|staff| !staff.is_disjoint(&people)).count();
    if met < ASKED.min(systems.len()) {
        return Verdicts::failed(Lapse::of_organisation());
    }
    let useful = |audit: &&Entry<'_>| asked(audit).iter().any(|person| systems.iter().any(|staff| staff.contains(person)));
    Verdicts { passed: audits.iter().filter(useful).map(Entry::subject).collect(), ..Verdicts::default() }
}
