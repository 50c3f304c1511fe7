//! A.4.6 Human resources.

mod able;
mod named;
mod proved;
mod short;

use crate::check::{Check, Rule};

/// The rules of A.4.6.
pub(super) const CHECK: Check = Check {
    requirement: "A.4.6",
    texts: include_bytes!("a_4_6.yaml"),
    rules: &[
        Rule::each("A.4.6-D1", named::each_duty_has_somebody),
        Rule::each("A.4.6-D2", named::rows_say_what_is_needed),
        Rule::each("A.4.6-D3", named::more_than_one_view),
        Rule::each("A.4.6-O1", able::able_on_every_day),
        Rule::each("A.4.6-O2", short::gaps_are_decided),
        Rule::each("A.4.6-O3", short::who_left_is_replaced),
        Rule::each("A.4.6-O4", short::confirmed_in_time),
        Rule::each("A.4.6-P1", able::nobody_proved_the_own_competence),
        Rule::each("A.4.6-P2", proved::plan_and_record_agree),
        Rule::one_in(365, "A.4.6-P3", proved::people_were_interviewed),
    ],
    not_applicable: None,
};
