//! The commitment `c` to a body: a blinded hash over a small tree with one leaf per field, so that fields can be shown one by one.
//!
//! From a key `K` of 32 random bytes, new for each body: `b = HMAC(K, 0x00)`, `s_i = HMAC(K, 0x01 ‖ uint32_be(i))` with HMAC-SHA-256.
//! Leaf 0 is `JCS([s_0, "", [names]])`, leaf i is `JCS([s_i, name_i, value_i])`, hashed as RFC 6962 leaves; `R` is the root of the
//! tree over them and `c = HMAC(b, R)`.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::encoding::push_hex;
use crate::{Hash, tree};

fn hmac(key: &Hash, message: &[u8]) -> Hash {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("HMAC takes keys of every length");
    mac.update(message);
    mac.finalize().into_bytes().into()
}

/// `b`, the blinding of the body.
#[must_use]
pub fn blinding(key: &Hash) -> Hash {
    hmac(key, &[0])
}

/// `s_i`, the salt of the leaf at `position`.
#[must_use]
pub fn salt(key: &Hash, position: u32) -> Hash {
    let [a, b, c, d] = position.to_be_bytes();
    hmac(key, &[1, a, b, c, d])
}

/// `c`, from `b` and the leaf hashes of the field tree.
#[must_use]
pub fn commit(b: &Hash, leaves: &[Hash]) -> Hash {
    hmac(b, &tree::root_of(leaves))
}

/// Appends leaf 0: `["<salt>","",[names]]`. Names are plain ASCII, so they need no escapes.
pub(crate) fn push_header<'a>(out: &mut Vec<u8>, salt: &Hash, names: impl Iterator<Item = &'a str>) {
    out.extend(b"[\"");
    push_hex(out, salt);
    out.extend(b"\",\"\",[");
    for (index, name) in names.enumerate() {
        out.extend(if index == 0 { b"\"".as_slice() } else { b",\"" });
        out.extend(name.as_bytes());
        out.push(b'"');
    }
    out.extend(b"]]");
}

/// Appends the leaf of a field: `["<salt>","<name>",<value>]`; `value` is canonical JSON.
pub(crate) fn push_field(out: &mut Vec<u8>, salt: &Hash, name: &str, value: &[u8]) {
    out.extend(b"[\"");
    push_hex(out, salt);
    out.extend(b"\",\"");
    out.extend(name.as_bytes());
    out.extend(b"\",");
    out.extend(value);
    out.push(b']');
}

/// Hash of the leaf of a field.
pub(crate) fn field_leaf(salt: &Hash, name: &str, value: &[u8]) -> Hash {
    let mut leaf = Vec::with_capacity(value.len() + name.len() + 80);
    push_field(&mut leaf, salt, name, value);
    tree::hash_leaf(&leaf)
}

/// Hash of leaf 0.
pub(crate) fn header_leaf<'a>(salt: &Hash, names: impl Iterator<Item = &'a str>) -> Hash {
    let mut leaf = Vec::with_capacity(256);
    push_header(&mut leaf, salt, names);
    tree::hash_leaf(&leaf)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encoding::hex;

    #[test]
    fn a_body_without_fields_has_the_header_only() {
        let key = [7; 32];
        let header = format!("[\"{}\",\"\",[]]", hex(&salt(&key, 0)));
        let root = tree::hash_leaf(header.as_bytes());
        assert_eq!(header_leaf(&salt(&key, 0), [].into_iter()), root);
        assert_eq!(commit(&blinding(&key), &[root]), hmac(&blinding(&key), &root));
    }

    #[test]
    fn salts_differ_by_position_and_from_the_blinding() {
        let key = [1; 32];
        assert_ne!(salt(&key, 0), salt(&key, 1));
        assert_ne!(salt(&key, 1), salt(&key, 256));
        assert_ne!(blinding(&key), salt(&key, 0));
    }

    #[test]
    fn hmac_is_the_one_of_rfc_4231() {
        // Test case 2 of RFC 4231 has a key shorter than a block, as ours are; padded with zeros it is the same key.
        let mut key = [0; 32];
        key[..4].copy_from_slice(b"Jefe");
        let wanted = "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843";
        assert_eq!(hex(&hmac(&key, b"what do ya want for nothing?")), wanted);
    }
}
