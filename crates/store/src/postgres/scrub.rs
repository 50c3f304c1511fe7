//! Leaving no byte of what was removed.

use crate::postgres::content;
use crate::postgres::engine::Engine;
use crate::postgres::session::Sql;
use crate::postgres::unit::SCRUB;
use crate::{Error, ErrorKind, Result};

/// Tables that hold content, or what was computed from content.
const HOLDING: &[&str] = &["body", "record", "link", "piece", "content", "desk"];

impl Engine {
    /// Rewrites every table that holds content, and removes bytes that no file names.
    ///
    /// The engine leaves removed rows where they were until a rewrite, and what was written also stands in its write-ahead log until
    /// that is recycled. The log is switched and checkpointed where the role may do so; where it may not, this says so.
    pub(super) fn scrub(&mut self) -> Result<()> {
        const DONE: Sql = Sql::new("DELETE FROM upkeep WHERE org = $1 AND name = $2");
        self.standing.check_running()?;
        self.begin()?;
        let session = self.session()?;
        // The head row is let go before the rewrite, which takes its own locks.
        session.control("ROLLBACK")?;
        content::sweep(session)?;
        session.control("SET statement_timeout = 0")?;
        let rewritten = HOLDING.iter().try_for_each(|table| {
            session.control(&format!("VACUUM (FULL) {table}")).map_err(|error| match error.kind() {
                ErrorKind::Busy => Error::new(ErrorKind::Busy, format!("table `{table}` is being read: {}", error.message()))
                    .with_hint("let other readers end, then try again"),
                _ => error,
            })
        });
        session.control("RESET statement_timeout")?;
        rewritten?;
        session.execute(DONE, &[&SCRUB])?;
        // Twice: the second checkpoint lets go of the segment that the first one still needed.
        for _ in 0..2 {
            let switched = session.control("SELECT pg_switch_wal()").and_then(|()| session.control("CHECKPOINT"));
            if let Err(error) = switched {
                let message = format!(
                    "tables were rewritten, but the server's write-ahead log still holds what was removed until it is recycled: {}",
                    error.message()
                );
                return Err(Error::new(ErrorKind::Unsafe, message).with_hint(
                    "let an administrator run `SELECT pg_switch_wal(); CHECKPOINT`, or grant vouch's role pg_checkpoint and EXECUTE on pg_switch_wal()",
                ));
            }
        }
        Ok(())
    }
}
