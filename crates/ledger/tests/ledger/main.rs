//! Tests of the ledger through its public interface: known vectors of the formats it speaks, exports and proofs made from a small
//! log, and the second implementation, `docs/verify.py`.

// The lint lets tests unwrap, but not the functions that they share.
#![allow(clippy::unwrap_used)]

mod agreement;
mod changes;
mod exports;
mod keys;
mod proofs;
mod support;
mod vectors;
