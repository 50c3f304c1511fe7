//! Whether top management decides, again and again, and not only yes.

use vouch_record::kind::generated::meeting::{MeetingDecisionRow, MeetingDecisionType};
use vouch_record::kind::generated::person::Person;

use super::meetings::{days_of_decisions, held_in_last_year};
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each, without_hole};
use crate::view::{Entry, View, Window};

/// The longest time without a decision.
const LONGEST_DAYS: i64 = 120;
/// Of four meetings, in how many somebody who directs is present.
const PRESENT_IN_FOUR: usize = 3;

/// Whether a decision is more than a yes.
pub(super) fn is_more_than_yes(row: &MeetingDecisionRow<'_>) -> bool {
    use MeetingDecisionType::{ApprovedWithConditions, Challenged, Direction, Money, Refused};
    matches!(row.type_(), Some(Refused | Challenged | ApprovedWithConditions | Money | Direction))
}

/// 5.1-O1
pub(super) fn decides_again_and_again(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let days = days_of_decisions(view);
    let holes = without_hole(year, days.iter().map(|(_, on)| *on), LONGEST_DAYS);
    let lapse = |hole: crate::view::Hole| {
        let days = Window { from: hole.from, to: hole.to };
        Lapse::of_organisation().value("from", hole.from).value("to", hole.to).over(days)
    };
    let passed = days.iter().filter(|(_, on)| year.has(*on)).map(|(entry, _)| entry.subject()).collect();
    Verdicts { passed, failed: holes.into_iter().map(lapse).collect(), ..Verdicts::default() }
}

/// 5.1-O2
pub(super) fn does_not_agree_to_everything(view: &View) -> Verdicts {
    let meetings = held_in_last_year(view);
    let total: usize = meetings.iter().map(|held| held.decisions().count()).sum();
    if total == 0 {
        return Verdicts::holds();
    }
    let asked = meetings.iter().filter(|held| held.decisions().any(|row| is_more_than_yes(&row))).map(|held| held.meeting);
    at_least_one(asked, || Lapse::of_organisation().value("n", total))
}

/// 5.1-O4
pub(super) fn directors_are_present(view: &View) -> Verdicts {
    // Who directed on the day of each meeting: few of all the people there are.
    let meetings: Vec<_> = held_in_last_year(view).into_iter().map(|held| (held, view.on(held.on).top_management())).collect();
    each(view.all(Person::KIND), |person| {
        let directed = meetings.iter().filter(|(_, directing)| directing.contains(&person.id())).map(|(held, _)| held);
        let expected: Vec<_> = directed.filter(|held| held.expects(person.id())).collect();
        if expected.is_empty() {
            return Judgement::Skip("directed no such meeting".to_owned());
        }
        let there = expected.iter().filter(|held| held.had(person.id())).count();
        Judgement::when(there * 4 >= expected.len() * PRESENT_IN_FOUR, || lapse(person, there, expected.len()))
    })
}

fn lapse(person: Entry<'_>, there: usize, total: usize) -> Lapse {
    Lapse::of(person).value("person", person.label()).value("n", there).value("total", total)
}
