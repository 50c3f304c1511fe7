//! The answer for one requirement.

use std::sync::Arc;

use serde::Serialize;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;

use super::finding::{LapseShown, fill};
use super::merging::{self, Merged};
use super::{Accepted, Applies, Asked, Depth, Evidence, Finding, Grade, ItemRun, RuleRun, worst_first};
use crate::check::Check;
use crate::framework::Item;
use crate::shape::Lapse;
use crate::view::{Subject, View};

/// The answer for one requirement.
#[derive(Clone, Debug, Serialize)]
pub struct Answer {
    /// item of ISO/IEC 42001
    pub id: String,
    /// whether it is judged: false when excluded or not applicable
    pub applies: bool,
    /// the required document or record exists
    pub documented: bool,
    /// records show that it ran
    pub operating: bool,
    /// the evidence is in date, bound and checked by somebody else
    pub proven: bool,
    /// one sentence why it is not met at the next depth, or why it is not judged
    pub reason: Option<String>,
    /// what an auditor would find, the worst first; a lapse that another item's rule sees too stands there
    pub findings: Vec<Finding>,
    /// what passed, from which a sample is drawn
    pub evidence: Vec<Evidence>,
    /// lapses while no statement of applicability is in force: open work, no findings
    #[serde(skip)]
    pub open_work: Vec<Finding>,
    /// lapses that acceptances let stand
    #[serde(skip)]
    pub accepted: Vec<Accepted>,
    /// what could not be judged
    #[serde(skip)]
    pub undecided: Vec<Undecided>,
    /// AI systems that fail it, where a lapse that counts concerns one
    #[serde(skip)]
    pub failing: Vec<Id>,
    /// lapses that keep it from being met, by depth, in the order of the rules
    #[serde(skip)]
    pub missing: Vec<Missing>,
    /// rules not asked with the day from which they are, days covered, a contradicted exclusion
    #[serde(skip)]
    pub notes: Vec<String>,
}

/// What a rule wants before the item is met at its depth.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Missing {
    /// depth of the rule
    pub depth: Depth,
    /// id of the rule
    pub check: String,
    /// its grade
    pub grade: Grade,
    /// every lapse, the heaviest first; none where the rule waits for something
    pub lapses: Vec<LapseShown>,
    /// why it is not asked, where that is what blocks
    pub waits_for: Option<String>,
    /// what to do, for the heaviest lapse
    pub remedy: String,
    /// kind whose form opens, or `page:name`
    pub act: String,
}

/// A record that a rule could not judge; neither a pass nor a lapse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Undecided {
    /// id of the rule
    pub check: String,
    /// the record
    pub subject: Subject,
    /// why
    pub reason: String,
}

impl Answer {
    /// The answer for an item, put together once as long as nothing changes that it rests on.
    pub(super) fn kept(view: &View, item: &Item, checks: &'static [Check]) -> Arc<Self> {
        let check = checks.iter().find(|check| check.requirement == item.id);
        let of = || {
            let run = ItemRun::of(view, item, check);
            let mut merged = merging::merge(view, checks, &run);
            Arc::new(Self::of(view, &run, &mut merged))
        };
        match check {
            Some(check) if !view.is_busy::<Arc<Self>>(None, check.requirement) => view.keep(None, check.requirement, of).clone(),
            _ => of(),
        }
    }

    fn of(view: &View, run: &ItemRun<'_>, merged: &mut Merged) -> Self {
        let met = Depth::ALL.map(|depth| run.met(depth));
        let reason = reason(view, run, merged);
        let mut findings: Vec<Finding> = run.rules.iter().filter_map(|rule| merged.findings.remove(rule.rule.id)).collect();
        findings.sort_by(worst_first);
        Self {
            id: run.item.id.clone(),
            applies: run.applies.is_judged(),
            documented: met[0],
            operating: met[1],
            proven: met[2],
            reason,
            findings,
            evidence: Evidence::of(view, run),
            open_work: open_work(view, run),
            accepted: run.rules.iter().flat_map(|rule| accepted(view, rule)).collect(),
            undecided: run.rules.iter().flat_map(undecided).collect(),
            failing: failing(view, run),
            missing: run.rules.iter().filter_map(|rule| missing(view, rule)).collect(),
            notes: notes(view, run),
        }
    }

    /// Whether it is met at a depth.
    #[must_use]
    pub const fn met(&self, depth: Depth) -> bool {
        match depth {
            Depth::Documented => self.documented,
            Depth::Operating => self.operating,
            Depth::Proven => self.proven,
        }
    }
}

/// Why the item is not met at the next depth, or not judged; nothing when it is met at all.
fn reason(view: &View, run: &ItemRun<'_>, merged: &Merged) -> Option<String> {
    if run.check.is_none() {
        return Some("no check yet".to_owned());
    }
    if !run.applies.is_judged() {
        return run.applies.sentence();
    }
    let depth = Depth::ALL.into_iter().find(|depth| !run.met(*depth))?;
    Some(heaviest(view, run, merged, depth).or_else(|| unasked(run, depth)).unwrap_or_else(|| "nothing to judge yet".to_owned()))
}

