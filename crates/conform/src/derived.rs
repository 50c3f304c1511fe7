//! Values computed from several records (FORMATS §10): one file per kind, one function per value, one line in its `TABLE`.
//!
//! A function takes an [`Entry`] and answers for the entry's day. It keeps what is costly with `view.keep`. Rules call the typed
//! functions; conditions, lists and pages reach them by name through [`value`].

pub mod ai_system;
pub mod risk_method;
pub mod role;
pub mod scope;
pub mod statement_of_applicability;
#[cfg(test)]
mod tests;

use vouch_record::condition::Val;
use vouch_record::kind::Kind;

use crate::view::{Entry, View};

/// A derived value by name.
pub struct Derived {
    /// name, as in the kind's file
    pub name: &'static str,
    /// computes it for one record
    pub compute: for<'v> fn(Entry<'v>) -> Val<'v>,
}

/// The derived values of a kind that are computed here.
#[must_use]
pub fn table(kind: &str) -> &'static [Derived] {
    match kind {
        "ai-system" => ai_system::TABLE,
        "risk-method" => risk_method::TABLE,
        "role" => role::TABLE,
        "scope" => scope::TABLE,
        "statement-of-applicability" => statement_of_applicability::TABLE,
        _ => &[],
    }
}

/// A derived value of a record; nothing if its kind has none of this name. Its type is that of the kind's file: ids of an enum
/// become choices with their place.
#[must_use]
pub fn value<'v>(entry: Entry<'v>, name: &str) -> Option<Val<'v>> {
    let derived = table(&entry.kind().name).iter().find(|derived| derived.name == name)?;
    Some(ranked((derived.compute)(entry), entry.kind(), name))
}

/// Gives the ids of an enum their place in the order of values, so that they compare.
fn ranked<'v>(value: Val<'v>, kind: &Kind, name: &str) -> Val<'v> {
    let Some(choices) = kind.derived(name).and_then(|spec| spec.kind.choices()) else { return value };
    let rank = |id: &str| choices.iter().position(|choice| choice.id == id).unwrap_or(usize::MAX);
    match value {
        Val::Text(id) => {
            let rank = rank(&id);
            Val::Choice(id, rank)
        }
        Val::List(items) => Val::List(items.into_iter().map(|item| ranked(item, kind, name)).collect()),
        other => other,
    }
}

/// The derived `in_force` of a record; of a kind without one, whether it is settled.
#[must_use]
pub fn in_force(entry: Entry<'_>) -> bool {
    match value(entry, "in_force") {
        Some(Val::Bool(truth)) => truth,
        Some(Val::Record(_)) => true,
        Some(Val::Number(revision)) => !revision.is_zero(),
        Some(_) => false,
        None => entry.is_settled(),
    }
}

/// The approved version of a kind with the latest `valid_from` not after today: how scope, risk method and statement of
/// applicability are in force.
fn latest_valid<'v>(view: &'v View, kind: &'static str) -> Option<Entry<'v>> {
    let date = |entry: &Entry<'_>| entry.text("valid_from").and_then(vouch_record::time::parse_date);
    view.all(kind)
        .filter(|entry| entry.standing().in_force.is_some() && entry.standing().shown_state(entry.record()) == "approved")
        .filter(|entry| date(entry).is_some_and(|from| from <= view.today()))
        .max_by_key(|entry| (date(entry), entry.id()))
}
