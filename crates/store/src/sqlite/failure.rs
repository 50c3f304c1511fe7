//! From the engine's errors to ours.

use rusqlite::ErrorCode;

use crate::{Error, ErrorKind};

/// Says what kind of trouble an error of SQLite is.
pub(crate) fn engine(error: rusqlite::Error) -> Error {
    let (kind, what, hint) = match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => {
            (ErrorKind::Busy, "the database is in use", Some("try again; if it lasts, see which program holds vouch.db open"))
        }
        Some(ErrorCode::DiskFull) => (ErrorKind::Full, "the disk is full", Some("make room, then try again")),
        Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => {
            (ErrorKind::Corrupt, "the database is damaged", Some("restore a backup; copy the folder first"))
        }
        Some(ErrorCode::SystemIoFailure) => (ErrorKind::Io, "the disk failed", Some("check the disk before anything else")),
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => {
            (ErrorKind::Io, "the database cannot be written", Some("check who owns the data folder and its rights"))
        }
        Some(ErrorCode::CannotOpen) => {
            (ErrorKind::Missing, "the database cannot be opened", Some("check --data, its rights, and that the disk has room"))
        }
        Some(ErrorCode::TooBig) => (ErrorKind::Invalid, "a value is too large", None),
        _ => (ErrorKind::Engine, "the database failed", None),
    };
    let own = Error::new(kind, format!("{what}: {error}")).with_source(error);
    match hint {
        Some(hint) => own.with_hint(hint),
        None => own,
    }
}

impl From<rusqlite::Error> for Error {
    fn from(error: rusqlite::Error) -> Self {
        engine(error)
    }
}
