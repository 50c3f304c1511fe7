//! The nonconformities that rules speak about.

use jiff::ToSpan;
use vouch_record::kind::generated::nonconformity::Nonconformity;

use crate::view::{Entry, View};

/// The nonconformities that are open, or were closed in the last twelve months; what was rejected is none.
pub(super) fn open_or_closed(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let year = view.past(&365.days());
    view.all(Nonconformity::KIND).filter(move |entry| match entry.state() {
        "rejected" => false,
        "closed" => entry.entered("closed").is_some_and(|on| year.has(on)),
        _ => true,
    })
}

/// Those of them that are open.
pub(super) fn open(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Nonconformity::KIND).filter(|entry| !entry.is_any(&["closed", "rejected"]))
}

/// Those closed in the last twelve months.
pub(super) fn closed(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let year = view.last_days(365);
    let within = move |entry: &Entry<'_>| entry.entered("closed").zip(year).is_some_and(|(on, year)| year.has(on));
    view.all(Nonconformity::KIND).filter(|entry| entry.is("closed")).filter(within)
}

/// Those raised in the last twelve months.
pub(super) fn raised(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let year = view.last_days(365);
    let within =
        move |entry: &Entry<'_>| Nonconformity(entry.content()).raised_at().get().zip(year).is_some_and(|(on, year)| year.has(on));
    view.all(Nonconformity::KIND).filter(|entry| !entry.is("rejected")).filter(within)
}
