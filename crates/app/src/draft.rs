//! What somebody types and has not saved: kept on the desk, for that person and form alone. A draft is no record and proves nothing.

use serde::{Deserialize, Serialize};
use vouch_record::Id;
use vouch_record::time::format_instant;

use crate::error::{Error, Kind, Result};
use crate::installation::{Acting, Vouch, store_error};
use crate::work::Work;

/// Space of the desk.
const DESK: &str = "draft";
/// Most bytes of a draft.
pub const LARGEST_DRAFT: usize = 512 << 10;
/// Most drafts of a person; the oldest goes.
pub const MOST_DRAFTS: usize = 50;

/// What was typed into a form.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Draft {
    /// when it was kept, as FORMATS §1 writes instants
    pub at: String,
    /// names and texts of the form
    pub fields: Vec<(String, String)>,
}

fn key(person: Id, form: &str) -> String {
    format!("{person}/{form}")
}

fn read(bytes: &[u8]) -> Option<Draft> {
    // A draft that a later version wrote is as good as none.
    serde_json::from_slice(bytes).ok()
}

impl Vouch {
    /// What a person typed into a form and did not save.
    ///
    /// # Errors
    /// What the store says.
    pub fn draft(&self, person: Id, form: &str) -> Result<Option<Draft>> {
        let snapshot = self.store.snapshot().map_err(store_error)?;
        Ok(snapshot.desk_get(DESK, &key(person, form)).map_err(store_error)?.and_then(|bytes| read(&bytes)))
    }

    /// The forms in which a person has typed something, with the instant, by name of the form.
    ///
    /// # Errors
    /// What the store says.
    pub fn drafts(&self, person: Id) -> Result<Vec<(String, Draft)>> {
        let prefix = key(person, "");
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let kept = snapshot.desk_scan(DESK, &prefix, None, MOST_DRAFTS).map_err(store_error)?;
        Ok(kept.into_iter().filter_map(|(key, bytes)| Some((key.strip_prefix(&prefix)?.to_owned(), read(&bytes)?))).collect())
    }

    /// Keeps what a person has typed into a form so far.
    ///
    /// # Errors
    /// Refused when no person acts; invalid when it is larger than [`LARGEST_DRAFT`].
    pub fn keep_draft(&self, acting: Acting, form: &str, fields: Vec<(String, String)>) -> Result<()> {
        let form = form.to_owned();
        self.perform(acting, move |work| work.keep_draft(&form, fields))
    }

    /// Gives up what a person has typed into a form.
    ///
    /// # Errors
    /// Refused when no person acts.
    pub fn drop_draft(&self, acting: Acting, form: &str) -> Result<()> {
        let form = form.to_owned();
        self.perform(acting, move |work| work.drop_draft(&form))
    }
}

impl Work<'_> {
    fn keep_draft(&mut self, form: &str, fields: Vec<(String, String)>) -> Result<()> {
        let person = self.person()?;
        let draft = Draft { at: format_instant(self.at()), fields };
        let bytes = serde_json::to_vec(&draft).map_err(|error| Error::new(Kind::Corrupt, "a draft is no JSON").because(error))?;
        if bytes.len() > LARGEST_DRAFT {
            return Err(Error::invalid(format!("a draft holds at most {} KiB", LARGEST_DRAFT >> 10)).hint("save the record"));
        }
        let prefix = key(person, "");
        let kept = self.append().desk_scan(DESK, &prefix, None, MOST_DRAFTS).map_err(store_error)?;
        if kept.len() == MOST_DRAFTS && kept.iter().all(|(other, _)| *other != key(person, form)) {
            let age = |bytes: &[u8]| read(bytes).map_or_else(String::new, |draft| draft.at);
            if let Some((oldest, _)) = kept.iter().min_by_key(|(_, bytes)| age(bytes)) {
                self.append().desk_delete(DESK, oldest).map_err(store_error)?;
            }
        }
        self.append().desk_put(DESK, &key(person, form), &bytes).map_err(store_error)
    }

    /// Takes the draft of a form away, with what is saved in the same unit of work.
    ///
    /// # Errors
    /// Refused when no person acts.
    pub fn drop_draft(&mut self, form: &str) -> Result<()> {
        let person = self.person()?;
        self.append().desk_delete(DESK, &key(person, form)).map_err(store_error)
    }
}
