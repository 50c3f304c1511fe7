//! The scorings of a risk over its revisions, and the scores of second persons.

use jiff::civil::Date;
use vouch_record::kind::generated::risk::{Risk, RiskSecondScoreRow};
use vouch_record::view::Read;
use vouch_record::{Id, Leaf, Link};

use crate::derived::risk::score::{SCORES, Score};
use crate::shape::Judgement;
use crate::view::{Entry, Subject, View, Window};

/// States in which scores of a risk count.
pub(super) const SCORED: [&str; 2] = ["assessed", "decided"];

/// Every risk whose scores count today.
pub(super) fn scored(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Risk::KIND).filter(|risk| risk.is_any(&SCORED))
}

/// The risks of a system whose scores count today.
pub(super) fn scored_of(system: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    system.incoming(Risk::KIND, "ai_systems").filter(|risk| risk.is_any(&SCORED))
}

/// What `judge` says, unless a score was erased, or what the method of the risk makes of scores.
pub(super) fn needing_scores(risk: Entry<'_>, more: &[&str], judge: impl FnOnce() -> Judgement) -> Judgement {
    const RESIDUAL: [&str; 5] =
        ["method", "residual_likelihood", "residual_organisation", "residual_individuals", "residual_society"];
    let fields: Vec<&str> = RESIDUAL.iter().chain(more).copied().collect();
    Judgement::needing(risk, &fields, || match risk.linked("method") {
        Some(method) => Judgement::needing(method, &["matrix", "combine", "weights"], judge),
        None => judge(),
    })
}

/// A revision of a risk that was assessed.
#[derive(Clone, Copy)]
pub(super) struct Scoring<'v>(pub(super) &'v Leaf);

impl<'v> Scoring<'v> {
    fn read<T: Read<'v>>(self, field: &str) -> Option<T> {
        self.0.body.get(field).and_then(T::read)
    }

    /// The day of its scores.
    pub(super) fn assessed_on(self) -> Option<Date> {
        self.read("assessed_on")
    }

    /// What it was scored because of.
    pub(super) fn occasion(self) -> Option<Id> {
        self.read::<Link>("occasion_record").map(|link| link.id)
    }

    /// Whether scores or decision differ from those of another scoring.
    pub(super) fn differs(self, other: Self) -> bool {
        SCORES.iter().chain(&["decision"]).any(|field| self.0.body.get(field) != other.0.body.get(field))
    }

    /// Whether it holds the scores of another scoring, made on the same day with the same method.
    fn repeats(self, other: Self) -> bool {
        SCORES.iter().chain(&["assessed_on", "method"]).all(|field| self.0.body.get(field) == other.0.body.get(field))
    }
}

/// The revisions of a risk that reached a state in which scores count, oldest first.
pub(super) fn scorings(risk: Entry<'_>) -> Vec<Scoring<'_>> {
    let counted: Vec<u32> =
        risk.leaves().iter().filter(|leaf| SCORED.contains(&leaf.state.as_ref())).map(|leaf| leaf.revision).collect();
    risk.revisions().filter(|leaf| counted.contains(&leaf.revision)).map(Scoring).collect()
}

/// The revision in which the present scores were first written down.
pub(super) fn first_written(risk: Entry<'_>) -> &Leaf {
    let shown = Scoring(risk.made());
    let revisions = risk.revisions().rev().map(Scoring).skip_while(|scoring| scoring.0.revision > shown.0.revision);
    revisions.take_while(|scoring| scoring.repeats(shown)).last().unwrap_or(shown).0
}

/// The risks of which some scoring names this record as what it was made because of, each with those scorings.
pub(super) fn because_of<'v>(record: Entry<'v>) -> Vec<(Entry<'v>, Vec<Scoring<'v>>)> {
    let named = record.linking(Risk::KIND).map(|risk| {
        let made: Vec<Scoring<'v>> = scorings(risk).into_iter().filter(|scoring| scoring.occasion() == Some(record.id())).collect();
        (risk, made)
    });
    named.filter(|(_, made)| !made.is_empty()).collect()
}

/// A first score and the score of a second person.
pub(super) struct Pair {
    /// the score that stood
    pub(super) first: Score,
    /// the score of the second person
    pub(super) second: Score,
}

impl Pair {
    /// Whether they differ by no more than so many levels on every side.
    pub(super) fn agrees(&self, tolerance: i64) -> bool {
        let sides = |score: Score| [score.likelihood, score.organisation, score.individuals, score.society];
        sides(self.first).into_iter().zip(sides(self.second)).all(|(first, second)| (first - second).abs() <= tolerance)
    }
}

/// The latest score of the period by a person outside those who scored, beside the score that stood on its day.
pub(super) fn second_score(risk: Entry<'_>, period: Window) -> Option<Pair> {
    let rows = Risk(risk.content()).second_scores().filter(|row| row.on().is_some_and(|on| period.has(on)));
    let pair = |row: RiskSecondScoreRow<'_>| {
        let then = stood_on(risk, row.on()?)?;
        let person = row.person()?.id;
        let outside = !Risk(then.content()).assessed_by().any(|link| link.id == person);
        let pair = Pair { first: Score::residual(then.content())?, second: Score::second(row)? };
        outside.then_some((row.on()?, pair))
    };
    rows.filter_map(pair).max_by_key(|(on, _)| *on).map(|(_, pair)| pair)
}

/// The risk as it was scored on a day: as it stands, unless it was scored again since.
fn stood_on(risk: Entry<'_>, day: Date) -> Option<Entry<'_>> {
    let again = Risk(risk.content()).assessed_on().get().is_some_and(|on| day < on);
    if again { risk.on(day) } else { Some(risk) }
}

/// The risks whose present scores were made in a period.
pub(super) struct Year<'v> {
    /// those of which can be said whether a second person scored them
    pub(super) risks: Vec<Entry<'v>>,
    /// those whom a second person scored
    pub(super) twice: Vec<(Entry<'v>, Pair)>,
    /// those of which something was erased that this rests on
    pub(super) undecided: Vec<(Subject, String)>,
}

/// The risks whose present scores were made in a period, and who scored them.
pub(super) fn scored_in(view: &View, period: Window) -> Year<'_> {
    const READ: [&str; 7] = [
        "second_scores",
        "assessed_by",
        "assessed_on",
        "residual_likelihood",
        "residual_organisation",
        "residual_individuals",
        "residual_society",
    ];
    let erased = |risk: &Entry<'_>| READ.into_iter().find(|field| risk.value(field).is_erased());
    let made = |risk: &Entry<'_>| Risk(risk.content()).assessed_on().get().is_some_and(|on| period.has(on));
    let undecided = scored(view).filter_map(|risk| Some((risk.subject(), format!("`{}` was erased", erased(&risk)?)))).collect();
    let risks: Vec<Entry<'_>> = scored(view).filter(|risk| erased(risk).is_none() && made(risk)).collect();
    let twice = risks.iter().filter_map(|risk| Some((*risk, second_score(*risk, period)?))).collect();
    Year { risks, twice, undecided }
}
