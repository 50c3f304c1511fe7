//! Whether measures were looked at after they were taken, and harms are told apart.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentImpactRow, ImpactAssessmentImpactSide, ImpactAssessmentMeasureRow,
};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::test::Test;

use crate::check::assessing::{deep_in_force, systems_of, tier_of};
use crate::check::wording::words;
use crate::derived::treatment::own_date;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// After so many days somebody has to have looked whether a measure helps.
const LOOK_DAYS: i64 = 180;
/// From so many assessments on they can be compared.
const COMPARABLE: usize = 4;

/// A.5.4-P2
pub(super) fn measures_were_looked_at(view: &View) -> Verdicts {
    each(deep_in_force(view), |assessment| {
        Judgement::needing(assessment, &["measures"], || {
            let old = |met: &Date| met.saturating_add(LOOK_DAYS.days()) < view.today();
            let taken = ImpactAssessment(assessment.content()).measures();
            let taken: Vec<_> = taken.filter_map(|row| Some((row.met_on().filter(old)?, row))).collect();
            if taken.is_empty() {
                return Judgement::Skip("no measure was taken long enough ago".to_owned());
            }
            Judgement::needing(assessment, &["impacts"], || {
                let against = taken.into_iter().filter_map(|(met, row)| Some((met, row, harm_of(assessment, row)?)));
                let against: Vec<_> = against.collect();
                if against.is_empty() {
                    return Judgement::Skip("no measure against a harm was taken long enough ago".to_owned());
                }
                let unseen = against.into_iter().filter(|(met, row, _)| !is_looked_at(assessment, *row, *met));
                let lapses = unseen.map(|(met, row, harm)| {
                    Lapse::of(assessment)
                        .value("measure", row.measure().or(row.code()).unwrap_or("a measure"))
                        .value("impact", harm.effect().or(harm.code()).unwrap_or("a harm"))
                        .value("date", met)
                });
                Judgement::of(lapses.collect())
            })
        })
    })
}

/// The harm that a measure is against.
fn harm_of<'v>(assessment: Entry<'v>, row: ImpactAssessmentMeasureRow<'v>) -> Option<ImpactAssessmentImpactRow<'v>> {
    let code = row.impact()?;
    let mut impacts = ImpactAssessment(assessment.content()).impacts();
    impacts.find(|impact| impact.side() == Some(ImpactAssessmentImpactSide::Harm) && impact.code() == Some(code))
}

/// A test, an analysed measurement or reviewed evidence of a later day about its systems, that the row or the watch of the assessment
/// names.
fn is_looked_at(assessment: Entry<'_>, row: ImpactAssessmentMeasureRow<'_>, met: Date) -> bool {
    let view = assessment.view();
    let of_system = |entry: Entry<'_>, field: &str| systems_of(assessment).any(|system| entry.names(system.id(), field));
    let speaks = |entry: Entry<'_>| {
        let counts = match entry.kind().name.as_str() {
            Test::KIND => entry.is_any(&["run", "reviewed"]) && of_system(entry, "ai_system"),
            Measurement::KIND => entry.is("analysed") && of_system(entry, "ai_system"),
            Evidence::KIND => entry.is("reviewed") && (of_system(entry, "about") || entry.names(assessment.id(), "about")),
            _ => false,
        };
        counts && own_date(entry) > met
    };
    let met_by = row.met_by().filter_map(|link| view.get(link.id));
    let watched = assessment.links("watch").flat_map(|measure| measure.incoming(Measurement::KIND, "measure"));
    met_by.chain(watched).any(speaks)
}

/// A.5.4-P3
pub(super) fn harms_are_told_apart(view: &View) -> Verdicts {
    let judged: Vec<(Entry<'_>, BTreeSet<(i64, i64)>)> = deep_in_force(view)
        .filter(|one| !one.value("impacts").is_erased())
        .map(|one| (one, harms(one)))
        .filter(|(_, harms)| !harms.is_empty())
        .collect();
    let mut alike: BTreeMap<&BTreeSet<(i64, i64)>, usize> = BTreeMap::new();
    for (_, harms) in &judged {
        *alike.entry(harms).or_default() += 1;
    }
    let erased = each(deep_in_force(view).filter(|one| one.value("impacts").is_erased()), |one| {
        Judgement::needing(one, &["impacts"], || Judgement::Pass)
    });
    let mut verdicts = Verdicts::holds();
    for (assessment, harms) in &judged {
        let others = alike.get(harms).map_or(0, |n| n - 1);
        let tier = tier_of(*assessment);
        let lowest = lowest_severity(*assessment);
        let slight = tier >= Some(RiskTier::High) && harms.iter().all(|(severity, _)| *severity <= lowest);
        let many = judged.len() >= COMPARABLE && (others + 1) * 2 > judged.len();
        let defect = match (slight, many) {
            (true, _) => Some(format!("sees only slight harm, with the same scores as {others} others")),
            (false, true) => Some(format!("scores its harms exactly as {others} of {} others do", judged.len() - 1)),
            (false, false) => None,
        };
        let lapse = |defect: String| {
            let tier = tier.map_or("unknown", RiskTier::id);
            Lapse::of(*assessment).value("tier", words(tier)).value("defect", defect)
        };
        verdicts.note(*assessment, defect.map_or(Judgement::Pass, |defect| Judgement::Fail(lapse(defect))));
    }
    verdicts.and(erased)
}

/// How bad and how likely its harms are, each pair once.
fn harms(assessment: Entry<'_>) -> BTreeSet<(i64, i64)> {
    let rows = ImpactAssessment(assessment.content()).impacts();
    let harms = rows.filter(|row| row.side() == Some(ImpactAssessmentImpactSide::Harm));
    harms.filter_map(|row| row.severity().zip(row.likelihood())).collect()
}

/// The lowest severity of the scale that the assessment uses.
fn lowest_severity(assessment: Entry<'_>) -> i64 {
    let method = assessment.linked("method");
    let scale = method.and_then(|method| RiskMethod(method.content()).impact_scale().filter_map(|row| row.severity()).min());
    scale.unwrap_or(1)
}
