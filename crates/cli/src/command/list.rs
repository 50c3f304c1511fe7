//! `vouch list`

use clap::Args;
use jiff::civil::Date;
use vouch_app::query::{self, Where};

use crate::failure::{Failure, Outcome};
use crate::output::{STRONG, json, line, short, styled, table};
use crate::session::Common;

/// List the records of a kind
#[derive(Args, Debug)]
pub(crate) struct List {
    /// Kind, for example ai-system
    kind: String,
    /// Only records whose field, state or derived value equals; may be repeated, all must hold
    #[arg(long = "where", value_name = "FIELD=VALUE")]
    wheres: Vec<String>,
    /// As of a past day
    #[arg(long, value_name = "DATE", value_parser = super::day)]
    as_of: Option<Date>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl List {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.read()?;
        let view = session.view(self.as_of)?;
        let wheres = self.wheres.iter().map(|text| text.parse()).collect::<Result<Vec<Where>, _>>()?;
        let listed = query::list(&view, &self.kind, &wheres)?;
        if self.json {
            json(&listed);
            return Ok(Outcome::Done);
        }
        let mut rows = vec![vec![styled(STRONG, "id"), styled(STRONG, "rev"), styled(STRONG, "state"), styled(STRONG, "title")]];
        for record in &listed.records {
            let title =
                ["name", "title", "statement"].iter().find_map(|field| record.fields.get(*field)?.as_str()).unwrap_or_default();
            rows.push(vec![record.id.clone(), record.revision.to_string(), record.state.clone(), short(title, 100)]);
        }
        table(&rows);
        line(format!("{} of kind {} as of {}", listed.total, self.kind, listed.as_of));
        Ok(Outcome::Done)
    }
}
