//! Who must confirm a document or a role is asked to, once it is approved.

use jiff::ToSpan;
use serde_json::json;
use vouch_conform::{Entry, View};
use vouch_record::kind::generated::document::Document;
use vouch_record::time::{after, format_instant};
use vouch_record::validate::encode;
use vouch_record::{Field, Id};

use crate::error::{Error, Result};
use crate::record::Completeness;
use crate::work::Work;

/// Opens a request for each person who must confirm the approved revision and has not been asked yet.
pub(super) fn ask(work: &mut Work<'_>, subject: Id) -> Result<()> {
    let (revision, due, means, persons) = {
        let view = work.view();
        let Some(entry) = view.find(subject) else { return Ok(()) };
        let (persons, within, means) = if entry.kind().name == "role" {
            (vouch_conform::derived::role::holders_on(entry), 14.days(), "accept_role")
        } else {
            let document = Document(entry.content());
            let within = match document.acknowledge_within() {
                Field::Present(within) => within,
                Field::Empty | Field::Erased => 30.days(),
            };
            (readers(&view, entry), within, "follow")
        };
        let asked: Vec<Id> = entry
            .incoming("acknowledgement", "subject")
            .filter(|ack| {
                ack.value("subject_revision").get().and_then(vouch_record::Value::as_int) == Some(entry.revision().into())
            })
            .filter_map(|ack| ack.text("person").and_then(|id| id.parse().ok()))
            .collect();
        let persons: Vec<Id> = persons.into_iter().filter(|person| !asked.contains(person)).collect();
        (entry.revision(), after(view.today(), &within), means, persons)
    };
    let kind = work.kind("acknowledgement")?;
    for person in persons {
        let fields = json!({
            "subject": subject.to_string(),
            "subject_revision": revision,
            "person": person.to_string(),
            "means": means,
            "requested_by": work.acting().actor.to_string(),
            "requested_at": format_instant(work.at()),
            "due": due.to_string(),
        });
        let fields = fields.as_object().cloned().unwrap_or_default();
        let handed =
            encode(&kind, &fields, true).map_err(|problems| Error::fields("a confirmation cannot be asked for", problems))?;
        work.create_encoded(&kind, handed, Completeness::Whole)?;
    }
    Ok(())
}

/// Active persons who must confirm a document: everybody, or the holders of the roles it names.
fn readers(view: &View, entry: Entry<'_>) -> Vec<Id> {
    let document = Document(entry.content());
    let may = |person: &Entry<'_>| person.is("active") && person.text("relation") != Some("external_auditor");
    if document.acknowledged_by_all().is(true) {
        return view.all("person").filter(may).map(|person| person.id()).collect();
    }
    let mut persons: Vec<Id> = entry.links("acknowledged_by").flat_map(vouch_conform::derived::role::holders_on).collect();
    persons.sort_unstable();
    persons.dedup();
    persons.retain(|id| view.find(*id).is_some_and(|person| may(&person)));
    persons
}
