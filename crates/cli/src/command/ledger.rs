//! `vouch ledger`

mod key;

use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use vouch_app::ledger::Target;
use vouch_app::{Entropy as _, Error, ErrorKind};
use vouch_ledger::export::Sink;
use vouch_ledger::verify::Stamps as _;
use vouch_ledger::{Envelope, Show};
use vouch_record::Link;

use crate::cosigning::ask_witnesses;
use crate::failure::{Failure, Outcome};
use crate::outgoing;
use crate::output::{BAD, GOOD, line, styled};
use crate::session::Common;
use crate::stamping::{self, Authorities};
use crate::system::SystemEntropy;

/// The log itself: checkpoint, proofs, export, check
#[derive(Args, Debug)]
pub(crate) struct Ledger {
    #[command(subcommand)]
    command: LedgerCommand,
}

#[derive(Subcommand, Debug)]
enum LedgerCommand {
    /// Print the latest signed checkpoint
    Checkpoint {},
    /// Print the policy that trusts this log's keys; hand it to verifiers by another way than exports and proofs
    Policy {},
    /// Print a proof that a revision is in the log; `vouch verify` checks it without this installation
    Prove {
        /// Record, with a revision if not the head's: RSK-19, DOC-4@2
        #[arg(value_parser = super::record)]
        record: Link,
        /// Only show these fields; which others are filled stays visible, what is in them does not
        #[arg(long, value_delimiter = ',', value_name = "NAMES")]
        fields: Option<Vec<String>>,
        /// Prove this leaf of the record instead, such as a transition
        #[arg(long, value_name = "N")]
        seq: Option<u64>,
        /// Write it to a file
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Write the whole log as a folder that can be verified offline
    Export {
        /// Folder to make
        dir: PathBuf,
        /// Withhold the content of these kinds
        #[arg(long, value_delimiter = ',', value_name = "KINDS")]
        withhold: Vec<String>,
    },
    /// Ask the witnesses that the policy of the data folder names to cosign the latest checkpoint
    ///
    /// The policy lies in the data folder. Give it a line `witness NAME KEY URL` for each of them, and a quorum: `group all all NAME…`
    /// or `group some 2 NAME…`, then `quorum` with the name of the group. `vouch serve` asks by itself.
    Cosign {},
    /// Have an authority stamp the time of the latest checkpoint (RFC 3161); the stamp is kept and exported beside it
    Stamp {
        /// Address of the authority
        url: String,
        /// Its certificate, or that of who stands behind it, in PEM; a stamp that this does not bear out is not kept
        #[arg(long, value_name = "FILE")]
        authority: PathBuf,
    },
    /// The signing key: show, put under a passphrase, hand over to a new one
    #[command(subcommand)]
    Key(key::KeyCommand),
    /// Check everything that is stored against the log
    Fsck {
        /// Where something deviates, make again what is computed: lists, links, search, tiles; never leaves, bodies or files
        #[arg(long)]
        repair: bool,
    },
    /// Print, as JSON, the courses that records of each kind can take: what `docs/verify.py --courses` reads
    Courses {},
}

/// A folder that an export is written into.
struct FolderSink(PathBuf);

impl Sink for FolderSink {
    fn create<'a>(&'a mut self, path: &str) -> vouch_ledger::Result<Box<dyn Write + 'a>> {
        let target = self.0.join(path);
        let failed =
            |error: std::io::Error| vouch_ledger::Error::source(format!("`{}` cannot be written", target.display()), error);
        if let Some(parent) = target.parent() {
            fs::create_dir_all(parent).map_err(failed)?;
        }
        Ok(Box::new(BufWriter::new(File::create_new(&target).map_err(failed)?)))
    }
}

impl Ledger {
    pub(crate) fn run(self, common: &Common) -> Result<Outcome, Failure> {
        match self.command {
            LedgerCommand::Courses {} => return courses(common).map(|()| Outcome::Done),
            LedgerCommand::Key(command) => return command.run(common),
            _ => {}
        }
        let writes =
            matches!(self.command, LedgerCommand::Fsck { repair: true } | LedgerCommand::Cosign {} | LedgerCommand::Stamp { .. });
        let session = if writes { common.write()? } else { common.read()? };
        match self.command {
            LedgerCommand::Courses {} | LedgerCommand::Key(_) => {}
            LedgerCommand::Checkpoint {} => {
                let note = session.vouch.attested()?.checkpoint.to_bytes();
                line(String::from_utf8_lossy(&note).trim_end());
            }
            LedgerCommand::Policy {} => {
                let policy = session.vouch.policy_from(&session.folder.policy()?)?;
                line(String::from_utf8_lossy(&policy.to_bytes()).trim_end());
            }
            LedgerCommand::Prove { record, fields, seq, out } => {
                let target = seq.map_or(Target::Revision(record), |seq| Target::Leaf(record.id, seq));
                let proof = session.vouch.prove(target, fields.as_deref())?;
                match out {
                    Some(path) => fs::write(&path, proof).map_err(|error| Failure::file(&path, "write", error))?,
                    // A proof is text; a reader that goes away ends the output, not the command.
                    None => line(String::from_utf8_lossy(&proof).trim_end_matches('\n')),
                }
            }
            LedgerCommand::Export { dir, withhold } => {
                if dir.exists() && fs::read_dir(&dir).map_err(|error| Failure::file(&dir, "read", error))?.next().is_some() {
                    return Err(Failure::invalid(
                        format!("`{}` is not empty", dir.display()),
                        "name a folder that is new or empty",
                    ));
                }
                if let Some(unknown) = withhold.iter().find(|name| session.vouch.tables().kinds.get(name).is_none()) {
                    return Err(Failure::invalid(format!("there is no kind `{unknown}`"), "see `vouch kinds`"));
                }
                let show = |envelope: &Envelope<'_>| {
                    if withhold.iter().any(|kind| kind == envelope.kind) { Show::Nothing } else { Show::All }
                };
                let size = session.vouch.export(&mut FolderSink(dir.clone()), &session.folder.policy()?, &show)?;
                line(format!("{size} leaves exported to {}", dir.display()));
                line(format!("check it with `vouch verify {} --policy {}`", dir.display(), session.folder.policy_path().display()));
            }
            LedgerCommand::Cosign {} => return cosign(&session),
            LedgerCommand::Stamp { url, authority } => stamp(&session, &url, &authority)?,
            LedgerCommand::Fsck { repair } => return fsck(&session, repair),
        }
        Ok(Outcome::Done)
    }
}

