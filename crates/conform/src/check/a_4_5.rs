//! A.4.5 System and computing resources.

mod capacity;
mod placed;
mod proved;

use vouch_record::kind::generated::resource::ResourceCategory;

use crate::check::{Check, Rule};

/// The rules of A.4.5.
pub(super) const CHECK: Check = Check {
    requirement: "A.4.5",
    texts: include_bytes!("a_4_5.yaml"),
    rules: &[
        Rule::each("A.4.5-D1", placed::says_where_it_runs),
        Rule::each("A.4.5-D2", placed::critical_resources_have_a_way_back),
        Rule::each("A.4.5-D3", placed::footprint_is_known),
        Rule::each("A.4.5-O1", capacity::capacity_is_looked_at),
        Rule::each("A.4.5-O2", placed::it_stays_in_its_place),
        Rule::each("A.4.5-O3", capacity::tight_is_decided),
        Rule::each("A.4.5-O4", capacity::looked_at_in_time),
        Rule::each("A.4.5-P1", proved::recovery_was_shown),
        Rule::each("A.4.5-P2", proved::feeds_see_them),
        Rule::each("A.4.5-P3", proved::approved_by_another),
    ],
    not_applicable: Some(super::a_6_2_6::none_was_live),
};

/// Categories of resources that this control is about.
const PLACES: [ResourceCategory; 6] = [
    ResourceCategory::Compute,
    ResourceCategory::Cloud,
    ResourceCategory::Edge,
    ResourceCategory::Storage,
    ResourceCategory::Network,
    ResourceCategory::Facility,
];

/// Categories of what runs a system.
const RUNS: [ResourceCategory; 3] = [ResourceCategory::Compute, ResourceCategory::Cloud, ResourceCategory::Edge];
