//! Whether requirements were approved before what they are for: by whom, before building, before changes, before tests.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemStageBasis};
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::change::{Change, ChangeAnswerQuestion as Question};
use vouch_record::kind::generated::shared::{Answer, RiskTier, Stage};
use vouch_record::kind::generated::specification::Specification;
use vouch_record::kind::generated::test::Test;

use crate::check::assessing::{deployed, entries, first_deployed, needed_by};
use crate::check::presence::each_past_concept;
use crate::check::specified::specification_of;
use crate::check::stored::{bound_or_not, unproved};
use crate::check::wording::called;
use crate::derived::{ai_system, change, release, specification};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// Questions of a change that call for a look at the requirements.
const ABOUT_REQUIREMENTS: [Question; 5] = [Question::Purpose, Question::People, Question::Model, Question::Data, Question::Limits];

/// The specifications of a system that were ever approved, each with when first.
fn approved(system: Entry<'_>) -> Vec<(Timestamp, Entry<'_>)> {
    let all = system.incoming(Specification::KIND, "ai_system").filter(|one| one.is_any(&["approved", "superseded"]));
    all.filter_map(|one| Some((entries(one, "approved").into_iter().min()?, one))).collect()
}

/// A.6.2.2-D1
pub(super) fn specified_before_it_was_built(view: &View) -> Verdicts {
    each_past_concept(view, |system| {
        let found = approved(system);
        let first = found.iter().min_by_key(|(at, one)| (*at, one.id()));
        let before = |until: Option<Timestamp>, day: Option<Date>| {
            first.filter(|(at, _)| until.is_none_or(|until| *at < until) && day.is_none_or(|day| view.day(*at) <= day))
        };
        let (shown, how) = if system.is_adopted() {
            let release = deployed(system).into_iter().next().filter(|(_, one)| !release::before_first_scope(*one));
            let until = release.and_then(|(_, one)| needed_by(one));
            if first.is_none() && deployed(system).is_empty() && !ai_system::live(system) {
                return Judgement::Skip("not in use yet".to_owned());
            }
            (before(until, None), "brought into use")
        } else {
            (before(None, built_from(system)), "built")
        };
        match shown {
            Some((_, one)) => Judgement::Shown(vec![system.subject(), one.subject()]),
            None => Judgement::Fail(Lapse::of(system).value("built_or_bought", how)),
        }
    })
}

/// The day on which a system left concept; nothing if that was before the first approved scope and is only known from before.
fn built_from(system: Entry<'_>) -> Option<Date> {
    let from = ai_system::past_since(system, Stage::Concept)?;
    let mut rows = AiSystem(system.content()).stages().filter(|row| row.entered_on() == Some(from));
    let known_from_before = rows.any(|row| matches!(row.basis(), Some(AiSystemStageBasis::Before | AiSystemStageBasis::Imported)));
    let early = system.view().first_scope_on().is_some_and(|first| from < first);
    (!(known_from_before && early)).then_some(from)
}

/// A.6.2.2-O2
pub(super) fn changes_look_at_requirements(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asking = view.live(Change::KIND).filter(|entry| {
        let asked = Change(entry.content()).answers().filter(|row| matches!(row.answer(), Some(Answer::Yes | Answer::Unclear)));
        asked.filter_map(|row| row.question()).any(|question| ABOUT_REQUIREMENTS.contains(&question))
    });
    each(asking, |entry| {
        Judgement::needing(entry, &["answers", "follow"], || {
            let Some(until) = first_deployed(entry, window).and_then(|(_, release)| needed_by(release)) else {
                return Judgement::Skip("no release of it was deployed in the window".to_owned());
            };
            if !view.has_come(until) {
                return Judgement::Skip(format!("a late release; it has time until {}", view.day(until)));
            }
            let systems = entry.links("ai_systems").filter(|system| ai_system::in_scope(*system));
            let open = systems.filter(|system| !looked_at(entry, *system, until));
            Judgement::of(open.map(|system| Lapse::of(entry).in_system(system)).collect())
        })
    })
}

/// Whether a specification of the system was approved between the decision and the release, or looked at because of the change by then.
fn looked_at(entry: Entry<'_>, system: Entry<'_>, until: Timestamp) -> bool {
    let view = entry.view();
    let decided = change::decided_on(entry);
    let within = |at: &Timestamp| *at < until && decided.is_none_or(|day| view.day(*at) >= day);
    let all = || system.incoming(Specification::KIND, "ai_system");
    let written = all().any(|one| entries(one, "approved").iter().any(within));
    let followed = Change(entry.content()).follow().any(|row| {
        let of_system = row.record().is_some_and(|link| all().any(|one| one.id() == link.id));
        of_system && row.done_on().is_some_and(|on| on <= view.day(until))
    });
    written || followed
}

