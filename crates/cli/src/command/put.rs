//! `vouch put`

use std::io::Read;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};
use vouch_record::Id;

use crate::failure::{Failure, Outcome};
use crate::output::{json, line};
use crate::session::Common;

/// Most bytes of fields that are read.
const MOST: u64 = 4 << 20;

/// Create a record, or revise one: the fields given take the place of the present ones, null empties a field
#[derive(Args, Debug)]
pub(crate) struct Put {
    /// Kind, for example ai-system
    kind: String,
    /// Record to revise; a new record gets its id from the program
    #[arg(long, requires = "expect")]
    id: Option<Id>,
    /// Revision that is revised: the head as you read it
    #[arg(long, requires = "id", value_name = "REV")]
    expect: Option<u32>,
    /// One JSON object of fields (YAML by suffix); - or nothing reads standard input
    #[arg(long, value_name = "FILE|-")]
    file: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Put {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let fields = self.fields()?;
        let session = common.write()?;
        let acting = session.acting()?;
        let kind = self.kind.clone();
        let (id, revision, state) = match (self.id, self.expect) {
            (Some(id), Some(expect)) => {
                let of = session.vouch.tables().kinds.of(id).map(|kind| kind.name.clone());
                if of.as_deref() != Some(kind.as_str()) {
                    return Err(Failure::invalid(format!("{id} is no {kind}"), "name the kind of the record"));
                }
                let written = session.vouch.perform(acting, move |work| work.revise(id, expect, &fields))?;
                (written.id, written.revision, written.state)
            }
            _ => {
                let id = session.vouch.perform(acting, move |work| work.create(&kind, &fields))?;
                let view = session.view(None)?;
                let state = view.find(id).map(|entry| entry.standing().state.to_string()).unwrap_or_default();
                (id, 1, state)
            }
        };
        if self.json {
            json(&json!({"id": id.to_string(), "revision": revision, "state": state}));
        } else {
            line(format!("{id}@{revision} {state}"));
        }
        Ok(Outcome::Done)
    }

    fn fields(&self) -> Result<Map<String, Value>, Failure> {
        let mut text = String::new();
        let standard_input = self.file.as_ref().is_none_or(|path| path.as_os_str() == "-");
        let named = self.file.clone().unwrap_or_else(|| PathBuf::from("standard input"));
        let read = if standard_input {
            std::io::stdin().take(MOST).read_to_string(&mut text)
        } else {
            std::fs::File::open(&named).and_then(|file| file.take(MOST).read_to_string(&mut text))
        };
        read.map_err(|error| Failure::file(&named, "read", error))?;
        let yaml = named.extension().is_some_and(|end| end == "yaml" || end == "yml");
        let parsed: Result<Value, String> = if yaml {
            serde_saphyr::from_str(&text).map_err(|error| error.to_string())
        } else {
            serde_json::from_str(&text).map_err(|error| error.to_string())
        };
        match parsed {
            Ok(Value::Object(fields)) => Ok(fields),
            Ok(_) => {
                Err(Failure::invalid(format!("`{}` holds no object of fields", named.display()), "write it as {\"field\": value}"))
            }
            Err(error) => {
                Err(Failure::invalid(format!("`{}` cannot be read: {error}", named.display()), "write one JSON object of fields"))
            }
        }
    }
}
