//! The meetings in which top management decides about AI.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::committee::Committee;
use vouch_record::kind::generated::management_review::{ManagementReview, ManagementReviewDecisionType};
use vouch_record::kind::generated::meeting::{Meeting, MeetingDecisionRow, MeetingDecisionType, MeetingType};

use crate::view::{Entry, View, Window};

/// A meeting that was held.
#[derive(Clone, Copy)]
pub(super) struct Held<'v> {
    /// the meeting
    pub(super) meeting: Entry<'v>,
    /// its day
    pub(super) on: Date,
}

impl<'v> Held<'v> {
    /// Its typed view.
    pub(super) fn content(&self) -> Meeting<'v> {
        Meeting(self.meeting.content())
    }

    /// Its decisions; what was only noted is none.
    pub(super) fn decisions(&self) -> impl Iterator<Item = MeetingDecisionRow<'v>> {
        self.content().decisions().filter(|row| row.type_().is_some_and(|of| of != MeetingDecisionType::Noted))
    }

    /// Whether a person was there.
    pub(super) fn had(&self, person: Id) -> bool {
        let mut rows = self.content().attendees();
        rows.any(|row| row.present() == Some(true) && row.person().is_some_and(|link| link.id == person))
    }

    /// Whether a person was to be there: invited, or a member of the committee on that day.
    pub(super) fn expects(&self, person: Id) -> bool {
        let invited = self.content().attendees().any(|row| row.person().is_some_and(|link| link.id == person));
        invited || self.committee().is_some_and(|committee| members(committee).contains(&person))
    }

    /// Its committee as of its day.
    fn committee(&self) -> Option<Entry<'v>> {
        self.meeting.linked("committee")?.on(self.on)
    }

    fn is_of_leadership(&self) -> bool {
        let view = self.meeting.view();
        let directs = |committee: Entry<'_>| members(committee).iter().any(|person| view.directed_on(*person, self.on));
        self.content().type_().is(MeetingType::Leadership) || self.committee().is_some_and(directs)
    }
}

/// The members of a committee on the day of its view.
pub(super) fn members(committee: Entry<'_>) -> Vec<Id> {
    let today = committee.view().today();
    let rows = Committee(committee.content()).members();
    let now = rows.filter(|row| row.from().is_none_or(|from| from <= today) && row.to().is_none_or(|to| to >= today));
    now.filter_map(|row| row.person().map(|link| link.id)).collect()
}

/// Every meeting of type leadership, or of a committee with a member from top management, that was held.
pub(super) fn held(view: &View) -> Vec<Held<'_>> {
    let ids: &Vec<(Id, Date)> = view.keep(None, "5.1.held", || {
        let dated = view.all(Meeting::KIND).filter(|meeting| meeting.is_any(&["held", "signed"])).filter_map(|meeting| {
            let content = Meeting(meeting.content());
            let at = content.held_from().get().or(content.held_to().get())?;
            Some(Held { meeting, on: view.day(at) })
        });
        dated.filter(|held| held.on <= view.today() && held.is_of_leadership()).map(|held| (held.meeting.id(), held.on)).collect()
    });
    ids.iter().filter_map(|(id, on)| Some(Held { meeting: view.get(*id)?, on: *on })).collect()
}

/// Those of a period.
pub(super) fn held_in(view: &View, period: Window) -> Vec<Held<'_>> {
    held(view).into_iter().filter(|held| period.has(held.on)).collect()
}

/// Those of the last 365 days.
pub(super) fn held_in_last_year(view: &View) -> Vec<Held<'_>> {
    view.last_days(365).map_or_else(Vec::new, |year| held_in(view, year))
}

/// Days on which somebody who directs the organisation took part in a real decision, in a meeting or a management review.
pub(super) fn days_of_decisions(view: &View) -> Vec<(Entry<'_>, Date)> {
    let top = |on: Date| view.on(on).top_management();
    let meetings = held(view).into_iter().filter(|held| held.decisions().next().is_some());
    let meetings =
        meetings.filter(|held| top(held.on).into_iter().any(|person| held.had(person))).map(|held| (held.meeting, held.on));
    let reviews = view.all(ManagementReview::KIND).filter(|review| review.is_any(&["held", "signed"])).filter_map(|review| {
        let content = ManagementReview(review.content());
        let on = content.held_on().get().filter(|on| *on <= view.today())?;
        let there: Vec<Id> = content
            .attendees()
            .filter(|row| row.present() == Some(true))
            .filter_map(|row| row.person())
            .map(|link| link.id)
            .collect();
        let real = content.decisions().any(|row| row.type_().is_some_and(|of| of != ManagementReviewDecisionType::None));
        (real && top(on).iter().any(|person| there.contains(person))).then_some((review, on))
    });
    meetings.chain(reviews).collect()
}
