//! The gap list as a table: one row per step.

use vouch_conform::gap::{Gap, Step};

use super::Sheet;

/// Names of the columns.
const HEADINGS: [&str; 13] = [
    "requirement",
    "title",
    "applies",
    "met",
    "depth",
    "check",
    "grade",
    "missing",
    "what to do",
    "where to act",
    "records",
    "owner",
    "due",
];

/// The rows of one requirement: one for each step, or one alone where nothing is missing.
fn cells(gap: &Gap) -> Vec<Vec<String>> {
    let begins = [
        gap.requirement.clone(),
        gap.title.clone(),
        if gap.applies { "yes" } else { "no" }.to_owned(),
        gap.met.map_or("none", |depth| depth.word()).to_owned(),
    ];
    let ends = [owner(gap), due(gap)];
    let row = |middle: [String; 7]| begins.iter().cloned().chain(middle).chain(ends.iter().cloned()).collect();
    if gap.missing.is_empty() {
        return vec![row([(); 7].map(|()| String::new()))];
    }
    let step = |step: &Step| {
        row([
            step.depth.word().to_owned(),
            step.check.clone(),
            step.grade.word().to_owned(),
            step.message.clone(),
            step.remedy.clone(),
            step.act.clone(),
            step.records.iter().map(ToString::to_string).collect::<Vec<_>>().join(" "),
        ])
    };
    gap.missing.iter().map(step).collect()
}

fn owner(gap: &Gap) -> String {
    gap.owner.person.as_ref().map_or_else(|| format!("role {}", gap.owner.role), ToString::to_string)
}

fn due(gap: &Gap) -> String {
    gap.due.as_ref().map(|due| due.on.to_string()).unwrap_or_default()
}

/// The gaps as a table.
#[must_use]
pub fn gaps<'g>(gaps: impl IntoIterator<Item = &'g Gap>) -> Sheet {
    Sheet::new(&HEADINGS, gaps.into_iter().flat_map(cells).collect())
}
