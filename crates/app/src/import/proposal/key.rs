//! What tells the rows of an import apart (FORMATS §12).

use std::fmt;

use serde::{Deserialize, Serialize};

/// Key of a row: equal in a later run for the same system, whatever its answers have become.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Serialize, Deserialize)]
pub struct ImportKey {
    /// Name of the inventory, from the mapping.
    pub source: String,
    /// Agency, folded.
    pub agency: String,
    /// Bureau, folded.
    pub bureau: String,
    /// Name, folded.
    pub name: String,
    /// 1, or the place in file order among rows that are alike in all of that.
    pub ordinal: u32,
}

impl ImportKey {
    /// The key of the first row with these cells.
    #[must_use]
    pub fn new(source: &str, agency: &str, bureau: &str, name: &str) -> Self {
        Self { source: fold(source), agency: fold(agency), bureau: fold(bureau), name: fold(name), ordinal: 1 }
    }
}

/// Outer space gone, inner runs of it one space, case folded.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        folded.extend(word.chars().flat_map(char::to_lowercase));
    }
    folded
}

/// One line: parts between bars, a bar in a part as `%7C`, the ordinal only from the second on. It is what stands in
/// `external_ids`.
impl fmt::Display for ImportKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let part = |text: &str| text.replace('%', "%25").replace('|', "%7C");
        write!(f, "{}|{}|{}|{}", part(&self.source), part(&self.agency), part(&self.bureau), part(&self.name))?;
        if self.ordinal > 1 { write!(f, "|{}", self.ordinal) } else { Ok(()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_forget_case_and_spaces_and_nothing_else() {
        let key = |name: &str| ImportKey::new("omb-2024", "DHS", "CBP", name);
        assert_eq!(key(" Babel\u{a0} X"), key("babel x"));
        assert_ne!(key("Babel-X"), key("babel x"));
        assert_eq!(key("a|b%").to_string(), "omb-2024|dhs|cbp|a%7Cb%25");
        assert_eq!(ImportKey { ordinal: 2, ..key("a") }.to_string(), "omb-2024|dhs|cbp|a|2");
    }
}
