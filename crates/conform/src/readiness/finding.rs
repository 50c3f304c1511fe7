//! Findings: what an auditor would write, with every lapse behind it.

use std::cmp::Ordering;

use serde::{Serialize, Serializer};
use vouch_record::Id;
use vouch_record::kind::generated::shared::RiskTier;

use super::run::Open;
use super::{Depth, Grade, ItemRun, RuleRun};
use crate::shape::Lapse;
use crate::view::{Subject, View};

/// What an auditor would write about one rule: its lapses are one finding, the heaviest first.
#[derive(Clone, Debug)]
pub struct Finding {
    /// id of the rule
    pub check: String,
    /// item it is found under
    pub requirement: String,
    /// depth of the rule
    pub depth: Depth,
    /// how bad it is, after lapses are added up
    pub grade: Grade,
    /// record of the heaviest lapse, if it is about one
    pub record: Option<Id>,
    /// one sentence: the heaviest lapse, and how many more there are
    pub message: String,
    /// what to do
    pub remedy: String,
    /// kind whose form opens, or `page:name`
    pub act: String,
    /// every lapse, the heaviest first
    pub lapses: Vec<LapseShown>,
    /// rules of other items that see the same lapses in the same records: (item, rule)
    pub also: Vec<(String, String)>,
    /// why the grade is heavier than that of one lapse
    pub raised_because: Option<String>,
    /// heaviest tier of a system concerned
    pub tier: Option<RiskTier>,
    /// place of the item in the standard
    pub place: usize,
}

/// One lapse of a finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LapseShown {
    /// record and revision looked at
    pub subject: Option<Subject>,
    /// AI system concerned
    pub system: Option<Id>,
    /// the sentence of the finding for this lapse
    pub message: String,
}

/// A lapse that an acceptance lets stand: shown, and no finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accepted {
    /// id of the rule
    pub check: String,
    /// what would be found
    pub lapse: LapseShown,
    /// the acceptances that cover it on each of its days
    pub by: Vec<Id>,
}

impl Serialize for Finding {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = serializer.serialize_struct("Finding", 8)?;
        out.serialize_field("check", &self.check)?;
        out.serialize_field("requirement", &self.requirement)?;
        out.serialize_field("depth", &self.depth)?;
        out.serialize_field("grade", &self.grade)?;
        out.serialize_field("record", &self.record.map(|id| id.to_string()))?;
        out.serialize_field("message", &self.message)?;
        out.serialize_field("remedy", &self.remedy)?;
        out.serialize_field("act", &self.act)?;
        out.end()
    }
}

