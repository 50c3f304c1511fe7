//! Writes everything that is derived from data files: typed views and reference pages.
//!
//! Each output names its own folder or file; with `--check` nothing is written and a difference is an error.

mod check_page;
mod command_page;
mod dependency_page;
mod embedded;
mod enums;
mod kind_page;
mod page;
mod table;
mod view;
mod word;

use std::collections::BTreeMap;

use anyhow::{Context as _, Result, bail};

use crate::project::Project;

/// Files to be written: path below the root → text.
type Files = BTreeMap<String, String>;

/// One thing that is generated.
struct Output {
    /// what it is called on the command line
    name: &'static str,
    /// folder that holds nothing but its files; none for a single file
    folder: Option<&'static str>,
    /// makes the files
    make: fn(&Project) -> Result<Files>,
}

const OUTPUTS: [Output; 6] = [
    Output { name: "views", folder: Some(VIEWS), make: views },
    Output { name: "embedded", folder: None, make: embedded::list },
    Output { name: "kinds", folder: Some(kind_page::FOLDER), make: kind_page::pages },
    Output { name: "checks", folder: None, make: check_page::page },
    Output { name: "dependencies", folder: None, make: dependency_page::page },
    Output { name: "commands", folder: None, make: command_page::page },
];

const VIEWS: &str = "crates/record/src/kind/generated";

/// Writes the named outputs, all if none is named; with `check` compares them instead.
pub(crate) fn run(project: &Project, check: bool, names: &[String]) -> Result<()> {
    if let Some(unknown) = names.iter().find(|name| OUTPUTS.iter().all(|output| output.name != **name)) {
        let known: Vec<&str> = OUTPUTS.iter().map(|output| output.name).collect();
        bail!("nothing named `{unknown}` is generated; there are {}", known.join(", "));
    }
    let mut stale = Vec::new();
    let mut failed = Vec::new();
    for output in OUTPUTS.iter().filter(|output| names.is_empty() || names.iter().any(|name| name == output.name)) {
        match bring_up_to_date(project, output, check) {
            Ok(changes) => stale.extend(changes),
            Err(error) => failed.push(format!("cannot generate {}: {error:#}", output.name)),
        }
    }
    if check && !stale.is_empty() {
        failed.push(format!("out of date: {}; run `cargo xtask generate` and commit what it writes", stale.join(", ")));
    }
    if !failed.is_empty() {
        bail!("{}", failed.join("\n"));
    }
    Ok(())
}

/// Makes an output's files; writes what differs unless it is only to be checked, and answers with it.
fn bring_up_to_date(project: &Project, output: &Output, check: bool) -> Result<Vec<String>> {
    let files = (output.make)(project)?;
    let changes = compare(project, output.folder, &files)?;
    println!("{}: {} files, {} differ", output.name, files.len(), changes.len());
    if !check {
        write(project, &files, &changes)?;
    }
    Ok(changes)
}

/// Paths that are missing, differ, or lie in the folder without being generated any more.
fn compare(project: &Project, folder: Option<&str>, files: &Files) -> Result<Vec<String>> {
    let there = folder.map(|folder| project.files(folder, "")).transpose()?.unwrap_or_default();
    let mut changes: Vec<String> = there.into_iter().filter(|path| !files.contains_key(path)).collect();
    for (path, text) in files {
        if !project.path(path).is_file() || project.read(path)? != *text {
            changes.push(path.clone());
        }
    }
    Ok(changes)
}

fn write(project: &Project, files: &Files, changes: &[String]) -> Result<()> {
    for path in changes {
        let target = project.path(path);
        match files.get(path) {
            Some(text) => {
                let folder = target.parent().context("a generated file lies in a folder")?;
                std::fs::create_dir_all(folder).with_context(|| format!("cannot make the folder of `{path}`"))?;
                std::fs::write(&target, text).with_context(|| format!("cannot write `{path}`"))?;
            }
            None => std::fs::remove_file(&target).with_context(|| format!("cannot remove `{path}`"))?,
        }
    }
    Ok(())
}

fn views(project: &Project) -> Result<Files> {
    let kinds = table::read(project)?;
    let names = toml::from_str(&project.read("xtask/names.toml")?).context("`xtask/names.toml` is not a list of names")?;
    let enums = enums::Enums::of(&kinds, &names)?;
    let mut files = Files::new();
    for kind in &kinds {
        files.insert(format!("{VIEWS}/{}.rs", word::snake(&kind.name)), view::kind(kind, &enums)?);
    }
    files.insert(format!("{VIEWS}/shared.rs"), view::shared(&enums)?);
    files.insert(format!("{VIEWS}/mod.rs"), view::module_list(&kinds)?);
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_missing_differs_or_is_left_over_is_a_change_and_writing_ends_it() {
        let folder = tempfile::tempdir().unwrap();
        let project = Project::at(folder.path());
        std::fs::create_dir(project.path("out")).unwrap();
        for (name, text) in [("same", "1"), ("other", "old"), ("left", "x")] {
            std::fs::write(project.path(&format!("out/{name}")), text).unwrap();
        }
        let files = [("out/same", "1"), ("out/other", "2"), ("out/new", "3")];
        let files: Files = files.into_iter().map(|(path, text)| (path.to_owned(), text.to_owned())).collect();
        let changes = compare(&project, Some("out"), &files).unwrap();
        assert_eq!(changes, ["out/left", "out/new", "out/other"]);
        write(&project, &files, &changes).unwrap();
        assert!(compare(&project, Some("out"), &files).unwrap().is_empty());
        assert!(!project.path("out/left").exists());
    }
}
