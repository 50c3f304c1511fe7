//! What really happened beside what was foreseen.

use std::collections::BTreeMap;

use jiff::ToSpan;
use vouch_record::kind::generated::concern::{Concern, ConcernCategory};
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentImpactDimension, ImpactAssessmentImpactSide,
};
use vouch_record::kind::generated::incident::{Incident, IncidentType};

use super::system;
use crate::view::Entry;

/// One dimension with what was seen and what was foreseen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct EffectSeen {
    /// dimension of impacts; `other` for reports that fit none
    pub dimension: &'static str,
    /// incidents and concerns of the last twelve months about the system
    pub seen: usize,
    /// harm rows of the assessment
    pub foreseen: usize,
}

/// Incidents and concerns of the last twelve months about the system, by dimension, beside the harms foreseen. Exercises, dismissed
/// incidents, tests of the channel and void concerns are left out. An incident of several types counts once in each dimension.
#[must_use]
pub fn effects_seen(entry: Entry<'_>) -> Vec<EffectSeen> {
    let mut dimensions: BTreeMap<&'static str, (usize, usize)> = BTreeMap::new();
    let harms = ImpactAssessment(entry.content()).impacts().filter(|row| row.side() == Some(ImpactAssessmentImpactSide::Harm));
    for dimension in harms.filter_map(|row| row.dimension()) {
        dimensions.entry(dimension.id()).or_default().1 += 1;
    }
    for dimension in system(entry).map(seen).unwrap_or_default() {
        dimensions.entry(dimension).or_default().0 += 1;
    }
    dimensions.into_iter().map(|(dimension, (seen, foreseen))| EffectSeen { dimension, seen, foreseen }).collect()
}

fn seen(system: Entry<'_>) -> Vec<&'static str> {
    let view = system.view();
    let since = view.today().saturating_sub(12.months());
    let mut found = Vec::new();
    for entry in system.incoming(Incident::KIND, "ai_systems") {
        let incident = Incident(entry.content());
        let recent = incident.detected_at().get().is_some_and(|at| view.day(at) >= since);
        if recent && !incident.exercise().is(true) && !entry.is("dismissed") {
            let mut dimensions: Vec<&'static str> = incident.types().map(|of| dimension_of_incident(of).id()).collect();
            dimensions.sort_unstable();
            dimensions.dedup();
            found.extend(dimensions);
        }
    }
    for entry in system.incoming(Concern::KIND, "ai_systems") {
        let concern = Concern(entry.content());
        let recent = concern.received_at().get().is_some_and(|at| view.day(at) >= since);
        if recent && !concern.test().is(true) && !entry.is("void") {
            found
                .push(concern.category().get().and_then(dimension_of_concern).map_or("other", ImpactAssessmentImpactDimension::id));
        }
    }
    found
}

/// The dimension of impacts in which a type of incident shows.
#[must_use]
pub const fn dimension_of_incident(of: IncidentType) -> ImpactAssessmentImpactDimension {
    use ImpactAssessmentImpactDimension as Dimension;
    match of {
        IncidentType::BiasedOutcome => Dimension::Fairness,
        IncidentType::WrongOutput | IncidentType::Drift | IncidentType::Unavailability | IncidentType::SupplierFailure => {
            Dimension::Reliability
        }
        IncidentType::HarmfulOutput => Dimension::Safety,
        IncidentType::Misuse | IncidentType::Security => Dimension::Security,
        IncidentType::DataLeak => Dimension::Privacy,
        IncidentType::OversightFailure => Dimension::Autonomy,
        IncidentType::LegalBreach => Dimension::Rights,
    }
}

/// The dimension of impacts in which a category of concern shows, if one does.
#[must_use]
pub const fn dimension_of_concern(of: ConcernCategory) -> Option<ImpactAssessmentImpactDimension> {
    use ImpactAssessmentImpactDimension as Dimension;
    Some(match of {
        ConcernCategory::Harm => Dimension::Safety,
        ConcernCategory::Unfairness => Dimension::Fairness,
        ConcernCategory::WrongOutput => Dimension::Reliability,
        ConcernCategory::Privacy => Dimension::Privacy,
        ConcernCategory::Security | ConcernCategory::Misuse => Dimension::Security,
        ConcernCategory::Transparency => Dimension::Transparency,
        ConcernCategory::Conduct => Dimension::Accountability,
        ConcernCategory::Appeal => Dimension::Rights,
        ConcernCategory::Other => return None,
    })
}
