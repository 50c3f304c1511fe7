//! Derived values of an audit.

use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::audit::{Audit, AuditCoverageResult, AuditSampleRow};
use vouch_record::kind::generated::finding::{Finding, FindingState};
use vouch_record::view::RequirementLink;

use super::answer::{records, table, texts};
use super::{Derived, involved};
use crate::framework::ISO42001;
use crate::view::Entry;
use crate::{readiness, sample};

/// The derived values of an audit.
pub const TABLE: &[Derived] = &[
    Derived::new("conflicts", |entry| {
        table(entry, "audit.conflicts", || {
            conflicts(entry).into_iter().map(|row| row! { person: row.person, records: row.records }).collect()
        })
    })
    .reading(&["team", "samples"]),
    Derived::new("sample_reproducible", |entry| match sample_reproducible(entry) {
        Some(truth) => Val::Bool(truth),
        None => Val::Undecided("the sample cannot be drawn again".to_owned()),
    })
    .reading(&["samples", "checkpoint", "auditor_word"]),
    Derived::new("open_findings", |entry| records(open_findings(entry))),
    Derived::new("uncovered", |entry| texts(uncovered(entry))).reading(&["requirements", "coverage"]),
    Derived::new("unraised", |entry| texts(unraised(entry))).reading(&["coverage"]),
];

/// An auditor with a hand in what is audited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Conflict {
    /// member of the team
    pub person: Id,
    /// drawn records that the person owns, wrote, approved or carried out
    pub records: Vec<Id>,
}

/// Team members who own, wrote, approved or carried out records inside the sample.
#[must_use]
pub fn conflicts(entry: Entry<'_>) -> Vec<Conflict> {
    let audit = Audit(entry.content());
    let mut items: Vec<Id> = audit.samples().flat_map(|row| row.items()).map(|link| link.id).collect();
    items.sort_unstable();
    items.dedup();
    let hands: Vec<(Id, Vec<Id>)> =
        items.into_iter().filter_map(|id| Some((id, involved::people(entry.view().find(id)?)))).collect();
    let mut team: Vec<Id> =
        audit.team().filter_map(|row| row.person()).chain(audit.lead_auditor().get()).map(|link| link.id).collect();
    team.sort_unstable();
    team.dedup();
    let conflicts = team.into_iter().map(|person| {
        let records = hands.iter().filter(|(_, people)| people.contains(&person)).map(|(id, _)| *id).collect();
        Conflict { person, records }
    });
    conflicts.filter(|conflict| !conflict.records.is_empty()).collect()
}

/// Whether drawing again with checkpoint and word, from the records that passed the rules of each item as of the last day of the window,
/// gives the same records. Nothing where there is no sample, no seed, or an item that has no rules here.
#[must_use]
pub fn sample_reproducible(entry: Entry<'_>) -> Option<bool> {
    let rows = redrawn(entry)?;
    let drawn: Option<Vec<bool>> = rows.iter().map(|row| row.same).collect();
    drawn.filter(|drawn| !drawn.is_empty()).map(|drawn| drawn.into_iter().all(|same| same))
}

/// A sample that was drawn again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Redrawn<'v> {
    /// item it was drawn for, if one is named
    pub item: Option<&'v str>,
    /// whether the same records came; nothing where the item has no rules here
    pub same: Option<bool>,
    /// whether it states a confidence, which only a sample can that was drawn
    pub claims: bool,
}

/// Each sample drawn again; nothing without checkpoint, word and last day of the window, which are the seed.
#[must_use]
pub fn redrawn(entry: Entry<'_>) -> Option<Vec<Redrawn<'_>>> {
    let audit = Audit(entry.content());
    let (checkpoint, word) = (audit.checkpoint().get()?, audit.auditor_word().get()?);
    let last = audit.window_to().get()?.min(entry.view().today());
    let then = entry.view().on(last);
    let again = |row: AuditSampleRow<'_>| {
        let requirement = row.requirement().filter(|link| link.framework == ISO42001)?;
        let population = readiness::population(then, requirement.item)?;
        let Some(drawn_n) = row.drawn_n().and_then(|n| usize::try_from(n).ok()) else { return Some(false) };
        let seed = sample::seed(checkpoint, word, &name(requirement));
        let mut expected = sample::draw(&seed, &population, drawn_n);
        let mut items: Vec<Id> = row.items().map(|link| link.id).collect();
        expected.sort_unstable();
        items.sort_unstable();
        Some(expected == items)
    };
    let rows = audit.samples().map(|row| Redrawn {
        item: row.requirement().map(|link| link.item),
        same: again(row),
        claims: row.confidence().is_some(),
    });
    Some(rows.collect())
}

fn name(link: RequirementLink<'_>) -> String {
    format!("{}:{}", link.framework, link.item)
}

/// Its findings that are neither verified nor withdrawn.
#[must_use]
pub fn open_findings(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let done = [FindingState::Verified.id(), FindingState::Withdrawn.id()];
    entry.incoming(Finding::KIND, "audit").filter(|finding| !finding.is_any(&done)).collect()
}

/// Its requirements without a coverage row.
#[must_use]
pub fn uncovered(entry: Entry<'_>) -> Vec<String> {
    let audit = Audit(entry.content());
    let covered: Vec<_> = audit.coverage().filter(|row| row.result().is_some()).filter_map(|row| row.requirement()).collect();
    audit.requirements().filter(|link| !covered.contains(link)).map(name).collect()
}

/// Requirements whose coverage row says minor or major and that no finding of the audit names.
#[must_use]
pub fn unraised(entry: Entry<'_>) -> Vec<String> {
    let audit = Audit(entry.content());
    let findings: Vec<Entry<'_>> = entry.incoming(Finding::KIND, "audit").collect();
    let raised = |link: RequirementLink<'_>| findings.iter().any(|finding| Finding(finding.content()).requirements().has(link));
    let wrong =
        audit.coverage().filter(|row| matches!(row.result(), Some(AuditCoverageResult::Minor | AuditCoverageResult::Major)));
    wrong.filter_map(|row| row.requirement()).filter(|link| !raised(*link)).map(name).collect()
}
