//! Which backups were made, and until when each is kept: a file beside the records, since what an erasure takes out they still hold.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use vouch_app::{Error, ErrorKind};

use crate::failure::Failure;

/// Name of the file: one JSON object in a line for each backup, the oldest first.
const LIST: &str = "backups";

/// A backup that was made of this installation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Kept {
    /// where it was written
    pub(crate) file: PathBuf,
    /// the day it was made
    pub(crate) made: Date,
    /// leaves in it
    pub(crate) leaves: u64,
    /// the day after which it is destroyed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) until: Option<Date>,
    /// the day it was said to be destroyed
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) destroyed: Option<Date>,
}

impl Kept {
    /// What a person is told of it.
    pub(crate) fn told(&self, today: Date) -> String {
        let end = match (self.destroyed, self.until) {
            (Some(day), _) => format!("destroyed on {day}"),
            (None, Some(day)) if day < today => format!("was to be kept until {day}: destroy it now"),
            (None, Some(day)) => format!("kept until {day}"),
            (None, None) => "no end was named".to_owned(),
        };
        format!("{} of {}, {} leaves: {end}", self.file.display(), self.made, self.leaves)
    }
}

/// Every backup of an installation, the oldest first.
pub(crate) fn all(folder: &Path) -> Result<Vec<Kept>, Failure> {
    let path = folder.join(LIST);
    let text = match fs::read_to_string(&path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        read => read.map_err(|error| Failure::file(&path, "read", error))?,
    };
    let read = |line: &str| {
        serde_json::from_str(line).map_err(|error| {
            let wrong = Error::new(ErrorKind::Corrupt, format!("`{}` cannot be read: {error}", path.display()));
            Failure(wrong.hint("mend the line, or move the file away; it lists backups and nothing else"))
        })
    };
    text.lines().map(read).collect()
}

/// Those that are not said to be destroyed.
pub(crate) fn kept(folder: &Path) -> Result<Vec<Kept>, Failure> {
    Ok(all(folder)?.into_iter().filter(|backup| backup.destroyed.is_none()).collect())
}

/// Notes a backup, durably.
pub(crate) fn note(folder: &Path, backup: &Kept) -> Result<(), Failure> {
    let path = folder.join(LIST);
    let mut line = serde_json::to_vec(backup).map_err(|error| Failure::invalid(error.to_string(), "report this"))?;
    line.push(b'\n');
    let written = File::options().create(true).append(true).open(&path).and_then(|mut file| {
        file.write_all(&line)?;
        file.sync_all()
    });
    written.map_err(|error| Failure::file(&path, "write", error))
}

/// Notes that a backup is destroyed.
///
/// # Errors
/// Not found when no backup that is kept was written there.
pub(crate) fn destroy(folder: &Path, file: &Path, today: Date) -> Result<(), Failure> {
    let mut backups = all(folder)?;
    let Some(backup) = backups.iter_mut().find(|backup| backup.file == file && backup.destroyed.is_none()) else {
        let hint = "see `vouch backup --list`";
        return Err(Failure(Error::not_found(format!("no backup that is kept was written to `{}`", file.display())).hint(hint)));
    };
    backup.destroyed = Some(today);
    let lines: Result<Vec<_>, _> = backups.iter().map(serde_json::to_string).collect();
    let text = lines.map_err(|error| Failure::invalid(error.to_string(), "report this"))?;
    crate::durable::replace_file(&folder.join(LIST), format!("{}\n", text.join("\n")).as_bytes())
}
