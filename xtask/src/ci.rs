//! The whole of CI: the same steps for everybody, each with its time, all of them even after one failed.

mod count;
mod postgres;
mod python;
mod readme;
mod stream;

use std::ffi::OsString;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};

use crate::project::Project;
use crate::{browser, generate, interop, tidy, torture};
use count::Counts;

/// A step of CI.
struct Step {
    /// what `--only` calls it
    name: &'static str,
    /// what it holds
    holds: &'static str,
    run: fn(&mut Run<'_>) -> Result<()>,
}

const STEPS: [Step; 13] = [
    Step { name: "lock", holds: "Cargo.lock fits the manifests", run: lock },
    Step { name: "fmt", holds: "the code is formatted", run: fmt },
    Step { name: "tidy", holds: "sizes, arrows, names, licences, pages", run: |run| tidy::run(run.project) },
    Step { name: "clippy", holds: "no warning anywhere", run: clippy },
    Step { name: "generate", holds: "generated files are up to date", run: |run| generate::run(run.project, true, &[]) },
    Step { name: "python", holds: "docs/verify.py has what it needs", run: python },
    Step { name: "postgres", holds: "tests can start a database server", run: |run| postgres::ready(run.project) },
    Step { name: "tests", holds: "all tests pass", run: tests },
    Step { name: "torture", holds: "nothing acknowledged is lost", run: |run| torture::few(run.project) },
    Step { name: "interop", holds: "Go reads our logs and proofs, and we read Go's", run: |run| interop::run(run.project) },
    Step { name: "doctests", holds: "examples in comments work", run: doc_tests },
    Step { name: "readme", holds: "the README's commands work", run: |run| readme::run(run.project, run.path.as_deref()) },
    Step {
        name: "browser",
        holds: "journeys through the pages work, and no page violates a rule of accessibility",
        run: |run| browser::run(run.project, &[]),
    },
];

/// The longest one program of a step may take: more than CI has for all of them.
const MOST: Duration = Duration::from_secs(90 * 60);

/// What steps hand on.
struct Run<'a> {
    project: &'a Project,
    /// search path for programs, if it is not the inherited one
    path: Option<OsString>,
    counts: Option<Counts>,
}

impl Run<'_> {
    /// Runs a program and shows what it prints.
    fn program(&self, program: &str, arguments: &[&str]) -> Result<stream::Ended> {
        let mut command = self.project.command(program, arguments);
        if let Some(path) = &self.path {
            command.env("PATH", path);
        }
        stream::run(command, MOST)
    }

    /// Runs cargo; another exit code than 0 is an error.
    fn cargo(&self, arguments: &[&str]) -> Result<()> {
        let ended = self.program("cargo", arguments)?;
        if !ended.status.success() {
            bail!("`cargo {}` ended with {}", arguments.join(" "), ended.status);
        }
        Ok(())
    }

    /// Runs tests and adds up how many; none at all is an error.
    fn count(&mut self, arguments: &[&str]) -> Result<()> {
        let ended = self.program("cargo", arguments)?;
        let counts = Counts::read(&ended.lines);
        *self.counts.get_or_insert_default() += counts;
        if !ended.status.success() {
            bail!("`cargo {}` ended with {}: {counts}", arguments.join(" "), ended.status);
        }
        if counts == Counts::default() {
            bail!("`cargo {}` ran no test", arguments.join(" "));
        }
        Ok(())
    }
}

/// Runs all steps, or those named; fails if one does.
pub(crate) fn run(project: &Project, only: &[String]) -> Result<()> {
    if let Some(unknown) = only.iter().find(|name| STEPS.iter().all(|step| step.name != **name)) {
        let known: Vec<&str> = STEPS.iter().map(|step| step.name).collect();
        bail!("no step is called `{unknown}`; there are {}", known.join(", "));
    }
    let start = Instant::now();
    let mut run = Run { project, path: None, counts: None };
    let mut results = Vec::new();
    for step in STEPS.iter().filter(|step| only.is_empty() || only.iter().any(|name| name == step.name)) {
        println!("== {}: {}", step.name, step.holds);
        let begun = Instant::now();
        let result = (step.run)(&mut run);
        if let Err(error) = &result {
            println!("error: {error:#}");
        }
        results.push((step.name, begun.elapsed(), result.is_ok()));
    }
    println!("\n{}", table(&results));
    let failed: Vec<&str> = results.iter().filter(|(_, _, ok)| !ok).map(|(name, ..)| *name).collect();
    let verdict = if failed.is_empty() { "ok".to_owned() } else { format!("failed: {}", failed.join(", ")) };
    println!("ci: {verdict} ({:.0} s)", start.elapsed().as_secs_f64());
    if let Some(counts) = run.counts {
        println!("tests: {counts}");
    }
    if !failed.is_empty() {
        bail!("once more with `cargo xtask ci --only {}`", failed.join(" --only "));
    }
    Ok(())
}

