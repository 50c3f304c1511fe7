//! Whether assessments name the groups that a system affects, and judge what hurts and helps them.

use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemAffectedRow};
use vouch_record::kind::generated::impact_assessment::{
    ImpactAssessment, ImpactAssessmentDepth, ImpactAssessmentGroupVulnerable, ImpactAssessmentImpactReach as Reach,
    ImpactAssessmentImpactRow, ImpactAssessmentImpactSide as Side,
};

use crate::check::assessing::{deep_in_force, depth_due, group_of};
use crate::check::wording::called;
use crate::derived::ai_system;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Whether a row is about people: single ones or a group.
fn is_about_people(row: &ImpactAssessmentImpactRow<'_>) -> bool {
    matches!(row.reach(), Some(Reach::Individual | Reach::Group))
}

/// A.5.4-D1
pub(super) fn both_sides_are_named(view: &View) -> Verdicts {
    each(deep_in_force(view), |assessment| {
        Judgement::needing(assessment, &["groups", "impacts"], || {
            let content = ImpactAssessment(assessment.content());
            let names = |side| content.impacts().filter(is_about_people).any(|row| row.side() == Some(side));
            let wanted = [
                (content.groups().next().is_some(), "group of people"),
                (names(Side::Harm), "harm to people"),
                (names(Side::Benefit), "benefit for people"),
            ];
            let missing: Vec<&str> = wanted.into_iter().filter(|(named, _)| !named).map(|(_, what)| what).collect();
            Judgement::when(missing.is_empty(), || Lapse::of(assessment).value("missing", missing.join(" and no ")))
        })
    })
}

/// A.5.4-D2
pub(super) fn affected_people_are_looked_at(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["affected"], || {
            let Some(assessment) = ai_system::assessment_in_force(system) else {
                return Judgement::Skip("no impact assessment in force; see 8.4-D2".to_owned());
            };
            if depth_due(system, assessment) < ImpactAssessmentDepth::Standard {
                return Judgement::Skip("a screening is enough".to_owned());
            }
            let rows: Vec<_> = AiSystem(system.content()).affected().collect();
            if rows.is_empty() {
                return Judgement::Skip("it affects nobody; see its reason".to_owned());
            }
            Judgement::needing(assessment, &["groups"], || {
                let lapses: Vec<Lapse> = rows.into_iter().filter_map(|row| overlooked(system, assessment, row)).collect();
                match lapses.is_empty() {
                    true => Judgement::Shown(vec![system.subject(), assessment.subject()]),
                    false => Judgement::FailAll(lapses),
                }
            })
        })
    })
}

fn overlooked<'v>(system: Entry<'v>, assessment: Entry<'v>, row: AiSystemAffectedRow<'v>) -> Option<Lapse> {
    use ImpactAssessmentGroupVulnerable::{Partly, Yes};
    let defect = match group_of(assessment, row) {
        None => "does not look at them",
        Some(group) if row.vulnerable() == Some(true) && !matches!(group.vulnerable(), Some(Yes | Partly)) => {
            "does not see that they cannot easily defend themselves"
        }
        Some(_) => return None,
    };
    let party = || row.party().map(|link| called(system.view(), Some(link.id)));
    let group = row.group().map(str::to_owned).or_else(party).unwrap_or_else(|| "a group without a name".to_owned());
    Some(Lapse::of(system).value("group", group).value("defect", defect))
}

/// A.5.4-O1
pub(super) fn harms_are_judged(view: &View) -> Verdicts {
    each(deep_in_force(view), |assessment| {
        Judgement::needing(assessment, &["impacts"], || {
            let harms = ImpactAssessment(assessment.content()).impacts().filter(|row| row.side() == Some(Side::Harm));
            let mut judged = harms.filter(is_about_people).peekable();
            if judged.peek().is_none() {
                return Judgement::Skip("it names no harm to people; see A.5.4-D1".to_owned());
            }
            Judgement::of(judged.filter_map(|row| unjudged(assessment, row)).collect())
        })
    })
}

fn unjudged<'v>(assessment: Entry<'v>, row: ImpactAssessmentImpactRow<'v>) -> Option<Lapse> {
    let view = assessment.view();
    let live = |link: vouch_record::Link| view.get(link.id).is_some_and(|entry| entry.is_live());
    let wanted = [
        (row.severity().is_some(), "severity"),
        (row.likelihood().is_some(), "likelihood"),
        (row.reversible().is_some(), "word whether it can be undone"),
        (row.people().is_some(), "number of people"),
        (row.basis().any(live) || row.risk().is_some_and(live), "basis or risk that stands"),
    ];
    let missing: Vec<&str> = wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect();
    let impact = row.effect().or(row.code()).unwrap_or("without a name");
    (!missing.is_empty()).then(|| Lapse::of(assessment).value("impact", impact).value("missing", missing.join(" and no ")))
}
