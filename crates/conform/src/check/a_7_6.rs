//! A.7.6 Data preparation.

mod chosen;
mod labelled;
mod proved;

use crate::check::{Check, Rule};

/// The rules of A.7.6.
pub(super) const CHECK: Check = Check {
    requirement: "A.7.6",
    texts: include_bytes!("a_7_6.yaml"),
    rules: &[
        Rule::each("A.7.6-D1", labelled::guidelines_stand),
        Rule::each("A.7.6-D2", chosen::methods_are_explained),
        Rule::each("A.7.6-O1", chosen::each_change_was_chosen),
        Rule::each("A.7.6-O2", labelled::labels_agree),
        Rule::each("A.7.6-O3", labelled::guideline_came_first),
        Rule::each("A.7.6-P1", proved::makers_do_not_judge),
        Rule::one_in(365, "A.7.6-P2", proved::preparation_was_repeated),
        Rule::each("A.7.6-P3", chosen::fitted_on_training_data),
    ],
    not_applicable: Some(super::a_7_2::nobody_develops_provides_or_integrates),
};
