//! The use cases of Vouch: what a person or a machine may do, checked and written in one place.
//!
//! Never contains a surface (no command line, no HTTP, no HTML), no clock, environment or randomness of its own, and no
//! rule about what a kind holds: that stands in the kinds.

mod answers;
mod approval;
pub mod copy;
pub mod demo;
pub mod draft;
mod effect;
pub mod erase;
mod error;
mod files;
mod follow;
mod fsck;
pub mod import;
mod init;
mod installation;
pub mod ledger;
mod links;
mod mirror;
pub mod pack;
pub mod people;
mod projection;
pub mod query;
pub mod record;
mod set_aside;
pub mod sheet;
mod threads;
mod transition;
mod unique;
pub mod waiting;
mod work;

pub use approval::{Decided, Decision};
pub use error::{Error, Kind as ErrorKind, Result};
pub use files::{Attached, LARGEST_FILE, TakenIn};
pub use fsck::Check;
pub use init::Founding;
pub use installation::{Acting, Clock, Entropy, Tables, Vouch};
pub use set_aside::may_set_aside;
pub use threads::Threads;
pub use work::Work;