/// A.6.2.2-O3
pub(super) fn reconsidered_in_time(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        let Some(one) = specification_of(system) else {
            return Judgement::Skip("no specification in force; see A.6.2.2-D1".to_owned());
        };
        Judgement::needing(one, &["reconsider_on"], || {
            let due = Specification(one.content()).reconsider_on().get().filter(|on| *on < view.today());
            let Some(due) = due else { return Judgement::Skip("not due".to_owned()) };
            let revised = one.revisions().any(|leaf| view.day(leaf.time) >= due);
            let approved =
                one.given().iter().any(|given| given.approval.decision().is(ApprovalDecision::Approved) && given.on() >= due);
            Judgement::when(revised || approved, || Lapse::of(one).value("date", due))
        })
    })
}

/// A.6.2.2-P1
pub(super) fn approved_by_another(view: &View) -> Verdicts {
    let Some(year) = view.back(&12.months()) else { return Verdicts::holds() };
    let within = |one: &Entry<'_>| specification::approved_at(*one).is_some_and(|at| year.has(view.day(at)));
    let judged = view.all(Specification::KIND).filter(within);
    each(judged.filter(|one| one.linked("ai_system").is_some_and(ai_system::in_scope)), |one| {
        let given: Vec<Given<'_>> = one.approvals(ApprovalPurpose::Approve);
        let mut defect = "has no approval that stands".to_owned();
        let mut shown = None;
        for approval in &given {
            match own_work(one, approval) {
                None => shown = Some(approval.entry.subject()),
                Some(why) => defect = format!("was approved by {}, who {why}", called(view, approval.by())),
            }
        }
        let Some(approval) = shown else { return Judgement::Fail(Lapse::of(one).value("defect", defect)) };
        match unasked_owner(one, &given) {
            Some(owner) => {
                let defect = format!("was not approved by {}, who owns the risk", called(view, Some(owner)));
                Judgement::Fail(Lapse::of(one).value("defect", defect))
            }
            None => Judgement::Shown(vec![one.subject(), approval]),
        }
    })
}

/// Why an approval is not that of another person.
fn own_work(one: Entry<'_>, given: &Given<'_>) -> Option<String> {
    let wrote: Vec<Id> =
        one.revisions().filter(|leaf| leaf.revision <= given.revision()).filter_map(|leaf| leaf.actor.person()).collect();
    crate::check::independence::defect(given, &[(wrote.as_slice(), "wrote it")])
}

/// The risk owner of a system of tier high or critical who did not approve.
fn unasked_owner(one: Entry<'_>, given: &[Given<'_>]) -> Option<Id> {
    let system = one.linked("ai_system").filter(|system| ai_system::tier(*system) >= Some(RiskTier::High))?;
    let on = given.iter().map(Given::on).max()?;
    let then = system.on(on).unwrap_or(system);
    let owner = AiSystem(then.content()).risk_owner().get()?.id;
    (!given.iter().any(|given| given.by() == Some(owner))).then_some(owner)
}

/// A.6.2.2-P2. Looks also at records that are not bound, since it asks whether they are.
pub(super) fn approved_before_tests(view: &View) -> Verdicts {
    let ever =
        |one: &Entry<'_>| one.is_any(&["approved", "superseded"]) && one.linked("ai_system").is_some_and(ai_system::in_scope);
    each(bound_or_not(view, Specification::KIND).filter(ever), |one| {
        let tests = one.incoming(Test::KIND, "specification").filter(|test| !test.is("void"));
        let run = tests.filter_map(|test| Some((Test(test.content()).run_at().get()?, test)));
        let Some((ran, test)) = run.min_by_key(|(ran, test)| (*ran, test.id())) else {
            return Judgement::Skip("no test that names it has run".to_owned());
        };
        let approved = entries(one, "approved").into_iter().min();
        let defect = match unproved(one) {
            _ if approved.is_none_or(|at| at >= ran) => format!("was approved after {} had been run", test.label()),
            Some(defect) => format!("{defect}, and {} was run against it", test.label()),
            None => return Judgement::Shown(vec![one.subject(), test.subject()]),
        };
        Judgement::Fail(Lapse::of(one).value("defect", defect))
    })
}
