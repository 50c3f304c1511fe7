//! Other frameworks through the crosswalk: which of their requirements the live evidence for ISO/IEC 42001 covers, which it covers in
//! part and what then remains, and which it does not reach. It tells where evidence can be used again; it is never a claim of conformity
//! with a law or another standard.

mod law;
#[cfg(test)]
mod tests;

pub use law::{Duty, Milestone, duties, milestones};

use std::collections::HashMap;

use jiff::civil::Date;
use serde::Serialize;

use crate::as_text;
use crate::framework::{Crossing, Framework, FrameworkError, Frameworks, Node, Strength};
use crate::readiness::{Answer, Depth, Readiness};

/// How far evidence reaches a requirement of another framework.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Reach {
    /// an item that normally satisfies it too operates
    Covered,
    /// something is there, and a named remainder stays
    Partly,
    /// nothing in force reaches it
    Not,
}

impl Reach {
    /// The word shown.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Covered => "covered",
            Self::Partly => "partly",
            Self::Not => "not covered",
        }
    }
}

/// A framework as of a day.
#[derive(Debug, Serialize)]
pub struct Coverage<'f> {
    /// the day asked for
    #[serde(serialize_with = "as_text::one")]
    pub as_of: Date,
    /// key of the framework
    pub framework: &'f str,
    /// its title
    pub title: &'f str,
    /// title for lists
    pub short_title: &'f str,
    /// whether one can be certified to it
    pub certifiable: Option<&'f str>,
    /// how many requirements are reached how far
    pub counts: Counts,
    /// its requirements in the order of the file
    pub requirements: Vec<Reached<'f>>,
    /// what remains whatever the evidence is
    pub still_to_do: &'f [String],
}

/// How many requirements are reached how far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// by live evidence
    pub covered: usize,
    /// in part
    pub partly: usize,
    /// not at all
    pub not: usize,
    /// requirements there are
    pub of: usize,
}

/// One requirement of the framework.
#[derive(Debug, Serialize)]
pub struct Reached<'f> {
    /// its id there
    pub id: &'f str,
    /// its title
    pub title: &'f str,
    /// how far it is reached
    pub reach: Reach,
    /// items of ISO/IEC 42001 that reach it, the strongest first
    pub by: Vec<By<'f>>,
    /// what stays open
    pub remainder: Vec<String>,
}

/// An item that reaches a requirement.
#[derive(Debug, Serialize)]
pub struct By<'f> {
    /// item of ISO/IEC 42001
    pub item: &'f str,
    /// how far good evidence for it goes
    pub strength: Strength,
    /// where the link comes from
    pub source: &'f str,
    /// which other mapping agrees
    pub corroborated_by: Option<&'f str>,
    /// why the row looks odd, if it does
    pub flag: Option<&'f str>,
    /// why, or what stays
    pub note: Option<&'f str>,
    /// deepest depth at which the item is met; nothing if it is met at none
    pub depth: Option<Depth>,
    /// false when the item is excluded or nothing is there to judge: it then gives no evidence
    pub applies: bool,
}

impl<'f> Coverage<'f> {
    /// How far the answers of a day reach a framework; nothing if there is no framework of this key.
    ///
    /// # Errors
    /// A defect of the framework's file or the crosswalk.
    pub fn of(frameworks: &'f Frameworks, readiness: &Readiness, key: &str) -> Result<Option<Self>, FrameworkError> {
        let Some(framework) = frameworks.others()?.into_iter().find(|framework| framework.key == key) else { return Ok(None) };
        let crosswalk = frameworks.crosswalk(&framework.key)?;
        let mut rows: HashMap<&str, Vec<&'f Crossing>> = HashMap::new();
        for row in &crosswalk.rows {
            rows.entry(row.node.as_str()).or_default().push(row);
        }
        let requirements: Vec<Reached<'f>> = framework
            .targets()
            .map(|node| reached(readiness, node, rows.get(node.id.as_str()).map_or(&[], Vec::as_slice)))
            .collect();
        let count = |reach| requirements.iter().filter(|requirement| requirement.reach == reach).count();
        let counts =
            Counts { covered: count(Reach::Covered), partly: count(Reach::Partly), not: count(Reach::Not), of: requirements.len() };
        let Framework { key, title, short_title, .. } = framework;
        Ok(Some(Self {
            as_of: readiness.as_of,
            framework: key,
            title,
            short_title,
            certifiable: crosswalk.certifiable.as_deref(),
            counts,
            requirements,
            still_to_do: &crosswalk.still_to_do,
        }))
    }
}

fn reached<'f>(readiness: &Readiness, node: &'f Node, rows: &[&'f Crossing]) -> Reached<'f> {
    let mut by: Vec<By<'f>> = rows.iter().map(|row| By::of(row, readiness.answer(&row.item))).collect();
    by.sort_by_key(|by| std::cmp::Reverse((by.strength, by.applies, by.depth)));
    let reach = if by.iter().any(|by| by.strength == Strength::Full && by.operates()) {
        Reach::Covered
    } else if by.iter().any(|by| by.strength >= Strength::Partial && by.applies && by.depth.is_some()) {
        Reach::Partly
    } else {
        Reach::Not
    };
    let remainder = if reach == Reach::Covered { Vec::new() } else { remainder(&by) };
    Reached { id: &node.id, title: &node.title, reach, by, remainder }
}

/// What stays open of a requirement that is not covered: what each item lacks, and what it leaves even when it operates.
fn remainder(by: &[By<'_>]) -> Vec<String> {
    let mut open: Vec<String> = by.iter().filter(|by| by.strength >= Strength::Partial).filter_map(By::lacks).collect();
    if !by.iter().any(|by| by.strength == Strength::Full) {
        let parts: Vec<&str> = by.iter().filter(|by| by.strength == Strength::Partial).map(|by| by.item).collect();
        open.push(if parts.is_empty() {
            "no item of ISO/IEC 42001 meets a part of it: it has to be shown by itself".to_owned()
        } else {
            format!("{} only meet a part of it: show the rest by itself", parts.join(", "))
        });
    }
    let notes = by.iter().filter(|by| by.strength == Strength::Partial).filter_map(|by| by.note);
    open.extend(notes.map(str::to_owned));
    open
}

impl<'f> By<'f> {
    fn of(row: &'f Crossing, answer: Option<&Answer>) -> Self {
        let depth = answer.and_then(|answer| Depth::ALL.into_iter().rev().find(|depth| answer.met(*depth)));
        Self {
            item: &row.item,
            strength: row.strength,
            source: &row.source,
            corroborated_by: row.corroborated_by.as_deref(),
            flag: row.flag.as_deref(),
            note: row.note.as_deref(),
            depth,
            applies: answer.is_some_and(|answer| answer.applies),
        }
    }

    /// Whether records show that the item runs: what counts as live evidence.
    fn operates(&self) -> bool {
        self.applies && self.depth >= Some(Depth::Operating)
    }

    fn lacks(&self) -> Option<String> {
        match (self.applies, self.depth) {
            (false, _) => Some(format!("{} is not applied here and gives no evidence", self.item)),
            (true, None) => Some(format!("{} is not met at any depth", self.item)),
            (true, Some(Depth::Documented)) => Some(format!("{} is documented and does not operate yet", self.item)),
            (true, Some(_)) => None,
        }
    }
}
