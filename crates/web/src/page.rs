//! Pages: handler, template and style of one page stand together.

pub(crate) mod acting;
pub(crate) mod area;
pub(crate) mod candidate;
pub(crate) mod document;
pub(crate) mod draft;
pub(crate) mod error;
pub(crate) mod evidence;
pub(crate) mod form;
pub(crate) mod gaps;
pub(crate) mod help;
pub(crate) mod impact;
pub(crate) mod incident;
pub(crate) mod kind;
pub(crate) mod my_work;
pub(crate) mod nonconformity;
pub(crate) mod overview;
pub(crate) mod record;
pub(crate) mod requirement;
pub(crate) mod risks;
pub(crate) mod search;
pub(crate) mod sign_in;
pub(crate) mod soa;
pub(crate) mod supplier;
pub(crate) mod systems;
pub(crate) mod theme;
pub(crate) mod verb;
