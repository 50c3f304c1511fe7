//! How the quiz of a course is answered.
//!
//! The program notes in `attempts.questions` which questions were drawn and how they were answered: codes in the order asked, separated
//! by spaces, each followed by `+` when it was answered right and `-` when not (`q1+ q7- q9+`). A code without a mark tells nothing.

use std::collections::BTreeMap;

use rust_decimal::Decimal;
use vouch_record::kind::generated::course::Course;
use vouch_record::kind::generated::training_record::{TrainingRecord, TrainingRecordAttemptRow};

use crate::view::Entry;

/// Attempts below which nothing is said about a quiz.
const LEAST_ATTEMPTS: usize = 30;

/// How first attempts went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PassRate {
    /// version of the course
    pub version: String,
    /// code of the question; nothing for the quiz as a whole
    pub question: Option<String>,
    /// first attempts that passed, or answered the question right
    pub right: usize,
    /// first attempts, or those that were asked the question
    pub n: usize,
}

impl PassRate {
    /// The share that passed, to four places.
    #[must_use]
    pub fn share(&self) -> Option<Decimal> {
        Decimal::from(self.right).checked_div(Decimal::from(self.n)).map(|share| share.round_dp(4))
    }
}

/// Per version the share of first attempts that passed, and per question the share that answered it right, each with its count.
#[must_use]
pub fn pass_rate(entry: Entry<'_>) -> &[PassRate] {
    entry.view().keep(Some(entry.id()), "course.pass_rate", || {
        let pass = Course(entry.content()).pass_share().get();
        let mut counts: BTreeMap<(String, Option<String>), (usize, usize)> = BTreeMap::new();
        for (version, attempt) in first_attempts(entry) {
            let mut count = |question: Option<String>, right: bool| {
                let (rights, n) = counts.entry((version.clone(), question)).or_default();
                *rights += usize::from(right);
                *n += 1;
            };
            if let (Some(share), Some(pass)) = (share(attempt), pass) {
                count(None, share >= pass);
            }
            for (code, right) in marks(attempt.questions().unwrap_or_default()) {
                count(Some(code.to_owned()), right);
            }
        }
        counts.into_iter().map(|((version, question), (right, n))| PassRate { version, question, right, n }).collect::<Vec<_>>()
    })
}

/// The first attempt in each training record of the course, with the version taken.
fn first_attempts(entry: Entry<'_>) -> Vec<(String, TrainingRecordAttemptRow<'_>)> {
    let records = entry.incoming(TrainingRecord::KIND, "course");
    let first = records.filter_map(|record| {
        let content = TrainingRecord(record.content());
        let first = content.attempts().min_by_key(|attempt| attempt.at())?;
        Some((content.course_version().get().unwrap_or_default().to_owned(), first))
    });
    first.collect()
}

fn share(attempt: TrainingRecordAttemptRow<'_>) -> Option<Decimal> {
    Decimal::from(attempt.right()?).checked_div(Decimal::from(attempt.asked()?))
}

fn marks(questions: &str) -> impl Iterator<Item = (&str, bool)> {
    questions.split_whitespace().filter_map(|word| {
        let right = word.strip_suffix('+').map(|code| (code, true));
        right.or_else(|| word.strip_suffix('-').map(|code| (code, false)))
    })
}

/// Of the current version there are at least thirty first attempts, and every question was answered right by more than 98 of 100. Where
/// single questions were not noted the answers as a whole count.
#[must_use]
pub fn too_easy(entry: Entry<'_>) -> bool {
    too_easy_from(entry, LEAST_ATTEMPTS)
}

/// The same from another number of first attempts on.
#[must_use]
pub fn too_easy_from(entry: Entry<'_>, least: usize) -> bool {
    let Some(version) = super::current_version(entry).and_then(|row| row.version()) else { return false };
    let first: Vec<_> = first_attempts(entry).into_iter().filter(|(of, _)| of == version).map(|(_, attempt)| attempt).collect();
    if first.len() < least.max(1) {
        return false;
    }
    let questions: Vec<&PassRate> =
        pass_rate(entry).iter().filter(|row| row.version == version && row.question.is_some()).collect();
    let easy = |right: usize, n: usize| right * 100 > n * 98;
    if questions.is_empty() {
        let sum = |of: fn(&TrainingRecordAttemptRow<'_>) -> Option<i64>| {
            first.iter().filter_map(of).filter_map(|n| usize::try_from(n).ok()).sum()
        };
        let (right, asked): (usize, usize) = (sum(|attempt| attempt.right()), sum(|attempt| attempt.asked()));
        return easy(right, asked);
    }
    questions.into_iter().all(|row| easy(row.right, row.n))
}

#[cfg(test)]
mod tests {
    use super::marks;

    #[test]
    fn marks_say_how_each_question_was_answered() {
        assert_eq!(marks("q1+ q7-  q9").collect::<Vec<_>>(), [("q1", true), ("q7", false)]);
        assert_eq!(marks("").count(), 0);
    }
}