/// The sentence of the heaviest open lapse of a depth.
fn heaviest(view: &View, run: &ItemRun<'_>, merged: &Merged, depth: Depth) -> Option<String> {
    let blocking = run.at(depth).filter(|rule| !rule.open.is_empty() && rule.text.grade >= Grade::Minor);
    // Of equal grades the first in the order of the texts.
    let rule = blocking.reduce(|worst, rule| if rule.text.grade > worst.text.grade { rule } else { worst })?;
    let sentence = LapseShown::of(view, rule, rule.open.first()?.lapse, rule.open.first()?.unbound).message;
    if run.preview {
        return Some(format!("preview: open work: {sentence}"));
    }
    match merged.shown_under.get(rule.rule.id).and_then(|others| others.first()) {
        Some(other) => Some(format!("{sentence} See {other}.")),
        None => Some(sentence),
    }
}

/// Why rules of a depth are not asked: what blocks the item first, else the earliest day from which one is asked.
fn unasked(run: &ItemRun<'_>, depth: Depth) -> Option<String> {
    let asked = || run.at(depth).map(|rule| &rule.asked);
    if let Some(blocking) = asked().find(|asked| asked.blocks()) {
        return blocking.sentence();
    }
    if asked().any(Asked::is_yes) {
        return None;
    }
    let day = |asked: &Asked| if let Asked::From(day) = asked { Some(*day) } else { None };
    asked().min_by_key(|asked| day(asked))?.sentence()
}

fn open_work(view: &View, run: &ItemRun<'_>) -> Vec<Finding> {
    if !run.preview {
        return Vec::new();
    }
    let open = run.rules.iter().filter(|rule| !rule.open.is_empty());
    let mut work: Vec<Finding> = open.map(|rule| Finding::of(view, run, rule, &rule.open, (rule.text.grade, None))).collect();
    work.sort_by(worst_first);
    work
}

fn accepted(view: &View, rule: &RuleRun<'_>) -> Vec<Accepted> {
    let shown = |lapse| LapseShown::of(view, rule, lapse, false);
    rule.accepted
        .iter()
        .map(|(lapse, by)| Accepted { check: rule.rule.id.to_owned(), lapse: shown(lapse), by: by.clone() })
        .collect()
}

/// The systems of the lapses that keep the item from being met.
fn failing(view: &View, run: &ItemRun<'_>) -> Vec<Id> {
    let open = run.rules.iter().filter(|rule| rule.text.grade >= Grade::Minor).flat_map(|rule| &rule.open);
    let of = |lapse: &Lapse| {
        lapse
            .system
            .or_else(|| lapse.subject.map(|subject| subject.id))
            .filter(|id| view.kinds().of(*id).is_some_and(|kind| kind.name == AiSystem::KIND))
    };
    let mut systems: Vec<Id> = open.filter_map(|open| of(open.lapse)).collect();
    systems.sort_unstable();
    systems.dedup();
    systems
}

fn missing(view: &View, rule: &RuleRun<'_>) -> Option<Missing> {
    let fails = !rule.open.is_empty() && rule.text.grade >= Grade::Minor;
    let waits = rule.asked.blocks().then(|| rule.asked.sentence()).flatten();
    if !fails && waits.is_none() {
        return None;
    }
    let first = rule.open.first().map(|open| open.lapse);
    Some(Missing {
        depth: rule.depth,
        check: rule.rule.id.to_owned(),
        grade: rule.text.grade,
        lapses: rule.open.iter().map(|open| LapseShown::of(view, rule, open.lapse, open.unbound)).collect(),
        waits_for: waits,
        remedy: first.map_or_else(|| rule.text.remedy.clone(), |lapse| fill(view, &rule.text.remedy, lapse)),
        act: rule.text.act.clone(),
    })
}

fn undecided(rule: &RuleRun<'_>) -> Vec<Undecided> {
    let of = |(subject, reason): &(Subject, String)| Undecided {
        check: rule.rule.id.to_owned(),
        subject: *subject,
        reason: reason.clone(),
    };
    rule.verdicts.iter().flat_map(|verdicts| verdicts.undecided.iter().map(of)).collect()
}

fn notes(view: &View, run: &ItemRun<'_>) -> Vec<String> {
    let mut notes: Vec<String> = Vec::new();
    if matches!(run.applies, Applies::Contradicted(_)) {
        notes.extend(run.applies.sentence());
    }
    if run.preview && run.applies.is_judged() {
        notes.push("preview: no statement of applicability is in force; lapses are open work".to_owned());
    }
    for depth in Depth::ALL {
        let sentences = run.at(depth).filter_map(|rule| Some(format!("{}: {}", rule.rule.id, rule.asked.sentence()?)));
        notes.extend(sentences);
    }
    if run.applies.is_judged() {
        notes.extend(super::young(view));
    }
    notes
}
