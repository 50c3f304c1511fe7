//! Checkpoints (C2SP tlog-checkpoint) as signed notes (C2SP signed-note), with cosignatures of witnesses (cosignature/v1).

use signed_note::{Note, Signature};

use crate::key::{KeyType, SignerKey, VerifierKey};
use crate::tree::MAX_SIZE;
use crate::{Error, Hash, Result};

/// What a log signs: its origin, how many leaves it has, and the root over them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name.
    pub origin: String,
    /// Number of leaves.
    pub size: u64,
    /// Root of the tree over them.
    pub root: Hash,
}

impl Checkpoint {
    /// The three lines that are signed.
    ///
    /// # Errors
    /// Refused for an origin that is empty or more than one line.
    pub fn text(&self) -> Result<Vec<u8>> {
        if self.origin.is_empty() || self.origin.chars().any(|c| c < ' ') {
            return Err(Error::refused(format!("`{}` cannot be an origin", self.origin.escape_debug())));
        }
        let checkpoint = tlog_tiles::Checkpoint::new(&self.origin, self.size, tlog_tiles::Hash(self.root), "");
        Ok(checkpoint.map_err(|error| Error::refused(error.to_string()))?.to_bytes())
    }

    /// The checkpoint signed by the log, as a note.
    ///
    /// # Errors
    /// Refused for an origin that is not the key's name.
    pub fn sign(&self, key: &SignerKey) -> Result<SignedCheckpoint> {
        if key.verifier().name() != self.origin || key.verifier().key_type() != KeyType::Ed25519 {
            return Err(Error::refused(format!("the key of `{}` does not sign for `{}`", key.verifier().name(), self.origin)));
        }
        let failed = |error: signed_note::NoteError| Error::source("the checkpoint cannot be signed", error.to_string());
        let mut note = Note::new(&self.text()?, &[]).map_err(failed)?;
        note.add_sigs(&[key]).map_err(failed)?;
        SignedCheckpoint::parse(&note.to_bytes())
    }
}

/// A signed note whose text is a checkpoint. Reading it verifies nothing yet.
#[derive(Debug, Clone, PartialEq)]
pub struct SignedCheckpoint {
    checkpoint: Checkpoint,
    has_extension: bool,
    text: Vec<u8>,
    signatures: Vec<Signature>,
}

/// Outcome of looking for the signature of a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// The key has no signature here.
    Absent,
    /// A signature bears the key's name and id, and does not verify.
    Invalid,
    /// It verifies; a cosignature says when it was made, in seconds since 1970.
    Valid {
        /// Seconds since 1970, for a cosignature.
        time: Option<u64>,
    },
}

impl SignedCheckpoint {
    /// Reads a note strictly: its three lines (and extension lines, if any), an empty line, one signature per line, nothing else.
    ///
    /// # Errors
    /// Malformed otherwise, and when two signatures bear the same name and id.
    pub fn parse(bytes: &[u8]) -> Result<Self> {
        let bad = |what: &str| Error::malformed(format!("the checkpoint is not a signed note of a tree: {what}"));
        let note = Note::from_bytes(bytes).map_err(|error| bad(&error.to_string()))?;
        let text = note.text().to_vec();
        let read = tlog_tiles::Checkpoint::from_bytes(&text).map_err(|error| bad(&error.to_string()))?;
        if read.size() > MAX_SIZE || read.to_bytes() != text {
            return Err(bad("its lines are not origin, size and root"));
        }
        // `Note` keeps its signatures to itself; their lines follow the text and one line feed.
        let lines = bytes.get(text.len() + 1..).unwrap_or_default();
        let lines = lines.strip_suffix(b"\n").ok_or_else(|| bad("it does not end with a line feed"))?;
        let signatures = lines.split(|&byte| byte == b'\n').map(Signature::from_bytes).collect::<Result<Vec<_>, _>>();
        let signatures = signatures.map_err(|error| bad(&error.to_string()))?;
        for (at, one) in signatures.iter().enumerate() {
            if signatures[..at].iter().any(|other| other.name() == one.name() && other.id() == one.id()) {
                return Err(bad(&format!("two signatures of `{}`", one.name())));
            }
        }
        let checkpoint = Checkpoint { origin: read.origin().to_owned(), size: read.size(), root: read.hash().0 };
        let signed = Self { checkpoint, has_extension: !read.extension().is_empty(), text, signatures };
        if signed.to_bytes() == bytes { Ok(signed) } else { Err(bad("another spelling of the same note")) }
    }

