//! Who confirmed the AI policy, when, how, and whether they understood it.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::acknowledgement::{Acknowledgement, AcknowledgementSignIn};
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::person::Person;
use vouch_record::time::{after, days_between};

use crate::derived::acknowledgement::clustered;
use crate::derived::document::{confirmations, must_confirm, unconfirmed};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View, Window};

/// Out of a hundred who must confirm, how many have to.
const CONFIRMED_IN_100: usize = 95;
/// The longest a confirmation may be open after it was due.
const OPEN_DAYS: i64 = 60;
/// One in so many confirmations holds questions.
const ASKED_ONE_IN: usize = 10;
/// Out of ten answers, how many are to be right.
const RIGHT_IN_10: usize = 8;
/// Out of ten confirmations, how many people give themselves.
const SIGNED_IN_10: usize = 9;

/// 5.2-O1
pub(super) fn confirmed_by_those_who_must(view: &View) -> Verdicts {
    let Some(policy) = view.policy() else { return Verdicts::holds() };
    let within = Document(policy.content()).acknowledge_within().get().unwrap_or_default();
    let due: BTreeMap<Id, Date> = must_confirm(policy)
        .into_iter()
        .map(|(person, since)| (person, after(since, &within)))
        .filter(|(_, due)| *due < view.today())
        .collect();
    let late = unconfirmed(policy);
    let open: Vec<Date> = late.iter().filter_map(|person| due.get(person).copied()).collect();
    let enough = (due.len() - open.len()) * 100 >= due.len() * CONFIRMED_IN_100;
    let forgotten = late.iter().any(|person| due.get(person).is_some_and(|due| days_open(view, *person, *due) > OPEN_DAYS));
    let shown: Vec<Subject> = confirmations(policy).map(|one| one.subject()).collect();
    if enough && !forgotten {
        return Verdicts { passed: shown, ..Verdicts::default() }.among(due.len());
    }
    let oldest = open.iter().min().map_or_else(|| "no day".to_owned(), Date::to_string);
    Verdicts::failed(Lapse::of(policy).value("n", open.len()).value("total", due.len()).value("date", oldest)).among(due.len())
}

/// Days since a confirmation was due, those on which the person was away left out.
fn days_open(view: &View, person: Id, due: Date) -> i64 {
    let open = Window { from: due.saturating_add(1.day()), to: view.today() };
    let away = view.get(person).map_or_else(Vec::new, |person| person.periods(&["away"]));
    open.days() - away.into_iter().filter_map(|period| period.and(open)).map(|period| period.days()).sum::<i64>()
}

