//! 7.5.3 Control of documented information.

mod answered;
mod kept;
mod ledger;
mod outside;
mod overwritten;
mod reached;
mod restored;

use crate::check::{Check, Rule};

/// The rules of 7.5.3.
pub(super) const CHECK: Check = Check {
    requirement: "7.5.3",
    texts: include_bytes!("item_7_5_3.yaml"),
    rules: &[
        Rule::each("7.5.3-D1", kept::documents_say_how_they_are_kept),
        Rule::each("7.5.3-D2", outside::outside_texts_are_named),
        Rule::each("7.5.3-O1", outside::outside_texts_are_compared),
        Rule::each("7.5.3-O2", reached::old_revisions_are_out_of_use),
        Rule::each("7.5.3-O3", reached::restricted_documents_are_closed),
        Rule::each("7.5.3-O4", kept::kept_as_long_as_they_must),
        Rule::one_in(365, "7.5.3-O5", restored::a_restore_was_tried),
        Rule::each("7.5.3-P1", ledger::deviations_were_followed),
        Rule::one_in(120, "7.5.3-P2", ledger::verified_from_outside),
        Rule::each("7.5.3-P3", overwritten::results_stay_as_approved),
        Rule::each("7.5.3-P4", answered::shown_at_once),
    ],
    not_applicable: None,
};
