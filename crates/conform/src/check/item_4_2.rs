//! 4.2 Understanding the needs and expectations of interested parties.

mod answered;
mod heard;
mod named;
mod parties;

use crate::check::{Check, Rule};

/// The rules of 4.2.
pub(super) const CHECK: Check = Check {
    requirement: "4.2",
    texts: include_bytes!("item_4_2.yaml"),
    rules: &[
        Rule::each("4.2-D1", named::those_affected_have_a_party),
        Rule::each("4.2-D2", named::usual_parties_are_there),
        Rule::each("4.2-D3", answered::needs_are_decided),
        Rule::each("4.2-D4", named::affected_rows_name_a_party),
        Rule::each("4.2-O1", answered::accepted_needs_are_met),
        Rule::each("4.2-O2", heard::heard_as_often_as_set),
        Rule::each("4.2-O3", heard::looked_at_after_concerns),
        Rule::each("4.2-O4", heard::reviewed_each_year),
        Rule::each("4.2-P1", heard::weak_parties_were_heard),
        Rule::each("4.2-P2", answered::duties_were_verified),
        Rule::one_in(365, "4.2-P3", heard::something_followed),
    ],
    not_applicable: None,
};
