//! The binary of Vouch.

fn main() {}
