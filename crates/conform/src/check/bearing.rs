//! Evidence that bears on an item of ISO/IEC 42001.

use vouch_record::kind::generated::evidence::Evidence;

use crate::framework::ISO42001;
use crate::view::{Entry, View, Window};

/// The evidence that lists the item, whatever its state.
pub(super) fn evidence_on<'v>(view: &'v View, item: &'static str) -> impl Iterator<Item = Entry<'v>> {
    view.all(Evidence::KIND).filter(move |entry| lists(*entry, item))
}

/// Whether evidence lists the item.
pub(super) fn lists(evidence: Entry<'_>, item: &str) -> bool {
    Evidence(evidence.content()).requirements().any(|named| named.framework == ISO42001 && named.item == item)
}

/// Whether the last day that evidence covers lies in a period.
pub(super) fn is_of(evidence: Entry<'_>, period: Window) -> bool {
    Evidence(evidence.content()).covers_to().get().is_some_and(|on| period.has(on))
}
