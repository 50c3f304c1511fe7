//! The one error of this crate, and the refusal that a unit hands back.

use std::fmt;
use std::path::Path;

/// Why a unit does not want to be written. It is handed back as it is.
pub type Refusal = Box<dyn std::error::Error + Send + Sync>;

/// Result with this crate's error.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What kind of trouble it is, for callers that react to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// The unit refused itself; see [`Error::into_refusal`].
    Refused,
    /// A leaf, an id or a size that the store cannot take.
    Invalid,
    /// A call that this handle does not allow: a write through a reader, a write inside a unit.
    Misuse,
    /// Too much to do: the queue, the readers or a lock did not become free in time. Nothing was written; try again.
    Busy,
    /// Another process writes to the folder.
    Locked,
    /// The database server cannot be reached, or went away. Nothing was written.
    Unreachable,
    /// The disk is full. Nothing was written.
    Full,
    /// A file, a row or a folder that should be there is not.
    Missing,
    /// What is stored does not fit its hash or its form.
    Corrupt,
    /// The database was written by a newer version of the program.
    Newer,
    /// A migration failed, is still to be run, or differs from the one that was run.
    Migration,
    /// The engine does not keep what it should: a setting that durability rests on did not take.
    Unsafe,
    /// A commit failed and nobody knows what the disk holds; the store takes no more writes until it is opened again.
    Commit,
    /// The checkpoint could not be signed. Nothing was written.
    Signing,
    /// The unit panicked and left nothing.
    Panicked,
    /// The store is closed, or has stopped after a failed commit.
    Closed,
    /// The file system failed.
    Io,
    /// The engine failed in another way.
    Engine,
}

/// An error with a message for a person: lower case, no full stop, user input in backticks.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
    hint: Option<String>,
    source: Option<Refusal>,
}

impl Error {
    /// An error of `kind` that says `message`.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, source: None }
    }

    /// A failure of the file system at `path`.
    pub(crate) fn io(doing: &str, path: &Path, source: std::io::Error) -> Self {
        let (kind, hint) = match source.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => (ErrorKind::Full, "make room, then try again"),
            _ => (ErrorKind::Io, "check the disk, and who may read and write there"),
        };
        Self::new(kind, format!("cannot {doing} `{}`: {source}", path.display())).with_hint(hint).with_source(source)
    }

    /// A refusal as it came; an error of this crate that the unit passed on stays what it was.
    pub(crate) fn refused(refusal: Refusal) -> Self {
        match refusal.downcast::<Self>() {
            Ok(own) => *own,
            Err(refusal) => Self { source: Some(refusal), ..Self::new(ErrorKind::Refused, "the write was refused") },
        }
    }

    /// The same error with a sentence that says what to do.
    #[must_use]
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same error with the failure below it.
    #[must_use]
    pub fn with_source(mut self, source: impl Into<Refusal>) -> Self {
        self.source = Some(source.into());
        self
    }

    /// The same error, saying first where it happened.
    #[must_use]
    pub fn within(mut self, place: impl fmt::Display) -> Self {
        self.message = format!("{place}: {}", self.message);
        self
    }

    /// What kind of trouble it is.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// The message for a person.
    #[must_use]
    pub fn message(&self) -> &str {
        &self.message
    }

    /// What to do about it, where that is known.
    #[must_use]
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// The refusal of the unit, as the unit gave it.
    ///
    /// # Errors
    /// The error itself when it is not a refusal.
    pub fn into_refusal(self) -> Result<Refusal, Self> {
        match self {
            Self { kind: ErrorKind::Refused, source: Some(refusal), .. } => Ok(refusal),
            other => Err(other),
        }
    }

    /// The same words for another caller whose unit was in the same group.
    pub(crate) fn repeated(&self) -> Self {
        Self { kind: self.kind, message: self.message.clone(), hint: self.hint.clone(), source: None }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as _)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_comes_back_as_it_was_given() {
        let refusal: Refusal = Box::new(std::io::Error::other("revision 3 was expected"));
        let back = Error::refused(refusal).into_refusal().unwrap();
        assert_eq!(back.downcast::<std::io::Error>().unwrap().to_string(), "revision 3 was expected");
    }

    #[test]
    fn an_error_of_the_store_that_a_unit_passes_on_keeps_its_kind() {
        let error = Error::refused(Box::new(Error::new(ErrorKind::Full, "the disk is full")));
        assert_eq!(error.kind(), ErrorKind::Full);
        assert!(error.into_refusal().is_err());
    }
}
