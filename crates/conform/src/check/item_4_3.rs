//! 4.3 Determining the scope of the AI management system.

mod boundary;
mod place;
mod used;

use crate::check::{Check, InForce, Rule};

const SCOPE: &[InForce] = &[InForce::Scope];

/// The rules of 4.3.
pub(super) const CHECK: Check = Check {
    requirement: "4.3",
    texts: include_bytes!("item_4_3.yaml"),
    rules: &[
        Rule::one("4.3-D1", boundary::approved_by_top_management),
        Rule::each("4.3-D2", boundary::named_in_the_sentence).speaks_of(SCOPE),
        Rule::each("4.3-D3", place::everything_placed).speaks_of(SCOPE),
        Rule::each("4.3-D4", boundary::shows_how_it_was_drawn).speaks_of(SCOPE),
        Rule::each("4.3-D5", boundary::excludes_nothing_it_cannot).speaks_of(SCOPE),
        Rule::each("4.3-O1", place::never_long_unplaced).speaks_of(SCOPE),
        Rule::each("4.3-O2", place::decided_about_in_time),
        Rule::each("4.3-O3", used::nothing_customers_use_left_out).speaks_of(SCOPE),
        Rule::each("4.3-O4", used::looked_at_after_changes).speaks_of(SCOPE),
        Rule::each("4.3-P1", used::as_on_the_certificate).speaks_of(SCOPE),
        Rule::one_in(120, "4.3-P2", used::compared_with_what_is_used),
        Rule::each("4.3-P3", used::approved_before_it_was_audited).speaks_of(SCOPE),
        Rule::each("4.3-P4", used::body_agreed_before_the_audit).speaks_of(SCOPE),
    ],
    not_applicable: None,
};
