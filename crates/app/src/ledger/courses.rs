//! The courses that records of each kind can take, as a verifier judges them.

use std::collections::BTreeMap;

use serde_json::{Value as Json, json};
use vouch_ledger::verify::Course;
use vouch_record::{Kind, Kinds};

/// The course of each kind in the version that is installed.
#[must_use]
pub fn courses(kinds: &Kinds) -> BTreeMap<(String, u64), Course> {
    kinds.iter().map(|kind| ((kind.name.clone(), u64::from(kind.version)), course(kind))).collect()
}

/// The same by `kind@version`, as `docs/verify.py --courses` reads it.
#[must_use]
pub fn courses_told(kinds: &Kinds) -> serde_json::Map<String, Json> {
    let told = |course: Course| json!({"states": course.states, "settled": course.settled, "transitions": course.transitions});
    courses(kinds).into_iter().map(|((kind, version), course)| (format!("{kind}@{version}"), told(course))).collect()
}

fn course(kind: &Kind) -> Course {
    let mut course = Course { states: kind.states.clone(), settled: kind.settled.iter().cloned().collect(), ..Course::default() };
    for way in &kind.transitions {
        for from in &way.from {
            course.transitions.insert((from.clone(), way.to.clone()));
            if !way.approvals.is_empty() {
                // Withdrawing the approval undoes it; returning it leads to draft (FORMATS §2).
                course.transitions.insert((way.to.clone(), from.clone()));
                let back = kind.draft().unwrap_or_else(|| kind.first_state());
                course.transitions.insert((from.clone(), back.to_owned()));
            }
        }
    }
    if kind.field("review_by").is_some() {
        // A review that changes nothing leads from the state to itself with the next day in `set`.
        course.transitions.extend(kind.states.iter().map(|state| (state.clone(), state.clone())));
    }
    course
}
