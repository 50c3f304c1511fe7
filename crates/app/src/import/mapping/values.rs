//! Value tables: which answers of a table mean which id of a field.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::super::text::{Pattern, best_fit, is_part};

/// What happens to an answer that a table does not hold.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Unknown {
    /// The row is rejected.
    Reject,
    /// The field stays empty and the answer is kept with what nothing took up.
    #[default]
    Keep,
}

/// Which answers mean which id.
#[derive(Clone, PartialEq, Eq, Debug, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ValueTable {
    /// Id and the answers that mean it.
    pub to: BTreeMap<String, Vec<Pattern>>,
    /// Answers that are understood and mean nothing here.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub empty: Vec<Pattern>,
    /// Answers that are understood and have no id, such as *planned*; they are kept with what nothing took up.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Pattern>,
    /// Id for every answer that the table does not hold.
    #[serde(rename = "default", skip_serializing_if = "Option::is_none")]
    pub fallback: Option<String>,
    /// What happens to an answer that the table does not hold, where there is no default.
    pub unknown: Unknown,
}

/// The ids that fit as well as the best, the best first. An answer may contain the words of several ids; one that is or
/// begins as written means only what fits best.
fn alike<'a>(fits: impl Iterator<Item = (&'a String, usize)>, best: usize) -> Vec<&'a str> {
    let least = if is_part(best) { 0 } else { best };
    let mut alike: Vec<_> = fits.filter(|(_, fit)| *fit >= least).collect();
    alike.sort_by_key(|(_, fit)| std::cmp::Reverse(*fit));
    alike.into_iter().map(|(id, _)| id.as_str()).collect()
}

/// What a table makes of an answer.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Answer<'a> {
    /// These ids, the closest first; one but where an answer stands under several.
    Ids(Vec<&'a str>),
    /// Understood, and nothing.
    Nothing,
    /// Understood, without an id, and worth keeping.
    Kept,
    /// Not in the table.
    Unknown,
}

impl ValueTable {
    /// What an answer, evened out, means. The closest pattern decides; where it stands under several ids, all of them.
    #[must_use]
    pub fn answer(&self, evened: &str) -> Answer<'_> {
        let fits = || self.to.iter().filter_map(|(id, patterns)| Some((id, best_fit(patterns, evened)?)));
        let best = fits().map(|(_, fit)| fit).max();
        let (empty, kept) = (best_fit(&self.empty, evened), best_fit(&self.kept, evened));
        if empty > best && empty >= kept {
            return Answer::Nothing;
        }
        if kept > best {
            return Answer::Kept;
        }
        match (best, &self.fallback) {
            (Some(best), _) => Answer::Ids(alike(fits(), best)),
            (None, Some(id)) => Answer::Ids(vec![id]),
            (None, None) => Answer::Unknown,
        }
    }

    /// The answers that a person may choose from, for a remedy.
    #[must_use]
    pub fn known_answers(&self) -> String {
        let first = |patterns: &Vec<Pattern>| patterns.first().map(|pattern| format!("`{}`", pattern.written().trim_matches('*')));
        self.to.values().filter_map(first).collect::<Vec<_>>().join(", ")
    }
}

#[cfg(test)]
mod tests {
    use super::super::super::text::even;
    use super::*;

    fn check(text: &str, expected: &Answer<'_>) {
        let table: ValueTable = toml::from_str(
            "to.rights = ['Rights-Impacting', '*rights*', 'both']\nto.safety = ['*safety*', 'both']\nto.neither = ['neither*']\nempty = ['unsure']",
        )
        .unwrap();
        assert_eq!(table.answer(&even(text)), *expected, "{text:?}");
    }

    #[test]
    fn the_closest_pattern_decides() {
        check("rights-impacting\n", &Answer::Ids(vec!["rights"]));
        check("Both", &Answer::Ids(vec!["rights", "safety"]));
        check("Safety-related and rights-impacting", &Answer::Ids(vec!["rights", "safety"]));
        check("Rights- and safety-impacting", &Answer::Ids(vec!["rights", "safety"]));
        check("Neither rights- nor safety-impacting", &Answer::Ids(vec!["neither"]));
        check("unsure", &Answer::Nothing);
        check("perhaps", &Answer::Unknown);
    }

    #[test]
    fn a_default_takes_what_is_unknown() {
        let table: ValueTable = toml::from_str("to.a = ['x']\ndefault = 'b'").unwrap();
        assert_eq!(table.answer("y"), Answer::Ids(vec!["b"]));
    }
}
