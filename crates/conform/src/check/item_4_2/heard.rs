//! Whether parties are heard, and whether that changes anything.

use std::cell::OnceCell;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::concern::{Concern, ConcernReporterType};
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::interested_party::{
    InterestedParty, InterestedPartyHeardRow, InterestedPartyListeningRow, InterestedPartyType,
};
use vouch_record::time::before;

use super::parties::{assessed, first_assessed, of_type};
use crate::check::assessing::{approved_in, systems_of};
use crate::check::specified::holds;
use crate::check::wording::{in_days, words};
use crate::derived::interested_party::last_reviewed;
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each, without_hole};
use crate::view::{Entry, Hole, View, Window};

/// How far back parties are to have been heard and looked at.
const YEAR: i64 = 365;
/// How late a party may be heard.
const LATE_DAYS: i64 = 30;
/// How many concerns of one sort of people call for a look.
const MANY: usize = 3;
/// How long that look may take.
const LOOK_DAYS: i64 = 30;

/// 4.2-O2
pub(super) fn heard_as_often_as_set(view: &View) -> Verdicts {
    each(assessed(view), |party| {
        Judgement::needing(party, &["listening", "heard"], || {
            let rows: Vec<InterestedPartyListeningRow<'_>> = InterestedParty(party.content())
                .listening()
                .filter(|row| row.channel().is_some() && row.every().is_some())
                .collect();
            if rows.is_empty() {
                return Judgement::Skip("no rhythm is set".to_owned());
            }
            let lapse = |row: InterestedPartyListeningRow<'_>, hole: Hole| {
                let channel = row.channel().map_or_else(String::new, |channel| words(channel.id()));
                let lapse = Lapse::of(party).value("party", party.label()).value("channel", channel);
                lapse.value("from", hole.from).value("to", hole.to).over(Window { from: hole.from, to: hole.to })
            };
            Judgement::of(
                rows.into_iter().flat_map(|row| unheard(party, row).into_iter().map(move |hole| lapse(row, hole))).collect(),
            )
        })
    })
}

/// The stretches in which a party was not heard through a channel for longer than its rhythm allows, from the day it was first assessed
/// on. A year too short to hold such a stretch is taken as much longer as that needs.
fn unheard(party: Entry<'_>, row: InterestedPartyListeningRow<'_>) -> Vec<Hole> {
    let view = party.view();
    let Some(longest) = row.every().map(|every| in_days(&every) + LATE_DAYS) else { return Vec::new() };
    let period = view.last_days(YEAR.max(longest + 1)).zip(first_assessed(party)).and_then(|(year, since)| year.from_day(since));
    let Some(period) = period else { return Vec::new() };
    let heard = InterestedParty(party.content()).heard().filter(|heard| heard.channel() == row.channel());
    without_hole(period, heard.filter_map(|heard| heard.on()), longest)
}

/// The party type of people who raise concerns; those who are nobody in particular have none.
fn type_of(reporter: ConcernReporterType) -> Option<InterestedPartyType> {
    Some(match reporter {
        ConcernReporterType::Staff | ConcernReporterType::Contractor => InterestedPartyType::Worker,
        ConcernReporterType::User => InterestedPartyType::User,
        ConcernReporterType::AffectedPerson => InterestedPartyType::AffectedPerson,
        ConcernReporterType::Customer => InterestedPartyType::Customer,
        ConcernReporterType::Supplier => InterestedPartyType::Supplier,
        ConcernReporterType::Authority => InterestedPartyType::Authority,
        ConcernReporterType::Public | ConcernReporterType::Unknown => return None,
    })
}

/// Days on which concerns of one sort of people were received, the earliest first.
fn received(view: &View, reporter: ConcernReporterType) -> Vec<Date> {
    let real = view.all(Concern::KIND).map(|concern| (concern, Concern(concern.content())));
    let real =
        real.filter(|(concern, content)| content.reporter_type().is(reporter) && !content.test().is(true) && !concern.is("void"));
    let mut days: Vec<Date> = real.filter_map(|(_, content)| Some(view.day(content.received_at().get()?))).collect();
    days.sort_unstable();
    days
}

/// 4.2-O3
pub(super) fn looked_at_after_concerns(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let length = vouch_record::time::days_between(window.from, window.to);
    let earlier = Window { from: before(window.from, &(length + 1).days()), to: window.from.saturating_sub(1.day()) };
    let mut verdicts = Verdicts::default();
    let mut things = 0;
    for reporter in ConcernReporterType::ALL {
        let Some(sort) = type_of(reporter) else { continue };
        let days = received(view, reporter);
        let now: Vec<Date> = days.iter().copied().filter(|day| window.has(*day)).collect();
        let then = days.iter().filter(|day| earlier.has(**day)).count();
        // The concern by which they became many: the third, or the one that made them twice as many as before.
        let at = [Some(MANY), (then > 0).then_some(then * 2)].into_iter().flatten().min().unwrap_or(MANY);
        let Some(many) = now.get(at - 1).copied() else { continue };
        things += 1;
        let looked = |party: &Entry<'_>| last_reviewed(*party).is_some_and(|look| view.day(look) >= many);
        let due = many.saturating_add(LOOK_DAYS.days());
        match of_type(view, sort).find(looked) {
            Some(party) => verdicts.passed.push(party.subject()),
            None if due >= view.today() => {}
            None => {
                let lapse = of_type(view, sort).next().map_or_else(Lapse::of_organisation, Lapse::of);
                verdicts.failed.push(lapse.value("n", now.len()).value("reporter_type", words(reporter.id())));
            }
        }
    }
    verdicts.among(things)
}

