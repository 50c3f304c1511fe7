//! Incidents: which clocks run, what was done, whom it concerned, what was learned.

mod clock;
mod list;
mod shown;

pub(crate) use clock::span;
pub(crate) use list::list;
pub(crate) use shown::show;
