//! `vouch set-aside`

use clap::Args;
use vouch_record::Link;

use crate::failure::{Failure, Outcome};
use crate::output::line;
use crate::session::Common;

/// Take a wrong record out, for a reason; by another person than its maker
#[derive(Args, Debug)]
pub(crate) struct SetAside {
    /// Record
    #[arg(value_parser = super::record)]
    record: Link,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl SetAside {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.write()?;
        let acting = session.acting()?;
        let (id, reason) = (self.record.id, self.reason);
        let approval = session.vouch.perform(acting, move |work| work.set_aside(id, &reason))?;
        line(format!("{id} set aside by {approval}"));
        let linked = vouch_app::query::show(&session.view(None)?, id.into())?.linked_from;
        if !linked.is_empty() {
            line(format!("still linked from {}", linked.join(", ")));
        }
        Ok(Outcome::Done)
    }
}
