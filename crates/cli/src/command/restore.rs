//! `vouch restore`

use std::path::PathBuf;

use clap::Args;
use vouch_app::copy::Extent;
use vouch_app::{Error, Vouch};
use vouch_ledger::SignerKey;

use crate::archive;
use crate::command::backup::Scratch;
use crate::failure::{Failure, Outcome};
use crate::folder::{Folder, Manifest, SEALED};
use crate::output::{BAD, GOOD, line, styled};
use crate::sealed;
use crate::session::Common;
use crate::system::{key_passphrase, read_passphrase};

/// Put a backup back: into an empty data folder or database, or over records that it continues
///
/// It is unpacked beside the data folder and checked as `vouch ledger fsck` does before anything is replaced. Records that it would
/// take back are left alone, unless forced; that is then written into the log, where whoever verifies it sees the fork.
#[derive(Args, Debug)]
pub(crate) struct Restore {
    /// File that `vouch backup` wrote
    file: PathBuf,
    /// Put it back as it was with this many leaves, or the last commit before
    #[arg(long, value_name = "SIZE")]
    at: Option<u64>,
    /// Also over records that the backup does not have
    #[arg(long)]
    force: bool,
    /// File whose first line is the passphrase of the sealed signing key
    #[arg(long, value_name = "FILE")]
    passphrase: Option<PathBuf>,
}

impl Restore {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let target = common.folder("vouch")?;
        let mut beside = target.path().to_path_buf().into_os_string();
        beside.push(".restoring");
        let scratch = Scratch::make(PathBuf::from(beside))?;
        let unpacked = Folder::at(scratch.0.join("backup"), None);
        archive::unpack(&self.file, unpacked.path())?;
        let manifest = Manifest::read(unpacked.path())?;
        let keys = self.keys(&target, &unpacked, &manifest)?;
        let passphrase = key_passphrase()?;
        unpacked.keys()?.put(&keys[0], passphrase.as_deref())?;
        let mut restored = unpacked.open(unpacked.tables()?, true)?;
        let mut source = unpacked.clone();
        if let Some(size) = self.at {
            source = Folder::at(scratch.0.join("cut"), None);
            unpacked.copy_beside(&source, true)?;
            restored.copy(size, &|signer| source.store_signed_by(&manifest.origin, signer), &mut |_, _| {})?;
            restored = source.open(source.tables()?, true)?;
        }
        let wanted = restored.last_key()?.map_or_else(|| source.first_key(), Ok)?;
        let key = keys.iter().find(|key| key.verifier() == wanted).ok_or_else(|| {
            let message = format!("the log was signed by `{wanted}` then, and that key is not here");
            Failure(
                Error::refused(message)
                    .hint("put it into the data folder as `signing.key`, or name the passphrase of the sealed one"),
            )
        })?;
        source.keys()?.put(key, passphrase.as_deref())?;
        restored.rebuild(&mut |_| {})?;
        if !self.is_whole(&restored, &source)? {
            return Ok(Outcome::Found);
        }
        let extent = restored.extent()?;
        drop(restored);
        let abandoned = self.abandoned(&target, &source, extent)?;
        target.replace_records(&source, &manifest.origin)?;
        line(format!("{}: {} leaves restored to {}", styled(GOOD, "ok"), extent.size, target.path().display()));
        if let Some(abandoned) = abandoned {
            let session = common.write()?;
            session.vouch.note_fork(session.acting()?, abandoned)?;
            line(format!("the log goes on from there; that it had {} leaves before is written into it", abandoned.size));
        }
        Ok(Outcome::Done)
    }

    /// The key in the data folder, and the one sealed in the backup if its passphrase is given; at least one.
    fn keys(&self, target: &Folder, unpacked: &Folder, manifest: &Manifest) -> Result<Vec<SignerKey>, Failure> {
        let mut keys = Vec::new();
        if target.is_begun() {
            keys.push(target.keys()?.signing()?);
        }
        let path = unpacked.path().join(SEALED);
        let passphrase =
            self.passphrase.as_deref().map(read_passphrase).transpose()?.map_or_else(key_passphrase, |given| Ok(Some(given)))?;
        if let Some(passphrase) = passphrase.filter(|_| path.exists()) {
            let text = std::fs::read_to_string(&path).map_err(|error| Failure::file(&path, "read", error))?;
            match sealed::open(&text, &passphrase) {
                Ok(opened) => keys.push(SignerKey::parse(String::from_utf8_lossy(&opened).trim_end())?),
                // The passphrase of the environment may be that of the key in the folder.
                Err(failure) if keys.is_empty() || self.passphrase.is_some() => return Err(failure),
                Err(_) => {}
            }
        }
        let Some(first) = keys.first() else {
            let hint = if path.exists() {
                "the backup has it sealed: name the passphrase with `--passphrase FILE`"
            } else {
                "the backup was made without a passphrase: put `signing.key` and `policy` into the data folder"
            };
            return Err(Failure(Error::refused("the signing key of the log is not here").hint(hint)));
        };
        if first.verifier().name() != manifest.origin {
            let message = format!("the backup is of the log `{}`, not of `{}`", manifest.origin, first.verifier().name());
            return Err(Failure(Error::refused(message).hint("name another data folder with `--data DIR`")));
        }
        Ok(keys)
    }

    /// Whether every leaf, body, file and signature of the backup holds.
    fn is_whole(&self, restored: &Vouch, source: &Folder) -> Result<bool, Failure> {
        let check = crate::checking::fsck(restored, source)?;
        check.faults.iter().for_each(|fault| line(format!("{} {fault}", styled(BAD, "bad"))));
        if !check.faults.is_empty() {
            line(format!("`{}` is damaged; nothing was replaced", self.file.display()));
        }
        Ok(check.faults.is_empty())
    }

    /// The log that would be given up, if the records in place are not continued by the backup.
    fn abandoned(&self, target: &Folder, source: &Folder, backup: Extent) -> Result<Option<Extent>, Failure> {
        if !target.is_begun() || !target.is_elsewhere() && !target.has_records() {
            return Ok(None);
        }
        let present = target.open(target.tables()?, false)?.extent()?;
        if source.open(source.tables()?, false)?.continues(present)? || present == backup || present.size == 0 {
            return Ok(None);
        }
        if self.force {
            return Ok(Some(present));
        }
        let message =
            format!("the records in place have {} leaves, and the backup of {} does not continue them", present.size, backup.size);
        let hint = "with `--force` they are moved aside, and the log says so";
        Err(Failure(Error::refused(message).hint(hint)))
    }
}
