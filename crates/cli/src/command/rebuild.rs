//! `vouch rebuild`

use clap::Args;

use crate::failure::{Failure, Outcome};
use crate::output::{Progress, line};
use crate::session::Common;

/// Recreate everything that is computed (lists, links, search, tiles) from the log and its bodies
#[derive(Args, Debug)]
pub(crate) struct Rebuild {}

impl Rebuild {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.write()?;
        let mut progress = Progress::new("leaves", 1_000);
        let leaves = session.vouch.rebuild(&mut |done| progress.at(done))?;
        drop(progress);
        line(format!("lists, links, search and tiles made again from {leaves} leaves"));
        Ok(Outcome::Done)
    }
}
