//! Whether suppliers are assessed anew in time.

use jiff::civil::Date;
use vouch_record::kind::generated::supplier::Supplier;
use vouch_record::time::after;

use super::contract::lapse_of;
use super::population::{approved_on, is_weighty, suppliers};
use crate::derived::supplier::{assessment_current, latest_assessment, stays_current};
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, View};

/// A.10.3-O1
pub(super) fn weighty_ones_always_current(view: &View) -> Verdicts {
    let (Some(window), Some(first)) = (view.window(), view.first_scope_on()) else { return Verdicts::holds() };
    each(suppliers(view).filter(|supplier| is_weighty(*supplier)), |supplier| {
        Judgement::needing(supplier, &["assessments", "tier"], || {
            let Some(approved) = approved_on(supplier) else { return Judgement::Skip("never approved".to_owned()) };
            let from = if supplier.created_on() < first { view.settled_in(first).max(approved) } else { approved };
            let Some(asked) = window.from_day(from) else { return Judgement::Skip("settling in".to_owned()) };
            let days = breakpoints(asked, [supplier], ends(supplier));
            let late = on_every_day(asked, &days, |day| supplier.on(day).is_none_or(assessment_current));
            Judgement::of(
                late.into_iter().map(|days| lapse(supplier.on(days.from).unwrap_or(supplier), supplier).over(days)).collect(),
            )
        })
    })
}

/// The days up to which its assessments stay current.
fn ends(supplier: Entry<'_>) -> Vec<Date> {
    let content = Supplier(supplier.content());
    let length = stays_current(content.tier().get());
    content.assessments().filter_map(|row| Some(after(row.on()?, &length))).collect()
}

/// A lapse that names the last assessment before it.
fn lapse(then: Entry<'_>, supplier: Entry<'_>) -> Lapse {
    let last = latest_assessment(then).and_then(|row| row.on());
    lapse_of(supplier).maybe("date", last)
}

/// A.10.3-O2
pub(super) fn others_current_today(view: &View) -> Verdicts {
    each(suppliers(view).filter(|supplier| !is_weighty(*supplier)), |supplier| {
        Judgement::needing(supplier, &["assessments", "tier"], || {
            Judgement::when(assessment_current(supplier), || lapse(supplier, supplier))
        })
    })
}
