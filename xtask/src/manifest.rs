//! What `cargo metadata` says about our crates and what they depend on.

use std::collections::BTreeMap;

use anyhow::{Context as _, Result};
use serde::Deserialize;

use crate::project::Project;

/// All packages of the lock file.
#[derive(Debug, Deserialize)]
pub(crate) struct Manifests {
    packages: Vec<Package>,
    workspace_root: String,
    target_directory: std::path::PathBuf,
}

/// A package.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: String,
    /// none for our own
    pub(crate) source: Option<String>,
    /// SPDX expression
    pub(crate) license: Option<String>,
    #[serde(default)]
    pub(crate) dependencies: Vec<Dependency>,
    #[serde(default)]
    targets: Vec<Target>,
}

/// A line of a package's manifest.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// none for a normal one, else `dev` or `build`
    pub(crate) kind: Option<String>,
    /// folder, for our own
    pub(crate) path: Option<String>,
}

#[derive(Debug, Clone, Deserialize)]
struct Target {
    src_path: String,
}

impl Manifests {
    /// Asks cargo.
    pub(crate) fn read(project: &Project) -> Result<Self> {
        let text = project.output("cargo", &["metadata", "--format-version", "1"])?;
        serde_json::from_str(&text).context("`cargo metadata` printed another form than expected")
    }

    /// Where cargo puts what it makes.
    pub(crate) fn target_folder(&self) -> &std::path::Path {
        &self.target_directory
    }

    /// Our own packages.
    pub(crate) fn own(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_none())
    }

    /// Everything else that the lock file names.
    pub(crate) fn foreign(&self) -> impl Iterator<Item = &Package> {
        self.packages.iter().filter(|package| package.source.is_some())
    }

    /// The files our targets begin with, below the root.
    pub(crate) fn roots(&self) -> Vec<String> {
        let targets = self.own().flat_map(|package| &package.targets);
        let below = targets.filter_map(|target| target.src_path.strip_prefix(&self.workspace_root));
        below.map(|path| path.trim_start_matches(['/', '\\']).replace('\\', "/")).collect()
    }

    /// Foreign packages that ours name → which of ours name them.
    pub(crate) fn direct(&self) -> BTreeMap<&str, Vec<&str>> {
        let mut direct: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for package in self.own() {
            for dependency in package.dependencies.iter().filter(|dependency| dependency.path.is_none()) {
                let users = direct.entry(&dependency.name).or_default();
                if !users.contains(&package.name.as_str()) {
                    users.push(&package.name);
                }
            }
        }
        direct.values_mut().for_each(|users| users.sort_unstable());
        direct
    }

    /// The licence of a foreign package.
    pub(crate) fn licence(&self, name: &str) -> Option<&str> {
        self.foreign().find(|package| package.name == name)?.license.as_deref()
    }
}

/// Manifests written by hand, for tests of rules.
#[cfg(test)]
pub(crate) fn for_test(json: &serde_json::Value) -> Manifests {
    serde_json::from_value(serde_json::json!({"packages": json, "workspace_root": "/w", "target_directory": "/w/target"}))
        .expect("the test writes it so")
}
