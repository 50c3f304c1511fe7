//! What an organisation keeps: typed records with revisions, their kinds, and the state that follows from the log.
//!
//! - [`kind`]: the table of kinds, read from `kinds/*.yaml`; it validates bodies and drives every surface.
//! - [`body`] and [`value`]: one revision's content in the encoding of FORMATS §1.
//! - [`condition`]: the small language in which kinds say when a field is needed and what a transition wants.
//! - [`state`]: `State = fold(leaves)`; as-of is a cut through the same state.
//! - [`words`]: names of the tables as people read them.
//! - [`view`]: a record's content as rules read it; typed views over it are generated in [`kind::generated`].
//! - [`validate`]: from what a person or a file hands in to a body, with every defect named.
//!
//! This crate never contains: files, network, database, clock, randomness, logging, or a rule about conformity.

pub mod body;
pub mod condition;
pub mod cover;
pub mod id;
pub mod kind;
mod name;
pub mod state;
pub mod time;
pub mod validate;
pub mod value;
pub mod view;
pub mod words;

pub use body::Body;
pub use id::{Id, Link};
pub use kind::{Kind, Kinds};
pub use state::{Action, Actor, Leaf, Record, State};
pub use value::Value;
pub use view::{Content, Field};
