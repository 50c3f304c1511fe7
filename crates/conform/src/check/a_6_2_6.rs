//! A.6.2.6 Operation and monitoring of AI systems.

mod answered;
mod covered;
mod kept;
mod plan;
mod proved;

use crate::check::{Check, Rule};
use crate::shape::breakpoints;
use crate::view::View;

/// The rules of A.6.2.6.
pub(super) const CHECK: Check = Check {
    requirement: "A.6.2.6",
    texts: include_bytes!("a_6_2_6.yaml"),
    rules: &[
        Rule::each("A.6.2.6-D1", plan::live_systems_are_watched),
        Rule::each("A.6.2.6-D2", plan::categories_are_watched),
        Rule::each("A.6.2.6-D3", plan::it_can_be_followed),
        Rule::each("A.6.2.6-O1", covered::never_blind),
        Rule::each("A.6.2.6-O2", answered::alarms_are_answered_in_time),
        Rule::each("A.6.2.6-O3", answered::missed_incidents_change_the_plan),
        Rule::each("A.6.2.6-O4", kept::limits_are_worth_something),
        Rule::each("A.6.2.6-O5", kept::repair_and_support_are_kept),
        Rule::each("A.6.2.6-P1", proved::limits_were_judged_by_another),
        Rule::each("A.6.2.6-P2", covered::values_can_be_checked),
        Rule::one_in(365, "A.6.2.6-P3", proved::an_alarm_was_followed_to_its_end),
    ],
    not_applicable: Some(none_was_live),
};

/// No AI system in scope was live on any day of the window; before there is one, today counts.
pub(super) fn none_was_live(view: &View) -> bool {
    if view.live_systems().next().is_some() {
        return false;
    }
    let Some(window) = view.window() else { return true };
    let days = breakpoints(window, view.systems(), []);
    days.into_iter().all(|day| view.on(day).live_systems().next().is_none())
}
