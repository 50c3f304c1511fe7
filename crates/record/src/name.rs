//! Names of fields as numbers.

use std::hash::Hasher;

use rustc_hash::FxHasher;

/// A number for a name, so that a value is found without a look at the names, which lie scattered. A test shows that no two fields that
/// come with the program share one; for fields that an organisation adds it would take a chance of one in 2^64.
pub(crate) fn numbered(name: &str) -> u64 {
    let mut hasher = FxHasher::default();
    hasher.write(name.as_bytes());
    hasher.finish()
}
