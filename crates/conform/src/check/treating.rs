//! Treatments: the days they were promised for, who agreed to another day, and whether their effect was judged on later records.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::risk::{Risk, RiskConcerns, RiskType};
use vouch_record::kind::generated::treatment::{Treatment, TreatmentDelayRow};
use vouch_record::time::after;

use super::wording::called;
use super::written::row_written;
use crate::derived::ai_system;
use crate::derived::treatment::own_date;
use crate::view::{Entry, View, Window};

/// How long after `judge_after` the judgement of an effect may take.
const JUDGED_WITHIN: i64 = 30;

/// Whether a risk is about the management system, or a chance.
pub(super) fn is_of_management_system(risk: Entry<'_>) -> bool {
    let risk = Risk(risk.content());
    risk.type_().is(RiskType::Opportunity) || risk.concerns().is(RiskConcerns::Aims)
}

/// The treatments of risks of systems in scope, cancelled ones too.
pub(super) fn of_systems(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let of_system = |risk: Entry<'_>| risk.links("ai_systems").any(ai_system::in_scope);
    view.all(Treatment::KIND).filter(move |treatment| treatment.links("risks").any(of_system))
}

/// How a promised day was not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Broken {
    /// it was not done by then, and no other day was agreed
    Silent,
    /// somebody who owns none of the risks agreed to another day
    ByAnother(Option<Id>),
    /// the owner agreed once the day had passed
    TooLate(Date),
}

impl Broken {
    /// A clause with the treatment as subject.
    pub(super) fn words(self, view: &View) -> String {
        match self {
            Self::Silent => "nobody agreed to a new day".to_owned(),
            Self::ByAnother(None) => "was put off without anybody who agreed".to_owned(),
            Self::ByAnother(by) => format!("was put off by {}, who owns none of its risks", called(view, by)),
            Self::TooLate(on) => format!("was put off only on {on}"),
        }
    }
}

/// The first day of a period for which a treatment was promised and not kept: neither done by then nor put off with the owner of a
/// risk before it passed. Days that have not passed yet are kept.
pub(super) fn first_broken(treatment: Entry<'_>, period: Window) -> Option<(Date, Broken)> {
    let content = Treatment(treatment.content());
    let today = treatment.view().today();
    let mut promised: Vec<Date> =
        content.due().get().into_iter().chain(content.delays().flat_map(|row| [row.from(), row.to()]).flatten()).collect();
    promised.sort_unstable();
    promised.dedup();
    let done = content.done_at().get();
    let passed = promised.into_iter().filter(|day| period.has(*day) && *day < today && done.is_none_or(|done| done > *day));
    passed.into_iter().find_map(|day| {
        let rows: Vec<_> = content.delays().filter(|row| row.from() == Some(day)).collect();
        let Some(first) = rows.first() else { return Some((day, Broken::Silent)) };
        let kept = rows.iter().any(|row| wrongly_put_off(treatment, *row).is_none());
        if kept { None } else { wrongly_put_off(treatment, *first).map(|broken| (day, broken)) }
    })
}

/// Whether a day of this period was promised.
pub(super) fn is_promised_in(treatment: Entry<'_>, period: Window) -> bool {
    let content = Treatment(treatment.content());
    content
        .due()
        .get()
        .into_iter()
        .chain(content.delays().flat_map(|row| [row.from(), row.to()]).flatten())
        .any(|day| period.has(day))
}

/// Why a row that puts a treatment off does not count: not agreed by the owner of a risk it names, or written after the day it moves.
pub(super) fn wrongly_put_off<'v>(treatment: Entry<'v>, row: TreatmentDelayRow<'v>) -> Option<Broken> {
    let by = row.agreed_by().map(|link| link.id);
    let owns = |risk: Entry<'_>| Risk(risk.content()).owner().get().map(|link| link.id) == by;
    if by.is_none() || !treatment.links("risks").any(owns) {
        return Some(Broken::ByAnother(by));
    }
    let written = row_written(treatment, "delays", row.0).map(|leaf| treatment.view().day(leaf.time))?;
    row.from().is_some_and(|from| written > from).then_some(Broken::TooLate(written))
}

/// The last day on which the effect of a done treatment is judged in time; nothing while it is not done.
pub(super) fn judged_until(treatment: Entry<'_>) -> Option<Date> {
    let content = Treatment(treatment.content());
    let done = content.done_at().get()?;
    let wait = content.judge_after().get().unwrap_or_else(|| 0.days());
    Some(after(done, &wait).saturating_add(JUDGED_WITHIN.days()))
}

/// Whether its effect was judged, with a record about it that is later than the day it was done.
pub(super) fn is_judged_on_later_records(treatment: Entry<'_>) -> bool {
    let done = Treatment(treatment.content()).done_at().get();
    treatment.is("judged") && treatment.links("effect_records").any(|record| done.is_some_and(|done| own_date(record) > done))
}
