//! `vouch move`

use clap::Args;
use vouch_record::Link;

use crate::failure::{Failure, Outcome};
use crate::output::line;
use crate::session::Common;

/// Move a record into another state, for a reason
#[derive(Args, Debug)]
pub(crate) struct Move {
    /// Record, with the revision you mean if it should be checked: RSK-19, DOC-4@2
    #[arg(value_parser = super::record)]
    record: Link,
    /// State it shall enter
    state: String,
    /// Field that goes with the new state; may be repeated
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Why
    #[arg(long, value_name = "TEXT")]
    reason: String,
}

impl Move {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let set = super::fields(&self.set)?;
        let session = common.write()?;
        let acting = session.acting()?;
        let Self { record, state, reason, .. } = self;
        let to = state.clone();
        session.vouch.perform(acting, move |work| {
            work.expect_head(record)?;
            work.transition(record.id, &to, &set, &reason)
        })?;
        line(format!("{} {state}", record.id));
        Ok(Outcome::Done)
    }
}
