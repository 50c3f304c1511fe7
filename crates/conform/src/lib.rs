//! Conformity computed from records, at a date.
//!
//! - [`view`]: the organisation as of a day; the only thing rules may look at.
//! - [`derived`]: values computed from several records, one file per kind.
//! - [`framework`]: requirements as data.
//! - [`shape`]: the dozen forms that most rules are instances of.
//! - [`check`]: the rules, three siblings per requirement (texts, predicates, cases).
//! - [`failure_mode`]: the ways certifications fail, across requirements.
//! - [`freshness`]: when proof was made, how long it stays in date, where it ran dry.
//! - [`statement`], [`gap`]: the Statement of Applicability and the gap list of a day.
//! - [`coverage`]: other frameworks through the crosswalk.
//! - [`sample`]: samples that nobody could choose and anybody can draw again.
//! - [`readiness`]: what is documented, what operates, what is proven, and what an auditor would find.
//!
//! This crate never contains: a clock, files, network, database, a stored status, or a rule that cannot be recomputed by hand.

mod as_text;
pub mod check;
pub mod coverage;
pub mod derived;
pub mod failure_mode;
pub mod framework;
pub mod freshness;
pub mod gap;
pub mod gate;
pub mod readiness;
pub mod sample;
pub mod shape;
pub mod statement;
pub mod view;

pub use framework::Frameworks;
pub use readiness::Readiness;
pub use view::{Entry, View};
