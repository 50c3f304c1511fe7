//! `vouch erase`

use clap::Args;
use vouch_app::erase::Wanted;
use vouch_record::Link;

use crate::backups;
use crate::failure::{Failure, Outcome};
use crate::output::line;
use crate::session::Common;

/// Erase a body or a field for good; the log keeps that it was there, by whom and why it went
#[derive(Args, Debug)]
pub(crate) struct Erase {
    /// Record; with a revision only that one, else every revision that holds it
    #[arg(value_parser = super::record)]
    record: Link,
    /// Field; the whole content if not given
    #[arg(long, value_name = "NAME")]
    field: Option<String>,
    /// request, mistake, secret or retention
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Erase {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.write()?;
        let acting = session.acting()?;
        let wanted = Wanted { id: self.record.id, revision: self.record.revision, field: self.field, reason: self.reason };
        let erased = session.vouch.perform(acting, move |work| work.erase(&wanted))?;
        session.vouch.scrub()?;
        line(format!("erased in {} bodies by leaf {}; every proof still verifies", erased.bodies, erased.leaf));
        for file in erased.files {
            line(format!("file {file} is gone"));
        }
        for backup in backups::kept(session.folder.path())? {
            line(format!("a backup still holds it: {}", backup.told(session.vouch.today())));
        }
        line("What was exported or handed out before cannot be called back.");
        Ok(Outcome::Done)
    }
}
