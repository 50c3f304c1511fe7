//! Values computed from several records (FORMATS §10): one file per kind, one function per value, one line in its `TABLE`.
//!
//! A function takes an [`Entry`] and answers for the entry's day. It keeps what is costly with `view.keep`. Rules call the typed
//! functions; conditions, lists and pages reach them by name through [`value`].

#[macro_use]
mod answer;
pub mod event;
pub mod involved;
pub mod proportion;

pub mod acceptance;
pub mod acknowledgement;
pub mod ai_system;
pub mod approval;
pub mod approved;
pub mod audit;
pub mod audit_programme;
pub mod auditor_request;
pub mod certificate;
pub mod certification_body;
pub mod change;
pub mod comment;
pub mod committee;
pub mod communication;
pub mod competence_need;
pub mod concern;
pub mod confirmed;
pub mod context_issue;
pub mod control_applicability;
pub mod corrective_action;
pub mod course;
pub mod customer_commitment;
pub mod data_assessment;
pub mod dataset;
pub mod document;
pub mod evidence;
pub mod evidence_ready;
pub mod finding;
pub mod impact_assessment;
pub mod improvement;
pub mod incident;
pub mod interested_party;
pub mod management_review;
pub mod measure;
pub mod measurement;
pub mod meeting;
pub mod milestone;
pub mod model;
pub mod monitoring_plan;
pub mod nonconformity;
pub mod objective;
pub mod obligation;
pub mod organisation;
pub mod oversight_plan;
pub mod person;
pub mod proof;
pub mod release;
pub mod resource;
pub mod risk;
pub mod risk_method;
pub mod role;
pub mod room;
pub mod scope;
pub mod sealed_batch;
pub mod specification;
pub mod stage_review;
pub mod statement_of_applicability;
pub mod supplier;
pub mod task;
pub mod test;
#[cfg(test)]
mod tests;
pub mod training_record;
pub mod treatment;
pub mod user_information;

use jiff::Timestamp;
use vouch_record::condition::Val;
use vouch_record::kind::Kind;
use vouch_record::time::parse_instant;
use vouch_record::view::Read;
use vouch_record::{Field, Id, Link};

use crate::view::{Entry, View};

/// A derived value by name.
pub struct Derived {
    /// name, as in the kind's file
    pub name: &'static str,
    /// computes it for one record
    pub compute: for<'v> fn(Entry<'v>) -> Val<'v>,
    reads: &'static [&'static str],
}

impl Derived {
    /// A derived value.
    #[must_use]
    pub const fn new(name: &'static str, compute: for<'v> fn(Entry<'v>) -> Val<'v>) -> Self {
        Self { name, compute, reads: &[] }
    }

    /// The same, resting on these fields of the record: where one of them was erased the value cannot be known (FORMATS §6).
    #[must_use]
    pub const fn reading(mut self, fields: &'static [&'static str]) -> Self {
        self.reads = fields;
        self
    }

    fn of<'v>(&self, entry: Entry<'v>) -> Val<'v> {
        let erased = self.reads.iter().find(|field| entry.value(field) == Field::Erased);
        match erased {
            Some(field) => Val::Undecided(format!("`{field}` of {} was erased", entry.id())),
            None => (self.compute)(entry),
        }
    }
}

