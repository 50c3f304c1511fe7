//! The rows in which the AI policy says how it and another policy bear on each other.

use vouch_record::kind::generated::document::{Document, DocumentRelatedEffect, DocumentRelatedRow, DocumentRelatedTopic};
use vouch_record::{Id, Leaf, Value};

use crate::check::wording::words;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View};

/// The rows of a policy.
pub(super) fn rows(policy: Entry<'_>) -> impl Iterator<Item = DocumentRelatedRow<'_>> {
    Document(policy.content()).related()
}

/// Whether something has to change.
pub(super) fn asks_for_a_change(row: DocumentRelatedRow<'_>) -> bool {
    matches!(row.effect(), Some(DocumentRelatedEffect::Gap | DocumentRelatedEffect::Conflict))
}

/// The other document, if it is kept here.
pub(super) fn other<'v>(view: &'v View, row: DocumentRelatedRow<'v>) -> Option<Entry<'v>> {
    view.get(row.document()?.id)
}

/// What people call the other policy.
pub(super) fn name(view: &View, row: DocumentRelatedRow<'_>) -> String {
    let document = row.document().and_then(|link| view.find(link.id)).map(|entry| entry.label());
    let topic = || row.topic().map(|topic| format!("policy on {}", words(topic.id())));
    document.or_else(|| row.policy().map(str::to_owned)).or_else(topic).unwrap_or_else(|| "a policy without a name".to_owned())
}

/// What makes a row the same one in an earlier revision: the other policy and the topic.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Key {
    document: Option<Id>,
    policy: Option<String>,
    topic: Option<DocumentRelatedTopic>,
}

/// The key of a row.
pub(super) fn key(row: DocumentRelatedRow<'_>) -> Key {
    let policy = row.document().is_none().then(|| row.policy().map(str::to_owned)).flatten();
    Key { document: row.document().map(|link| link.id), policy, topic: row.topic() }
}

/// The rows that a revision of a policy holds.
fn rows_of(leaf: &Leaf) -> impl Iterator<Item = DocumentRelatedRow<'_>> {
    let rows = leaf.body.get("related").map_or(&[][..], Value::items);
    rows.iter().map(|row| DocumentRelatedRow(vouch_record::view::Row(row)))
}

/// The first revision in which this row asked for a change.
pub(super) fn raised<'v>(policy: Entry<'v>, row: DocumentRelatedRow<'v>) -> Option<&'v Leaf> {
    let wanted = key(row);
    policy.revisions().find(|leaf| rows_of(leaf).any(|then| key(then) == wanted && asks_for_a_change(then)))
}

/// The revisions in which a row about this document came or changed.
pub(super) fn revised<'v>(policy: Entry<'v>, document: Id) -> impl Iterator<Item = &'v Leaf> {
    let about = move |leaf: &Leaf| -> Vec<Value> {
        rows_of(leaf).filter(|row| row.document().is_some_and(|link| link.id == document)).map(|row| row.0.0.clone()).collect()
    };
    let revisions: Vec<&Leaf> = policy.revisions().collect();
    let changed: Vec<&Leaf> = (0..revisions.len())
        .filter(|at| {
            let now = about(revisions[*at]);
            !now.is_empty() && (*at == 0 || about(revisions[at - 1]) != now)
        })
        .map(|at| revisions[at])
        .collect();
    changed.into_iter()
}

/// Judges the rows that are asked; a lapse is one of the policy and names the other one as `policy`.
pub(super) fn each_row<'v>(
    view: &'v View,
    asked: impl Fn(DocumentRelatedRow<'v>) -> bool,
    judge: impl Fn(Entry<'v>, DocumentRelatedRow<'v>) -> Result<Vec<Subject>, Lapse>,
) -> Verdicts {
    let Some(policy) = view.policy() else { return Verdicts::holds() };
    if policy.value("related").is_erased() {
        return each([policy], |_| Judgement::Undecided("`related` was erased".to_owned()));
    }
    let rows: Vec<DocumentRelatedRow<'v>> = rows(policy).filter(|row| asked(*row)).collect();
    let things = rows.len();
    let mut verdicts = Verdicts::default();
    for row in rows {
        match judge(policy, row) {
            Ok(shown) => verdicts.passed.extend(shown),
            Err(lapse) => verdicts.failed.push(lapse.value("policy", name(view, row))),
        }
    }
    verdicts.passed.sort_unstable();
    verdicts.passed.dedup();
    verdicts.among(things)
}
