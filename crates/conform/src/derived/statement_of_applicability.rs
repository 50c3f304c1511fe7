//! Derived values of a statement of applicability.

mod freezing;
mod stale;

pub use freezing::{Difference, FrozenRow, differences_now, freezable, methods_now, rows_now, systems_now};
pub use stale::older_than;

use vouch_record::condition::Val;
use vouch_record::kind::generated::certificate::Certificate;
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::statement_of_applicability::{StatementOfApplicability, StatementOfApplicabilityRowRow};

use super::answer::{ids, instant, records, table};
use super::approved::approved_at;
use super::control_applicability::{Implementation, implementation};
use super::{Derived, latest_valid};
use crate::framework::{ISO42001, ItemKind};
use crate::view::{Entry, View};

/// The derived values of a statement of applicability.
pub const TABLE: &[Derived] = &[
    Derived::new("in_force", |entry| Val::Bool(in_force(entry))).reading(&["valid_from"]),
    Derived::new("complete", |entry| Val::Bool(complete(entry))).reading(&["rows"]),
    Derived::new("older_than", |entry| ids(older_than(entry))).reading(&["rows"]),
    Derived::new("drift", |entry| match drift(entry) {
        Some(_) => table(entry, "statement-of-applicability.drift", || {
            let rows = drift(entry).unwrap_or_default();
            rows.into_iter().map(|row| row! { control: row.control, before: row.before, now: row.now }).collect()
        }),
        None => Val::Undecided(JUDGING.to_owned()),
    })
    .reading(&["rows"]),
    Derived::new("printed", |entry| records(printed(entry))),
    Derived::new("rows_true", |entry| rows_true(entry).map_or_else(|| Val::Undecided(JUDGING.to_owned()), Val::Bool))
        .reading(&["rows", "frozen_at"]),
    Derived::new("approved_at", |entry| instant(approved_at(entry))),
    Derived::new("freezable", |entry| Val::Bool(freezable(entry.view()))),
    Derived::new("rows_now", |entry| match rows_now(entry.view()) {
        Some(_) => table(entry, "statement-of-applicability.rows_now", || {
            rows_now(entry.view()).unwrap_or_default().into_iter().map(FrozenRow::to_row).collect()
        }),
        None => Val::Undecided(JUDGING.to_owned()),
    }),
    Derived::new("systems_now", |entry| {
        table(entry, "statement-of-applicability.systems_now", || {
            let row = |row: freezing::FrozenSystem| row! { ai_system: row.ai_system, revision: row.revision, tier: row.tier.map(|tier| tier.id()), stage: row.stage.id() };
            systems_now(entry.view()).into_iter().map(row).collect()
        })
    }),
    Derived::new("methods_now", |entry| ids(methods_now(entry.view()))),
    Derived::new("differences_now", |entry| match differences_now(entry) {
        Some(_) => table(entry, "statement-of-applicability.differences_now", || {
            let rows = differences_now(entry).unwrap_or_default();
            rows.into_iter()
                .map(|row| row! { control: row.control, before: row.before, now: row.now, because: row.because })
                .collect()
        }),
        None => Val::Undecided(JUDGING.to_owned()),
    })
    .reading(&["replaces"]),
];

const JUDGING: &str = "the rules of a control are being judged";

/// The statement in force on the view's day.
#[must_use]
pub fn in_force_one(view: &View) -> Option<Entry<'_>> {
    let id = view.keep(None, "statement_in_force", || latest_valid(view, StatementOfApplicability::KIND).map(|entry| entry.id()));
    id.and_then(|id| view.get(id))
}

/// The approved version with the latest valid_from not after today.
#[must_use]
pub fn in_force(entry: Entry<'_>) -> bool {
    in_force_one(entry.view()).is_some_and(|one| one.id() == entry.id())
}

