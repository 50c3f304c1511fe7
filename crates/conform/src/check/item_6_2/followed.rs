//! Whether objectives are measured, answered when they go wrong, told, and looked at.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::acknowledgement::{Acknowledgement, AcknowledgementMeans};
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::communication::Communication;
use vouch_record::kind::generated::measure::Measure;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::objective::{Objective, ObjectiveForm};

use crate::check::objectives::objectives;
use crate::check::reach::window_reaching;
use crate::check::wording::{in_days, people};
use crate::derived::approved::approved_at;
use crate::derived::objective::{off_runs, values};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How long an objective may be off its path without a decision.
const OFF_DAYS: i64 = 30;
/// How long telling an objective may take.
const TOLD_DAYS: i64 = 30;
/// How often an objective is looked at.
const LOOK_DAYS: i64 = 120;
/// How long a look may take after its policy changed.
const POLICY_DAYS: i64 = 60;

/// The first day on which it can be asked for: its own, else that of its approval.
fn valid_from(one: Entry<'_>) -> Option<Date> {
    Objective(one.content()).valid_from().get().or_else(|| approved_at(one).map(|at| one.view().day(at)))
}

/// 6.2-O1
pub(super) fn measured_without_a_hole(view: &View) -> Verdicts {
    each(objectives(view).filter(|one| Objective(one.content()).form().is(ObjectiveForm::Value)), has_no_hole)
}

/// Whether the values of an objective never lie further apart than its measure allows; a lapse names `from` and `to`.
pub(in crate::check) fn has_no_hole(one: Entry<'_>) -> Judgement {
    let view = one.view();
    Judgement::needing(one, &["measure"], || {
        let gap = one.linked("measure").and_then(|measure| Measure(measure.content()).max_gap().get());
        let Some(longest) = gap.map(|gap| in_days(&gap)) else {
            return Judgement::Skip("its measure does not say how often it is taken".to_owned());
        };
        let asked = window_reaching(view, longest).zip(valid_from(one)).and_then(|(reach, from)| reach.from_day(from));
        let Some(asked) = asked else { return Judgement::Skip("not in force in the period".to_owned()) };
        let days: Vec<Date> = values(one).into_iter().map(|(day, _)| day).collect();
        let holes = asked.holes(days, longest).into_iter();
        Judgement::of(holes.map(|hole| Lapse::of(one).value("from", hole.from).value("to", hole.to)).collect())
    })
}

/// 6.2-O2
pub(super) fn off_track_is_answered(view: &View) -> Verdicts {
    each(objectives(view), has_answers)
}

/// Whether somebody reacted each time an objective left its path in the window; a lapse names `date` and `value`.
pub(in crate::check) fn has_answers(one: Entry<'_>) -> Judgement {
    const READ: &[&str] = &["measure", "baseline", "target", "path", "off_track_by", "plan", "reactions"];
    let view = one.view();
    let Some(window) = view.window() else { return Judgement::Pass };
    Judgement::needing(one, READ, || {
        let answered = |since: Date, last: Date| {
            Objective(one.content()).reactions().filter_map(|row| row.on()).any(|on| since <= on && on <= last)
        };
        let lapses = off_runs(one).into_iter().filter_map(|run| {
            let last = run.since.saturating_add(OFF_DAYS.days());
            let days = Window { from: run.since, to: run.until }.and(window)?;
            if days.days() <= OFF_DAYS || view.today() <= last || answered(run.since, last) {
                return None;
            }
            let value = run.value.and_then(|found| Measurement(found.content()).value().get());
            let said = value.map_or_else(|| "a step that is late".to_owned(), |value| value.to_string());
            Some(Lapse::of(one).value("date", run.since).value("value", said).over(days))
        });
        Judgement::of(lapses.collect())
    })
}

/// 6.2-O3
pub(super) fn told_and_accepted(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.all(Objective::KIND).filter(|one| one.is("approved")), |one| {
        let Some(on) = approved_at(one).map(|at| view.day(at)).filter(|on| window.has(*on)) else {
            return Judgement::Skip("not approved in the window".to_owned());
        };
        let last = on.saturating_add(TOLD_DAYS.days());
        if view.today() <= last {
            return Judgement::Skip(format!("in time until {last}"));
        }
        Judgement::needing(one, &["told", "plan"], || {
            let mut defects = Vec::new();
            let told = one.links("told").any(|message| {
                let sent = Communication(message.content()).sent_at().get();
                message.is("sent") && sent.is_some_and(|at| view.day(at) <= last)
            });
            if !told {
                defects.push(format!("was told to nobody by {last}"));
            }
            let silent = owners_without_acceptance(one);
            if !silent.is_empty() {
                defects.push(format!("was not accepted by {}", people(view, silent)));
            }
            Judgement::when(defects.is_empty(), || Lapse::of(one).value("defect", defects.join(" and ")))
        })
    })
}

/// The owners of the objective and of its steps who have not accepted the duty.
fn owners_without_acceptance(one: Entry<'_>) -> Vec<Id> {
    let content = Objective(one.content());
    let mut owners: Vec<Id> =
        content.owner().get().into_iter().chain(content.plan().filter_map(|row| row.owner())).map(|link| link.id).collect();
    owners.sort_unstable();
    owners.dedup();
    let accepted: Vec<Id> = one
        .incoming(Acknowledgement::KIND, "subject")
        .filter(|ack| ack.is("given") && Acknowledgement(ack.content()).means().is(AcknowledgementMeans::AcceptDuty))
        .filter_map(|ack| Acknowledgement(ack.content()).person().get())
        .map(|link| link.id)
        .collect();
    owners.retain(|owner| !accepted.contains(owner));
    owners
}

/// 6.2-O4
pub(super) fn looked_at(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(objectives(view), |one| {
        let Some(asked) = valid_from(one).and_then(|from| window.from_day(from)) else {
            return Judgement::Skip("not in force in the window".to_owned());
        };
        let looks = looks(one);
        let holes = asked.holes(looks.iter().copied(), LOOK_DAYS).into_iter().map(|hole| (hole.from, hole.to));
        let unread = policy_changes(one).into_iter().filter(|on| asked.has(*on)).filter_map(|on| {
            let last = on.saturating_add(POLICY_DAYS.days());
            let looked = looks.iter().any(|look| on <= *look && *look <= last);
            (!looked && last < view.today()).then_some((on, last))
        });
        let lapses = holes.chain(unread).map(|(from, to)| Lapse::of(one).value("from", from).value("to", to));
        Judgement::of(lapses.collect())
    })
}

/// The days on which it was revised or reviewed, or a value of it was analysed.
fn looks(one: Entry<'_>) -> Vec<Date> {
    let view = one.view();
    let reviewed = one.given().into_iter().filter(|given| given.approval.purpose().is(ApprovalPurpose::Review));
    let analysed = values(one).into_iter().filter(|(_, found)| found.is("analysed"));
    let analysed = analysed.filter_map(|(_, found)| Measurement(found.content()).analysed_at().get());
    let revised = one.revisions().map(|leaf| view.day(leaf.time));
    revised.chain(reviewed.map(|given| given.on())).chain(analysed.map(|at| view.day(at))).collect()
}

/// The days on which a later revision of its policy was approved.
fn policy_changes(one: Entry<'_>) -> Vec<Date> {
    let Some(policy) = one.linked("policy") else { return Vec::new() };
    let approved = policy.transitions().filter(|leaf| leaf.state.as_ref() == "approved");
    approved.skip(1).map(|leaf| one.view().day(leaf.time)).collect()
}
