//! Whether a rule is asked (`terms.yaml`: not asked yet, nothing in force).

use jiff::ToSpan;
use jiff::civil::Date;

use crate::check::{Asks, InForce, Rule};
use crate::view::View;

use super::Depth;

/// Whether a rule is asked on the day, and why not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// it is
    Yes,
    /// its item is excluded or not applicable
    NotJudged,
    /// operating and proven are not asked before a first scope is approved
    BeforeScope,
    /// it wants an event in a period that has not passed since the first approved scope
    From(Date),
    /// what it speaks of is not in force
    NothingInForce(InForce),
    /// no record of the kinds its item rests on exists; the rule named gives the only finding
    NoRecord(String),
}

impl Asked {
    /// Whether a rule of this depth is asked on the view's day, as far as the rule alone decides it.
    #[must_use]
    pub fn of(view: &View, rule: &Rule, depth: Depth) -> Self {
        if depth > Depth::Documented {
            let Some(first) = view.first_scope_on() else { return Self::BeforeScope };
            if let Asks::OneIn(days) = rule.asks {
                let from = first.saturating_add(days.days());
                if view.today() < from {
                    return Self::From(from);
                }
            }
        }
        rule.speaks_of.iter().find(|what| !what.exists(view)).map_or(Self::Yes, |what| Self::NothingInForce(*what))
    }

    /// Whether it is asked.
    #[must_use]
    pub const fn is_yes(&self) -> bool {
        matches!(self, Self::Yes)
    }

    /// Whether the item cannot be met while it is so: what the rule rests on is missing altogether.
    #[must_use]
    pub const fn blocks(&self) -> bool {
        matches!(self, Self::NothingInForce(_) | Self::NoRecord(_))
    }

    /// Why it is not asked, in words.
    #[must_use]
    pub fn sentence(&self) -> Option<String> {
        match self {
            Self::Yes | Self::NotJudged => None,
            Self::BeforeScope => Some("not asked before a first scope is approved".to_owned()),
            Self::From(day) => Some(format!("not asked yet, from {day} on")),
            Self::NothingInForce(what) => Some(format!("not asked while no {} is in force; see {}", what.words(), what.asked_by())),
            Self::NoRecord(first) => Some(format!("not asked while there is no record to look at; see {first}")),
        }
    }
}
