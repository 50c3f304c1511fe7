//! Checking everything that is stored against the log, as a stranger would who trusts only the key.

use std::collections::BTreeMap;
use std::io::{Cursor, Read, Write};

use vouch_ledger::export::Sink;
use vouch_ledger::verify::{Source, Trust, Verdict, verify_export};
use vouch_ledger::{Policy, Show, VerifierKey};
use vouch_record::Id;
use vouch_store::Snapshot;

use crate::error::Result;
use crate::installation::{Vouch, store_error};
use crate::ledger::courses;
use crate::projection;

/// What a check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Check {
    /// leaves in the log
    pub leaves: u64,
    /// records whose row was compared
    pub records: usize,
    /// each deviation with its place
    pub faults: Vec<String>,
}

/// An export kept in memory.
#[derive(Default)]
struct Shelf(BTreeMap<String, Vec<u8>>);

struct Slot<'s>(&'s mut Vec<u8>);

impl Write for Slot<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

impl Sink for Shelf {
    fn create<'a>(&'a mut self, path: &str) -> vouch_ledger::Result<Box<dyn Write + 'a>> {
        Ok(Box::new(Slot(self.0.entry(path.to_owned()).or_default())))
    }
}

impl Source for Shelf {
    fn paths(&self) -> vouch_ledger::Result<Vec<String>> {
        Ok(self.0.keys().cloned().collect())
    }

    fn open(&self, path: &str) -> vouch_ledger::Result<Box<dyn Read + '_>> {
        let bytes = self.0.get(path).ok_or_else(|| vouch_ledger::Error::missing(format!("`{path}` is not there")))?;
        Ok(Box::new(Cursor::new(bytes.as_slice())))
    }
}

impl Vouch {
    /// Checks leaves, tree, bodies, files and checkpoint by verifying an export of all of them, and every row that lists show
    /// against what the log gives.
    ///
    /// # Errors
    /// What the store says when it cannot even be read.
    pub fn fsck(&self, first_key: &VerifierKey) -> Result<Check> {
        let mut check = Check { leaves: self.state().size(), ..Check::default() };
        let mut shelf = Shelf::default();
        match self.export(&mut shelf, &Policy::of_log([first_key.clone()]), &|_| Show::All) {
            Err(error) => check.faults.push(format!("the log cannot be read whole: {error}")),
            Ok(_) => {
                let policy = self.policy(first_key)?;
                let trust = Trust::given(&policy);
                let report = verify_export(&shelf, &trust, &courses(&self.tables.kinds))?;
                check.faults.extend(report.faults.iter().map(|fault| format!("{}: {}", fault.place, fault.reason)));
                let bad = report.items.iter().filter(|item| matches!(item.state, Verdict::Bad | Verdict::Missing));
                check.faults.extend(bad.map(|item| format!("leaf {} of {}@{}: {}", item.seq, item.id, item.revision, item.reason)));
            }
        }
        self.check_rows(&mut check)?;
        Ok(check)
    }

    /// Compares the row of each record with what the log gives.
    fn check_rows(&self, check: &mut Check) -> Result<()> {
        let state = self.state();
        let ids: Vec<Id> = state.records().map(|record| record.id).collect();
        let view = self.view_of((*state).clone());
        let snapshot = self.store.snapshot().map_err(store_error)?;
        for id in ids {
            let Some(entry) = view.find(id) else { continue };
            check.records += 1;
            let row = snapshot.record(&id.to_string()).map_err(store_error)?;
            let wanted = projection::of(entry).projection;
            if row.map(|row| row.projection) != wanted {
                check.faults.push(format!("list: the row of {id} is not what the log gives; run `vouch rebuild`"));
            }
            if let Some(fault) = links_differ(snapshot.as_ref(), entry)? {
                check.faults.push(fault);
            }
        }
        Ok(())
    }
}

/// Links per read.
const LINKS: usize = 1_000;

fn links_differ(snapshot: &dyn Snapshot, entry: vouch_conform::Entry<'_>) -> Result<Option<String>> {
    let id = entry.id().to_string();
    let mut kept = Vec::new();
    loop {
        let after = kept.last().cloned();
        let page = snapshot.links(vouch_store::LinkQuery::From(&id), after.as_ref(), LINKS).map_err(store_error)?;
        let full = page.len() == LINKS;
        kept.extend(page);
        if !full {
            break;
        }
    }
    let mut wanted = projection::of(entry).links.unwrap_or_default();
    wanted.sort();
    wanted.dedup();
    let mut kept: Vec<_> = kept.into_iter().map(|link| link.link).collect();
    kept.sort();
    Ok((kept != wanted).then(|| format!("links: those of {id} are not what the log gives; run `vouch rebuild`")))
}