fn table(results: &[(&str, Duration, bool)]) -> String {
    let row = |(name, took, ok): &(&str, Duration, bool)| {
        format!("{name:<10} {:>7.1} s  {}\n", took.as_secs_f64(), if *ok { "ok" } else { "FAILED" })
    };
    results.iter().map(row).collect()
}

/// Starting this chore has already brought the lock file up to date, so what shows a stale one is that it changed. Whoever is about
/// to commit may have changed it; a fresh clone may not.
fn lock(run: &mut Run<'_>) -> Result<()> {
    if std::env::var_os("CI").is_none() {
        println!("- looked at in a fresh clone only (where CI is set)");
        return Ok(());
    }
    let changed = run.project.output("git", &["status", "--porcelain", "--", "Cargo.lock"])?;
    if !changed.trim().is_empty() {
        bail!("Cargo.lock does not fit the manifests; run `cargo check` and commit it");
    }
    Ok(())
}

fn fmt(run: &mut Run<'_>) -> Result<()> {
    run.cargo(&["fmt", "--all", "--check", "--", "--files-with-diff", "--color", "never"]).context("run `cargo fmt --all`")
}

fn clippy(run: &mut Run<'_>) -> Result<()> {
    run.cargo(&["clippy", "--quiet", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])
}

fn python(run: &mut Run<'_>) -> Result<()> {
    run.path = python::ready(run.project)?;
    Ok(())
}

fn tests(run: &mut Run<'_>) -> Result<()> {
    let has_nextest = run.project.output("cargo", &["nextest", "--version"]).is_ok();
    if has_nextest {
        run.count(&["nextest", "run", "--workspace", "--locked", "--no-fail-fast", "--status-level", "slow"])
    } else {
        run.count(&["test", "--quiet", "--workspace", "--locked", "--no-fail-fast", "--lib", "--bins", "--tests"])
    }
}

fn doc_tests(run: &mut Run<'_>) -> Result<()> {
    let mut has_any = false;
    for path in run.project.tracked()?.iter().filter(|path| path.ends_with(".rs")) {
        has_any |= has_doc_test(&run.project.read(path)?);
    }
    if !has_any {
        println!("- no comment holds an example");
        return Ok(());
    }
    run.count(&["test", "--quiet", "--workspace", "--locked", "--doc"])
}

/// Whether a doc comment holds a block that is compiled.
fn has_doc_test(text: &str) -> bool {
    let mut inside = false;
    for line in text.lines() {
        let line = line.trim_start();
        let Some(comment) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) else { continue };
        if let Some(language) = comment.trim_start().strip_prefix("```") {
            if !inside && language.split(',').map(str::trim).all(|word| ["", "rust", "no_run", "should_panic"].contains(&word)) {
                return true;
            }
            inside = !inside;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_blocks_that_are_compiled_are_doc_tests() {
        assert!(has_doc_test("/// ```\n/// assert!(true);\n/// ```\nfn a() {}"));
        assert!(has_doc_test("    //! ```rust,no_run\n    //! ```"));
        assert!(!has_doc_test("/// ```text\n/// a\n/// ```\nfn a() {}"));
        assert!(!has_doc_test("let s = \"```\";"));
    }

    #[test]
    fn an_unknown_step_is_refused_and_the_known_are_named() {
        let error = run(&Project::at(std::path::Path::new(".")), &["fmt".into(), "nap".into()]).unwrap_err().to_string();
        assert!(error.contains("`nap`") && error.contains("clippy"), "{error}");
    }

    #[test]
    fn the_table_shows_what_failed() {
        let table = table(&[("fmt", Duration::from_millis(1200), true), ("tests", Duration::from_secs(100), false)]);
        assert_eq!(table, "fmt            1.2 s  ok\ntests        100.0 s  FAILED\n");
    }
}
