//! `vouch kinds`

use clap::Args;
use serde_json::json;
use vouch_record::Kind;
use vouch_record::kind::Required;
use vouch_record::words::in_words;

use crate::failure::{Failure, Outcome};
use crate::output::{FAINT, STRONG, json, line, short, styled, table};
use crate::session::Common;

/// What can be kept: kinds of records, or the fields, states and transitions of one
#[derive(Args, Debug)]
pub(crate) struct KindsCommand {
    /// One kind, for example ai-system
    kind: Option<String>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl KindsCommand {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let kinds = common.folder("vouch")?.tables()?.kinds;
        match &self.kind {
            None if self.json => {
                let all: Vec<_> = kinds.iter().map(|kind| json!({"kind": kind.name, "prefix": kind.prefix, "area": kind.area, "title": kind.title, "help": kind.help})).collect();
                json(&json!({ "kinds": all }));
            }
            None => {
                let rows: Vec<Vec<String>> = kinds
                    .iter()
                    .map(|kind| vec![kind.prefix.clone(), kind.name.clone(), kind.area.clone(), short(&kind.help, 80)])
                    .collect();
                table(&rows);
            }
            Some(name) => {
                let kind = kinds.get(name).ok_or_else(|| {
                    Failure(vouch_app::Error::not_found(format!("there is no kind `{name}`")).hint("see `vouch kinds`"))
                })?;
                if self.json { json(&as_json(kind)) } else { print(kind) }
            }
        }
        Ok(Outcome::Done)
    }
}

fn required(required: &Required) -> String {
    match required {
        Required::Always => "always".to_owned(),
        Required::No => String::new(),
        Required::From(state) => format!("from {state}"),
    }
}

fn as_json(kind: &Kind) -> serde_json::Value {
    let fields: Vec<_> = kind
        .fields
        .iter()
        .map(|field| {
            let values: Option<Vec<_>> = field
                .kind
                .choices()
                .map(|choices| choices.iter().map(|c| json!({"id": c.id, "label": c.label, "help": c.help})).collect());
            json!({
                "name": field.name, "type": field.kind.written(), "required": required(&field.required), "help": field.help,
                "needed_when": field.needed_when.as_ref().map(|condition| condition.text()), "values": values,
                "program": field.program, "personal_data": field.personal_data,
            })
        })
        .collect();
    let transitions: Vec<_> = kind
        .transitions
        .iter()
        .map(|way| json!({"from": way.from, "to": way.to, "needs": way.needs, "who": way.who, "set": way.set}))
        .collect();
    let derived: Vec<_> = kind.derived.iter().map(|d| json!({"name": d.name, "type": d.kind.written(), "rule": d.rule})).collect();
    json!({
        "kind": kind.name, "version": kind.version, "prefix": kind.prefix, "title": kind.title, "help": kind.help, "states": kind.states,
        "settled": kind.settled, "fields": fields, "derived": derived, "transitions": transitions,
    })
}

fn print(kind: &Kind) {
    line(format!("{} ({}), version {}", styled(STRONG, &kind.title), kind.prefix, kind.version));
    line(&kind.help);
    line("");
    let mut rows = vec![vec![styled(STRONG, "field"), styled(STRONG, "type"), styled(STRONG, "required"), styled(STRONG, "help")]];
    for field in &kind.fields {
        let condition = field.needed_when.as_ref().map(|condition| format!("when {}", condition.text()));
        let wanted = condition.unwrap_or_else(|| required(&field.required));
        rows.push(vec![field.name.clone(), short(&field.kind.written(), 36), short(&wanted, 36), short(&field.help, 90)]);
    }
    table(&rows);
    for field in &kind.fields {
        if let Some(choices) = field.kind.choices() {
            let ids: Vec<&str> = choices.iter().map(|choice| choice.id.as_str()).collect();
            line(styled(FAINT, format!("{}: {}", field.name, ids.join(", "))));
        }
    }
    line("");
    line(format!("states: {}", kind.states.join(", ")));
    for way in &kind.transitions {
        line(format!("{} → {} ({}): {}", way.from.join(", "), way.to, in_words(&way.who), way.needs));
    }
}
