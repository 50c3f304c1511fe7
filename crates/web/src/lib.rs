//! The pages of Vouch and what the same addresses answer to programs: server-rendered, complete without a script.
//!
//! - [`Site`]: an installation with what pages need beside it (sessions, cached answers, the state of the log).
//! - `route`: the table of addresses; `page/<name>`: handler, template and style of one page together.
//! - `shell`: sidebar, top bar, banner, foot; `part`: the components that pages are built from; `chart`: figures as SVG.
//! - `asset`, `style`: what is embedded, named by its content.
//!
//! Handlers are plain functions from a [`request::Context`] to an answer; `serve` is the only place that knows the HTTP server.
//!
//! This crate never contains: a rule of conformity, a permission, a write that is not a use case of `vouch-app`, an address of
//! another host, a clock or randomness of its own.

mod answer;
mod asset;
mod bulk;
mod chart;
mod format;
mod intake;
mod lent;
mod measures;
mod nav;
mod packing;
mod page;
mod part;
mod past;
mod place;
mod proof_in_date;
mod request;
mod route;
mod serve;
mod session;
mod shelf;
mod shell;
mod site;
mod spreadsheet;
mod stream;
mod style;
mod verification;

pub use route::addresses;
pub use serve::{router, serve};
pub use site::{Settings, Site};
