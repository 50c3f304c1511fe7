//! An application for tests: store in memory or on disk, a clock that stands still until it is moved, random bytes that come
//! from a counter, and the tables of the product read from the tree.
//!
//! Never used outside tests.

mod app;
mod tables;

pub use app::{FixedClock, TestApp, fields};
pub use tables::{kinds, tables};
