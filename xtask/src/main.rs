//! Chores of the project, started with `cargo xtask CHORE`: `ci`, `tidy`, `generate`, `bench`.
//!
//! Chores read the work tree and run other programs. Nothing the product does lives here, and no crate of ours depends on it.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr, reason = "a chore is a program of its own")]

mod generate;
mod manifest;
mod project;
mod tidy;

use std::process::ExitCode;

use anyhow::{Result, bail};

use project::Project;

fn main() -> ExitCode {
    let words: Vec<String> = std::env::args().skip(1).collect();
    match run(&words) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(words: &[String]) -> Result<()> {
    let project = Project::find()?;
    let (flags, names): (Vec<String>, Vec<String>) = words.iter().cloned().partition(|word| word.starts_with("--"));
    match names.first().map(String::as_str) {
        Some("generate") => generate::run(&project, flags.iter().any(|flag| flag == "--check"), &names[1..]),
        Some("tidy") => tidy::run(&project),
        _ => bail!("no such chore"),
    }
}
