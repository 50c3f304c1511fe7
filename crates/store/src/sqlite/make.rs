//! Making a new database: under another name, synced once when it is whole, and only then given its own.
//!
//! The engine syncs a log again as it closes, also one whose sync has just failed. So while a database is made the engine syncs nothing;
//! there is one sync, here, and a database whose sync failed is thrown away and written anew by the next attempt.

use std::fs::{self, File};
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

use crate::files::sync_folder;
use crate::sqlite::migrate::{Migration, migrate};
use crate::sqlite::setting::{empty_log, set};
use crate::{Error, Result};

/// What stands behind the name of a database while it is made, and what the engine puts behind that.
const DRAFT: &str = ".new";
const BESIDE: [&str; 4] = ["", "-wal", "-shm", "-journal"];

/// Makes the database where there is none. What an earlier attempt left of one is thrown away.
///
/// # Errors
/// Full, Io, Migration; nothing stands under the name then.
pub(super) fn make(path: &Path, migrations: &[Migration]) -> Result<()> {
    let draft = behind(path, DRAFT);
    discard(&draft)?;
    if path.exists() {
        return Ok(());
    }
    let made = write(&draft, migrations).and_then(|()| {
        let synced = File::options().write(true).open(&draft).and_then(|file| file.sync_all());
        synced.map_err(|error| Error::io("make durable", &draft, error))?;
        fs::rename(&draft, path).map_err(|error| Error::io("move the new database to", path, error))
    });
    match (made, path.parent()) {
        (Ok(()), Some(folder)) => sync_folder(folder),
        (Ok(()), None) => Ok(()),
        (Err(error), _) => {
            // What cannot be removed now is removed by the next attempt.
            let _ = discard(&draft);
            Err(error)
        }
    }
}

fn write(draft: &Path, migrations: &[Migration]) -> Result<()> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_CREATE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let mut connection = Connection::open_with_flags(draft, flags)?;
    set(&connection, "synchronous", "OFF")?;
    set(&connection, "journal_mode", "WAL")?;
    migrate(&mut connection, migrations)?;
    // Closing would keep quiet about a page that cannot be moved out of the log.
    empty_log(&connection)?;
    connection.close().map_err(|(_, error)| Error::from(error))
}

fn behind(path: &Path, end: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(end);
    name.into()
}

fn discard(draft: &Path) -> Result<()> {
    for end in BESIDE {
        let left = behind(draft, end);
        if left.exists() {
            fs::remove_file(&left).map_err(|error| Error::io("remove", &left, error))?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sqlite::migrate::{MIGRATIONS, check};
    use crate::sqlite::setting;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
        names.sort();
        names
    }

    #[test]
    fn a_new_database_is_whole_and_nothing_lies_beside_it() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vouch.db");
        for left in ["vouch.db.new", "vouch.db.new-wal"] {
            fs::write(folder.path().join(left), "half of a database").unwrap();
        }
        make(&path, MIGRATIONS).unwrap();
        assert_eq!(names(folder.path()), ["vouch.db"]);
        let connection = setting::reader(&path, std::time::Duration::ZERO).unwrap();
        check(&connection, MIGRATIONS).unwrap();
        assert_eq!(setting::get::<String>(&connection, "journal_mode").unwrap(), "wal");
    }

    #[test]
    fn a_database_that_is_there_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("vouch.db");
        fs::write(&path, "of somebody").unwrap();
        fs::write(folder.path().join("vouch.db.new"), "half of a database").unwrap();
        make(&path, MIGRATIONS).unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"of somebody");
        assert_eq!(names(folder.path()), ["vouch.db"]);
    }

    #[test]
    fn one_that_cannot_be_made_leaves_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let broken = Migration { name: "0001_a", sql: "CREATE TABLE a (x INTEGER) STRICT; INSERT INTO nowhere VALUES (1);" };
        assert!(make(&folder.path().join("vouch.db"), &[broken]).is_err());
        assert_eq!(names(folder.path()), [""; 0]);
    }
}
