//! Figures of effects on society, what they rest on, and what is done about large effects.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentImpactDimension as Dimension, ImpactAssessmentImpactReach, ImpactAssessmentImpactRow,
    ImpactAssessmentScreeningQuestion, ImpactAssessmentSocietyEffect as Effect, ImpactAssessmentSocietyField as Field,
    ImpactAssessmentSocietyRow,
};
use vouch_record::kind::generated::measure::Measure;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::resource::Resource;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::{RiskMethod, RiskMethodConsequenceScaleSide};
use vouch_record::kind::generated::shared::{Answer, FootprintBasis, RiskTier};
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::{Id, Link};

use crate::check::assessing::{deep_in_force, tier_of};
use crate::check::wording::{called, words};
use crate::derived::impact_assessment::approved_at;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How old a figure may be.
const YEAR: i64 = 365;

/// One row of a footprint, of a model or a resource.
struct Footprint {
    from: Option<Date>,
    to: Option<Date>,
    /// metered, or told by who runs or made it
    sound: bool,
}

fn footprints(entry: Entry<'_>) -> Vec<Footprint> {
    let sound = |basis| matches!(basis, Some(FootprintBasis::Measured | FootprintBasis::Supplier));
    match entry.kind().name.as_str() {
        Model::KIND => {
            let rows = Model(entry.content()).footprint();
            rows.map(|row| Footprint { from: row.covers_from(), to: row.covers_to(), sound: sound(row.basis()) }).collect()
        }
        Resource::KIND => {
            let rows = Resource(entry.content()).footprint();
            rows.map(|row| Footprint { from: row.covers_from(), to: row.covers_to(), sound: sound(row.basis()) }).collect()
        }
        _ => Vec::new(),
    }
}

/// A.5.5-O2
pub(super) fn energy_has_a_figure(view: &View) -> Verdicts {
    let year = Window { from: view.today().saturating_sub(YEAR.days()), to: view.today() };
    each(deep_in_force(view), |assessment| {
        Judgement::needing(assessment, &["screening"], || {
            let content = ImpactAssessment(assessment.content());
            let much = content.screening().any(|row| {
                row.question() == Some(ImpactAssessmentScreeningQuestion::Resources)
                    && matches!(row.answer(), Some(Answer::Yes | Answer::Unclear))
            });
            if !much {
                return Judgement::Skip("it uses little".to_owned());
            }
            let recent = |link: Link| {
                let entry = view.get(link.id);
                entry.is_some_and(|entry| footprints(entry).iter().any(|row| row.to.is_some_and(|to| year.has(to))))
            };
            let shows =
                |row: ImpactAssessmentSocietyRow<'_>| row.figure().is_some() && row.unit().is_some() || row.basis().any(recent);
            let mut rows = content.society().filter(|row| row.field() == Some(Field::Environment));
            Judgement::needing(assessment, &["society"], || Judgement::when(rows.any(shows), || Lapse::of(assessment)))
        })
    })
}

/// A.5.5-O4
pub(super) fn large_effects_are_watched(view: &View) -> Verdicts {
    each(deep_in_force(view), |assessment| {
        Judgement::needing(assessment, &["society", "impacts", "measures"], || {
            let content = ImpactAssessment(assessment.content());
            let mut large =
                content.society().filter(|row| matches!(row.effect(), Some(Effect::Large | Effect::Unknown))).peekable();
            if large.peek().is_none() {
                return Judgement::Skip("it sees no large effect".to_owned());
            }
            let open = large.filter(|row| !is_answered(assessment, *row));
            let lapse = |row: ImpactAssessmentSocietyRow<'_>| {
                Lapse::of(assessment)
                    .value("effect", words(row.effect().map_or("unknown", Effect::id)))
                    .value("field", words(row.field().map_or("society", Field::id)))
            };
            Judgement::of(open.map(lapse).collect())
        })
    })
}

/// Whether something watches or limits the effect: the row rests on a measure, a treatment or a risk scored for society; or an impact on
/// society of this sort has a measure or such a risk.
fn is_answered(assessment: Entry<'_>, row: ImpactAssessmentSocietyRow<'_>) -> bool {
    let view = assessment.view();
    let answers = |link: Link| {
        let found = view.get(link.id).filter(Entry::is_live);
        found.is_some_and(|one| match one.kind().name.as_str() {
            Measure::KIND | Treatment::KIND => true,
            Risk::KIND => touches_society(one),
            _ => false,
        })
    };
    let content = ImpactAssessment(assessment.content());
    let measured = |impact: &ImpactAssessmentImpactRow<'_>| {
        impact.code().is_some() && content.measures().any(|measure| measure.impact() == impact.code())
    };
    let held = |impact: ImpactAssessmentImpactRow<'_>| {
        let of_field = row.field().is_some_and(|field| impact.dimension().is_some_and(|of| dimensions(field).contains(&of)));
        impact.reach() == Some(ImpactAssessmentImpactReach::Society)
            && of_field
            && (measured(&impact) || impact.risk().is_some_and(answers))
    };
    row.basis().any(answers) || content.impacts().any(held)
}

