//! What can go wrong with a whole table or mapping. What is wrong with one row is a
//! [`RowProblem`](super::proposal::RowProblem).

use std::fmt;

/// What sort of thing went wrong; decides the exit code of a surface.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ErrorKind {
    /// The bytes could not be read from their source.
    Unreadable,
    /// The bytes are no table that this module reads.
    NotATable,
    /// Table, row or cell passes a bound.
    TooLarge,
    /// The mapping is wrong in itself.
    Mapping,
    /// The mapping is right but does not fit this table.
    Mismatch,
}

/// An error about a whole table or mapping.
#[derive(Debug)]
pub struct Error {
    /// What sort of thing went wrong.
    pub kind: ErrorKind,
    /// What happened, for a person: lower case, no full stop.
    pub message: String,
    /// What to do about it.
    pub hint: String,
    source: Option<Box<dyn std::error::Error + Send + Sync>>,
}

impl Error {
    pub(super) fn new(kind: ErrorKind, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: hint.into(), source: None }
    }

    pub(super) fn caused_by(mut self, source: impl std::error::Error + Send + Sync + 'static) -> Self {
        self.source = Some(Box::new(source));
        self
    }

    pub(super) fn unreadable(source: std::io::Error) -> Self {
        Self::new(ErrorKind::Unreadable, "the file could not be read", "check that it is there, and that this account may read it")
            .caused_by(source)
    }

    pub(super) fn mapping(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(ErrorKind::Mapping, message, hint)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        self.source.as_ref().map(|source| &**source as &(dyn std::error::Error + 'static))
    }
}