impl Finding {
    /// The finding of a rule over these lapses, which are at least one.
    pub(super) fn of(
        view: &View,
        run: &ItemRun<'_>,
        rule: &RuleRun<'_>,
        lapses: &[Open<'_>],
        grade: (Grade, Option<String>),
    ) -> Self {
        let shown: Vec<LapseShown> = lapses.iter().map(|open| LapseShown::of(view, rule, open.lapse, open.unbound)).collect();
        let first = lapses.first().map(|open| open.lapse);
        Self {
            check: rule.rule.id.to_owned(),
            requirement: run.item.id.clone(),
            depth: rule.depth,
            grade: grade.0,
            record: shown.first().and_then(|lapse| lapse.subject).map(|subject| subject.id),
            message: and_more(&shown),
            remedy: first.map_or_else(|| rule.text.remedy.clone(), |lapse| fill(view, &rule.text.remedy, lapse)),
            act: rule.text.act.clone(),
            lapses: shown,
            also: Vec::new(),
            raised_because: grade.1,
            tier: lapses.iter().filter_map(|open| open.lapse.tier).max(),
            place: view.frameworks().place(&run.item.id),
        }
    }

    /// Whether it is about this item, under which it stands or by a rule that sees the same lapses.
    #[must_use]
    pub fn concerns(&self, requirement: &str) -> bool {
        self.requirement == requirement || self.also.iter().any(|(item, _)| item == requirement)
    }
}

impl LapseShown {
    pub(super) fn of(view: &View, rule: &RuleRun<'_>, lapse: &Lapse, unbound: bool) -> Self {
        let mut message = fill(view, &rule.text.finding, lapse);
        if unbound {
            message = with(&message, "; what would show it does not lie under a checkpoint that verified");
        }
        Self { subject: lapse.subject, system: lapse.system, message }
    }
}

/// The sentence of the first, with how many more there are.
fn and_more(lapses: &[LapseShown]) -> String {
    match lapses {
        [] => String::new(),
        [only] => only.message.clone(),
        [first, rest @ ..] => with(&first.message, &format!(", and {} more", rest.len())),
    }
}

/// Adds words before the full stop.
fn with(sentence: &str, words: &str) -> String {
    format!("{}{words}.", sentence.strip_suffix('.').unwrap_or(sentence))
}

/// Fills the placeholders of a sentence from a lapse: its values, then `{system}` and the kind of its record by what people
/// call them. Of `[last tried on {date}|never tried]` the first part is said if each of its placeholders has a value.
pub(crate) fn fill(view: &View, sentence: &str, lapse: &Lapse) -> String {
    let mut said = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some((before, choice, after)) = choice(rest) {
        let (with, without) = choice.split_once('|').unwrap_or((choice, ""));
        said.push_str(&filled(view, before, lapse));
        let whole = names(with).all(|name| placeholder(view, name, lapse).is_some());
        said.push_str(&filled(view, if whole { with } else { without }, lapse));
        rest = after;
    }
    said.push_str(&filled(view, rest, lapse));
    said
}

/// What stands before, in and after the first brackets of a sentence.
fn choice(sentence: &str) -> Option<(&str, &str, &str)> {
    let (before, after) = sentence.split_once('[')?;
    let (choice, after) = after.split_once(']')?;
    Some((before, choice, after))
}

/// The names of the placeholders of a sentence.
fn names(sentence: &str) -> impl Iterator<Item = &str> {
    sentence.split('{').skip(1).filter_map(|rest| rest.split_once('}')).map(|(name, _)| name)
}

fn filled(view: &View, sentence: &str, lapse: &Lapse) -> String {
    let mut filled = String::with_capacity(sentence.len() + 32);
    let mut rest = sentence;
    while let Some((before, after)) = rest.split_once('{') {
        let Some((name, after)) = after.split_once('}') else { break };
        filled.push_str(before);
        match placeholder(view, name, lapse) {
            Some(value) => filled.push_str(&value),
            None => filled.push_str(NOT_STATED),
        }
        rest = after;
    }
    filled.push_str(rest);
    filled
}

/// What stands for a value that a lapse does not give; a test shows that no rule leaves one out.
pub(crate) const NOT_STATED: &str = "(not stated)";

fn placeholder(view: &View, name: &str, lapse: &Lapse) -> Option<String> {
    if let Some((_, value)) = lapse.values.iter().find(|(known, _)| *known == name) {
        return Some(value.clone());
    }
    let label = |id: Id| view.find(id).map(|entry| entry.label());
    if name == "system"
        && let Some(system) = lapse.system
    {
        return label(system);
    }
    let subject = lapse.subject?;
    let kind = &view.kinds().of(subject.id)?.name;
    let noun = kind.rsplit('-').next().unwrap_or(kind);
    (name == noun || name == kind.replace('-', "_")).then(|| label(subject.id)).flatten()
}

/// The order in which an auditor raises findings at Stage 1: the grade, then documented before operating before proven, then
/// how many lapses there are, then the tier of the systems concerned, then the order of the standard.
#[must_use]
pub fn worst_first(a: &Finding, b: &Finding) -> Ordering {
    b.grade
        .cmp(&a.grade)
        .then(a.depth.cmp(&b.depth))
        .then(b.lapses.len().cmp(&a.lapses.len()))
        .then(b.tier.cmp(&a.tier))
        .then(a.place.cmp(&b.place))
        .then_with(|| a.check.cmp(&b.check))
}
