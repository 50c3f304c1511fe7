//! The rules of one item, judged.

use std::sync::Arc;

use crate::check::{self, Check, Rule, RuleText, Text};
use crate::framework::Item;
use crate::shape::{Lapse, Verdicts};
use crate::view::View;

use super::{Applies, Asked, Depth, Grade, covering};

/// The rules of one item, judged on the view's day.
pub struct ItemRun<'v> {
    /// the item
    pub item: &'v Item,
    /// its texts and predicates, if it has them
    pub check: Option<(&'static Check, &'v Text)>,
    /// whether it is judged
    pub applies: Applies,
    /// whether lapses are open work and no findings, since no statement of applicability is in force
    pub preview: bool,
    /// its rules in order of depth
    pub rules: Vec<RuleRun<'v>>,
}

/// One rule, judged or not.
pub struct RuleRun<'v> {
    /// its predicate
    pub rule: &'static Rule,
    /// its text
    pub text: &'v RuleText,
    /// depth at which it stands
    pub depth: Depth,
    /// whether it was asked
    pub asked: Asked,
    /// what it found, if it was asked
    pub verdicts: Option<&'v Verdicts>,
    /// what fails it and nothing covers
    pub open: Vec<Open<'v>>,
    /// what fails it and an acceptance covers, with the acceptances
    pub accepted: Vec<(&'v Lapse, Vec<vouch_record::Id>)>,
}

/// A lapse that nothing covers.
#[derive(Clone, Copy)]
pub struct Open<'v> {
    /// the lapse
    pub lapse: &'v Lapse,
    /// whether it would pass if every leaf lay under a checkpoint that verified
    pub unbound: bool,
}

impl<'v> ItemRun<'v> {
    /// Judges the rules of an item.
    pub(crate) fn of(view: &'v View, item: &'v Item, check: Option<&'static Check>) -> Self {
        let check = check.and_then(|check| Some((check, view.texts().get(&item.id)?)));
        let applies = Applies::of(view, item, check);
        let preview = item.is_control() && view.statement().is_none();
        let rules = match check {
            Some((check, text)) => judge(view, item, check, text, &applies),
            None => Vec::new(),
        };
        Self { item, check, applies, preview, rules }
    }

    /// The rules of a depth.
    pub fn at(&self, depth: Depth) -> impl Iterator<Item = &RuleRun<'v>> {
        self.rules.iter().filter(move |rule| rule.depth == depth)
    }

    /// Whether the item is met at a depth (`terms.yaml`, met).
    #[must_use]
    pub fn met(&self, depth: Depth) -> bool {
        if self.check.is_none() {
            return false;
        }
        if !self.applies.is_judged() {
            return true;
        }
        Depth::ALL.into_iter().filter(|other| *other <= depth).all(|depth| self.met_alone(depth))
    }

    fn met_alone(&self, depth: Depth) -> bool {
        let sound = self.at(depth).all(|rule| !rule.asked.blocks() && (rule.open.is_empty() || rule.text.grade < Grade::Minor));
        let asked = self.at(depth).any(|rule| rule.asked.is_yes());
        sound && asked && (depth == Depth::Documented || self.at(depth).any(RuleRun::shows))
    }
}

impl RuleRun<'_> {
    /// Whether it passed at least one record.
    #[must_use]
    pub fn shows(&self) -> bool {
        self.verdicts.is_some_and(|verdicts| !verdicts.passed.is_empty())
    }

    /// How many of its population fail it, and how large the population is.
    #[must_use]
    pub fn hits(&self) -> (usize, usize) {
        let Some(verdicts) = self.verdicts else { return (0, 0) };
        if let Some(things) = verdicts.things {
            return (self.open.len(), things.max(self.open.len()));
        }
        let hit = |lapse: &Lapse| lapse.member.or(lapse.subject.map(|subject| subject.id));
        let mut members: Vec<_> = self.open.iter().filter_map(|open| hit(open.lapse)).collect();
        let loose = self.open.len() - members.len();
        members.sort_unstable();
        members.dedup();
        let hits = members.len() + loose;
        let mut population = verdicts.members.clone();
        if population.is_empty() {
            population.extend(verdicts.passed.iter().map(|subject| subject.id));
        }
        population.extend(members);
        population.sort_unstable();
        population.dedup();
        (hits, population.len() + loose)
    }
}

