//! Does what the README says, as a newcomer would: its commands run, in order, in a folder that goes away.

use std::path::Path;
use std::time::Duration;

use anyhow::{Context as _, Result, bail};

use super::stream;
use crate::manifest::Manifests;
use crate::project::Project;

/// The first two commands, which a fresh clone runs.
const FIRST: [&str; 2] = ["cargo run --release -- demo", "cargo xtask ci"];

/// The longest a command of the README may take, compiled without optimisation.
const MOST: Duration = Duration::from_secs(300);

/// A command and the exit code it should end with.
#[derive(Debug, PartialEq, Eq)]
struct Shown {
    line: String,
    code: i32,
}

/// What is to be done with a command.
#[derive(Debug, PartialEq, Eq)]
enum Plan {
    /// run this line
    Run(String),
    /// a chore, which has to exist
    Chore(String),
    /// needs a network, another folder or minutes
    Skip,
}

/// Checks the first two commands and runs the others.
pub(crate) fn run(project: &Project, path: Option<&std::ffi::OsStr>) -> Result<()> {
    let commands = commands(&project.read("README.md")?)?;
    let first: Vec<&str> = commands.iter().take(FIRST.len()).map(|command| command.line.as_str()).collect();
    if first != FIRST {
        bail!("the first two commands of the README are `{}`, not `{}`", first.join("`, `"), FIRST.join("`, `"));
    }
    let status = project.command("cargo", &["build", "--locked", "--package", "vouch"]).status()?;
    if !status.success() {
        bail!("the program does not build");
    }
    let programs = Manifests::read(project)?.target_folder().join("debug");
    let folder = Folder::new(project)?;
    for command in &commands {
        match plan(&command.line) {
            Plan::Skip => println!("- not run: {}", command.line),
            Plan::Chore(chore) if super::super::CHORES.contains(&chore.as_str()) => println!("- a chore: {}", command.line),
            Plan::Chore(chore) => bail!("the README names a chore `{chore}` that does not exist"),
            Plan::Run(line) => folder.run(&line, command.code, &programs, path)?,
        }
    }
    Ok(())
}

/// Commands in fenced `sh` blocks, and behind `$ ` in `console` blocks. A trailing `# exit N` names another exit code than 0.
fn commands(page: &str) -> Result<Vec<Shown>> {
    let mut commands = Vec::new();
    let mut block: Option<&str> = None;
    let mut open = String::new();
    for line in page.lines() {
        if let Some(language) = line.trim_start().strip_prefix("```") {
            block = if block.is_some() { None } else { Some(language.trim()) };
            continue;
        }
        let text = match block {
            Some("sh" | "bash" | "shell") => line.trim(),
            Some("console") => match line.trim().strip_prefix("$ ") {
                Some(text) => text,
                None => continue,
            },
            _ => continue,
        };
        if open.is_empty() && (text.is_empty() || text.starts_with('#')) {
            continue;
        }
        open.push_str(text.strip_suffix('\\').unwrap_or(text));
        if !text.ends_with('\\') {
            commands.push(shown(&std::mem::take(&mut open))?);
        }
    }
    Ok(commands)
}

fn shown(line: &str) -> Result<Shown> {
    let (line, comment) = line.split_once(" # ").unwrap_or((line, ""));
    let code = match comment.trim().strip_prefix("exit ") {
        Some(code) => code.trim().parse().with_context(|| format!("`{comment}` names no exit code"))?,
        None => 0,
    };
    Ok(Shown { line: line.trim().to_owned(), code })
}

fn plan(line: &str) -> Plan {
    if let Some(arguments) = line.strip_prefix("cargo run --release -- ") {
        // Pages would be served until somebody stops them.
        let quietly = if arguments.starts_with("demo") { " --no-serve" } else { "" };
        return Plan::Run(format!("vouch {arguments}{quietly}"));
    }
    if let Some(chore) = line.strip_prefix("cargo xtask ") {
        return Plan::Chore(chore.split_whitespace().next().unwrap_or_default().to_owned());
    }
    match line.split_whitespace().next() {
        Some("vouch" | "python3") => Plan::Run(line.to_owned()),
        _ => Plan::Skip,
    }
}

/// A folder in which the project's files are seen and new ones go away.
struct Folder {
    path: std::path::PathBuf,
}

