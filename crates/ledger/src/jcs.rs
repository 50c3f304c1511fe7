//! Canonical JSON (RFC 8785, JCS): writing it, and checking that bytes already are it.
//!
//! Writing is left to `serde_json_canonicalizer`. What it lacks is here: a check of bytes that builds no value, finds keys that
//! occur twice (a map would swallow them), and walks an array or object piece by piece, so that a leaf can be hashed from a slice
//! of the line it stands in.

mod scan;

use serde_json::Value;

pub use scan::{Numbers, Scanner};

use crate::{Error, Result};

/// How deep arrays and objects may nest in anything this crate reads.
pub const MAX_DEPTH: usize = 64;

/// The canonical bytes of a value.
///
/// # Errors
/// Refused when a number cannot be written (none that `serde_json` reads).
pub fn canonical(value: &Value) -> Result<Vec<u8>> {
    serde_json_canonicalizer::to_vec(value).map_err(|error| Error::source("the value cannot be written as canonical JSON", error))
}

/// Appends the canonical JSON string of `text`, quotes included.
pub(crate) fn push_string(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    for byte in text.bytes() {
        match byte {
            b'"' => out.extend(b"\\\""),
            b'\\' => out.extend(b"\\\\"),
            0x08 => out.extend(b"\\b"),
            0x09 => out.extend(b"\\t"),
            0x0a => out.extend(b"\\n"),
            0x0c => out.extend(b"\\f"),
            0x0d => out.extend(b"\\r"),
            0..=0x1f => {
                out.extend(b"\\u00");
                crate::encoding::push_hex(out, &[byte]);
            }
            _ => out.push(byte),
        }
    }
    out.push(b'"');
}

/// Checks that `bytes` are exactly one value in canonical form, with nothing before or after it.
///
/// # Errors
/// Malformed, saying at which byte: white space, keys out of order or twice, numbers or escapes in another spelling, bytes that are
/// not UTF-8, more than [`MAX_DEPTH`] levels.
pub fn check(bytes: &[u8], numbers: Numbers) -> Result<()> {
    let mut scanner = Scanner::new(bytes, numbers)?;
    scanner.value()?;
    scanner.end()
}

#[cfg(test)]
mod tests;
