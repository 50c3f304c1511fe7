//! 4.1 Understanding the organization and its context.

mod followed;
mod looked;
mod noted;

use crate::check::confirming::never_long_unconfirmed;
use crate::check::{Check, Rule};

/// The rules of 4.1.
pub(super) const CHECK: Check = Check {
    requirement: "4.1",
    texts: include_bytes!("item_4_1.yaml"),
    rules: &[
        Rule::one("4.1-D1", noted::both_sides_are_noted),
        Rule::each("4.1-D2", noted::every_category_is_decided),
        Rule::each("4.1-D3", noted::systems_say_what_they_are),
        Rule::each("4.1-D4", noted::law_of_each_country_is_judged),
        Rule::each("4.1-O1", looked::looked_at_each_year),
        Rule::each("4.1-O2", looked::looked_at_after_each_trigger),
        Rule::each("4.1-O3", followed::relevant_issues_led_to_something),
        Rule::each("4.1-O4", |view| never_long_unconfirmed(view, None)),
        Rule::each("4.1-P1", looked::looked_at_by_another),
        Rule::each("4.1-P2", followed::what_they_lean_on_stands),
        Rule::one_in(365, "4.1-P3", followed::context_moves),
        Rule::each("4.1-P4", looked::looks_are_proved),
    ],
    not_applicable: None,
};
