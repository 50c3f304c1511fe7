//! Derived values of a specification.

use std::collections::BTreeSet;

use rust_decimal::Decimal;
use vouch_record::condition::Val;
use vouch_record::kind::generated::specification::{Specification, SpecificationRequirementRow};
use vouch_record::kind::generated::test::{Test, TestCriteriaRow};

use super::Derived;
use super::answer::{instant, number, texts};
use super::proportion::share_of;
use super::test::criterion::Criterion;
use super::test::{Verdict, verdict};
use crate::view::Entry;

pub use super::approved::approved_at;

/// The derived values of a specification.
pub const TABLE: &[Derived] = &[
    Derived::new("covered_requirements", |entry| number(covered_requirements(entry))).reading(&["requirements"]),
    Derived::new("unmet_requirements", |entry| texts(unmet_requirements(entry))).reading(&["requirements"]),
    Derived::new("in_force", |entry| Val::Bool(in_force(entry))),
    Derived::new("approved_at", |entry| instant(approved_at(entry))),
];

/// Reviewed tests of the specification's system.
fn reviewed_tests(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    let system = entry.linked("ai_system");
    system.into_iter().flat_map(|system| system.incoming(Test::KIND, "ai_system")).filter(|test| test.is("reviewed"))
}

/// Share of requirement codes that a reviewed test of the system refers to; nothing without requirements.
#[must_use]
pub fn covered_requirements(entry: Entry<'_>) -> Option<Decimal> {
    let codes: BTreeSet<&str> = Specification(entry.content()).requirements().filter_map(|row| row.code()).collect();
    let tested: BTreeSet<&str> =
        reviewed_tests(entry).flat_map(|test| Test(test.content()).criteria()).filter_map(|row| row.requirement_code()).collect();
    share_of(codes.iter().filter(|code| tested.contains(*code)).count(), codes.len())
}

/// Blocking codes whose latest reviewed test result misses the threshold: that of the requirement, else that of the test. Codes
/// without a result are not unmet but uncovered.
#[must_use]
pub fn unmet_requirements(entry: Entry<'_>) -> Vec<String> {
    let mut tests: Vec<Entry<'_>> = reviewed_tests(entry).collect();
    tests.sort_by_key(|test| (std::cmp::Reverse(Test(test.content()).run_at().get()), test.id()));
    let blocking = Specification(entry.content()).requirements().filter(|row| row.blocking() == Some(true));
    let unmet = blocking.filter(|row| tests.iter().find_map(|test| met(*test, *row)) == Some(false));
    let codes: BTreeSet<String> = unmet.filter_map(|row| row.code().map(str::to_owned)).collect();
    codes.into_iter().collect()
}

/// Whether the results of a test meet a requirement; nothing when it has none for it.
#[must_use]
pub fn met(test: Entry<'_>, row: SpecificationRequirementRow<'_>) -> Option<bool> {
    let content = Test(test.content());
    let wanted = Criterion::new(row.comparator(), row.threshold(), row.upper());
    let speaks =
        |one: &TestCriteriaRow<'_>| one.requirement_code() == row.code() && (row.group().is_none() || one.group() == row.group());
    let judged = verdict(test);
    let result = |one: TestCriteriaRow<'_>| {
        let value = content.results().find(|result| result.code() == one.code() && result.group() == one.group())?.value()?;
        let by_test = || {
            judged
                .iter()
                .find(|row| Some(row.code) == one.code() && row.group == one.group())
                .map(|row| row.result != Verdict::Missed)
        };
        wanted.map(|wanted| wanted.met(value)).or_else(by_test)
    };
    let mut results = content.criteria().filter(speaks).filter_map(result).peekable();
    results.peek()?;
    Some(results.all(|met| met))
}

/// The latest approved specification of the system.
#[must_use]
pub fn in_force(entry: Entry<'_>) -> bool {
    let Some(system) = entry.linked("ai_system") else { return false };
    let approved = system.incoming(Specification::KIND, "ai_system").filter(|one| one.is_settled());
    approved.max_by_key(|one| (approved_at(*one), one.id())).is_some_and(|one| one.id() == entry.id())
}
