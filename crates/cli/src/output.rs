//! What is printed: tables and sentences for people, one JSON value for machines. Colour only on a terminal.

use std::borrow::Cow;
use std::io::{self, ErrorKind, IsTerminal, Write};
use std::sync::{Mutex, PoisonError};

use anstyle::{AnsiColor, Style};
use serde::Serialize;
use vouch_app::sheet::Sheet;

use crate::failure::Failure;

/// Something bad that wants an answer now.
pub(crate) const BAD: Style = AnsiColor::Red.on_default().bold();
/// Something to look at.
pub(crate) const ATTENTION: Style = AnsiColor::Yellow.on_default();
/// Something that holds.
pub(crate) const GOOD: Style = AnsiColor::Green.on_default();
/// Headings.
pub(crate) const STRONG: Style = Style::new().bold();
/// What may be passed over.
pub(crate) const FAINT: Style = Style::new().dimmed();

/// The first write to standard output that failed, but for a closed pipe.
static LOST: Mutex<Option<io::Error>> = Mutex::new(None);

/// Prints a line. A closed pipe ends the output, not the command; any other failure is the command's in the end: see [`complete`].
pub(crate) fn line(text: impl AsRef<str>) {
    let mut out = anstream::stdout().lock();
    note(writeln!(out, "{}", harmless_on_terminals(text.as_ref())));
}

fn note(written: io::Result<()>) {
    if let Err(error) = written
        && error.kind() != ErrorKind::BrokenPipe
    {
        LOST.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(error);
    }
}

/// Whether all that was printed arrived.
///
/// # Errors
/// Unavailable when standard output took less than was printed, a full disk say: half an answer must not look like a whole one.
pub(crate) fn complete() -> Result<(), Failure> {
    note(anstream::stdout().lock().flush());
    let lost = LOST.lock().unwrap_or_else(PoisonError::into_inner).take();
    lost.map_or(Ok(()), |error| {
        let message = format!("the output is not complete: {error}");
        let hint = "what the command did stands; see where the output goes, and ask again with `list`, `show` or `history`";
        Err(Failure(vouch_app::Error::new(vouch_app::ErrorKind::Unavailable, message).hint(hint).because(error)))
    })
}

/// Prints a line to standard error.
pub(crate) fn error_line(text: &str) {
    let mut out = anstream::stderr().lock();
    let _ = writeln!(out, "{}", harmless_on_terminals(text));
}

/// The text without control characters, but for line ends, tabs and our styles: what somebody put into a record or a file must not move a
/// reader's cursor or set a title.
fn harmless_on_terminals(text: &str) -> Cow<'_, str> {
    let controls = |text: &str| text.chars().any(|character| character.is_control() && !matches!(character, '\n' | '\t'));
    if !controls(text) {
        return Cow::Borrowed(text);
    }
    let mut shown = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let style = style_length(rest);
        if style > 0 {
            shown.push_str(&rest[..style]);
            rest = &rest[style..];
            continue;
        }
        let harmful = character.is_control() && !matches!(character, '\n' | '\t');
        shown.push(if harmful { char::REPLACEMENT_CHARACTER } else { character });
        rest = &rest[character.len_utf8()..];
    }
    Cow::Owned(shown)
}

/// Bytes of the style (`ESC [ numbers m`) that a text begins with; 0 if it begins with none.
fn style_length(text: &str) -> usize {
    let Some(inner) = text.strip_prefix("\u{1b}[") else { return 0 };
    let numbers = inner.bytes().take_while(|byte| byte.is_ascii_digit() || *byte == b';').count();
    if inner.as_bytes().get(numbers) == Some(&b'm') { numbers + 3 } else { 0 }
}

/// Prints one JSON value.
pub(crate) fn json(value: &impl Serialize) {
    let text = serde_json::to_string(value).expect("what commands answer always serialises");
    line(text);
}

/// Prints a table as comma-separated values.
pub(crate) fn csv(sheet: &Sheet) -> Result<(), Failure> {
    let bytes = sheet.csv()?;
    note(anstream::stdout().lock().write_all(&bytes));
    Ok(())
}

/// A text in a style; the style is left out where the output is no terminal.
pub(crate) fn styled(style: Style, text: impl std::fmt::Display) -> String {
    format!("{style}{text}{style:#}")
}

/// Rows in columns as wide as their widest cell, the last one open. Styles do not count as width.
pub(crate) fn table(rows: &[Vec<String>]) {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |column: usize| rows.iter().filter_map(|row| row.get(column)).map(|cell| visible(cell)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in rows {
        let mut text = String::new();
        for (at, cell) in row.iter().enumerate() {
            text.push_str(cell);
            if at + 1 < row.len() {
                text.push_str(&" ".repeat(widths[at] - visible(cell) + 2));
            }
        }
        line(text.trim_end());
    }
}

/// Characters a person sees: escape sequences do not count.
fn visible(text: &str) -> usize {
    let mut count = 0;
    let mut escape = false;
    for c in text.chars() {
        match c {
            '\u{1b}' => escape = true,
            'm' if escape => escape = false,
            _ if escape => {}
            _ => count += 1,
        }
    }
    count
}

/// The first characters of a text on one line.
pub(crate) fn short(text: &str, most: usize) -> String {
    let flat = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if flat.chars().count() <= most { flat } else { flat.chars().take(most.saturating_sub(1)).chain(['…']).collect() }
}

/// Progress of long work, on one line of standard error, only where that is a terminal.
pub(crate) struct Progress {
    what: &'static str,
    shown: bool,
    step: usize,
}

impl Progress {
    /// Progress of `what`, told every `step` items.
    pub(crate) fn new(what: &'static str, step: usize) -> Self {
        Self { what, shown: std::io::stderr().is_terminal(), step }
    }

    /// So many are done.
    pub(crate) fn at(&mut self, done: usize) {
        if self.shown && done.is_multiple_of(self.step) {
            let mut out = anstream::stderr().lock();
            let _ = write!(out, "\r{} {done}", self.what);
            let _ = out.flush();
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        if self.shown {
            let mut out = anstream::stderr().lock();
            let _ = write!(out, "\r{}\r", " ".repeat(60));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn control_characters_are_shown_as_such_and_styles_stay() {
        assert_eq!(harmless_on_terminals("a\tb\nc"), "a\tb\nc");
        assert_eq!(harmless_on_terminals("\u{1b}[1mstrong\u{1b}[0m"), "\u{1b}[1mstrong\u{1b}[0m");
        assert_eq!(
            harmless_on_terminals("\u{1b}]0;title\u{7} \u{1b}[2J \u{9b}1A ä"),
            "\u{fffd}]0;title\u{fffd} \u{fffd}[2J \u{fffd}1A ä"
        );
    }

    #[test]
    fn styles_have_no_width_and_long_texts_are_cut_on_one_line() {
        assert_eq!(visible(&styled(BAD, "major")), 5);
        assert_eq!(short("one\n two   three", 20), "one two three");
        assert_eq!(short("one two three", 8), "one two…");
    }
}
