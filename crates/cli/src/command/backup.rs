//! `vouch backup`

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use jiff::civil::Date;

use crate::archive;
use crate::backups::{self, Kept};
use crate::durable::{beside, private_file, private_folder};
use crate::failure::{Failure, Outcome};
use crate::folder::{Folder, Manifest, SEALED};
use crate::keys::Keys;
use crate::output::{Progress, line};
use crate::sealed;
use crate::session::Common;
use crate::system::read_passphrase;

/// Write everything into one file, as it is at one moment, while others write on; `vouch restore` puts it back
///
/// Records, files, policy and own kinds are in it as they are: keep it like the installation itself. The signing key is in it only
/// sealed, where a passphrase is given; else keep `signing.key` elsewhere, without which nothing can be added to the log.
#[derive(Args, Debug)]
pub(crate) struct Backup {
    /// File to write
    #[arg(required_unless_present_any = ["list", "destroyed"])]
    file: Option<PathBuf>,
    /// Day until which it is to be kept; an erasure says until when it is not everywhere done
    #[arg(long, value_name = "DATE", requires = "file")]
    until: Option<Date>,
    /// Show the backups that were made from this data folder, and until when each is kept
    #[arg(long, conflicts_with = "file")]
    list: bool,
    /// Note that a backup is destroyed
    #[arg(long, value_name = "FILE", conflicts_with_all = ["file", "list"])]
    destroyed: Option<PathBuf>,
    /// File whose first line is the passphrase that seals the signing key
    #[arg(long, value_name = "FILE")]
    passphrase: Option<PathBuf>,
}

impl Backup {
    pub(crate) fn run(mut self, common: &Common) -> Result<Outcome, Failure> {
        if let Some(file) = self.file.take() {
            return self.write(common, &file);
        }
        let session = common.read()?;
        let (folder, today) = (session.folder.path(), session.vouch.today());
        if let Some(file) = &self.destroyed {
            backups::destroy(folder, &absolute(file)?, today)?;
            line(format!("{} is destroyed", file.display()));
        }
        for backup in backups::all(folder)? {
            line(backup.told(today));
        }
        Ok(Outcome::Done)
    }

    fn write(self, common: &Common, file: &Path) -> Result<Outcome, Failure> {
        if file.exists() {
            return Err(Failure::invalid(format!("`{}` is there already", file.display()), "name a new file"));
        }
        let session = common.read()?;
        let passphrase = self.passphrase.as_deref().map(read_passphrase).transpose()?;
        let sealed = sealed_key(&session.folder.keys()?, passphrase.as_deref())?;
        let scratch = Scratch::make(beside(file, ".gathering"))?;
        let target = Folder::at(scratch.0.clone(), None);
        session.folder.copy_beside(&target, false)?;
        let mut progress = Progress::new("leaves", 1_000);
        let origin = session.vouch.origin().to_owned();
        let copied = session.vouch.copy(u64::MAX, &|signer| target.store_signed_by(&origin, signer), &mut |done, _| {
            progress.at(usize::try_from(done).unwrap_or(usize::MAX));
        })?;
        drop(progress);
        let manifest = Manifest { format: 1, origin, leaves: copied.leaves };
        manifest.write(&scratch.0)?;
        if let Some(sealed) = &sealed {
            private_file(&scratch.0.join(SEALED), sealed.as_bytes())?;
        }
        // What the lock and the log of the copy leave behind is not part of it.
        let _ = fs::remove_file(scratch.0.join("vouch.lock"));
        archive::pack(&scratch.0, file)?;
        let (made, until) = (session.vouch.today(), self.until);
        let kept = Kept { file: absolute(file)?, made, leaves: copied.leaves, until, destroyed: None };
        backups::note(session.folder.path(), &kept)?;
        line(format!("{} leaves and {} files written to {}", copied.leaves, copied.files, file.display()));
        line(match passphrase {
            None if sealed.is_some() => "The signing key is in it, under the passphrase that it has in the data folder.",
            Some(_) => "The signing key is in it, sealed; keep the passphrase somewhere else.",
            None => "The signing key is not in it: keep `signing.key` somewhere else, or seal it in with `--passphrase FILE`.",
        });
        line(match until {
            Some(day) => format!("What is erased later stays in this file: destroy it after {day}, and say so with `--destroyed`."),
            None => "What is erased later stays in this file: destroy it when its time has come, and say so with `--destroyed`."
                .to_owned(),
        });
        Ok(Outcome::Done)
    }
}

/// A path that means the same from every folder.
fn absolute(file: &Path) -> Result<PathBuf, Failure> {
    std::path::absolute(file).map_err(|error| Failure::file(file, "name", error))
}

/// The signing key as it may lie in a backup: under the passphrase given, else under the one that it has already.
fn sealed_key(keys: &Keys, passphrase: Option<&str>) -> Result<Option<String>, Failure> {
    match passphrase {
        Some(passphrase) => sealed::seal(keys.signing()?.to_text().as_bytes(), passphrase).map(Some),
        None => Ok(keys.is_protected()?.then(|| keys.text()).transpose()?),
    }
}

/// A folder that goes away with the value.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    pub(crate) fn make(path: PathBuf) -> Result<Self, Failure> {
        if path.exists() {
            // Only an earlier run that was killed leaves one.
            fs::remove_dir_all(&path).map_err(|error| Failure::file(&path, "remove", error))?;
        }
        private_folder(&path).map_err(|error| Failure::file(&path, "make", error))?;
        Ok(Self(path))
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // The next run removes what could not be removed here.
        let _ = fs::remove_dir_all(&self.0);
    }
}
