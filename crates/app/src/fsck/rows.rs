//! The rows that lists show, against what the log gives.

use vouch_conform::{Entry, View};
use vouch_record::Id;
use vouch_record::kind::Kind;
use vouch_store::{LinkQuery, MAX_PAGE, RecordQuery, RecordRow, Snapshot};

use crate::error::Result;
use crate::installation::{Vouch, store_error};
use crate::projection;

/// Links per read.
const LINKS: usize = 1_000;

impl Vouch {
    /// How many records were compared, and what differs.
    pub(super) fn check_rows(&self) -> Result<(usize, Vec<String>)> {
        let view = self.view_of((*self.state()).clone());
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let mut check = Comparison { snapshot: snapshot.as_ref(), view: &view, records: 0, faults: Vec::new() };
        for kind in self.tables.kinds.iter() {
            let ids: Vec<Id> = self.state().of_kind(&kind.name).iter().map(|record| record.id).collect();
            check.kind(kind, &ids)?;
        }
        Ok((check.records, check.faults))
    }
}

struct Comparison<'c> {
    snapshot: &'c dyn Snapshot,
    view: &'c View,
    records: usize,
    faults: Vec<String>,
}

impl Comparison<'_> {
    /// Goes through the rows of a kind and its records side by side; both come in the order of their numbers.
    fn kind(&mut self, kind: &Kind, ids: &[Id]) -> Result<()> {
        let mut ids = ids.iter().copied().peekable();
        let mut after: Option<String> = None;
        loop {
            let query = RecordQuery { kind: &kind.name, state: None, after: after.as_deref(), limit: MAX_PAGE };
            let page = self.snapshot.records(query).map_err(store_error)?;
            let Some(last) = page.last() else { break };
            after = Some(last.id.clone());
            for row in page {
                let Ok(id) = row.id.parse::<Id>() else {
                    self.faults.push(format!("list: the row of `{}` bears no id; run `vouch rebuild`", row.id));
                    continue;
                };
                while let Some(without) = ids.next_if(|next| *next < id) {
                    self.compare(without, None)?;
                }
                if ids.next_if(|next| *next == id).is_some() {
                    self.compare(id, Some(row))?;
                } else {
                    self.faults.push(format!("list: {id} has a row and no leaf; run `vouch rebuild`"));
                }
            }
        }
        ids.try_for_each(|id| self.compare(id, None))
    }

    fn compare(&mut self, id: Id, row: Option<RecordRow>) -> Result<()> {
        let Some(entry) = self.view.find(id) else { return Ok(()) };
        self.records += 1;
        let wanted = projection::of(entry);
        if row.map(|row| row.projection) != wanted.projection {
            self.faults.push(format!("list: the row of {id} is not what the log gives; run `vouch rebuild`"));
        }
        if self.links_differ(entry, wanted.links.unwrap_or_default())? {
            self.faults.push(format!("links: those of {id} are not what the log gives; run `vouch rebuild`"));
        }
        Ok(())
    }

    fn links_differ(&self, entry: Entry<'_>, mut wanted: Vec<vouch_store::LinkRow>) -> Result<bool> {
        let id = entry.id().to_string();
        let mut kept = Vec::new();
        loop {
            let page = self.snapshot.links(LinkQuery::From(&id), kept.last(), LINKS).map_err(store_error)?;
            let full = page.len() == LINKS;
            kept.extend(page);
            if !full {
                break;
            }
        }
        wanted.sort();
        wanted.dedup();
        let mut kept: Vec<_> = kept.into_iter().map(|link| link.link).collect();
        kept.sort();
        Ok(kept != wanted)
    }
}
