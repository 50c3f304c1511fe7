//! `vouch approve`

use clap::Args;
use vouch_app::Decision;
use vouch_record::Link;

use crate::failure::{Failure, Outcome};
use crate::output::line;
use crate::session::Common;

/// Decide about an exact revision: approve, reject or return it. What waits for the decision moves by it
#[derive(Args, Debug)]
pub(crate) struct Approve {
    /// Record, with the revision you read if it should be checked: DOC-4@2
    #[arg(value_parser = super::record)]
    record: Link,
    /// What kind of decision: approve, review, verify, accept, sign, decide, close, waive
    #[arg(long, value_name = "P")]
    purpose: String,
    /// approved, rejected or returned
    #[arg(long, value_name = "D")]
    decision: String,
    /// Why; also for yes
    #[arg(long, value_name = "TEXT")]
    reason: String,
    /// State it shall lead to, where the decision could lead to several; the first that waits for it if not given
    #[arg(long, value_name = "STATE")]
    to: Option<String>,
    /// Field that goes with the new state; may be repeated
    #[arg(long, value_name = "FIELD=VALUE")]
    set: Vec<String>,
    /// Further field of the approval, such as capacity=ROL-4, valid_until, conditions, on_behalf_of; may be repeated
    #[arg(long = "with", value_name = "FIELD=VALUE")]
    more: Vec<String>,
}

impl Approve {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let (set, more) = (super::fields(&self.set)?, super::fields(&self.more)?);
        let session = common.write()?;
        let acting = session.acting()?;
        let subject = self.record.id;
        let decision = Decision {
            purpose: self.purpose,
            decision: self.decision,
            reason: self.reason,
            revision: self.record.revision,
            to: self.to,
            set,
            more,
        };
        let decided = session.vouch.perform(acting, move |work| work.approve(subject, &decision))?;
        let moved = if decided.moved { "now" } else { "still" };
        line(format!("{} about {subject}, which is {moved} {}", decided.approval, decided.state));
        for wanted in decided.wanted {
            line(format!("still wanted: {wanted}"));
        }
        Ok(Outcome::Done)
    }
}
