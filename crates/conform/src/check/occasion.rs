//! What calls for an assessment: a system that moves past concept, a significant change, a new place, a serious incident, a trend of
//! concerns. Each with the assessments and confirmations it led to.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use vouch_record::Link;
use vouch_record::kind::generated::change::{Change, ChangeOrigin};
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentOccasion};
use vouch_record::kind::generated::shared::ReassessmentTrigger;
use vouch_record::view::Read;

use super::assessing::{deployed, needed_by, of_system, submissions};
use super::presence::{due_after_move, moved_past_concept};
use crate::derived::change;
use crate::derived::event::{Trigger, events};
use crate::view::{Entry, View, Window};

/// How long an assessment may take after what calls for it.
pub(super) const ANSWER_DAYS: i64 = 30;

/// What sort of event calls for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    /// a system left concept in scope, or came into scope past it
    Move,
    /// a significant change
    Change,
    /// a serious or critical incident
    Incident,
    /// a system is used in another country
    Place,
    /// concerns of one category became frequent
    Concerns,
}

/// Something that calls for an assessment of a system.
#[derive(Clone, Copy)]
pub(super) struct Occasion<'v> {
    /// the record that shows it; the system itself for a move or a place
    pub(super) record: Entry<'v>,
    /// the system
    pub(super) system: Entry<'v>,
    /// what it is
    pub(super) sort: Sort,
    /// from this day on the time to answer counts
    pub(super) on: Date,
    /// before this day nobody could know of it
    pub(super) begins: Date,
}

/// Every occasion of a period about a system in scope, the earliest first.
pub(super) fn occasions(view: &View, period: Window) -> Vec<Occasion<'_>> {
    let mut found: Vec<Occasion<'_>> = view
        .systems()
        .filter_map(|system| {
            let on = moved_past_concept(system)?;
            Some(Occasion { record: system, system, sort: Sort::Move, on, begins: on })
        })
        .collect();
    for record in view.live(Change::KIND).filter(|record| change::significant(*record)) {
        let Some((on, begins)) = change_days(record) else { continue };
        let systems = record.links("ai_systems").filter(|system| is_in_scope(*system));
        found.extend(systems.map(|system| Occasion { record, system, sort: Sort::Change, on, begins }));
    }
    for event in events(view) {
        let Some(sort) = sort_of(event.trigger) else { continue };
        let Some(record) = view.get(event.record) else { continue };
        let systems = event.systems.iter().filter_map(|id| view.get(*id)).filter(|system| is_in_scope(*system));
        found.extend(systems.map(|system| Occasion { record, system, sort, on: event.on, begins: event.on }));
    }
    found.retain(|occasion| period.has(occasion.on));
    found.sort_by_key(|occasion| (occasion.on, occasion.sort, occasion.record.id(), occasion.system.id()));
    found
}

/// Changes and moves have ways of their own, since they are known before they take effect.
fn sort_of(trigger: Trigger) -> Option<Sort> {
    match trigger {
        Trigger::Reassess(ReassessmentTrigger::SeriousIncident) => Some(Sort::Incident),
        Trigger::Reassess(ReassessmentTrigger::NewJurisdiction) => Some(Sort::Place),
        Trigger::Reassess(ReassessmentTrigger::ComplaintTrend) => Some(Sort::Concerns),
        _ => None,
    }
}

fn is_in_scope(system: Entry<'_>) -> bool {
    crate::derived::ai_system::in_scope(system)
}

/// The day on which a change was decided, and the day from which it was known: of one that was found the day it was noticed, of an
/// emergency the day it took effect.
pub(super) fn change_days(record: Entry<'_>) -> Option<(Date, Date)> {
    let content = Change(record.content());
    let happened = match content.origin().get() {
        Some(ChangeOrigin::Found) => content.found_on().get(),
        Some(ChangeOrigin::Emergency) => content.implemented_on().get(),
        Some(ChangeOrigin::Planned) | None => None,
    };
    match happened {
        Some(on) => Some((on, on)),
        None => change::decided_on(record).map(|on| (on, record.created_on())),
    }
}

/// A look at the impact because of an occasion.
#[derive(Clone, Copy)]
pub(super) struct Answer<'v> {
    /// the assessment
    pub(super) assessment: Entry<'v>,
    /// ledger time of the submission, or of the revision that holds the confirmation
    pub(super) at: Timestamp,
}

impl<'v> Occasion<'v> {
    /// The first release of the system deployed on its day or later, and until when what had to come before it counts.
    pub(super) fn next_release(&self) -> Option<(Timestamp, Entry<'v>)> {
        let view = self.record.view();
        let later = deployed(self.system).into_iter().find(|(at, _)| view.day(*at) >= self.on);
        later.and_then(|(_, release)| Some((needed_by(release)?, release)))
    }

    /// The last day on which it is answered in time: thirty days later, or the day of the next release if that is earlier. What was
    /// there before it came into scope has ninety days.
    pub(super) fn due(&self) -> Date {
        let allowed = match self.sort {
            Sort::Move => due_after_move(self.system, self.on, ANSWER_DAYS),
            _ => self.on.saturating_add(ANSWER_DAYS.days()),
        };
        self.next_release().map_or(allowed, |(until, _)| allowed.min(self.record.view().day(until)))
    }

    /// Every submission and confirmation because of it, the earliest first. For a move each assessment of the system counts, for a
    /// place also one that says it was made for a new place or use.
    pub(super) fn answers(&self) -> Vec<Answer<'v>> {
        let mut found: Vec<Answer<'v>> = of_system(self.system).flat_map(|assessment| self.answers_in(assessment)).collect();
        found.sort_by_key(|answer| (answer.at, answer.assessment.id()));
        found
    }

    fn answers_in(&self, assessment: Entry<'v>) -> Vec<Answer<'v>> {
        let named = |leaf: &vouch_record::Leaf| {
            leaf.body.get("occasion_record").and_then(Link::read).is_some_and(|link| link.id == self.record.id())
        };
        let placed = |leaf: &vouch_record::Leaf| {
            let occasion = leaf.body.get("occasion").and_then(ImpactAssessmentOccasion::read);
            self.sort == Sort::Place
                && matches!(occasion, Some(ImpactAssessmentOccasion::NewPlace | ImpactAssessmentOccasion::NewUse))
        };
        let handed = submissions(assessment).into_iter().filter(|(_, leaf)| self.sort == Sort::Move || named(leaf) || placed(leaf));
        let confirmed = self.confirmed_at(assessment);
        handed.map(|(at, _)| at).chain(confirmed).map(|at| Answer { assessment, at }).collect()
    }

    /// When a confirmation because of it was written.
    fn confirmed_at(&self, assessment: Entry<'v>) -> Option<Timestamp> {
        let holds = ImpactAssessment(assessment.content())
            .confirmations()
            .any(|row| row.because().is_some_and(|link| link.id == self.record.id()));
        if !holds {
            return None;
        }
        let names = |leaf: &&vouch_record::Leaf| {
            let rows = leaf.body.get("confirmations").map_or(&[][..], vouch_record::Value::items);
            rows.iter().any(|row| row.get("because").and_then(Link::read).is_some_and(|link| link.id == self.record.id()))
        };
        assessment.revisions().find(names).map(|leaf| leaf.time)
    }

    /// What people call it.
    pub(super) fn called(&self) -> String {
        match self.sort {
            Sort::Move => "the move past concept".to_owned(),
            Sort::Place => "use in another place".to_owned(),
            Sort::Concerns => format!("a trend of concerns up to {}", self.record.label()),
            Sort::Change | Sort::Incident => self.record.label(),
        }
    }
}
