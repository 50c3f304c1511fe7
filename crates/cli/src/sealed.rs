//! A secret under a passphrase, at rest or in a backup: Argon2id makes the key, ChaCha20-Poly1305 seals. Four lines of text, of which the first says how.

use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, KeyInit, Payload};
use chacha20poly1305::{ChaCha20Poly1305, Key, Nonce};
use vouch_app::{Entropy, Error, ErrorKind};
use vouch_ledger::base64;

use crate::failure::Failure;
use crate::system::SystemEntropy;

/// First line; sealed with the rest, so that nobody can weaken it. 64 MiB, three passes (RFC 9106, second choice).
const HEADER: &str = "vouch-sealed-1 argon2id m=65536 t=3 p=1 chacha20poly1305";
/// Shortest passphrase that is taken, in characters.
const SHORTEST: usize = 12;

/// Seals a secret.
pub(crate) fn seal(secret: &[u8], passphrase: &str) -> Result<String, Failure> {
    if passphrase.chars().count() < SHORTEST {
        return Err(Failure::invalid("the passphrase is too short", format!("take at least {SHORTEST} characters")));
    }
    let (salt, random) = (SystemEntropy.bytes(), SystemEntropy.bytes());
    let nonce = &random[..12];
    let cipher = ChaCha20Poly1305::new(Key::from_slice(&key(passphrase, &salt)?));
    let payload = Payload { msg: secret, aad: HEADER.as_bytes() };
    let sealed = cipher.encrypt(Nonce::from_slice(nonce), payload).map_err(|_| broken("it cannot be sealed"))?;
    Ok(format!("{HEADER}\n{}\n{}\n{}\n", base64(&salt), base64(nonce), base64(&sealed)))
}

/// Whether a text is what [`seal`] made, by whatever version.
pub(crate) fn is_sealed(text: &str) -> bool {
    text.starts_with("vouch-sealed-")
}

/// Opens what [`seal`] made.
pub(crate) fn open(text: &str, passphrase: &str) -> Result<Vec<u8>, Failure> {
    let lines: Vec<&str> = text.lines().collect();
    let [HEADER, salt, nonce, sealed] = lines[..] else {
        return Err(broken("it has another form than this version of vouch knows"));
    };
    let read = |line: &str| vouch_ledger::parse_base64(line.as_bytes()).map_err(|_| broken("it is no base64"));
    let (salt, nonce, sealed) = (read(salt)?, read(nonce)?, read(sealed)?);
    if nonce.len() != 12 {
        return Err(broken("its nonce has another length"));
    }
    let cipher = ChaCha20Poly1305::new(Key::from_slice(&key(passphrase, &salt)?));
    let payload = Payload { msg: &sealed, aad: HEADER.as_bytes() };
    cipher.decrypt(Nonce::from_slice(&nonce), payload).map_err(|_| {
        Failure(Error::refused("the passphrase does not open the sealed key").hint("another passphrase, or the file was changed"))
    })
}

fn key(passphrase: &str, salt: &[u8]) -> Result<[u8; 32], Failure> {
    let params = Params::new(65_536, 3, 1, Some(32)).map_err(|_| broken("its parameters are not taken"))?;
    let mut key = [0; 32];
    let made = Argon2::new(Algorithm::Argon2id, Version::V0x13, params).hash_password_into(passphrase.as_bytes(), salt, &mut key);
    made.map_err(|_| broken("its salt is not taken"))?;
    Ok(key)
}

fn broken(why: &str) -> Failure {
    Failure(Error::new(ErrorKind::Corrupt, format!("the sealed key cannot be read: {why}")).hint("take it from a backup"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const PASSPHRASE: &str = "five words nobody will guess";

    #[test]
    fn only_the_passphrase_opens_what_was_sealed() {
        let sealed = seal(b"the key", PASSPHRASE).unwrap();
        assert_eq!(open(&sealed, PASSPHRASE).unwrap(), b"the key");
        assert!(!sealed.contains("the key"));
        assert_ne!(seal(b"the key", PASSPHRASE).unwrap(), sealed, "salt and nonce are fresh each time");
        assert_eq!(open(&sealed, "five words somebody guessed").unwrap_err().0.kind, ErrorKind::Refused);
        assert!(seal(b"the key", "short").is_err());
    }

    #[test]
    fn whatever_was_changed_is_refused() {
        let sealed = seal(b"the key", PASSPHRASE).unwrap();
        for at in (0..sealed.len()).step_by(7) {
            let mut changed = sealed.clone().into_bytes();
            changed[at] = if changed[at] == b'A' { b'B' } else { b'A' };
            assert!(open(&String::from_utf8(changed).unwrap(), PASSPHRASE).is_err(), "{at}");
        }
        assert!(open("", PASSPHRASE).is_err());
    }
}
