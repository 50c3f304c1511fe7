//! Whether the assessment holds what incidents and concerns showed.

use std::collections::BTreeMap;

use jiff::{Timestamp, ToSpan};
use vouch_record::Id;
use vouch_record::kind::generated::concern::Concern;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentImpactDimension as Dimension, ImpactAssessmentImpactSide,
};
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity};

use crate::check::assessing::is_deep;
use crate::check::occasion::ANSWER_DAYS;
use crate::check::wording::words;
use crate::derived::ai_system;
use crate::derived::impact_assessment::{dimension_of_concern, dimension_of_incident};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// So many concerns in one dimension show what one incident shows.
const CONCERNS: usize = 3;

/// A report in one dimension.
#[derive(Clone, Copy)]
struct Report {
    at: Timestamp,
    record: Id,
    /// an incident of severity moderate or more
    weighs: bool,
}

/// A.5.4-O3
pub(super) fn reports_are_held(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.systems(), |system| {
        let Some(assessment) = ai_system::assessment_in_force(system).filter(|one| is_deep(*one)) else {
            return Judgement::Skip("no deep impact assessment in force; see 8.4-D2".to_owned());
        };
        let mut verdict = Found::Nothing;
        let mut lapses = Vec::new();
        for (dimension, reports) in reports(system, window) {
            match judge(assessment, dimension, &reports) {
                Found::Lapse(lapse) => lapses.push(lapse.in_system(system)),
                Found::Nothing => {}
                other => verdict = other,
            }
        }
        match verdict {
            _ if !lapses.is_empty() => Judgement::needing(assessment, &["impacts"], || Judgement::FailAll(lapses)),
            Found::Held => Judgement::Shown(vec![system.subject(), assessment.subject()]),
            Found::Waits => Judgement::Skip("reports of the last days; they can still be taken in".to_owned()),
            Found::Nothing | Found::Lapse(_) => Judgement::Skip("no reports that weigh enough".to_owned()),
        }
    })
}

enum Found {
    Nothing,
    Waits,
    Held,
    Lapse(Lapse),
}

/// The reports of a period about a system by dimension. Exercises, dismissed incidents, tests of the channel and void concerns are left
/// out.
fn reports(system: Entry<'_>, window: Window) -> BTreeMap<Dimension, Vec<Report>> {
    let view = system.view();
    let mut found: BTreeMap<Dimension, Vec<Report>> = BTreeMap::new();
    for entry in system.incoming(Incident::KIND, "ai_systems").filter(|one| !one.is("dismissed")) {
        let incident = Incident(entry.content());
        let Some(at) = incident.detected_at().get().filter(|at| window.has(view.day(*at))) else { continue };
        let weighs = incident.severity().get() >= Some(IncidentSeverity::Moderate);
        if incident.exercise().is(true) || !weighs {
            continue;
        }
        let mut dimensions: Vec<Dimension> = incident.types().map(dimension_of_incident).collect();
        dimensions.sort_unstable();
        dimensions.dedup();
        for dimension in dimensions {
            found.entry(dimension).or_default().push(Report { at, record: entry.id(), weighs });
        }
    }
    for entry in system.incoming(Concern::KIND, "ai_systems").filter(|one| !one.is("void")) {
        let concern = Concern(entry.content());
        let at = concern.received_at().get().filter(|at| window.has(view.day(*at)) && !concern.test().is(true));
        if let Some((at, dimension)) = at.zip(concern.category().get().and_then(dimension_of_concern)) {
            found.entry(dimension).or_default().push(Report { at, record: entry.id(), weighs: false });
        }
    }
    found
}

fn judge(assessment: Entry<'_>, dimension: Dimension, reports: &[Report]) -> Found {
    let view = assessment.view();
    let enough = |of: &[Report]| of.iter().any(|one| one.weighs) || of.len() >= CONCERNS;
    let answerable = |one: &&Report| view.day(one.at).saturating_add(ANSWER_DAYS.days()) < view.today();
    let old: Vec<Report> = reports.iter().filter(answerable).copied().collect();
    if !enough(&old) {
        return if enough(reports) { Found::Waits } else { Found::Nothing };
    }
    if is_held(assessment, dimension) && old.iter().all(|one| is_taken_in(assessment, *one)) {
        return Found::Held;
    }
    Found::Lapse(Lapse::of(assessment).value("n", old.len()).value("dimension", words(dimension.id())))
}

/// Whether a harm of the dimension says how likely it is and how many people it hits.
fn is_held(assessment: Entry<'_>, dimension: Dimension) -> bool {
    let harms = ImpactAssessment(assessment.content()).impacts().filter(|row| row.side() == Some(ImpactAssessmentImpactSide::Harm));
    let mut harms = harms.filter(|row| row.dimension() == Some(dimension));
    harms.any(|row| row.people().is_some() && row.likelihood().is_some())
}

/// Whether the assessment was written after a report, or confirmed because of it.
fn is_taken_in(assessment: Entry<'_>, report: Report) -> bool {
    let mut confirmed = ImpactAssessment(assessment.content()).confirmations().filter_map(|row| row.because());
    assessment.made_at() > report.at || confirmed.any(|link| link.id == report.record)
}
