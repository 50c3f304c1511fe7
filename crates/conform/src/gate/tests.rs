//! Tests of the gates.

use std::collections::BTreeSet;

use vouch_record::kind::generated::shared::{RiskTier, Stage};
use vouch_record::kind::generated::stage_review::StageReviewGate;

use super::{Path, gates, need};

#[test]
fn every_gate_of_a_review_has_needs_with_ids_of_their_own() {
    let names: Vec<&str> = gates().iter().map(|gate| gate.gate.as_str()).collect();
    assert_eq!(names, StageReviewGate::ALL.map(StageReviewGate::id));
    let ids: Vec<&str> = gates().iter().flat_map(|gate| &gate.needs).map(|need| need.id.as_str()).collect();
    assert_eq!(ids.len(), 66);
    assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), 66);
    for gate in gates() {
        assert!(Stage::from_id(&gate.opens).is_some(), "{} opens `{}`", gate.gate, gate.opens);
        assert!(RiskTier::ALL.into_iter().all(|tier| gate.needs.iter().any(|need| need.is_asked(tier, None))), "{}", gate.gate);
    }
}

#[test]
fn a_need_is_asked_for_its_tiers_and_paths_only() {
    let check =
        |id: &str, tier, path, expected| assert_eq!(need(id).unwrap().is_asked(tier, path), expected, "{id} {tier:?} {path:?}");
    check("G-REQ-7", RiskTier::Moderate, Some(Path::Build), true);
    check("G-REQ-7", RiskTier::Moderate, Some(Path::Adopt), false);
    check("G-REQ-7", RiskTier::Low, Some(Path::Build), false);
    check("G-REQ-9", RiskTier::Low, Some(Path::Build), false);
    check("G-REQ-9", RiskTier::Low, None, true);
    assert_eq!(need("G-REQ-1").unwrap().waived_by(), None);
    assert_eq!(need("G-VV-8").unwrap().waived_by(), Some("top_management"));
    assert!(need("G-REQ-99").is_none());
}
