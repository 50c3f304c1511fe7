//! Records that rest on a revision nobody approved.

use jiff::Timestamp;
use vouch_record::kind::generated::approval::{Approval, ApprovalDecision};
use vouch_record::kind::generated::comment::Comment;
use vouch_record::{Id, Leaf, Link, Value};

use crate::view::Entry;

/// Records made after a revision that name it although it was never approved.
#[must_use]
pub fn used_unapproved(entry: Entry<'_>) -> Vec<Entry<'_>> {
    let view = entry.view();
    let approved: Vec<u32> = entry
        .given_ever()
        .filter(|given| given.approval.decision().is(ApprovalDecision::Approved))
        .map(|given| given.revision())
        .collect();
    let unapproved = |revision: &u32| !approved.iter().any(|of| entry.covers(*of, *revision));
    let made =
        |named: &Named<'_>| entry.revisions().any(|leaf| leaf.revision == named.revision && leaf.time <= named.source.made_at());
    let wrong = |named: &Named<'_>| unapproved(&named.revision) && made(named);
    let mut found: Vec<Id> = naming(entry).filter(wrong).map(|named| named.source.id()).collect();
    found.sort_unstable();
    found.dedup();
    found.into_iter().filter_map(|id| view.get(id)).collect()
}

/// A record that names a revision of another.
#[derive(Clone, Copy)]
pub struct Named<'v> {
    /// the record that names it
    pub source: Entry<'v>,
    /// the revision it names
    pub revision: u32,
    /// when it first named it, without a break until now
    pub since: Timestamp,
}

/// Records that name a revision of this one, as rules read them. Approvals and comments speak about proposals and are left out.
pub fn naming(entry: Entry<'_>) -> impl Iterator<Item = Named<'_>> {
    let view = entry.view();
    let all: &Vec<(Id, u32, Timestamp)> = view.keep(Some(entry.id()), "document.naming", || {
        let id = entry.id();
        let speaks = |source: &Entry<'_>| [Approval::KIND, Comment::KIND].contains(&source.kind().name.as_str());
        let sources = entry.linking_any().filter(|source| !speaks(source));
        let named = sources.flat_map(|source| {
            let revisions = named_revisions(&source.content().fields(), id);
            revisions.into_iter().map(move |revision| (source.id(), revision, named_since(source, revision, id)))
        });
        named.collect()
    });
    all.iter()
        .filter_map(|(source, revision, since)| Some(Named { source: view.get(*source)?, revision: *revision, since: *since }))
}

/// When a record first named the revision that it names now, without a break.
fn named_since(source: Entry<'_>, revision: u32, id: Id) -> Timestamp {
    let names = |leaf: &&Leaf| named_revisions(&leaf.body.fields().collect::<Vec<_>>(), id).contains(&revision);
    let shown = source.revision();
    let revisions = source.revisions().rev().skip_while(|leaf| leaf.revision > shown);
    revisions.take_while(names).last().map_or_else(|| source.made_at(), |leaf| leaf.time)
}

/// Revisions of a record that another names: in links such as `DOC-4@2`, and in a number that stands beside the link (`revision`,
/// `subject_revision`).
fn named_revisions(fields: &[(&str, &Value)], id: Id) -> Vec<u32> {
    let mut found = Vec::new();
    let beside = |name: &str| fields.iter().find(|(field, _)| *field == format!("{name}_revision")).map(|(_, value)| *value);
    for (name, value) in fields {
        gather(value, || beside(name), id, &mut found);
        for row in value.items() {
            for (column, cell) in row.members() {
                let number = || row.get("revision").or_else(|| row.get(&format!("{column}_revision")));
                gather(cell, number, id, &mut found);
            }
        }
    }
    found
}

fn gather<'v>(value: &Value, number: impl Fn() -> Option<&'v Value>, id: Id, into: &mut Vec<u32>) {
    let items = if let Value::List(items) = value { items } else { std::slice::from_ref(value) };
    let links = items.iter().filter_map(Value::as_text).filter(|text| text.starts_with(id.prefix()));
    for link in links.filter_map(|text| text.parse::<Link>().ok()).filter(|link| link.id == id) {
        let beside = || number().and_then(Value::as_int).and_then(|number| u32::try_from(number).ok());
        into.extend(link.revision.or_else(beside));
    }
}