/// The derived values of a kind that are computed here.
#[must_use]
pub fn table(kind: &str) -> &'static [Derived] {
    match kind {
        "acceptance" => acceptance::TABLE,
        "ai-system" => ai_system::TABLE,
        "acknowledgement" => acknowledgement::TABLE,
        "approval" => approval::TABLE,
        "audit" => audit::TABLE,
        "certificate" => certificate::TABLE,
        "change" => change::TABLE,
        "committee" => committee::TABLE,
        "competence-need" => competence_need::TABLE,
        "data-assessment" => data_assessment::TABLE,
        "dataset" => dataset::TABLE,
        "document" => document::TABLE,
        "evidence" => evidence::TABLE,
        "impact-assessment" => impact_assessment::TABLE,
        "incident" => incident::TABLE,
        "measure" => measure::TABLE,
        "measurement" => measurement::TABLE,
        "meeting" => meeting::TABLE,
        "milestone" => milestone::TABLE,
        "model" => model::TABLE,
        "monitoring-plan" => monitoring_plan::TABLE,
        "nonconformity" => nonconformity::TABLE,
        "objective" => objective::TABLE,
        "obligation" => obligation::TABLE,
        "organisation" => organisation::TABLE,
        "oversight-plan" => oversight_plan::TABLE,
        "person" => person::TABLE,
        "release" => release::TABLE,
        "resource" => resource::TABLE,
        "risk" => risk::TABLE,
        "audit-programme" => audit_programme::TABLE,
        "auditor-request" => auditor_request::TABLE,
        "certification-body" => certification_body::TABLE,
        "comment" => comment::TABLE,
        "communication" => communication::TABLE,
        "concern" => concern::TABLE,
        "context-issue" => context_issue::TABLE,
        "control-applicability" => control_applicability::TABLE,
        "corrective-action" => corrective_action::TABLE,
        "course" => course::TABLE,
        "customer-commitment" => customer_commitment::TABLE,
        "finding" => finding::TABLE,
        "improvement" => improvement::TABLE,
        "interested-party" => interested_party::TABLE,
        "management-review" => management_review::TABLE,
        "risk-method" => risk_method::TABLE,
        "role" => role::TABLE,
        "room" => room::TABLE,
        "scope" => scope::TABLE,
        "sealed-batch" => sealed_batch::TABLE,
        "specification" => specification::TABLE,
        "stage-review" => stage_review::TABLE,
        "statement-of-applicability" => statement_of_applicability::TABLE,
        "supplier" => supplier::TABLE,
        "task" => task::TABLE,
        "test" => test::TABLE,
        "training-record" => training_record::TABLE,
        "treatment" => treatment::TABLE,
        "user-information" => user_information::TABLE,
        _ => &[],
    }
}

/// A derived value of a record; nothing if its kind has none of this name. Its type is that of the kind's file: ids of an enum
/// become choices with their place.
#[must_use]
pub fn value<'v>(entry: Entry<'v>, name: &str) -> Option<Val<'v>> {
    let derived = table(&entry.kind().name).iter().find(|derived| derived.name == name)?;
    Some(ranked(derived.of(entry), entry.kind(), name))
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

/// The id of a derived value that is one of an enum.
fn choice_of(entry: Entry<'_>, name: &str) -> Option<String> {
    match value(entry, name) {
        Some(Val::Choice(id, _) | Val::Text(id)) => Some(id.into_owned()),
        _ => None,
    }
}

/// Whether a derived value of an enum is this one.
fn is_choice(entry: Entry<'_>, name: &str, id: &str) -> bool {
    choice_of(entry, name).as_deref() == Some(id)
}

/// Whether a derived truth value surely holds.
fn is_true(entry: Entry<'_>, name: &str) -> bool {
    matches!(value(entry, name), Some(Val::Bool(true)))
}

/// The records that a derived value names.
fn named_by(entry: Entry<'_>, name: &str) -> Vec<Id> {
    match value(entry, name) {
        Some(Val::Record(id)) => vec![id],
        Some(Val::List(items)) => {
            items.into_iter().filter_map(|item| if let Val::Record(id) = item { Some(id) } else { None }).collect()
        }
        _ => Vec::new(),
    }
}

/// The earliest instant in a column of a derived list of rows.
fn first_instant(entry: Entry<'_>, name: &str, column: &str) -> Option<Timestamp> {
    let Some(Val::List(rows)) = value(entry, name) else { return None };
    let cell = |row: Val<'_>| if let Val::Row(row, _) = row { parse_instant(row.get(column)?.as_text()?) } else { None };
    rows.into_iter().filter_map(cell).min()
}

/// Whether the owner is among those who last changed a field of the head.
fn owner_wrote(entry: Entry<'_>) -> bool {
    let owner = entry.head().value("owner").get().and_then(Link::read).map(|link| link.id);
    owner.is_some_and(|owner| entry.authors_of(entry.standing().head.leaf(entry.record())).contains(&owner))
}

/// A name without case, spaces and punctuation, as names are compared.
fn evened(name: &str) -> String {
    name.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// States that a record does not come back from into use (model/README.md, `unique`).
const OVER: [&str; 14] = [
    "retired",
    "withdrawn",
    "rejected",
    "refused",
    "replaced",
    "superseded",
    "dismissed",
    "disposed",
    "dissolved",
    "ended",
    "closed",
    "void",
    "cancelled",
    "dropped",
];

/// Whether a record is over: in such a state, or set aside.
#[must_use]
pub fn is_over(entry: Entry<'_>) -> bool {
    entry.is_set_aside() || entry.is_any(&OVER)
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
