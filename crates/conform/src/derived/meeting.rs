//! Derived values of a meeting.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::committee::Committee;
use vouch_record::kind::generated::meeting::{Meeting, MeetingDecisionRow, MeetingDecisionType};
use vouch_record::kind::generated::task::Task;
use vouch_record::time::days_between;

use super::answer::{table, texts, whole};
use super::{Derived, task};
use crate::view::Entry;

/// The derived values of a meeting.
pub const TABLE: &[Derived] = &[
    Derived::new("quorum", |entry| {
        table(entry, "meeting.quorum", || {
            quorum(entry).map(|row| row! { present: row.present, needed: row.needed, reached: row.reached() }).into_iter().collect()
        })
    })
    .reading(&["attendees"]),
    Derived::new("real_decisions", |entry| texts(real_decisions(entry))).reading(&["decisions"]),
    Derived::new("late_minutes", |entry| late_minutes(entry).map_or(Val::Empty, whole)).reading(&["held_to"]),
    Derived::new("tasks_overdue", |entry| {
        table(entry, "meeting.tasks_overdue", || {
            tasks_overdue(entry).into_iter().map(|row| row! { task: row.task, decision: row.decision, due: row.due }).collect()
        })
    })
    .reading(&["decisions"]),
    Derived::new("conflicts", |entry| {
        table(entry, "meeting.conflicts", || {
            conflicts(entry).into_iter().map(|(decision, person)| row! { decision: decision, person: person }).collect()
        })
    })
    .reading(&["attendees", "decisions"]),
];

/// The day it was held, else planned for.
fn held_on(entry: Entry<'_>) -> Option<Date> {
    let meeting = Meeting(entry.content());
    meeting.held_from().get().or_else(|| meeting.planned_for().get()).map(|at| entry.view().day(at))
}

/// How many voting members came, and how many must.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Quorum {
    /// voting members of the committee who were present
    pub present: usize,
    /// the committee's quorum
    pub needed: i64,
}

impl Quorum {
    /// Whether enough came.
    #[must_use]
    pub fn reached(&self) -> bool {
        i64::try_from(self.present).is_ok_and(|present| present >= self.needed)
    }
}

/// Voting members of the committee on the day who were present, compared with its quorum; nothing for a meeting of no committee.
#[must_use]
pub fn quorum(entry: Entry<'_>) -> Option<Quorum> {
    let day = held_on(entry)?;
    let committee = entry.linked("committee")?;
    let then = Committee(committee.on(day.min(entry.view().today())).unwrap_or(committee).content());
    let came = |person: Id| {
        Meeting(entry.content())
            .attendees()
            .any(|row| row.present() == Some(true) && row.person().is_some_and(|link| link.id == person))
    };
    let members = then.members().filter(|row| row.votes() == Some(true));
    let members = members.filter(|row| row.from().is_none_or(|from| from <= day) && row.to().is_none_or(|to| to >= day));
    let mut people: Vec<Id> = members.filter_map(|row| row.person()).map(|link| link.id).collect();
    people.sort_unstable();
    people.dedup();
    Some(Quorum { present: people.into_iter().filter(|person| came(*person)).count(), needed: then.quorum().get()? })
}

/// Codes of decisions of a type other than noted.
#[must_use]
pub fn real_decisions(entry: Entry<'_>) -> Vec<String> {
    let real = Meeting(entry.content()).decisions().filter(|row| row.type_().is_some_and(|of| of != MeetingDecisionType::Noted));
    real.map(|row| row.code().or(row.decision()).unwrap_or_default().to_owned()).collect()
}

/// Days from `held_to` to the approval with purpose sign; until today while it is missing.
#[must_use]
pub fn late_minutes(entry: Entry<'_>) -> Option<i64> {
    let held = Meeting(entry.content()).held_to().get().map(|at| entry.view().day(at))?;
    let signs = entry.given().into_iter().filter(|given| {
        given.approval.purpose().is(ApprovalPurpose::Sign) && given.approval.decision().is(ApprovalDecision::Approved)
    });
    let signed = signs.map(|given| given.on()).filter(|on| *on >= held).min();
    (!entry.is("cancelled")).then(|| days_between(held, signed.unwrap_or(entry.view().today())).max(0))
}

/// Something a meeting asked for that was not done by its day.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overdue {
    /// the task, if it is one
    pub task: Option<Id>,
    /// code of the decision, if it is one
    pub decision: Option<String>,
    /// the day it was due
    pub due: Option<Date>,
}

/// Tasks past due and open, and decisions with a due day before today whose record did not change after `held_to`. A decision that names no
/// record has nothing that could have changed.
#[must_use]
pub fn tasks_overdue(entry: Entry<'_>) -> Vec<Overdue> {
    let view = entry.view();
    let meeting = Meeting(entry.content());
    let mut tasks: Vec<Entry<'_>> = entry.links("tasks").chain(entry.incoming(Task::KIND, "origin")).collect();
    tasks.sort_unstable_by_key(Entry::id);
    tasks.dedup_by_key(|found| found.id());
    let late = tasks.into_iter().filter(|found| task::overdue(*found));
    let mut found: Vec<Overdue> =
        late.map(|one| Overdue { task: Some(one.id()), decision: None, due: Task(one.content()).due().get() }).collect();
    let Some(held) = meeting.held_to().get() else { return found };
    let untouched = |row: &MeetingDecisionRow<'_>| {
        let record = row.record().and_then(|link| view.find(link.id));
        row.due().is_some_and(|due| due < view.today())
            && record.is_none_or(|record| !record.leaves().iter().any(|leaf| leaf.time > held))
    };
    let code = |row: &MeetingDecisionRow<'_>| row.code().or(row.decision()).map(str::to_owned);
    found.extend(meeting.decisions().filter(untouched).map(|row| Overdue { task: None, decision: code(&row), due: row.due() }));
    found
}

/// Decisions about a record whose maker or owner voted without being in `withdrew`.
#[must_use]
pub fn conflicts(entry: Entry<'_>) -> Vec<(String, Id)> {
    let meeting = Meeting(entry.content());
    let voted = meeting.attendees().filter(|row| row.present() == Some(true) && row.votes() == Some(true));
    let voters: Vec<Id> = voted.filter_map(|row| row.person()).map(|link| link.id).collect();
    let mut found = Vec::new();
    for row in meeting.decisions() {
        let Some(record) = row.record().and_then(|link| entry.view().find(link.id)) else { continue };
        let maker = record.leaves().first().and_then(|leaf| leaf.actor.person());
        let owner = record.text("owner").and_then(|text| text.parse::<Id>().ok());
        let mut involved: Vec<Id> = maker.into_iter().chain(owner).filter(|person| voters.contains(person)).collect();
        involved.dedup();
        let stayed = involved.into_iter().filter(|person| !row.withdrew().any(|link| link.id == *person));
        found.extend(stayed.map(|person| (row.code().or(row.decision()).unwrap_or_default().to_owned(), person)));
    }
    found
}
