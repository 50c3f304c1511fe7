//! Derived values of a customer commitment.

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};
use vouch_record::Id;
use vouch_record::condition::{SpanValue, Val};
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::communication::Communication;
use vouch_record::kind::generated::customer_commitment::{CustomerCommitment, CustomerCommitmentState, CustomerCommitmentTopic};
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::shared::Comparator;

use super::answer::{instant, table};
use super::{Derived, ai_system, change};
use crate::view::{Entry, Window};

/// The derived values of a customer commitment.
pub const TABLE: &[Derived] = &[
    Derived::new("in_force", |entry| Val::Bool(in_force(entry))).reading(&["from", "to"]),
    Derived::new("last_verified", |entry| instant(last_verified(entry))),
    Derived::new("unmet", |entry| Val::Bool(unmet(entry))).reading(&["met_by"]),
    Derived::new("broken", |entry| Val::Bool(broken(entry))).reading(&["limit", "notice_within"]),
    Derived::new("out_of_scope", |entry| Val::Bool(out_of_scope(entry))).reading(&["ai_systems"]),
    Derived::new("unanswered_feedback", |entry| {
        table(entry, "customer-commitment.unanswered_feedback", || {
            let late = entry.view().today().saturating_sub(30.days());
            let rows = CustomerCommitment(entry.content()).feedback();
            let open = rows.filter(|row| row.led_to().next().is_none() && row.no_action_because().is_none());
            open.filter(|row| row.on().is_some_and(|on| on < late)).map(|row| row! { on: row.on(), said: row.said() }).collect()
        })
    })
    .reading(&["feedback"]),
];

/// In state agreed, and today lies between from and to.
#[must_use]
pub fn in_force(entry: Entry<'_>) -> bool {
    let (commitment, today) = (CustomerCommitment(entry.content()), entry.view().today());
    let begun = commitment.from().get().is_none_or(|from| from <= today);
    entry.is(CustomerCommitmentState::Agreed.id()) && begun && commitment.to().get().is_none_or(|to| to >= today)
}

/// Latest approval with purpose verify, or review of evidence that is about it.
#[must_use]
pub fn last_verified(entry: Entry<'_>) -> Option<Timestamp> {
    let given = entry.given().into_iter().filter(|given| {
        given.approval.purpose().is(ApprovalPurpose::Verify) && given.approval.decision().is(ApprovalDecision::Approved)
    });
    let reviewed = entry.incoming(Evidence::KIND, "about").filter(|one| one.is("reviewed"));
    let reviewed = reviewed.filter_map(|one| Evidence(one.content()).reviewed_at().get());
    given.map(|given| given.at()).chain(reviewed).max()
}

/// In force, and no live record meets it.
#[must_use]
pub fn unmet(entry: Entry<'_>) -> bool {
    in_force(entry) && !entry.links("met_by").any(|record| record.is_live())
}

/// A measurement of the window misses the limit, or a notice in the window was later than promised: of an incident, counted from the
/// moment the organisation knew; of a significant change, counted back from the day its release went live.
#[must_use]
pub fn broken(entry: Entry<'_>) -> bool {
    !breaches(entry).is_empty()
}

/// A time at which a commitment was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Breach {
    /// last day of the period measured, or the day of the incident or release
    pub on: Date,
    /// the measurement, incident or release
    pub record: Id,
}

/// Each time in the window at which it was broken, the earliest first.
#[must_use]
pub fn breaches(entry: Entry<'_>) -> Vec<Breach> {
    let Some(window) = entry.view().window() else { return Vec::new() };
    let mut found = missed_limit(entry, window);
    found.extend(told_late_of_incident(entry, window));
    found.extend(told_late_of_change(entry, window));
    found.sort_unstable();
    found.dedup();
    found
}

fn missed_limit(entry: Entry<'_>, window: Window) -> Vec<Breach> {
    let (commitment, view) = (CustomerCommitment(entry.content()), entry.view());
    let (Some(limit), Some(measure)) = (commitment.limit().get(), entry.linked("measure")) else { return Vec::new() };
    let systems: Vec<Id> = commitment.ai_systems().map(|link| link.id).collect();
    let missed = measure.incoming(Measurement::KIND, "measure").filter(|one| !one.is("void")).filter_map(|one| {
        let content = Measurement(one.content());
        let concerned = content.ai_system().get().is_none_or(|link| systems.contains(&link.id));
        let on = content.covers_to().get().map(|to| view.day(to)).filter(|on| window.has(*on))?;
        let value = content.value().get()?;
        let misses = match commitment.comparator().get().unwrap_or(Comparator::AtLeast) {
            Comparator::AtLeast => value < limit,
            Comparator::AtMost => value > limit,
        };
        (concerned && misses).then_some(Breach { on, record: one.id() })
    });
    missed.collect()
}

fn told_late_of_incident(entry: Entry<'_>, window: Window) -> Vec<Breach> {
    let view = entry.view();
    let Some(within) = allowed(entry) else { return Vec::new() };
    let late = entry.incoming(Incident::KIND, "notifications").filter_map(|one| {
        let incident = Incident(one.content());
        let aware = incident.aware_at().get().filter(|at| window.has(view.day(*at)) && !incident.exercise().is(true))?;
        let rows = incident.notifications().filter(|row| row.commitment().is_some_and(|link| link.id == entry.id()));
        let mut due = rows.filter(|row| row.not_needed_because().is_none()).map(|row| row.sent_at().unwrap_or_else(|| view.now()));
        due.any(|told| aware.checked_add(within).is_ok_and(|last| told > last))
            .then(|| Breach { on: view.day(aware), record: one.id() })
    });
    late.collect()
}

fn told_late_of_change(entry: Entry<'_>, window: Window) -> Vec<Breach> {
    let (commitment, view) = (CustomerCommitment(entry.content()), entry.view());
    let (Some(within), Some(party)) = (allowed(entry), commitment.party().get()) else { return Vec::new() };
    if !commitment.topic().is(CustomerCommitmentTopic::ChangeNotice) {
        return Vec::new();
    }
    let releases = entry.links("ai_systems").flat_map(|system| system.incoming(Release::KIND, "ai_system").collect::<Vec<_>>());
    let late = releases.filter(|release| release.links("changes").any(change::significant)).filter_map(|release| {
        let live = Release(release.content()).deployed_at().get().filter(|at| window.has(view.day(*at)))?;
        // What went live before the promise was made is not measured by it.
        let promised = commitment.from().get().is_none_or(|from| view.day(live) >= from);
        let messages = release.links("communications").chain(release.incoming(Communication::KIND, "about"));
        let mut told = messages
            .filter(|message| message.names(party.id, "audience"))
            .filter_map(|message| Communication(message.content()).sent_at().get());
        let in_time = told.any(|sent| sent.checked_add(within).is_ok_and(|ready| ready <= live));
        (promised && !in_time).then(|| Breach { on: view.day(live), record: release.id() })
    });
    late.collect()
}

fn allowed(entry: Entry<'_>) -> Option<SignedDuration> {
    let within = CustomerCommitment(entry.content()).notice_within().get()?;
    Some(SignedDuration::from_secs(SpanValue(within).seconds()))
}

/// In force, and the scope in force does not hold one of its systems. Without a scope nothing is outside.
#[must_use]
pub fn out_of_scope(entry: Entry<'_>) -> bool {
    let Some(scope) = entry.view().scope() else { return false };
    in_force(entry) && entry.links("ai_systems").any(|system| !ai_system::placed_inside(system, scope))
}
