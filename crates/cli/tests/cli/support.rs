//! The binary in a folder of its own.

use std::ffi::OsStr;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::OnceLock;

use serde_json::Value;
use tempfile::TempDir;

/// An installation in a temporary folder.
pub(crate) struct Installation {
    folder: TempDir,
}

/// What a run of the binary gave.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) out: String,
    pub(crate) err: String,
}

impl Installation {
    /// A folder in which nothing was begun.
    pub(crate) fn empty() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// An organisation with PER-1, its founder, and PER-2 and PER-3, active members. It is begun once and copied.
    pub(crate) fn begun() -> Self {
        static FIRST: OnceLock<Installation> = OnceLock::new();
        let first = FIRST.get_or_init(Self::begin);
        let here = Self::empty();
        copy(&first.path("data"), &here.path("data"));
        here
    }

    fn begin() -> Self {
        let here = Self::empty();
        here.ok(&["init", "--organisation", "Example Works", "--person", "Ada Founder", "--email", "ada@example.org"]);
        for (id, name) in [("PER-2", "Ben Second"), ("PER-3", "Cleo Third")] {
            let fields = format!(
                "{{\"name\":\"{name}\",\"email\":\"{}@example.org\",\"relation\":\"employee\",\"joined_on\":\"2020-01-01\"}}",
                id.to_lowercase()
            );
            here.put("person", &fields);
            here.ok(&["move", id, "active", "--reason", "joined"]);
        }
        here
    }

    /// A path beside the data.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file beside the data; its path.
    pub(crate) fn file(&self, name: &str, bytes: impl AsRef<[u8]>) -> String {
        let path = self.path(name);
        std::fs::write(&path, bytes).unwrap();
        path.display().to_string()
    }

    /// The policy of the log.
    pub(crate) fn policy(&self) -> String {
        self.path("data/policy").display().to_string()
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_vouch"));
        command.args(arguments).env_clear().env("VOUCH_DATA", self.path("data")).current_dir(self.folder.path());
        command
    }

    /// Runs the binary.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "", &[])
    }

    /// Runs the binary with standard input and environment.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &str, environment: &[(&str, &str)]) -> Ran {
        let mut command = self.command(arguments);
        command.envs(environment.iter().copied()).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        // A command that reads nothing may have ended already.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        let output = child.wait_with_output().unwrap();
        Ran {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs the binary at a terminal of its own, where somebody types; what the terminal shows.
    pub(crate) fn at_a_terminal(&self, words: &str, typed: &str) -> Ran {
        let mut command = Command::new("script");
        command.args(["--quiet", "--return", "--command", &format!("{} {words}", env!("CARGO_BIN_EXE_vouch")), "/dev/null"]);
        command.env_clear().env("VOUCH_DATA", self.path("data")).current_dir(self.folder.path());
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("`script` gives a terminal");
        child.stdin.take().unwrap().write_all(typed.as_bytes()).unwrap();
        let output = child.wait_with_output().unwrap();
        let out = String::from_utf8_lossy(&output.stdout).into_owned();
        Ran { code: output.status.code().unwrap_or(-1), out, err: String::new() }
    }

    /// Runs the binary, which must succeed; what it printed.
    #[track_caller]
    pub(crate) fn ok(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        assert_eq!(ran.code, 0, "{arguments:?}: {}", ran.err);
        ran.out
    }

    /// Runs the binary, which must print one JSON value.
    #[track_caller]
    pub(crate) fn json(&self, arguments: &[&str]) -> Value {
        let ran = self.run(arguments);
        serde_json::from_str(&ran.out).unwrap_or_else(|error| panic!("{arguments:?}: {error}: {} {}", ran.out, ran.err))
    }

    /// Creates a record as PER-1 from JSON; what was printed.
    #[track_caller]
    pub(crate) fn put(&self, kind: &str, fields: &str) -> String {
        let ran = self.run_with(&["put", kind, "--file", "-"], fields, &[]);
        assert_eq!(ran.code, 0, "{}", ran.err);
        ran.out
    }

    /// The run as a snapshot shows it: exit code, what was printed, what was complained of.
    pub(crate) fn shown(&self, arguments: &[&str]) -> String {
        let ran = self.run(arguments);
        let mut text = format!("$ vouch {}\n{}", self.even(&arguments.join(" ")), self.even(&ran.out));
        if !ran.err.is_empty() {
            text += &format!("--- complains\n{}", self.even(&ran.err));
        }
        text + &format!("--- exit code {}\n", ran.code)
    }

    /// Text without what differs from run to run: the folder, hashes, keys, days and times.
    pub(crate) fn even(&self, text: &str) -> String {
        let text = text.replace(&self.folder.path().display().to_string(), "[folder]");
        let mut even = String::new();
        let mut word = String::new();
        let inside = |c: char| c.is_ascii_alphanumeric() || "-:.+/=".contains(c);
        for c in text.chars() {
            if inside(c) {
                word.push(c);
                continue;
            }
            even += &redacted(&word);
            word.clear();
            even.push(c);
        }
        even + &redacted(&word)
    }
}

/// Copies a folder with the modes of its files.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap().map(Result::unwrap) {
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            std::fs::copy(entry.path(), target).unwrap();
        }
    }
}

/// A word as snapshots show it.
fn redacted(word: &str) -> String {
    let shape: String = word.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect();
    if let Some(rest) = shape.strip_prefix("0000-00-00T00:00:00.000Z") {
        return format!("[time]{rest}");
    }
    if shape.starts_with("0000-00-00") && &word[..4] >= "2025" {
        return format!("[day]{}", &word[10..]);
    }
    if let Some(origin) = word.strip_prefix("vouch.local/") {
        return format!("vouch.local/[origin]{}", &origin[16.min(origin.len())..].chars().take(0).collect::<String>());
    }
    let hex = word.len() >= 16 && word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let base64 = word.len() >= 44 && word.chars().any(|c| c.is_ascii_uppercase()) && word.chars().any(|c| c.is_ascii_digit());
    if hex || base64 { "[hash]".to_owned() } else { word.to_owned() }
}

/// A file of the project.
pub(crate) fn project(path: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..").join(path).display().to_string()
}

/// Runs the second verifier; its report.
#[track_caller]
pub(crate) fn second_verifier(path: &Path, policy: &str, courses: &Path) -> Value {
    let output = Command::new("python3")
        .arg(project("docs/verify.py"))
        .args([
            path.as_os_str(),
            OsStr::new("--policy"),
            OsStr::new(policy),
            OsStr::new("--courses"),
            courses.as_os_str(),
            OsStr::new("--json"),
        ])
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .expect("python3 must be installed for the second verifier");
    let complaint = String::from_utf8_lossy(&output.stderr);
    let how = "if a module is not found: python3 -m pip install -r docs/requirements.txt";
    serde_json::from_slice(&output.stdout).unwrap_or_else(|error| panic!("docs/verify.py: {error}; {how}\n{complaint}"))
}
