//! Signing keys of a data folder: outside the database, for their owner only, under a passphrase where one is wanted.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use vouch_app::{Entropy, Error};
use vouch_ledger::{Checkpoint, KEY_KIND, SignerKey, StoredBody, VerifierKey};
use vouch_store::{Head, LeafQuery, Refusal, Signer, Snapshot};

use crate::durable::{private_file, put_in_place, remove_left, replace_file};
use crate::failure::Failure;
use crate::sealed;
use crate::system::{SystemEntropy, known_passphrase};

/// Name of the file with the signing key.
pub(crate) const KEY: &str = "signing.key";
/// Name of the file with the key that the log is about to be handed over to.
const NEXT: &str = "signing.key.next";

/// The signing keys of a folder, as they lie there.
#[derive(Clone, Debug)]
pub(crate) struct Keys {
    folder: PathBuf,
    /// The first key of the log, as the policy of the folder has it.
    first: VerifierKey,
}

impl Keys {
    pub(crate) fn of(folder: &Path, first: VerifierKey) -> Self {
        Self { folder: folder.to_path_buf(), first }
    }

    /// The log's name, which all its keys have.
    pub(crate) fn origin(&self) -> &str {
        self.first.name()
    }

    fn path(&self) -> PathBuf {
        self.folder.join(KEY)
    }

    fn next_path(&self) -> PathBuf {
        self.folder.join(NEXT)
    }

    /// The file's text; refused if others may read it.
    pub(crate) fn text(&self) -> Result<String, Failure> {
        let path = self.path();
        private_text(&path)
    }

    /// Whether the key lies under a passphrase.
    pub(crate) fn is_protected(&self) -> Result<bool, Failure> {
        Ok(sealed::is_sealed(&self.text()?))
    }

    /// The signing key.
    pub(crate) fn signing(&self) -> Result<SignerKey, Failure> {
        open(&self.text()?)
    }

    /// Every key that may sign: a change that was interrupted leaves two, and the log says which counts.
    fn all(&self) -> Result<Vec<SignerKey>, Failure> {
        let mut keys = vec![self.signing()?];
        if self.next_path().exists() {
            keys.push(open(&private_text(&self.next_path())?)?);
        }
        Ok(keys)
    }

    /// Who signs for this folder.
    pub(crate) fn signer(&self) -> Result<KeySigner, Failure> {
        Ok(self.signer_of(self.all()?))
    }

    /// Who signs for this folder by these keys and those that lie there.
    pub(crate) fn signer_of(&self, keys: Vec<SignerKey>) -> KeySigner {
        KeySigner { keys: Mutex::new(keys), files: self.clone(), current: Mutex::new(None) }
    }

    /// Puts a key into the folder, in the place of one that may be there; under a passphrase, or as it is under none.
    pub(crate) fn put(&self, key: &SignerKey, passphrase: Option<&str>) -> Result<(), Failure> {
        let text = key.to_text();
        let text = passphrase.map_or(Ok(text.clone()), |passphrase| sealed::seal(text.as_bytes(), passphrase))?;
        replace_file(&self.path(), text.as_bytes())
    }

    /// Makes the key that comes next, beside the present one and protected as it is.
    pub(crate) fn prepare(&self) -> Result<SignerKey, Failure> {
        let text = self.text()?;
        let present = open(&text)?;
        let key = SignerKey::from_seed(present.verifier().name(), &SystemEntropy.bytes())?;
        let next = if sealed::is_sealed(&text) {
            sealed::seal(key.to_text().as_bytes(), &known_passphrase()?.unwrap_or_default())?
        } else {
            key.to_text()
        };
        // One that lies there is of a change that the log does not know.
        let path = self.next_path();
        remove_left(&path).map_err(|error| Failure::file(&path, "remove", error))?;
        private_file(&path, next.as_bytes())?;
        Ok(key)
    }

