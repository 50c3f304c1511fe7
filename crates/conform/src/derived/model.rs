//! Derived values of a model.

mod name;

pub use name::{bare_names, is_one_of, names_of_release, names_of_version};

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::sealed_batch::SealedBatch;
use vouch_record::{Id, Value};

use super::answer::{ids, table, texts};
use super::{Derived, release, sealed_batch};
use crate::view::{Entry, View, Window};

/// The derived values of a model.
pub const TABLE: &[Derived] = &[
    Derived::new("used_by", |entry| {
        table(entry, "model.used_by", || used_by(entry).into_iter().map(|row| row! { ai_system: row.0, version: row.1 }).collect())
    }),
    Derived::new("versions_running", |entry| texts(versions_running(entry))),
    Derived::new("unapproved_running", |entry| texts(unapproved_running(entry))),
    Derived::new("changed_unseen", |entry| {
        table(entry, "model.changed_unseen", || {
            changed_unseen(entry)
                .into_iter()
                .map(|call| row! { requested: call.requested, answered: call.answered, n: call.n })
                .collect()
        })
    })
    .reading(&["requested_as"]),
    Derived::new("end_of_life_near", |entry| texts(end_of_life_near(entry))).reading(&["versions"]),
    Derived::new("learned_from", |entry| ids(learned_from(entry))).reading(&["datasets", "base_model"]),
];

/// AI systems whose `models` name it, and the version each names.
#[must_use]
pub fn used_by(entry: Entry<'_>) -> Vec<(Id, Option<String>)> {
    let rows = |system: Entry<'_>| -> Vec<(Id, Option<String>)> {
        let named = AiSystem(system.content()).models().filter(|row| row.model().is_some_and(|link| link.id == entry.id()));
        named.map(|row| (system.id(), row.version().map(str::to_owned))).collect()
    };
    entry.incoming(AiSystem::KIND, "models").flat_map(rows).collect()
}

/// Calls that asked for one name and were answered by another or the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// model named
    pub requested: String,
    /// model that answered
    pub answered: String,
    /// how many
    pub n: i64,
}

/// Calls of real batches that end inside a stretch of days, summed over requested and answered name.
fn calls(view: &View, stretch: Window) -> Vec<Call> {
    let mut sums: BTreeMap<(&str, &str), i64> = BTreeMap::new();
    let inside = |batch: &Entry<'_>| SealedBatch(batch.content()).to().get().is_some_and(|to| stretch.has(view.day(to)));
    for batch in view.all(SealedBatch::KIND).filter(inside).filter(|batch| sealed_batch::is_real(*batch)) {
        for row in SealedBatch(batch.content()).by_model() {
            *sums.entry((row.requested().unwrap_or_default(), row.answered().unwrap_or_default())).or_default() +=
                row.n().unwrap_or(0);
        }
    }
    let call = |((requested, answered), n): ((&str, &str), i64)| Call {
        requested: requested.to_owned(),
        answered: answered.to_owned(),
        n,
    };
    sums.into_iter().filter(|(_, n)| *n > 0).map(call).collect()
}

/// Calls of the last thirty days, once per view.
fn recent_calls(view: &View) -> &[Call] {
    view.keep(None, "model.recent_calls", || calls(view, Window { from: view.today().saturating_sub(30.days()), to: view.today() }))
}

/// Calls of the window, once per view.
fn window_calls(view: &View) -> &[Call] {
    view.keep(None, "model.window_calls", || calls(view, view.period()))
}

