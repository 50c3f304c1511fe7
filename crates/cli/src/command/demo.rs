//! `vouch demo`

use clap::Args;
use jiff::civil::Date;

use crate::failure::{Failure, Outcome};
use crate::session::Common;

/// Build a fictional agency from a real public inventory, and say what an auditor would find there
#[derive(Args, Debug)]
pub(crate) struct Demo {
    /// Number from which people, dates and operations follow
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Last day of the sample; today if not given
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    until: Option<Date>,
    /// Do not serve pages at the end
    #[arg(long)]
    no_serve: bool,
}

impl Demo {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let _ = (self.seed, self.until, self.no_serve, common);
        Err(Failure::invalid("the sample organisation is being built", "later"))
    }
}
