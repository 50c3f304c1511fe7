//! The binary of Vouch: commands and wiring. The only place that takes time, randomness and environment from the system, and
//! hands them on as parameters.

mod archive;
mod command;
mod embedded;
mod failure;
mod folder;
mod output;
mod sealed;
mod serving;
mod session;
mod system;
mod usage;

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
