//! `vouch serve`

use clap::Args;

use crate::failure::{Failure, Outcome};
use crate::serving;
use crate::session::Common;

/// Serve the pages of an organisation on this machine
#[derive(Args, Debug)]
pub(crate) struct Serve {
    /// Where to listen: host and port of this machine; 127.0.0.1:8042 if not given
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
}

impl Serve {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let listener = serving::listen(self.listen.as_deref())?;
        let session = common.write()?;
        session.vouch.follow_others()?;
        serving::serve(&session.folder, session.vouch, listener)
    }
}
