//! Whether the channel is tried and known.

use std::collections::BTreeSet;

use vouch_record::Id;
use vouch_record::kind::generated::competence_need::CompetenceNeed;
use vouch_record::kind::generated::person::{Person, PersonRelation};
use vouch_record::kind::generated::shared::AwarenessTopic;
use vouch_record::kind::generated::training_record::TrainingRecord;

use super::procedure::procedures;
use crate::check::concerns::trials;
use crate::derived::acknowledgement::confirmed_by;
use crate::derived::training_record::in_date;
use crate::shape::{Lapse, Verdicts, without_hole};
use crate::view::{View, Window};

/// How far back trials are looked at, in days.
const YEAR: i64 = 365;
/// The longest stretch between two trials, in days.
const TRIED_DAYS: i64 = 180;
/// In so many of ten cases people were told.
const TOLD_OF_10: usize = 9;

/// A.3.3-O2
pub(super) fn tried_twice_a_year(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let trials = trials(view);
    let holes = without_hole(year, trials.iter().map(|trial| trial.on), TRIED_DAYS);
    let mut verdicts = Verdicts::default();
    if holes.is_empty() {
        verdicts.passed.extend(trials.iter().filter(|trial| year.has(trial.on)).map(|trial| trial.record.subject()));
    }
    verdicts.failed.extend(holes.into_iter().map(|hole| {
        let days = Window { from: hole.from.max(year.from), to: hole.to };
        Lapse::of_organisation().value("from", hole.from).value("to", hole.to).over(days)
    }));
    verdicts
}

/// A.3.3-O5
pub(super) fn people_were_told(view: &View) -> Verdicts {
    let mut told: BTreeSet<Id> = procedures(view).flat_map(confirmed_by).collect();
    let teaches = |need: &vouch_record::Link| {
        view.get(need.id).is_some_and(|need| CompetenceNeed(need.content()).topics().has(AwarenessTopic::ReportConcern))
    };
    told.extend(view.all(TrainingRecord::KIND).filter_map(|record| {
        let content = TrainingRecord(record.content());
        let person = content.person().get()?.id;
        (content.needs().any(|need| teaches(&need)) && in_date(record)).then_some(person)
    }));
    let bound = view
        .all(Person::KIND)
        .filter(|person| person.is("active") && !Person(person.content()).relation().is(PersonRelation::ExternalAuditor));
    let (known, unknown): (Vec<_>, Vec<_>) = bound.partition(|person| told.contains(&person.id()));
    let total = known.len() + unknown.len();
    let mut verdicts = Verdicts::default();
    if known.len() * 10 >= total * TOLD_OF_10 {
        verdicts.passed = known.iter().map(|person| person.subject()).collect();
    } else {
        verdicts.failed.push(Lapse::of_organisation().value("n", unknown.len()).value("total", total));
    }
    verdicts
}
