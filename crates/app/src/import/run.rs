//! The import as a use case: what a table would write, and its writing in one unit of work (FORMATS §12).

mod later;
mod report;
mod resolve;

pub use report::{Conflict, Rejection, Report, Vanished};

use std::collections::{BTreeMap, HashMap};
use std::io::{Read, Seek};
use std::sync::{Arc, Mutex, PoisonError};

use serde::{Deserialize, Serialize};
use serde_json::json;
use sha2::{Digest, Sha256};
use vouch_conform::Entry;
use vouch_record::kind::Required;
use vouch_record::validate::encode;
use vouch_record::{Id, Value};

use super::mapping::Mapping;
use super::proposal::{Fingerprints, ProblemKind, RowOutcome, RowProposal, Rows};
use super::table::{Options, Table};
use crate::error::{self, Error, Result};
use crate::installation::{Acting, Vouch, store_error};
use crate::record::Completeness;
use crate::work::Work;

/// Space of desk rows that say what an import last wrote for a row.
const DESK: &str = "import";
/// Desk key of the salt of the fingerprints.
const SALT: &str = "import-salt";
/// Desk rows per read.
const DESK_PAGE: usize = 1_000;

/// The file that is imported.
#[derive(Clone, Debug)]
pub struct Source {
    /// name it was handed in with
    pub name: String,
    /// SHA-256 of its bytes, hex
    pub sha256: String,
    /// bytes
    pub size: u64,
}

/// Whether rows may be left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// nothing is written; the report says what would be
    DryRun,
    /// one bad row, and nothing is written
    Whole,
    /// bad rows are left out
    Partial,
}

/// Is told how many rows were read; an error ends the import, and nothing is written.
pub type OnRow = Box<dyn FnMut(usize) -> Result<()> + Send>;

/// What is to be imported, and how.
pub struct Order<R> {
    /// the table
    pub file: R,
    /// what its columns mean
    pub mapping: Mapping,
    /// the file as records name it
    pub source: Source,
    /// whether rows may be left out
    pub mode: Mode,
    /// told how many rows were read
    pub progress: OnRow,
}

impl Source {
    /// Reads a file once for its digest and size.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn of(name: &str, file: &mut dyn Read) -> std::io::Result<Self> {
        let mut hash = Sha256::new();
        let mut buffer = vec![0; 64 << 10];
        let mut size = 0u64;
        loop {
            let read = file.read(&mut buffer)?;
            if read == 0 {
                break;
            }
            hash.update(&buffer[..read]);
            size += read as u64;
        }
        let sha256 = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        Ok(Self { name: name.to_owned(), sha256, size })
    }
}

impl Vouch {
    /// Imports a table through a mapping, in one unit of work. The report comes back with whether anything was written: a dry run
    /// writes nothing, and a rejected row keeps the whole file out unless it may be left out.
    ///
    /// # Errors
    /// When the file is no table, does not fit the mapping, or the store fails.
    pub fn import<R: Read + Seek + Send + 'static>(&self, acting: Acting, order: Order<R>) -> Result<(Report, bool)> {
        let Order { mut file, mapping, source, mode, mut progress } = order;
        let staged = match mode {
            Mode::DryRun => None,
            Mode::Whole | Mode::Partial => Some(self.stage_again(&mut file)?),
        };
        let kept: Arc<Mutex<Option<Report>>> = Arc::default();
        let slot = kept.clone();
        let written = self.perform(acting, move |work| {
            let known_names = mapping.known_names();
            let known = |name: &str| known_names.contains(name);
            let table = Table::open(file, &Options { known: Some(&known), ..Options::default() }).map_err(table_error)?;
            let report = work.import(table, &mapping, &source, &mut *progress)?;
            let refused = mode == Mode::DryRun || (report.blocked && mode == Mode::Whole);
            if let Some(staged) = staged.filter(|_| !refused && report.wrote_anything()) {
                work.append().put_file(staged).map_err(store_error)?;
            }
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(report);
            if refused { Err(Error::refused("nothing is written")) } else { Ok(()) }
        });
        let report = kept.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (report, written) {
            (Some(report), written) => Ok((report, written.is_ok())),
            (None, Err(error)) => Err(error),
            (None, Ok(())) => Err(Error::new(error::Kind::Unavailable, "the import gave no report")),
        }
    }

    /// Takes the file in beside the database: records of the import name it.
    fn stage_again<R: Read + Seek>(&self, file: &mut R) -> Result<vouch_store::StagedFile> {
        let unreadable = |error: std::io::Error| Error::new(error::Kind::Unavailable, format!("the file cannot be read: {error}"));
        file.rewind().map_err(unreadable)?;
        let staged = self.store.stage(file, crate::files::LARGEST_FILE).map_err(store_error)?;
        file.rewind().map_err(unreadable)?;
        Ok(staged)
    }
}

