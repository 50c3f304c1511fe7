//! The commands: one file each, one line here.

mod approve;
mod attach;
mod backup;
mod demo;
mod diff;
mod erase;
mod explain;
mod findings;
mod framework;
mod gaps;
mod history;
mod import;
mod init;
mod kinds;
mod ledger;
mod list;
mod r#move;
mod pack;
mod put;
mod readiness;
mod rebuild;
mod restore;
mod search;
mod serve;
mod set_aside;
mod show;
mod soa;
mod transfer;
mod verify;
mod witness;

use clap::{Parser, Subcommand};

use crate::failure::{Failure, Outcome};
use crate::session::Common;

/// Self-hosted AI management system: ISO/IEC 42001 run from records, proved from a signed log
#[derive(Parser, Debug)]
#[command(
    name = "vouch",
    version,
    max_term_width = 120,
    after_help = "Exit codes: 0 done; 1 verify not ok, or findings where --check asks; 2 wrong input; 3 refused or unavailable."
)]
pub(crate) struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand, Debug)]
enum Command {
    Demo(demo::Demo),
    Init(init::Init),
    Import(import::Import),
    Kinds(kinds::KindsCommand),
    List(list::List),
    Show(show::Show),
    History(history::History),
    Diff(diff::Diff),
    Search(search::Search),
    Put(put::Put),
    Attach(attach::Attach),
    SetAside(set_aside::SetAside),
    Move(r#move::Move),
    Approve(approve::Approve),
    Readiness(readiness::ReadinessCommand),
    Findings(findings::Findings),
    Explain(explain::Explain),
    Soa(soa::Soa),
    Gaps(gaps::Gaps),
    #[command(name = "framework")]
    Framework(framework::FrameworkCommand),
    Pack(pack::Pack),
    Ledger(ledger::Ledger),
    Verify(verify::Verify),
    Witness(witness::WitnessCommand),
    Erase(erase::Erase),
    Rebuild(rebuild::Rebuild),
    Serve(serve::Serve),
    Transfer(transfer::Transfer),
    Backup(backup::Backup),
    Restore(restore::Restore),
}

impl Cli {
    /// Whether failures are reported as JSON too.
    pub(crate) fn wants_json(&self) -> bool {
        match &self.command {
            Command::Import(command) => command.json,
            Command::Kinds(command) => command.json,
            Command::List(command) => command.json,
            Command::Show(command) => command.json,
            Command::History(command) => command.json,
            Command::Diff(command) => command.json,
            Command::Search(command) => command.json,
            Command::Put(command) => command.json,
            Command::Readiness(command) => command.json,
            Command::Findings(command) => command.json,
            Command::Explain(command) => command.json,
            Command::Soa(command) => command.json,
            Command::Gaps(command) => command.json,
            Command::Framework(command) => command.json,
            Command::Verify(command) => command.json,
            _ => false,
        }
    }
}

/// Runs a command.
pub(crate) fn run(cli: Cli) -> Result<Outcome, Failure> {
    let common = &cli.common;
    match cli.command {
        Command::Demo(command) => command.run(common),
        Command::Init(command) => command.run(common),
        Command::Import(command) => command.run(common),
        Command::Kinds(command) => command.run(common),
        Command::List(command) => command.run(common),
        Command::Show(command) => command.run(common),
        Command::History(command) => command.run(common),
        Command::Diff(command) => command.run(common),
        Command::Search(command) => command.run(common),
        Command::Put(command) => command.run(common),
        Command::Attach(command) => command.run(common),
        Command::SetAside(command) => command.run(common),
        Command::Move(command) => command.run(common),
        Command::Approve(command) => command.run(common),
        Command::Readiness(command) => command.run(common),
        Command::Findings(command) => command.run(common),
        Command::Explain(command) => command.run(common),
        Command::Soa(command) => command.run(common),
        Command::Gaps(command) => command.run(common),
        Command::Framework(command) => command.run(common),
        Command::Pack(command) => command.run(common),
        Command::Ledger(command) => command.run(common),
        Command::Verify(command) => command.run(),
        Command::Witness(command) => command.run(common),
        Command::Erase(command) => command.run(common),
        Command::Rebuild(command) => command.run(common),
        Command::Serve(command) => command.run(common),
        Command::Transfer(command) => command.run(common),
        Command::Backup(command) => command.run(common),
        Command::Restore(command) => command.run(common),
    }
}

/// Reads `SYS-3` or `DOC-4@2`.
fn record(text: &str) -> Result<vouch_record::Link, String> {
    text.parse().map_err(|error: vouch_record::id::NotAnId| error.to_string())
}

/// Reads `YYYY-MM-DD`.
fn day(text: &str) -> Result<jiff::civil::Date, String> {
    vouch_record::time::parse_date(text).ok_or_else(|| "write a day like 2026-11-21".to_owned())
}

/// Fields from `FIELD=VALUE`: a value that is JSON counts as that, else as text.
fn fields(pairs: &[String]) -> Result<serde_json::Map<String, serde_json::Value>, Failure> {
    let mut fields = serde_json::Map::new();
    for pair in pairs {
        let (name, value) =
            pair.split_once('=').ok_or_else(|| Failure::invalid(format!("`{pair}` sets nothing"), "write it as FIELD=VALUE"))?;
        let read = serde_json::from_str(value)
            .ok()
            .filter(|json: &serde_json::Value| !json.is_null() && !json.is_number() || json.is_i64());
        fields.insert(name.to_owned(), read.unwrap_or_else(|| value.into()));
    }
    Ok(fields)
}
