//! What pages are built from: typed functions that return markup.

pub(crate) mod badge;
pub(crate) mod button;
pub(crate) mod course;
pub(crate) mod difference;
pub(crate) mod empty;
pub(crate) mod field;
pub(crate) mod finding;
pub(crate) mod icon;
pub(crate) mod input;
pub(crate) mod list;
pub(crate) mod markdown;
pub(crate) mod person;
pub(crate) mod preview;
pub(crate) mod requirement;
pub(crate) mod state;
pub(crate) mod table;
pub(crate) mod value;
