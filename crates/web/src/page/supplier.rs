//! Suppliers and customers: who gives what to which system, how it was looked at, who does what, and what was promised on.

mod diligence;
mod list;
mod shown;

pub(crate) use list::list;
pub(crate) use shown::show;
