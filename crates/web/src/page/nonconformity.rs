//! Nonconformities: from the first reaction to the cure that somebody else has verified.

mod action;
mod list;
mod shown;

pub(crate) use list::list;
pub(crate) use shown::show;
