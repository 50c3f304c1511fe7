//! From a wish to use something to the decision about it.

use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemOrigin};
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::sealed_batch::SealedBatch;
use vouch_record::kind::generated::shared::Stage;
use vouch_record::kind::generated::specification::{Specification, SpecificationPath};
use vouch_record::time::days_between;

use super::traffic::is_real_use;
use crate::shape::{Judgement, Lapse, Verdicts, decided_late, each};
use crate::view::{Entry, View, Window};

/// How long a decision may take.
const DECIDE_DAYS: i64 = 30;

/// The specifications of path adopt of a system.
fn requests(system: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    system
        .incoming(Specification::KIND, "ai_system")
        .filter(|entry| Specification(entry.content()).path().is(SpecificationPath::Adopt))
}

/// A.9.2-O1
pub(super) fn approved_before_first_use(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.systems().filter(Entry::is_adopted), |system| {
        let Some(first) = first_used(system).filter(|first| window.has(*first)) else {
            return Judgement::Skip("not first used in the window".to_owned());
        };
        let approved =
            requests(system).filter_map(|request| first_approved(request).map(|on| (on, request))).min_by_key(|(on, _)| *on);
        let lapse = |on: Option<Date>| Lapse::of(system).value("date", first).maybe("approved_at", on);
        match approved {
            Some((on, request)) if on <= first => Judgement::Shown(vec![request.subject()]),
            Some((on, _)) => Judgement::Fail(lapse(Some(on))),
            None => Judgement::Fail(lapse(None)),
        }
    })
}

/// The first day of use: a sealed batch that counted something, a release deployed, or the stage operation.
pub(in crate::check) fn first_used(system: Entry<'_>) -> Option<Date> {
    let view = system.view();
    let batch = system
        .incoming(SealedBatch::KIND, "ai_system")
        .filter(|batch| is_real_use(*batch))
        .filter_map(|batch| SealedBatch(batch.content()).from().get());
    let release = system.incoming(Release::KIND, "ai_system").filter_map(|release| Release(release.content()).deployed_at().get());
    let operation =
        AiSystem(system.content()).stages().filter(|row| row.stage() == Some(Stage::Operation)).filter_map(|row| row.entered_on());
    batch.chain(release).map(|at| view.day(at)).chain(operation.filter(|on| *on <= view.today())).min()
}

/// The day a record first reached the state approved.
pub(in crate::check) fn first_approved(entry: Entry<'_>) -> Option<Date> {
    entry.leaves().iter().find(|leaf| leaf.state.as_ref() == "approved").map(|leaf| entry.view().day(leaf.time))
}

/// A.9.2-O2
pub(super) fn nothing_used_undecided(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let discovered = view
        .all(AiSystem::KIND)
        .filter(|system| AiSystem(system.content()).origin().is(AiSystemOrigin::Discovered) || system.is("dismissed"));
    each(discovered, |system| {
        let content = AiSystem(system.content());
        let seen = content.first_seen().get().map_or(system.created_on(), |at| view.day(at));
        let lapse = |days: Window| {
            let unit = content.unit().get().unwrap_or("an unknown unit");
            Judgement::Fail(Lapse::of(system).value("first_seen", seen).value("unit", unit).over(days))
        };
        match decided_late(system, "discovered", seen, DECIDE_DAYS, None).or_else(|| used_after_dismissal(system, window)) {
            Some(days) => lapse(days),
            None => Judgement::Pass,
        }
    })
}

/// The days on which a dismissed system was used though it had been dismissed for more than thirty days.
fn used_after_dismissal(system: Entry<'_>, window: Window) -> Option<Window> {
    let dismissed = system.entered("dismissed").filter(|_| system.is("dismissed"))?;
    let begun = system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| is_real_use(*batch));
    let days = begun.filter_map(|batch| SealedBatch(batch.content()).from().get()).map(|at| system.view().day(at));
    let late: Vec<Date> = days.filter(|day| window.has(*day) && days_between(dismissed, *day) > DECIDE_DAYS).collect();
    Some(Window { from: *late.iter().min()?, to: *late.iter().max()? })
}

/// A.9.2-O4
pub(super) fn decided_within_thirty_days(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asked = view.all(Specification::KIND).filter(|entry| Specification(entry.content()).path().is(SpecificationPath::Adopt));
    each(asked, |request| {
        let waits = request.periods(&["submitted"]).into_iter().filter(|wait| wait.and(window).is_some());
        match waits.max_by_key(Window::days) {
            None if request.periods(&["submitted"]).is_empty() && !request.is("approved") => {
                Judgement::Skip("never submitted".to_owned())
            }
            Some(wait) if wait.days() > DECIDE_DAYS + 1 => {
                Judgement::Fail(Lapse::of(request).value("days", days_between(wait.from, wait.to)).over(wait))
            }
            _ => Judgement::Pass,
        }
    })
}

/// A.9.2-P1
pub(super) fn approved_by_an_other_person(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let asked = view.all(Specification::KIND).filter(|entry| Specification(entry.content()).path().is(SpecificationPath::Adopt));
    each(asked.filter(|request| first_approved(*request).is_some_and(|on| year.has(on))), |request| {
        let owner = request.linked("ai_system").and_then(|system| AiSystem(system.content()).owner().get()).map(|link| link.id);
        let asker = request.leaves().first().and_then(|leaf| leaf.actor.person());
        let submitter = request.entry_into("submitted").and_then(|leaf| leaf.actor.person());
        let given = request.approvals(ApprovalPurpose::Approve).into_iter().rfind(|given| given.counts_as_proof());
        let lapse =
            |person: String, defect: &str| Judgement::Fail(Lapse::of(request).value("person", person).value("defect", defect));
        let Some(given) = given else { return lapse("Nobody".to_owned(), "no approval counts") };
        let by = given.by();
        let person = by.and_then(|by| view.find(by)).map_or_else(String::new, |person| person.label());
        if by.is_some() && (by == asker || by == submitter || by.is_some_and(|by| request.authors().contains(&by))) {
            lapse(person, "asked for it")
        } else if by.is_some() && by == owner {
            lapse(person, "owns it")
        } else if given.overrides().is_some() {
            lapse(person, "did so with an override")
        } else {
            Judgement::Shown(vec![request.subject(), given.entry.subject()])
        }
    })
}
