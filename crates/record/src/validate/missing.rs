//! What must be filled in the state a record is in.

use super::Problem;
use crate::condition::{Facts, Truth};
use crate::id::Id;
use crate::kind::{FieldSpec, MayBeEmpty, Required};
use crate::view::Content;

/// The fields that are empty and must not be, for a record whose course leads through `course` (see `Standing::course`).
///
/// A field is wanted `always`, from a state of the course on, or when its condition holds; a condition that cannot be decided
/// wants the field. Ways that bypass a state do not ask for what it wants.
#[must_use]
pub fn missing(id: Id, content: Content<'_>, course: &[&str], facts: &dyn Facts) -> Vec<Problem> {
    let mut problems = Vec::new();
    for field in &content.kind().fields {
        if content.value(&field.name).is_filled() {
            continue;
        }
        if let Some(reason) = wanted(field, course, id, facts) {
            problems.push(Problem::of(&field.name, "", reason, format!("fill it: {}", lower_first(&field.help))));
        }
    }
    problems
}

fn wanted(field: &FieldSpec, course: &[&str], id: Id, facts: &dyn Facts) -> Option<String> {
    let required = match &field.required {
        Required::Always => Some("it is always needed".to_owned()),
        Required::No => None,
        Required::From(state) => course.contains(&state.as_str()).then(|| format!("it is needed from state `{state}` on")),
    };
    if let Some(reason) = required {
        let may = match &field.may_be_empty {
            MayBeEmpty::No => false,
            MayBeEmpty::Yes => true,
            MayBeEmpty::When(condition) => condition.holds(id, facts).is_yes(),
        };
        return (!may).then_some(reason);
    }
    let condition = field.needed_when.as_ref()?;
    if field.needed_from.as_ref().is_some_and(|from| !course.contains(&from.as_str())) {
        return None;
    }
    match condition.holds(id, facts) {
        Truth::No => None,
        Truth::Yes => Some(format!("it is needed here, since {}", condition.text())),
        Truth::Undecided(why) => Some(format!("whether it is needed cannot be decided: {why}")),
    }
}

/// The value rules of filled fields that do not hold.
#[must_use]
pub fn failed_checks(id: Id, content: Content<'_>, facts: &dyn Facts) -> Vec<Problem> {
    let mut problems = Vec::new();
    for field in &content.kind().fields {
        let Some(value) = content.value(&field.name).get() else { continue };
        for check in &field.checks {
            let value = value.as_text().map_or_else(|| String::from_utf8_lossy(&value.to_jcs()).into_owned(), str::to_owned);
            match check.condition.holds(id, facts) {
                Truth::Yes => {}
                Truth::No => problems.push(Problem::of(&field.name, value, check.say.as_str(), "correct it")),
                Truth::Undecided(why) => {
                    problems.push(Problem::of(&field.name, value, format!("{} cannot be decided: {why}", check.say), "correct it"));
                }
            }
        }
    }
    problems
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_lowercase().chain(chars).collect())
}
