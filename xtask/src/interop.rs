//! Logs and proofs between this program and Go's `golang.org/x/mod/sumdb`: each reads what the other wrote, and refuses it once a byte
//! of it is another.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

use crate::manifest::Manifests;
use crate::project::Project;

/// Debian packages that hold Go and its library, which lies below [`LIBRARY`].
const PACKAGES: [&str; 2] = ["golang-go", "golang-golang-x-mod-dev"];
const LIBRARY: &str = "/usr/share/gocode";

/// Checks both ways.
pub(crate) fn run(project: &Project) -> Result<()> {
    install(project)?;
    let target = Manifests::read(project)?.target_folder().to_path_buf();
    let folder = target.join("interop");
    if folder.exists() {
        std::fs::remove_dir_all(&folder).context("cannot take the old logs away")?;
    }
    std::fs::create_dir_all(&folder).context("cannot make a folder for the logs")?;
    build(project, &["build", "--locked", "--package", "vouch"])?;
    build(project, &["build", "--locked", "--package", "vouch-ledger", "--example", "read_log"])?;
    let programs =
        Programs { vouch: target.join("debug/vouch"), ours: target.join("debug/examples/read_log"), theirs: go(project, &folder)? };
    programs.they_read_ours(&folder)?;
    programs.we_read_theirs(&folder)?;
    println!("interop: both read what the other wrote, and refuse it once it was changed");
    Ok(())
}

/// Installs Go where that is allowed, else says how.
fn install(project: &Project) -> Result<()> {
    let there = project.command("go", &["version"]).stdout(Stdio::null()).status().is_ok_and(|status| status.success());
    if there && Path::new(LIBRARY).join("src/golang.org/x/mod/sumdb/tlog").is_dir() {
        return Ok(());
    }
    // The list of packages may be as old as the machine.
    let _ = project.command("apt-get", &["update"]).stdout(Stdio::null()).status();
    let arguments = [&["install", "--yes", "--no-install-recommends"], PACKAGES.as_slice()].concat();
    match project.command("apt-get", &arguments).env("DEBIAN_FRONTEND", "noninteractive").stdout(Stdio::null()).status() {
        Ok(status) if status.success() => Ok(()),
        _ => bail!("Go and its x/mod are wanted: install them with `apt-get install {}`, then run this again", PACKAGES.join(" ")),
    }
}

fn build(project: &Project, arguments: &[&str]) -> Result<()> {
    let status = project.command("cargo", arguments).status().context("cannot start cargo")?;
    if status.success() { Ok(()) } else { bail!("`cargo {}` failed", arguments.join(" ")) }
}

/// Builds the program that stands on Go's library, without the network.
fn go(project: &Project, folder: &Path) -> Result<PathBuf> {
    let program = folder.join("log");
    let mut command = project.command("go", &["build", "-o"]);
    command.arg(&program).arg(project.path("xtask/interop/log.go"));
    command.env("GO111MODULE", "off").env("GOPATH", LIBRARY).env("GOCACHE", folder.join("cache")).env("GOFLAGS", "");
    if command.status().context("cannot start go")?.success() {
        Ok(program)
    } else {
        bail!("`xtask/interop/log.go` does not build")
    }
}

struct Programs {
    vouch: PathBuf,
    ours: PathBuf,
    theirs: PathBuf,
}

/// Runs a program that must end well, or must not.
fn expect(good: bool, program: &Path, arguments: &[&str], folder: &Path) -> Result<()> {
    let output = Command::new(program).args(arguments).current_dir(folder).output();
    let output = output.with_context(|| format!("cannot start {}", program.display()))?;
    let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8_lossy(&bytes).trim().to_owned()).join(" ");
    let called = format!("{} {}", program.file_name().unwrap_or_default().to_string_lossy(), arguments.join(" "));
    if output.status.success() != good {
        bail!("`{called}` should {}: {said}", if good { "accept" } else { "refuse" });
    }
    println!("  {} {called}: {}", if good { "accepts" } else { "refuses" }, said.lines().last().unwrap_or_default());
    Ok(())
}

/// Changes one byte in the middle of a file.
fn change(path: &Path) -> Result<()> {
    change_at(path, |bytes| bytes.len() / 2)
}

/// Changes one byte of the entry in a proof file: Go knows nothing of the body line before it, and of the key leaves behind.
fn change_entry(path: &Path) -> Result<()> {
    change_at(path, |bytes| {
        let mut ends = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at);
        let (body, entry) = (ends.next().unwrap_or(0), ends.next().unwrap_or(0));
        (body + entry) / 2
    })
}

fn change_at(path: &Path, place: fn(&[u8]) -> usize) -> Result<()> {
    let mut bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let at = place(&bytes);
    let byte = bytes.get_mut(at).with_context(|| format!("{} is too short", path.display()))?;
    // A letter stays a letter, so that text is refused for what it says and not for its form.
    *byte = if *byte == b'A' { b'B' } else { b'A' };
    Ok(std::fs::write(path, bytes)?)
}

impl Programs {
    /// An export of the sample, another after its key was handed over, and a proof.
    fn they_read_ours(&self, folder: &Path) -> Result<()> {
        println!("Go reads our log:");
        let vouch = |arguments: &[&str]| {
            let mut command = Command::new(&self.vouch);
            let command = command.args(arguments).env("VOUCH_DATA", folder.join("data")).current_dir(folder).stdout(Stdio::null());
            let status = command.status().context("cannot start vouch")?;
            if status.success() { Ok(()) } else { bail!("`vouch {}` failed", arguments.join(" ")) }
        };
        vouch(&["demo", "--no-serve"])?;
        vouch(&["ledger", "export", "early"])?;
        vouch(&["ledger", "key", "rotate"])?;
        vouch(&["ledger", "export", "late"])?;
        vouch(&["ledger", "prove", "SYS-1", "--out", "one.proof"])?;
        let theirs = |good, arguments: &[&str]| expect(good, &self.theirs, arguments, folder);
        theirs(true, &["check", "early"])?;
        theirs(true, &["check", "late", "early"])?;
        theirs(true, &["proof", "one.proof", "late/policy"])?;
        theirs(false, &["proof", "one.proof", "early/policy"])?;
        change(&folder.join("late/tile/0/001"))?;
        theirs(false, &["check", "late", "early"])?;
        change(&folder.join("early/tile/entries/000"))?;
        theirs(false, &["check", "early"])?;
        change_entry(&folder.join("one.proof"))?;
        theirs(false, &["proof", "one.proof", "late/policy"])
    }

    /// A log of theirs, and the same with a byte changed in each kind of file.
    fn we_read_theirs(&self, folder: &Path) -> Result<()> {
        println!("We read a log of Go:");
        expect(true, &self.theirs, &["write", "go"], folder)?;
        let log = folder.join("go");
        let ours = |good| expect(good, &self.ours, &["go"], folder);
        ours(true)?;
        for path in ["checkpoint", "checkpoint.early", "tile/0/000", "tile/0/002.p/188", "tile/1/000.p/2", "tile/entries/001"] {
            let kept = std::fs::read(log.join(path)).with_context(|| format!("Go wrote no `{path}`"))?;
            change(&log.join(path))?;
            ours(false).with_context(|| format!("a byte of `{path}` was changed"))?;
            std::fs::write(log.join(path), kept)?;
        }
        ours(true)
    }
}
