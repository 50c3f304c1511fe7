//! New uses: specified and assessed before they begin, and allowed by whom.

use jiff::Timestamp;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::change::{Change, ChangeAnswerQuestion};
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::shared::Answer;
use vouch_record::kind::generated::specification::{Specification, SpecificationOccasion};

use crate::check::assessing::{needed_by, of_system};
use crate::check::wording::called;
use crate::derived::approved::approved_at;
use crate::derived::change::{releases, significant};
use crate::derived::{ai_system, impact_assessment};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// The approved specifications of a new use of a system, also those that a later one took over from, each with when.
pub(super) fn new_uses(system: Entry<'_>) -> impl Iterator<Item = (Timestamp, Entry<'_>)> {
    let of_occasion = system
        .incoming(Specification::KIND, "ai_system")
        .filter(|entry| Specification(entry.content()).occasion().is(SpecificationOccasion::NewUse));
    of_occasion.filter_map(|entry| Some((approved_at(entry)?, entry)))
}

/// A.9.4-O4
pub(super) fn new_uses_are_assessed_first(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asks = |entry: &Entry<'_>| {
        let yes = Change(entry.content()).answers().filter(|row| row.answer() == Some(Answer::Yes));
        let of = [ChangeAnswerQuestion::Purpose, ChangeAnswerQuestion::People];
        let within = Change(entry.content()).implemented_on().get().is_some_and(|on| window.has(on));
        within && significant(*entry) && yes.filter_map(|row| row.question()).any(|question| of.contains(&question))
    };
    each(view.live(Change::KIND).filter(|entry| asks(entry) || entry.value("answers").is_erased()), |change| {
        Judgement::needing(change, &["answers"], || {
            let Some(on) = Change(change.content()).implemented_on().get() else {
                return Judgement::Skip("not there yet".to_owned());
            };
            let late = releases(change).into_iter().filter_map(needed_by).map(|at| view.day(at)).max();
            let until = late.map_or(on, |late| late.max(on));
            let open = change.links("ai_systems").filter(|system| ai_system::in_scope(*system)).filter_map(|system| {
                let missing =
                    [("specified", is_specified(change, system, until)), ("assessed", is_assessed(change, system, until))];
                missing.into_iter().find(|(_, there)| !there).map(|(what, _)| (system, what))
            });
            let lapses = open.map(|(system, what)| {
                Lapse::of(change).in_system(system).value("use", change.label()).value("date", on).value("defect", what)
            });
            Judgement::of(lapses.collect())
        })
    })
}

/// A specification of a new use, or of this change, was approved by the day.
fn is_specified(change: Entry<'_>, system: Entry<'_>, until: Date) -> bool {
    let view = system.view();
    system.incoming(Specification::KIND, "ai_system").any(|entry| {
        let content = Specification(entry.content());
        let named = content.change().get().map(|link| link.id);
        let new_use =
            content.occasion().is(SpecificationOccasion::NewUse) && named.is_none() && entry.created_at() >= change.created_at();
        (new_use || named == Some(change.id())) && approved_at(entry).is_some_and(|at| view.day(at) <= until)
    })
}

/// An assessment because of the change was approved by the day, or one was confirmed because of it.
fn is_assessed(change: Entry<'_>, system: Entry<'_>, until: Date) -> bool {
    let view = system.view();
    let named = Change(change.content()).impact_assessment().get().map(|link| link.id);
    of_system(system).any(|assessment| {
        let content = ImpactAssessment(assessment.content());
        let because = content.occasion_record().get().is_some_and(|link| link.id == change.id()) || named == Some(assessment.id());
        let approved =
            impact_assessment::approved_at(assessment).is_some_and(|at| view.day(at) <= until && at > change.created_at());
        let mut confirmations = content.confirmations().filter(|row| row.because().is_some_and(|link| link.id == change.id()));
        (because && approved) || confirmations.any(|row| row.on().is_some_and(|on| on <= until))
    })
}

/// A.9.4-P3
pub(super) fn allowed_by_an_other_person(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let decisions =
        view.systems().flat_map(|system| new_uses(system).map(move |(at, entry)| (system, at, entry)).collect::<Vec<_>>());
    let within: Vec<_> = decisions.filter(|(_, at, _)| year.has(view.day(*at))).collect();
    let mut verdicts = Verdicts::default();
    for (system, _, entry) in within {
        let approvals: Vec<Given<'_>> = entry.approvals(ApprovalPurpose::Approve);
        let profits = |given: &Given<'_>| profits(entry, system, given);
        let judgement = match (approvals.iter().find(|given| profits(given).is_none()), approvals.last()) {
            (Some(given), _) => Judgement::Shown(vec![entry.subject(), given.entry.subject()]),
            (None, last) => {
                let person = last.map_or_else(|| "nobody".to_owned(), |given| called(view, given.by()));
                let defect = last.and_then(profits).unwrap_or("gave an approval that still stands");
                Judgement::Fail(Lapse::of(entry).value("person", person).value("use", entry.label()).value("defect", defect))
            }
        };
        verdicts.note(entry, judgement);
    }
    verdicts
}

/// Why somebody who allowed a use should not have; nothing when it is an other person.
fn profits(entry: Entry<'_>, system: Entry<'_>, given: &Given<'_>) -> Option<&'static str> {
    let by = given.by()?;
    let then = system.on(given.on()).unwrap_or(system);
    let owner = AiSystem(then.content()).owner().get().map(|link| link.id);
    let asked: Vec<Id> = [entry.leaves().first(), entry.entry_into("submitted")]
        .into_iter()
        .flatten()
        .filter_map(|leaf| leaf.actor.person())
        .collect();
    if asked.contains(&by) || entry.authors().contains(&by) {
        Some("asked for it")
    } else if owner == Some(by) {
        Some("owns the system")
    } else if given.overrides().is_some() {
        Some("did so with an override")
    } else if !given.counts_as_proof() {
        Some("did so elsewhere, and no reviewed proof shows it")
    } else {
        None
    }
}
