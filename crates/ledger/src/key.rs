//! Keys of signed notes: Ed25519 keys of a log (type 0x01) and of witnesses that cosign (type 0x04), in the text forms of C2SP
//! signed-note (`<name>+<id>+<key>`) and, for the secret one, of Go's note package (`PRIVATE+KEY+<name>+<id>+<seed>`).

use std::fmt;

use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use sha2::{Digest, Sha256};
use signed_note::{is_key_name_valid, key_id};

use crate::encoding::{base64, hex, parse_base64};
use crate::{Error, Hash, Result};

/// What signatures of a key say.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum KeyType {
    /// The note's text is signed as it is (signature type 0x01).
    Ed25519,
    /// A witness signs the text and the time (signature type 0x04, cosignature/v1).
    Cosignature,
}

impl KeyType {
    fn byte(self) -> u8 {
        match self {
            Self::Ed25519 => 1,
            Self::Cosignature => 4,
        }
    }
}

/// A public key with its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerifierKey {
    name: String,
    key_type: KeyType,
    key: VerifyingKey,
}

impl VerifierKey {
    /// A key from its parts.
    ///
    /// # Errors
    /// Refused for a name that is empty or holds white space, a control character or `+`, and for a key that is no point of the
    /// curve, is not in its one encoding, or has low order (anybody could sign for it).
    pub fn new(name: &str, key_type: KeyType, public: &[u8; 32]) -> Result<Self> {
        if !is_key_name_valid(name) || name.chars().any(|c| c < ' ') {
            return Err(Error::refused(format!("`{name}` cannot be the name of a key"))
                .with_hint("a name holds neither white space nor `+`, like aims.example.org/acme"));
        }
        let weak = || Error::refused(format!("the public key of `{name}` is not a key that signatures can be trusted for"));
        let key = VerifyingKey::from_bytes(public).map_err(|_| weak())?;
        if key.is_weak() || key.to_edwards().compress().as_bytes() != public {
            return Err(weak());
        }
        Ok(Self { name: name.to_owned(), key_type, key })
    }

    /// Reads `<name>+<id>+<key>`.
    ///
    /// # Errors
    /// Malformed unless it is exactly what [`VerifierKey`] displays; refused as in [`VerifierKey::new`] and for other key types.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = || Error::malformed(format!("`{text}` is not a verifier key like name+1234abcd+AbC…="));
        let mut parts = text.splitn(3, '+');
        let (Some(name), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else { return Err(bad()) };
        let key = parse_base64(key.as_bytes()).map_err(|_| bad())?;
        let (kind, public) = key.split_first().ok_or_else(bad)?;
        let key_type = match kind {
            1 => KeyType::Ed25519,
            4 => KeyType::Cosignature,
            other => {
                return Err(Error::refused(format!("key type {other} of `{name}` is not supported"))
                    .with_hint("use Ed25519 keys: type 1 for logs, type 4 for witnesses"));
            }
        };
        let key = Self::new(name, key_type, public.try_into().map_err(|_| bad())?)?;
        // One spelling only: the id in lower case and the one that follows from name and key.
        if key.to_string() == text { Ok(key) } else { Err(bad()) }
    }

    /// The key's name; for a log its origin.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its signatures say.
    #[must_use]
    pub fn key_type(&self) -> KeyType {
        self.key_type
    }

    /// The 32 bytes of the public key.
    #[must_use]
    pub fn public(&self) -> &[u8; 32] {
        self.key.as_bytes()
    }

    /// The id that stands before each signature: the first four bytes of SHA-256(name ‖ 0x0A ‖ type ‖ key).
    #[must_use]
    pub fn id(&self) -> u32 {
        key_id(&self.name, &self.typed())
    }

    /// The fingerprint that people compare: SHA-256 of the 32 bytes of the public key, as 64 hex digits.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let digest: Hash = Sha256::digest(self.public()).into();
        hex(&digest)
    }

    fn typed(&self) -> Vec<u8> {
        [&[self.key_type.byte()], self.public().as_slice()].concat()
    }

    /// Checks a plain Ed25519 signature. Stricter than RFC 8032 asks: low-order points are refused in key and signature alike.
    #[must_use]
    pub fn verifies(&self, message: &[u8], signature: &[u8]) -> bool {
        let Ok(signature) = Signature::from_slice(signature) else { return false };
        self.key.verify_strict(message, &signature).is_ok()
    }
}

impl fmt::Display for VerifierKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}+{:08x}+{}", self.name, self.id(), base64(&self.typed()))
    }
}

/// The secret key of a log or of a witness. Its debug form does not show it.
#[derive(Clone)]
pub struct SignerKey {
    name: String,
    key_type: KeyType,
    key: SigningKey,
}

impl SignerKey {
    /// The key of a log that follows from 32 random bytes.
    ///
    /// # Errors
    /// Refused for a name that cannot be that of a key.
    pub fn from_seed(name: &str, seed: &[u8; 32]) -> Result<Self> {
        Self::of_type(name, KeyType::Ed25519, seed)
    }

    /// The key of a witness that follows from 32 random bytes.
    ///
    /// # Errors
    /// Refused for a name that cannot be that of a key.
    pub fn cosigner(name: &str, seed: &[u8; 32]) -> Result<Self> {
        Self::of_type(name, KeyType::Cosignature, seed)
    }

