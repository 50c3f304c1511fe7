//! Whether those who did the work had shown that they can.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::competence_need::{CompetenceNeed, CompetenceNeedGroup};
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::test::Test;
use vouch_record::kind::generated::training_record::TrainingRecord;
use vouch_record::time::after;

use crate::check::assessing::approved_in;
use crate::check::reach::uncovered;
use crate::check::training::{met_days, needs_of, person_of, was_competent};
use crate::check::wording::called;
use crate::derived::competence_need::{Holder, holders};
use crate::derived::impact_assessment::approved_at;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// Work of a person on a day that wants a competence.
struct Work<'v> {
    record: Entry<'v>,
    person: Id,
    on: Date,
    what: &'static str,
    /// the need itself where the record names one, else those of the group count
    need: Option<Id>,
    group: CompetenceNeedGroup,
}

/// 7.2-O1
pub(super) fn work_was_done_by_the_competent(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut needs: BTreeMap<CompetenceNeedGroup, Vec<Id>> = BTreeMap::new();
    let mut verdicts = Verdicts::default();
    let mut judged: BTreeMap<Id, (Entry<'_>, Vec<Lapse>)> = BTreeMap::new();
    for work in work(view, window) {
        let group = needs.entry(work.group).or_insert_with(|| needs_of(view, work.group).map(|need| need.id()).collect());
        let wanted: Vec<Id> = work.need.map_or_else(|| group.clone(), |need| vec![need]);
        let Some(first) = wanted.first() else {
            verdicts.note(work.record, Judgement::Skip("no approved need for this work; see 7.2-D1".to_owned()));
            continue;
        };
        let (_, lapses) = judged.entry(work.record.id()).or_insert((work.record, Vec::new()));
        if !was_competent(view, work.person, &wanted, work.on) {
            let lapse = Lapse::of(work.record).value("person", called(view, Some(work.person)));
            let lapse = lapse.value("work", format!("{} {}", work.what, work.record.label())).value("date", work.on);
            lapses.push(lapse.value("need", called(view, Some(*first))));
        }
    }
    for (record, lapses) in judged.into_values() {
        verdicts.note(record, Judgement::of(lapses));
    }
    verdicts
}

fn work(view: &View, window: Window) -> Vec<Work<'_>> {
    let mut work = Vec::new();
    let mut add = |record, person: Option<Id>, on, what, need, group| {
        work.extend(person.map(|person| Work { record, person, on, what, need, group }));
    };
    for record in approved_in(view, window) {
        let on = approved_at(record).map_or(window.to, |at| view.day(at));
        let assessors = ImpactAssessment(record.content()).assessors();
        assessors.for_each(|link| add(record, Some(link.id), on, "worked on", None, CompetenceNeedGroup::Impact));
    }
    for record in view.all(Audit::KIND).filter(|one| !one.is("cancelled")) {
        let content = Audit(record.content());
        let started = content.started_on().get().filter(|on| content.type_().is(AuditType::Internal) && window.has(*on));
        let Some(on) = started else { continue };
        let team = content.team().filter_map(|row| row.person());
        team.for_each(|link| add(record, Some(link.id), on, "took part in", None, CompetenceNeedGroup::Audit));
    }
    for record in view.all(Test::KIND).filter(|one| one.is_any(&["run", "reviewed"])) {
        let content = Test(record.content());
        let Some(on) = content.run_at().get().map(|at| view.day(at)).filter(|on| window.has(*on)) else { continue };
        // Only tests of systems and models ask for knowledge of testing them.
        if !content.ai_system().is_filled() && !content.model().is_filled() {
            continue;
        }
        let group = CompetenceNeedGroup::Evaluation;
        add(record, content.performed_by().get().map(|link| link.id), on, "performed", None, group);
        let review = record.entry_into("reviewed").filter(|_| record.is("reviewed"));
        if let Some(leaf) = review {
            let given = record.last_given(&[vouch_record::kind::generated::approval::ApprovalPurpose::Review]);
            let by = given.and_then(|given| given.by()).or_else(|| leaf.actor.person());
            add(record, by, view.day(leaf.time), "reviewed", None, group);
        }
    }
    for record in view.all(OversightPlan::KIND).filter(|one| one.is("in_force")) {
        let since = record.entered("in_force").or_else(|| record.entered("approved"));
        let on = since.unwrap_or_else(|| record.created_on()).max(window.from);
        for row in OversightPlan(record.content()).overseers() {
            let need = row.competence_need().map(|link| link.id);
            add(record, row.person().map(|link| link.id), on, "had the oversight of", need, CompetenceNeedGroup::Oversight);
        }
    }
    work
}

/// 7.2-O2
pub(super) fn holders_meet_their_needs(view: &View) -> Verdicts {
    let (Some(window), Some(first)) = (view.window(), view.first_scope_on()) else { return Verdicts::holds() };
    each(view.live(CompetenceNeed::KIND), |need| {
        let people = holders(need);
        if people.is_empty() {
            return Judgement::Skip("nobody needs it today".to_owned());
        }
        Judgement::needing(need, &["accepted_proof", "within"], || {
            let within = CompetenceNeed(need.content()).within().get().unwrap_or_default();
            let (met, planned) = (met_days(need), planned_days(need));
            let missed = |holder: &Holder| {
                let due = after(holder.since, &within);
                let due = if holder.since < first { due.max(view.settled_in(first)) } else { due };
                let asked = window.from_day(due.saturating_add(1.day()))?;
                let days = |of: &BTreeMap<Id, Vec<Window>>| of.get(&holder.person).cloned().unwrap_or_default();
                let days = uncovered(asked, &[days(&met), days(&planned)].concat())?;
                let lapse = Lapse::of(need).value("person", called(view, Some(holder.person))).value("need", need.label());
                Some(lapse.value("from", days.from).value("to", days.to).over(days))
            };
            Judgement::of(people.iter().filter_map(missed).collect())
        })
    })
}

/// The days on which an action was planned for a person, its day not past, while the need says what holds meanwhile.
fn planned_days(need: Entry<'_>) -> BTreeMap<Id, Vec<Window>> {
    let mut planned: BTreeMap<Id, Vec<Window>> = BTreeMap::new();
    if !CompetenceNeed(need.content()).meanwhile().is_filled() {
        return planned;
    }
    for record in need.incoming(TrainingRecord::KIND, "needs") {
        let content = TrainingRecord(record.content());
        let from = content.assigned_on().get().map_or(record.created_on(), |on| on.max(record.created_on()));
        if let (Some(person), Some(to)) = (person_of(record), content.due().get().filter(|due| *due >= from)) {
            planned.entry(person).or_default().push(Window { from, to });
        }
    }
    planned
}
