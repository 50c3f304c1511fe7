//! Measures in force and their values.

use vouch_record::kind::generated::measure::{Measure, MeasureLevel};
use vouch_record::kind::generated::measurement::Measurement;

use super::management_review::days_of;
use crate::view::{Entry, View, Window};

/// The measures in force.
pub(super) fn in_force(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Measure::KIND).filter(|measure| measure.is("in_force"))
}

/// Whether a measure speaks about the management system.
pub(super) fn is_of_the_system(measure: Entry<'_>) -> bool {
    Measure(measure.content()).level().is(MeasureLevel::Aims)
}

/// The values of a measure, void ones left out.
pub(super) fn values(measure: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    measure.incoming(Measurement::KIND, "measure").filter(|value| !value.is("void"))
}

/// The values of all measures that were taken in a period, void ones left out.
pub(super) fn taken_in(view: &View, period: Option<Window>) -> impl Iterator<Item = Entry<'_>> {
    view.all(Measurement::KIND).filter(move |value| {
        let at = Measurement(value.content()).taken_at().get();
        !value.is("void") && at.zip(period).is_some_and(|(at, period)| period.has(view.day(at)))
    })
}

/// What people call the measure of a value.
pub(super) fn called(value: Entry<'_>) -> String {
    value.linked("measure").map_or_else(|| value.label(), |measure| measure.label())
}

/// The days that a value covers.
pub(super) fn days(value: Entry<'_>) -> Option<Window> {
    days_of(value)
}
