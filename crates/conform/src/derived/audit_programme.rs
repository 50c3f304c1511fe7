//! Derived values of an audit programme.

mod conflict;

pub use conflict::{AuditorConflict, auditor_conflicts, outside_people};

use std::collections::BTreeSet;

use jiff::civil::Date;
use vouch_record::kind::generated::audit::{Audit, AuditCoverageResult, AuditState, AuditType};
use vouch_record::kind::generated::audit_programme::AuditProgramme;
use vouch_record::kind::generated::shared::ControlDecision;
use vouch_record::kind::generated::statement_of_applicability::StatementOfApplicability;
use vouch_record::time::{after, days_between};

use super::Derived;
use super::answer::{ids, table, texts};
use crate::framework::ISO42001;
use crate::view::{Entry, View};

/// The derived values of an audit programme.
pub const TABLE: &[Derived] = &[
    Derived::new("coverage", |entry| {
        table(entry, "audit-programme.coverage", || {
            let rows = coverage(entry).into_iter();
            rows.map(|row| {
                row! {
                    requirement: named(&row.item), last_audited_on: row.last_audited_on, next_planned_on: row.next_planned_on, days_over: row.days_over,
                }
            })
            .collect()
        })
    })
    .reading(&["importance", "planned"]),
    Derived::new("auditor_conflicts", |entry| {
        table(entry, "audit-programme.auditor_conflicts", || {
            let rows = auditor_conflicts(entry).into_iter();
            rows.map(|row| row! { person: row.person, requirement: named(&row.item), records: row.records }).collect()
        })
    }),
    Derived::new("unplanned", |entry| texts(unplanned(entry).iter().map(|item| named(item)))).reading(&["planned"]),
    Derived::new("outside_people", |entry| ids(outside_people(entry))),
];

fn named(item: &str) -> String {
    format!("{ISO42001}:{item}")
}

/// Auditable clauses, and controls that the statement of applicability in force applies; all controls while none is in force. In the
/// order of the standard.
#[must_use]
pub fn audited_items(view: &View) -> Vec<&str> {
    let statement = view.statement().map(|entry| StatementOfApplicability(entry.content()));
    let applied: Option<BTreeSet<&str>> = statement.map(|statement| {
        let rows = statement.rows().filter(|row| row.decision() == Some(ControlDecision::Applied));
        rows.filter_map(|row| row.control()).filter(|link| link.framework == ISO42001).map(|link| link.item).collect()
    });
    let items = view.frameworks().items().iter();
    let asked =
        items.filter(|item| !item.is_control() || applied.as_ref().is_none_or(|applied| applied.contains(item.id.as_str())));
    asked.map(|item| item.id.as_str()).collect()
}

/// When an item was and will be audited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Coverage {
    /// the item
    pub item: String,
    /// last day on which an audit that counts reached it
    pub last_audited_on: Option<Date>,
    /// first day of the next planned period that names it
    pub next_planned_on: Option<Date>,
    /// days since its own interval ended; nothing while it lasts or where none is set
    pub days_over: Option<i64>,
}

/// Per clause and applied control when it was last audited, when next, and by how many days its own interval is passed. The interval of
/// an item never audited counts from the first day of the cycle.
#[must_use]
pub fn coverage(entry: Entry<'_>) -> Vec<Coverage> {
    let (programme, view) = (AuditProgramme(entry.content()), entry.view());
    let today = view.today();
    let audits = reached(view);
    let of = |item: &str| {
        let last_audited_on = audits.iter().filter(|(reached, _)| reached == item).map(|(_, on)| *on).max();
        let planned =
            programme.planned().filter(|row| row.requirements().any(|link| link.framework == ISO42001 && link.item == item));
        let next = planned
            .filter(|row| row.period_to().or(row.period_from()).is_some_and(|to| to >= today))
            .filter_map(|row| row.period_from());
        let own = programme
            .importance()
            .find(|row| row.requirement().is_some_and(|link| link.framework == ISO42001 && link.item == item));
        let begun = last_audited_on.or(programme.cycle_from().get());
        let ends = begun.zip(own.and_then(|row| row.every())).map(|(begun, every)| after(begun, &every));
        let days_over = ends.map(|ends| days_between(ends, today)).filter(|days| *days > 0);
        Coverage { item: item.to_owned(), last_audited_on, next_planned_on: next.min(), days_over }
    };
    audited_items(view).into_iter().map(of).collect()
}

/// Items that audits which count (`terms.yaml`) reached, each with the last day of the audit.
fn reached(view: &View) -> &[(String, Date)] {
    use AuditType::{Internal, Recertification, Special, Stage1, Stage2, Surveillance};
    view.keep(None, "audit-programme.coverage", || {
        let mut found = Vec::new();
        for entry in view.all(Audit::KIND).filter(|entry| entry.is_any(&[AuditState::Reported.id(), AuditState::Closed.id()])) {
            let audit = Audit(entry.content());
            let counts = matches!(audit.type_().get(), Some(Internal | Stage1 | Stage2 | Surveillance | Recertification | Special));
            let Some(on) = audit.ended_on().get().or(audit.reported_at().get()).filter(|_| counts) else { continue };
            let rows = audit.coverage().filter(|row| row.result().is_some_and(|result| result != AuditCoverageResult::NotReached));
            found.extend(
                rows.filter_map(|row| row.requirement())
                    .filter(|link| link.framework == ISO42001)
                    .map(|link| (link.item.to_owned(), on)),
            );
        }
        found
    })
}

/// Audited items that no planned row names.
#[must_use]
pub fn unplanned(entry: Entry<'_>) -> Vec<&str> {
    let programme = AuditProgramme(entry.content());
    let planned: BTreeSet<&str> = programme
        .planned()
        .flat_map(|row| row.requirements())
        .filter(|link| link.framework == ISO42001)
        .map(|link| link.item)
        .collect();
    audited_items(entry.view()).into_iter().filter(|item| !planned.contains(item)).collect()
}
