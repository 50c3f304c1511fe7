//! `vouch verify`

use std::fs::{self, File};
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

use clap::Args;
use vouch_app::ledger::courses;
use vouch_ledger::verify::{Fault, Report, Source, Stamps, Trust, Verdict, verify_export, verify_proof};
use vouch_ledger::{Policy, SignedCheckpoint};

use crate::failure::{Failure, Outcome};
use crate::output::{BAD, FAINT, GOOD, json, line, styled};
use crate::session;

/// Largest proof, policy or checkpoint file that is read.
const MOST: u64 = 64 << 20;
/// Most leaves that are listed for people.
const LISTED: usize = 20;

/// Verify an export or a proof by bytes and a policy alone; no installation is needed, none is trusted
#[derive(Args, Debug)]
pub(crate) struct Verify {
    /// Folder of an export, or file of a proof
    path: PathBuf,
    /// Policy that names the keys you trust, got by another way than the export; without it the one inside counts, and that is said
    #[arg(long, value_name = "FILE")]
    policy: Option<PathBuf>,
    /// An earlier checkpoint of the same log: nothing before it may have changed
    #[arg(long, value_name = "CHECKPOINT")]
    seen: Option<PathBuf>,
    /// Certificates, in PEM, of authorities whose time stamps count; without them only what a stamp is of is looked at, not whose it is
    #[arg(long, value_name = "FILE")]
    authority: Option<PathBuf>,
    /// Print JSON
    #[arg(long)]
    pub(crate) json: bool,
}

/// A folder as an export.
struct FolderSource(PathBuf);

impl FolderSource {
    fn gather(&self, folder: &Path, into: &mut Vec<String>) -> std::io::Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.file_type()?.is_dir() {
                self.gather(&entry.path(), into)?;
            } else {
                // Links and devices are listed too: they have no place in an export.
                let inside = entry.path();
                let parts = inside.strip_prefix(&self.0).unwrap_or(&inside).components();
                into.push(parts.map(|part| part.as_os_str().to_string_lossy().into_owned()).collect::<Vec<_>>().join("/"));
            }
        }
        Ok(())
    }
}

impl Source for FolderSource {
    fn paths(&self) -> vouch_ledger::Result<Vec<String>> {
        let mut paths = Vec::new();
        let failed = |error| vouch_ledger::Error::source(format!("`{}` cannot be listed", self.0.display()), error);
        self.gather(&self.0, &mut paths).map_err(failed)?;
        Ok(paths)
    }

    fn open(&self, path: &str) -> vouch_ledger::Result<Box<dyn Read + '_>> {
        let target = self.0.join(path);
        let failed = |error| vouch_ledger::Error::source(format!("`{path}` cannot be opened"), error);
        let plain = fs::symlink_metadata(&target).map_err(failed)?.file_type().is_file();
        if !plain {
            return Err(vouch_ledger::Error::malformed(format!("`{path}` is no plain file")));
        }
        Ok(Box::new(BufReader::new(File::open(&target).map_err(failed)?)))
    }
}

impl Verify {
    pub(crate) fn run(self) -> Result<Outcome, Failure> {
        let (policy, self_asserted, wrong) = self.policy()?;
        let seen = self.seen.as_deref().map(checkpoint).transpose()?;
        let authorities = self.authority.as_deref().map(super::ledger::authorities).transpose()?;
        let stamps = authorities.as_ref().map(|authorities| authorities as &dyn Stamps);
        let trust = Trust { policy: &policy, self_asserted, seen: seen.as_ref(), stamps };
        let mut report = if self.path.is_dir() {
            let kinds = session::tables(&[], &[])?.kinds;
            verify_export(&FolderSource(self.path.clone()), &trust, &courses(&kinds))?
        } else {
            verify_proof(&read(&self.path)?, &trust)
        };
        report.ok &= wrong.is_none();
        report.faults.extend(wrong);
        if self.json {
            json(&report)
        } else {
            print(&report)
        }
        Ok(if report.ok { Outcome::Done } else { Outcome::Found })
    }

    /// The policy that counts, and whether it came with what is verified. One inside an export that cannot be read is part of what is
    /// wrong with the export, and no key is trusted then.
    fn policy(&self) -> Result<(Policy, bool, Option<Fault>), Failure> {
        if let Err(error) = fs::metadata(&self.path) {
            return Err(Failure::file(&self.path, "read", error));
        }
        let Some(path) = &self.policy else {
            let inside = self.path.join("policy");
            if !inside.is_file() {
                let what = if self.path.is_dir() { "there is no policy in" } else { "a policy is missing for" };
                let message = format!("{what} `{}`", self.path.display());
                return Err(Failure::invalid(message, "name one with `--policy FILE`"));
            }
            return Ok(match Policy::parse(&read(&inside)?) {
                Ok(policy) => (policy, true, None),
                Err(error) => {
                    (Policy::of_log([]), true, Some(Fault { place: "policy".to_owned(), reason: error.message().to_owned() }))
                }
            });
        };
        let policy = Policy::parse(&read(path)?).map_err(|error| misread(path, &error))?;
        Ok((policy, is_inside(path, &self.path), None))
    }
}

fn checkpoint(path: &Path) -> Result<SignedCheckpoint, Failure> {
    SignedCheckpoint::parse(&read(path)?).map_err(|error| misread(path, &error))
}

/// A file that was named and is not what it should be: wrong input, not a bad export.
fn misread(path: &Path, error: &vouch_ledger::Error) -> Failure {
    let hint = error.hint().unwrap_or("name a file that `vouch ledger` wrote");
    Failure::invalid(format!("`{}`: {}", path.display(), error.message()), hint)
}

fn read(path: &Path) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let read = File::open(path).and_then(|file| file.take(MOST).read_to_end(&mut bytes));
    read.map_err(|error| Failure::file(path, "read", error))?;
    Ok(bytes)
}

fn is_inside(path: &Path, folder: &Path) -> bool {
    match (path.canonicalize(), folder.canonicalize()) {
        (Ok(path), Ok(folder)) => path.starts_with(folder),
        _ => false,
    }
}

fn print(report: &Report) {
    let verdict = if report.ok { styled(GOOD, "ok") } else { styled(BAD, "not ok") };
    line(format!("{verdict}: {} leaves, root {}", report.entries, report.root));
    if !report.trusted.is_empty() {
        let own = if report.self_asserted { " (self-asserted)" } else { "" };
        line(format!("trusted key{own}: {}", report.trusted));
        line(format!("fingerprint: {}", report.fingerprint));
    }
    for fault in &report.faults {
        line(format!("{} {}: {}", styled(BAD, "BAD"), fault.place, fault.reason));
    }
    for verdict in [Verdict::Bad, Verdict::Missing, Verdict::Erased, Verdict::Withheld, Verdict::Verified] {
        let items: Vec<_> = report.items.iter().filter(|item| item.state == verdict).collect();
        if items.is_empty() {
            continue;
        }
        line(format!("{} {}", items.len(), verdict.as_str()));
        let listed = if verdict == Verdict::Verified && report.items.len() > LISTED { 0 } else { LISTED };
        for item in items.iter().take(listed) {
            line(format!("  leaf {} {}@{}: {}", item.seq, item.id, item.revision, item.reason));
        }
    }
    for note in &report.notes {
        line(styled(FAINT, note));
    }
    line(styled(FAINT, &report.proves));
}