    /// Brings a change of keys to its end in the folder: the key that comes next takes the place of the present one if it is `last`, the
    /// key that the log names.
    pub(crate) fn settle(&self, last: Option<&VerifierKey>) -> Result<(), Failure> {
        let next = self.next_path();
        if last.is_none() || !next.exists() || last != Some(&open(&private_text(&next)?)?.verifier()) {
            return Ok(());
        }
        let path = self.path();
        put_in_place(&next, &path).map_err(|error| Failure::file(&path, "replace", error))
    }
}

/// Takes a key out of its text, with the passphrase of the environment where it needs one.
pub(crate) fn open(text: &str) -> Result<SignerKey, Failure> {
    if !sealed::is_sealed(text) {
        return Ok(SignerKey::parse(text.trim_end())?);
    }
    let passphrase = known_passphrase()?.ok_or_else(|| {
        let hint = "set VOUCH_KEY_PASSPHRASE, or name a file whose first line it is with VOUCH_KEY_PASSPHRASE_FILE";
        Failure(Error::refused("the signing key lies under a passphrase").hint(hint))
    })?;
    Ok(SignerKey::parse(String::from_utf8_lossy(&sealed::open(text, &passphrase)?).trim_end())?)
}

/// Reads a key from its file; refused if others may read it too.
pub(crate) fn read(path: &Path) -> Result<SignerKey, Failure> {
    open(&private_text(path)?)
}

/// Reads a key's file; refused if others may read it too.
fn private_text(path: &Path) -> Result<String, Failure> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(path).map_err(|error| Failure::file(path, "look at", error))?.permissions().mode();
        if mode & 0o077 != 0 {
            let message = format!("others may read the signing key `{}`", path.display());
            return Err(Failure(Error::refused(message).hint(format!("run `chmod 600 {}`", path.display()))));
        }
    }
    fs::read_to_string(path).map_err(|error| Failure::file(path, "read", error))
}

/// Signs each commit's checkpoint by the key that the log names.
pub(crate) struct KeySigner {
    keys: Mutex<Vec<SignerKey>>,
    files: Keys,
    /// How many key leaves there were when it was last looked up, and the key then.
    current: Mutex<Option<(u64, SignerKey)>>,
}

impl KeySigner {
    /// The key that the last of `changes` key leaves names; without one the log's first.
    fn find(&self, changes: u64, written: &dyn Snapshot) -> Result<SignerKey, Refusal> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        let wanted = if changes == 0 {
            self.files.first.clone()
        } else {
            let id = format!("KEY-{changes}");
            let leaf = written.leaves(LeafQuery { id: Some(&id), from: 0, limit: 1, bodies: true })?.pop();
            let body = leaf.and_then(|leaf| leaf.body).ok_or("the last key leaf has no body")?;
            VerifierKey::parse(&new_key(&StoredBody::from_bytes(&body)?)?)?
        };
        let known = |keys: &[SignerKey]| keys.iter().find(|key| key.verifier() == wanted).cloned();
        if let Some(key) = known(&keys) {
            return Ok(key);
        }
        // Another process may have handed the log over since these were read.
        if let Ok(fresh) = self.files.all() {
            *keys = fresh;
        }
        let missing = format!("the log is signed by `{wanted}`, which is not here: put it into the data folder as `signing.key`");
        Ok(known(&keys).ok_or_else(|| Error::refused(missing))?)
    }
}

/// The field `new` of a key leaf.
fn new_key(body: &StoredBody) -> Result<String, Refusal> {
    let json: serde_json::Value = serde_json::from_slice(&body.json())?;
    Ok(json.get("new").and_then(serde_json::Value::as_str).ok_or("the last key leaf names no key")?.to_owned())
}

impl Signer for KeySigner {
    fn sign(&self, head: &Head, written: &dyn Snapshot) -> Result<Vec<u8>, Refusal> {
        let changes = written.last_number(KEY_KIND)?;
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let key = match current.take() {
            Some((known, key)) if known == changes => key,
            _ => self.find(changes, written)?,
        };
        let checkpoint = Checkpoint { origin: key.verifier().name().to_owned(), size: head.size, root: head.root };
        let note = checkpoint.sign(&key)?.to_bytes();
        *current = Some((changes, key));
        Ok(note)
    }
}
