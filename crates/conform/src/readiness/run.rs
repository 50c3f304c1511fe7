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

/// An item as it was judged: places in the lists of what its rules found, which a view can keep.
struct Outline {
    applies: Applies,
    preview: bool,
    /// one for each rule that has a text, in the order of the texts
    rules: Vec<Outlined>,
}

/// One rule of an outline.
struct Outlined {
    asked: Asked,
    /// lapses that nothing covers, the heaviest first, and whether each would pass if every leaf were bound
    open: Vec<(usize, bool)>,
    /// lapses that acceptances cover
    accepted: Vec<(usize, Vec<vouch_record::Id>)>,
}

impl<'v> ItemRun<'v> {
    /// Judges the rules of an item.
    pub(crate) fn of(view: &'v View, item: &'v Item, check: Option<&'static Check>) -> Self {
        let check = check.and_then(|check| Some((check, view.texts().get(&item.id)?)));
        let Some((of, text)) = check else {
            let preview = item.is_control() && view.statement().is_none();
            return Self { item, check, applies: Applies::of(view, item, None), preview, rules: Vec::new() };
        };
        // What is asked for while it is being judged is judged apart.
        if view.is_busy::<Outline>(None, of.requirement) {
            return Self::outlined(view, item, (of, text), &outline(view, item, of, text));
        }
        Self::outlined(view, item, (of, text), view.keep(None, of.requirement, || outline(view, item, of, text)))
    }

    fn outlined(view: &'v View, item: &'v Item, (check, text): (&'static Check, &'v Text), outline: &Outline) -> Self {
        let of = |((depth, text, rule), outlined): ((Depth, &'v RuleText, &'static Rule), &Outlined)| {
            let asked = outlined.asked.clone();
            if !asked.is_yes() {
                return RuleRun { rule, text, depth, asked, verdicts: None, open: Vec::new(), accepted: Vec::new() };
            }
            let verdicts = verdicts(seen(view, depth), rule);
            let open = |(at, unbound): &(usize, bool)| Open { lapse: &verdicts.failed[*at], unbound: *unbound };
            let accepted = outlined.accepted.iter().map(|(at, by)| (&verdicts.failed[*at], by.clone())).collect();
            let open = outlined.open.iter().map(open).collect();
            RuleRun { rule, text, depth, asked, verdicts: Some(verdicts), open, accepted }
        };
        let rules = rules_of(check, text).zip(&outline.rules).map(of).collect();
        Self { item, check: Some((check, text)), applies: outline.applies.clone(), preview: outline.preview, rules }
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
        sound && asked && (depth == Depth::Documented || self.shows(depth))
    }

