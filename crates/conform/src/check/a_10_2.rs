//! A.10.2 Allocating responsibilities.

mod held;
mod kept;
mod population;
mod proved;

use crate::check::{Check, Rule};

/// The rules of A.10.2.
pub(super) const CHECK: Check = Check {
    requirement: "A.10.2",
    texts: include_bytes!("a_10_2.yaml"),
    rules: &[
        Rule::each("A.10.2-D1", held::each_side_has_a_row),
        Rule::each("A.10.2-D2", held::each_activity_has_a_row),
        Rule::each("A.10.2-D3", held::gaps_have_an_owner_and_a_day),
        Rule::each("A.10.2-O1", held::suppliers_agreed),
        Rule::each("A.10.2-O2", held::customers_agreed),
        Rule::each("A.10.2-O3", kept::gaps_were_closed),
        Rule::each("A.10.2-O4", kept::looked_at_when_suppliers_join),
        Rule::each("A.10.2-O5", kept::changes_are_decided_by_whoever_may),
        Rule::each("A.10.2-P1", proved::others_took_it_on),
        Rule::each("A.10.2-P2", proved::both_sides_confirmed),
        Rule::each("A.10.2-P3", proved::incidents_went_as_the_table_says),
    ],
    not_applicable: Some(population::nobody_else_for_a_year),
};
