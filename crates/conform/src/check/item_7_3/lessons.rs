//! Whether lessons reach people, and whether quizzes prove that they understood.

use jiff::ToSpan;
use vouch_record::kind::generated::communication::{Communication, CommunicationTopic};
use vouch_record::kind::generated::course::Course;
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity};
use vouch_record::kind::generated::training_record::TrainingRecord;

use super::brought::{courses_of, everybodys_needs};
use crate::derived::course::too_easy;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long a lesson may take to reach people.
const TELL_DAYS: i64 = 60;
/// So many attempts say something about a quiz.
const ENOUGH: usize = 30;
/// The least time for a question, in seconds.
const SECONDS: i64 = 5;

/// 7.3-O5
pub(super) fn lessons_reach_people(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let grave = |entry: &Entry<'_>| {
        let incident = Incident(entry.content());
        let closed = entry.is("closed") && entry.entered("closed").is_some_and(|on| window.has(on));
        let severity = matches!(incident.severity().get(), Some(IncidentSeverity::Serious | IncidentSeverity::Critical));
        closed && severity && !incident.exercise().is(true)
    };
    each(view.all(Incident::KIND).filter(grave), |incident| {
        let Some(last) = incident.entered("closed").map(|on| on.saturating_add(TELL_DAYS.days())) else {
            return Judgement::Skip("not closed".to_owned());
        };
        let told = incident.incoming(Communication::KIND, "about").find(|one| {
            let content = Communication(one.content());
            content.topic().is(CommunicationTopic::Lessons) && content.sent_at().get().is_some_and(|at| view.day(at) <= last)
        });
        let id = incident.id().to_string();
        let taught = incident.incoming(Course::KIND, "lessons").find(|course| {
            let names = |leaf: &&vouch_record::Leaf| {
                let lessons = leaf.body.get("lessons").map_or(&[][..], vouch_record::Value::items);
                lessons.iter().any(|link| link.as_text() == Some(&id))
            };
            course.revisions().find(names).is_some_and(|leaf| view.day(leaf.time) <= last)
        });
        match told.or(taught) {
            Some(by) => Judgement::Shown(vec![incident.subject(), by.subject()]),
            None if last >= view.today() => Judgement::Skip("has time".to_owned()),
            None => Judgement::Fail(Lapse::of(incident).value("incident", incident.label())),
        }
    })
}

/// 7.3-P1
pub(super) fn quizzes_prove_something(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let mut courses: Vec<Entry<'_>> = everybodys_needs(view).flat_map(courses_of).collect();
    courses.sort_by_key(Entry::id);
    courses.dedup_by_key(|course| course.id());
    each(courses, |course| {
        let (mut total, mut rushed) = (0, 0);
        for record in course.incoming(TrainingRecord::KIND, "course") {
            for row in TrainingRecord(record.content()).attempts() {
                if row.at().is_some_and(|at| year.has(view.day(at))) {
                    total += 1;
                    let fast = row.seconds().zip(row.asked()).is_some_and(|(took, asked)| took < asked.saturating_mul(SECONDS));
                    rushed += usize::from(fast);
                }
            }
        }
        if total < ENOUGH {
            return Judgement::Skip(format!("fewer than {ENOUGH} attempts"));
        }
        let lapse = |share: String, defect: &str| {
            Lapse::of(course).value("course", course.label()).value("share", share).value("defect", defect)
        };
        let hasty = (rushed * 10 >= total).then(|| lapse(format!("{rushed} of {total}"), "took less than five seconds a question"));
        let easy = too_easy(course).then(|| lapse("All but a few".to_owned(), "are right at once"));
        Judgement::of(hasty.into_iter().chain(easy).collect())
    })
}
