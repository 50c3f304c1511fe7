//! The use cases of Vouch: what a person or a machine may do, checked and written in one place.
//!
//! Never contains a surface (no command line, no HTTP, no HTML), no clock, environment or randomness of its own, and no
//! rule about what a kind holds: that stands in the kinds.

pub mod import;
