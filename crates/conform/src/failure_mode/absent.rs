//! People who are not there: top management that takes no part, duties of who left or is away.

use std::collections::{BTreeMap, BTreeSet};

use jiff::civil::Date;
use vouch_record::kind::generated::acknowledgement::Acknowledgement;
use vouch_record::kind::generated::approval::Approval;
use vouch_record::kind::generated::improvement::Improvement;
use vouch_record::kind::generated::management_review::ManagementReview;
use vouch_record::kind::generated::meeting::Meeting;
use vouch_record::kind::generated::monitoring_plan::MonitoringPlan;
use vouch_record::kind::generated::oversight_plan::OversightPlan;
use vouch_record::kind::generated::person::Person;
use vouch_record::kind::generated::role::Role;
use vouch_record::time::days_between;
use vouch_record::{Id, Link};

use super::Limits;
use super::stretch::longer_than;
use crate::derived::person;
use crate::shape::Lapse;
use crate::view::{Entry, View};

/// FM-24
pub(super) fn top_management_absent(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let Some(window) = view.window() else { return Vec::new() };
    let mut by_day: BTreeMap<Date, BTreeSet<Id>> = BTreeMap::new();
    for (on, person) in acts(view).into_iter().filter(|(on, _)| window.has(*on)) {
        by_day.entry(on).or_default().insert(person);
    }
    let directed = by_day.into_iter().filter(|(on, people)| view.on(*on).top_management().iter().any(|one| people.contains(one)));
    let holes = window.holes(directed.map(|(on, _)| on), limits.number("days"));
    let directors = view.top_management();
    let whom = directors.first().and_then(|id| view.find(*id)).or_else(|| view.organisation());
    let lapse = |from: Date, to: Date| {
        let about = whom.map_or_else(Lapse::of_organisation, Lapse::of);
        about.value("from", from).value("to", to).value("days", days_between(from, to))
    };
    holes.iter().map(|hole| lapse(hole.from, hole.to)).collect()
}

/// Who took part in the management system and when: decided or signed, sat in a meeting that was held, acknowledged something.
fn acts(view: &View) -> Vec<(Date, Id)> {
    let mut acts: Vec<(Date, Id)> = Vec::new();
    for approval in view.all(Approval::KIND) {
        acts.extend(Approval(approval.content()).by().get().map(|by| (approval.created_on(), by.id)));
    }
    for meeting in view.all(Meeting::KIND).filter(|entry| entry.is_any(&["held", "signed"])) {
        let content = Meeting(meeting.content());
        let Some(on) = content.held_from().get().map(|at| view.day(at)) else { continue };
        let there = content.attendees().filter(|row| row.present() == Some(true)).filter_map(|row| row.person());
        acts.extend(there.chain(content.chair().get()).map(|link| (on, link.id)));
    }
    for review in view.all(ManagementReview::KIND).filter(|entry| entry.is_any(&["held", "signed"])) {
        let content = ManagementReview(review.content());
        let Some(on) = content.held_on().get() else { continue };
        let there = content.attendees().filter(|row| row.present() == Some(true)).filter_map(|row| row.person());
        acts.extend(there.map(|link| (on, link.id)));
    }
    for idea in view.all(Improvement::KIND) {
        acts.extend(Improvement(idea.content()).decided_by().get().zip(idea.entered("decided")).map(|(by, on)| (on, by.id)));
    }
    // What was given and lapsed since was given all the same.
    for given in view.all(Acknowledgement::KIND).filter(|entry| entry.is_any(&["given", "lapsed"])) {
        let content = Acknowledgement(given.content());
        acts.extend(content.confirmed_at().get().zip(content.person().get()).map(|(at, who)| (view.day(at), who.id)));
    }
    acts
}

/// FM-26
pub(super) fn duties_of_who_left(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let mut lapses = Vec::new();
    for entry in view.all(Person::KIND) {
        let (since, days) = match entry.state() {
            "left" => (Person(entry.content()).left_on().get().or_else(|| entry.entered("left")), limits.number("left_days")),
            "away" => (entry.entered("away"), limits.number("away_days")),
            _ => continue,
        };
        let Some(since) = since.filter(|since| days_between(*since, view.today()) > days) else { continue };
        let gone = if entry.is("left") { format!("left on {since}") } else { format!("has been away since {since}") };
        let duties = waiting_duties(entry);
        // A duty that was given to somebody who had left already has waited since then.
        let waited = |record: &&Entry<'_>| longer_than(view, days, [**record, entry], |on| still(on, entry.id(), record.id()));
        if let Some(first) = duties.iter().find(waited) {
            let records = match duties.len() {
                1 => first.label(),
                n => format!("{n} records, {} among them", first.label()),
            };
            let lapse = Lapse::of(entry).value("person", entry.label()).value("gone", gone);
            lapses.push(lapse.value("n", duties.len()).value("records", records));
        }
    }
    lapses
}

/// What waits for somebody who left, or who is away with nobody to stand in.
fn waiting_duties(entry: Entry<'_>) -> Vec<Entry<'_>> {
    if entry.is("left") { person::duties_after_leaving(entry) } else { without_deputy(entry) }
}

fn still(on: &View, who: Id, record: Id) -> bool {
    on.get(who).is_some_and(|one| one.is_any(&["left", "away"]) && waiting_duties(one).iter().any(|duty| duty.id() == record))
}

/// Live records that the person answers for as owner, responder, overseer or, by a role nobody else holds, as approver, and for which nobody
/// stands in.
fn without_deputy(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let (view, who) = (entry.view(), entry.id());
    let there = |link: Option<Link>| link.is_some_and(|link| link.id != who && view.is_active(link.id));
    let alone = |record: &Entry<'_>| match record.kind().name.as_str() {
        MonitoringPlan::KIND => MonitoringPlan(record.content())
            .metrics()
            .any(|row| row.responder().is_some_and(|link| link.id == who) && !there(row.deputy())),
        OversightPlan::KIND => {
            let mut overseers = OversightPlan(record.content()).overseers().map(|row| row.person());
            record.names(who, "overseers") && !overseers.any(there)
        }
        _ => record.names(who, "owner") && !record.linked("deputy").is_some_and(|deputy| deputy.is("active")),
    };
    let today = view.today();
    let held_by_others = |held: &Entry<'_>| {
        Role(held.content()).holders().any(|row| {
            let now = row.from().is_none_or(|from| from <= today) && row.to().is_none_or(|to| to >= today);
            now && there(row.person())
        })
    };
    let approved = person::roles_held(entry)
        .filter(|held| !held_by_others(held))
        .flat_map(|held| held.incoming("document", "approver").chain(held.incoming("communication", "approver")));
    let mut found: Vec<Entry<'_>> =
        person::duties(entry).into_iter().filter(alone).chain(approved).filter(Entry::is_live).collect();
    found.sort_unstable_by_key(Entry::id);
    found.dedup_by_key(|record| record.id());
    found
}
