//! The program, served as a person serves it: a data folder of its own, and the link that it prints.

#![allow(clippy::disallowed_methods, reason = "tests start the program and are told where the sample lies")]

use std::io::{BufRead, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

const PROGRAM: &str = env!("CARGO_BIN_EXE_vouch");

/// A program that serves.
pub(crate) struct House {
    program: Child,
    /// the link that signs in, once
    pub(crate) link: String,
    _folder: TempDir,
}

impl House {
    /// The sample organisation, in a copy of its own.
    pub(crate) fn sample() -> Self {
        Self::sample_after(|_| {})
    }

    /// The same, after what is done on its command line.
    pub(crate) fn sample_after(prepare: impl FnOnce(&Desk<'_>)) -> Self {
        let sample =
            std::env::var_os("VOUCH_SAMPLE").map(PathBuf::from).expect("`cargo xtask browser` builds the sample and names it");
        let folder = TempDir::new().expect("a folder");
        let data = folder.path().join("data");
        copy(&sample, &data);
        prepare(&Desk { data: &data });
        Self::open(folder)
    }

    /// An organisation that was begun a moment ago.
    pub(crate) fn new() -> Self {
        let folder = TempDir::new().expect("a folder");
        let begun = Command::new(PROGRAM)
            .args(["init", "--organisation", "Example Works", "--person", "Ada Founder", "--email", "ada@example.org", "--data"])
            .arg(folder.path().join("data"))
            .output()
            .expect("the program starts");
        assert!(begun.status.success(), "{}", String::from_utf8_lossy(&begun.stderr));
        Self::open(folder)
    }

    fn open(folder: TempDir) -> Self {
        let mut program = Command::new(PROGRAM)
            .args(["serve", "--listen", "127.0.0.1:0", "--data"])
            .arg(folder.path().join("data"))
            .stdout(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let out = program.stdout.take().expect("its output is piped");
        let link = BufReader::new(out)
            .lines()
            .map_while(Result::ok)
            .find_map(|line| line.trim().starts_with("http://").then(|| line.trim().to_owned()))
            .expect("the program prints a link");
        Self { program, link, _folder: folder }
    }

    /// An address of this house.
    pub(crate) fn at(&self, path: &str) -> String {
        let host = self.link.split("/sign-in/").next().unwrap_or_default();
        format!("{host}{path}")
    }
}

/// The command line over a data folder that nobody serves yet.
pub(crate) struct Desk<'d> {
    data: &'d Path,
}

impl Desk<'_> {
    /// Runs a command as a person, with what it reads; what it prints.
    pub(crate) fn run(&self, person: &str, words: &[&str], input: &str) -> String {
        let mut command = Command::new(PROGRAM);
        command.arg("--data").arg(self.data).args(["--as", person]).args(words);
        let mut program = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("it starts");
        // A command that reads nothing may have ended already.
        let _ = program.stdin.take().expect("its input is piped").write_all(input.as_bytes());
        let output = program.wait_with_output().expect("it ends");
        assert!(output.status.success(), "`{}`: {}", words.join(" "), String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

impl Drop for House {
    fn drop(&mut self) {
        let _ = self.program.kill();
        let _ = self.program.wait();
    }
}

fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).expect("a folder");
    for entry in std::fs::read_dir(from).expect("the sample is there").flatten() {
        let target = to.join(entry.file_name());
        if entry.path().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).expect("a file is copied");
        }
    }
}
