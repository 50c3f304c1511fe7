//! Documents: policies, procedures and records with version, approval, review date and acknowledgements; a reader for each.

mod acknowledgement;
mod export;
mod list;
mod reader;
mod row;
mod versions;

pub(crate) use acknowledgement::acknowledge;
pub(crate) use export::{csv, xlsx};
pub(crate) use list::show as list;
pub(crate) use reader::show;