impl Folder {
    fn new(project: &Project) -> Result<Self> {
        let path = std::env::temp_dir().join(format!("vouch-readme-{}", std::process::id()));
        std::fs::create_dir(&path).context("cannot make a folder for the README's commands")?;
        let folder = Self { path };
        for entry in std::fs::read_dir(project.root())? {
            let entry = entry?;
            link(&entry.path(), &folder.path.join(entry.file_name()))?;
        }
        Ok(folder)
    }

    fn run(&self, line: &str, code: i32, programs: &Path, path: Option<&std::ffi::OsStr>) -> Result<()> {
        println!("$ {line}");
        let inherited = path.map(ToOwned::to_owned).or_else(|| std::env::var_os("PATH")).unwrap_or_default();
        let mut folders = vec![programs.to_owned()];
        folders.extend(std::env::split_paths(&inherited));
        let mut command = std::process::Command::new("sh");
        command.args(["-c", line]).current_dir(&self.path).env("PATH", std::env::join_paths(folders)?);
        // What a newcomer keeps at home is not touched.
        command
            .env("HOME", &self.path)
            .env("XDG_DATA_HOME", self.path.join("data-home"))
            .env_remove("VOUCH_DATA")
            .env_remove("VOUCH_AS");
        let ended = stream::run(command, MOST)?;
        if ended.status.code() != Some(code) {
            bail!("`{line}` of the README ended with {}, not with exit code {code}", ended.status);
        }
        Ok(())
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        if let Err(error) = std::fs::remove_dir_all(&self.path) {
            eprintln!("cannot remove `{}`: {error}", self.path.display());
        }
    }
}

#[cfg(unix)]
fn link(from: &Path, to: &Path) -> Result<()> {
    std::os::unix::fs::symlink(from, to).with_context(|| format!("cannot link `{}`", from.display()))
}

#[cfg(not(unix))]
fn link(_: &Path, _: &Path) -> Result<()> {
    bail!("the README's commands are run where `sh` is; leave the step out with `--only`")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_read_from_shell_blocks_alone() {
        let page = "# V\n\n```sh\ncargo run --release -- demo\n\n# a comment\nvouch show \\\n  SYS-1 # the first\n```\n\n```json\nvouch\n```\n\n```console\n$ vouch readiness --check # exit 1\n70 requirements\n```\n";
        let found: Vec<(String, i32)> = commands(page).unwrap().into_iter().map(|command| (command.line, command.code)).collect();
        let expected = [("cargo run --release -- demo", 0), ("vouch show SYS-1", 0), ("vouch readiness --check", 1)];
        assert_eq!(found, expected.map(|(line, code)| (line.to_owned(), code)));
    }

    #[test]
    fn the_program_is_run_chores_are_known_and_the_rest_is_left() {
        assert_eq!(plan("cargo run --release -- demo --seed 7"), Plan::Run("vouch demo --seed 7 --no-serve".to_owned()));
        assert_eq!(plan("python3 docs/verify.py out"), Plan::Run("python3 docs/verify.py out".to_owned()));
        assert_eq!(plan("cargo xtask ci"), Plan::Chore("ci".to_owned()));
        assert_eq!(plan("git clone URL"), Plan::Skip);
    }

    #[cfg(unix)]
    #[test]
    fn commands_see_the_project_and_leave_nothing_in_it() {
        use std::os::unix::fs::PermissionsExt as _;
        let root = tempfile::tempdir().unwrap();
        std::fs::write(root.path().join("inventory.csv"), "name\n").unwrap();
        let programs = tempfile::tempdir().unwrap();
        let program = programs.path().join("vouch");
        std::fs::write(&program, "#!/bin/sh\ntest -f inventory.csv && echo x > export && echo \"$HOME\" && exit $1\n").unwrap();
        std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();

        let folder = Folder::new(&Project::at(root.path())).unwrap();
        let path = folder.path.clone();
        folder.run("vouch 0", 0, programs.path(), None).unwrap();
        folder.run("vouch 1", 1, programs.path(), None).unwrap();
        let error = folder.run("vouch 3", 0, programs.path(), None).unwrap_err().to_string();
        assert!(error.contains("`vouch 3`") && error.contains('3'), "{error}");
        assert!(path.join("export").is_file() && !root.path().join("export").exists());
        drop(folder);
        assert!(!path.exists() && root.path().join("inventory.csv").is_file());
    }
}
