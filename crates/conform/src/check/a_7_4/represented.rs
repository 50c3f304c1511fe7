//! Whether data shows the people whom a system meets, and whether gaps are told.

use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlanMetricCategory;
use vouch_record::kind::generated::shared::{DataUse, RiskTier};
use vouch_record::kind::generated::user_information::{UserInformation, UserInformationCover};

use crate::check::data_in_use::{assessments_in_use, first_approved, in_use, was_approved};
use crate::check::information;
use crate::check::monitored::metrics_of;
use crate::check::specified::{holds, same};
use crate::check::touched::used_for_a_year;
use crate::derived::ai_system::{assessment_in_force, tier};
use crate::derived::data_assessment::representation_gaps;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Days in which whom a system meets is to be compared with its data.
const YEAR: i64 = 365;

/// A.7.4-O4
pub(super) fn compared_again_in_use(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["risk_tier", "datasets"], || {
            if tier(system).is_none_or(|tier| tier < RiskTier::Moderate) {
                return Judgement::Skip("tier below moderate".to_owned());
            }
            if AiSystem(system.content()).datasets().next().is_none() {
                return Judgement::Skip("it names no data".to_owned());
            }
            let last = comparisons(system).into_iter().max_by_key(|(on, one)| (*on, one.id()));
            match last {
                Some((on, one)) if year.has(on) => Judgement::Shown(vec![system.subject(), one.subject()]),
                _ if !used_for_a_year(system) => Judgement::Skip("not in use for a year yet".to_owned()),
                _ => Judgement::Fail(Lapse::of(system).maybe("date", last.map(|(on, _)| on))),
            }
        })
    })
}

/// Assessments of operational data with shares of groups, and values of data quality by group, each with its last day.
fn comparisons(system: Entry<'_>) -> Vec<(Date, Entry<'_>)> {
    let view = system.view();
    let judged = system.incoming(DataAssessment::KIND, "ai_systems").filter_map(|one| {
        let content = DataAssessment(one.content());
        let operational = matches!(content.use_().get(), Some(DataUse::Operation | DataUse::Retrieval));
        let compared = operational && was_approved(one) && content.representation().next().is_some();
        let on = content.covers_to().get().or_else(|| first_approved(one)).filter(|_| compared)?;
        Some((on, one))
    });
    let metrics = metrics_of(system).into_iter().filter(|metric| metric.is_about(&[MonitoringPlanMetricCategory::DataQuality]));
    let values = metrics.flat_map(|metric| metric.values()).filter_map(|value| {
        let content = Measurement(value.content());
        content.by_group().next()?;
        Some((view.day(content.covers_to().get()?), value))
    });
    judged.chain(values).collect()
}

/// A.7.4-P3
pub(super) fn gaps_are_told(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for dataset in in_use(view) {
        for assessment in assessments_in_use(dataset) {
            let judgement = Judgement::needing(assessment, &["representation"], || {
                if DataAssessment(assessment.content()).representation().next().is_none() {
                    return Judgement::Skip("no shares of groups were compared".to_owned());
                }
                let gaps = representation_gaps(assessment);
                let systems: Vec<Entry<'_>> = assessment.links("ai_systems").collect();
                let untold = gaps.iter().flat_map(|gap| {
                    let open = systems.iter().filter(|system| is_named(**system, &gap.group) && !is_told(**system, &gap.group));
                    open.map(|system| {
                        let lapse = Lapse::of(assessment).in_system(*system).value("group", &gap.group);
                        lapse.value("dataset", dataset.label())
                    })
                });
                Judgement::of(untold.collect())
            });
            verdicts.note(assessment, judgement);
        }
    }
    verdicts
}

/// Whether the impact assessment in force of a system names the group.
fn is_named(system: Entry<'_>, group: &str) -> bool {
    assessment_in_force(system).is_some_and(|assessment| {
        let mut rows = ImpactAssessment(assessment.content()).groups();
        rows.any(|row| [row.group(), row.code()].into_iter().flatten().any(|name| same(name, group)))
    })
}

/// Whether an approved text about a system that covers limits names the group.
fn is_told(system: Entry<'_>, group: &str) -> bool {
    information::of(system).filter(Entry::is_settled).any(|text| {
        let content = UserInformation(text.content());
        content.covers().has_any(&[UserInformationCover::Limits]) && content.content().get().is_some_and(|text| holds(text, group))
    })
}
