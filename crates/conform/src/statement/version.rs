//! Frozen versions: what was signed, what differs today, and how two of them differ.

use jiff::civil::Date;
use serde::Serialize;
use vouch_record::Id;
use vouch_record::kind::generated::statement_of_applicability::{StatementOfApplicability, StatementOfApplicabilityRowRow};

use super::{Named, Row};
use crate::as_text;
use crate::derived::statement_of_applicability::{drift, older_than};
use crate::framework::ISO42001;
use crate::view::Entry;

/// A frozen version.
#[derive(Clone, Debug, Serialize)]
pub struct Version {
    /// the record
    pub record: Named,
    /// version as printed on the certificate
    pub version: String,
    /// its state
    pub state: String,
    /// scope it is made for
    pub scope: Option<Named>,
    /// revision of that scope when it was frozen
    pub scope_revision: Option<i64>,
    /// whether that is the revision of the scope in force today
    pub scope_in_force: bool,
    /// day it was frozen
    #[serde(serialize_with = "as_text::option")]
    pub frozen_on: Option<Date>,
    /// first day it stands
    #[serde(serialize_with = "as_text::option")]
    pub valid_from: Option<Date>,
    /// day by which it is frozen anew
    #[serde(serialize_with = "as_text::option")]
    pub review_by: Option<Date>,
    /// records that changed since in a way that asks for a new version
    #[serde(serialize_with = "as_text::each")]
    pub older_than: Vec<Id>,
}

/// What a frozen version says about a control.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Frozen {
    /// applied or excluded
    pub decision: Option<&'static str>,
    /// how far it was carried out
    pub implementation: Option<&'static str>,
    /// what differs today, in words
    pub drift: Option<String>,
}

impl Version {
    /// A version as it stands on the view's day.
    #[must_use]
    pub fn of(entry: Entry<'_>) -> Self {
        let content = StatementOfApplicability(entry.content());
        let (scope, revision) = (entry.linked("scope"), content.scope_revision().get());
        let current = |scope: &Entry<'_>| {
            let in_force = entry.view().scope().is_some_and(|one| one.id() == scope.id());
            in_force && revision == Some(i64::from(scope.revision()))
        };
        Self {
            record: Named::of(entry),
            version: content.version().get().unwrap_or_default().to_owned(),
            state: entry.state().to_owned(),
            scope_in_force: scope.as_ref().is_some_and(current),
            scope: scope.map(Named::of),
            scope_revision: revision,
            frozen_on: content.frozen_at().get().map(|at| entry.view().day(at)),
            valid_from: content.valid_from().get(),
            review_by: content.review_by().get(),
            older_than: older_than(entry).into_iter().collect(),
        }
    }
}

/// Writes beside each row what the version in force says of its control.
pub(super) fn mark(statement: Entry<'_>, rows: &mut [Row]) {
    let drift = drift(statement).unwrap_or_default();
    for frozen in StatementOfApplicability(statement.content()).rows() {
        let Some(control) = control(frozen) else { continue };
        let Some(row) = rows.iter_mut().find(|row| row.control == control) else { continue };
        let named = frozen.control().map(|named| format!("{}:{}", named.framework, named.item)).unwrap_or_default();
        let differs = drift.iter().find(|one| one.control == named);
        row.frozen = Some(Frozen {
            decision: frozen.decision().map(|decision| decision.id()),
            implementation: frozen.implementation().map(|of| of.id()),
            drift: differs.map(|one| format!("{} → {}", one.before, one.now)),
        });
    }
}

/// The control of a frozen row as rows name it.
fn control(row: StatementOfApplicabilityRowRow<'_>) -> Option<String> {
    let named = row.control()?;
    Some(if named.framework == ISO42001 { named.item.to_owned() } else { format!("{}:{}", named.framework, named.item) })
}

/// One control in which two frozen versions differ.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Changed {
    /// the control
    pub control: String,
    /// what differs: decision, reason, owner, implementation, or the row itself
    pub what: &'static str,
    /// what the earlier version says; nothing if it has no such row
    pub before: Option<String>,
    /// what the later version says
    pub now: Option<String>,
}

/// Where two frozen versions differ, in the order of the later one, then what only the earlier has.
#[must_use]
pub fn compare(earlier: Entry<'_>, later: Entry<'_>) -> Vec<Changed> {
    let (before, now) = (StatementOfApplicability(earlier.content()), StatementOfApplicability(later.content()));
    let old: Vec<(String, Said)> = before.rows().filter_map(|row| Some((control(row)?, said(row)))).collect();
    let new: Vec<(String, Said)> = now.rows().filter_map(|row| Some((control(row)?, said(row)))).collect();
    let mut changed = Vec::new();
    for (control, is) in &new {
        let Some((_, was)) = old.iter().find(|(other, _)| other == control) else {
            changed.push(Changed { control: control.clone(), what: "row", before: None, now: is[0].1.clone() });
            continue;
        };
        let differing = was.iter().zip(is).filter(|((_, was), (_, is))| was != is);
        changed.extend(differing.map(|((what, was), (_, is))| Changed {
            control: control.clone(),
            what,
            before: was.clone(),
            now: is.clone(),
        }));
    }
    let gone = old.iter().filter(|(control, _)| !new.iter().any(|(other, _)| other == control));
    changed.extend(gone.map(|(control, was)| Changed {
        control: control.clone(),
        what: "row",
        before: was[0].1.clone(),
        now: None,
    }));
    changed
}

/// What a row says, part by part.
type Said = [(&'static str, Option<String>); 4];

fn said(row: StatementOfApplicabilityRowRow<'_>) -> Said {
    [
        ("decision", row.decision().map(|decision| decision.id().to_owned())),
        ("reason", row.reason().map(str::to_owned)),
        ("owner", row.owner().map(|link| link.id.to_string())),
        ("implementation", row.implementation().map(|of| of.id().to_owned())),
    ]
}