    /// The note's bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let lines = self.signatures.iter().flat_map(Signature::to_bytes);
        self.text.iter().copied().chain([b'\n']).chain(lines).collect()
    }

    /// What is signed.
    #[must_use]
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// Whether lines follow the root; a log of ours has none.
    #[must_use]
    pub fn has_extension(&self) -> bool {
        self.has_extension
    }

    /// The text that is signed.
    #[must_use]
    pub fn text(&self) -> &[u8] {
        &self.text
    }

    /// Name and key id of each signature, in order.
    pub fn signers(&self) -> impl ExactSizeIterator<Item = (&str, u32)> {
        self.signatures.iter().map(|signature| (signature.name(), signature.id()))
    }

    /// Looks for the signature of a key and checks it.
    #[must_use]
    pub fn signed_by(&self, key: &VerifierKey) -> Signed {
        let id = key.id();
        let own = self.signatures.iter().find(|signature| signature.name() == key.name() && signature.id() == id);
        let Some(signature) = own else { return Signed::Absent };
        match key.key_type() {
            KeyType::Ed25519 if key.verifies(&self.text, signature.signature()) => Signed::Valid { time: None },
            KeyType::Ed25519 => Signed::Invalid,
            KeyType::Cosignature => self.cosigned_by(key, signature.signature()),
        }
    }

    /// cosignature/v1: eight bytes of time, then a signature over a header, the time and the text.
    fn cosigned_by(&self, key: &VerifierKey, signature: &[u8]) -> Signed {
        let Some((time, signature)) = signature.split_first_chunk::<8>() else { return Signed::Invalid };
        let time = u64::from_be_bytes(*time);
        let message = self.cosigned_text(time);
        if i64::try_from(time).is_ok() && key.verifies(&message, signature) {
            Signed::Valid { time: Some(time) }
        } else {
            Signed::Invalid
        }
    }

    fn cosigned_text(&self, time: u64) -> Vec<u8> {
        [format!("cosignature/v1\ntime {time}\n").as_bytes(), self.text.as_slice()].concat()
    }

    /// The signature line, with its line feed, by which a witness cosigns at `time`, in seconds since 1970.
    ///
    /// # Errors
    /// Refused for a key that is not a witness's and a time that cosignatures do not have.
    pub fn cosignature(&self, witness: &SignerKey, time: u64) -> Result<Vec<u8>> {
        let key = witness.verifier();
        if key.key_type() != KeyType::Cosignature || i64::try_from(time).is_err() {
            return Err(Error::refused(format!("`{key}` cannot cosign at second {time}")));
        }
        let signature = witness.sign(&self.cosigned_text(time));
        let bytes = [key.id().to_be_bytes().as_slice(), &time.to_be_bytes(), &signature].concat();
        Ok(format!("— {} {}\n", key.name(), crate::base64(&bytes)).into_bytes())
    }

    /// Adds a signature line (`— name base64`) that a witness answered with; a line of the same key is replaced.
    ///
    /// # Errors
    /// Malformed unless it is one signature line, with or without its line feed.
    pub fn add_signature(&mut self, line: &[u8]) -> Result<()> {
        let bare = line.strip_suffix(b"\n").unwrap_or(line);
        let added = Signature::from_bytes(bare).map_err(|error| Error::malformed(format!("not a signature line: {error}")))?;
        self.signatures.retain(|old| old.name() != added.name() || old.id() != added.id());
        self.signatures.push(added);
        Ok(())
    }

    /// The signature lines, each with its line feed.
    pub fn signature_lines(&self) -> impl Iterator<Item = Vec<u8>> {
        self.signatures.iter().map(Signature::to_bytes)
    }

    /// The same checkpoint with the signatures of these keys only.
    #[must_use]
    pub fn keep<'k>(&self, keys: impl IntoIterator<Item = &'k VerifierKey>) -> Self {
        let keep: Vec<(String, u32)> = keys.into_iter().map(|key| (key.name().to_owned(), key.id())).collect();
        let mut kept = self.clone();
        kept.signatures.retain(|one| keep.iter().any(|(name, id)| name == one.name() && *id == one.id()));
        kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signer() -> SignerKey {
        SignerKey::from_seed("log.example.test", &[3; 32]).unwrap()
    }

    fn signed() -> SignedCheckpoint {
        Checkpoint { origin: "log.example.test".to_owned(), size: 5, root: [8; 32] }.sign(&signer()).unwrap()
    }

    #[test]
    fn a_signed_checkpoint_comes_back_and_verifies() {
        let signed = signed();
        assert_eq!(SignedCheckpoint::parse(&signed.to_bytes()).unwrap(), signed);
        assert_eq!(signed.signed_by(&signer().verifier()), Signed::Valid { time: None });
        let other = SignerKey::from_seed("log.example.test", &[4; 32]).unwrap();
        assert_eq!(signed.signed_by(&other.verifier()), Signed::Absent);
        assert!(Checkpoint { origin: "x".to_owned(), size: 5, root: [8; 32] }.sign(&signer()).is_err());
    }

    #[test]
    fn another_text_under_the_same_signature_is_invalid() {
        let text = String::from_utf8(signed().to_bytes()).unwrap().replace("\n5\n", "\n6\n");
        assert_eq!(SignedCheckpoint::parse(text.as_bytes()).unwrap().signed_by(&signer().verifier()), Signed::Invalid);
    }

    #[test]
    fn other_spellings_are_refused() {
        let good = String::from_utf8(signed().to_bytes()).unwrap();
        let line = good.lines().last().unwrap().to_owned();
        for bad in [
            good.replace("\n5\n", "\n05\n"),
            good.replace("\n5\n", "\n+5\n"),
            good.replace("\n5\n", "\n9007199254740992\n"),
            good.replace("— ", "- "),
            good.replace("\n\n", "\n"),
            format!("{good}\n"),
            format!("{good}{line}\n"),
            format!("{good}x"),
            good.trim_end().to_owned(),
            good.replace('\n', "\r\n"),
            good.replace("log.example.test\n", "\n"),
            String::new(),
        ] {
            assert!(SignedCheckpoint::parse(bad.as_bytes()).is_err(), "{bad}");
        }
        assert!(!signed().has_extension());
        let extended = good.replace("\n\n", "\nmore\n\n");
        assert!(SignedCheckpoint::parse(extended.as_bytes()).unwrap().has_extension());
    }
}
