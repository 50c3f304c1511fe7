//! The program, served as a person serves it: a data folder of its own, and the link that it prints.

#![allow(clippy::disallowed_methods, reason = "tests start the program and are told where the sample lies")]

use std::io::{BufRead, BufReader};
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
        let sample =
            std::env::var_os("VOUCH_SAMPLE").map(PathBuf::from).expect("`cargo xtask browser` builds the sample and names it");
        let folder = TempDir::new().expect("a folder");
        copy(&sample, &folder.path().join("data"));
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
