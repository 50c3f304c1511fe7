//! Files beside records: taken in, kept by SHA-256, verified on every read.

use std::io::Read;

use serde_json::json;
use vouch_ledger::hex;
use vouch_record::Id;
use vouch_record::kind::{FieldType, Scalar};
use vouch_record::validate::encode;
use vouch_store::StagedFile;

use crate::error::{Error, Result};
use crate::installation::{Acting, Vouch, store_error};
use crate::record::{Completeness, unknown};
use crate::work::Work;

/// Most bytes of one file (FORMATS §1).
pub const LARGEST_FILE: u64 = 100 << 20;

/// A file that was attached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attached {
    /// revision of the record that names it
    pub revision: u32,
    /// field that names it
    pub field: String,
    /// SHA-256 of its bytes, hex
    pub sha256: String,
}

/// A file that was taken in beside the database; a record written in the same unit of work names it.
pub struct TakenIn {
    staged: StagedFile,
    name: String,
}

impl TakenIn {
    /// The file as a member of a field for files.
    #[must_use]
    pub fn member(&self) -> serde_json::Value {
        json!({"name": self.name, "sha256": hex(self.staged.sha256()), "size": self.staged.size()})
    }
}

impl Vouch {
    /// Takes a file in; it is kept once a unit of work says so with [`Work::keep`].
    ///
    /// # Errors
    /// Invalid when it is larger than [`LARGEST_FILE`].
    pub fn take_in(&self, name: &str, bytes: &mut dyn Read) -> Result<TakenIn> {
        let staged = self.store.stage(bytes, LARGEST_FILE).map_err(store_error)?;
        Ok(TakenIn { staged, name: name.to_owned() })
    }

    /// Attaches a file to a record, in a new revision.
    ///
    /// # Errors
    /// Invalid when the kind has no such field for files or the file is too large.
    pub fn attach(&self, acting: Acting, id: Id, field: Option<String>, name: &str, bytes: &mut dyn Read) -> Result<Attached> {
        let kind = self.tables.kinds.of(id).cloned().ok_or_else(|| unknown(id))?;
        let takes_files = |spec: &&vouch_record::kind::FieldSpec| {
            !spec.program && matches!(spec.kind, FieldType::One(Scalar::File) | FieldType::Set(Scalar::File))
        };
        let fields: Vec<&str> = kind.fields.iter().filter(takes_files).map(|spec| spec.name.as_str()).collect();
        let wanted = field.as_deref().or_else(|| fields.first().copied());
        let Some(field) = wanted.filter(|name| fields.contains(name)).map(str::to_owned) else {
            let hint = if fields.is_empty() {
                "attach it to an evidence record about this one".to_owned()
            } else {
                format!("it takes files in {}", fields.join(", "))
            };
            return Err(Error::invalid(format!(
                "{} has no field for files{}",
                kind.name,
                wanted.map(|name| format!(" `{name}`")).unwrap_or_default()
            ))
            .hint(hint));
        };
        let staged = self.store.stage(bytes, LARGEST_FILE).map_err(store_error)?;
        let sha256 = hex(staged.sha256());
        let (spec_name, name) = (field.clone(), name.to_owned());
        let revision = self.perform(acting, move |work| {
            work.person()?;
            work.attach(id, &spec_name, &name, staged)
        })?;
        Ok(Attached { revision, field, sha256 })
    }

    /// The bytes of a file, whose hash was compared; nothing if it is not kept.
    ///
    /// # Errors
    /// Corrupt when the bytes do not have the hash.
    pub fn file(&self, sha256: &str) -> Result<Option<Vec<u8>>> {
        let hash = vouch_ledger::parse_hex(sha256.as_bytes())?;
        self.store.snapshot().map_err(store_error)?.file(&hash).map_err(store_error)
    }
}

impl Work<'_> {
    /// Keeps a file that was taken in, in this unit of work.
    ///
    /// # Errors
    /// What the store says.
    pub fn keep(&mut self, file: TakenIn) -> Result<()> {
        self.append().put_file(file.staged).map_err(store_error)
    }

    /// Adds a file that was taken in to a field of a record; the revision that names it comes back.
    pub(crate) fn attach(&mut self, id: Id, field: &str, name: &str, staged: StagedFile) -> Result<u32> {
        let kind = self.kind_of(id)?;
        let value = json!({"name": name, "sha256": hex(staged.sha256()), "size": staged.size()});
        let many = matches!(kind.field(field).map(|spec| &spec.kind), Some(FieldType::Set(_)));
        let value = if many {
            let view = self.view();
            let entry = view.find(id).ok_or_else(|| unknown(id))?;
            let present = entry.head().value(field).get().map(|value| value.to_json());
            let mut files = present.and_then(|json| json.as_array().cloned()).unwrap_or_default();
            files.push(value);
            serde_json::Value::Array(files)
        } else {
            value
        };
        let fields = [(field.to_owned(), value)].into_iter().collect();
        let handed =
            encode(&kind, &fields, true).map_err(|problems| Error::fields(format!("nothing is attached to {id}"), problems))?;
        self.append().put_file(staged).map_err(store_error)?;
        Ok(self.revise_encoded(&kind, id, handed, Completeness::Whole)?.revision)
    }
}
