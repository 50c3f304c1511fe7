//! Where the project lies and what git tracks in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

/// The work tree.
#[derive(Debug, Clone)]
pub(crate) struct Project {
    root: PathBuf,
}

impl Project {
    /// The work tree that holds the running chore: cargo names the package's folder, its parent is the root.
    pub(crate) fn find() -> Result<Self> {
        let package =
            std::env::var("CARGO_MANIFEST_DIR").context("start it with `cargo xtask`, which says where the project lies")?;
        let root = Path::new(&package).parent().context("the package lies at the root of the file system")?;
        Ok(Self::at(root))
    }

    /// The work tree at `root`.
    pub(crate) fn at(root: &Path) -> Self {
        Self { root: root.to_owned() }
    }

    /// Root folder.
    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// A path below the root, parts separated by `/`.
    pub(crate) fn path(&self, relative: &str) -> PathBuf {
        self.root.join(relative)
    }

    /// The text of a file.
    pub(crate) fn read(&self, relative: &str) -> Result<String> {
        let path = self.path(relative);
        std::fs::read_to_string(&path).with_context(|| format!("cannot read `{relative}`"))
    }

    /// Paths that git tracks or would track, parts separated by `/`, sorted; what was deleted but not yet committed is left out.
    pub(crate) fn tracked(&self) -> Result<Vec<String>> {
        let listed = self.output("git", &["ls-files", "-z", "--cached", "--others", "--exclude-standard"])?;
        let mut paths: Vec<String> =
            listed.split('\0').filter(|path| !path.is_empty() && self.path(path).is_file()).map(str::to_owned).collect();
        paths.sort();
        paths.dedup();
        Ok(paths)
    }

    /// A command to be run at the root.
    pub(crate) fn command(&self, program: &str, arguments: &[&str]) -> Command {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.root);
        command
    }

    /// What a command prints, if it ends well.
    pub(crate) fn output(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let called = || format!("`{program} {}`", arguments.join(" "));
        let output = self.command(program, arguments).output().with_context(|| format!("cannot start {}", called()))?;
        if !output.status.success() {
            bail!("{} failed ({}): {}", called(), output.status, String::from_utf8_lossy(&output.stderr).trim());
        }
        String::from_utf8(output.stdout).with_context(|| format!("{} printed something that is not UTF-8", called()))
    }

    /// Files of one folder with this ending, sorted by name; none if the folder does not exist.
    pub(crate) fn files(&self, folder: &str, ending: &str) -> Result<Vec<String>> {
        let path = self.path(folder);
        if !path.is_dir() {
            return Ok(Vec::new());
        }
        let mut found = Vec::new();
        for entry in std::fs::read_dir(&path).with_context(|| format!("cannot read folder `{folder}`"))? {
            let name = entry?.file_name();
            let name = name.to_str().with_context(|| format!("`{folder}` holds a file whose name is not UTF-8"))?;
            if name.ends_with(ending) {
                found.push(format!("{folder}/{name}"));
            }
        }
        found.sort();
        Ok(found)
    }
}
