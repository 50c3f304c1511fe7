//! Exceptions from the AI policy: whether they end, and who granted them.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceState};
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::time::days_between;

use crate::check::wording::called;
use crate::derived::acceptance::{accepted_on, ran_out, renewals, with_power};
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View, Window};

/// The longest an exception may hold.
const LONGEST_DAYS: i64 = 365;
/// How often it may be renewed.
const RENEWALS: usize = 2;

/// The exceptions from the policy that held on a day of the window.
fn exceptions(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let (policy, window) = (view.policy().map(|policy| policy.id()), view.window());
    view.all(Acceptance::KIND).filter(move |entry| {
        let content = Acceptance(entry.content());
        let about = content.subject().get().is_some_and(|link| Some(link.id) == policy);
        let named = || content.requirements().any(|named| named.framework == ISO42001 && named.item == "A.2.2");
        (about || named()) && held(*entry).zip(window).is_some_and(|(days, window)| days.and(window).is_some())
    })
}

/// The days on which an acceptance held, as far as it says.
fn held(entry: Entry<'_>) -> Option<Window> {
    let content = Acceptance(entry.content());
    let periods = entry.periods(&[AcceptanceState::Accepted.id()]);
    let (first, last) = (periods.first()?.from, periods.last()?.to);
    let from = content.from().get().map_or(first, |from| from.max(first));
    let to = content.until().get().map_or(last, |until| until.min(last));
    (from <= to).then_some(Window { from, to })
}

/// A.2.2-O2
pub(super) fn exceptions_end(view: &View) -> Verdicts {
    each(exceptions(view), |entry| {
        Judgement::needing(entry, &["from", "until"], || {
            let content = Acceptance(entry.content());
            let from = content.from().get().or_else(|| accepted_on(entry));
            let Some(problem) = problem(entry, from) else { return Judgement::Pass };
            let from = from.map_or_else(|| "no day".to_owned(), |from| from.to_string());
            Judgement::Fail(Lapse::of(entry).value("acceptance", entry.label()).value("from", from).value("problem", problem))
        })
    })
}

fn problem(entry: Entry<'_>, from: Option<Date>) -> Option<String> {
    let Some(until) = Acceptance(entry.content()).until().get() else { return Some("no end".to_owned()) };
    let days = from.map_or(0, |from| days_between(from, until));
    if days > LONGEST_DAYS {
        return Some(format!("its end only {days} days later, on {until}"));
    }
    if ran_out(entry) {
        return Some(format!("run out on {until} without being ended or renewed"));
    }
    let renewed = renewals(entry).length;
    (renewed > RENEWALS).then(|| format!("been renewed {renewed} times"))
}

/// A.2.2-P2
pub(super) fn granted_with_power(view: &View) -> Verdicts {
    each(exceptions(view), |entry| {
        Judgement::needing(entry, &["accepted_by", "requested_by"], || match objection(entry) {
            Ok(given) => Judgement::Shown(vec![entry.subject(), given.entry.subject()]),
            Err((person, problem)) => {
                let lapse = Lapse::of(entry).value("acceptance", entry.label());
                Judgement::Fail(lapse.value("person", called(view, person)).value("problem", problem))
            }
        })
    })
}

/// The approval that granted an exception.
///
/// # Errors
/// Who granted it and what stands against that.
fn objection(entry: Entry<'_>) -> Result<Given<'_>, (Option<Id>, &'static str)> {
    use ApprovalPurpose::{Accept, Approve, Waive};
    let content = Acceptance(entry.content());
    let named = content.accepted_by().get().map(|link| link.id);
    let grants = |given: &Given<'_>| {
        let purpose = given.approval.purpose().get();
        purpose.is_some_and(|purpose| [Accept, Approve, Waive].contains(&purpose))
            && given.approval.decision().is(ApprovalDecision::Approved)
            && given.by() == named
            && given.counts_as_proof()
    };
    let Some(given) = entry.given().into_iter().find(grants) else {
        return Err((named, "was to grant it and gave no approval that counts"));
    };
    let asked = content.requested_by().get().map(|link| link.id);
    let owns = |system: Entry<'_>| {
        let then = system.on(given.on()).unwrap_or(system);
        AiSystem(then.content()).owner().get().map(|link| link.id) == named
    };
    let problem = if given.overrides().is_some() {
        Some("set a rule aside for it")
    } else if asked == named {
        Some("asked for it")
    } else if entry.links("ai_systems").any(owns) {
        Some("owns a system that it names")
    } else {
        (!with_power(entry)).then_some("had no power to do so")
    };
    problem.map_or(Ok(given), |problem| Err((named, problem)))
}