/// Asks the witnesses, and says who cosigned.
fn cosign(session: &crate::session::Session) -> Result<Outcome, Failure> {
    let policy = session.folder.policy()?;
    if policy.witnesses.iter().all(|(_, known)| known.url.is_none()) {
        let hint = "give it lines `witness NAME KEY URL`, as `vouch witness init` prints them, and a quorum";
        return Err(Failure::invalid(
            format!("`{}` names no witness with an address", session.folder.policy_path().display()),
            hint,
        ));
    }
    let asked = ask_witnesses(&session.vouch, &policy)?;
    for (name, why) in &asked.witnesses {
        match why {
            None => line(format!("{} {name}", styled(GOOD, "cosigned"))),
            Some(failure) => line(format!("{} {name}: {}", styled(BAD, "not cosigned"), failure.0)),
        }
    }
    let reached = if asked.reached { styled(GOOD, "ok") } else { styled(BAD, "too few have cosigned") };
    line(format!("checkpoint of {} leaves: {reached}", asked.size));
    Ok(if asked.reached { Outcome::Done } else { Outcome::Found })
}

/// Asks an authority, and keeps its answer if it holds.
fn stamp(session: &crate::session::Session, url: &str, authority: &Path) -> Result<(), Failure> {
    let authorities = authorities(authority)?;
    let checkpoint = session.vouch.attested()?.checkpoint;
    let request = stamping::request(checkpoint.text(), &SystemEntropy.bytes())?;
    let answer = outgoing::post(url, "application/timestamp-query", &request)?;
    if answer.status != 200 {
        let message = format!("the authority answered with status {}", answer.status);
        return Err(Failure(Error::new(ErrorKind::Unavailable, message).hint("look at the address")));
    }
    stamping::answers(&answer.body, &request)?;
    let says = authorities.judge(&answer.body, checkpoint.text())?;
    session.vouch.keep_timestamp(checkpoint.checkpoint().size, answer.body)?;
    line(format!("{}: {says}, of {} leaves", styled(GOOD, "ok"), checkpoint.checkpoint().size));
    Ok(())
}

/// Reads the certificates of authorities.
pub(crate) fn authorities(path: &Path) -> Result<Authorities, Failure> {
    let pem = fs::read(path).map_err(|error| Failure::file(path, "read", error))?;
    Authorities::parse(&pem).map_err(|error| Failure::invalid(format!("`{}`: {error}", path.display()), "name certificates in PEM"))
}

/// Prints the courses of all kinds by `kind@version`.
fn courses(common: &Common) -> Result<(), Failure> {
    let kinds = common.folder("vouch")?.tables()?.kinds;
    crate::output::json(&vouch_app::ledger::courses_told(&kinds));
    Ok(())
}

/// Checks leaves, tree, bodies, files and checkpoint as a stranger would, and what lists show against the log.
fn fsck(session: &crate::session::Session, repair: bool) -> Result<Outcome, Failure> {
    let report = crate::checking::fsck(&session.vouch, &session.folder)?;
    for fault in &report.faults {
        line(format!("{} {fault}", styled(BAD, "bad")));
    }
    let verdict =
        if report.faults.is_empty() { styled(GOOD, "ok") } else { styled(BAD, format!("{} faults", report.faults.len())) };
    line(format!("{} leaves, {} records: {verdict}", report.leaves, report.records));
    if repair && !report.faults.is_empty() {
        session.vouch.rebuild(&mut |_| {})?;
        line("what is computed was made again; what is left after that:");
        return fsck(session, false);
    }
    if !report.faults.is_empty() {
        line("lists and search: `vouch rebuild`; leaves, bodies, files: restore the backup");
    }
    Ok(if report.faults.is_empty() { Outcome::Done } else { Outcome::Found })
}
