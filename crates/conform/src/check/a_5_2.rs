//! A.5.2 AI system impact assessment process.

mod carried;
mod deeper;
mod maker;
mod occasioned;
mod process;

use crate::check::{Check, Rule};

/// The rules of A.5.2.
pub(super) const CHECK: Check = Check {
    requirement: "A.5.2",
    texts: include_bytes!("a_5_2.yaml"),
    rules: &[
        Rule::each("A.5.2-D1", process::process_is_complete),
        Rule::one("A.5.2-D2", process::uses_are_restricted),
        Rule::each("A.5.2-O1", occasioned::events_are_answered),
        Rule::each("A.5.2-O2", deeper::screenings_are_followed),
        Rule::each("A.5.2-O3", deeper::sensitive_uses_have_consent),
        Rule::each("A.5.2-O4", carried::conditions_are_carried),
        Rule::each("A.5.2-P1", maker::not_made_by_the_owner_alone),
        Rule::each("A.5.2-P2", maker::no_late_catching_up),
        Rule::each("A.5.2-P3", occasioned::answers_came_in_order),
    ],
    not_applicable: None,
};
