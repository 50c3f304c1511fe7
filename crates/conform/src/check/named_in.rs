//! Records that a text names.

use std::collections::BTreeSet;

use vouch_record::Id;

use super::specified::{evened, holds};
use crate::view::{Entry, View};

/// The records whose id stands in a text, as far as they exist.
pub(super) fn ids_in<'v>(view: &'v View, text: &str) -> impl Iterator<Item = Entry<'v>> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
    words.filter_map(|word| word.parse::<Id>().ok()).filter_map(|id| view.get(id))
}

/// Whether a text names this record by its id or title.
pub(super) fn names(text: &str, record: Entry<'_>) -> bool {
    let titled = || ["title", "name"].into_iter().find_map(|field| record.text(field)).is_some_and(|title| holds(text, title));
    ids_in(record.view(), text).any(|named| named.id() == record.id()) || titled()
}

/// Whether a text names a record of one of these kinds, by its id or title.
pub(super) fn names_one_of(view: &View, text: &str, kinds: &'static [&'static str]) -> bool {
    if ids_in(view, text).any(|named| kinds.contains(&named.kind().name.as_str())) {
        return true;
    }
    let text = evened(text);
    kinds.iter().any(|kind| titles(view, kind).0.iter().any(|title| text.contains(title.as_str())))
}

/// Titles without case, spaces and punctuation, each once.
struct Titles(BTreeSet<String>);

/// The titles of the records of a kind; only made where a text names none by id.
fn titles<'v>(view: &'v View, kind: &'static str) -> &'v Titles {
    view.keep(None, kind, || {
        let titled = |entry: Entry<'_>| ["title", "name"].into_iter().find_map(|field| entry.text(field)).map(evened);
        Titles(view.all(kind).filter_map(titled).filter(|title| !title.is_empty()).collect())
    })
}
