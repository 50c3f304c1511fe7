//! Records that rest on a revision nobody approved.

use vouch_record::kind::generated::approval::{Approval, ApprovalDecision};
use vouch_record::kind::generated::comment::Comment;
use vouch_record::{Id, Link, Value};

use crate::view::Entry;

/// Records made after a revision that name it although it was never approved. Approvals and comments speak about proposals and are
/// left out.
#[must_use]
pub fn used_unapproved(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let view = entry.view();
    let approved: Vec<u32> = entry
        .given_ever()
        .filter(|given| given.approval.decision().is(ApprovalDecision::Approved))
        .map(|given| given.revision())
        .collect();
    let unapproved = |revision: &u32| !approved.iter().any(|of| entry.covers(*of, *revision));
    let mut found: Vec<Id> = Vec::new();
    for (source, _) in entry.record().incoming.iter().filter(|(_, since)| *since < view.cut()) {
        let Some(source) = view.get(*source) else { continue };
        if [Approval::KIND, Comment::KIND].contains(&source.kind().name.as_str()) {
            continue;
        }
        let made = |revision: &u32| entry.revisions().any(|leaf| leaf.revision == *revision && leaf.time <= source.made_at());
        if named_revisions(source, entry.id()).iter().any(|revision| unapproved(revision) && made(revision)) {
            found.push(source.id());
        }
    }
    found.sort_unstable();
    found.dedup();
    found.into_iter().filter_map(|id| view.get(id)).collect()
}

/// Revisions of a record that another names: in links such as `DOC-4@2`, and in a number that stands beside the link (`revision`,
/// `subject_revision`).
fn named_revisions(source: Entry<'_>, id: Id) -> Vec<u32> {
    let mut found = Vec::new();
    let fields = source.content().fields();
    let beside = |name: &str| fields.iter().find(|(field, _)| *field == format!("{name}_revision")).map(|(_, value)| *value);
    for (name, value) in &fields {
        gather(value, beside(name), id, &mut found);
        for row in value.items() {
            for (column, cell) in row.members() {
                let number = row.get("revision").or_else(|| row.get(&format!("{column}_revision")));
                gather(cell, number, id, &mut found);
            }
        }
    }
    found
}

fn gather(value: &Value, number: Option<&Value>, id: Id, into: &mut Vec<u32>) {
    let items = if let Value::List(items) = value { items } else { std::slice::from_ref(value) };
    for link in items.iter().filter_map(|item| item.as_text()?.parse::<Link>().ok()).filter(|link| link.id == id) {
        let beside = || number.and_then(Value::as_int).and_then(|number| u32::try_from(number).ok());
        into.extend(link.revision.or_else(beside));
    }
}