/// 5.2-O2
pub(super) fn newcomers_confirmed_in_time(view: &View) -> Verdicts {
    let (Some(window), Some(policy)) = (view.window(), view.policy()) else { return Verdicts::holds() };
    let within = Document(policy.content()).acknowledge_within().get().unwrap_or_default();
    let first: BTreeMap<Id, (Date, Entry<'_>)> = first_confirmations(policy);
    let joined = |person: Entry<'_>| Person(person.content()).joined_on().get();
    let newcomers = must_confirm(policy).into_iter().filter_map(|(person, since)| Some((view.get(person)?, since)));
    let mut verdicts = Verdicts::default();
    for (person, since) in newcomers.filter(|(person, _)| joined(*person).is_some_and(|on| window.has(on))) {
        let due = after(since, &within);
        let fail = |defect: String| {
            let on = joined(person).unwrap_or(since);
            Judgement::Fail(Lapse::of(person).value("person", person.label()).value("date", on).value("defect", defect))
        };
        let judgement = match first.get(&person.id()) {
            Some((on, one)) if *on <= due => Judgement::Shown(vec![one.subject()]),
            Some((on, _)) => fail(format!("confirmed {} days late", days_between(due, *on))),
            None if due >= view.today() => Judgement::Skip(format!("there is time until {due}")),
            None => fail(format!("has not confirmed {} days after it was due", days_between(due, view.today()))),
        };
        verdicts.note(person, judgement);
    }
    verdicts
}

/// The first confirmation that each person gave of what is in force, with its day.
fn first_confirmations(policy: Entry<'_>) -> BTreeMap<Id, (Date, Entry<'_>)> {
    let mut first: BTreeMap<Id, (Date, Entry<'_>)> = BTreeMap::new();
    for one in confirmations(policy) {
        let content = Acknowledgement(one.content());
        let (Some(person), Some(at)) = (content.person().get(), content.confirmed_at().get()) else { continue };
        let on = policy.view().day(at);
        first
            .entry(person.id)
            .and_modify(|found| {
                if on < found.0 {
                    *found = (on, one)
                }
            })
            .or_insert((on, one));
    }
    first
}

/// 5.2-O4
pub(super) fn questions_were_answered(view: &View) -> Verdicts {
    let (Some(window), Some(policy)) = (view.window(), view.policy()) else { return Verdicts::holds() };
    let given: Vec<Entry<'_>> = policy
        .incoming(Acknowledgement::KIND, "subject")
        .filter(|one| Acknowledgement(one.content()).confirmed_at().get().is_some_and(|at| window.has(view.day(at))))
        .collect();
    let asked: Vec<Entry<'_>> =
        given.iter().copied().filter(|one| Acknowledgement(one.content()).questions().next().is_some()).collect();
    let rows = || asked.iter().flat_map(|one| Acknowledgement(one.content()).questions());
    let (answers, right) = (rows().count(), rows().filter(|row| row.right() == Some(true)).count());
    if asked.len() * ASKED_ONE_IN >= given.len() && right * 10 >= answers * RIGHT_IN_10 {
        return each(asked, |_| Judgement::Pass);
    }
    let lapse = Lapse::of(policy).value("held", asked.len()).value("total", given.len());
    Verdicts::failed(lapse.value("right", right).value("asked", answers)).among(given.len())
}

/// 5.2-P2
pub(super) fn people_confirmed_themselves(view: &View) -> Verdicts {
    let Some(policy) = view.policy() else { return Verdicts::holds() };
    let given: Vec<Entry<'_>> = confirmations(policy).collect();
    let own: Vec<Entry<'_>> = given.iter().copied().filter(|one| signed_in(*one)).collect();
    let mut defects = Vec::new();
    if own.len() * 10 < given.len() * SIGNED_IN_10 {
        defects.push(format!("{} were entered by others, or by nobody who was known", given.len() - own.len()));
    }
    if given.iter().any(|one| clustered(*one)) {
        let (on, n) = fullest_day(&given);
        defects.push(format!("{n} were given on {on}, after they were due"));
    }
    if defects.is_empty() {
        return each(own, |_| Judgement::Pass);
    }
    let lapse = |defect: String| Lapse::of(policy).value("total", given.len()).value("defect", defect);
    Verdicts { failed: defects.into_iter().map(lapse).collect(), ..Verdicts::default() }.among(given.len())
}

/// Whether the person signed in to confirm.
fn signed_in(one: Entry<'_>) -> bool {
    use AcknowledgementSignIn::{Oidc, Passkey, PasswordTotp};
    matches!(Acknowledgement(one.content()).sign_in().get(), Some(Passkey | PasswordTotp | Oidc))
}

/// The day on which most late confirmations were given, and how many.
fn fullest_day(given: &[Entry<'_>]) -> (String, usize) {
    let mut days: BTreeMap<Date, usize> = BTreeMap::new();
    for one in given {
        let content = Acknowledgement(one.content());
        let on = content.confirmed_at().get().map(|at| one.view().day(at));
        if let Some(on) = on.filter(|on| content.due().get().is_some_and(|due| *on > due)) {
            *days.entry(on).or_default() += 1;
        }
    }
    days.into_iter().max_by_key(|(_, n)| *n).map_or_else(|| ("no day".to_owned(), 0), |(on, n)| (on.to_string(), n))
}

#[cfg(test)]
mod tests {
    use std::fmt::Write;

    use super::*;
    use crate::check::cases::{Fixed, Lives, build};

    /// Twenty-one people must confirm, of whom one has not for so many days after it was due.
    fn check(days_late: i64, away: Option<&str>, expected: bool) {
        let fixed = Fixed::load();
        let joined = jiff::civil::date(2026, 11, 20).saturating_sub((30 + days_late).days());
        let mut patch = format!("change: {{PER-7: {{joined_on: {joined}}}}}\nremove: [ACK-106]\n");
        if let Some(on) = away {
            writeln!(patch, "then: {{PER-7: [{{at: {on}, by: system, to: away}}]}}").unwrap();
        }
        patch.push_str("add:\n");
        for n in 900..914 {
            let active = "then: [{at: 2025-01-06, by: system, to: active, set: {joined_on: 2024-01-02}}]";
            let fields = "relation: employee, top_management: false";
            writeln!(patch, "  PER-{n}: {{at: 2025-01-06, by: system, fields: {{name: P{n}, {fields}}}, {active}}}").unwrap();
            let fields = format!(
                "subject: DOC-100, subject_revision: 1, person: PER-{n}, means: read, requested_by: rule, requested_at: '2025-03-05T09:00:00Z', due: 2025-04-04"
            );
            let given = format!(
                "then: [{{at: 2025-03-20, by: PER-{n}, to: given, set: {{confirmed_at: '2025-03-20T09:00:00Z', sign_in: oidc}}}}]"
            );
            writeln!(patch, "  ACK-{n}: {{at: 2025-03-05, by: system, fields: {{{fields}}}, {given}}}").unwrap();
        }
        let lives = Lives::base().with(&patch).unwrap();
        let built = build(&lives, &fixed.kinds).unwrap();
        let view = built.view(fixed, built.today);
        let found = confirmed_by_those_who_must(&view);
        assert_eq!(!found.failed.is_empty(), expected, "{days_late} days: {found:?}");
        assert_eq!(found.things, Some(if away.is_some() { 20 } else { 21 }));
    }

    #[test]
    fn one_of_twenty_one_may_be_late_for_sixty_days() {
        check(60, None, false);
        check(61, None, true);
        check(61, Some("2026-11-18"), false);
    }
}
