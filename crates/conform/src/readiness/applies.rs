//! Whether a control applies: excluded by the statement in force, or nothing there to judge.

use crate::check::{Check, Text};
use crate::framework::Item;
use crate::view::{Exclusion, View};

/// Whether an item is judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Applies {
    /// it is
    Yes,
    /// the statement of applicability in force excludes it, and nothing contradicts that
    Excluded(Exclusion),
    /// the facts leave nothing to judge, in the words of its texts
    Nothing(String),
    /// it is excluded although the facts ask for it: judged, and 6.1.3-O2 is the finding about the exclusion
    Contradicted(Exclusion),
}

impl Applies {
    /// What holds for an item on the view's day. Clauses always apply.
    #[must_use]
    pub fn of(view: &View, item: &Item, check: Option<(&Check, &Text)>) -> Self {
        if !item.is_control() {
            return Self::Yes;
        }
        match view.exclusion(&item.id) {
            Some(exclusion) if exclusion.contradicted_by.is_some() => return Self::Contradicted(exclusion),
            Some(exclusion) => return Self::Excluded(exclusion),
            None => {}
        }
        match check {
            Some((check, text)) if check.not_applicable.is_some_and(|holds| holds(view)) => {
                Self::Nothing(text.not_applicable_when.clone().unwrap_or_default())
            }
            _ => Self::Yes,
        }
    }

    /// Whether its rules are judged.
    #[must_use]
    pub const fn is_judged(&self) -> bool {
        matches!(self, Self::Yes | Self::Contradicted(_))
    }

    /// One sentence that says why it is not judged, or in spite of what it is.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        match self {
            Self::Yes => None,
            Self::Excluded(by) => Some(format!("excluded by {}: {}", by.statement.id, by.reason)),
            Self::Nothing(fact) => Some(format!("not applicable: {fact}")),
            Self::Contradicted(by) => {
                let because = by.contradicted_by.map_or_else(String::new, |id| format!(" ({id})"));
                Some(format!("{} excludes it, and the facts contradict that{because}", by.statement.id))
            }
        }
    }
}
