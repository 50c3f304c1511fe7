//! The people who oversee: competent on each day, and judged by others.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::oversight_plan::{OversightPlan, OversightPlanOverseerRow};
use vouch_record::kind::generated::test::Test;
use vouch_record::kind::generated::training_record::TrainingRecord;

use super::counted::values;
use super::plan::{last_trial, weighty};
use crate::check::independence::defect;
use crate::check::presence::asked_from;
use crate::check::wording::called;
use crate::check::written::first_written;
use crate::derived::ai_system::oversight_in_force;
use crate::derived::training_record::competent;
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, View, Window};

/// A.9.3-P1
pub(super) fn competent_on_each_day(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live_systems(), |system| {
        let Some(plan) = oversight_in_force(system) else { return Judgement::Skip("no oversight plan is in force".to_owned()) };
        Judgement::needing(plan, &["overseers"], || {
            let asked = asked_from(system).and_then(|from| window.from_day(from));
            let Some(asked) = asked else { return Judgement::Skip("settling in".to_owned()) };
            let rows = OversightPlan(plan.content()).overseers();
            let lapses: Vec<Lapse> = rows.filter_map(|row| unproved(system, plan, row, asked)).collect();
            if lapses.is_empty() { Judgement::Shown(vec![system.subject(), plan.subject()]) } else { Judgement::FailAll(lapses) }
        })
    })
}

/// The last stretch of days on which a person was named without proof or without being active.
fn unproved<'v>(system: Entry<'v>, plan: Entry<'v>, row: OversightPlanOverseerRow<'v>, asked: Window) -> Option<Lapse> {
    let view = plan.view();
    let person = row.person()?.id;
    let named = |rows: &vouch_record::Value| {
        let rows = rows.items().iter().map(|row| OversightPlanOverseerRow::from(vouch_record::view::Row(row)));
        rows.into_iter().any(|row| row.person().is_some_and(|link| link.id == person))
    };
    let written = first_written(plan, "overseers", named).map(|leaf| view.day(leaf.time));
    let approved = plan.leaves().iter().find(|leaf| leaf.state.as_ref() == "approved").map(|leaf| view.day(leaf.time));
    let asked = asked.from_day(written.max(approved)?)?;
    let entry = view.get(person);
    let records = entry.iter().flat_map(|entry| proofs(*entry)).chain(entry);
    let dates = entry.iter().flat_map(|entry| proofs(*entry)).flat_map(ends);
    let days = breakpoints(asked, records, dates);
    let need = row.competence_need().map(|link| link.id);
    let fit = |day: Date| {
        let then = view.on(day);
        then.is_active(person) && need.is_some_and(|need| competent(then, person, need))
    };
    let last = on_every_day(asked, &days, fit).pop()?;
    let away = !view.on(last.to).is_active(person);
    let defect = if away { "without being here".to_owned() } else { format!("without proof of {}", what(view, need)) };
    let lapse = Lapse::of(plan).in_system(system).value("person", called(view, Some(person)));
    Some(lapse.value("date", last.to).value("defect", defect).over(last))
}

/// What a person is to be able to do.
fn what(view: &View, need: Option<Id>) -> String {
    need.map_or_else(|| "any skill, since none is named".to_owned(), |need| called(view, Some(need)))
}

/// The training records of a person, and evidence about them.
fn proofs(person: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    person.incoming(TrainingRecord::KIND, "person").chain(person.incoming(Evidence::KIND, "about"))
}

/// Days on which a proof begins or ends.
fn ends(proof: Entry<'_>) -> impl Iterator<Item = Date> {
    ["valid_from", "valid_until", "keep_until", "covers_to"]
        .into_iter()
        .filter_map(move |field| proof.text(field)?.parse::<Date>().ok())
}

/// A.9.3-P2
pub(super) fn others_judged_it(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(weighty(view), |system| {
        let Some(plan) = oversight_in_force(system) else { return Judgement::Skip("no oversight plan is in force".to_owned()) };
        Judgement::needing(plan, &["overseers", "measures"], || {
            let overseers: Vec<Id> =
                OversightPlan(plan.content()).overseers().filter_map(|row| row.person()).map(|link| link.id).collect();
            let trial = last_trial(system).map(|(_, test)| test);
            let analysed: Vec<Entry<'_>> = values(plan, system)
                .into_iter()
                .filter(|seen| seen.record.is("analysed") && window.has(seen.days.to))
                .map(|seen| seen.record)
                .collect();
            if trial.is_none() && analysed.is_empty() {
                return Judgement::Skip("neither a trial of the stop nor an analysis; see A.9.3-O1 and O2".to_owned());
            }
            let lapse = |what: String| Lapse::of(plan).in_system(system).value("defect", what);
            let own = analysed.iter().filter_map(|value| {
                let by = Measurement(value.content()).analysed_by().get().map(|link| link.id);
                by.filter(|by| overseers.contains(by))
                    .map(|by| lapse(format!("{} oversees it and judged {}", called(view, Some(by)), value.label())))
            });
            let lapses: Vec<Lapse> = trial.and_then(|test| unseen(view, test)).map(lapse).into_iter().chain(own).collect();
            if lapses.is_empty() {
                let shown = trial.into_iter().chain(analysed).map(|one| one.subject()).collect();
                return Judgement::Shown(shown);
            }
            Judgement::FailAll(lapses)
        })
    })
}

/// Why the review of a trial of the stop does not count.
fn unseen(view: &View, test: Entry<'_>) -> Option<String> {
    let performer = Test(test.content()).performed_by().get().map(|link| link.id);
    let Some(given) = test.last_given(&[ApprovalPurpose::Review]) else {
        return Some(format!("nobody reviewed {}", test.label()));
    };
    let why = defect(&given, &[(performer.as_slice(), "performed it")])?;
    Some(format!("{} reviewed {} and {why}", called(view, given.by()), test.label()))
}