/// Whether a risk was scored above the lowest level for society.
fn touches_society(risk: Entry<'_>) -> bool {
    let method = risk.linked("method").or_else(|| risk.view().risk_method());
    let levels = method.and_then(|method| {
        let rows = RiskMethod(method.content()).consequence_scale();
        rows.filter(|row| row.side() == Some(RiskMethodConsequenceScaleSide::Society)).filter_map(|row| row.level()).min()
    });
    Risk(risk.content()).inherent_society().get().is_some_and(|level| level > levels.unwrap_or(1))
}

/// The dimensions of impacts in which an effect on a field of society shows.
const fn dimensions(field: Field) -> &'static [Dimension] {
    match field {
        Field::Environment => &[Dimension::Environment],
        Field::Economy => &[Dimension::Money, Dimension::Accessibility],
        Field::PublicLife => &[
            Dimension::SocietyCulture,
            Dimension::Rights,
            Dimension::Transparency,
            Dimension::Accountability,
            Dimension::Autonomy,
            Dimension::Privacy,
        ],
        Field::HealthSafety => &[Dimension::Health, Dimension::Safety, Dimension::Security, Dimension::Reliability],
        Field::Culture => &[Dimension::SocietyCulture, Dimension::Accessibility],
        Field::Communities => &[Dimension::SocietyCulture, Dimension::Fairness, Dimension::Accessibility],
    }
}

/// A.5.5-P2
pub(super) fn figures_rest_on_something(view: &View) -> Verdicts {
    each(deep_in_force(view), |assessment| {
        if tier_of(assessment) < Some(RiskTier::High) {
            return Judgement::Skip("tier below high".to_owned());
        }
        Judgement::needing(assessment, &["society"], || {
            let rows = ImpactAssessment(assessment.content()).society();
            let mut figures = rows.filter_map(|row| Some((row.figure()?, row))).peekable();
            let Some(on) = approved_at(assessment).map(|at| view.day(at)).filter(|_| figures.peek().is_some()) else {
                return Judgement::Skip("it gives no figure".to_owned());
            };
            let year = Window { from: on.saturating_sub(YEAR.days()), to: on };
            let open = figures.filter_map(|(figure, row)| Some((figure, row, why_not(view, row, year)?)));
            let lapse = |(figure, row, basis): (rust_decimal::Decimal, ImpactAssessmentSocietyRow<'_>, String)| {
                let unit = row.unit().map_or_else(String::new, |unit| format!(" {unit}"));
                Lapse::of(assessment).value("figure", format!("{figure}{unit}")).value("basis", basis)
            };
            Judgement::of(open.map(lapse).collect())
        })
    })
}

/// What a figure rests on that is not enough; nothing when something of the year before the approval is.
fn why_not(view: &View, row: ImpactAssessmentSocietyRow<'_>, year: Window) -> Option<String> {
    let inside = |from: Option<Date>, to: Option<Date>| to.is_some_and(|to| year.has(to)) && from.is_none_or(|from| year.has(from));
    let mut weak: Option<(Id, &str)> = None;
    for entry in row.basis().filter_map(|link| view.get(link.id)) {
        let defect = if entry.kind().name == Evidence::KIND {
            let content = Evidence(entry.content());
            let within = inside(content.covers_from().get(), content.covers_to().get());
            if entry.is("reviewed") && within {
                return None;
            }
            if entry.is("reviewed") { "which speaks of another time" } else { "which nobody reviewed" }
        } else {
            let rows = footprints(entry);
            if rows.iter().any(|row| row.sound && inside(row.from, row.to)) {
                return None;
            }
            if rows.iter().any(|row| row.sound) {
                "whose footprint is of another time"
            } else if rows.is_empty() {
                "which states no footprint"
            } else {
                "whose footprint is estimated"
            }
        };
        weak = Some((entry.id(), defect));
    }
    Some(weak.map_or_else(|| "nothing".to_owned(), |(id, defect)| format!("{}, {defect}", called(view, Some(id)))))
}