/// The controls of Annex A, of which a statement has one row each.
pub(super) fn controls(view: &View) -> impl Iterator<Item = &str> {
    view.frameworks().items().iter().filter(|item| item.kind == ItemKind::Control).map(|item| item.id.as_str())
}

/// Exactly one row for each control of Annex A, each row from an applicability that was approved in the revision it names.
#[must_use]
pub fn complete(entry: Entry<'_>) -> bool {
    let statement = StatementOfApplicability(entry.content());
    let rows_of = |control: &str| {
        statement.rows().filter(|row| row.control().is_some_and(|item| item.framework == ISO42001 && item.item == control)).count()
    };
    controls(entry.view()).all(|control| rows_of(control) == 1) && statement.rows().all(|row| from_approved(entry, row))
}

/// Whether the revision of the applicability that a row names was in state approved at some time.
fn from_approved(entry: Entry<'_>, row: StatementOfApplicabilityRowRow<'_>) -> bool {
    let Some(applicability) = row.applicability().and_then(|link| entry.view().find(link.id)) else { return false };
    let revision = row.revision().and_then(|revision| u32::try_from(revision).ok());
    applicability.leaves().iter().any(|leaf| leaf.state.as_ref() == "approved" && revision == Some(leaf.revision))
}

/// The applicability behind a row, as it is today.
fn applicability<'v>(entry: Entry<'v>, row: StatementOfApplicabilityRowRow<'v>) -> Option<Entry<'v>> {
    row.applicability().and_then(|link| entry.view().get(link.id))
}

/// How a row reads in a sentence.
fn said(decision: Option<&str>, reason: Option<&str>) -> String {
    [decision, reason].into_iter().flatten().collect::<Vec<_>>().join(": ")
}

/// Rows whose decision or reason differs today, and rows whose implementation fell. Nothing while rules of a control are being judged.
#[must_use]
pub fn drift(entry: Entry<'_>) -> Option<Vec<Difference>> {
    let mut found = Vec::new();
    for row in StatementOfApplicability(entry.content()).rows() {
        let Some(control) = row.control() else { continue };
        let control = format!("{}:{}", control.framework, control.item);
        let before = said(row.decision().map(|decision| decision.id()), row.reason());
        let Some(applicability) = applicability(entry, row).filter(|now| now.is("approved")) else {
            found.push(Difference {
                control,
                before,
                now: "no approved applicability".to_owned(),
                because: row.applicability().map(|link| link.id),
            });
            continue;
        };
        let content = ControlApplicability(applicability.content());
        let now = said(content.decision().get().map(|decision| decision.id()), Some(&freezing::reason(content)));
        let because = Some(applicability.id());
        if now != before {
            found.push(Difference { control, before, now, because });
            continue;
        }
        let (then, is) = (row.implementation().map(|of| of.id()), implementation(applicability)?);
        if Implementation::ALL.into_iter().find(|of| Some(of.id()) == then) > Some(is) {
            found.push(Difference { control, before: then.unwrap_or_default().to_owned(), now: is.id().to_owned(), because });
        }
    }
    Some(found)
}

/// Certificates in state issued that name it.
pub fn printed(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    entry.incoming(Certificate::KIND, "statement_of_applicability").filter(|certificate| certificate.is("issued"))
}

/// Each copied implementation equals the one recomputed as of the day it was frozen. True before it is frozen, when nothing is copied.
#[must_use]
pub fn rows_true(entry: Entry<'_>) -> Option<bool> {
    let statement = StatementOfApplicability(entry.content());
    let Some(frozen) = statement.frozen_at().get() else { return Some(true) };
    let then = entry.view().on(entry.view().day(frozen));
    for row in statement.rows() {
        let recomputed = match row.applicability().and_then(|link| then.get(link.id)) {
            Some(applicability) => implementation(applicability)?,
            None => return Some(false),
        };
        if row.implementation().map(|of| of.id()) != Some(recomputed.id()) {
            return Some(false);
        }
    }
    Some(true)
}