/// What an import last wrote for one row; kept on the desk, without any value.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Baseline {
    records: BTreeMap<String, Kept>,
    fingerprints: Fingerprints,
}

/// What an import last wrote for one record.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
struct Kept {
    id: String,
    revision: u32,
    /// fields in which a person's value was kept
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    conflicts: Vec<String>,
}

/// Whether a record came with an import and was never whole since: its first revision lacks what is always needed, which only an
/// import may leave out.
#[must_use]
pub fn is_imported(entry: Entry<'_>) -> bool {
    if entry.text("origin") == Some("imported") {
        return true;
    }
    let first = &entry.leaves()[0];
    let lacks = |name: &str| first.body.get(name).is_none() && first.erasure.of(name).is_none();
    entry.kind().fields.iter().any(|field| field.required == Required::Always && lacks(&field.name))
}

impl Work<'_> {
    /// Reads a table through a mapping and writes what it says. `progress` is told the number of rows read so far.
    ///
    /// # Errors
    /// Invalid when a row is rejected and none may be left out: the report tells which, and nothing was written.
    pub(crate) fn import<R: Read + Seek>(
        &mut self,
        table: Table<R>,
        mapping: &Mapping,
        source: &Source,
        progress: &mut dyn FnMut(usize) -> Result<()>,
    ) -> Result<Report> {
        self.person()?;
        let salt = self.import_salt()?;
        let rows = Rows::new(table, mapping, &salt).map_err(table_error)?;
        let mut run = Run { work: self, mapping, source, report: Report::default(), found: HashMap::new(), seen: Vec::new() };
        run.report.unrecognised = rows.recognition().unmatched.clone();
        for outcome in rows {
            let outcome = outcome.map_err(table_error)?;
            run.report.rows += 1;
            match outcome {
                RowOutcome::Proposed(proposal) => run.row(&proposal)?,
                RowOutcome::Rejected(problems) => {
                    run.report.blocked |= problems.iter().any(|problem| problem.kind == ProblemKind::Wrong);
                    run.report.rejected.extend(problems.into_iter().map(Rejection::from));
                }
            }
            progress(run.report.rows)?;
        }
        run.end()
    }

    /// Salt of the fingerprints: made once, kept on the desk.
    fn import_salt(&mut self) -> Result<Vec<u8>> {
        if let Some(salt) = self.append().desk_get(SALT, "salt").map_err(store_error)? {
            return Ok(salt);
        }
        let salt = self.random().to_vec();
        self.append().desk_put(SALT, "salt", &salt).map_err(store_error)?;
        Ok(salt)
    }
}

pub(crate) fn table_error(error: super::error::Error) -> Error {
    let hint = error.hint.clone();
    Error::invalid(error.message.clone()).hint(hint).because(error)
}

/// An import under way.
struct Run<'r, 'w> {
    work: &'r mut Work<'w>,
    mapping: &'r Mapping,
    source: &'r Source,
    report: Report,
    found: HashMap<(String, String), HashMap<String, Id>>,
    seen: Vec<String>,
}

impl Run<'_, '_> {
    fn row(&mut self, proposal: &RowProposal) -> Result<()> {
        let key = proposal.key.to_string();
        let before = self.work.append().desk_get(DESK, &key).map_err(store_error)?;
        let before: Option<Baseline> = before.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        self.compare(proposal);
        let written = match &before {
            Some(baseline) if baseline.fingerprints == proposal.fingerprints => {
                self.report.unchanged += 1;
                None
            }
            Some(baseline) => self.revised(proposal, baseline)?,
            None => self.created(proposal, &Baseline::default())?,
        };
        self.seen.push(key.clone());
        self.report.notes.extend(proposal.notes.iter().map(|note| report::note(proposal.row, note)));
        if let Some(baseline) = written {
            let bytes = serde_json::to_vec(&baseline)
                .map_err(|error| Error::new(error::Kind::Corrupt, "a desk row is no JSON").because(error))?;
            self.work.append().desk_put(DESK, &key, &bytes).map_err(store_error)?;
        }
        Ok(())
    }

    /// Creates the records of a row that `known` does not have yet. A record that cannot be encoded rejects the row.
    fn created(&mut self, proposal: &RowProposal, known: &Baseline) -> Result<Option<Baseline>> {
        let ids = self.assign(proposal, known)?;
        let mut encoded = Vec::new();
        for record in proposal.records.iter().filter(|record| !known.records.contains_key(&record.local_key)) {
            let kind = self.work.kind(&record.kind)?;
            let fields = self.resolved(record, &ids)?;
            match encode(&kind, &fields, true) {
                Ok(handed) => encoded.push((record.local_key.clone(), kind, handed)),
                Err(problems) => {
                    self.reject(proposal.row, problems);
                    return Ok(None);
                }
            }
        }
        self.work.announce(ids.values().copied());
        let mut baseline = Baseline { fingerprints: proposal.fingerprints.clone(), records: known.records.clone() };
        for (local_key, kind, handed) in encoded {
            let id = self.work.create_encoded(&kind, handed, Completeness::Imported)?;
            *self.report.created.entry(kind.name.clone()).or_default() += 1;
            baseline.records.insert(local_key, Kept { id: id.to_string(), revision: 1, conflicts: Vec::new() });
        }
        self.work.announce([]);
        Ok(Some(baseline))
    }

