//! Whether measures work, and what was learned from harm.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentImpactDimension as Dimension, ImpactAssessmentImpactSide, ImpactAssessmentMeasureRow,
};
use vouch_record::kind::generated::incident::{Incident, IncidentHarmKind, IncidentSeverity};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::treatment::Treatment;

use crate::check::assessing::systems_of;
use crate::check::occasion::ANSWER_DAYS;
use crate::check::wording::words;
use crate::derived::{ai_system, treatment};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// After so many days the effect of a measure is to be shown.
const EFFECT_DAYS: i64 = 180;

/// 8.4-P2
pub(super) fn measures_checked(view: &View) -> Verdicts {
    let in_use = view.live(ImpactAssessment::KIND).filter(|assessment| systems_of(*assessment).any(ai_system::in_scope));
    each(in_use, |assessment| {
        Judgement::needing(assessment, &["measures"], || {
            let old = |met: Date| met.saturating_add(EFFECT_DAYS.days()) < view.today();
            let rows: Vec<_> = ImpactAssessment(assessment.content())
                .measures()
                .filter_map(|row| Some((row.met_on().filter(|met| old(*met))?, row)))
                .collect();
            if rows.is_empty() {
                return Judgement::Skip("no measure was met long enough ago".to_owned());
            }
            let unchecked = rows.into_iter().filter(|(met, row)| !is_checked(assessment, *row, *met));
            Judgement::of(
                unchecked
                    .map(|(_, row)| Lapse::of(assessment).value("measure", row.measure().or(row.code()).unwrap_or("a measure")))
                    .collect(),
            )
        })
    })
}

/// A judged treatment, a measurement of what the assessment watches, or reviewed evidence about it, that speaks of later days.
fn is_checked(assessment: Entry<'_>, row: ImpactAssessmentMeasureRow<'_>, met: Date) -> bool {
    let view = assessment.view();
    let judged = row
        .treatment()
        .and_then(|link| view.get(link.id))
        .is_some_and(|entry| entry.is("judged") && Treatment(entry.content()).effect_judged_on().get().is_some_and(|on| on > met));
    let later = |entry: Entry<'_>| treatment::own_date(entry) > met;
    let measured = || {
        let watched = assessment.links("watch").flat_map(|measure| measure.incoming(Measurement::KIND, "measure"));
        watched.into_iter().any(|entry| !entry.is("void") && later(entry))
    };
    judged || measured() || assessment.incoming(Evidence::KIND, "about").any(|entry| entry.is("reviewed") && later(entry))
}

/// 8.4-P3
pub(super) fn learned_from_incidents(view: &View) -> Verdicts {
    let Some(year) = view.back(&12.months()) else { return Verdicts::holds() };
    let serious = view.live(Incident::KIND).filter(|entry| {
        let incident = Incident(entry.content());
        let when = incident.detected_at().get().is_some_and(|at| year.has(view.day(at)));
        when && !incident.exercise().is(true)
            && incident.severity().get() >= Some(IncidentSeverity::Serious)
            && entry.links("ai_systems").any(ai_system::in_scope)
    });
    each(serious, |entry| {
        Judgement::needing(entry, &["harm"], || {
            let incident = Incident(entry.content());
            let mut kinds: Vec<IncidentHarmKind> =
                incident.harm().filter_map(|row| row.kind()).filter(|kind| !dimensions(*kind).is_empty()).collect();
            kinds.sort_unstable();
            kinds.dedup();
            if kinds.is_empty() {
                return Judgement::Skip("it harmed the organisation only".to_owned());
            }
            let open: Vec<IncidentHarmKind> = kinds.into_iter().filter(|kind| !is_held(entry, *kind)).collect();
            let due = incident.detected_at().get().map_or(view.today(), |at| view.day(at).saturating_add(ANSWER_DAYS.days()));
            if !open.is_empty() && view.today() <= due {
                return Judgement::Skip(format!("in time until {due}"));
            }
            let named: Vec<String> = entry.links("impact_assessments").map(|one| one.label()).collect();
            let named = if named.is_empty() { "no assessment that it names".to_owned() } else { named.join(", ") };
            Judgement::of(
                open.into_iter().map(|kind| Lapse::of(entry).value("harm", words(kind.id())).value("assessment", &named)).collect(),
            )
        })
    })
}

/// Whether an assessment that the incident names was revised since and holds a harm of this sort.
fn is_held(incident: Entry<'_>, kind: IncidentHarmKind) -> bool {
    let since = Incident(incident.content()).detected_at().get().unwrap_or(incident.created_at());
    incident.links("impact_assessments").filter(Entry::is_live).any(|assessment| {
        let harms =
            ImpactAssessment(assessment.content()).impacts().filter(|row| row.side() == Some(ImpactAssessmentImpactSide::Harm));
        let held = harms.filter_map(|row| row.dimension()).any(|dimension| dimensions(kind).contains(&dimension));
        held && assessment.revisions().any(|leaf| leaf.time > since)
    })
}

/// The dimensions of an assessment in which a kind of harm shows; harm to the organisation alone is none of its matters.
const fn dimensions(kind: IncidentHarmKind) -> &'static [Dimension] {
    match kind {
        IncidentHarmKind::Health => &[Dimension::Health, Dimension::Safety],
        IncidentHarmKind::Rights => &[
            Dimension::Rights,
            Dimension::Fairness,
            Dimension::Privacy,
            Dimension::Autonomy,
            Dimension::Accessibility,
            Dimension::Transparency,
            Dimension::Accountability,
        ],
        IncidentHarmKind::Financial => &[Dimension::Money],
        IncidentHarmKind::Psychological => &[Dimension::Health, Dimension::Autonomy, Dimension::Rights],
        IncidentHarmKind::Property => &[Dimension::Money, Dimension::Safety, Dimension::Security],
        IncidentHarmKind::Environment => &[Dimension::Environment],
        IncidentHarmKind::Society => &[Dimension::SocietyCulture],
        IncidentHarmKind::Organisation => &[],
    }
}
