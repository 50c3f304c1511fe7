//! Whether people outside can find the channel, and whether it works.

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::organisation::Organisation;
use vouch_record::kind::generated::user_information::{UserInformation, UserInformationAudience, UserInformationCover};

use crate::check::concerns::{Trial, handler, is_inside, procedures, received_in, trials};
use crate::check::information::of;
use crate::check::wording::called;
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each, standing_document};
use crate::view::{Entry, View};

/// How far back a trial counts, in days.
const TRIED_DAYS: i64 = 180;
/// How far back a concern counts, in days.
const YEAR: i64 = 365;
/// From so many people on somebody will have something to say.
const MANY: i64 = 100;

/// A.8.3-D1
pub(super) fn can_be_found(view: &View) -> Verdicts {
    let channel = view.organisation().map(|organisation| Organisation(organisation.content()).concern_channel());
    let open = channel.is_some_and(|channel| channel.is_filled());
    each(view.live_systems(), |system| {
        let mut shown = vec![system.subject()];
        shown.extend(of(system).filter(|text| says_where(*text)).map(|text| text.subject()));
        if open && shown.len() > 1 { Judgement::Shown(shown) } else { Judgement::Fail(Lapse::of(system)) }
    })
}

/// Whether a text that people outside the organisation can read says how to report harm and whom to reach.
fn says_where(text: Entry<'_>) -> bool {
    use UserInformationAudience::{AffectedPerson, Customer, Public, User};
    let content = UserInformation(text.content());
    let read = content.audience().get().is_some_and(|audience| [AffectedPerson, User, Customer, Public].contains(&audience));
    let covers = [UserInformationCover::ReportHarm, UserInformationCover::Contact];
    text.is("published") && read && covers.into_iter().all(|topic| content.covers().has(topic))
}

/// A.8.3-D2
pub(super) fn procedure_stands(view: &View) -> Verdicts {
    standing_document(procedures(view), "reason")
}

/// The trials of the last 180 days.
fn recent(view: &View) -> Vec<Trial<'_>> {
    let period = view.last_days(TRIED_DAYS);
    trials(view).into_iter().filter(|trial| period.is_some_and(|period| period.has(trial.on))).collect()
}

/// A.8.3-O3
pub(super) fn was_tried(view: &View) -> Verdicts {
    at_least_one(recent(view).into_iter().map(|trial| trial.record), || {
        let last = trials(view).last().map(|trial| trial.on);
        Lapse::of_organisation().maybe("date", last)
    })
}

/// A.8.3-O4
pub(super) fn is_used(view: &View) -> Verdicts {
    let heard = received_in(view, view.last_days(YEAR)).filter(|concern| !is_inside(*concern));
    let passed: Vec<_> = heard.map(|concern| concern.subject()).collect();
    if !passed.is_empty() {
        return Verdicts { passed, ..Verdicts::default() };
    }
    let mut verdicts = Verdicts::default();
    let mut met: Vec<(i64, Entry<'_>)> = Vec::new();
    for system in view.live_systems() {
        match ["intended_users", "affected"].into_iter().find(|field| system.value(field).is_erased()) {
            Some(field) => verdicts.undecided.push((system.subject(), format!("`{field}` was erased"))),
            None => met.push((people(system), system)),
        }
    }
    let total: i64 = met.iter().map(|(people, _)| people).sum();
    match met.iter().max_by_key(|(people, system)| (*people, std::cmp::Reverse(system.id()))) {
        Some((people, system)) if total >= MANY => verdicts.failed.push(Lapse::of(*system).value("users", people)),
        _ => verdicts.passed.extend(met.iter().map(|(_, system)| system.subject())),
    }
    verdicts
}

/// How many people use a system or are touched by it.
fn people(system: Entry<'_>) -> i64 {
    let content = AiSystem(system.content());
    let users = content.intended_users().filter_map(|row| row.count());
    users.chain(content.affected().filter_map(|row| row.count())).fold(0, i64::saturating_add)
}

/// A.8.3-P3
pub(super) fn was_tried_by_an_outsider(view: &View) -> Verdicts {
    let handlers: Vec<Id> = view.all("concern").filter_map(handler).collect();
    let recent = recent(view);
    let Some(latest) = recent.last() else { return Verdicts::holds() };
    let outside = |trial: &&Trial<'_>| match trial.by {
        Some(person) => trial.record.kind().name != "concern" && !handlers.contains(&person),
        None => true,
    };
    at_least_one(recent.iter().filter(outside).map(|trial| trial.record), || {
        let by = called(view, latest.by);
        let runs = latest.by.is_some_and(|person| handlers.contains(&person));
        let how = if runs { format!("{by}, who handles what comes in") } else { format!("{by}, from an account") };
        Lapse::of(latest.record).value("how", how)
    })
}
