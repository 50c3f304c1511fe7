//! Reading real inventories: a table of any shape, a mapping that says what its columns mean, and per row the records
//! that would come of it.
//!
//! Three layers, none of which knows the store: [`table`] turns bytes into rows of text; [`mapping`] is what a person
//! writes in TOML; [`proposal`] is one row seen through a mapping. The use case above them decides what is written.
//!
//! Never contains a clock, a lookup in records, or a rule about a kind: names of kinds, fields and answers stand in the
//! mapping only.

pub mod error;
mod guess;
pub mod mapping;
pub mod mend;
pub mod preset;
pub mod proposal;
mod run;
pub mod table;
pub mod text;

pub use guess::{Columns, columns, guessed, mapped};
pub(crate) use run::table_error as table_failure;
pub use run::{Conflict, Mode, OnRow, Order, Rejection, Report, Source, Vanished, is_imported};
