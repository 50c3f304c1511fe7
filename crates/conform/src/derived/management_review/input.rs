//! What a review looked at.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::management_review::{
    ManagementReview, ManagementReviewInputInput as Input, ManagementReviewInputRow,
};

use crate::view::{Entry, Window};

/// Inputs that clause 9.3.2 asks for, with the kinds whose records they are drawn from.
const REQUIRED: [(Input, &str); 7] = [
    (Input::PreviousActions, "management-review"),
    (Input::Context, "context-issue"),
    (Input::InterestedParties, "interested-party"),
    (Input::Nonconformities, "nonconformity"),
    (Input::Measurements, "measurement"),
    (Input::Audits, "audit"),
    (Input::Improvement, "improvement"),
];

fn period(entry: Entry<'_>) -> Option<Window> {
    let review = ManagementReview(entry.content());
    Some(Window { from: review.covers_from().get()?, to: review.covers_to().get()? })
}

fn rows_of(entry: Entry<'_>, input: Input) -> Vec<ManagementReviewInputRow<'_>> {
    ManagementReview(entry.content()).inputs().filter(|row| row.input() == Some(input)).collect()
}

/// Required inputs without a row, without records, or with records that are all older than the period.
#[must_use]
pub fn missing_inputs(entry: Entry<'_>) -> Vec<Input> {
    let from = period(entry).map(|period| period.from);
    let missing = |input: Input| {
        let rows = rows_of(entry, input);
        let mut records = rows.iter().flat_map(|row| row.records()).filter_map(|link| entry.view().find(link.id)).peekable();
        records.peek().is_none() || records.all(|record| from.is_some_and(|from| last_of(record) < from))
    };
    REQUIRED.iter().map(|(input, _)| *input).filter(|input| missing(*input)).collect()
}

/// The last day that a record speaks about: of its own period or event, or of its last leaf.
fn last_of(record: Entry<'_>) -> Date {
    let dated = ["covers_to", "ended_on", "held_on", "raised_at"].into_iter().filter_map(|field| {
        let text = record.text(field)?;
        vouch_record::time::parse_date(text.get(..10)?)
    });
    dated.chain(record.changed_on().last()).max().unwrap_or_else(|| record.created_on())
}

/// Required inputs without a row, and those whose row names no record although the period has one of the kind it is drawn from.
#[must_use]
pub fn inputs_open(entry: Entry<'_>) -> Vec<Input> {
    let open = |input: Input, kind: &str| {
        let rows = rows_of(entry, input);
        rows.is_empty() || (rows.iter().all(|row| row.records().next().is_none()) && has_record(entry, kind))
    };
    REQUIRED.iter().filter(|(input, kind)| open(*input, kind)).map(|(input, _)| *input).collect()
}

/// Whether a record of the kind, other than the review, was written in its period.
fn has_record(entry: Entry<'_>, kind: &str) -> bool {
    let Some(period) = period(entry) else { return false };
    entry.view().all(kind).any(|record| record.id() != entry.id() && record.changed_on().any(|on| period.has(on)))
}

/// Inputs whose conclusion no decision picks up, with or without action: none names one of its records, or speaks of the input in its
/// words. An input without a conclusion is undecided.
///
/// This touches free text: a person judges the rest.
#[must_use]
pub fn undecided(entry: Entry<'_>) -> Vec<Input> {
    let review = ManagementReview(entry.content());
    let decisions: Vec<(Option<Id>, String)> = review
        .decisions()
        .map(|row| {
            let words = [row.decision(), row.reason()].into_iter().flatten().collect::<Vec<_>>().join(" ").to_lowercase();
            (row.record().map(|link| link.id), words)
        })
        .collect();
    let picked_up = |row: &ManagementReviewInputRow<'_>, input: Input| {
        let records: Vec<Id> = row.records().map(|link| link.id).collect();
        let word = input.id().replace('_', " ");
        let word = word.strip_suffix('s').unwrap_or(&word);
        decisions.iter().any(|(record, words)| record.is_some_and(|record| records.contains(&record)) || words.contains(word))
    };
    let rows = review.inputs().filter_map(|row| Some((row.input()?, row)));
    let mut open: Vec<Input> =
        rows.filter(|(input, row)| row.conclusion().is_none() || !picked_up(row, *input)).map(|(input, _)| input).collect();
    open.sort_unstable();
    open.dedup();
    open
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_kinds_of_required_inputs_exist() {
        let kinds = crate::derived::tests::kinds();
        for (_, kind) in super::REQUIRED {
            assert!(kinds.get(kind).is_some(), "`{kind}`");
        }
    }
}
