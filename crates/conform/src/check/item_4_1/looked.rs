//! Whether issues are looked at, when, and by whom.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::context_issue::ContextIssue;
use vouch_record::kind::generated::document::DocumentReviewTrigger;
use vouch_record::kind::generated::obligation::{Obligation, ObligationApplies};
use vouch_record::kind::generated::organisation::Organisation;
use vouch_record::kind::generated::shared::RiskTier;

use super::noted::assessed;
use crate::check::wording::{called, words};
use crate::derived::ai_system::tier;
use crate::derived::event::{Trigger, events};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// How long ago an issue may have been looked at.
const LOOK_DAYS: i64 = 365;
/// How long a look may take after what calls for it.
const ANSWER_DAYS: i64 = 30;

/// The looks at an issue: approvals with purpose review, the earliest first.
fn looks(issue: Entry<'_>) -> Vec<Given<'_>> {
    let looks = |given: &Given<'_>| {
        given.approval.purpose().is(ApprovalPurpose::Review) && given.approval.decision().is(ApprovalDecision::Approved)
    };
    issue.given().into_iter().filter(looks).collect()
}

/// 4.1-O1
pub(super) fn looked_at_each_year(view: &View) -> Verdicts {
    let since = view.today().saturating_sub(LOOK_DAYS.days());
    each(assessed(view), |issue| {
        let last = looks(issue).last().map(Given::on).max(issue.entered("assessed"));
        Judgement::when(last.is_some_and(|on| on >= since), || Lapse::of(issue).value("issue", issue.label()).maybe("date", last))
    })
}

/// What calls for a look at the context, with its day.
fn triggers(view: &View) -> Vec<(Entry<'_>, Date)> {
    let registered = |system: Entry<'_>| {
        let first = system.leaves().iter().find(|leaf| leaf.state.as_ref() == "registered");
        first.map(|leaf| view.day(leaf.time)).filter(|_| tier(system) >= Some(RiskTier::High))
    };
    let systems = view.all(AiSystem::KIND).filter_map(|system| Some((system, registered(system)?)));
    let noticed = |duty: Entry<'_>| {
        let content = Obligation(duty.content());
        content.noticed_on().get().filter(|_| content.applies().is(ObligationApplies::Yes))
    };
    let duties = view.live(Obligation::KIND).filter_map(|duty| Some((duty, noticed(duty)?)));
    let moved = Trigger::from(DocumentReviewTrigger::OrganisationChange);
    let own = view.kind(Organisation::KIND).prefix.as_str();
    let changes = events(view).iter().filter(|event| event.trigger == moved && event.record.prefix() == own);
    let changes = changes.filter_map(|event| Some((view.get(event.record)?, event.on)));
    systems.chain(duties).chain(changes).collect()
}

/// 4.1-O2
pub(super) fn looked_at_after_each_trigger(view: &View) -> Verdicts {
    let Some(year) = view.last_days(LOOK_DAYS) else { return Verdicts::holds() };
    let all: Vec<Given<'_>> = view.all(ContextIssue::KIND).flat_map(looks).collect();
    let mut first: BTreeMap<Date, usize> = BTreeMap::new();
    for (at, look) in all.iter().enumerate() {
        first.entry(look.on()).or_insert(at);
    }
    let mut verdicts = Verdicts::default();
    for (record, on) in triggers(view).into_iter().filter(|(_, on)| year.has(*on)) {
        let due = on.saturating_add(ANSWER_DAYS.days());
        let judgement = match first.range(on..=due).map(|(_, at)| *at).min() {
            Some(at) => Judgement::Shown(vec![all[at].entry.subject()]),
            None if due >= view.today() => Judgement::Skip(format!("there is time until {due}")),
            None => Judgement::Fail(Lapse::of(record).value("trigger", record.label()).value("date", on)),
        };
        verdicts.note(record, judgement);
    }
    verdicts
}

/// 4.1-P1
pub(super) fn looked_at_by_another(view: &View) -> Verdicts {
    each(assessed(view), |issue| {
        Judgement::needing(issue, &["owner"], || {
            let last = looks(issue).pop();
            let defect = match &last {
                None => Some("was never looked at by a second person".to_owned()),
                Some(given) => {
                    alone(issue, given).map(|what| format!("was last looked at by {}, who {what}", called(view, given.by())))
                }
            };
            match (defect, last) {
                (None, Some(given)) => Judgement::Shown(vec![issue.subject(), given.entry.subject()]),
                (defect, _) => {
                    Judgement::Fail(Lapse::of(issue).value("issue", issue.label()).value("defect", defect.unwrap_or_default()))
                }
            }
        })
    })
}

/// Why a look is not that of a second person.
fn alone(issue: Entry<'_>, given: &Given<'_>) -> Option<String> {
    let by = given.by();
    let wrote = issue.revisions().find(|leaf| leaf.revision == given.revision()).and_then(|leaf| leaf.actor.person());
    if let Some(rule) = given.overrides() {
        return Some(format!("set a rule aside with the override {}", words(rule.id())));
    }
    if by.is_none() || by == wrote {
        return Some("wrote what was looked at".to_owned());
    }
    (by == ContextIssue(issue.content()).owner().get().map(|link| link.id)).then(|| "owns it".to_owned())
}

/// 4.1-P4
pub(super) fn looks_are_proved(view: &View) -> Verdicts {
    each(assessed(view), |issue| match looks(issue).pop() {
        None => Judgement::Skip("never looked at".to_owned()),
        Some(given) if given.counts_as_proof() => Judgement::Shown(vec![given.entry.subject()]),
        Some(_) => Judgement::Fail(Lapse::of(issue).value("issue", issue.label())),
    })
}
