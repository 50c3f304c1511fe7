//! Whether everybody, and every group, was trained all the time.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::person::{Person, PersonRelation};

use super::brought::everybodys_needs;
use crate::check::reach::{uncovered, window_reaching};
use crate::check::training::met_days;
use crate::check::wording::{people, words};
use crate::shape::{Lapse, Verdicts};
use crate::view::{Entry, View, Window};

/// Of a hundred people, how many have training in date.
const TRAINED_IN_100: usize = 95;
/// Of a hundred of a group.
const OF_GROUP_IN_100: usize = 80;
/// So many people make a group.
const GROUP: usize = 5;
/// How long a person may be without.
const WITHOUT_DAYS: i64 = 90;
/// How long somebody who joined may take.
const JOIN_DAYS: i64 = 30;

/// Somebody who works for the organisation.
struct Worker<'v> {
    person: Entry<'v>,
    /// days on which the person was active and had joined long enough ago
    bound: Vec<Window>,
    /// days with training in date
    aware: Vec<Window>,
}

impl Worker<'_> {
    fn is_bound(&self, day: Date) -> bool {
        self.bound.iter().any(|days| days.has(day))
    }

    fn is_aware(&self, day: Date) -> bool {
        self.aware.iter().any(|days| days.has(day))
    }
}

/// Everybody but auditors from outside.
fn workers(view: &View) -> Vec<Worker<'_>> {
    let mut aware: BTreeMap<Id, Vec<Window>> = BTreeMap::new();
    for need in everybodys_needs(view) {
        for (person, days) in met_days(need) {
            aware.entry(person).or_default().extend(days);
        }
    }
    let inside = view.all(Person::KIND).filter(|person| !Person(person.content()).relation().is(PersonRelation::ExternalAuditor));
    let first = view.first_scope_on();
    inside
        .map(|person| {
            let joined = Person(person.content()).joined_on().get().unwrap_or_else(|| person.created_on());
            let due = joined.saturating_add((JOIN_DAYS + 1).days());
            let due = first.filter(|first| joined < *first).map_or(due, |first| due.max(view.settled_in(first)));
            let bound = person.periods(&["active"]).into_iter().filter_map(|days| days.from_day(due)).collect();
            Worker { person, bound, aware: aware.get(&person.id()).cloned().unwrap_or_default() }
        })
        .collect()
}

/// The last days of the months that ended in the window.
fn month_ends(view: &View) -> Vec<Date> {
    let months = view.window().map_or_else(Vec::new, |window| window.months());
    months.into_iter().map(|month| month.to).filter(|day| *day == day.last_of_month()).collect()
}

/// Whether a need of everybody is approved; without one 7.3-D1 alone gives the finding.
fn is_described(view: &View) -> bool {
    everybodys_needs(view).next().is_some()
}

/// 7.3-O1
pub(super) fn everybody_is_trained(view: &View) -> Verdicts {
    let Some(window) = window_reaching(view, WITHOUT_DAYS).filter(|_| is_described(view)) else { return Verdicts::holds() };
    let (workers, days) = (workers(view), month_ends(view));
    let mut verdicts = Verdicts::default();
    for day in &days {
        let bound: Vec<&Worker<'_>> = workers.iter().filter(|worker| worker.is_bound(*day)).collect();
        let without: Vec<Id> = bound.iter().filter(|worker| !worker.is_aware(*day)).map(|worker| worker.person.id()).collect();
        if (bound.len() - without.len()) * 100 < bound.len() * TRAINED_IN_100 {
            verdicts.failed.push(lapse(Lapse::of_organisation(), view, *day, bound.len(), &without));
        }
    }
    let longest = |worker: &Worker<'_>| {
        let stretches = worker.bound.iter().filter_map(|days| uncovered(days.and(window)?, &worker.aware));
        stretches.max_by_key(Window::days).filter(|days| days.days() > WITHOUT_DAYS)
    };
    for worker in &workers {
        if let Some(days) = longest(worker) {
            let total = workers.iter().filter(|worker| worker.is_bound(days.to)).count();
            let of = Lapse::of(worker.person).over(days);
            verdicts.failed.push(lapse(of, view, days.to, total, &[worker.person.id()]));
        }
    }
    if verdicts.failed.is_empty() {
        verdicts.passed = everybodys_needs(view).map(|need| need.subject()).collect();
    }
    verdicts.among(days.len() + workers.len())
}

fn lapse(lapse: Lapse, view: &View, day: Date, total: usize, without: &[Id]) -> Lapse {
    let lapse = lapse.value("date", day).value("n", without.len()).value("total", total);
    lapse.value("people", people(view, without.iter().copied()))
}

/// 7.3-O2
pub(super) fn no_group_is_left_out(view: &View) -> Verdicts {
    if !is_described(view) {
        return Verdicts::holds();
    }
    let workers = workers(view);
    let mut groups: BTreeMap<String, Vec<&Worker<'_>>> = BTreeMap::new();
    for worker in &workers {
        let content = Person(worker.person.content());
        let unit = content.unit().get().map(|unit| format!("unit {unit}"));
        let relation = content.relation().get().map(|relation| format!("relation {}", words(relation.id())));
        for group in unit.into_iter().chain(relation) {
            groups.entry(group).or_default().push(worker);
        }
    }
    let mut verdicts = Verdicts::default();
    let mut judged = 0;
    for (group, members) in &groups {
        let mut large = false;
        for day in month_ends(view) {
            let bound: Vec<&&Worker<'_>> = members.iter().filter(|worker| worker.is_bound(day)).collect();
            if bound.len() < GROUP {
                continue;
            }
            large = true;
            let aware = bound.iter().filter(|worker| worker.is_aware(day)).count();
            if aware * 100 < bound.len() * OF_GROUP_IN_100 {
                let lapse = Lapse::of_organisation().value("group", group);
                verdicts.failed.push(lapse.value("share", format!("{aware} of {}", bound.len())).value("date", day));
            }
        }
        judged += usize::from(large);
    }
    if verdicts.failed.is_empty() && judged > 0 {
        verdicts.passed = everybodys_needs(view).map(|need| need.subject()).collect();
    }
    verdicts.among(judged)
}
