//! 9.2.2 Internal audit programme.

mod adjusted;
mod auditor;
mod drawn;
mod kept;
mod planned;

use crate::check::{Check, InForce, Rule};

const PROGRAMME: &[InForce] = &[InForce::AuditProgramme];

/// The rules of 9.2.2.
pub(super) const CHECK: Check = Check {
    requirement: "9.2.2",
    texts: include_bytes!("item_9_2_2.yaml"),
    rules: &[
        Rule::one("9.2.2-D1", planned::programme_plans_everything),
        Rule::each("9.2.2-D2", auditor::auditors_can_audit).speaks_of(PROGRAMME),
        Rule::each("9.2.2-D3", planned::weight_has_a_reason).speaks_of(PROGRAMME),
        Rule::each("9.2.2-O1", kept::planned_audits_were_held).speaks_of(PROGRAMME),
        Rule::each("9.2.2-O2", kept::intervals_are_kept).speaks_of(PROGRAMME),
        Rule::each("9.2.2-O3", drawn::reports_reached_the_managers),
        Rule::each("9.2.2-O4", adjusted::programme_reacts).speaks_of(PROGRAMME),
        Rule::each("9.2.2-P1", auditor::auditors_are_independent),
        Rule::each("9.2.2-P2", drawn::samples_can_be_drawn_again),
        Rule::each("9.2.2-P3", planned::approved_by_an_other_person).speaks_of(PROGRAMME),
    ],
    not_applicable: None,
};
