//! Links are checked on write: the target exists, is of the right kind, has the revision named, and was not set aside.

use std::collections::HashSet;

use vouch_conform::View;
use vouch_record::kind::{FieldSpec, FieldType, Kind, Scalar, Target};
use vouch_record::validate::Problem;
use vouch_record::{Id, Link, Value};

/// What is wrong with the links in some fields.
pub(crate) fn defects(view: &View, kind: &Kind, fields: &[(Box<str>, Value)], pending: &HashSet<Id>) -> Vec<Problem> {
    let mut problems = Vec::new();
    for (name, value) in fields {
        let Some(field) = kind.field(name) else { continue };
        Check { view, field, pending, problems: &mut problems }.field(value, &field.kind);
    }
    problems
}

struct Check<'c> {
    view: &'c View,
    field: &'c FieldSpec,
    pending: &'c HashSet<Id>,
    problems: &'c mut Vec<Problem>,
}

impl Check<'_> {
    fn field(&mut self, value: &Value, kind: &FieldType) {
        match kind {
            FieldType::One(Scalar::Link(target)) => self.link(value, target, None),
            FieldType::Set(Scalar::Link(target)) => value.items().iter().for_each(|item| self.link(item, target, None)),
            FieldType::List(columns) => {
                for (row, cells) in value.items().iter().enumerate() {
                    for column in columns.iter() {
                        let cell = if column.name.is_empty() { Some(cells) } else { cells.get(&column.name) };
                        let (Some(cell), Some(target)) = (cell, column.kind.target()) else { continue };
                        let place = Some((row + 1, column.name.as_str()));
                        if matches!(column.kind, FieldType::Set(_)) {
                            cell.items().iter().for_each(|item| self.link(item, target, place));
                        } else {
                            self.link(cell, target, place);
                        }
                    }
                }
            }
            FieldType::One(_) | FieldType::Set(_) => {}
        }
    }

    fn link(&mut self, value: &Value, target: &Target, place: Option<(usize, &str)>) {
        let Some(text) = value.as_text().filter(|text| !text.is_empty()) else { return };
        let defect = if *target == Target::Requirement { self.requirement(text) } else { self.record(text, target) };
        if let Some((reason, remedy)) = defect {
            let problem = Problem::of(&self.field.name, text, reason, remedy);
            let (row, column) = place.map_or((None, None), |(row, column)| (Some(row), Some(column.to_owned())));
            self.problems.push(Problem { row, column: column.filter(|c| !c.is_empty()), ..problem });
        }
    }

    fn requirement(&self, text: &str) -> Option<(String, String)> {
        let (framework, item) = text.split_once(':')?;
        let frameworks = self.view.frameworks();
        if frameworks.knows(framework, item) {
            return None;
        }
        Some((format!("`{framework}` has no item `{item}`"), "see `vouch readiness` for the items of ISO/IEC 42001".to_owned()))
    }

    fn record(&self, text: &str, target: &Target) -> Option<(String, String)> {
        let link: Link = text.parse().ok()?;
        let kinds = self.view.kinds();
        if let Target::Kind(wanted) = target {
            let right = kinds.of(link.id).is_some_and(|kind| kind.name == *wanted);
            if !right {
                return Some((format!("it is no {wanted}"), format!("name one of `vouch list {wanted}`")));
            }
        }
        if self.pending.contains(&link.id) {
            return None;
        }
        let Some(entry) = self.view.find(link.id) else {
            return Some(("there is no such record".to_owned(), "create it first, or correct the id".to_owned()));
        };
        if entry.is_set_aside() {
            return Some(("the record was set aside".to_owned(), "link to what took its place".to_owned()));
        }
        let head = entry.standing().head.leaf(entry.record()).revision;
        let revision = link.revision?;
        (revision > head).then(|| (format!("it has only {head} revisions"), format!("name a revision from 1 to {head}")))
    }
}
