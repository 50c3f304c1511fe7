//! The manual in force and the rows of its processes.

use vouch_record::kind::generated::document::{Document, DocumentProcessRow};

use crate::view::{Entry, View};

/// The manual in force that is no translation.
pub(super) fn manual(view: &View) -> Option<Entry<'_>> {
    view.documents("T-MANUAL").find(|entry| !Document(entry.content()).translation_of().is_filled())
}

/// The rows of its processes.
pub(super) fn processes(view: &View) -> Vec<DocumentProcessRow<'_>> {
    manual(view).map_or_else(Vec::new, |entry| Document(entry.content()).processes().collect())
}

/// What people call a process.
pub(super) fn name(row: DocumentProcessRow<'_>) -> String {
    match (row.code(), row.process()) {
        (Some(code), Some(process)) => format!("{code} ({process})"),
        (Some(one), None) | (None, Some(one)) => one.to_owned(),
        (None, None) => "without a code".to_owned(),
    }
}
