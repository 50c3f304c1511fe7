//! Derived values of a finding.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::certification_body::{CertificationBody, CertificationBodyRuleGrade};
use vouch_record::kind::generated::finding::{Finding, FindingGrade, FindingState};

use super::Derived;
use super::answer::{records, table};
use crate::view::{Entry, View};

/// The derived values of a finding.
pub const TABLE: &[Derived] = &[
    Derived::new("deadlines", |entry| {
        table(entry, "finding.deadlines", || {
            deadlines(entry).map(|dates| row! { plan_due: dates.plan_due, proof_due: dates.proof_due }).into_iter().collect()
        })
    })
    .reading(&["grade", "raised_at", "plan_due", "proof_due"]),
    Derived::new("repeat_candidates", |entry| records(repeat_candidates(entry))),
];

/// When plan and proof are due.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Deadlines {
    /// the plan
    pub plan_due: Option<Date>,
    /// the proof
    pub proof_due: Option<Date>,
}

/// The days that are given, else those by the rules of the certification body for the grade, counted from the day it was raised. The
/// proof for a major finding of Stage 2 is due at the latest six months after its last day (ISO/IEC 17021-1, 9.5.3.2).
#[must_use]
pub fn deadlines(entry: Entry<'_>) -> Option<Deadlines> {
    let finding = Finding(entry.content());
    let audit = entry.linked("audit");
    let grade = match finding.grade().get()? {
        FindingGrade::Major => CertificationBodyRuleGrade::Major,
        FindingGrade::Minor => CertificationBodyRuleGrade::Minor,
        FindingGrade::AreaOfConcern => CertificationBodyRuleGrade::AreaOfConcern,
        FindingGrade::Opportunity | FindingGrade::Strength => return None,
    };
    let body = audit.and_then(|audit| audit.linked("certification_body"));
    let rule = body.and_then(|body| CertificationBody(body.content()).rules().find(|row| row.grade() == Some(grade)));
    let counted = |days: Option<i64>| Some(finding.raised_at().get()?.saturating_add(days?.days()));
    let plan_due = finding.plan_due().get().or_else(|| counted(rule?.plan_days()));
    let proof_due = finding.proof_due().get().or_else(|| counted(rule?.proof_days()));
    let stage_2 = audit.map(|audit| Audit(audit.content())).filter(|audit| audit.type_().is(AuditType::Stage2));
    let last = stage_2.and_then(|audit| audit.ended_on().get()).filter(|_| grade == CertificationBodyRuleGrade::Major);
    let last = last.map(|ended| ended.saturating_add(6.months()));
    let proof_due = [proof_due, last].into_iter().flatten().min();
    (plan_due.is_some() || proof_due.is_some()).then_some(Deadlines { plan_due, proof_due })
}

/// Earlier findings of the three years before, not withdrawn, with a common requirement and a common system; a finding without a system
/// speaks about the management system and goes with others of that sort.
#[must_use]
pub fn repeat_candidates(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let (finding, view) = (Finding(entry.content()), entry.view());
    let Some(raised) = finding.raised_at().get() else { return Vec::new() };
    let since = raised.saturating_sub(3.years());
    let mut found: Vec<Id> = Vec::new();
    for key in keys(entry) {
        let earlier =
            index(view).get(&key).into_iter().flatten().filter(|(on, id)| *id != entry.id() && *on >= since && *on < raised);
        found.extend(earlier.map(|(_, id)| *id));
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().filter_map(|id| view.get(id)).collect()
}

type Key = (String, Option<Id>);

/// Findings by requirement and system.
fn index(view: &View) -> &BTreeMap<Key, Vec<(Date, Id)>> {
    view.keep(None, "finding.repeat_candidates", || {
        let mut index: BTreeMap<Key, Vec<(Date, Id)>> = BTreeMap::new();
        for entry in view.all(Finding::KIND).filter(|entry| !entry.is(FindingState::Withdrawn.id())) {
            let Some(raised) = Finding(entry.content()).raised_at().get() else { continue };
            for key in keys(entry) {
                index.entry(key).or_default().push((raised, entry.id()));
            }
        }
        index
    })
}

fn keys(entry: Entry<'_>) -> Vec<Key> {
    let finding = Finding(entry.content());
    let mut systems: Vec<Option<Id>> = finding.ai_systems().map(|link| Some(link.id)).collect();
    if systems.is_empty() {
        systems.push(None);
    }
    let items = finding.requirements().map(|link| format!("{}:{}", link.framework, link.item));
    items.flat_map(|item| systems.iter().map(move |system| (item.clone(), *system)).collect::<Vec<_>>()).collect()
}
