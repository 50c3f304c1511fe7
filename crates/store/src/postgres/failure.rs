//! From the server's errors to ours.

use postgres::error::SqlState;

use crate::{Error, ErrorKind};

/// Says what kind of trouble an error of the server or of the way to it is.
pub(super) fn engine(error: postgres::Error) -> Error {
    let Some(server) = error.as_db_error() else { return unreachable(error) };
    let code = server.code();
    let (kind, what, hint) = if *code == SqlState::LOCK_NOT_AVAILABLE {
        (ErrorKind::Busy, "another process holds the head of the log", Some("try again in a moment"))
    } else if *code == SqlState::QUERY_CANCELED || *code == SqlState::T_R_DEADLOCK_DETECTED {
        (ErrorKind::Busy, "the database took too long", Some("try again; if it lasts, see what else the server does"))
    } else if *code == SqlState::DISK_FULL || *code == SqlState::OUT_OF_MEMORY {
        (ErrorKind::Full, "the database server has no room left", Some("make room on the server, then try again"))
    } else if *code == SqlState::DATA_CORRUPTED || *code == SqlState::INDEX_CORRUPTED {
        (ErrorKind::Corrupt, "the database is damaged", Some("restore a backup"))
    } else if code.code().starts_with("57P") || code.code().starts_with("08") {
        (ErrorKind::Unreachable, "the database server went away", Some("nothing was written; try again when it is back"))
    } else if *code == SqlState::INSUFFICIENT_PRIVILEGE {
        (ErrorKind::Unsafe, "the database does not allow it", Some("let the role own its database; see docs/POSTGRESQL.md"))
    } else {
        (ErrorKind::Engine, "the database failed", None)
    };
    // The server's detail may repeat values, and values may be what an erasure takes out.
    let own = Error::new(kind, format!("{what}: {}", server.message())).with_source(error);
    match hint {
        Some(hint) => own.with_hint(hint),
        None => own,
    }
}

/// Says that the server does not answer.
pub(super) fn unreachable(error: postgres::Error) -> Error {
    let why = match (error.as_db_error(), std::error::Error::source(&error)) {
        (Some(server), _) => server.message().to_owned(),
        (None, Some(source)) => source.to_string(),
        (None, None) => error.to_string(),
    };
    Error::new(ErrorKind::Unreachable, format!("the database server cannot be reached: {why}"))
        .with_hint("see whether it runs, and what --database names")
        .with_source(error)
}

impl From<postgres::Error> for Error {
    fn from(error: postgres::Error) -> Self {
        engine(error)
    }
}
