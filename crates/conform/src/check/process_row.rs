//! The rows in which documents describe processes: what their cells list, and the kinds of record that show a process.

use vouch_record::Kind;
use vouch_record::kind::generated::document::DocumentProcessRow;

use crate::view::View;

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
