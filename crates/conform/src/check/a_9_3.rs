//! A.9.3 Objectives for responsible use of AI systems.

mod counted;
mod measured;
mod overseer;
mod plan;

pub(crate) use counted::{name_of, uncounted_months};

use vouch_record::kind::generated::shared::AiRole;

use crate::check::{Check, Rule};
use crate::view::View;

/// The rules of A.9.3.
pub(super) const CHECK: Check = Check {
    requirement: "A.9.3",
    texts: include_bytes!("a_9_3.yaml"),
    rules: &[
        Rule::one("A.9.3-D1", measured::an_objective_has_a_measure),
        Rule::each("A.9.3-D2", plan::somebody_can_step_in),
        Rule::each("A.9.3-D3", plan::share_and_hours_are_set),
        Rule::each("A.9.3-O1", counted::overrides_are_counted),
        Rule::each("A.9.3-O2", plan::the_stop_was_tried),
        Rule::each("A.9.3-O3", measured::objectives_are_followed),
        Rule::each("A.9.3-O4", counted::strange_rates_are_looked_into),
        Rule::each("A.9.3-O5", counted::appeals_are_answered),
        Rule::each("A.9.3-P1", overseer::competent_on_each_day),
        Rule::each("A.9.3-P2", overseer::others_judged_it),
        Rule::one_in(365, "A.9.3-P3", measured::top_management_compared_them),
    ],
    not_applicable: Some(nobody_offers_or_uses),
};

/// No system in scope has the role provider or user.
fn nobody_offers_or_uses(view: &View) -> bool {
    view.nobody_plays(&[AiRole::Provider, AiRole::User])
}
