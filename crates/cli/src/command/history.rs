//! `vouch history`

use clap::Args;
use serde_json::json;
use vouch_app::query;
use vouch_record::Link;
use vouch_record::time::format_instant;

use crate::failure::{Failure, Outcome};
use crate::output::{STRONG, json, short, styled, table};
use crate::session::Common;

/// Everything that was written about a record
#[derive(Args, Debug)]
pub(crate) struct History {
    /// Record
    #[arg(value_parser = super::record)]
    record: Link,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl History {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.read()?;
        let view = session.view(None)?;
        let events = query::history(&view, self.record.id)?;
        if self.json {
            json(&json!({"id": self.record.id.to_string(), "events": events}));
            return Ok(Outcome::Done);
        }
        let mut rows = vec![["leaf", "time", "who", "what", "rev", "state", "why"].map(|head| styled(STRONG, head)).to_vec()];
        for event in events {
            let why = event.reason.unwrap_or_else(|| event.changed.join(", "));
            rows.push(vec![
                event.seq.to_string(),
                format_instant(event.time),
                event.actor.to_string(),
                event.action.to_owned(),
                event.revision.to_string(),
                event.state,
                short(&why, 100),
            ]);
        }
        table(&rows);
        Ok(Outcome::Done)
    }
}
