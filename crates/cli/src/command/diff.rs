//! `vouch diff`

use clap::Args;
use serde_json::json;
use vouch_app::query;
use vouch_record::Link;

use crate::failure::{Failure, Outcome};
use crate::output::{BAD, GOOD, STRONG, json, line, styled};
use crate::session::Common;

/// Compare two revisions of a record, field by field
#[derive(Args, Debug)]
pub(crate) struct Diff {
    /// Record
    #[arg(value_parser = super::record)]
    record: Link,
    /// First revision
    one: u32,
    /// Second revision
    two: u32,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Diff {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.read()?;
        let view = session.view(None)?;
        let differences = query::diff(&view, self.record.id, self.one, self.two)?;
        if self.json {
            json(&json!({"id": self.record.id.to_string(), "from": self.one, "to": self.two, "fields": differences}));
            return Ok(Outcome::Done);
        }
        if differences.is_empty() {
            line("the two revisions say the same");
        }
        for difference in differences {
            line(styled(STRONG, &difference.field));
            let text = |json: &serde_json::Value| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
            if !difference.before.is_null() {
                line(styled(BAD, format!("- {}", text(&difference.before))));
            }
            if !difference.after.is_null() {
                line(styled(GOOD, format!("+ {}", text(&difference.after))));
            }
        }
        Ok(Outcome::Done)
    }
}
