//! Whether the scope is looked at.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::measure::Measure;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::scope::Scope;

use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each, without_hole};
use crate::view::{Entry, Subject, View, Window};

/// How long after a change of the organisation the scope is looked at.
const LOOK_DAYS: i64 = 60;
/// The longest time between two comparisons of the inventory with what is in use.
const COMPARE_DAYS: i64 = 120;

/// 4.3-O4
pub(in super::super) fn looked_at_after_changes(view: &View) -> Verdicts {
    each(view.scope(), |scope| {
        let review_by = Scope(scope.content()).review_by().get();
        let overdue = review_by.filter(|by| *by < view.today()).map(|by| ("its review fell due", by));
        let looked: Vec<Date> = view.all(Scope::KIND).flat_map(looked_at).collect();
        let seen = |changed: Date| looked.iter().any(|day| changed <= *day && *day <= changed.saturating_add(LOOK_DAYS.days()));
        let due = |changed: &Date| changed.saturating_add(LOOK_DAYS.days()) < view.today();
        let unseen = changes_of_the_organisation(view)
            .into_iter()
            .filter(due)
            .filter(|day| !seen(*day))
            .map(|day| ("the organisation changed", day));
        Judgement::of(
            overdue
                .into_iter()
                .chain(unseen)
                .map(|(event, day)| Lapse::of(scope).value("event", event).value("date", day))
                .collect(),
        )
    })
}

/// Days of review approvals of a scope and of its approvals as a new version.
fn looked_at(scope: Entry<'_>) -> Vec<Date> {
    let reviews = scope.given().into_iter().filter(|given| {
        given.approval.purpose().is(ApprovalPurpose::Review) && given.approval.decision().is(ApprovalDecision::Approved)
    });
    let approved = scope.transitions().filter(|leaf| leaf.state.as_ref() == "approved").map(|leaf| scope.view().day(leaf.time));
    reviews.map(|given| given.on()).chain(approved).collect()
}

/// Days since the first approved scope on which units, sites or entities of the organisation changed.
fn changes_of_the_organisation(view: &View) -> Vec<Date> {
    let (Some(organisation), Some(first)) = (view.organisation(), view.first_scope_on()) else { return Vec::new() };
    let revisions: Vec<_> = organisation.revisions().collect();
    let changed = revisions
        .windows(2)
        .filter(|pair| ["units", "sites", "legal_entities"].iter().any(|field| pair[0].body.get(field) != pair[1].body.get(field)));
    changed.map(|pair| view.day(pair[1].time)).filter(|day| *day > first).collect()
}

/// 4.3-P2
pub(in super::super) fn compared_with_what_is_used(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let compared: Vec<(Subject, Date)> = comparisons(view).collect();
    let holes = without_hole(window, compared.iter().map(|(_, day)| *day), COMPARE_DAYS);
    let failed = holes.iter().map(|hole| {
        Lapse::of_organisation().value("from", hole.from).value("to", hole.to).over(Window { from: hole.from, to: hole.to })
    });
    let passed = compared.iter().filter(|(_, day)| window.has(*day)).map(|(subject, _)| *subject);
    Verdicts { passed: passed.collect(), failed: failed.collect(), ..Verdicts::default() }
}

/// Reviewed evidence about a scope that is meant for 4.3, and analysed measurements of a measure for 4.3, each looked at by
/// another person than who brought it; with the last day it covers.
fn comparisons(view: &View) -> impl Iterator<Item = (Subject, Date)> {
    let evidence = view.all(Evidence::KIND).filter_map(move |entry| {
        let evidence = Evidence(entry.content());
        let about_scope = evidence.about().any(|link| link.id.prefix() == view.kind(Scope::KIND).prefix);
        let meant = evidence.requirements().any(|named| named.framework == ISO42001 && named.item == "4.3");
        let by_another = evidence.reviewed_by().is_filled() && evidence.reviewed_by() != evidence.collected_by();
        (entry.is("reviewed") && about_scope && meant && by_another)
            .then(|| Some((entry.subject(), evidence.covers_to().get()?)))?
    });
    let measured = view.all(Measurement::KIND).filter_map(move |entry| {
        let measurement = Measurement(entry.content());
        let measure = entry.linked("measure")?;
        let meant = Measure(measure.content()).requirements().any(|named| named.framework == ISO42001 && named.item == "4.3");
        let by_another = measurement.analysed_by().is_filled() && measurement.analysed_by() != measurement.taken_by();
        (entry.is("analysed") && meant && by_another).then(|| Some((entry.subject(), view.day(measurement.covers_to().get()?))))?
    });
    evidence.chain(measured)
}
