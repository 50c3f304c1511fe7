//! Pages: handler, template and style of one page stand together.

pub(crate) mod acting;
pub(crate) mod error;
pub(crate) mod my_work;
pub(crate) mod overview;
pub(crate) mod sign_in;
pub(crate) mod theme;
