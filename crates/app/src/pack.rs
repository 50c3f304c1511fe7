//! The audit pack: one archive with what an auditor asks for first, the whole log with its proofs beside it, and the means to check
//! both without this program. The command line and pages make it here.

mod archive;
mod documents;

use std::io::{Seek, Write};

use jiff::civil::Date;
use vouch_conform::gap::gaps;
use vouch_conform::statement::Statement;
use vouch_ledger::{Policy, Show};

use self::archive::Archive;
use crate::error::Result;
use crate::installation::{Vouch, store_error};

/// Files counted in one step.
const PAGE: usize = 1_000;

/// How far it is: leaves written of so many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Progress {
    /// leaves written
    pub done: u64,
    /// leaves of the log
    pub all: u64,
}

/// What is asked for.
pub struct Order<'o> {
    /// a past day that the documents are about; the log goes to today all the same
    pub as_of: Option<Date>,
    /// the policy that names the first key of the log
    pub policy: &'o Policy,
    /// is told how far it is; what it refuses ends the pack
    pub progress: &'o mut dyn FnMut(Progress) -> Result<()>,
}

/// What was packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Packed {
    /// leaves of the log
    pub leaves: u64,
    /// rows of the list of records by requirement
    pub records: usize,
    /// files of records
    pub files: usize,
}

/// Files that are kept for records: how many, and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FilesKept {
    /// how many
    pub count: usize,
    /// bytes of all together
    pub bytes: u64,
}

/// A document of the pack: where it lies, and what it is in a sentence without its full stop.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Piece {
    /// path within the pack
    pub path: &'static str,
    /// what it is
    pub what: &'static str,
}

/// Everything in a pack beside the log, in the order in which it is read.
pub const PIECES: [Piece; 11] = [
    Piece { path: "README.md", what: "what lies where, and how to check it" },
    Piece { path: "scope.json", what: "the scope in force, with its approvals" },
    Piece { path: "statement-of-applicability.csv", what: "every control with decision, reason, depth and owner" },
    Piece { path: "statement-of-applicability.json", what: "the same for programs, with the version in force" },
    Piece { path: "gaps.csv", what: "every requirement with what is missing and who answers" },
    Piece { path: "gaps.json", what: "the same for programs" },
    Piece { path: "records-by-requirement.csv", what: "the records that show each requirement, with their leaves" },
    Piece { path: "courses.json", what: "the steps that each kind of record may take" },
    Piece { path: "FORMATS.md", what: "how the log is laid out, for whoever writes a verifier of their own" },
    Piece { path: "verify.py", what: "a verifier in 300 lines that shares nothing with this program" },
    Piece { path: "requirements.txt", what: "what the verifier needs beside Python 3.11" },
];

/// Folder of the log within the pack: exactly what `vouch ledger export` writes.
pub const LOG: &str = "log";

/// The folder that everything in the pack lies in, and what its file is called before `.zip`.
#[must_use]
pub fn name(day: Date) -> String {
    format!("audit-pack-{day}")
}

impl Vouch {
    /// Writes an audit pack as a ZIP archive.
    ///
    /// # Errors
    /// Refused for an empty log, and where the policy wants witnesses that have not cosigned; invalid for a future day; what the store,
    /// the file or `progress` says.
    pub fn pack(&self, order: Order<'_>, file: impl Write + Seek) -> Result<Packed> {
        let Order { as_of, policy, progress } = order;
        let view = self.view(as_of)?;
        let readiness = self.readiness(as_of)?;
        let statement = Statement::of(&view, &readiness);
        let gaps = gaps(&view, &readiness, &statement);
        // What is shown is computed before the log is read, so that everything it rests on lies in the log.
        let all = self.attested()?.checkpoint.checkpoint().size;
        progress(Progress { done: 0, all })?;
        let mut archive = Archive::new(file, name(view.today()), all, progress);
        let shown = documents::Shown { view: &view, readiness: &readiness, statement: &statement, gaps: &gaps };
        let rows = shown.records()?;
        let records = rows.rows.len();
        for piece in PIECES {
            let bytes = match piece.path {
                "README.md" => documents::readme(&shown, policy, self.origin())?.into_bytes(),
                "records-by-requirement.csv" => rows.csv()?,
                "courses.json" => documents::json(&crate::ledger::courses_told(&self.tables().kinds))?,
                path => shown.document(path)?,
            };
            archive.put(piece.path, &bytes)?;
        }
        let exported = self.export(&mut archive, policy, &|_| Show::All);
        let (leaves, files) = archive.finish(exported)?;
        Ok(Packed { leaves, records, files })
    }

    /// Files that are kept for records.
    ///
    /// # Errors
    /// What the store says.
    pub fn files_kept(&self) -> Result<FilesKept> {
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let (mut kept, mut after) = (FilesKept::default(), None);
        loop {
            let page = snapshot.files(after.as_ref(), PAGE).map_err(store_error)?;
            kept.count += page.len();
            kept.bytes += page.iter().map(|(_, size)| size).sum::<u64>();
            match page.last() {
                Some((last, _)) if page.len() == PAGE => after = Some(*last),
                _ => return Ok(kept),
            }
        }
    }
}