fn judge<'v>(view: &'v View, item: &'v Item, check: &'static Check, text: &'v Text, applies: &Applies) -> Vec<RuleRun<'v>> {
    let rules = || text.rules().filter_map(|(depth, text)| Some((depth, text, check.rule(&text.id)?)));
    if !applies.is_judged() {
        return rules().map(|(depth, text, rule)| unasked(rule, text, depth, Asked::NotJudged)).collect();
    }
    let mut runs = Vec::new();
    let mut alone: Option<String> = None;
    for (depth, text_of, rule) in rules() {
        let asked = match &alone {
            Some(first) => Asked::NoRecord(first.clone()),
            None => Asked::of(view, rule, depth),
        };
        if !asked.is_yes() {
            runs.push(unasked(rule, text_of, depth, asked));
            continue;
        }
        let run = ask(view, item, rule, text_of, depth);
        if runs.is_empty() && !run.open.is_empty() && run.text.grade >= Grade::Minor && rests_on_nothing(view, text) {
            alone = Some(rule.id.to_owned());
        }
        runs.push(run);
    }
    runs
}

fn unasked<'v>(rule: &'static Rule, text: &'v RuleText, depth: Depth, asked: Asked) -> RuleRun<'v> {
    RuleRun { rule, text, depth, asked, verdicts: None, open: Vec::new(), accepted: Vec::new() }
}

fn ask<'v>(view: &'v View, item: &'v Item, rule: &'static Rule, text: &'v RuleText, depth: Depth) -> RuleRun<'v> {
    let seen = if depth == Depth::Proven { view.proven() } else { view };
    let verdicts = verdicts(seen, rule);
    let unbound = |lapse: &Lapse| !std::ptr::eq(seen, view) && !self::verdicts(view, rule).failed.contains(lapse);
    let (mut open, mut accepted) = (Vec::new(), Vec::new());
    for lapse in &verdicts.failed {
        match covering::covered_by(view, &item.id, lapse) {
            by if by.is_empty() => open.push(Open { lapse, unbound: unbound(lapse) }),
            by => accepted.push((lapse, by)),
        }
    }
    // The heaviest first: the tier of its system, then how long it stood, then the record.
    let days = |lapse: &Lapse| lapse.days.map_or(0, |days| days.days());
    open.sort_by_key(|open| (std::cmp::Reverse((open.lapse.tier, days(open.lapse))), open.lapse.subject, open.lapse.system));
    RuleRun { rule, text, depth, asked: Asked::Yes, verdicts: Some(verdicts), open, accepted }
}

/// What a rule finds, judged once per view.
fn verdicts<'v>(view: &'v View, rule: &'static Rule) -> &'v Verdicts {
    view.keep(None, rule.id, || Arc::new((rule.judge)(view)))
}

/// What a rule found on the view, if it was judged there.
pub(super) fn judged(view: &View, rule: &'static Rule) -> Option<Arc<Verdicts>> {
    view.kept::<Arc<Verdicts>>(None, rule.id).cloned()
}

/// Puts down what a rule finds on the view, so that nobody judges it again.
pub(crate) fn plant(view: &View, rule: &'static Rule, verdicts: Arc<Verdicts>) {
    let _ = view.keep(None, rule.id, || verdicts);
}

/// Kinds that an organisation has from its first day, or that other kinds hang on: that one of them is there says nothing
/// about an item.
const ALWAYS_THERE: [&str; 5] = ["organisation", "person", "role", "approval", "ai-system"];

/// Whether there is no record at all of the kinds that an item's documented rules ask for.
fn rests_on_nothing(view: &View, text: &Text) -> bool {
    let mut kinds =
        text.documented.iter().flat_map(|rule| &rule.reads).filter(|kind| !ALWAYS_THERE.contains(&kind.as_str())).peekable();
    kinds.peek().is_some() && kinds.all(|kind| view.all(kind).next().is_none())
}

/// Whether a rule of an item is being judged at this moment: what it reads must not ask for the item's verdict again.
#[must_use]
pub fn is_judging(view: &View, item: &str) -> bool {
    check::find(item).is_some_and(|check| check.rules.iter().any(|rule| view.is_busy::<Arc<Verdicts>>(None, rule.id)))
}

/// The records that passed the rules of an item on the view's day: what a sample is drawn from. Nothing for an item without rules here,
/// or one whose rules are being judged at this moment.
#[must_use]
pub fn population(view: &View, item: &str) -> Option<Vec<vouch_record::Id>> {
    let check = check::find(item)?;
    if is_judging(view, item) {
        return None;
    }
    let run = ItemRun::of(view, view.frameworks().item(item)?, Some(check));
    let passed = run.rules.iter().filter_map(|rule| rule.verdicts).flat_map(|verdicts| &verdicts.passed);
    let mut population: Vec<vouch_record::Id> = passed.map(|subject| subject.id).collect();
    population.sort_unstable();
    population.dedup();
    Some(population)
}

/// The deepest depth at which a control is met by its checks on the view's day: what its implementation is computed from.
#[must_use]
pub fn implementation(view: &View, control: &str) -> Option<Depth> {
    let item = view.frameworks().item(control)?;
    let run = ItemRun::of(view, item, check::find(control));
    Depth::ALL.into_iter().rev().find(|depth| run.applies.is_judged() && run.met(*depth))
}
