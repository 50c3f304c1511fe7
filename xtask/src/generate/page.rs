//! Text on reference pages.

/// Text on one line.
pub(crate) fn line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Text inside a table.
pub(crate) fn cell(text: &str) -> String {
    line(text).replace('|', "\\|")
}
