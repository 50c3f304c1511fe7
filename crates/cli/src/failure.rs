//! A failure of a command as a person reads it, and its exit code: 0 done; 1 verify not ok, or findings where `--check` asks;
//! 2 wrong input; 3 refused or unavailable.

use std::error::Error;
use std::fmt::Write as _;
use std::process::ExitCode;

use vouch_app::ErrorKind;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// done
    Done,
    /// `verify` is not ok, or there are findings where `--check` asks
    Found,
}

impl From<Outcome> for ExitCode {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Done => Self::SUCCESS,
            Outcome::Found => Self::from(1),
        }
    }
}

/// Why a command did not do what it was asked.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) vouch_app::Error);

impl From<vouch_app::Error> for Failure {
    fn from(error: vouch_app::Error) -> Self {
        Self(error)
    }
}

impl From<vouch_ledger::Error> for Failure {
    fn from(error: vouch_ledger::Error) -> Self {
        Self(error.into())
    }
}

impl Failure {
    /// Wrong input, with what to do.
    pub(crate) fn invalid(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self(vouch_app::Error::invalid(message).hint(hint))
    }

    /// A file that cannot be read or written.
    pub(crate) fn file(path: &std::path::Path, doing: &str, error: std::io::Error) -> Self {
        use std::io::ErrorKind as Io;
        let (path, cannot) = (path.display(), format!("cannot {doing} `{}`", path.display()));
        let wrong = |message: String, hint: &str| vouch_app::Error::new(ErrorKind::NotFound, message).hint(hint);
        Self(match error.kind() {
            Io::NotFound if doing == "write" => wrong(format!("{cannot}: its folder is not there"), "make the folder first"),
            Io::NotFound => {
                wrong(format!("{cannot}: there is no such file"), "look at the path; it starts from the present folder")
            }
            Io::IsADirectory => wrong(format!("`{path}` is a folder"), "name a file"),
            Io::NotADirectory => wrong(format!("{cannot}: a part of the path is no folder"), "look at the path"),
            Io::InvalidData => wrong(format!("`{path}` is no text in UTF-8"), "save it as UTF-8"),
            _ => vouch_app::Error::new(ErrorKind::Unavailable, format!("{cannot}: {error}")).because(error),
        })
    }

    /// Writes it to standard error: as text, or as one JSON object where JSON was asked for.
    pub(crate) fn report(&self, json: bool) {
        let error = &self.0;
        if json {
            let problems: Vec<_> = error
                .problems
                .iter()
                .map(|p| serde_json::json!({"field": p.field, "row": p.row, "column": p.column, "value": p.value, "reason": p.reason, "remedy": p.remedy}))
                .collect();
            let object = serde_json::json!({"error": {"kind": format!("{:?}", error.kind).to_lowercase(), "message": error.message, "hint": error.hint, "problems": problems}});
            crate::output::error_line(&object.to_string());
            return;
        }
        let mut text = format!("error: {}", error.message);
        for problem in &error.problems {
            let _ = write!(text, "\n  - {problem}");
        }
        let mut source = Error::source(error);
        while let Some(inner) = source {
            let inner_text = inner.to_string();
            if !text.contains(&inner_text) {
                let _ = write!(text, "\n  because: {inner_text}");
            }
            source = inner.source();
        }
        if let Some(hint) = &error.hint {
            let _ = write!(text, "\nhint: {hint}");
        }
        crate::output::error_line(&text);
    }

    /// The exit code.
    pub(crate) fn code(&self) -> ExitCode {
        match self.0.kind {
            ErrorKind::Invalid | ErrorKind::NotFound => ExitCode::from(2),
            ErrorKind::Conflict | ErrorKind::Refused | ErrorKind::Unavailable | ErrorKind::Corrupt => ExitCode::from(3),
        }
    }
}
