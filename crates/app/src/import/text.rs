//! Text as tables hold it: cleaned for keeping, evened out for comparing, and patterns over evened text.

use unicode_normalization::UnicodeNormalization;

use serde::{Deserialize, Serialize};

/// Text as it is kept: NFC, line ends as `\n`, no control characters but line break and tab, outer space gone.
#[must_use]
pub fn clean(text: &str) -> String {
    if text.bytes().all(|byte| byte == b'\n' || (byte.is_ascii() && !byte.is_ascii_control())) {
        return text.trim().to_owned();
    }
    let unified = text.replace("\r\n", "\n").replace('\r', "\n");
    let kept = unified.nfc().filter(|c| *c == '\n' || *c == '\t' || !c.is_control()).collect::<String>();
    kept.trim_matches(|c: char| c.is_whitespace() || c == '\u{feff}').to_owned()
}

/// Text for comparing: compatibility forms and case folded, apostrophes gone, `&` read as *and*, each run of anything
/// that is neither letter nor digit one space.
///
/// So `Is the system’s  output "public"?` and `is the systems output public` are equal.
#[must_use]
pub fn even(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    // Most text of tables is ASCII, for which normal forms and case folding come down to one step a byte.
    if text.is_ascii() {
        even_out(&mut out, text.chars().map(|c| c.to_ascii_lowercase()));
    } else {
        // The acute accent used as an apostrophe would fall apart in the compatibility form.
        let plain = text.chars().map(|c| if c == '\u{b4}' { '\'' } else { c });
        even_out(&mut out, plain.nfkc().flat_map(char::to_lowercase));
    }
    out
}

fn even_out(out: &mut String, folded: impl Iterator<Item = char>) {
    let mut gap = false;
    for c in folded {
        match c {
            '\'' | '\u{2019}' | '\u{2018}' | '\u{02bc}' | '`' => {}
            '&' => {
                push_gap(out);
                out.push_str("and");
                gap = true;
            }
            c if c.is_alphanumeric() => {
                if std::mem::take(&mut gap) {
                    push_gap(out);
                }
                out.push(c);
            }
            _ => gap = true,
        }
    }
}

fn push_gap(out: &mut String) {
    if !out.is_empty() && !out.ends_with(' ') {
        out.push(' ');
    }
}

/// A text to look for in evened text. A star at its begin or end stands for anything: `yes` is the whole answer, `yes*`
/// how it begins, `*waived*` what it contains, `*` any answer.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug, Serialize, Deserialize)]
#[serde(from = "String", into = "String")]
pub struct Pattern {
    written: String,
    core: String,
    open_begin: bool,
    open_end: bool,
}

impl From<String> for Pattern {
    fn from(written: String) -> Self {
        let open_begin = written.starts_with('*');
        let open_end = written.ends_with('*');
        Self { core: even(&written), written, open_begin, open_end }
    }
}

impl From<Pattern> for String {
    fn from(pattern: Pattern) -> Self {
        pattern.written
    }
}

impl Pattern {
    /// The pattern as somebody wrote it.
    #[must_use]
    pub fn written(&self) -> &str {
        &self.written
    }

    /// How well `evened` text fits: nothing if it does not; an exact match above every begin, a begin above every
    /// part, of two alike the longer.
    #[must_use]
    pub fn fit(&self, evened: &str) -> Option<usize> {
        let (fits, rank) = match (self.open_begin, self.open_end) {
            (false, false) => (evened == self.core, WHOLE),
            (false, true) => (begins_with_words(evened, &self.core), BEGIN),
            (true, false) => (evened.ends_with(&self.core), PART),
            (true, true) => (evened.contains(&self.core), PART),
        };
        fits.then(|| rank + self.core.len().min(999_999))
    }

    /// Whether `evened` text fits.
    #[must_use]
    pub fn fits(&self, evened: &str) -> bool {
        self.fit(evened).is_some()
    }

    /// Whether it looks for anything: a star or at least one letter or digit.
    #[must_use]
    pub fn is_sensible(&self) -> bool {
        !self.core.is_empty() || self.written == "*"
    }
}

const WHOLE: usize = 3_000_000;
const BEGIN: usize = 2_000_000;
const PART: usize = 1_000_000;

/// Whether a fit is that of a part of the text, not of the whole or its begin.
#[must_use]
pub const fn is_part(fit: usize) -> bool {
    fit < BEGIN
}

/// Whether the begin is whole words, so that `no*` is not found in *none* or *notified*.
fn begins_with_words(evened: &str, begin: &str) -> bool {
    evened.strip_prefix(begin).is_some_and(|rest| begin.is_empty() || rest.is_empty() || rest.starts_with(' '))
}

/// The first of `patterns` that fits best.
#[must_use]
pub fn best_fit(patterns: &[Pattern], evened: &str) -> Option<usize> {
    patterns.iter().filter_map(|pattern| pattern.fit(evened)).max()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check_even(input: &str, expected: &str) {
        assert_eq!(even(input), expected, "{input:?}");
    }

    #[test]
    fn evening_forgets_case_space_quotes_and_punctuation() {
        check_even("Describe the AI system’s outputs.", "describe the ai systems outputs");
        check_even("  describe  the\nAI system's OUTPUTS", "describe the ai systems outputs");
        check_even("Energy & the Environment", "energy and the environment");
        check_even("R&D", "r and d");
        check_even("the system´s, the system`s, the systemʼs", "the systems the systems the systems");
        check_even("“No” – it is", "no it is");
        check_even("16_dev_stage", "16 dev stage");
        check_even("\u{a0}—\u{a0}", "");
        check_even("ＡＩ", "ai");
    }

    #[test]
    fn cleaning_keeps_inner_breaks_and_drops_controls() {
        assert_eq!(clean("\u{feff} a\r\nb\rc\u{0}\u{7}\t \n"), "a\nb\nc");
        assert_eq!(clean("e\u{301}"), "é");
        assert_eq!(clean("\u{a0}x\u{a0}"), "x");
    }

    #[test]
    fn a_pattern_fits_whole_begin_or_part() {
        let fits = |pattern: &str, text: &str| Pattern::from(pattern.to_owned()).fits(&even(text));
        assert!(fits("Yes", "YES."));
        assert!(!fits("Yes", "Yes, public"));
        assert!(fits("yes*", "Yes – source code is publicly available."));
        assert!(!fits("no*", "None of the above"));
        assert!(fits("no*", "No – it is not"));
        assert!(fits("*waived*", "Agency CAIO has waived this"));
        assert!(fits("*", "anything"));
        assert!(!Pattern::from("?!".to_owned()).is_sensible());
    }

    #[test]
    fn the_closer_pattern_fits_better() {
        let rank = |pattern: &str| Pattern::from(pattern.to_owned()).fit("yes source code is public");
        assert!(rank("yes source code is public") > rank("yes*"));
        assert!(rank("yes source*") > rank("yes*"));
        assert!(rank("yes*") > rank("*public*"));
    }
}
