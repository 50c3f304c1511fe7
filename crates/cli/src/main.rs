//! The binary of Vouch: commands and wiring. The only place that takes time, randomness and environment from the system, and
//! hands them on as parameters.

mod archive;
mod backups;
mod checking;
mod command;
mod cosigning;
mod durable;
mod embedded;
mod failure;
mod folder;
mod keys;
mod outgoing;
mod output;
mod sealed;
mod serving;
mod session;
mod stamping;
mod system;
mod usage;
mod witnessing;

use std::process::ExitCode;

use clap::Parser;

use command::Cli;

fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(error) => return usage::answer(&error, &system::arguments()),
    };
    let json = cli.wants_json();
    match command::run(cli).and_then(|code| output::complete().map(|()| code)) {
        Ok(code) => code.into(),
        Err(failure) => {
            failure.report(json);
            failure.code()
        }
    }
}
