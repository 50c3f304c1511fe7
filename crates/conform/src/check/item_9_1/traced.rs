//! Whether values can be traced to what they were counted from, and counted again.

use rust_decimal::Decimal;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::measure::{Measure, MeasureSource};
use vouch_record::kind::generated::measurement::Measurement;

use crate::check::measured::{called, days, taken_in};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// 9.1-P2
pub(super) fn values_can_be_traced(view: &View) -> Verdicts {
    each(taken_in(view, view.window()), |value| {
        Judgement::needing(value, &["value", "numerator", "denominator", "batches", "evidence"], || {
            let Some(period) = days(value) else { return Judgement::Undecided("its period is not known".to_owned()) };
            let Some(defect) = untraced(value, period) else { return Judgement::Pass };
            let number =
                Measurement(value.content()).value().get().map_or_else(|| "without a number".to_owned(), |one| one.to_string());
            let named = Lapse::of(value).value("measure", called(value)).value("value", number);
            Judgement::Fail(named.value("period", format!("{} to {}", period.from, period.to)).value("defect", defect))
        })
    })
}

/// Why a value cannot be traced, or does not recompute.
fn untraced(value: Entry<'_>, period: Window) -> Option<&'static str> {
    let content = Measurement(value.content());
    let again = recomputed(content);
    if again == Some(false) {
        return Some("it is not numerator by denominator");
    }
    let from_records = value
        .linked("measure")
        .is_some_and(|measure| Measure(measure.content()).source().is(MeasureSource::Computed) && again == Some(true));
    let batched = content.batches().next().is_some();
    if batched || from_records || shown(value, period) {
        return None;
    }
    Some("it names no batch and no reviewed evidence of its days")
}

/// Whether numerator by denominator is the value, as far as it is rounded; nothing where one of them is missing. A share may be told in
/// per cent.
fn recomputed(content: Measurement<'_>) -> Option<bool> {
    let (top, bottom) = (content.numerator().get()?, content.denominator().get()?);
    let told = content.value().get()?;
    let ratio = top.checked_div(bottom)?;
    let near = |one: Decimal| one.round_dp(told.scale()) == told;
    Some(near(ratio) || near(ratio * Decimal::ONE_HUNDRED))
}

/// Whether reviewed evidence covers the days of a value.
fn shown(value: Entry<'_>, period: Window) -> bool {
    value.links("evidence").filter(|entry| entry.is("reviewed")).any(|entry| {
        let evidence = Evidence(entry.content());
        let (from, to) = (evidence.covers_from().get(), evidence.covers_to().get());
        from.is_some_and(|from| from <= period.from) && to.is_some_and(|to| period.to <= to)
    })
}
