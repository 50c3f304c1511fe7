//! `vouch backup`

use std::fs;
use std::path::PathBuf;

use clap::Args;

use crate::archive;
use crate::failure::{Failure, Outcome};
use crate::folder::{Folder, Manifest, SEALED, private_file, private_folder};
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
    file: PathBuf,
    /// File whose first line is the passphrase that seals the signing key
    #[arg(long, value_name = "FILE")]
    passphrase: Option<PathBuf>,
}

impl Backup {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        if self.file.exists() {
            return Err(Failure::invalid(format!("`{}` is there already", self.file.display()), "name a new file"));
        }
        let session = common.read()?;
        let mut scratch = self.file.clone().into_os_string();
        scratch.push(".gathering");
        let scratch = Scratch::make(PathBuf::from(scratch))?;
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
        let passphrase = self.passphrase.as_deref().map(read_passphrase).transpose()?;
        if let Some(passphrase) = &passphrase {
            let key = session.folder.keys()?.signing()?;
            private_file(&scratch.0.join(SEALED), sealed::seal(key.to_text().as_bytes(), passphrase)?.as_bytes())?;
        }
        let protected = passphrase.is_none() && session.folder.keys()?.is_protected()?;
        if protected {
            private_file(&scratch.0.join(SEALED), session.folder.keys()?.text()?.as_bytes())?;
        }
        // What the lock and the log of the copy leave behind is not part of it.
        let _ = fs::remove_file(scratch.0.join("vouch.lock"));
        archive::pack(&scratch.0, &self.file)?;
        line(format!("{} leaves and {} files written to {}", copied.leaves, copied.files, self.file.display()));
        line(match passphrase {
            None if protected => "The signing key is in it, under the passphrase that it has in the data folder.",
            Some(_) => "The signing key is in it, sealed; keep the passphrase somewhere else.",
            None => "The signing key is not in it: keep `signing.key` somewhere else, or seal it in with `--passphrase FILE`.",
        });
        line("What is erased later stays in this file: destroy it when its time has come.");
        Ok(Outcome::Done)
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
