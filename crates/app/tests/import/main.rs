//! Import of inventories: the federal one of 2024 as two agencies published it, and others.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod kinds_schema;
mod laws;
mod omb_2024;
mod other_shapes;
