//! Use that has grown since it was assessed.

use jiff::ToSpan;
use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemAffectedRow};
use vouch_record::kind::generated::impact_assessment::{ImpactAssessment, ImpactAssessmentOccasion};
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::sealed_batch::SealedBatch;
use vouch_record::view::Row;
use vouch_record::{Leaf, Link, Value};

use crate::check::assessing::{group_of, is_deep, of_system};
use crate::derived::ai_system;
use crate::derived::impact_assessment::approved_at;
use crate::derived::sealed_batch::is_real;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// Over so many days use is counted.
const COUNT_DAYS: i64 = 90;
/// Fewer days than these cannot be compared.
const COMPARABLE_DAYS: i64 = 30;
/// Use has grown when it is so many times as much.
const GROWTH: Decimal = Decimal::TWO;
/// How long the look at the new scale may take.
const ANSWER_DAYS: i64 = 60;

/// How much more use there is than was assessed, and since when.
struct Growth {
    factor: Decimal,
    on: Date,
}

/// A.5.5-O3
pub(super) fn growth_is_assessed(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        let Some(assessment) = ai_system::assessment_in_force(system).filter(|one| is_deep(*one)) else {
            return Judgement::Skip("no deep impact assessment in force; see 8.4-D2".to_owned());
        };
        Judgement::needing(assessment, &["covers_to", "groups", "impacts"], || {
            let found = [use_grown(system, assessment), people_grown(system, assessment)];
            let open: Vec<Growth> = found.into_iter().flatten().filter(|growth| !is_answered(system, growth.on)).collect();
            let shown = || Judgement::Shown(vec![system.subject(), assessment.subject()]);
            let Some(growth) = open.into_iter().max_by_key(|growth| growth.factor) else { return shown() };
            let due = growth.on.saturating_add(ANSWER_DAYS.days());
            if view.today() <= due {
                return Judgement::Skip(format!("in time until {due}"));
            }
            let on = approved_at(assessment).map_or(view.today(), |at| view.day(at));
            let factor = growth.factor.round_dp(1).normalize();
            Judgement::Fail(Lapse::of(assessment).in_system(system).value("factor", factor).value("date", on))
        })
    })
}

/// The counted use of a system, with the days of each batch.
struct Counted(Vec<(Window, Decimal)>);

impl Counted {
    fn of(system: Entry<'_>) -> Self {
        let view = system.view();
        let batches = system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| is_real(*batch));
        let counted = batches.filter_map(|batch| {
            let content = SealedBatch(batch.content());
            let days = Window { from: view.day(content.from().get()?), to: view.day(content.to().get()?) };
            Some((days, Decimal::from(content.count().get()?)))
        });
        Self(counted.filter(|(days, _)| days.days() > 0).collect())
    }

    /// Events a day over the 90 days up to `to`, among days that batches cover; nothing if these are too few.
    fn a_day(&self, to: Date) -> Option<Decimal> {
        let asked = Window { from: to.saturating_sub((COUNT_DAYS - 1).days()), to };
        let first = self.0.iter().map(|(days, _)| days.from).min()?;
        let last = self.0.iter().map(|(days, _)| days.to).max()?;
        let covered = asked.and(Window { from: first, to: last })?.days();
        let share = |(days, count): &(Window, Decimal)| {
            let inside = asked.and(*days).map_or(0, |shared| shared.days());
            *count * Decimal::from(inside) / Decimal::from(days.days())
        };
        (covered >= COMPARABLE_DAYS).then(|| self.0.iter().map(share).sum::<Decimal>() / Decimal::from(covered))
    }
}

fn use_grown(system: Entry<'_>, assessment: Entry<'_>) -> Option<Growth> {
    let covers_to = ImpactAssessment(assessment.content()).covers_to().get()?;
    let counted = Counted::of(system);
    let before = counted.a_day(covers_to).filter(|before| !before.is_zero())?;
    let factor = counted.a_day(system.view().today())? / before;
    if factor < GROWTH {
        return None;
    }
    let ends = counted.0.iter().map(|(days, _)| days.to).filter(|day| *day > covers_to);
    let on = ends.filter(|day| counted.a_day(*day).is_some_and(|then| then >= before * GROWTH)).min();
    Some(Growth { factor, on: on.unwrap_or(system.view().today()) })
}

/// A group of which the inventory counts twice as many as the assessment, since the first revision of the system that said so.
fn people_grown(system: Entry<'_>, assessment: Entry<'_>) -> Option<Growth> {
    let view = system.view();
    let approved = approved_at(assessment).map(|at| view.day(at))?;
    let grown = |row: AiSystemAffectedRow<'_>| {
        let (count, assessed) = (Decimal::from(row.count()?), Decimal::from(assessed_people(assessment, row)?));
        (!assessed.is_zero() && count >= assessed * GROWTH).then(|| count / assessed)
    };
    let factor = AiSystem(system.content()).affected().filter_map(grown).max()?;
    let says = |leaf: &&Leaf| {
        let rows = leaf.body.get("affected").map_or(&[][..], Value::items);
        rows.iter().any(|row| grown(AiSystemAffectedRow::from(Row(row))).is_some())
    };
    let since = system.revisions().find(says).map_or(approved, |leaf| view.day(leaf.time));
    Some(Growth { factor, on: since.max(approved) })
}

/// How many people of a group an assessment counts: those of the group, or of its impacts if these are more.
fn assessed_people(assessment: Entry<'_>, affected: AiSystemAffectedRow<'_>) -> Option<i64> {
    let group = group_of(assessment, affected)?;
    let impacts =
        ImpactAssessment(assessment.content()).impacts().filter(|row| row.group().is_some() && row.group() == group.code());
    impacts.filter_map(|row| row.people()).chain(group.count()).max()
}

/// Whether an assessment of occasion scale was approved, or a look at the scale confirmed, within the time. What became due before the
/// window may have come later.
fn is_answered(system: Entry<'_>, on: Date) -> bool {
    let view = system.view();
    let due = on.saturating_add(ANSWER_DAYS.days());
    let until = if view.window().is_some_and(|window| window.from > due) { view.today() } else { due };
    let within = |day: Date| on <= day && day <= until;
    of_system(system).any(|assessment| {
        let content = ImpactAssessment(assessment.content());
        let approved = content.occasion().is(ImpactAssessmentOccasion::Scale)
            && approved_at(assessment).is_some_and(|at| within(view.day(at)));
        approved
            || content
                .confirmations()
                .any(|row| row.on().is_some_and(within) && row.because().is_none_or(|link| is_of_scale(system, link)))
    })
}

/// Whether what a confirmation was made because of shows how much a system is used: itself, a batch or a measurement of it.
fn is_of_scale(system: Entry<'_>, link: Link) -> bool {
    let counts = |entry: Entry<'_>| [SealedBatch::KIND, Measurement::KIND].contains(&entry.kind().name.as_str());
    link.id == system.id() || system.view().get(link.id).is_some_and(|entry| counts(entry) && entry.names(system.id(), "ai_system"))
}
