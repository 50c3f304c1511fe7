//! Whether the policy shaped a decision, and whether an audit held decisions against it.

use vouch_record::Id;
use vouch_record::Link;
use vouch_record::kind::generated::audit::{Audit, AuditSampleRow};
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::meeting::{Meeting, MeetingDecisionRow, MeetingDecisionType};
use vouch_record::kind::generated::specification::Specification;
use vouch_record::kind::generated::stage_review::{StageReview, StageReviewDecision};

use crate::check::audited::in_last_year;
use crate::framework::ISO42001;
use crate::shape::Judgement;
use crate::shape::{Lapse, Verdicts, at_least_one, one_of};
use crate::view::{Entry, View, Window};

/// How many decisions an audit draws, where there are as many.
const DRAWN: i64 = 5;

/// A.2.2-P1
pub(super) fn changed_a_decision(view: &View) -> Verdicts {
    let (Some(year), Some(policy)) = (view.last_days(365), view.policy()) else { return Verdicts::holds() };
    let objectives = Document(policy.content()).rules().filter_map(|row| row.objective());
    let named: Vec<Id> = objectives.map(|link| link.id).chain([policy.id()]).collect();
    let reviews = view.all(StageReview::KIND).filter(|review| changed_by_review(*review, &named, year));
    let requests = view.all(Specification::KIND).filter(|request| refused_request(*request, &named, year));
    let meetings = view.all(Meeting::KIND).filter(|meeting| changed_in_meeting(*meeting, &named, year));
    at_least_one(reviews.chain(requests).chain(meetings), || Lapse::of(policy))
}

fn is_named(link: Option<Link>, named: &[Id]) -> bool {
    link.is_some_and(|link| named.contains(&link.id))
}

fn changed_by_review(review: Entry<'_>, named: &[Id], year: Window) -> bool {
    use StageReviewDecision::{PassWithConditions, Return, Stop};
    let content = StageReview(review.content());
    matches!(content.decision().get(), Some(Return | Stop | PassWithConditions))
        && review.entered("decided").is_some_and(|on| year.has(on))
        && content.objectives_weighed().any(|row| is_named(row.objective(), named))
}

fn refused_request(request: Entry<'_>, named: &[Id], year: Window) -> bool {
    request.is("rejected")
        && request.entered("rejected").is_some_and(|on| year.has(on))
        && Specification(request.content()).requirements().any(|row| is_named(row.objective(), named))
}

fn changed_in_meeting(meeting: Entry<'_>, named: &[Id], year: Window) -> bool {
    use MeetingDecisionType::{ApprovedWithConditions, Challenged, Refused};
    let content = Meeting(meeting.content());
    let held = content.held_to().get().is_some_and(|at| year.has(meeting.view().day(at)));
    let changes = |row: &MeetingDecisionRow<'_>| matches!(row.type_(), Some(Refused | Challenged | ApprovedWithConditions));
    // The policy stands in the decision, or was on the table of the agenda item that the decision is about.
    let on_the_table = |row: &MeetingDecisionRow<'_>| {
        let items = content.agenda().filter(|item| item.code().is_some() && item.code() == row.agenda());
        items.into_iter().any(|item| item.records().any(|link| named.contains(&link.id)))
    };
    meeting.is_any(&["held", "signed"])
        && held
        && content.decisions().any(|row| changes(&row) && (is_named(row.record(), named) || on_the_table(&row)))
}

/// A.2.2-P3
pub(super) fn tested_in_an_audit(view: &View) -> Verdicts {
    let drawn_enough = |row: AuditSampleRow<'_>| {
        let wanted = row.population_n().map_or(DRAWN, |there| there.min(DRAWN));
        row.requirement().is_some_and(|named| named.framework == ISO42001 && named.item == "A.2.2")
            && row.drawn_n().is_some_and(|drawn| drawn >= wanted)
    };
    let judge = |audit: Entry<'_>| Judgement::when(Audit(audit.content()).samples().any(drawn_enough), || Lapse::of(audit));
    one_of(in_last_year(view), judge, Lapse::of_organisation)
}
