//! `vouch attach`

use std::path::PathBuf;

use clap::Args;
use vouch_record::Link;

use crate::failure::{Failure, Outcome};
use crate::output::line;
use crate::session::Common;

/// Attach a file to a record; it is kept by its SHA-256 beside the database
#[derive(Args, Debug)]
pub(crate) struct Attach {
    /// Record
    #[arg(value_parser = super::record)]
    record: Link,
    /// File
    file: PathBuf,
    /// Field that takes it; the first field for files if not given
    #[arg(long, value_name = "NAME")]
    field: Option<String>,
}

impl Attach {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.write()?;
        let acting = session.acting()?;
        let mut file = std::fs::File::open(&self.file).map_err(|error| Failure::file(&self.file, "open", error))?;
        let name = self.file.file_name().map_or_else(|| "file".to_owned(), |name| name.to_string_lossy().into_owned());
        let attached = session.vouch.attach(acting, self.record.id, self.field, &name, &mut file)?;
        line(format!("{}@{} {} sha256 {}", self.record.id, attached.revision, attached.field, attached.sha256));
        Ok(Outcome::Done)
    }
}
