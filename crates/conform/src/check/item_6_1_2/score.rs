//! What the risks of the systems say.

use std::collections::BTreeMap;

use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentImpactSide};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::{RiskCategory, RiskTier};
use vouch_record::time::after;

use crate::check::presence::each_past_concept;
use crate::check::scoring::{SCORED, scored, scored_of};
use crate::check::wording::words;
use crate::derived::{ai_system, risk, risk::score::Score};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View};

/// From how many decided risks on a scale can be said to rank.
const ENOUGH_RISKS: usize = 20;
/// From how many risks of one system on.
const ENOUGH_OF_SYSTEM: usize = 5;

/// 6.1.2-O1
pub(super) fn every_category_looked_at(view: &View) -> Verdicts {
    let Some(method) = view.risk_method() else { return Verdicts::holds() };
    each_past_concept(view, |system| {
        Judgement::needing(system, &["risk_tier"], || {
            let looks: Vec<Entry<'_>> =
                system.incoming(Risk::KIND, "ai_systems").filter(|risk| is_look(*risk, RiskMethod(method.content()))).collect();
            if let Some(erased) = system.incoming(Risk::KIND, "ai_systems").find(|risk| risk.value("categories").is_erased()) {
                return Judgement::Undecided(format!("`categories` of {} was erased", erased.id()));
            }
            let shown: Vec<Subject> = [system.subject()].into_iter().chain(looks.iter().map(Entry::subject)).collect();
            let lapse = |missing: String| Judgement::Fail(Lapse::of(system).value("categories", missing));
            if ai_system::tier(system).is_none_or(|tier| tier == RiskTier::Low) {
                return if looks.is_empty() { lapse("any category".to_owned()) } else { Judgement::Shown(shown) };
            }
            let held = |category: RiskCategory| looks.iter().any(|risk| Risk(risk.content()).categories().has(category));
            let wanted = RiskMethod(method.content()).categories().filter(|category| *category != RiskCategory::Management);
            let missing: Vec<String> = wanted.filter(|category| !held(*category)).map(|category| words(category.id())).collect();
            if missing.is_empty() { Judgement::Shown(shown) } else { lapse(missing.join(", ")) }
        })
    })
}

/// Whether a risk shows that somebody looked: scored inside the interval, or rejected with a reason.
fn is_look(risk: Entry<'_>, method: RiskMethod<'_>) -> bool {
    let today = risk.view().today();
    let on = Risk(risk.content()).assessed_on().get();
    let fresh = on.zip(method.interval().get()).is_some_and(|(on, interval)| today <= after(on, &interval));
    let rejected = || {
        risk.is("rejected")
            && risk.entry_into("rejected").and_then(|leaf| leaf.reason()).is_some_and(|reason| !reason.trim().is_empty())
    };
    (risk.is_any(&SCORED) && fresh) || rejected()
}

/// 6.1.2-O2
pub(super) fn not_milder_than_the_impact(view: &View) -> Verdicts {
    each(scored(view), |entry| {
        Judgement::needing(entry, &["method", "inherent_individuals", "inherent_society"], || {
            let Some(floor) = risk::floor_from_impact(entry) else {
                return Judgement::Skip("no harm of an approved assessment leads to it".to_owned());
            };
            let content = Risk(entry.content());
            let level = content.inherent_individuals().get().max(content.inherent_society().get());
            if level >= Some(floor) {
                return Judgement::Pass;
            }
            let (assessment, severity) = heaviest_harm(entry);
            let level = level.map_or_else(|| "nothing".to_owned(), |level| level.to_string());
            Judgement::Fail(Lapse::of(entry).value("assessment", assessment).value("severity", severity).value("level", level))
        })
    })
}

/// The approved assessment with the most severe harm that leads to a risk, and that severity.
fn heaviest_harm(entry: Entry<'_>) -> (String, i64) {
    let harms = risk::impact_assessments(entry).filter(Entry::is_live).flat_map(|assessment| {
        let rows = ImpactAssessment(assessment.content()).impacts();
        let harms = rows.filter(|row| {
            row.side() == Some(ImpactAssessmentImpactSide::Harm) && row.risk().is_some_and(|link| link.id == entry.id())
        });
        harms.filter_map(|row| row.severity()).map(|severity| (severity, assessment)).collect::<Vec<_>>()
    });
    harms
        .max_by_key(|(severity, assessment)| (*severity, assessment.id()))
        .map_or_else(|| ("an assessment".to_owned(), 0), |(severity, one)| (one.label(), severity))
}

/// 6.1.2-O4
pub(super) fn scale_ranks(view: &View) -> Verdicts {
    let decided: Vec<Entry<'_>> = scored(view).filter(|risk| risk.is("decided")).collect();
    if decided.len() < ENOUGH_RISKS {
        return Verdicts::holds();
    }
    let mut alike: BTreeMap<[i64; 4], usize> = BTreeMap::new();
    for score in decided.iter().filter_map(|risk| Score::residual(risk.content())) {
        *alike.entry(levels(score)).or_default() += 1;
    }
    let most = alike.into_values().max().unwrap_or(0);
    let common = Lapse::of_organisation().value("share", format!("{most} of {}", decided.len()));
    let ranked = if most * 2 > decided.len() { Verdicts::failed(common) } else { each(decided, |_| Judgement::Pass) };
    ranked.and(each(view.systems(), |system| {
        let scores: Vec<[i64; 4]> = scored_of(system).filter_map(|risk| Score::inherent(risk.content())).map(levels).collect();
        if scores.len() < ENOUGH_OF_SYSTEM {
            return Judgement::Skip(format!("fewer than {ENOUGH_OF_SYSTEM} risks"));
        }
        let differ = scores.windows(2).any(|pair| pair[0] != pair[1]);
        Judgement::when(differ, || Lapse::of(system).value("share", format!("All {} of {}", scores.len(), system.label())))
    }))
}

const fn levels(score: Score) -> [i64; 4] {
    [score.likelihood, score.organisation, score.individuals, score.society]
}
