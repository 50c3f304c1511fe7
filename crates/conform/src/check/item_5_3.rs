//! 5.3 Roles, responsibilities and authorities.

mod audited;
mod decided;
mod held;
mod left;
mod power;
mod reported;
mod set_up;

use crate::check::{Check, Rule};

/// The rules of 5.3.
pub(super) const CHECK: Check = Check {
    requirement: "5.3",
    texts: include_bytes!("item_5_3.yaml"),
    rules: &[
        Rule::each("5.3-D1", set_up::one_role_answers_for_each),
        Rule::each("5.3-D2", set_up::limits_and_appointments),
        Rule::each("5.3-D3", set_up::reporting_lines),
        Rule::each("5.3-O1", held::never_long_vacant),
        Rule::each("5.3-O2", decided::decided_with_power),
        Rule::each("5.3-O3", held::holders_confirmed),
        Rule::each("5.3-O4", left::nothing_is_left_behind),
        Rule::one_in(183, "5.3-O5", reported::reported_to_top_management),
        Rule::each("5.3-P1", decided::power_came_first),
        Rule::each("5.3-P2", audited::own_work_is_rare),
        Rule::one_in(365, "5.3-P3", audited::holders_were_asked),
    ],
    not_applicable: None,
};
