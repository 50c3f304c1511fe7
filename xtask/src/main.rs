//! Chores of the project, started with `cargo xtask CHORE`: `ci`, `tidy`, `generate`, `bench`, `browser`, `fuzz`,
//! `interop`, `mutants`, `stories`, `torture`.
//!
//! Chores read the work tree and run other programs. Nothing the product does lives here, and no crate of ours depends on it.

#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr, reason = "a chore is a program of its own")]

mod bench;
mod browser;
mod ci;
mod fuzz;
mod generate;
mod interop;
mod manifest;
mod project;
mod tidy;
mod torture;

use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};

use project::Project;

/// What there is to do.
const CHORES: [&str; 10] = ["bench", "browser", "ci", "fuzz", "generate", "interop", "mutants", "stories", "tidy", "torture"];

const USAGE: &str = "\
cargo xtask ci [--only STEP]…            all that CI holds, or single steps
cargo xtask tidy                         sizes, arrows, names, licences, pages
cargo xtask generate [--check] [NAME]…   typed views and reference pages from the data files
cargo xtask bench [NAME]…                measures, written to docs/PERFORMANCE.md
cargo xtask browser [NAME]…              journeys through the pages in Chromium, and accessibility of each
cargo xtask fuzz [NAME]… [--seconds N] [--runs N] [--keep]
                                         parsers of bytes from outside, guided by what inputs reach
cargo xtask interop                      our logs read by Go's x/mod/sumdb, and its logs by us
cargo xtask mutants conform              turns each rule's verdict round; some case must notice
cargo xtask stories                      the sample with each defect, and on twenty seeds
cargo xtask torture NAME [--cycles N]    kills, stops and starts the store under load; nothing acknowledged may be lost";

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
    let Some((chore, words)) = words.split_first() else { bail!("say what to do:\n{USAGE}") };
    let project = Project::find()?;
    match chore.as_str() {
        "ci" => ci::run(&project, &only(words)?),
        "tidy" if words.is_empty() => tidy::run(&project),
        "generate" => {
            let (flags, names): (Vec<_>, Vec<_>) = words.iter().cloned().partition(|word| word.starts_with('-'));
            refuse_other(&flags, &["--check"])?;
            generate::run(&project, !flags.is_empty(), &names)
        }
        "bench" => {
            refuse_other(&words.iter().filter(|word| word.starts_with('-')).cloned().collect::<Vec<_>>(), &[])?;
            bench::run(&project, words)
        }
        "browser" => browser::run(&project, words),
        "fuzz" => fuzz::run(&project, words),
        "interop" if words.is_empty() => interop::run(&project),
        "mutants" if words == ["conform"] => mutants(&project),
        "stories" if words.is_empty() => stories(&project),
        "torture" => torture::run(&project, words),
        "help" | "--help" | "-h" => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("`{}` is no chore:\n{USAGE}", [std::slice::from_ref(chore), words].concat().join(" ")),
    }
}

/// Turns each rule's verdict round, one at a time, and fails when no case and no clean organisation notices.
fn mutants(project: &Project) -> Result<()> {
    let arguments = ["test", "--release", "--package", "vouch-conform", "--features", "mutants", "--lib", "check::cases::mutants"];
    let status = project.command("cargo", &arguments).status().context("cannot start cargo")?;
    if status.success() { Ok(()) } else { bail!("a rule can be turned round unnoticed; see above which") }
}

/// Lives through the sample organisation with each defect, and clean and lived on twenty seeds.
fn stories(project: &Project) -> Result<()> {
    let arguments = ["test", "--release", "--package", "vouch-app", "--features", "stories", "--test", "stories"];
    let status = project.command("cargo", &arguments).status().context("cannot start cargo")?;
    if status.success() { Ok(()) } else { bail!("a story told something else than it should; see above which") }
}

/// The names behind each `--only`.
fn only(words: &[String]) -> Result<Vec<String>> {
    let mut names = Vec::new();
    for pair in words.chunks(2) {
        match pair {
            [flag, name] if flag == "--only" => names.push(name.clone()),
            _ => bail!("`{}` is not understood:\n{USAGE}", pair.join(" ")),
        }
    }
    Ok(names)
}

fn refuse_other(flags: &[String], known: &[&str]) -> Result<()> {
    match flags.iter().find(|flag| !known.contains(&flag.as_str())) {
        Some(flag) => bail!("`{flag}` is not understood:\n{USAGE}"),
        None => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_steps_are_named_with_only() {
        let words = |text: &str| text.split_whitespace().map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(only(&words("--only fmt --only tests")).unwrap(), ["fmt", "tests"]);
        assert!(only(&words("--only")).is_err());
        assert!(only(&words("fmt")).is_err());
    }

    #[test]
    fn every_chore_is_in_the_usage() {
        for chore in CHORES {
            assert!(USAGE.contains(&format!("cargo xtask {chore} ")), "{chore}");
        }
    }
}