/// Versions seen in running releases and in what answered in batches of the last thirty days. An answer that belongs to the model by its name
/// and to none of its known versions counts as a version of its own.
#[must_use]
pub fn versions_running(entry: Entry<'_>) -> Vec<String> {
    let mut found: BTreeSet<String> = BTreeSet::new();
    for one in entry.incoming(Release::KIND, "model_versions").filter(|one| release::running(*one)) {
        let rows = Release(one.content()).model_versions().filter(|row| row.model().is_some_and(|link| link.id == entry.id()));
        found.extend(rows.filter_map(|row| row.version().map(str::to_owned)));
    }
    let content = Model(entry.content());
    let bare = bare_names(entry);
    for call in recent_calls(entry.view()) {
        let known = content.versions().find(|row| is_one_of(&names_of_version(entry, row.version(), row.digest()), &call.answered));
        match known.and_then(|row| row.version()) {
            Some(version) => drop(found.insert(version.to_owned())),
            None if is_one_of(&bare, &call.answered) => {}
            None if is_one_of(&bare, &call.requested) => drop(found.insert(call.answered.clone())),
            None => {}
        }
    }
    found.into_iter().collect()
}

/// Versions named in the revision that was approved last; nothing where none was.
fn approved_versions(entry: Entry<'_>) -> Vec<(Option<&str>, Option<&str>)> {
    let by_approval = entry.approvals(ApprovalPurpose::Approve).into_iter().map(|given| given.revision()).max();
    let Some(number) = by_approval.or_else(|| entry.entry_into("approved").map(|leaf| leaf.revision)) else { return Vec::new() };
    let revision = entry.revisions().find(|leaf| leaf.revision == number);
    let rows = revision.and_then(|leaf| leaf.body.get("versions")).map_or(&[][..], Value::items);
    rows.iter().map(|row| (row.get("version").and_then(Value::as_text), row.get("digest").and_then(Value::as_text))).collect()
}

/// Running versions that were added after the latest approval; all of them while state is not approved.
#[must_use]
pub fn unapproved_running(entry: Entry<'_>) -> Vec<String> {
    let mut running = versions_running(entry);
    if entry.is("approved") {
        let approved = approved_versions(entry);
        running.retain(|version| !approved.iter().any(|(known, _)| *known == Some(version)));
    }
    running
}

/// Calls of the window that asked for one of its names and were answered by something that is no version approved for it.
#[must_use]
pub fn changed_unseen(entry: Entry<'_>) -> Vec<Call> {
    let asked = name::asked_names(entry);
    let mut known = asked.clone();
    known.extend(bare_names(entry));
    known.extend(approved_versions(entry).into_iter().flat_map(|(version, digest)| names_of_version(entry, version, digest)));
    window_calls(entry.view())
        .iter()
        .filter(|call| is_one_of(&asked, &call.requested) && !is_one_of(&known, &call.answered))
        .cloned()
        .collect()
}

/// Running versions whose end of life is less than ninety days away or past.
#[must_use]
pub fn end_of_life_near(entry: Entry<'_>) -> Vec<String> {
    let limit = entry.view().today().saturating_add(90.days());
    let running = versions_running(entry);
    let near = Model(entry.content()).versions().filter(|row| row.end_of_life().is_some_and(|end| end < limit));
    near.filter_map(|row| row.version().map(str::to_owned)).filter(|version| running.contains(version)).collect()
}

/// Closure of data sets and base models: what it learned from, and what that was made from.
#[must_use]
pub fn learned_from(entry: Entry<'_>) -> BTreeSet<Id> {
    let view = entry.view();
    let mut found: BTreeSet<Id> = BTreeSet::new();
    let mut waiting = vec![entry.id()];
    while let Some(record) = waiting.pop().and_then(|id| view.get(id)) {
        let next: Vec<Id> = if record.kind().name == Model::KIND {
            let content = Model(record.content());
            content.datasets().filter_map(|row| row.dataset()).chain(content.base_model().get()).map(|link| link.id).collect()
        } else {
            Dataset(record.content()).derived_from().filter_map(|row| row.dataset()).map(|link| link.id).collect()
        };
        waiting.extend(next.into_iter().filter(|id| *id != entry.id() && view.get(*id).is_some() && found.insert(*id)));
    }
    found
}
