//! The requirements of specifications in force: of each category, testable, tested.

use vouch_record::kind::generated::shared::{CriterionComparator, RiskTier};
use vouch_record::kind::generated::specification::{
    Specification, SpecificationRequirementCategory as Category, SpecificationRequirementRow,
};
use vouch_record::kind::generated::test::Test;

use crate::check::specified::{holds, specification_of};
use crate::check::wording::words;
use crate::derived::ai_system;
use crate::derived::test::stale_since;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// What a specification speaks about, or says why not.
const CATEGORIES: [Category; 8] = [
    Category::Functional,
    Category::Performance,
    Category::Fairness,
    Category::Safety,
    Category::Security,
    Category::Oversight,
    Category::Transparency,
    Category::Data,
];

/// Judges the specification in force of each of these systems.
fn each_specified<'v>(
    systems: impl Iterator<Item = Entry<'v>>,
    field: &'static str,
    judge: impl Fn(Entry<'v>, Entry<'v>) -> Judgement,
) -> Verdicts {
    each(systems, |system| match specification_of(system) {
        Some(specification) => Judgement::needing(specification, &[field], || judge(system, specification)),
        None => Judgement::Skip("no specification in force; see A.6.2.2-D1".to_owned()),
    })
}

/// A.6.2.2-D2
pub(super) fn each_category_is_met(view: &View) -> Verdicts {
    each_specified(view.live_systems(), "requirements", |system, specification| {
        if ai_system::tier(system) < Some(RiskTier::Moderate) {
            return Judgement::Skip("tier low".to_owned());
        }
        let content = Specification(specification.content());
        let wanted = |category: Category| content.requirements().any(|row| row.category() == Some(category));
        let explained = |category: Category| {
            let mut rows = content.trade_offs().filter(|row| row.reason().is_some());
            rows.any(|row| row.between().is_some_and(|between| holds(between, category.id())))
        };
        let open = CATEGORIES.into_iter().filter(|category| !wanted(*category) && !explained(*category));
        let lapses: Vec<Lapse> = open.map(|category| Lapse::of(system).value("category", words(category.id()))).collect();
        if lapses.is_empty() {
            Judgement::Shown(vec![system.subject(), specification.subject()])
        } else {
            Judgement::FailAll(lapses)
        }
    })
}

/// A.6.2.2-D3
pub(super) fn requirements_can_be_tested(view: &View) -> Verdicts {
    each_specified(view.systems(), "requirements", |_, specification| {
        let mut rows = Specification(specification.content()).requirements().peekable();
        if rows.peek().is_none() {
            return Judgement::Skip("it names no requirement; see A.6.2.2-D2".to_owned());
        }
        let testable = |row: &SpecificationRequirementRow<'_>| {
            row.comparator() == Some(CriterionComparator::IsTrue) || (row.measure().is_some() && row.threshold().is_some())
        };
        let open = rows.filter(|row| !testable(row));
        Judgement::of(open.map(|row| Lapse::of(specification).value("code", called(row))).collect())
    })
}

/// A.6.2.2-O1
pub(super) fn requirements_are_tested(view: &View) -> Verdicts {
    each_specified(view.live_systems(), "requirements", |system, specification| {
        let rows: Vec<_> = Specification(specification.content()).requirements().collect();
        if rows.is_empty() {
            return Judgement::Skip("it names no requirement; see A.6.2.2-D2".to_owned());
        }
        let fresh = |test: &Entry<'_>| test.is("reviewed") && stale_since(*test).is_none();
        let tests: Vec<Entry<'_>> = system.incoming(Test::KIND, "ai_system").filter(fresh).collect();
        let named: Vec<&str> =
            tests.iter().flat_map(|test| Test(test.content()).criteria()).filter_map(|row| row.requirement_code()).collect();
        let open = rows.into_iter().filter(|row| !row.code().is_some_and(|code| named.contains(&code)));
        let lapses: Vec<Lapse> = open.map(|row| Lapse::of(system).value("code", called(row))).collect();
        match tests.iter().find(|test| test.value("criteria").is_erased()) {
            Some(test) if !lapses.is_empty() => Judgement::Undecided(format!("`criteria` of {} was erased", test.id())),
            _ if lapses.is_empty() => Judgement::Shown(tests.iter().map(Entry::subject).collect()),
            _ => Judgement::FailAll(lapses),
        }
    })
}

/// What people call a requirement.
fn called(row: SpecificationRequirementRow<'_>) -> &str {
    row.code().or(row.statement()).unwrap_or("a requirement without a code")
}