    /// Whether something of a depth was shown: a rule that weighs more than an opportunity passed a record, or any rule did where the
    /// depth has no other. What an auditor would merely suggest proves nothing of what is asked for.
    fn shows(&self, depth: Depth) -> bool {
        let weighs = |rule: &&RuleRun<'_>| rule.text.grade > Grade::Opportunity;
        let light = !self.at(depth).any(|rule| weighs(&rule));
        self.at(depth).filter(|rule| light || weighs(rule)).any(RuleRun::shows)
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

/// The rules of a check with their texts, in the order of the texts.
fn rules_of<'v>(check: &'static Check, text: &'v Text) -> impl Iterator<Item = (Depth, &'v RuleText, &'static Rule)> {
    text.rules().filter_map(|(depth, text)| Some((depth, text, check.rule(&text.id)?)))
}

/// The view that rules of a depth look at.
fn seen(view: &View, depth: Depth) -> &View {
    if depth == Depth::Proven { view.proven() } else { view }
}

fn outline(view: &View, item: &Item, check: &'static Check, text: &Text) -> Outline {
    let applies = Applies::of(view, item, Some((check, text)));
    let preview = item.is_control() && view.statement().is_none();
    let mut rules: Vec<Outlined> = Vec::new();
    let mut alone: Option<String> = None;
    for (depth, of, rule) in rules_of(check, text) {
        let asked = match &alone {
            _ if !applies.is_judged() => Asked::NotJudged,
            Some(first) => Asked::NoRecord(first.clone()),
            None => Asked::of(view, rule, depth),
        };
        if !asked.is_yes() {
            rules.push(Outlined { asked, open: Vec::new(), accepted: Vec::new() });
            continue;
        }
        let asked = ask(view, item, rule, depth);
        if rules.is_empty() && !asked.open.is_empty() && of.grade >= Grade::Minor && rests_on_nothing(view, text) {
            alone = Some(rule.id.to_owned());
        }
        rules.push(asked);
    }
    Outline { applies, preview, rules }
}

fn ask(view: &View, item: &Item, rule: &'static Rule, depth: Depth) -> Outlined {
    let seen = seen(view, depth);
    let failed = &verdicts(seen, rule).failed;
    let unbound = |lapse: &Lapse| !std::ptr::eq(seen, view) && !verdicts(view, rule).failed.contains(lapse);
    let (mut open, mut accepted) = (Vec::new(), Vec::new());
    for (at, lapse) in failed.iter().enumerate() {
        match covering::covered_by(view, &item.id, lapse) {
            by if by.is_empty() => open.push((at, unbound(lapse))),
            by => accepted.push((at, by)),
        }
    }
    // The heaviest first: the tier of its system, then how long it stood, then the record.
    let weight = |lapse: &Lapse| (lapse.tier, lapse.days.map_or(0, |days| days.days()));
    open.sort_by_key(|(at, _)| (std::cmp::Reverse(weight(&failed[*at])), failed[*at].subject, failed[*at].system));
    Outlined { asked: Asked::Yes, open, accepted }
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

/// The deepest depth at which a control is met by its checks on the view's day: what its implementation is computed from. Only as
/// many rules are judged as that takes: one that fails ends it.
#[must_use]
pub fn implementation(view: &View, control: &str) -> Option<Depth> {
    let control = Control::of(view, control)?;
    Depth::ALL.into_iter().take_while(|depth| control.meets(*depth)).last()
}

/// Whether a control is met at a depth on the view's day. The rules of `suspects`, which fail on another day, are judged first.
#[must_use]
pub fn is_met(view: &View, control: &str, depth: Depth, suspects: &[&str]) -> bool {
    let Some(control) = Control::of(view, control) else { return false };
    let mut suspected = control.rules().filter(|(of, _, rule)| *of <= depth && suspects.contains(&rule.id));
    let sound = suspected.all(|(depth, text, rule)| control.look(depth, text, rule).is_some());
    sound && Depth::ALL.into_iter().filter(|other| *other <= depth).all(|depth| control.meets(depth))
}

/// The rules that keep a control from being met on the view's day, at any depth.
#[must_use]
pub fn failing(view: &View, control: &str) -> Vec<&'static str> {
    let Some(control) = Control::of(view, control) else { return Vec::new() };
    let failing = control.rules().filter(|(depth, text, rule)| control.look(*depth, text, rule).is_none());
    failing.map(|(_, _, rule)| rule.id).collect()
}

/// A control that is judged on the view's day.
struct Control<'v> {
    view: &'v View,
    item: &'v Item,
    check: &'static Check,
    text: &'v Text,
}

impl<'v> Control<'v> {
    fn of(view: &'v View, control: &str) -> Option<Self> {
        let item = view.frameworks().item(control)?;
        let check = check::find(control)?;
        let text = view.texts().get(&item.id)?;
        Applies::of(view, item, Some((check, text))).is_judged().then_some(Self { view, item, check, text })
    }

    fn rules(&self) -> impl Iterator<Item = (Depth, &'v RuleText, &'static Rule)> {
        rules_of(self.check, self.text)
    }

    /// What [`ItemRun::met`] says about this depth, when the depths before it are met.
    fn meets(&self, depth: Depth) -> bool {
        let (mut asked, mut shown) = (false, depth == Depth::Documented);
        for (_, text, rule) in self.rules().filter(|(of, _, _)| *of == depth) {
            match self.look(depth, text, rule) {
                None => return false,
                Some(Looked::NotAsked) => {}
                Some(Looked::Sound { shows }) => (asked, shown) = (true, shown || shows),
            }
        }
        asked && shown
    }

    /// What a rule says about the control; nothing where it keeps it from being met.
    fn look(&self, depth: Depth, text: &'v RuleText, rule: &'static Rule) -> Option<Looked> {
        let asked = Asked::of(self.view, rule, depth);
        if !asked.is_yes() {
            return (!asked.blocks()).then_some(Looked::NotAsked);
        }
        let found = verdicts(seen(self.view, depth), rule);
        let mut failed = found.failed.iter().filter(|_| text.grade >= Grade::Minor);
        let open = failed.any(|lapse| covering::covered_by(self.view, &self.item.id, lapse).is_empty());
        (!open).then_some(Looked::Sound { shows: !found.passed.is_empty() })
    }
}

/// What a rule says that does not keep a control from being met.
enum Looked {
    /// it is not asked
    NotAsked,
    /// nothing fails it
    Sound {
        /// whether a record passed it
        shows: bool,
    },
}
