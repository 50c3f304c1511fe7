//! Whether the way stands, and each case has what it needs.

use vouch_record::kind::generated::document::{Document, DocumentType};

use super::population::open_or_closed;
use crate::check::controlled::missing;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each, standing_document};
use crate::view::{Entry, View};

/// Fields of every nonconformity.
const ALWAYS: [(&str, &str); 6] = [
    ("is", "what is"),
    ("should_be", "what should be"),
    ("grade", "a grade"),
    ("owner", "an owner"),
    ("requirements", "the requirement"),
    ("correction_due", "a day for the correction"),
];
/// Fields from the analysis on.
const ANALYSED: [(&str, &str); 3] =
    [("cause", "a cause"), ("cause_level", "how deep the cause lies"), ("similar", "a search for similar cases")];

/// 10.2-D1
pub(super) fn the_way_stands(view: &View) -> Verdicts {
    let way = standing_document(view.all(Document::KIND).filter(is_the_way), "reason");
    if view.is_excluded("A.8.4") {
        return way;
    }
    let incidents = view.all(Document::KIND).filter(|entry| entry.text("template") == Some("T-INCIDENT"));
    way.and(standing_document(incidents, "reason"))
}

/// Whether a document says how nonconformities are handled.
fn is_the_way(entry: &Entry<'_>) -> bool {
    let document = Document(entry.content());
    let listed = document.requirements().any(|named| named.framework == ISO42001 && named.item == "10.2");
    listed && (document.type_().is(DocumentType::Procedure) || entry.text("template") == Some("T-CAPA"))
}

/// 10.2-D2
pub(super) fn fields_are_filled(view: &View) -> Verdicts {
    each(open_or_closed(view), |entry| {
        let analysed = entry.is_any(&["analysed", "acting", "verifying", "closed"]);
        let wanted = ALWAYS.iter().chain(ANALYSED.iter().filter(|_| analysed)).copied().collect::<Vec<_>>();
        match missing(entry, &wanted) {
            Some(field) => Judgement::Fail(Lapse::of(entry).value("nonconformity", entry.label()).value("field", field)),
            None => Judgement::Pass,
        }
    })
}
