//! What `docs/verify.py` needs: the standard library and one package for signatures.

use std::ffi::OsString;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::manifest::Manifests;
use crate::project::Project;

const REQUIREMENTS: &str = "docs/requirements.txt";

/// Makes sure that `python3` finds the packages; if the system's does not, one in the target folder does, and the answer is the
/// search path that finds it first.
pub(crate) fn ready(project: &Project) -> Result<Option<OsString>> {
    let needed = modules(&project.read(REQUIREMENTS)?);
    if imports(project, "python3".as_ref(), &needed) {
        println!("- python3 finds {}", needed.join(", "));
        return Ok(None);
    }
    let folder = Manifests::read(project)?.target_folder().join("python");
    let programs = folder.join("bin");
    if !imports(project, &programs.join("python3"), &needed) {
        let folder = folder.to_str().context("the target folder's name is not UTF-8")?;
        println!("- making {folder} with what {REQUIREMENTS} names");
        let made = project.command("python3", &["-m", "venv", folder]).status().is_ok_and(|status| status.success());
        let mut install = project.command(&format!("{folder}/bin/python3"), &["-m", "pip", "install", "--quiet", "--requirement"]);
        if !(made && install.arg(REQUIREMENTS).status().is_ok_and(|status| status.success())) {
            bail!("`docs/verify.py` needs {}; install them with `python3 -m pip install -r {REQUIREMENTS}`", needed.join(", "));
        }
    }
    let inherited = std::env::var_os("PATH").unwrap_or_default();
    let path = std::env::join_paths(std::iter::once(programs).chain(std::env::split_paths(&inherited)))?;
    Ok(Some(path))
}

fn imports(project: &Project, python: &Path, modules: &[String]) -> bool {
    let Some(python) = python.to_str() else { return false };
    let script = format!("import {}", modules.join(", "));
    project.command(python, &["-c", &script]).output().is_ok_and(|output| output.status.success())
}

/// Module names of a requirements file: `cryptography>=42` → `cryptography`.
fn modules(requirements: &str) -> Vec<String> {
    let lines = requirements.lines().map(|line| line.split('#').next().unwrap_or_default().trim());
    let names = lines.filter(|line| !line.is_empty()).map(|line| {
        let end = line.find(|letter: char| !(letter.is_alphanumeric() || letter == '_' || letter == '-')).unwrap_or(line.len());
        line[..end].replace('-', "_")
    });
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requirements_name_modules() {
        assert_eq!(modules("# for verify.py\ncryptography>=42,<47 # Ed25519\n\nsome-thing==1\n"), ["cryptography", "some_thing"]);
    }
}
