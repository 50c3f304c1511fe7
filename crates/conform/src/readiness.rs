//! What is documented, what operates, what is proven, and what an auditor would find.
//!
//! Words are those of `terms.yaml`, computed here once for all rules: which rules are asked ([`Asked`]), how the lapses of a rule
//! add up, what an acceptance covers, which rules see the same lapse, and when an item is met. `docs/CONFORMITY.md` tells it
//! in order.

mod applies;
mod asked;
mod covering;
mod current;
mod evidence;
mod explain;
mod finding;
mod grading;
mod merging;
mod requirement;
mod run;
#[cfg(test)]
mod tests;
mod workers;

pub use applies::Applies;
pub use asked::Asked;
pub use current::Current;
pub use evidence::Evidence;
pub use explain::{Explanation, RuleExplained, Seen, explain};
#[cfg(test)]
pub(crate) use finding::NOT_STATED;
pub(crate) use finding::fill as sentence;
pub use finding::{Accepted, Finding, LapseShown, worst_first};
pub use requirement::{Answer, Missing, Undecided};
#[cfg(all(test, feature = "mutants"))]
pub(crate) use run::plant;
pub use run::{ItemRun, RuleRun, failing, implementation, is_judging, is_met, population};
pub use workers::{Beside, InTurn};

use std::fmt;
use std::sync::Arc;

use jiff::civil::Date;
use serde::{Deserialize, Serialize, Serializer};

use crate::check::{CHECKS, Check};
use crate::view::View;

/// How deep a requirement is met; each depth includes the ones before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Depth {
    /// the required document or record exists, approved, in review date
    Documented,
    /// records show that it ran at its cadence over the window
    Operating,
    /// the operating evidence is in date, bound, by a named maker, and checked by somebody else
    Proven,
}

impl Depth {
    /// All depths, the shallowest first.
    pub const ALL: [Self; 3] = [Self::Documented, Self::Operating, Self::Proven];

    /// The word shown and exported.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Documented => "documented",
            Self::Operating => "operating",
            Self::Proven => "proven",
        }
    }
}

impl fmt::Display for Depth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// How bad a finding would be in an audit; the worst is the greatest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// worth bettering, no nonconformity
    Opportunity,
    /// a lapse
    Minor,
    /// the system fails to do what it is for
    Major,
}

impl Grade {
    /// The word shown and exported.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::Opportunity => "opportunity",
            Self::Minor => "minor",
            Self::Major => "major",
        }
    }
}

impl fmt::Display for Grade {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// Answers for all requirements as of a day; serialises to what `readiness --json` prints.
#[derive(Debug, Serialize)]
pub struct Readiness {
    /// the day asked for
    #[serde(serialize_with = "as_text")]
    pub as_of: Date,
    /// the log on that day
    pub head: Head,
    /// how many items are met at each depth
    pub depths: Depths,
    /// each auditable item, in the standard's order; answers that stay the same from write to write are shared
    #[serde(serialize_with = "each")]
    pub requirements: Vec<Arc<Answer>>,
    /// what holds for the whole answer: a preview, a young system
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// The head of the log on the day asked for.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Head {
    /// leaves
    pub size: u64,
    /// root of the tree in base64; the caller knows it ([`Readiness::with_root`])
    pub root: String,
}

/// How many items are met at each depth.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Depths {
    /// at Stage 1
    pub documented: Count,
    /// it ran
    pub operating: Count,
    /// it can be shown
    pub proven: Count,
}

/// So many of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Count {
    /// items met
    pub met: usize,
    /// items there are
    pub of: usize,
}

impl Readiness {
    /// The answers for the view's day.
    #[must_use]
    pub fn of(view: &View) -> Self {
        Self::with(view, CHECKS)
    }

    /// The answers by these checks.
    #[must_use]
    pub fn with(view: &View, checks: &'static [Check]) -> Self {
        Self::gathered(view, checks)
    }

    /// The same answers, with the rules of a large organisation judged in two pieces of work.
    #[must_use]
    pub fn beside(view: &View, beside: &dyn Beside) -> Self {
        workers::judge(view, CHECKS, beside);
        Self::gathered(view, CHECKS)
    }

    /// The answers, gathered from what the rules found.
    fn gathered(view: &View, checks: &'static [Check]) -> Self {
        let requirements: Vec<Arc<Answer>> =
            view.frameworks().items().iter().map(|item| Answer::kept(view, item, checks)).collect();
        let count = |depth| Count { met: requirements.iter().filter(|answer| answer.met(depth)).count(), of: requirements.len() };
        Self {
            as_of: view.today(),
            head: Head { size: view.cut(), root: String::new() },
            depths: Depths {
                documented: count(Depth::Documented),
                operating: count(Depth::Operating),
                proven: count(Depth::Proven),
            },
            notes: notes(view),
            requirements,
        }
    }

    /// The same with the root of the log's tree at its head, in base64.
    #[must_use]
    pub fn with_root(mut self, root: impl Into<String>) -> Self {
        self.head.root = root.into();
        self
    }

    /// The answer for a requirement.
    #[must_use]
    pub fn answer(&self, requirement: &str) -> Option<&Answer> {
        self.requirements.iter().find(|answer| answer.id == requirement).map(AsRef::as_ref)
    }

    /// Every finding, the worst first, in the order in which an auditor would raise them at Stage 1 (see [`worst_first`]).
    #[must_use]
    pub fn findings(&self) -> Vec<&Finding> {
        let mut findings: Vec<&Finding> = self.requirements.iter().flat_map(|answer| &answer.findings).collect();
        findings.sort_by(|a, b| worst_first(a, b));
        findings
    }

    /// The first `n` findings that an auditor would raise.
    #[must_use]
    pub fn raised_first(&self, n: usize) -> Vec<&Finding> {
        let mut findings = self.findings();
        findings.truncate(n);
        findings
    }
}

/// What a reader of the whole answer has to know.
fn notes(view: &View) -> Vec<String> {
    let mut notes = Vec::new();
    if view.first_scope_on().is_none() {
        notes.push("operating and proven are not asked before a first scope is approved".to_owned());
    }
    if view.statement().is_none() {
        notes.push(
            "no statement of applicability is in force: the controls of Annex A are a preview, their lapses open work".to_owned(),
        );
    }
    notes.extend(young(view));
    notes
}

/// Days of the window from which on a system is no longer young (`terms.yaml`, young system).
const YOUNG_DAYS: i64 = 90;

/// How many days are covered, when they are few.
fn young(view: &View) -> Option<String> {
    let days = view.window()?.days();
    (days < YOUNG_DAYS).then(|| format!("young system: {days} days covered"))
}

fn each<S: Serializer>(answers: &[Arc<Answer>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(answers.iter().map(AsRef::<Answer>::as_ref))
}

fn as_text<T: fmt::Display, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}
