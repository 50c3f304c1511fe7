//! Tests of the ledger through its public interface: known vectors of the formats it speaks, exports and proofs made from a small
//! log, and the second implementation, `docs/verify.py`.

mod agreement;
mod changes;
mod exports;
mod proofs;
mod support;
mod vectors;
