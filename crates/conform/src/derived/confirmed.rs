//! Who confirmed a text that still says the same.

use vouch_record::Id;
use vouch_record::kind::generated::acknowledgement::Acknowledgement;

use crate::view::Entry;

/// Whether the person gave an acknowledgement of the revision that is read, or of an earlier one since which none of these fields
/// changed.
#[must_use]
pub fn has_confirmed(entry: Entry<'_>, person: Id, fields: &[&str]) -> bool {
    let same = |number: u32| {
        let then = entry.revisions().find(|leaf| leaf.revision == number);
        then.is_some_and(|leaf| fields.iter().all(|field| leaf.body.get(field) == entry.value(field).get()))
    };
    entry.incoming(Acknowledgement::KIND, "subject").filter(|one| one.is("given")).any(|one| {
        let content = Acknowledgement(one.content());
        let number = content.subject_revision().get().and_then(|number| u32::try_from(number).ok());
        let by = content.person().get().is_some_and(|link| link.id == person);
        by && number.is_some_and(|number| number == entry.revision() || (number < entry.revision() && same(number)))
    })
}
