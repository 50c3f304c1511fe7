//! Derived values of a test.

pub mod criterion;
mod stale;

pub use stale::{Stale, stale, stale_since};

use jiff::Timestamp;
use vouch_record::Value;
use vouch_record::condition::Val;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::test::{Test, TestCriteriaRow, TestFailureDecision, TestFailureRow};

use self::criterion::Criterion;
use super::answer::{table, texts};
use super::{Derived, acceptance};
use crate::view::Entry;

/// The derived values of a test.
pub const TABLE: &[Derived] = &[
    Derived::new("verdict", |entry| {
        table(entry, "test.verdict", || {
            verdict(entry).into_iter().map(|row| row! { code: row.code, group: row.group, result: row.result.id() }).collect()
        })
    })
    .reading(&["criteria", "results"]),
    Derived::new("passed", |entry| Val::Bool(passed(entry))).reading(&["criteria", "results", "failures"]),
    Derived::new("stale", |entry| Val::Bool(stale(entry))).reading(&["retest_on", "run_at", "valid_until"]),
    Derived::new("planned_before_run", |entry| Val::Bool(planned_before_run(entry))).reading(&["criteria", "run_at"]),
    Derived::new("same_criteria", |entry| Val::Bool(same_criteria(entry))).reading(&["criteria"]),
    Derived::new("criteria_without_result", |entry| texts(criteria_without_result(entry))).reading(&["criteria", "results"]),
    Derived::new("undecided_misses", |entry| texts(undecided_misses(entry))).reading(&["criteria", "results", "failures"]),
];

/// What a result says about its criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// the value is on the right side
    Met,
    /// it is on the wrong one
    Missed,
    /// too few cases, an interval that straddles a blocking threshold, or no result
    Undecided,
}

impl Verdict {
    /// The word shown.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Missed => "missed",
            Self::Undecided => "undecided",
        }
    }
}

/// The verdict on one criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Judged<'v> {
    /// code of the criterion
    pub code: &'v str,
    /// group it speaks about, if it speaks about one
    pub group: Option<&'v str>,
    /// whether it decides
    pub blocking: bool,
    /// what the result says
    pub result: Verdict,
}

/// Per criterion met, missed or undecided: undecided where n is below `min_n`, where the interval straddles the threshold of a blocking
/// criterion, and while there is no result.
#[must_use]
pub fn verdict<'v>(entry: Entry<'v>) -> Vec<Judged<'v>> {
    let test = Test(entry.content());
    let judged = |row: TestCriteriaRow<'_>| -> Verdict {
        let result = test.results().find(|result| result.code() == row.code() && result.group() == row.group());
        let criterion = Criterion::new(row.comparator(), row.threshold(), row.upper());
        let (Some(result), Some(criterion)) = (result, criterion) else { return Verdict::Undecided };
        let Some(value) = result.value() else { return Verdict::Undecided };
        let few = row.min_n().is_some_and(|least| result.n().is_none_or(|n| n < least));
        if few || (row.blocking() == Some(true) && criterion.straddled(result.low(), result.high())) {
            return Verdict::Undecided;
        }
        if criterion.met(value) { Verdict::Met } else { Verdict::Missed }
    };
    let row = |row: TestCriteriaRow<'v>| Judged {
        code: row.code().unwrap_or_default(),
        group: row.group(),
        blocking: row.blocking() == Some(true),
        result: judged(row),
    };
    test.criteria().map(row).collect()
}

/// Every blocking criterion is met, or missed with decision restrict or accept that is still in force. A test that has not run
/// has not passed.
#[must_use]
pub fn passed(entry: Entry<'_>) -> bool {
    let excused = |code: &str| Test(entry.content()).failures().any(|row| row.code() == Some(code) && lets_pass(entry, row));
    let ran = Test(entry.content()).run_at().is_filled();
    ran && verdict(entry).into_iter().filter(|row| row.blocking).all(|row| match row.result {
        Verdict::Met => true,
        Verdict::Missed | Verdict::Undecided => excused(row.code),
    })
}

/// Restricted or accepted, and the acceptance, which an accepted miss needs, is in force.
fn lets_pass(entry: Entry<'_>, row: TestFailureRow<'_>) -> bool {
    let accepted = row.acceptance().map(|link| entry.view().get(link.id).is_some_and(acceptance::in_force));
    match row.decision() {
        Some(TestFailureDecision::Restrict) => accepted.unwrap_or(true),
        Some(TestFailureDecision::Accept) => accepted.unwrap_or(false),
        _ => false,
    }
}

/// The approval of this record, or of the record named in `plan`, is earlier than `run_at`, and the criteria approved are those it was
/// judged by.
#[must_use]
pub fn planned_before_run(entry: Entry<'_>) -> bool {
    let Some(run_at) = Test(entry.content()).run_at().get() else { return false };
    let mine = rows_in_order(entry.value("criteria").get());
    approved_before(entry, run_at, &mine) || entry.linked("plan").is_some_and(|plan| approved_before(plan, run_at, &mine))
}

/// Whether a revision with these criteria was approved before an instant.
fn approved_before(entry: Entry<'_>, before: Timestamp, criteria: &[Value]) -> bool {
    entry.given().into_iter().any(|given| {
        let approves =
            given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved);
        let revision = entry.revisions().find(|leaf| leaf.revision == given.revision());
        approves && given.at() < before && revision.is_some_and(|leaf| rows_in_order(leaf.body.get("criteria")) == criteria)
    })
}

/// Criteria of this record and of the record named in `plan` are equal, row for row in the order of code and group. Without a plan
/// there is nothing to differ from.
#[must_use]
pub fn same_criteria(entry: Entry<'_>) -> bool {
    let mine = rows_in_order(entry.head().value("criteria").get());
    let plan = Test(entry.head()).plan().get().and_then(|link| entry.view().get(link.id));
    plan.is_none_or(|plan| rows_in_order(plan.value("criteria").get()) == mine)
}

fn rows_in_order(rows: Option<&Value>) -> Vec<Value> {
    let mut rows: Vec<Value> = rows.map_or_else(Vec::new, |rows| rows.items().to_vec());
    let text = |row: &Value, column: &str| row.get(column).and_then(Value::as_text).unwrap_or_default().to_owned();
    rows.sort_by_key(|row| (text(row, "code"), text(row, "group")));
    rows
}

/// Codes of criteria rows without a results row of the same code and group.
#[must_use]
pub fn criteria_without_result(entry: Entry<'_>) -> Vec<String> {
    let test = Test(entry.content());
    let there =
        |row: &TestCriteriaRow<'_>| test.results().any(|result| result.code() == row.code() && result.group() == row.group());
    let mut codes: Vec<String> =
        test.criteria().filter(|row| !there(row)).filter_map(|row| row.code().map(str::to_owned)).collect();
    codes.dedup();
    codes
}

/// Codes with verdict missed without a failures row that holds a decision.
#[must_use]
pub fn undecided_misses(entry: Entry<'_>) -> Vec<String> {
    let decided = |code: &str| Test(entry.content()).failures().any(|row| row.code() == Some(code) && row.decision().is_some());
    let missed = verdict(entry).into_iter().filter(|row| row.result == Verdict::Missed && !decided(row.code));
    let mut codes: Vec<String> = missed.map(|row| row.code.to_owned()).collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}
