//! Hex and base64 in the one spelling that the formats allow: lower-case hex; standard base64 with padding and no stray bits.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::{Error, Hash, Result};

const DIGITS: &[u8; 16] = b"0123456789abcdef";

/// Lower-case hex of a hash: 64 digits.
#[must_use]
pub fn hex(hash: &Hash) -> String {
    let mut out = Vec::with_capacity(64);
    push_hex(&mut out, hash);
    String::from_utf8(out).expect("hex digits are ASCII")
}

/// Appends the lower-case hex of `bytes`.
pub(crate) fn push_hex(out: &mut Vec<u8>, bytes: &[u8]) {
    for byte in bytes {
        out.push(DIGITS[usize::from(byte >> 4)]);
        out.push(DIGITS[usize::from(byte & 15)]);
    }
}

const fn digit_values() -> [u8; 256] {
    let mut table = [0xff_u8; 256];
    let mut value = 0;
    while value < 16 {
        table[DIGITS[value] as usize] = value as u8;
        value += 1;
    }
    table
}

const VALUES: [u8; 256] = digit_values();

/// Reads exactly 64 lower-case hex digits.
///
/// # Errors
/// Malformed for any other length or digit, upper case among them.
pub fn parse_hex(text: &[u8]) -> Result<Hash> {
    let bad = || Error::malformed("a hash is 64 lower-case hex digits");
    if text.len() != 64 {
        return Err(bad());
    }
    let mut out = [0; 32];
    let mut seen = 0;
    for (byte, pair) in out.iter_mut().zip(text.chunks_exact(2)) {
        let (high, low) = (VALUES[usize::from(pair[0])], VALUES[usize::from(pair[1])]);
        seen |= high | low;
        *byte = (high << 4) | (low & 15);
    }
    if seen & 0xf0 == 0 { Ok(out) } else { Err(bad()) }
}

/// Standard base64 with padding.
#[must_use]
pub fn base64(bytes: &[u8]) -> String {
    STANDARD.encode(bytes)
}

/// Reads canonical standard base64: padding as needed, no stray bits, nothing else.
///
/// # Errors
/// Malformed otherwise.
pub fn parse_base64(text: &[u8]) -> Result<Vec<u8>> {
    STANDARD.decode(text).map_err(|error| Error::malformed(format!("not canonical base64: {}", lower(&error.to_string()))))
}

/// Reads the canonical base64 of one hash.
///
/// # Errors
/// Malformed unless it is 44 characters of canonical base64.
pub fn parse_base64_hash(text: &[u8]) -> Result<Hash> {
    parse_base64(text)?.try_into().map_err(|_| Error::malformed("a hash is 32 bytes"))
}

/// Reads a decimal without sign, leading zeros or anything else, at most 2^53 − 1.
///
/// # Errors
/// Malformed otherwise.
pub fn parse_decimal(text: &[u8]) -> Result<u64> {
    let bad = || Error::malformed("not a decimal number without leading zeros");
    if text.is_empty() || text.len() > 16 || (text[0] == b'0' && text.len() > 1) {
        return Err(bad());
    }
    let mut number = 0_u64;
    for digit in text {
        if !digit.is_ascii_digit() {
            return Err(bad());
        }
        number = number * 10 + u64::from(digit - b'0');
    }
    if number > MAX_INTEGER { Err(bad()) } else { Ok(number) }
}

/// Largest integer that JSON numbers carry exactly: 2^53 − 1.
pub const MAX_INTEGER: u64 = (1 << 53) - 1;

fn lower(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map(|first| first.to_lowercase().chain(chars).collect()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hex_has_one_spelling() {
        let hash: Hash = std::array::from_fn(|i| (i * 9) as u8);
        assert_eq!(parse_hex(hex(&hash).as_bytes()).unwrap(), hash);
        for bad in [hex(&hash).to_uppercase(), hex(&hash)[1..].to_owned(), format!("{}g", &hex(&hash)[1..]), String::new()] {
            assert!(parse_hex(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn base64_has_one_spelling() {
        assert_eq!(parse_base64(b"AQ==").unwrap(), [1]);
        for bad in ["AQ", "AQ=", "AR==", "AQ==\n", " AQ==", "A_==", "AQ==AQ=="] {
            assert!(parse_base64(bad.as_bytes()).is_err(), "{bad}");
        }
    }

    #[test]
    fn decimals_have_one_spelling() {
        assert_eq!(parse_decimal(b"0").unwrap(), 0);
        assert_eq!(parse_decimal(b"9007199254740991").unwrap(), MAX_INTEGER);
        for bad in ["", "00", "01", "+1", "-1", "1 ", "9007199254740992", "99999999999999999", "1e3"] {
            assert!(parse_decimal(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