    /// The id of each record of a row: that of an earlier import, or the next of its kind.
    fn assign(&self, proposal: &RowProposal, known: &Baseline) -> Result<HashMap<String, Id>> {
        let mut taken: HashMap<&str, u32> = HashMap::new();
        let mut ids = HashMap::new();
        for record in &proposal.records {
            let id = match known.records.get(&record.local_key).and_then(|kept| kept.id.parse().ok()) {
                Some(id) => id,
                None => {
                    let kind = self.work.kind(&record.kind)?;
                    let next = self.work.next_id(&kind)?;
                    let offset = taken.entry(record.kind.as_str()).or_default();
                    *offset += 1;
                    Id::new(&kind.prefix, next.number() + *offset - 1)
                        .ok_or_else(|| Error::new(error::Kind::Unavailable, "no numbers are left"))?
                }
            };
            ids.insert(record.local_key.clone(), id);
        }
        Ok(ids)
    }

    fn reject(&mut self, row: usize, problems: Vec<vouch_record::validate::Problem>) {
        self.report.blocked = true;
        self.report.rejected.extend(problems.into_iter().map(|problem| Rejection {
            row,
            column: Some(problem.column.map_or(problem.field.clone(), |column| format!("{}.{column}", problem.field))),
            value: problem.value,
            reason: problem.reason,
            remedy: problem.remedy,
        }));
    }

    /// Answers that are compared with what is there and never overwrite it.
    fn compare(&mut self, proposal: &RowProposal) {
        let view = self.work.view();
        for comparison in &proposal.comparisons {
            let Some(entry) = view.all(&comparison.kind).next() else { continue };
            let (field, column) = comparison.field.split_once('.').map_or((comparison.field.as_str(), None), |(f, c)| (f, Some(c)));
            let there: Vec<String> = match entry.head().value(field).get() {
                Some(Value::Text(text)) => vec![text.to_string()],
                Some(value) => value.items().iter().filter_map(|row| row.get(column?)?.as_text().map(str::to_owned)).collect(),
                None => Vec::new(),
            };
            let even = super::text::even;
            if !there.is_empty() && !there.iter().any(|text| even(text) == even(&comparison.value)) {
                self.report.differs(entry.id(), comparison, &there);
            }
        }
    }

    fn end(mut self) -> Result<Report> {
        let source = super::proposal::ImportKey::new(&self.mapping.source, "", "", "").source;
        self.vanished(&source)?;
        self.duplicates();
        if self.report.wrote_anything() {
            self.keep_file()?;
        }
        Ok(self.report)
    }

    /// Rows of earlier runs that are not in this one: nothing changes, they are listed.
    fn vanished(&mut self, source: &str) -> Result<()> {
        let prefix = format!("{source}|");
        let seen: std::collections::HashSet<String> = self.seen.drain(..).collect();
        let mut after: Option<String> = None;
        loop {
            let page = self.work.append().desk_scan(DESK, &prefix, after.as_deref(), DESK_PAGE).map_err(store_error)?;
            for (key, bytes) in page.iter().filter(|(key, _)| !seen.contains(key)) {
                let baseline: Baseline = serde_json::from_slice(bytes).unwrap_or_default();
                let record = baseline.records.values().map(|kept| kept.id.clone()).find(|id| id.starts_with("SYS-"));
                self.report.vanished.push(Vanished { key: key.clone(), record });
            }
            match page.last() {
                Some((key, _)) if page.len() == DESK_PAGE => after = Some(key.clone()),
                _ => return Ok(()),
            }
        }
    }

    /// Systems of one name and unit: allowed, and shown.
    fn duplicates(&mut self) {
        let view = self.work.view();
        let mut groups: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
        for entry in view.all("ai-system") {
            let head =
                |field: &str| entry.head().value(field).get().and_then(Value::as_text).map(super::text::even).unwrap_or_default();
            groups.entry((head("name"), head("unit"))).or_default().push(entry.id().to_string());
        }
        self.report.possible_duplicates = groups.into_values().filter(|ids| ids.len() > 1).collect();
    }

    fn keep_file(&mut self) -> Result<()> {
        let file = json!({"name": self.source.name, "sha256": self.source.sha256, "size": self.source.size});
        let bytes =
            serde_json::to_vec(&file).map_err(|error| Error::new(error::Kind::Corrupt, "a desk row is no JSON").because(error))?;
        self.work.append().desk_put("import-last", &self.mapping.source, &bytes).map_err(store_error)
    }
}
