//! A.3.2 AI roles and responsibilities.

mod answers;
mod confirmed;
mod held;
mod shown;

use crate::check::{Check, Rule};

/// The rules of A.3.2.
pub(super) const CHECK: Check = Check {
    requirement: "A.3.2",
    texts: include_bytes!("a_3_2.yaml"),
    rules: &[
        Rule::each("A.3.2-D1", answers::one_role_answers),
        Rule::each("A.3.2-D2", answers::systems_have_people),
        Rule::each("A.3.2-D3", answers::roles_have_deputies),
        Rule::each("A.3.2-O1", held::systems_were_owned),
        Rule::each("A.3.2-O2", held::somebody_could_stop),
        Rule::each("A.3.2-O3", confirmed::duties_are_confirmed),
        Rule::each("A.3.2-O4", held::roles_were_handed_over),
        Rule::each("A.3.2-P1", shown::stop_was_tried),
        Rule::each("A.3.2-P2", shown::owners_do_not_approve_alone),
        Rule::one_in(365, "A.3.2-P3", shown::owners_were_asked),
    ],
    not_applicable: None,
};
