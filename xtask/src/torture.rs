//! Torture of the store: `cargo xtask torture NAME [--cycles N]`. docs/RELIABILITY.md says what each holds and what was measured.

use anyhow::{Context as _, Result, bail};

use crate::project::Project;

/// A way to torture.
struct Torture {
    name: &'static str,
    /// cycles where none are asked for
    full: u32,
    /// cycles in CI
    few: u32,
}

const TORTURES: [Torture; 7] = [
    Torture { name: "kill-sqlite", full: 300, few: 3 },
    Torture { name: "kill-postgres", full: 300, few: 3 },
    Torture { name: "stop-postgres", full: 100, few: 3 },
    Torture { name: "power-cut", full: 300, few: 2 },
    Torture { name: "fail-calls", full: 500, few: 3 },
    Torture { name: "tamper", full: 50_000, few: 250 },
    Torture { name: "tenancy", full: 20_000, few: 400 },
];

/// Runs one, as often as asked for.
pub(crate) fn run(project: &Project, words: &[String]) -> Result<()> {
    let (name, cycles) = match words {
        [name] => (name, None),
        [name, flag, cycles] if flag == "--cycles" => (name, Some(cycles.parse().context("`--cycles` wants a number")?)),
        _ => bail!("say `cargo xtask torture NAME [--cycles N]`, with one of {}", names()),
    };
    let torture = TORTURES.iter().find(|torture| torture.name == name);
    let torture = torture.with_context(|| format!("there is no torture `{name}`; there are {}", names()))?;
    cycle(project, torture, cycles.unwrap_or(torture.full))
}

/// Runs all of them a few times.
pub(crate) fn few(project: &Project) -> Result<()> {
    TORTURES.iter().try_for_each(|torture| cycle(project, torture, torture.few))
}

fn cycle(project: &Project, torture: &Torture, cycles: u32) -> Result<()> {
    let cycles = cycles.to_string();
    let example = ["run", "--quiet", "--package", "vouch-store", "--example", "torture", "--features", "contract", "--"];
    let status =
        project.command("cargo", &[&example[..], &[torture.name, &cycles]].concat()).status().context("cannot start cargo")?;
    if status.success() { Ok(()) } else { bail!("the store did not keep its word under `{}`; see above", torture.name) }
}

fn names() -> String {
    TORTURES.map(|torture| torture.name).join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_torture_is_refused_and_the_known_are_named() {
        let project = Project::at(std::path::Path::new("."));
        let error = run(&project, &["tickle".to_owned()]).unwrap_err().to_string();
        assert!(error.contains("`tickle`") && error.contains("kill-sqlite"), "{error}");
        assert!(run(&project, &["kill-sqlite".to_owned(), "--cycles".to_owned(), "many".to_owned()]).is_err());
    }
}
