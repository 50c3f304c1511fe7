//! Work that a record gives to the person it names, by the day it names.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_conform::{Entry, View};
use vouch_record::time::{parse_date, parse_instant};
use vouch_record::view::Read;
use vouch_record::{Id, Link, Value};

use super::{Sort, Waiting};

/// Work on records of a kind in some states.
pub(super) struct Duty {
    pub(super) kind: &'static str,
    pub(super) states: &'static [&'static str],
    /// field that names who, through a link where it has a dot; empty where nobody is named
    pub(super) who: &'static str,
    /// field that holds the day; empty where there is none
    pub(super) due: &'static str,
    /// what is to be done, a verb
    pub(super) what: &'static str,
    /// whether it waits from the first day on; else it does when its day is near or has passed
    pub(super) at_once: bool,
}

const fn at_once(
    kind: &'static str,
    states: &'static [&'static str],
    who: &'static str,
    due: &'static str,
    what: &'static str,
) -> Duty {
    Duty { kind, states, who, due, what, at_once: true }
}

const fn when_near(
    kind: &'static str,
    states: &'static [&'static str],
    who: &'static str,
    due: &'static str,
    what: &'static str,
) -> Duty {
    Duty { kind, states, who, due, what, at_once: false }
}

/// Days before its day from which on something that returns waits.
const NEAR: i64 = 30;

/// Everything that records ask of the persons they name.
pub(super) const DUTIES: &[Duty] = &[
    at_once("task", &["open"], "assignee", "due", "Do"),
    at_once("treatment", &["planned"], "responsible", "due", "Plan"),
    at_once("treatment", &["approved", "doing"], "doer", "due", "Carry out"),
    at_once("corrective-action", &["planned", "doing"], "doer", "due", "Carry out"),
    at_once("nonconformity", &["raised", "contained"], "owner", "correction_due", "Correct"),
    at_once("nonconformity", &["analysed", "acting"], "owner", "action_due", "Act on"),
    at_once("finding", &["raised"], "owner", "plan_due", "Answer"),
    at_once("finding", &["accepted"], "owner", "proof_due", "Send proof of"),
    at_once("incident", &["reported", "triaged", "contained"], "lead", "", "Handle"),
    at_once("concern", &["acknowledged", "assessing"], "handler", "answer_due", "Answer"),
    at_once("change", &["draft"], "leader", "planned_for", "Submit"),
    at_once("change", &["approved"], "leader", "planned_for", "Carry out"),
    at_once("change", &["implemented"], "effect_by", "effect_due", "Judge effect of"),
    at_once("improvement", &["doing"], "owner", "due", "Carry out"),
    at_once("audit", &["prepared", "in_progress"], "lead_auditor", "planned_from", "Carry out"),
    at_once("audit", &["planned"], "lead_auditor", "planned_from", "Prepare"),
    at_once("management-review", &["planned", "prepared"], "chair", "planned_for", "Hold"),
    at_once("auditor-request", &["assigned", "returned"], "assignee", "due", "Answer"),
    at_once("impact-assessment", &["draft"], "assessors", "", "Finish"),
    at_once("measurement", &["recorded"], "measure.analysed_by", "", "Analyse"),
    at_once("stage-review", &["prepared"], "chair", "", "Hold"),
    when_near("meeting", &["planned"], "chair", "planned_for", "Hold"),
    when_near("milestone", &["planned"], "owner", "planned_on", "Reach"),
    when_near("objective", &["approved"], "owner", "due", "Reach"),
    when_near("document", &["approved"], "owner", "review_by", "Review"),
    when_near("risk", &["assessed", "decided"], "owner", "review_by", "Review"),
    when_near("supplier", &["approved"], "owner", "review_by", "Review"),
    when_near("impact-assessment", &["approved"], "assessors", "review_by", "Review"),
    when_near("acceptance", &["accepted"], "accepted_by", "until", "Renew or end"),
    when_near("room", &["open"], "host", "closes_at", "Close"),
    when_near("improvement", &["done"], "owner", "review_on", "Evaluate"),
    when_near("certificate", &["issued"], "", "valid_until", "Renew"),
    when_near("certification-body", &["engaged"], "", "accreditation_until", "Check accreditation of"),
];

/// What waits for a person by these duties, by requests to confirm, and by comments.
pub(super) fn of(view: &View, person: Id) -> Vec<Waiting> {
    let near = view.today().saturating_add(NEAR.days());
    let mut all = Vec::new();
    for duty in DUTIES.iter().filter(|duty| !duty.who.is_empty()) {
        for entry in open(view, duty).filter(|entry| persons(*entry, duty.who).contains(&person)) {
            let due = day_of(entry, duty.due);
            if duty.at_once || due.is_some_and(|due| due <= near) {
                all.push(Waiting { sort: Sort::Do, record: entry.id(), what: duty.what.to_owned(), due, decision: None });
            }
        }
    }
    let requested = view.all("acknowledgement").filter(|entry| entry.is("requested"));
    for entry in requested.filter(|entry| persons(*entry, "person").contains(&person)) {
        all.push(Waiting {
            sort: Sort::Acknowledge,
            record: entry.id(),
            what: "Confirm".to_owned(),
            due: day_of(entry, "due"),
            decision: None,
        });
    }
    let mentions = view.all("comment").filter(|entry| entry.is("open") && persons(*entry, "mentions").contains(&person));
    all.extend(mentions.map(|entry| Waiting {
        sort: Sort::Answer,
        record: entry.id(),
        what: "Answer".to_owned(),
        due: None,
        decision: None,
    }));
    all
}

/// A day on which something is due or ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ahead {
    /// the day
    pub on: Date,
    /// the record that names it
    pub record: Id,
    /// what is to be done, a verb
    pub what: &'static str,
    /// the first person whom the record names for it
    pub person: Option<Id>,
}

/// What records have planned from the view's day on, over so many days: the next first.
#[must_use]
pub fn ahead(view: &View, days: i64) -> Vec<Ahead> {
    let (from, to) = (view.today(), view.today().saturating_add(days.days()));
    let mut all = Vec::new();
    for duty in DUTIES.iter().filter(|duty| !duty.due.is_empty()) {
        for entry in open(view, duty) {
            if let Some(on) = day_of(entry, duty.due).filter(|on| (from..=to).contains(on)) {
                all.push(Ahead { on, record: entry.id(), what: duty.what, person: persons(entry, duty.who).first().copied() });
            }
        }
    }
    all.sort_by_key(|one| (one.on, one.record));
    all
}

fn open<'v>(view: &'v View, duty: &'static Duty) -> impl Iterator<Item = Entry<'v>> {
    view.all(duty.kind).filter(|entry| entry.is_any(duty.states))
}

/// The persons that a field names, or a field of the record that it links to.
fn persons(entry: Entry<'_>, field: &str) -> Vec<Id> {
    if let Some((link, rest)) = field.split_once('.') {
        return entry.linked(link).map(|next| persons(next, rest)).unwrap_or_default();
    }
    let Some(value) = entry.value(field).get() else { return Vec::new() };
    match Link::read(value) {
        Some(link) => vec![link.id],
        None => Value::items(value).iter().filter_map(Link::read).map(|link| link.id).collect(),
    }
}

fn day_of(entry: Entry<'_>, field: &str) -> Option<Date> {
    let text = entry.text(field)?;
    parse_date(text).or_else(|| parse_instant(text).map(|at| entry.view().day(at)))
}
