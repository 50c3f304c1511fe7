//! A document that stands (`terms.yaml`).

use jiff::ToSpan;
use vouch_record::kind::generated::document::Document;

use super::{Lapse, Verdicts};
use crate::derived;
use crate::view::Entry;

/// Why a document does not stand: no revision in force, its review more than ninety days late, or headings of its template
/// missing; nothing when it stands.
///
/// # Errors
/// The reason, as a clause of a sentence.
pub fn stands(document: Entry<'_>) -> Result<(), String> {
    if !derived::in_force(document) {
        return Err(format!("{} has no revision in force", document.label()));
    }
    let today = document.view().today();
    if let Some(by) = Document(document.content()).review_by().get().filter(|by| by.saturating_add(90.days()) < today) {
        return Err(format!("{} was to be reviewed by {by}", document.label()));
    }
    let gap = derived::document::template_gap(document);
    if gap.is_empty() { Ok(()) } else { Err(format!("{} lacks the headings {}", document.label(), gap.join(", "))) }
}

/// One document of a population stands. The lapse names the reason of the nearest, as `{reason}`.
pub fn standing_document<'v>(population: impl IntoIterator<Item = Entry<'v>>, name: &'static str) -> Verdicts {
    let mut reason = "there is none".to_owned();
    let mut verdicts = Verdicts::default();
    for document in population {
        match stands(document) {
            Ok(()) => verdicts.passed.push(document.subject()),
            Err(why) => reason = why,
        }
    }
    if verdicts.passed.is_empty() {
        verdicts.failed.push(Lapse::of_organisation().value(name, reason));
    }
    verdicts
}