    fn of_type(name: &str, key_type: KeyType, seed: &[u8; 32]) -> Result<Self> {
        let key = SigningKey::from_bytes(seed);
        VerifierKey::new(name, key_type, key.verifying_key().as_bytes())?;
        Ok(Self { name: name.to_owned(), key_type, key })
    }

    /// Reads `PRIVATE+KEY+<name>+<id>+<seed>`. Errors never repeat the text.
    ///
    /// # Errors
    /// Malformed unless it is exactly what [`SignerKey::to_text`] writes.
    pub fn parse(text: &str) -> Result<Self> {
        let bad = || Error::malformed("the signing key is not of the form PRIVATE+KEY+name+id+seed");
        let rest = text.strip_prefix("PRIVATE+KEY+").ok_or_else(bad)?;
        let mut parts = rest.splitn(3, '+');
        let (Some(name), Some(_), Some(key)) = (parts.next(), parts.next(), parts.next()) else { return Err(bad()) };
        let key = parse_base64(key.as_bytes()).map_err(|_| bad())?;
        let (key_type, seed) = match key.split_first() {
            Some((1, seed)) => (KeyType::Ed25519, seed),
            Some((4, seed)) => (KeyType::Cosignature, seed),
            _ => return Err(bad()),
        };
        let key = Self::of_type(name, key_type, seed.try_into().map_err(|_| bad())?).map_err(|_| bad())?;
        if key.to_text() == text { Ok(key) } else { Err(bad()) }
    }

    /// The text to keep secret.
    #[must_use]
    pub fn to_text(&self) -> String {
        let typed = [&[self.key_type.byte()], self.key.as_bytes().as_slice()].concat();
        format!("PRIVATE+KEY+{}+{:08x}+{}", self.name, self.verifier().id(), base64(&typed))
    }

    /// The public key that belongs to it.
    #[must_use]
    pub fn verifier(&self) -> VerifierKey {
        VerifierKey { name: self.name.clone(), key_type: self.key_type, key: self.key.verifying_key() }
    }

    /// The 64 bytes of an Ed25519 signature over a message.
    pub(crate) fn sign(&self, message: &[u8]) -> Vec<u8> {
        self.key.sign(message).to_bytes().to_vec()
    }
}

impl fmt::Debug for SignerKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignerKey").field("name", &self.name).finish_non_exhaustive()
    }
}

/// So that `signed_note` can sign notes with it.
impl signed_note::Signer for SignerKey {
    fn name(&self) -> &str {
        &self.name
    }

    fn key_id(&self) -> u32 {
        self.verifier().id()
    }

    fn sign(&self, message: &[u8]) -> std::result::Result<Vec<u8>, ed25519_dalek::SignatureError> {
        Ok(self.key.try_sign(message)?.to_vec())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn key_texts_come_back_and_have_one_spelling() {
        let signer = SignerKey::from_seed("aims.example.test/acme", &[1; 32]).unwrap();
        let (secret, public) = (signer.to_text(), signer.verifier().to_string());
        assert_eq!(SignerKey::parse(&secret).unwrap().to_text(), secret);
        assert_eq!(VerifierKey::parse(&public).unwrap(), signer.verifier());
        assert!(signed_note::StandardSigner::new(&secret).is_ok());
        assert!(signed_note::StandardVerifier::new(&public).is_ok());
        let id = format!("{:08x}", signer.verifier().id());
        for bad in [
            public.replace(&id, &id.to_uppercase()),
            public.replace(&id, "00000000"),
            public.replace("acme", "other"),
            public.replace('+', " "),
            format!("{public}\n"),
            format!(" {public}"),
            public.trim_end_matches('=').to_owned() + "A",
            String::new(),
        ] {
            assert!(bad == public || VerifierKey::parse(&bad).is_err(), "{bad}");
        }
        let witness = SignerKey::cosigner("witness.example.test", &[1; 32]).unwrap();
        assert_eq!(SignerKey::parse(&witness.to_text()).unwrap().verifier(), witness.verifier());
        assert_eq!(VerifierKey::parse(&witness.verifier().to_string()).unwrap().key_type(), KeyType::Cosignature);
        assert!(SignerKey::parse(&secret.replace("acme", "other")).is_err());
        assert!(SignerKey::parse(&public).is_err());
        assert!(!format!("{signer:?}").contains(&secret[secret.len() - 20..]));
    }

    #[test]
    fn keys_that_anybody_could_sign_for_are_refused() {
        let mut low = [0; 32];
        low[0] = 1;
        assert!(VerifierKey::new("n", KeyType::Ed25519, &low).is_err());
        assert!(VerifierKey::new("n", KeyType::Ed25519, &[0; 32]).is_err());
        // y = 2^255 - 1, sign bit clear: p + 18, another spelling of y = 18.
        let mut spelling = [0xff; 32];
        spelling[31] = 0x7f;
        assert!(VerifierKey::new("n", KeyType::Ed25519, &spelling).is_err());
    }

    #[test]
    fn names_without_their_form_are_refused() {
        for name in ["", "a b", "a+b", "a\u{2003}b", "a\nb", "a\u{1}b"] {
            assert!(SignerKey::from_seed(name, &[1; 32]).is_err(), "{name:?}");
        }
    }
}
