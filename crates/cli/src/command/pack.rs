//! `vouch pack`

use std::fs::{self, File};
use std::path::PathBuf;

use clap::Args;
use jiff::civil::Date;
use vouch_app::pack::{LOG, Order, name};

use crate::failure::{Failure, Outcome};
use crate::output::{Progress, line};
use crate::session::Common;

/// Build the audit pack: scope, Statement of Applicability, gaps, records by requirement, the whole log with its proofs, and a verifier
///
/// It is a ZIP archive that holds the content of every record and file: hand it to those who may see them. It is the same pack that
/// the pages build. `README.md` in it says how to check it without this program.
#[derive(Args, Debug)]
pub(crate) struct Pack {
    /// File to write, which must not be there yet
    file: PathBuf,
    /// What the lists say as of a past day; the log goes to today
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<Date>,
}

impl Pack {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        if self.file.exists() {
            return Err(Failure::invalid(format!("`{}` is there already", self.file.display()), "name a new file"));
        }
        let session = common.read()?;
        let policy = session.folder.policy()?;
        let mut partial = self.file.clone().into_os_string();
        partial.push(".partial");
        let partial = PathBuf::from(partial);
        let file = File::create(&partial).map_err(|error| Failure::file(&partial, "write", error))?;
        let mut shown = Progress::new("leaves", 1_000);
        let order = Order {
            as_of: self.as_of,
            policy: &policy,
            progress: &mut |progress| {
                shown.at(usize::try_from(progress.done).unwrap_or(usize::MAX));
                Ok(())
            },
        };
        let packed = session.vouch.pack(order, &file).map_err(Failure);
        drop(shown);
        let named = packed.and_then(|packed| {
            let synced = file.sync_all().and_then(|()| fs::rename(&partial, &self.file));
            synced.map(|()| packed).map_err(|error| Failure::file(&self.file, "write", error))
        });
        let packed = named.inspect_err(|_| {
            // What is half there is of no use to anybody.
            let _ = fs::remove_file(&partial);
        })?;
        line(format!(
            "{} leaves, {} lines of records by requirement and {} files packed into {}",
            packed.leaves,
            packed.records,
            packed.files,
            self.file.display()
        ));
        let day = self.as_of.unwrap_or_else(|| session.vouch.today());
        line(format!("unpack it, then check it with `vouch verify {}/{LOG} --policy POLICY`", name(day)));
        Ok(Outcome::Done)
    }
}
