//! What a specification links to objectives for responsible development.

use vouch_record::Id;
use vouch_record::kind::generated::objective::ObjectiveType;
use vouch_record::kind::generated::specification::Specification;
use vouch_record::kind::generated::test::{Test, TestCriteriaRow};

use crate::check::objectives::of_type;
use crate::view::{Entry, View};

/// The objectives for responsible development in force.
pub(super) fn responsible(view: &View) -> &[Id] {
    view.keep(None, "check.objectives_for_development", || {
        of_type(view, ObjectiveType::ResponsibleDevelopment).map(|one| one.id()).collect::<Vec<_>>()
    })
}

/// The requirements of a specification that link one of them: code and objective.
pub(super) fn requirements(specification: Entry<'_>) -> Vec<(&str, Id)> {
    let wanted = responsible(specification.view());
    let rows = Specification(specification.content()).requirements();
    rows.filter_map(|row| Some((row.code()?, row.objective()?.id))).filter(|(_, id)| wanted.contains(id)).collect()
}

/// Every objective for responsible development that a specification links, in requirements or trade-offs.
pub(super) fn objectives_of(specification: Entry<'_>) -> Vec<Id> {
    let wanted = responsible(specification.view());
    let content = Specification(specification.content());
    let named =
        content.requirements().filter_map(|row| row.objective()).chain(content.trade_offs().filter_map(|row| row.objective()));
    let mut found: Vec<Id> = named.map(|link| link.id).filter(|id| wanted.contains(id)).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The criteria of a test that speak for such a requirement, each with the objective.
pub(super) fn criteria<'v>(test: Entry<'v>, requirements: &[(&str, Id)]) -> Vec<(TestCriteriaRow<'v>, Id)> {
    let objective = |row: &TestCriteriaRow<'v>| {
        let code = row.requirement_code()?;
        requirements.iter().find(|(of, _)| *of == code).map(|(_, id)| *id)
    };
    Test(test.content()).criteria().filter_map(|row| Some((row, objective(&row)?))).collect()
}
