//! The binary as a person and a machine meet it: what it prints, what it ends with, what it refuses.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod answers;
mod demo;
mod import;
mod init;
mod keys;
mod ledger;
mod pack;
mod places;
mod readiness;
mod records;
mod stamps;
mod support;
mod surroundings;
mod verify;
mod witnesses;
