//! Whether the inputs are those of the day on which they were drawn, and what was concluded from each.

use jiff::Timestamp;
use vouch_record::kind::generated::management_review::{
    ManagementReview, ManagementReviewInputInput as Input, ManagementReviewInputRow,
};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::view::Row;
use vouch_record::{Id, Leaf, Value};

use crate::check::management_review::{called, of_the_year};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Fields of a measurement that a review shows.
const VALUES: [&str; 4] = ["value", "numerator", "denominator", "n"];

/// 9.3.2-P1
pub(super) fn inputs_are_those_of_that_day(view: &View) -> Verdicts {
    each(of_the_year(view), |review| {
        Judgement::needing(review, &["inputs", "inputs_frozen_at"], || {
            let content = ManagementReview(review.content());
            let Some(frozen) = content.inputs_frozen_at().get() else {
                return Judgement::Skip("its inputs were never frozen".to_owned());
            };
            let lapse = |row: ManagementReviewInputRow<'_>| {
                let defect = differs(review, row, frozen)?;
                let input = row.input().map_or_else(|| "an input".to_owned(), called);
                Some(Lapse::of(review).value("review", review.label()).value("input", input).value("defect", defect))
            };
            Judgement::of(content.inputs().filter_map(lapse).collect())
        })
    })
}

/// How a row differs from the records of the day on which it was drawn.
fn differs(review: Entry<'_>, row: ManagementReviewInputRow<'_>, frozen: Timestamp) -> Option<String> {
    let view = review.view();
    let drawn = review.revisions().rfind(|leaf| leaf.time <= frozen);
    let then = drawn.map(|leaf| records_in(leaf, row.input()));
    for link in row.records() {
        let Some(record) = view.find(link.id) else { continue };
        if record.created_at() > frozen {
            return Some(format!("{} was made later", record.label()));
        }
        if then.as_ref().is_some_and(|then| !then.contains(&link.id)) {
            return Some(format!("{} was not among what was drawn", record.label()));
        }
        if record.kind().name == Measurement::KIND && value_moved(record, frozen) {
            return Some(format!("{} had another value", record.label()));
        }
    }
    let now: Vec<Id> = rows_of(review, row.input());
    let gone = then.into_iter().flatten().find(|id| !now.contains(id))?;
    Some(format!("{} was drawn and is not shown", view.find(gone).map_or_else(|| gone.to_string(), |record| record.label())))
}

fn rows_of(review: Entry<'_>, input: Option<Input>) -> Vec<Id> {
    let rows = ManagementReview(review.content()).inputs().filter(|row| row.input() == input);
    rows.flat_map(|row| row.records()).map(|link| link.id).collect()
}

/// The records that a revision listed for an input.
fn records_in(leaf: &Leaf, input: Option<Input>) -> Vec<Id> {
    let rows = inputs_in(leaf).filter(|row| row.input() == input);
    rows.flat_map(|row| row.records()).map(|link| link.id).collect()
}

fn inputs_in(leaf: &Leaf) -> impl Iterator<Item = ManagementReviewInputRow<'_>> {
    let rows = leaf.body.get("inputs").map_or(&[][..], Value::items);
    rows.iter().map(|row| ManagementReviewInputRow::from(Row(row)))
}

/// Whether a measurement has another value now than on that day; one that was declared void since shows it by that.
fn value_moved(record: Entry<'_>, frozen: Timestamp) -> bool {
    let then = record.revisions().rfind(|leaf| leaf.time <= frozen);
    let moved = |leaf: &Leaf| VALUES.iter().any(|field| leaf.body.get(field) != record.made().body.get(field));
    !record.is("void") && then.is_some_and(moved)
}

/// 9.3.2-P2
pub(super) fn inputs_have_conclusions(view: &View) -> Verdicts {
    each(of_the_year(view), |review| {
        Judgement::needing(review, &["inputs", "inputs_frozen_at"], || {
            let content = ManagementReview(review.content());
            let frozen = content.inputs_frozen_at().get();
            let signed = review.entry_into("signed").map(|leaf| leaf.time);
            let lapse = |row: ManagementReviewInputRow<'_>| {
                let defect = unconcluded(review, row, frozen, signed)?;
                let input = row.input().map_or_else(|| "an input".to_owned(), called);
                Some(Lapse::of(review).value("review", review.label()).value("input", input).value("defect", defect))
            };
            Judgement::of(content.inputs().filter_map(lapse).collect())
        })
    })
}

/// What is wrong with the conclusion of a row.
fn unconcluded(
    review: Entry<'_>,
    row: ManagementReviewInputRow<'_>,
    frozen: Option<Timestamp>,
    signed: Option<Timestamp>,
) -> Option<&'static str> {
    let Some(conclusion) = row.conclusion() else { return Some("without any conclusion") };
    let holds = |leaf: &&Leaf| inputs_in(leaf).any(|then| then.input() == row.input() && then.conclusion() == Some(conclusion));
    let written = review.revisions().find(holds)?.time;
    if frozen.is_some_and(|frozen| written < frozen) {
        return Some("with a conclusion that was written before the inputs were drawn");
    }
    signed.is_some_and(|signed| written > signed).then_some("with a conclusion that was written after it was signed")
}
