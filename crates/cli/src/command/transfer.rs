//! `vouch transfer`

use std::path::{Path, PathBuf};

use clap::Args;
use vouch_app::Error;

use crate::failure::{Failure, Outcome};
use crate::folder::{Folder, unavailable};
use crate::output::{GOOD, Progress, line, styled};
use crate::session::Common;

/// Copy the whole installation: from a data folder to PostgreSQL, back, or between two of a kind; every proof and root stays
///
/// Signing key, policy and own kinds stay in the data folder, also where the records are in a database. What was copied is compared
/// byte by byte, lists and search are made again, and the new place is checked as `vouch ledger fsck` does. The old place is left as
/// it is. Nobody may write to it meanwhile.
#[derive(Args, Debug)]
pub(crate) struct Transfer {
    /// Where the records are: a data folder, or postgres://USER@HOST:PORT/DATABASE
    #[arg(long, value_name = "DIR|URL")]
    from: String,
    /// Where they are to be: a data folder without records, or a database without this log
    #[arg(long, value_name = "DIR|URL")]
    to: String,
}

impl Transfer {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let (from, to) = self.places(common)?;
        let origin = from.origin()?;
        if to.path() != from.path() {
            if to.is_begun() {
                let message = format!("an organisation was begun in `{}` already", to.path().display());
                return Err(Failure(Error::refused(message).hint("name an empty folder")));
            }
            from.copy_beside(&to, true)?;
        }
        let source = from.store(!is_address(&self.from))?;
        let mut progress = Progress::new("leaves", 1_000);
        let open = |signer| to.store_signed_by(&origin, signer);
        let copied = vouch_store::transfer(source.as_ref(), &open, &mut |done, _| {
            progress.at(usize::try_from(done).unwrap_or(usize::MAX));
        });
        drop(progress);
        let copied = copied.map_err(unavailable)?;
        drop(source);
        to.mark_place()?;
        let vouch = to.open(to.tables()?, true)?;
        vouch.rebuild(&mut |_| {})?;
        let check = crate::checking::fsck(&vouch, &to)?;
        line(format!(
            "{} leaves, {} checkpoints, {} files and {} desk entries copied",
            copied.leaves, copied.checkpoints, copied.files, copied.entries
        ));
        for fault in &check.faults {
            line(fault);
        }
        if !check.faults.is_empty() {
            return Ok(Outcome::Found);
        }
        line(format!("{}: the same bytes at both places, and every leaf checked in the new one", styled(GOOD, "ok")));
        if is_address(&self.to) {
            line(
                "From now on name the database with `--database URL` or VOUCH_DATABASE; keep the data folder, which holds the key.",
            );
        } else {
            line(format!("From now on use `--data {}`, without a database.", to.path().display()));
        }
        Ok(Outcome::Done)
    }

    /// The folders with the keys, each with the database that its records are in, if any.
    fn places(&self, common: &Common) -> Result<(Folder, Folder), Failure> {
        let own = || Ok::<PathBuf, Failure>(common.folder("vouch")?.path().to_path_buf());
        let database = |place: &String| is_address(place).then(|| place.clone());
        let (from, to) = match (is_address(&self.from), is_address(&self.to)) {
            (false, _) if self.from == self.to => {
                return Err(Failure::invalid("`--from` and `--to` name the same place", "name another one"));
            }
            (false, false) => (PathBuf::from(&self.from), PathBuf::from(&self.to)),
            (false, true) => (PathBuf::from(&self.from), PathBuf::from(&self.from)),
            (true, false) if holds_key(Path::new(&self.to)) => (PathBuf::from(&self.to), PathBuf::from(&self.to)),
            (true, false) => (own()?, PathBuf::from(&self.to)),
            (true, true) => (own()?, own()?),
        };
        let to = Folder::at(to, database(&self.to));
        if !is_address(&self.to) && to.has_records() {
            let message = format!("`{}` holds records already", to.path().display());
            return Err(Failure(Error::refused(message).hint("move its `vouch.db` and `files` elsewhere, or name another folder")));
        }
        Ok((Folder::at(from, database(&self.from)), to))
    }
}

fn is_address(place: &str) -> bool {
    place.starts_with("postgres://") || place.starts_with("postgresql://")
}

fn holds_key(folder: &Path) -> bool {
    Folder::at(folder.to_path_buf(), None).is_begun()
}
