//! The body of a key leaf: one key of the log hands over to the next, and both sign that.

use serde_json::json;

use crate::encoding::{base64, parse_base64};
use crate::erasure::{text, values};
use crate::fields::Fields;
use crate::key::{KeyType, SignerKey, VerifierKey};
use crate::line::Shown;
use crate::{Error, Result};

/// First line of what both keys sign. No origin has a space in it, so no checkpoint begins so.
const HEADER: &str = "vouch key change/v1";

/// Body of a key leaf: `{"new","new_signature","old","old_signature"}`.
///
/// Each key has signed the lines `vouch key change/v1`, seq of the leaf, old key, new key. So whoever trusts the old key can follow to
/// the new one by this body alone, and nobody can hand over to a key that is not his.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyChange {
    /// The key that signs from here on.
    pub new: VerifierKey,
    /// The key that signed until here.
    pub old: VerifierKey,
    signatures: [Vec<u8>; 2],
}

fn signed_text(seq: u64, old: &VerifierKey, new: &VerifierKey) -> Vec<u8> {
    format!("{HEADER}\n{seq}\n{old}\n{new}\n").into_bytes()
}

impl KeyChange {
    /// Signs the change from `old` to `new` in the leaf `seq`, with both.
    ///
    /// # Errors
    /// Refused when the keys are the same, differ in name, or are not those of a log.
    pub fn sign(seq: u64, old: &SignerKey, new: &SignerKey) -> Result<Self> {
        let keys = [new.verifier(), old.verifier()];
        let logs = keys.iter().all(|key| key.key_type() == KeyType::Ed25519);
        if !logs || keys[0].name() != keys[1].name() || keys[0].public() == keys[1].public() {
            return Err(Error::refused("a new key has the name of the old one and is another key"));
        }
        let [next, last] = keys;
        let text = signed_text(seq, &last, &next);
        Ok(Self { signatures: [new.sign(&text), old.sign(&text)], new: next, old: last })
    }

    /// The fields of the body.
    ///
    /// # Errors
    /// None that a signed change can cause.
    pub fn to_fields(&self) -> Result<Fields> {
        let [new, old] = self.signatures.each_ref().map(|signature| base64(signature));
        let body = json!({
            "new": self.new.to_string(), "new_signature": new, "old": self.old.to_string(), "old_signature": old
        });
        Fields::from_map(body.as_object().expect("written as an object"))
    }

    /// Reads the body of a key leaf from its line, and checks both signatures.
    ///
    /// # Errors
    /// Malformed unless these four fields are shown, nothing else is there, and both are log keys; mismatch when one has not signed.
    pub fn read(shown: &Shown<'_>) -> Result<Self> {
        let [new, new_signature, old, old_signature] = values(shown, ["new", "new_signature", "old", "old_signature"])?;
        let (new, old) = (VerifierKey::parse(&text(new)?)?, VerifierKey::parse(&text(old)?)?);
        if new.key_type() != KeyType::Ed25519 || old.key_type() != KeyType::Ed25519 {
            return Err(Error::malformed("a key leaf names a key that is not a log's"));
        }
        let signature = |value| parse_base64(text(value)?.as_bytes());
        let signatures = [signature(new_signature)?, signature(old_signature)?];
        let message = signed_text(shown.seq, &old, &new);
        for (key, signature) in [&new, &old].into_iter().zip(&signatures) {
            if !key.verifies(&message, signature) {
                return Err(Error::mismatch(format!("`{key}` has not signed the change of keys in leaf {}", shown.seq)));
            }
        }
        Ok(Self { new, old, signatures })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::body::{Show, StoredBody};
    use crate::line::Line;

    fn read(fields: Fields, seq: u64) -> Result<KeyChange> {
        let line = StoredBody::seal(fields, [1; 32]).line(seq, &Show::All)?;
        let Line::Shown(shown) = Line::parse(&line)? else { panic!("shown") };
        KeyChange::read(&shown)
    }

    fn key(name: &str, seed: u8) -> SignerKey {
        SignerKey::from_seed(name, &[seed; 32]).unwrap()
    }

    #[test]
    fn a_key_change_comes_back_and_needs_two_keys_of_one_name() {
        let change = KeyChange::sign(9, &key("log", 1), &key("log", 2)).unwrap();
        assert_eq!(read(change.to_fields().unwrap(), 9).unwrap(), change);
        assert!(KeyChange::sign(9, &key("log", 1), &key("log", 1)).is_err());
        assert!(KeyChange::sign(9, &key("log", 1), &key("other", 2)).is_err());
        assert!(KeyChange::sign(9, &key("log", 1), &SignerKey::cosigner("log", &[2; 32]).unwrap()).is_err());
    }

    #[test]
    fn a_change_that_either_key_did_not_sign_is_refused() {
        let change = KeyChange::sign(9, &key("log", 1), &key("log", 2)).unwrap();
        assert!(read(change.to_fields().unwrap(), 8).is_err(), "signed for another leaf");
        let [new, old] = change.signatures.clone();
        for signatures in [[old.clone(), new.clone()], [new.clone(), new.clone()], [old.clone(), old], [new, vec![0; 64]]] {
            let forged = KeyChange { signatures, ..change.clone() };
            assert!(read(forged.to_fields().unwrap(), 9).is_err());
        }
    }
}
