//! One row per risk: what map, lists and exports show.

use std::collections::BTreeMap;

use jiff::civil::Date;
use vouch_conform::derived::risk::score::Score;
use vouch_conform::derived::{is_over, risk, treatment};
use vouch_conform::{Entry, View};
use vouch_record::Id;
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::risk::{Risk, RiskType};
use vouch_record::kind::generated::shared::{RiskCategory, RiskTier};
use vouch_record::kind::generated::treatment::Treatment;

use crate::part::badge::Tone;
use crate::part::person::name_of;
use crate::part::value;

/// Likelihood and combined consequence.
pub(crate) type Cell = (i64, i64);

/// What answers a risk.
#[derive(Clone, Debug)]
pub(crate) struct Answered {
    /// whether that is enough
    pub(crate) tone: Tone,
    /// the word for it
    pub(crate) word: String,
}

/// One risk.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) id: Id,
    pub(crate) title: String,
    pub(crate) state: String,
    pub(crate) is_open: bool,
    pub(crate) is_threat: bool,
    pub(crate) systems: Vec<(Id, String)>,
    pub(crate) categories: Vec<RiskCategory>,
    pub(crate) inherent: Option<Cell>,
    pub(crate) residual: Option<Cell>,
    pub(crate) inherent_level: Option<RiskTier>,
    pub(crate) residual_level: Option<RiskTier>,
    pub(crate) owner: Option<(Id, String)>,
    pub(crate) answer: Answered,
    /// the next day on which something is due
    pub(crate) due: Option<Date>,
    /// whether that day, or a new score, is late
    pub(crate) overdue: bool,
    /// whether it lies above the acceptance limit of its method
    pub(crate) above: bool,
    /// the acceptance in force
    pub(crate) accepted: Option<Id>,
}

/// Every risk of a day.
pub(crate) struct Rows {
    pub(crate) all: Vec<Row>,
}

impl Rows {
    /// The rows of a view.
    pub(crate) fn of(view: &View) -> Self {
        Self { all: view.all(Risk::KIND).map(row).collect() }
    }
}

/// The row of one risk.
pub(crate) fn row(entry: Entry<'_>) -> Row {
    let content = Risk(entry.content());
    let view = entry.view();
    let method = risk::method(entry);
    let cell =
        |score: Option<Score>| score.zip(method).and_then(|(score, method)| Some((score.likelihood, score.consequence(method)?)));
    let acceptance = risk::acceptance(entry);
    let due = due(entry, acceptance);
    Row {
        id: entry.id(),
        title: value::name(entry),
        state: entry.state().to_owned(),
        is_open: !is_over(entry),
        is_threat: !content.type_().is(RiskType::Opportunity),
        systems: content.ai_systems().map(|link| (link.id, name_of(view, link.id))).collect(),
        categories: content.categories().collect(),
        inherent: cell(Score::inherent(entry.content())),
        residual: cell(Score::residual(entry.content())),
        inherent_level: risk::inherent_level(entry),
        residual_level: risk::residual_level(entry),
        owner: content.owner().get().map(|link| (link.id, name_of(view, link.id))),
        answer: answer(entry, acceptance),
        overdue: due.is_some_and(|due| due < view.today()) || risk::overdue(entry),
        due,
        above: risk::above_limit(entry),
        accepted: acceptance.map(|one| one.id()),
    }
}

/// Treatments that are still to be done.
fn under_way(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    risk::treatments(entry).filter(|one| one.is_any(&["planned", "approved", "doing"]))
}

/// The earliest of: a treatment's day, the last day of the acceptance, the next review.
fn due(entry: Entry<'_>, acceptance: Option<Entry<'_>>) -> Option<Date> {
    let treated = under_way(entry).filter_map(|one| treatment::present_due(Treatment(one.content())));
    let until = acceptance.and_then(|one| Acceptance(one.content()).until().get());
    treated.chain(until).chain(Risk(entry.content()).review_by().get()).min()
}

/// What is done about it, and whether that is enough.
fn answer(entry: Entry<'_>, acceptance: Option<Entry<'_>>) -> Answered {
    let of = |tone, word: String| Answered { tone, word };
    let decision = |name: &str| value::choice(entry.view(), Risk::KIND, "decision", name);
    if is_over(entry) {
        return of(Tone::Plain, "Closed".to_owned());
    }
    if risk::residual_level(entry).is_none() {
        return of(Tone::Attention, "Not assessed".to_owned());
    }
    if let Some(one) = under_way(entry).next() {
        let option =
            one.text("option").map(|option| value::choice(entry.view(), Treatment::KIND, "option", option)).unwrap_or_default();
        let late = under_way(entry).any(treatment::overdue);
        let tone = if late || !risk::answered(entry) { Tone::Attention } else { Tone::Progress };
        return of(tone, option);
    }
    if let Some(one) = acceptance {
        return of(Tone::Good, format!("Accepted, {}", one.id()));
    }
    if risk::above_limit(entry) && !risk::answered(entry) {
        return of(Tone::Bad, "Not answered".to_owned());
    }
    match entry.text("decision") {
        Some(name) => of(Tone::Good, decision(name)),
        None => of(Tone::Progress, "Not decided".to_owned()),
    }
}

/// The sorts of risk with how many there are at each level, the most frequent first.
pub(crate) fn by_category(rows: &[&Row]) -> Vec<(RiskCategory, [usize; 4])> {
    let mut counts: BTreeMap<RiskCategory, [usize; 4]> = BTreeMap::new();
    for row in rows {
        let Some(level) = row.residual_level else { continue };
        for category in &row.categories {
            counts.entry(*category).or_default()[level as usize] += 1;
        }
    }
    let mut all: Vec<_> = counts.into_iter().collect();
    all.sort_by_key(|(category, counts)| (std::cmp::Reverse(counts.iter().sum::<usize>()), *category));
    all
}