/// 4.2-O4
pub(super) fn reviewed_each_year(view: &View) -> Verdicts {
    let since = view.today().saturating_sub(YEAR.days());
    each(assessed(view), |party| {
        let last = last_reviewed(party).map(|at| view.day(at)).max(party.entered("assessed"));
        Judgement::when(last.is_some_and(|on| on >= since), || Lapse::of(party).value("party", party.label()).maybe("date", last))
    })
}

/// 4.2-P1
pub(super) fn weak_parties_were_heard(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let weak = |party: &Entry<'_>| {
        use vouch_record::kind::generated::shared::Extent::{Partly, Yes};
        let content = InterestedParty(party.content());
        content.type_().is(InterestedPartyType::AffectedPerson) || matches!(content.vulnerable().get(), Some(Yes | Partly))
    };
    let all = OnceCell::new();
    each(assessed(view).filter(weak), |party| {
        Judgement::needing(party, &["heard", "owner"], || {
            let content = InterestedParty(party.content());
            let owner = content.owner().get().map(|link| link.id);
            let recent = content.heard().filter(|row| row.on().is_some_and(|on| year.has(on)));
            let proof = recent.flat_map(InterestedPartyHeardRow::proof).filter_map(|link| view.get(link.id));
            let mut proof = proof.filter(|one| is_checked(*one, owner));
            match proof.next().or_else(|| consulted(party, all.get_or_init(|| consultations(view, year)))) {
                Some(shown) => Judgement::Shown(vec![party.subject(), shown.subject()]),
                None => Judgement::Fail(Lapse::of(party).value("party", party.label())),
            }
        })
    })
}

/// Evidence that another person than the owner of the party reviewed.
fn is_checked(proof: Entry<'_>, owner: Option<Id>) -> bool {
    let reviewer = || Evidence(proof.content()).reviewed_by().get().map(|link| link.id);
    proof.kind().name == Evidence::KIND && proof.is("reviewed") && reviewer().is_some_and(|by| Some(by) != owner)
}

/// An assessment with the groups that were consulted, and those that a system of it affects as rows of parties.
struct Consulted<'v> {
    assessment: Entry<'v>,
    groups: Vec<&'v str>,
    affected: Vec<(Id, Option<&'v str>)>,
}

/// Every assessment approved in a period in which somebody was consulted.
fn consultations(view: &View, year: Window) -> Vec<Consulted<'_>> {
    use vouch_record::kind::generated::ai_system::AiSystem;
    let consulted = approved_in(view, year).map(|assessment| {
        let groups = ImpactAssessment(assessment.content()).consultations().filter_map(|row| row.group()).collect();
        let rows = systems_of(assessment).flat_map(|system| AiSystem(system.content()).affected().collect::<Vec<_>>());
        let affected = rows.filter_map(|row| Some((row.party()?.id, row.group()))).collect();
        Consulted { assessment, groups, affected }
    });
    consulted.filter(|one| !one.groups.is_empty()).collect()
}

/// An assessment in which the party was consulted: a row of a system that affects it names its group, or the group that the row of the
/// system names.
fn consulted<'v>(party: Entry<'v>, all: &[Consulted<'v>]) -> Option<Entry<'v>> {
    let name = party.text("name").unwrap_or_default();
    let found = all.iter().find(|one| {
        let named = one.affected.iter().filter(|(of, _)| *of == party.id());
        let wanted: Vec<&str> = named.filter_map(|(_, group)| *group).chain([name]).collect();
        one.groups.iter().any(|group| wanted.iter().any(|one| holds(group, one)))
    });
    found.map(|one| one.assessment)
}

/// 4.2-P3
pub(super) fn something_followed(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let recent = |party: Entry<'_>| -> Vec<(Date, Vec<Id>)> {
        let rows = InterestedParty(party.content()).heard();
        let dated = rows.filter_map(|row| Some((row.on()?, row.led_to().map(|link| link.id).collect::<Vec<Id>>())));
        dated.filter(|(on, _)| year.has(*on)).collect()
    };
    let heard: Vec<_> = view.all(InterestedParty::KIND).map(|party| (party, recent(party))).collect();
    let n: usize = heard.iter().map(|(_, rows)| rows.len()).sum();
    if n == 0 {
        return Verdicts::holds();
    }
    let later = |on: Date, id: Id| view.get(id).is_some_and(|record| record.created_on() > on);
    let led = heard.iter().filter(|(_, rows)| rows.iter().any(|(on, led)| led.iter().any(|id| later(*on, *id))));
    at_least_one(led.map(|(party, _)| *party), || Lapse::of_organisation().value("n", n))
}
