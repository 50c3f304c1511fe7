//! The manual in force and the rows of its processes.

use vouch_record::Kind;
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

/// The words of a cell that lists several, apart by commas, semicolons or lines.
pub(super) fn listed(cell: Option<&str>) -> impl Iterator<Item = &str> {
    cell.unwrap_or_default().split([',', ';', '\n']).map(str::trim).filter(|word| !word.is_empty())
}

/// The kinds of record that show a process, as far as there are such kinds.
pub(super) fn kinds<'v>(view: &'v View, row: DocumentProcessRow<'v>) -> Vec<&'v Kind> {
    listed(row.kinds()).filter_map(|name| kind(view, name)).collect()
}

/// The kind of this name, title or plural.
pub(super) fn kind<'v>(view: &'v View, name: &str) -> Option<&'v Kind> {
    let plain = |word: &str| word.to_lowercase().replace([' ', '_'], "-");
    let wanted = plain(name);
    view.kinds()
        .iter()
        .map(|kind| &**kind)
        .find(|kind| [&kind.name, &kind.title, &kind.plural].into_iter().any(|word| plain(word) == wanted))
}
