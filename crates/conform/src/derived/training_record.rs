//! Derived values of a training record.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::competence_need::CompetenceNeed;
use vouch_record::kind::generated::course::{Course, CourseOnNewVersion};
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::person::Person;
use vouch_record::kind::generated::role::Role;
use vouch_record::kind::generated::shared::CompetenceBasis;
use vouch_record::kind::generated::training_record::{TrainingRecord, TrainingRecordJudgement};
use vouch_record::time::after;

use super::answer::day;
use super::{Derived, proof, role};
use crate::view::{Entry, View};

/// The derived values of a training record.
pub const TABLE: &[Derived] = &[
    Derived::new("passed", |entry| Val::Bool(passed(entry))).reading(&["score", "judgement"]),
    Derived::new("in_date", |entry| Val::Bool(in_date(entry))).reading(&["score", "judgement", "valid_from", "valid_until"]),
    Derived::new("held_on", |entry| Val::Bool(held_on(entry, entry.view().today()))).reading(&[
        "score",
        "judgement",
        "valid_from",
        "valid_until",
    ]),
    Derived::new("late", |entry| Val::Bool(late(entry))).reading(&["due", "to"]),
    Derived::new("rushed", |entry| Val::Bool(rushed(entry))).reading(&["attempts"]),
    Derived::new("self_judged", |entry| Val::Bool(self_judged(entry))).reading(&["judged_by", "person"]),
    Derived::new("effect_overdue", |entry| Val::Bool(effect_overdue(entry))).reading(&["effect_due", "effect_checks"]),
    Derived::new("valid_until_by_need", |entry| day(valid_until_by_need(entry))).reading(&["needs", "basis", "to"]),
    Derived::new("version_counts", |entry| Val::Bool(version_counts(entry))).reading(&["course", "course_version"]),
    Derived::new("judge_entitled", |entry| Val::Bool(judge_entitled(entry))).reading(&["judged_by", "needs"]),
];

/// For a quiz: score at or above `pass_share` of the course; else judgement is shown. A course with a quiz but no pass share wants all
/// answers right.
#[must_use]
pub fn passed(entry: Entry<'_>) -> bool {
    let record = TrainingRecord(entry.content());
    let quiz = record.attempts().len() > 0 || record.score().is_filled();
    if record.basis().is(CompetenceBasis::Course) && quiz {
        let asked = entry
            .linked("course")
            .and_then(|course| Course(course.content()).pass_share().get())
            .unwrap_or(rust_decimal::Decimal::ONE);
        return record.score().get().is_some_and(|score| score >= asked);
    }
    record.judgement().is(TrainingRecordJudgement::Shown)
}

/// State confirmed, passed, today between `valid_from` and `valid_until`, and the version still counts.
#[must_use]
pub fn in_date(entry: Entry<'_>) -> bool {
    entry.is("confirmed") && passed(entry) && valid_on(entry, entry.view().today()) && version_counts(entry)
}

/// The same for a past day, as the record stood then.
#[must_use]
pub fn held_on(entry: Entry<'_>, day: Date) -> bool {
    entry.on(day).is_some_and(in_date)
}

fn valid_on(entry: Entry<'_>, day: Date) -> bool {
    let record = TrainingRecord(entry.content());
    record.valid_from().get().is_none_or(|from| from <= day) && record.valid_until().get().is_none_or(|until| until >= day)
}

/// Due passed while only assigned, or done after it was due.
#[must_use]
pub fn late(entry: Entry<'_>) -> bool {
    let record = TrainingRecord(entry.content());
    let Some(due) = record.due().get() else { return false };
    (entry.is("assigned") && due < entry.view().today()) || record.to().get().is_some_and(|to| to > due)
}

/// An attempt took less than five seconds per question asked.
#[must_use]
pub fn rushed(entry: Entry<'_>) -> bool {
    let mut attempts = TrainingRecord(entry.content()).attempts();
    attempts.any(|row| row.seconds().zip(row.asked()).is_some_and(|(seconds, asked)| seconds < asked.saturating_mul(5)))
}

/// `judged_by` is the person, or reports to the person.
#[must_use]
pub fn self_judged(entry: Entry<'_>) -> bool {
    let record = TrainingRecord(entry.content());
    let (Some(judge), Some(person)) = (record.judged_by().get(), record.person().get()) else { return false };
    judge.id == person.id || reports_to(entry.view(), judge.id, person.id)
}

/// Whether a person stands below another, through any number of managers.
fn reports_to(view: &View, person: Id, above: Id) -> bool {
    let mut seen = Vec::new();
    let mut at = Some(person);
    while let Some(id) = at.filter(|id| !seen.contains(id)) {
        seen.push(id);
        at = view.find(id).and_then(|entry| Person(entry.content()).manager().get()).map(|link| link.id);
        if at == Some(above) {
            return true;
        }
    }
    false
}

/// `effect_due` passed without a row in `effect_checks`.
#[must_use]
pub fn effect_overdue(entry: Entry<'_>) -> bool {
    let record = TrainingRecord(entry.content());
    record.effect_due().get().is_some_and(|due| due < entry.view().today()) && record.effect_checks().len() == 0
}

/// Earliest day that `to` plus `valid_for` of the accepted_proof row for its basis gives over its needs; nothing where no need sets
/// an end. A row that names a course counts for that course only.
#[must_use]
pub fn valid_until_by_need(entry: Entry<'_>) -> Option<Date> {
    let record = TrainingRecord(entry.content());
    let (to, basis, course) = (record.to().get()?, record.basis().get()?, record.course().get().map(|link| link.id));
    let rows = entry.links("needs").flat_map(|need| CompetenceNeed(need.content()).accepted_proof());
    let fits = rows.filter(|row| row.basis() == Some(basis) && row.course().is_none_or(|named| Some(named.id) == course));
    fits.filter_map(|row| row.valid_for()).map(|length| after(to, &length)).min()
}

/// No newer version of the course is there, or `on_new_version` of the course is not retake. Other proofs have no version.
#[must_use]
pub fn version_counts(entry: Entry<'_>) -> bool {
    let Some(course) = entry.linked("course") else { return true };
    let content = Course(course.content());
    if !content.on_new_version().is(CourseOnNewVersion::Retake) {
        return true;
    }
    let today = entry.view().today();
    let current = content.versions().filter(|row| row.from().is_some_and(|from| from <= today)).max_by_key(|row| row.from());
    current.is_none_or(|row| row.version() == TrainingRecord(entry.content()).course_version().get())
}

/// `judged_by` holds, for each of the needs, a role that `judged_by` of the need names.
#[must_use]
pub fn judge_entitled(entry: Entry<'_>) -> bool {
    let Some(judge) = TrainingRecord(entry.content()).judged_by().get() else { return false };
    let holds =
        |named: Entry<'_>| named.kind().name == Role::KIND && named.is("approved") && role::holders_on(named).contains(&judge.id);
    entry.links("needs").all(|need| need.links("judged_by").any(holds))
}

/// Whether a person has a training record in date for a need, or reviewed evidence in date about both.
#[must_use]
pub fn competent(view: &View, person: Id, need: Id) -> bool {
    let Some(person) = view.get(person) else { return false };
    let trained = person.incoming(TrainingRecord::KIND, "person").any(|record| record.names(need, "needs") && in_date(record));
    trained || person.incoming(Evidence::KIND, "about").any(|found| found.names(need, "about") && proof::in_date(found))
}
