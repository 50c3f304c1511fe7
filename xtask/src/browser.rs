//! Browser tests: sees that Chromium, its driver and the accessibility rules are there, builds the sample once, runs the journeys.

use std::path::PathBuf;
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};

use crate::manifest::Manifests;
use crate::project::Project;

/// Programs that the tests drive, with the Debian package that holds each.
const PROGRAMS: [(&str, &str); 2] = [("chromium", "chromium"), ("chromedriver", "chromium-driver")];

/// Prepares and runs the browser tests; `words` go on to the test program as filters.
pub(crate) fn run(project: &Project, words: &[String]) -> Result<()> {
    install(project)?;
    let manifests = Manifests::read(project)?;
    let target = manifests.target_folder();
    let folder = target.join("browser");
    std::fs::create_dir_all(&folder).context("cannot make a folder for the browser tests")?;
    let axe = rules(project, &folder)?;
    let sample = sample(project, target, &folder)?;
    let mut arguments = vec!["test", "--locked", "--package", "vouch", "--features", "browser", "--test", "browser", "--"];
    arguments.push("--test-threads=2");
    arguments.extend(words.iter().map(String::as_str));
    let status = project
        .command("cargo", &arguments)
        .env("VOUCH_SAMPLE", &sample)
        .env("VOUCH_AXE", &axe)
        .status()
        .context("cannot start cargo")?;
    if status.success() { Ok(()) } else { bail!("a journey through the pages failed; see above which") }
}

fn is_there(project: &Project, program: &str) -> bool {
    let status = project.command(program, &["--version"]).stdout(Stdio::null()).stderr(Stdio::null()).status();
    status.is_ok_and(|status| status.success())
}

/// Installs what is missing where that is allowed, else says how.
fn install(project: &Project) -> Result<()> {
    let missing: Vec<&str> =
        PROGRAMS.iter().filter(|(program, _)| !is_there(project, program)).map(|(_, package)| *package).collect();
    if missing.is_empty() {
        return Ok(());
    }
    let arguments = [&["install", "--yes", "--no-install-recommends"], missing.as_slice()].concat();
    let how = format!("install {} with `apt-get install {}`, then run this again", missing.join(" and "), missing.join(" "));
    // The list of packages may be as old as the machine.
    let _ = project.command("apt-get", &["update"]).stdout(Stdio::null()).status();
    match project.command("apt-get", &arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        _ => bail!("the browser tests need Chromium and its driver: {how}"),
    }
}

/// The accessibility rules, at the version and hash of `xtask/browser/package-lock.json`.
fn rules(project: &Project, folder: &std::path::Path) -> Result<PathBuf> {
    let rules = folder.join("node_modules/axe-core/axe.min.js");
    for name in ["package.json", "package-lock.json"] {
        let wanted = project.read(&format!("xtask/browser/{name}"))?;
        if std::fs::read_to_string(folder.join(name)).ok().as_deref() != Some(wanted.as_str()) {
            std::fs::write(folder.join(name), wanted).context("cannot write into the folder of the browser tests")?;
            let _ = std::fs::remove_file(&rules);
        }
    }
    if !rules.exists() {
        let mut command = project.command("npm", &["ci", "--ignore-scripts", "--no-audit", "--no-fund"]);
        let status = command.current_dir(folder).status().context("the accessibility rules come with npm; install Node.js")?;
        if !status.success() {
            bail!("npm could not fetch the accessibility rules");
        }
    }
    Ok(rules)
}

/// The sample organisation, built once for this program.
fn sample(project: &Project, target: &std::path::Path, folder: &std::path::Path) -> Result<PathBuf> {
    let sample = folder.join("sample");
    if sample.exists() {
        std::fs::remove_dir_all(&sample).context("cannot take the old sample away")?;
    }
    let status = project.command("cargo", &["build", "--locked", "--package", "vouch"]).status()?;
    if !status.success() {
        bail!("the program does not build");
    }
    let program = target.join("debug/vouch");
    let mut command =
        project.command(program.to_str().context("the target folder has a name that is no text")?, &["demo", "--no-serve"]);
    let status = command.arg("--data").arg(&sample).stdout(Stdio::null()).status().context("cannot start vouch")?;
    if status.success() { Ok(sample) } else { bail!("the sample organisation could not be built") }
}
