//! `vouch search`

use clap::Args;
use serde_json::json;

use crate::failure::{Failure, Outcome};
use crate::output::{json, line, short, table};
use crate::session::Common;

/// Most hits that are shown.
const MOST: usize = 50;

/// Find records by words, the best first
#[derive(Args, Debug)]
pub(crate) struct Search {
    /// Words that must all occur; the last may be the beginning of a word
    #[arg(required = true)]
    words: Vec<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Search {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.read()?;
        let hits = session.vouch.search(&self.words.join(" "), MOST)?;
        if self.json {
            let hits: Vec<_> = hits.iter().map(|hit| json!({"id": hit.id, "kind": hit.kind, "title": hit.title})).collect();
            json(&json!({"words": self.words.join(" "), "hits": hits}));
            return Ok(Outcome::Done);
        }
        let rows: Vec<Vec<String>> =
            hits.iter().map(|hit| vec![hit.id.clone(), hit.kind.clone(), short(&hit.title, 100)]).collect();
        table(&rows);
        if rows.is_empty() {
            line("nothing holds these words");
        }
        Ok(Outcome::Done)
    }
}
