//! `vouch import`

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Args;
use vouch_app::import::mapping::Mapping;
use vouch_app::import::preset::Preset;
use vouch_app::import::{Mode, Order, Report, Source};

use crate::failure::{Failure, Outcome};
use crate::output::{ATTENTION, BAD, FAINT, GOOD, Progress, json, line, short, styled};
use crate::session::Common;

/// Most rejected rows, conflicts or notes that are listed for people.
const LISTED: usize = 25;
/// Largest mapping file that is read.
const LARGEST_MAPPING: u64 = 1 << 20;

/// Import an inventory of AI systems from CSV or XLSX: one row becomes a system with everything the row tells
#[derive(Args, Debug)]
pub(crate) struct Import {
    /// CSV or XLSX file
    file: PathBuf,
    /// Mapping that comes with the program: omb-2024
    #[arg(long, value_name = "NAME", conflicts_with = "mapping")]
    preset: Option<String>,
    /// Mapping file (TOML) that says which column feeds which field
    #[arg(long, value_name = "FILE")]
    mapping: Option<PathBuf>,
    /// Write the mapping that is used to a file
    #[arg(long, value_name = "FILE")]
    save_mapping: Option<PathBuf>,
    /// Say what would be written, row by row, and write nothing
    #[arg(long)]
    dry_run: bool,
    /// Leave bad rows out and take the rest
    #[arg(long)]
    accept_partial: bool,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

impl Import {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        let session = common.write()?;
        let acting = session.acting()?;
        let mapping = self.mapping_for(&session.vouch.tables().kinds)?;
        if let Some(path) = &self.save_mapping {
            let text = mapping.to_toml().map_err(|error| table_failure(&error))?;
            std::fs::write(path, text).map_err(|error| Failure::file(path, "write", error))?;
        }
        let mode = match (self.dry_run, self.accept_partial) {
            (true, _) => Mode::DryRun,
            (false, true) => Mode::Partial,
            (false, false) => Mode::Whole,
        };
        let open = || File::open(&self.file).map_err(|error| Failure::file(&self.file, "open", error));
        let source = Source::of(&file_name(&self.file), &mut open()?).map_err(|error| Failure::file(&self.file, "read", error))?;
        let mut progress = Progress::new("rows", 100);
        let order = Order {
            file: open()?,
            mapping,
            source,
            mode,
            progress: Box::new(move |rows| {
                progress.at(rows);
                Ok(())
            }),
        };
        let (report, written) = session.vouch.import(acting, order)?;
        if self.json {
            json(&report)
        } else {
            print(&report, mode, written)
        }
        Ok(Outcome::Done).and_then(|done| if written || mode == Mode::DryRun { Ok(done) } else { Err(rejected(&report)) })
    }

    fn mapping_for(&self, kinds: &vouch_record::Kinds) -> Result<Mapping, Failure> {
        if let Some(name) = &self.preset {
            return Preset::named(name).and_then(|preset| preset.mapping()).map_err(|error| table_failure(&error));
        }
        if let Some(path) = &self.mapping {
            let mut text = String::new();
            let read = File::open(path).and_then(|file| file.take(LARGEST_MAPPING).read_to_string(&mut text));
            read.map_err(|error| Failure::file(path, "read", error))?;
            return Mapping::from_toml(&text).map_err(|error| table_failure(&error));
        }
        let file = File::open(&self.file).map_err(|error| Failure::file(&self.file, "open", error))?;
        Ok(vouch_app::import::guessed(kinds, &file_name(&self.file), file)?)
    }
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| "table".to_owned(), |name| name.to_string_lossy().into_owned())
}

fn table_failure(error: &vouch_app::import::error::Error) -> Failure {
    Failure::invalid(error.message.clone(), error.hint.clone())
}

fn rejected(report: &Report) -> Failure {
    let rows: std::collections::BTreeSet<usize> = report.rejected.iter().map(|rejection| rejection.row).collect();
    Failure::invalid(
        format!("{} of {} rows were rejected, nothing was written", rows.len(), report.rows),
        "mend the rows named above, or leave them out with `--accept-partial`",
    )
}

fn print(report: &Report, mode: Mode, written: bool) {
    let what = if written {
        ""
    } else if mode == Mode::DryRun {
        " (dry run, nothing was written)"
    } else {
        " (nothing was written)"
    };
    line(format!("{} rows{what}", report.rows));
    let kinds = |counts: &std::collections::BTreeMap<String, usize>| {
        counts.iter().map(|(kind, count)| format!("{count} {kind}")).collect::<Vec<_>>().join(", ")
    };
    if !report.created.is_empty() {
        line(format!("{} {}", styled(GOOD, if written { "created" } else { "would create" }), kinds(&report.created)));
    }
    if !report.updated.is_empty() {
        line(format!("{} {}", styled(GOOD, if written { "updated" } else { "would update" }), kinds(&report.updated)));
    }
    line(format!("unchanged {} rows", report.unchanged));
    for conflict in report.conflicts.iter().take(LISTED) {
        line(format!(
            "{} row {} {} {}: {}",
            styled(ATTENTION, "conflict"),
            conflict.row,
            conflict.record,
            conflict.field,
            conflict.reason
        ));
    }
    for rejection in report.rejected.iter().take(LISTED) {
        let column = rejection.column.as_deref().map(|column| format!(" `{}`", short(column, 60))).unwrap_or_default();
        let value = if rejection.value.is_empty() { String::new() } else { format!(" is `{}`", short(&rejection.value, 60)) };
        line(format!(
            "{} row {}{column}{value}: {}; {}",
            styled(BAD, "rejected"),
            rejection.row,
            rejection.reason,
            rejection.remedy
        ));
    }
    for vanished in report.vanished.iter().take(LISTED) {
        line(format!(
            "{} {} ({})",
            styled(ATTENTION, "no longer there"),
            vanished.key,
            vanished.record.as_deref().unwrap_or("no record")
        ));
    }
    for group in report.possible_duplicates.iter().take(LISTED) {
        line(format!("{} {}", styled(ATTENTION, "possible duplicates"), group.join(", ")));
    }
    let hidden = [report.conflicts.len(), report.rejected.len(), report.vanished.len(), report.possible_duplicates.len()]
        .into_iter()
        .map(|n| n.saturating_sub(LISTED))
        .sum::<usize>();
    if hidden > 0 {
        line(styled(FAINT, format!("{hidden} more; `--json` lists all")));
    }
    if !report.notes.is_empty() {
        let notes = if report.notes.len() == 1 { "note" } else { "notes" };
        line(styled(FAINT, format!("{} {notes} about single cells; `--json` lists all", report.notes.len())));
    }
}
