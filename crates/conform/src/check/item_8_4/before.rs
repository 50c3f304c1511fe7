//! What is assessed before it is used.

use jiff::Timestamp;
use vouch_record::kind::generated::change::{Change, ChangeAnswerQuestion};
use vouch_record::kind::generated::document::{Document, DocumentTemplate};
use vouch_record::kind::generated::impact_assessment::ImpactAssessment;
use vouch_record::kind::generated::shared::Answer;
use vouch_record::view::Read;
use vouch_record::{Id, Leaf, Link};

use crate::check::assessing::{deep_enough, deployed, entries, first_deployed, needed_by, of_system};
use crate::derived::ai_system;
use crate::shape::{Judgement, Lapse, Verdicts, each, standing_document};
use crate::view::{Entry, View};

/// Questions of a change that speak about people.
const ABOUT_PEOPLE: [ChangeAnswerQuestion; 6] = [
    ChangeAnswerQuestion::Purpose,
    ChangeAnswerQuestion::People,
    ChangeAnswerQuestion::Model,
    ChangeAnswerQuestion::Data,
    ChangeAnswerQuestion::Autonomy,
    ChangeAnswerQuestion::Place,
];

/// 8.4-D1
pub(super) fn procedure_stands(view: &View) -> Verdicts {
    standing_document(
        view.all(Document::KIND).filter(|entry| Document(entry.content()).template().is(DocumentTemplate::TAIIAPROC)),
        "reason",
    )
}

/// 8.4-D2
pub(super) fn used_systems_assessed(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["risk_tier"], || {
            match ai_system::assessment_in_force(system).filter(|one| deep_enough(system, *one)) {
                Some(assessment) => Judgement::Shown(vec![system.subject(), assessment.subject()]),
                None => Judgement::Fail(Lapse::of(system)),
            }
        })
    })
}

/// 8.4-O1
pub(super) fn approved_before_first_use(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.systems(), |system| {
        let first = deployed(system).into_iter().next().filter(|(at, _)| window.has(view.day(*at)));
        let Some((deployed_at, release)) = first else {
            return Judgement::Skip("its first release was not deployed in the window".to_owned());
        };
        let until = needed_by(release).unwrap_or(deployed_at);
        let deep = of_system(system).filter(|one| deep_enough(system, *one));
        let approved = |one: &Entry<'_>| entries(*one, "approved").into_iter().min();
        let first_approved =
            deep.into_iter().filter_map(|one| Some((approved(&one)?, one))).min_by_key(|(at, one)| (*at, one.id()));
        if let Some((_, assessment)) = first_approved.filter(|(at, _)| *at < until) {
            return Judgement::Shown(vec![release.subject(), assessment.subject()]);
        }
        let date = first_approved.map(|(at, _)| view.day(at));
        Judgement::Fail(Lapse::of(system).value("deployed_at", view.day(deployed_at)).maybe("date", date))
    })
}

/// 8.4-O2
pub(super) fn changes_looked_at_before_use(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let about_people = view.live(Change::KIND).filter(|entry| {
        let asked = Change(entry.content()).answers().filter(|row| matches!(row.answer(), Some(Answer::Yes | Answer::Unclear)));
        asked.filter_map(|row| row.question()).any(|question| ABOUT_PEOPLE.contains(&question))
    });
    each(about_people, |entry| {
        Judgement::needing(entry, &["answers"], || {
            let Some((_, release)) = first_deployed(entry, window) else {
                return Judgement::Skip("no release of it was deployed in the window".to_owned());
            };
            let Some(until) = needed_by(release) else {
                return Judgement::Skip("no release of it was deployed in the window".to_owned());
            };
            let open = entry
                .links("ai_systems")
                .filter(|system| ai_system::in_scope(*system))
                .filter(|system| !looked_at(entry, *system, until));
            Judgement::of(open.map(|system| Lapse::of(entry).in_system(system)).collect())
        })
    })
}

/// Whether an assessment of the system because of the change was approved by then, or one was confirmed because of it.
fn looked_at(entry: Entry<'_>, system: Entry<'_>, until: Timestamp) -> bool {
    of_system(system)
        .any(|assessment| approved_because(assessment, entry.id(), until) || confirmed_because(assessment, entry.id(), until))
}

fn approved_because(assessment: Entry<'_>, change: Id, until: Timestamp) -> bool {
    let names = |leaf: &Leaf| leaf.body.get("occasion_record").and_then(Link::read).is_some_and(|link| link.id == change);
    let named: Vec<u32> = assessment.revisions().filter(|leaf| names(leaf)).map(|leaf| leaf.revision).collect();
    assessment.leaves().iter().any(|leaf| leaf.state.as_ref() == "approved" && leaf.time < until && named.contains(&leaf.revision))
}

fn confirmed_because(assessment: Entry<'_>, change: Id, until: Timestamp) -> bool {
    let last = assessment.view().day(until);
    let rows = ImpactAssessment(assessment.content()).confirmations();
    assessment.is_live()
        && rows.filter(|row| row.because().is_some_and(|link| link.id == change)).any(|row| row.on().is_some_and(|on| on <= last))
}
