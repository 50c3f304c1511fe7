//! An application for tests. Store in memory or on disk, a clock that stands still until it is moved, random bytes that come
//! from a counter, and the tables of the product read from the tree.
//!
//! This crate never contains anything that the product itself needs; only dev-dependencies name it.

mod app;
mod faults;
mod sample;
mod tables;

pub use app::{Counter, FixedClock, TestApp, fields};
pub use faults::Faults;
pub use sample::Sample;
pub use tables::{kinds, tables};
