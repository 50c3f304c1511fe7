//! Whether everybody who has a duty for a live system confirmed it.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::acknowledgement::{Acknowledgement, AcknowledgementMeans};
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::role::Role;

use crate::check::holder::is_on;
use crate::check::wording::called;
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// How long confirming may take.
const CONFIRM_DAYS: i64 = 30;

/// A.3.2-O3
pub(super) fn duties_are_confirmed(view: &View) -> Verdicts {
    let Some(first) = view.first_scope_on() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    for system in view.live_systems() {
        let mut lapses = Vec::new();
        for (record, person, since, duty) in duties(system) {
            let approved = record.entered("approved").or_else(|| record.entered("in_force")).unwrap_or_else(|| record.created_on());
            let begun = since.max(approved);
            // What was there before the first scope has ninety days from then.
            let due = begun.saturating_add(CONFIRM_DAYS.days());
            let due = if begun < first { due.max(view.settled_in(first)) } else { due };
            if due >= view.today() || !view.is_active(person) || has_confirmed(record, person, due) {
                continue;
            }
            let lapse = Lapse::of(system).value("person", called(view, Some(person))).value("duty", duty);
            lapses.push(lapse.value("system", system.label()));
        }
        verdicts.note(system, Judgement::of(lapses));
    }
    verdicts
}

/// Each duty of a live system: the record that names it, who has it, since when and what it is.
fn duties(system: Entry<'_>) -> Vec<(Entry<'_>, Id, Date, String)> {
    let mut found = Vec::new();
    let mut seen: BTreeSet<(Id, Id)> = BTreeSet::new();
    let mut add = |record: Entry<'_>, person: Option<Id>, since: Option<Date>, duty: &str| {
        if let Some(person) = person.filter(|person| seen.insert((record.id(), *person))) {
            found.push((
                record.id(),
                person,
                since.unwrap_or_else(|| record.created_on()),
                format!("{duty} of {}", record.label()),
            ));
        }
    };
    for role in system.incoming(Role::KIND, "holders").filter(Entry::is_live) {
        let rows = Role(role.content()).holders().filter(|row| is_on(*row, role.view().today()));
        rows.filter(|row| row.ai_systems().any(|link| link.id == system.id()))
            .for_each(|row| add(role, row.person().map(|link| link.id), row.from(), "holder"));
    }
    for plan in system.incoming(OversightPlan::KIND, "ai_system").filter(|plan| plan.is("in_force")) {
        OversightPlan(plan.content()).overseers().for_each(|row| add(plan, row.person().map(|link| link.id), None, "overseer"));
    }
    for plan in system.incoming(MonitoringPlan::KIND, "ai_system").filter(|plan| plan.is("in_force")) {
        let content = MonitoringPlan(plan.content());
        content.stop_authority().for_each(|link| add(plan, Some(link.id), None, "power to stop"));
        content.metrics().for_each(|row| add(plan, row.responder().map(|link| link.id), None, "responder"));
    }
    let view = system.view();
    found.into_iter().filter_map(|(record, person, since, duty)| Some((view.get(record)?, person, since, duty))).collect()
}

/// Whether a person took the duty on, for the revision that is read or one since which no covered field changed, by a day.
fn has_confirmed(record: Entry<'_>, person: Id, due: Date) -> bool {
    let view = record.view();
    record.incoming(Acknowledgement::KIND, "subject").filter(|one| one.is("given")).any(|one| {
        let content = Acknowledgement(one.content());
        let means = matches!(content.means().get(), Some(AcknowledgementMeans::AcceptRole | AcknowledgementMeans::AcceptDuty));
        let of = content.subject_revision().get().and_then(|of| u32::try_from(of).ok());
        let in_time = content.confirmed_at().get().is_some_and(|at| view.day(at) <= due);
        let by = content.person().get().is_some_and(|link| link.id == person);
        means && by && in_time && of.is_some_and(|of| record.covers(of, record.revision()))
    })
}
