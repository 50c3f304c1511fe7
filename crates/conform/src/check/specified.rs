//! The specification of a system, and how texts about its use are compared.

use vouch_record::kind::generated::specification::{Specification, SpecificationProhibitedUseRow};

use crate::derived::specification::in_force;
use crate::view::Entry;

/// The specification in force of a system.
pub(super) fn specification_of(system: Entry<'_>) -> Option<Entry<'_>> {
    system.incoming(Specification::KIND, "ai_system").find(|entry| in_force(*entry))
}

/// The uses that the specification in force rules out.
pub(super) fn prohibited(specification: Entry<'_>) -> impl Iterator<Item = SpecificationProhibitedUseRow<'_>> {
    Specification(specification.content()).prohibited_uses()
}

/// A text without case, spaces and punctuation.
pub(super) fn evened(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Whether two texts say the same, case, spaces and punctuation apart.
pub(super) fn same(a: &str, b: &str) -> bool {
    evened(a) == evened(b)
}

/// Whether a text holds another, case, spaces and punctuation apart; nothing holds an empty one.
pub(super) fn holds(text: &str, part: &str) -> bool {
    let part = evened(part);
    !part.is_empty() && evened(text).contains(&part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_spaces_and_punctuation_do_not_count() {
        assert!(same("Refuse a claim.", "refuse  a claim"));
        assert!(!same("Refuse a claim", "Refuse claims"));
        assert!(holds("The log shows a person who refuses a claim, by hand", "Refuses a claim"));
        assert!(!holds("The log shows nothing", "Refuses a claim"));
        assert!(!holds("anything", " - "));
    }
}
