//! A.4.4 Tooling resources.

mod answered;
mod looked;
mod named;
mod observed;
mod proved;

use vouch_record::kind::generated::resource::ResourceCategory;

use crate::check::{Check, Rule};

/// The rules of A.4.4.
pub(super) const CHECK: Check = Check {
    requirement: "A.4.4",
    texts: include_bytes!("a_4_4.yaml"),
    rules: &[
        Rule::each("A.4.4-D1", named::models_are_approved),
        Rule::each("A.4.4-D2", named::tools_are_named),
        Rule::each("A.4.4-D3", named::tools_are_described),
        Rule::each("A.4.4-O1", answered::what_answered_was_approved),
        Rule::each("A.4.4-O2", observed::nothing_stays_unapproved),
        Rule::each("A.4.4-O3", observed::no_other_version_runs),
        Rule::each("A.4.4-O4", looked::weaknesses_are_decided),
        Rule::each("A.4.4-O5", looked::looked_at_in_time),
        Rule::each("A.4.4-P1", proved::approved_by_another),
        Rule::each("A.4.4-P2", observed::pipelines_report_the_parts),
        Rule::each("A.4.4-P3", proved::nothing_past_its_support),
    ],
    not_applicable: Some(super::a_6_2_6::none_was_live),
};

/// Categories of resources that this control is about.
const TOOLS: [ResourceCategory; 7] = [
    ResourceCategory::Algorithm,
    ResourceCategory::Framework,
    ResourceCategory::DataTool,
    ResourceCategory::EvaluationTool,
    ResourceCategory::DevelopmentTool,
    ResourceCategory::ProvisioningTool,
    ResourceCategory::MonitoringTool,
];
