//! The plan, and the duties that it answers.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::condition::SpanValue;
use vouch_record::kind::generated::customer_commitment::{CustomerCommitment, CustomerCommitmentTopic};
use vouch_record::kind::generated::document::{Document, DocumentTemplate};
use vouch_record::kind::generated::obligation::{Obligation, ObligationTrigger};

use super::population::{looked_at, plans};
use crate::derived::customer_commitment::in_force;
use crate::derived::obligation::binds;
use crate::shape::{Judgement, Lapse, Verdicts, each, stands};
use crate::view::{Entry, View};

/// How long the plan may wait for somebody to look at it after a duty changed.
const FOLLOW_DAYS: i64 = 60;

/// A.8.4-D1
pub(super) fn stands_and_follows_its_duties(view: &View) -> Verdicts {
    let mut reason = "there is none".to_owned();
    let mut verdicts = Verdicts::default();
    for plan in view.all(Document::KIND).filter(|one| Document(one.content()).template().is(DocumentTemplate::TINCIDENT)) {
        match stands(plan).and_then(|()| follows(plan)) {
            Ok(()) => verdicts.passed.push(plan.subject()),
            Err(why) => reason = why,
        }
    }
    if verdicts.passed.is_empty() {
        verdicts.failed.push(Lapse::of_organisation().value("reason", reason));
    }
    verdicts
}

/// Somebody looked at the plan after each change of a duty that it answers, once sixty days have passed since.
fn follows(plan: Entry<'_>) -> Result<(), String> {
    let looks = looked_at(plan);
    let last = looks.iter().max().copied();
    let open = events(plan).into_iter().find(|(on, _)| {
        let due = on.saturating_add(FOLLOW_DAYS.days()) < plan.view().today();
        due && last.is_none_or(|last| last < *on)
    });
    match open {
        None => Ok(()),
        Some((on, what)) => Err(format!("nobody looked at {} since {what} on {on}", plan.label())),
    }
}

/// What changed in the duties that a plan answers: changes of their sources, and promises of notice shorter than each before.
fn events(plan: Entry<'_>) -> Vec<(Date, String)> {
    let mut found: Vec<(Date, String)> = Vec::new();
    for duty in plan.incoming(Obligation::KIND, "met_by").filter(|duty| duty.is("confirmed") && binds(*duty)) {
        let noticed = Obligation(duty.content()).source_changes().filter_map(|row| row.noticed_on());
        found.extend(noticed.map(|on| (on, format!("{} changed", duty.label()))));
    }
    let promised = plan.incoming(CustomerCommitment::KIND, "met_by").filter(|one| in_force(*one)).filter_map(|one| {
        let content = CustomerCommitment(one.content());
        Some((content.from().get()?, SpanValue(content.notice_within().get()?).seconds(), one))
    });
    let mut promised: Vec<(Date, i64, Entry<'_>)> = promised.collect();
    promised.sort_by_key(|(from, within, one)| (*from, *within, one.id()));
    let mut shortest = i64::MAX;
    for (from, within, one) in promised {
        if within < shortest {
            shortest = within;
            found.push((from, format!("{} promised a shorter time", one.label())));
        }
    }
    found.sort();
    found
}

/// A.8.4-D2
pub(super) fn answers_every_duty(view: &View) -> Verdicts {
    let plans: Vec<Entry<'_>> = plans(view).collect();
    let named = |duty: Entry<'_>| plans.iter().any(|plan| duty.names(plan.id(), "met_by"));
    let started = |duty: &Entry<'_>| {
        use ObligationTrigger::{DataLeak, SecurityIncident, SeriousIncident};
        Obligation(duty.content()).triggers().has_any(&[SeriousIncident, DataLeak, SecurityIncident])
    };
    let duties = view.all(Obligation::KIND).filter(|duty| duty.is("confirmed") && started(duty) && binds(*duty));
    let by_law = each(duties, |duty| {
        Judgement::needing(duty, &["recipients", "answer_within", "clock_from", "met_by"], || {
            let content = Obligation(duty.content());
            let missing = [
                ("it names no recipient", content.recipients().next().is_some()),
                ("it names no time", content.answer_within().is_filled()),
                ("it does not say when the clock starts", content.clock_from().is_filled()),
                ("the plan does not meet it", named(duty)),
            ];
            let within = content.answer_within().get().map_or_else(|| "no time".to_owned(), |within| within.to_string());
            answered(duty, within, &missing)
        })
    });
    let promised = view
        .all(CustomerCommitment::KIND)
        .filter(|one| CustomerCommitment(one.content()).topic().is(CustomerCommitmentTopic::IncidentNotice) && in_force(*one));
    by_law.and(each(promised, |one| {
        Judgement::needing(one, &["notice_within", "met_by"], || {
            let within = CustomerCommitment(one.content()).notice_within().get();
            let missing = [("it names no time", within.is_some()), ("the plan does not meet it", named(one))];
            answered(one, within.map_or_else(|| "no time".to_owned(), |within| within.to_string()), &missing)
        })
    }))
}

/// A lapse for the first thing that is missing.
fn answered(duty: Entry<'_>, within: String, missing: &[(&str, bool)]) -> Judgement {
    match missing.iter().find(|(_, there)| !there) {
        None => Judgement::Pass,
        Some((defect, _)) => {
            let values = Lapse::of(duty).value("obligation", duty.label()).value("answer_within", within);
            Judgement::Fail(values.value("defect", defect))
        }
    }
}
