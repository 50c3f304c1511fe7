//! `vouch show`

use clap::Args;
use jiff::civil::Date;
use vouch_app::query;
use vouch_record::Link;

use crate::failure::{Failure, Outcome};
use crate::output::{ATTENTION, FAINT, STRONG, json, line, short, styled, table};
use crate::session::Common;

/// Show a record with computed values, what is missing, decisions, and what links to it
#[derive(Args, Debug)]
pub(crate) struct Show {
    /// Record, with a revision if wanted: SYS-3, DOC-4@2
    #[arg(value_parser = super::record)]
    record: Link,
    /// As of a past day
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Show {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.read()?;
        let view = session.view(self.as_of)?;
        let detail = query::show(&view, self.record)?;
        if self.json {
            json(&detail);
        } else {
            print(&detail);
        }
        Ok(Outcome::Done)
    }
}

fn print(detail: &query::Detail) {
    let record = &detail.record;
    line(styled(STRONG, &detail.title));
    let in_force =
        detail.in_force.map_or_else(|| "no revision in force".to_owned(), |revision| format!("revision {revision} in force"));
    line(format!("{} {}, revision {} of {}, {}, {in_force}", record.kind, record.id, record.revision, detail.head, record.state));
    line(styled(FAINT, format!("made by {} at {}, leaf {}, as of {}", detail.made_by, detail.made_at, detail.seq, detail.as_of)));
    line("");
    let value = |json: &serde_json::Value| json.as_str().map_or_else(|| json.to_string(), str::to_owned);
    let rows: Vec<Vec<String>> = record.fields.iter().map(|(name, json)| vec![name.clone(), short(&value(json), 140)]).collect();
    table(&rows);
    if !detail.derived.is_empty() {
        line("");
        line(styled(STRONG, "computed"));
        let rows: Vec<Vec<String>> =
            detail.derived.iter().map(|(name, json)| vec![name.clone(), short(&value(json), 140)]).collect();
        table(&rows);
    }
    for (name, day) in &detail.erased {
        line(styled(ATTENTION, format!("{name} was erased on {}", value(day))));
    }
    if !detail.missing.is_empty() {
        line(styled(ATTENTION, format!("missing: {}", detail.missing.join(", "))));
    }
    for approval in &detail.approvals {
        let stands = if approval.stands { "stands" } else { "stands no more" };
        line(format!(
            "{}: {} {} of revision {} by {} at {} ({stands})",
            approval.id, approval.purpose, approval.decision, approval.revision, approval.by, approval.at
        ));
    }
    for way in &detail.next {
        line(format!("→ {}: {}", way.to, way.needs));
    }
    if !detail.linked_from.is_empty() {
        line(format!("linked from {}", short(&detail.linked_from.join(", "), 200)));
    }
}
