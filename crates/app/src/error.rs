//! Errors of use cases: what went wrong, for a person, with what to do. Surfaces convert them once.

use std::error::Error as StdError;
use std::fmt;

use vouch_record::validate::Problem;

/// What sort of failure it is; decides the exit code and the HTTP status.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// what was handed in is wrong
    Invalid,
    /// there is no such record, revision, kind or file
    NotFound,
    /// somebody else wrote meanwhile
    Conflict,
    /// a rule forbids it
    Refused,
    /// the store or a file cannot be reached now
    Unavailable,
    /// what is kept does not fit together
    Corrupt,
}

/// A failure of a use case.
#[derive(Debug)]
pub struct Error {
    /// what sort it is
    pub kind: Kind,
    /// what went wrong
    pub message: String,
    /// what to do
    pub hint: Option<String>,
    /// defects of fields, where fields are the matter
    pub problems: Vec<Problem>,
    /// what lies behind it
    pub source: Option<Box<dyn StdError + Send + Sync>>,
}

/// The result of a use case.
pub type Result<T> = std::result::Result<T, Error>;

impl Error {
    /// A failure of this sort.
    #[must_use]
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into(), hint: None, problems: Vec::new(), source: None }
    }

    /// What was handed in is wrong.
    #[must_use]
    pub fn invalid(message: impl Into<String>) -> Self {
        Self::new(Kind::Invalid, message)
    }

    /// There is no such thing.
    #[must_use]
    pub fn not_found(message: impl Into<String>) -> Self {
        Self::new(Kind::NotFound, message)
    }

    /// A rule forbids it.
    #[must_use]
    pub fn refused(message: impl Into<String>) -> Self {
        Self::new(Kind::Refused, message)
    }

    /// Fields are wrong or missing; all are named.
    #[must_use]
    pub fn fields(message: impl Into<String>, problems: Vec<Problem>) -> Self {
        Self { problems, ..Self::new(Kind::Invalid, message) }
    }

    /// The same with what to do.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same with what lies behind it.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        self.source = Some(source.into());
        self
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)?;
        self.problems.iter().try_for_each(|problem| write!(f, "\n  {problem}"))
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().map(|source| source.as_ref() as &(dyn StdError + 'static))
    }
}

impl From<vouch_ledger::Error> for Error {
    fn from(error: vouch_ledger::Error) -> Self {
        let hint = error.hint().map(str::to_owned);
        Self { hint, ..Self::new(Kind::Corrupt, error.message().to_owned()).because(error) }
    }
}
