//! What is looked at again, and what an assessment demands.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;

use crate::check::item_6_1_4::turning_points;
use crate::check::occasion::ANSWER_DAYS;
use crate::check::presence::asked_from;
use crate::derived::{ai_system, impact_assessment};
use crate::shape::{Judgement, Lapse, Verdicts, each, on_every_day};
use crate::view::{Entry, View, Window};

/// How long an assessment or a confirmation of it counts.
const LOOK_DAYS: i64 = 365;

/// 8.4-O3
pub(super) fn looked_at_again(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        let Some(assessment) = ai_system::assessment_in_force(system) else {
            return Judgement::Skip("no assessment is in force; see 8.4-D2".to_owned());
        };
        Judgement::needing(assessment, &["review_by", "again_when", "confirmations"], || {
            let lapse = |date: Option<Date>, due: Date| Lapse::of(system).maybe("date", date).value("due", due);
            if let Some(due) = due_by_now(assessment) {
                let since = Window { from: due.saturating_add(1.day()).min(view.today()), to: view.today() };
                return Judgement::Fail(lapse(impact_assessment::last_looked_at(assessment), due).over(since));
            }
            let Some(asked) = asked_from(system).and_then(|from| window.from_day(from)) else {
                return Judgement::Shown(vec![assessment.subject()]);
            };
            let open = too_old(system, asked);
            if open.is_empty() {
                return Judgement::Shown(vec![system.subject(), assessment.subject()]);
            }
            Judgement::FailAll(
                open.into_iter()
                    .map(|(looked, days)| lapse(Some(looked), looked.saturating_add(LOOK_DAYS.days())).over(days))
                    .collect(),
            )
        })
    })
}

/// The earliest day by which another look was due, if it has passed: the review, an event of `again_when` and the time to answer it,
/// or the release that made it speak about another version.
fn due_by_now(assessment: Entry<'_>) -> Option<Date> {
    let view = assessment.view();
    let review = ImpactAssessment(assessment.content()).review_by().get();
    let touched = impact_assessment::first_touched(assessment).map(|event| event.on.saturating_add(ANSWER_DAYS.days()));
    let version = impact_assessment::describes_another_version(assessment).then(|| view.today().saturating_sub(1.day()));
    [review, touched, version].into_iter().flatten().filter(|due| *due < view.today()).min()
}

/// Stretches of use on which the assessment in force had last been looked at more than a year before, each with that day.
fn too_old(system: Entry<'_>, asked: Window) -> Vec<(Date, Window)> {
    let looked_on = |day: Date| {
        let then = system.on(day).filter(|then| ai_system::live(*then))?;
        impact_assessment::last_looked_at(ai_system::assessment_in_force(then)?)
    };
    let mut days = turning_points(system, asked);
    let ends = days.iter().filter_map(|day| looked_on(*day)).map(|looked| looked.saturating_add((LOOK_DAYS + 1).days()));
    days.extend(ends.filter(|day| asked.has(*day)).collect::<Vec<_>>());
    days.sort_unstable();
    days.dedup();
    let open = on_every_day(asked, &days, |day| looked_on(day).is_none_or(|looked| day <= looked.saturating_add(LOOK_DAYS.days())));
    open.into_iter().filter_map(|stretch| Some((looked_on(stretch.from)?, stretch))).collect()
}

/// 8.4-O4
pub(super) fn demands_met(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let Some(assessment) = ai_system::assessment_in_force(system) else {
            return Judgement::Skip("no assessment is in force; see 8.4-D2".to_owned());
        };
        Judgement::needing(assessment, &["measures", "conditions"], || {
            let content = ImpactAssessment(assessment.content());
            let late = impact_assessment::measures_overdue(assessment);
            let measures = content
                .measures()
                .filter(|row| row.code().or(row.measure()).is_some_and(|code| late.iter().any(|one| one == code)));
            let measures = measures.map(|row| (row.measure().or(row.code()).unwrap_or_default(), row.due()));
            let open = content.conditions().filter(|row| row.met_on().is_none() && row.due().is_some_and(|due| due < view.today()));
            let conditions = open.map(|row| (row.condition().unwrap_or_default(), row.due()));
            let lapse = |(what, due): (&str, Option<Date>)| {
                let due = due.map_or_else(|| "its first use".to_owned(), |due| due.to_string());
                Lapse::of(assessment).in_system(system).value("measure", what).value("due", due)
            };
            let lapses: Vec<Lapse> = measures.chain(conditions).map(lapse).collect();
            if lapses.is_empty() { Judgement::Shown(vec![assessment.subject()]) } else { Judgement::FailAll(lapses) }
        })
    })
}
