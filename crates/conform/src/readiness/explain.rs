//! Why a requirement is, or is not, met: each rule with what it looked at, so that a person can redo it by hand.

use jiff::civil::Date;
use serde::Serialize;
use vouch_record::Id;

use super::finding::LapseShown;
use super::{Asked, Depth, Grade, ItemRun, RuleRun};
use crate::check;
use crate::view::{Subject, View};

/// Every rule of a requirement with its verdict.
#[derive(Debug, Serialize)]
pub struct Explanation {
    /// item of ISO/IEC 42001
    pub requirement: String,
    /// its short title
    pub title: String,
    /// what it asks for, in our words
    pub summary: String,
    /// the day asked for
    #[serde(serialize_with = "super::as_text")]
    pub as_of: Date,
    /// what an auditor samples from
    pub population: Option<String>,
    /// whether it is judged
    pub applies: bool,
    /// why it is not judged, or in spite of what it is
    pub applies_because: Option<String>,
    /// whether lapses are open work, since no statement of applicability is in force
    pub preview: bool,
    /// depths at which it is met
    pub met: Vec<Depth>,
    /// its rules in order of depth
    pub rules: Vec<RuleExplained>,
    /// what an auditor asks about one drawn item, and what answers it
    pub sample_question: Option<String>,
}

/// One rule with its verdict.
#[derive(Debug, Serialize)]
pub struct RuleExplained {
    /// id
    pub id: String,
    /// depth at which it stands
    pub depth: Depth,
    /// the rule, one testable sentence
    pub rule: String,
    /// kinds it reads
    pub reads: Vec<String>,
    /// grade of one lapse
    pub grade: Grade,
    /// whether it was asked
    pub asked: bool,
    /// why it was not
    pub not_asked_because: Option<String>,
    /// the day from which it is asked, where that is known
    #[serde(serialize_with = "day")]
    pub asked_from: Option<Date>,
    /// whether it holds; nothing while it is not asked
    pub holds: Option<bool>,
    /// size of its population, the records it could judge
    pub population: usize,
    /// what passed
    pub passed: Vec<Seen>,
    /// what failed, the heaviest first
    pub failed: Vec<Seen>,
    /// what fails and an acceptance lets stand
    pub accepted: Vec<Seen>,
    /// what could not be judged
    pub undecided: Vec<Seen>,
    /// what was looked at and left out
    pub skipped: Vec<Seen>,
    /// rules that see the same lapses
    pub same_as: Vec<String>,
}

/// A record a rule looked at.
#[derive(Clone, Debug, Serialize)]
pub struct Seen {
    /// the record; nothing for a lapse about no record
    #[serde(serialize_with = "id")]
    pub id: Option<Id>,
    /// the revision that was read
    pub revision: Option<u32>,
    /// the AI system it concerns
    #[serde(serialize_with = "id")]
    pub system: Option<Id>,
    /// what is to be said about it
    pub why: Option<String>,
    /// acceptances that let it stand
    #[serde(serialize_with = "ids")]
    pub by: Vec<Id>,
}

/// Explains a requirement, or what its rules say about one record (or AI system); nothing if there is no such item.
#[must_use]
pub fn explain(view: &View, requirement: &str, record: Option<Id>) -> Option<Explanation> {
    let item = view.frameworks().item(requirement)?;
    let run = ItemRun::of(view, item, check::find(requirement));
    let text = run.check.map(|(_, text)| text);
    let mut rules: Vec<RuleExplained> = run.rules.iter().map(|rule| RuleExplained::of(view, rule)).collect();
    if let Some(record) = record {
        rules.iter_mut().for_each(|rule| rule.only(record));
    }
    Some(Explanation {
        requirement: item.id.clone(),
        title: item.title.clone(),
        summary: item.summary.clone(),
        as_of: view.today(),
        population: text.map(|text| text.population.clone()),
        applies: run.applies.is_judged(),
        applies_because: run.applies.sentence(),
        preview: run.preview,
        met: Depth::ALL.into_iter().filter(|depth| run.met(*depth)).collect(),
        rules,
        sample_question: text.map(|text| asked_of_one(&text.sample_question)),
    })
}

/// A question with what stands for the drawn item in words.
fn asked_of_one(question: &str) -> String {
    let words = question.replace('{', "the ").replace('}', "").replace('_', " ").replace("the the ", "the ");
    let mut letters = words.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

impl RuleExplained {
    fn of(view: &View, rule: &RuleRun<'_>) -> Self {
        let verdicts = rule.verdicts;
        let open = rule.open.iter().map(|open| Seen::lapse(LapseShown::of(view, rule, open.lapse, open.unbound), Vec::new()));
        let accepted = rule.accepted.iter().map(|(lapse, by)| Seen::lapse(LapseShown::of(view, rule, lapse, false), by.clone()));
        let with_reason = |(subject, why): &(Subject, String)| Seen { why: Some(why.clone()), ..Seen::of(*subject) };
        Self {
            id: rule.rule.id.to_owned(),
            depth: rule.depth,
            rule: rule.text.rule.clone(),
            reads: rule.text.reads.clone(),
            grade: rule.text.grade,
            asked: rule.asked.is_yes(),
            not_asked_because: rule.asked.sentence(),
            asked_from: if let Asked::From(day) = rule.asked { Some(day) } else { None },
            holds: verdicts.map(|_| rule.open.is_empty()),
            population: rule.hits().1,
            passed: verdicts.iter().flat_map(|verdicts| verdicts.passed.iter().copied().map(Seen::of)).collect(),
            failed: open.collect(),
            accepted: accepted.collect(),
            undecided: verdicts.iter().flat_map(|verdicts| verdicts.undecided.iter().map(with_reason)).collect(),
            skipped: verdicts.iter().flat_map(|verdicts| verdicts.skipped.iter().map(with_reason)).collect(),
            same_as: rule.text.same_as.clone(),
        }
    }

    /// Keeps of the lists what is about one record or AI system.
    fn only(&mut self, record: Id) {
        for list in [&mut self.passed, &mut self.failed, &mut self.accepted, &mut self.undecided, &mut self.skipped] {
            list.retain(|seen| seen.id == Some(record) || seen.system == Some(record));
        }
    }
}

impl Seen {
    fn of(subject: Subject) -> Self {
        Self { id: Some(subject.id), revision: Some(subject.revision), system: None, why: None, by: Vec::new() }
    }

    fn lapse(lapse: LapseShown, by: Vec<Id>) -> Self {
        Self {
            id: lapse.subject.map(|subject| subject.id),
            revision: lapse.subject.map(|subject| subject.revision),
            system: lapse.system,
            why: Some(lapse.message),
            by,
        }
    }
}

fn day<S: serde::Serializer>(day: &Option<Date>, serializer: S) -> Result<S::Ok, S::Error> {
    day.map(|day| day.to_string()).serialize(serializer)
}

fn id<S: serde::Serializer>(id: &Option<Id>, serializer: S) -> Result<S::Ok, S::Error> {
    id.map(|id| id.to_string()).serialize(serializer)
}

fn ids<S: serde::Serializer>(ids: &[Id], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ids.iter().map(ToString::to_string))
}
