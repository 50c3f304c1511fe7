//! Style as a test: the numbers, arrows, names and pages that EXAMPLES §4 holds, read from what git tracks.

mod arrow;
mod licence;
mod module_tree;
mod name;
mod page;
mod settings;
mod size;
mod source;

use std::fmt;

use anyhow::{Context as _, Result, bail};

use crate::manifest::Manifests;
use crate::project::Project;
use settings::Settings;
use source::Source;

/// Something to mend.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Problem {
    /// file, crate or function
    place: String,
    /// what is wrong and what to do
    message: String,
}

impl Problem {
    fn new(place: &str, message: String) -> Self {
        Self { place: place.to_owned(), message }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message)
    }
}

/// Looks at everything and lists what is to be mended.
pub(crate) fn run(project: &Project) -> Result<()> {
    let tracked = project.tracked()?;
    let mut sources = Source::all(project, &tracked)?;
    let manifests = Manifests::read(project)?;
    let settings: Settings = toml::from_str(&project.read("xtask/tidy.toml")?).context("`xtask/tidy.toml` has another form")?;
    let crates: Vec<String> = manifests.own().map(|package| package.name.clone()).collect();

    let mut problems = module_tree::check(&mut sources, &manifests.roots());
    let (too_large, sizes) = size::check(&sources, &tracked, &settings);
    problems.extend(too_large);
    problems.extend(name::check(&sources, &crates));
    problems.extend(arrow::check(&manifests, &sources));
    problems.extend(licence::check(&manifests, &settings.licences.allow));
    problems.extend(pages(project, &tracked)?);
    problems.sort();
    problems.dedup();
    for line in sizes.into_iter().chain(problems.iter().map(ToString::to_string)) {
        println!("{line}");
    }
    if !problems.is_empty() {
        bail!("{} to mend", problems.len());
    }
    println!("tidy: {} files, {} of them Rust, {} crates", tracked.len(), sources.len(), crates.len());
    Ok(())
}

fn pages(project: &Project, tracked: &[String]) -> Result<Vec<Problem>> {
    let mut problems = Vec::new();
    for needed in page::NEEDED.iter().filter(|needed| !tracked.iter().any(|path| path == **needed)) {
        problems.push(Problem::new(needed, "is missing".to_owned()));
    }
    for path in tracked {
        let bytes = std::fs::read(project.path(path)).with_context(|| format!("cannot read `{path}`"))?;
        // What is not text (inventories in Windows-1252, workbooks) names no paths that a person wrote.
        let Ok(text) = String::from_utf8(bytes) else { continue };
        problems.extend(page::length(path, &text));
        problems.extend(page::machine_traces(path, &text));
        problems.extend(page::leftovers(path, &text));
        if path == "CHANGELOG.md" {
            problems.extend(page::change_log(path, &text));
        }
    }
    Ok(problems)
}
