//! What a shown body says about the rest of the log: erasures, keys, subjects, files.

use std::collections::BTreeMap;

use super::body::{Taking, judge_transition, subject};
use super::bundle::Lines;
use super::course::Log;
use super::folder::{FileState, Folder};
use super::marks::{BLINDED_BEFORE, OTHER_SUBJECT};
use super::{Report, Verdict, Worst};
use crate::Result;
use crate::change::KeyChange;
use crate::encoding::hex;
use crate::envelope::{Action, Envelope};
use crate::erasure::{Erasure, Taken};
use crate::fields::files_in;
use crate::key::VerifierKey;
use crate::line::{Cell, Line, Shown};
use crate::tree::{TILE_WIDTH, TilePath, bundle_entries};

/// Every erasure of the log by the leaf that it takes from, found before the leaves are judged: an erase leaf comes after its target.
#[derive(Default)]
pub(super) struct Erasures {
    by_target: BTreeMap<u64, Vec<Taking>>,
    /// Erase leaves that name what they may not, with the reason.
    wrong: BTreeMap<u64, String>,
}

impl Erasures {
    /// Reads the erase leaves of these bundles, whose entries are proved.
    pub(super) fn collect(folder: &Folder<'_>, bundles: &[TilePath]) -> Result<Self> {
        let mut erasures = Self::default();
        let mut buffer = Vec::new();
        for &tile in bundles {
            let bytes = folder.bundle(tile, &mut buffer)?.unwrap_or_default();
            let mut lines = Lines::new(tile, folder.open(&tile.bodies())?);
            // Faults of these lines are reported when the leaves are judged.
            let mut unheard = Report::unheard(false);
            for (seq, entry) in (tile.index * TILE_WIDTH..).zip(bundle_entries(bytes, tile.width).unwrap_or_default()) {
                let Ok(envelope) = Envelope::parse(entry) else { continue };
                if envelope.action == Action::Erase
                    && let Some(line) = lines.take(seq, &mut unheard)?
                    && let Ok(Line::Shown(shown)) = Line::parse(line)
                    && shown.c == envelope.c
                    && let Ok(erasure) = Erasure::read(&shown)
                {
                    erasures.add(seq, envelope.id, erasure);
                }
            }
        }
        Ok(erasures)
    }

    /// Notes the erasure that the erase leaf `by` of record `id` makes.
    pub(super) fn add(&mut self, by: u64, id: &str, erasure: Erasure) {
        for (target, taken) in erasure.erased.into_iter().filter(|(target, _)| *target < by) {
            self.by_target.entry(target).or_default().push(Taking { by, id: id.to_owned(), taken });
        }
    }

    /// What is taken from a leaf; an erasure that may not name it is noted as wrong and does not count.
    pub(super) fn of(&mut self, seq: u64, envelope: &Envelope<'_>) -> Vec<Taking> {
        let Some(takings) = self.by_target.remove(&seq) else { return Vec::new() };
        let (fits, wrong): (Vec<_>, Vec<_>) =
            takings.into_iter().partition(|taking| taking.id == envelope.id && !envelope.action.is_always_shown());
        for taking in wrong {
            self.wrong.insert(taking.by, format!("it erases leaf {seq}, which is not a leaf of its record that can be erased"));
        }
        fits
    }

    /// Erasures that name fields which the body does not have are wrong.
    pub(super) fn check_names(&mut self, takings: &[Taking], shown: &Shown<'_>) {
        for taking in takings {
            let Taken::Fields(names) = &taking.taken else { continue };
            if let Some(name) = names.iter().find(|name| shown.cell(name).is_none()) {
                self.wrong.insert(taking.by, format!("it erases `{name}` of leaf {}, which has no such field", shown.seq));
            }
        }
    }

    pub(super) fn judge(&self, seq: u64, shown: &Shown<'_>, worst: &mut Worst) {
        match Erasure::read(shown) {
            Err(error) => worst.bad(format!("its body is not that of an erasure: {error}")),
            Ok(erasure) => {
                if erasure.erased.is_empty() {
                    worst.bad("it erases nothing");
                }
                if let Some((target, _)) = erasure.erased.iter().find(|(target, _)| **target >= seq) {
                    worst.bad(format!("it erases leaf {target}, which is not before it"));
                }
                if let Some(reason) = self.wrong.get(&seq) {
                    worst.bad(reason.clone());
                }
            }
        }
    }
}

/// The keys of the log, oldest first, as its key leaves tell.
pub(super) struct Chain {
    keys: Vec<VerifierKey>,
}

impl Chain {
    pub(super) fn new(first: VerifierKey) -> Self {
        Self { keys: vec![first] }
    }

    pub(super) fn keys(&self) -> &[VerifierKey] {
        &self.keys
    }

    pub(super) fn last(&self) -> Option<&VerifierKey> {
        self.keys.last()
    }

    fn judge(&mut self, shown: &Shown<'_>, worst: &mut Worst) {
        match KeyChange::read(shown) {
            Err(error) => worst.bad(format!("its body is not that of a key leaf: {error}")),
            Ok(change) => {
                if self.keys.last() != Some(&change.old) {
                    worst.bad("its old key is not the one that signed until here");
                }
                if change.new.name() != change.old.name() || self.keys.iter().any(|key| key.public() == change.new.public()) {
                    worst.bad("its new key has another name, or was used before");
                }
                self.keys.push(change.new);
            }
        }
    }
}

/// Judges what a shown body says about the log. Its commitment is known to be right.
pub(super) fn judge_shown(
    envelope: &Envelope<'_>,
    shown: &Shown<'_>,
    log: &mut Log<'_>,
    (erasures, chain): (&Erasures, &mut Chain),
    worst: &mut Worst,
) -> Result<()> {
    if !log.marks.blinding_is_new(&shown.b, envelope.seq)? {
        worst.bad(BLINDED_BEFORE);
    }
    let before: Vec<&str> = log.state(envelope.id).into_iter().chain(log.state_in_force(envelope.id)).collect();
    judge_transition(envelope, shown, &before, worst);
    judge_subject(envelope, shown, log, worst)?;
    match envelope.action {
        Action::Erase => erasures.judge(envelope.seq, shown, worst),
        Action::Key => chain.judge(shown, worst),
        _ => {}
    }
    Ok(())
}

fn judge_subject(envelope: &Envelope<'_>, shown: &Shown<'_>, log: &mut Log<'_>, worst: &mut Worst) -> Result<()> {
    let Some(subject) = subject(envelope, shown) else { return Ok(()) };
    let Some(commitment) = subject.commitment else {
        worst.bad("its subject_commitment is not a commitment");
        return Ok(());
    };
    let fits = match subject.revision {
        None => log.marks.is_revision(&commitment, envelope.seq)?,
        Some(None) => false,
        Some(Some((id, number))) => {
            log.recall(&id, envelope.seq)?;
            log.commitment(&id, number) == Some(commitment)
        }
    };
    if !fits {
        worst.bad(OTHER_SUBJECT);
    }
    Ok(())
}

/// Judges the files that shown values name. Without a folder only their form is judged.
pub(super) fn judge_files(shown: &Shown<'_>, mut folder: Option<&mut Folder<'_>>, worst: &mut Worst) -> Result<()> {
    for (name, cell) in &shown.fields {
        let Cell::Value(value) = cell else { continue };
        let files = match files_in(value) {
            Ok(files) => files,
            Err(error) => {
                worst.bad(format!("field `{name}`: {error}"));
                continue;
            }
        };
        let Some(folder) = folder.as_deref_mut() else { continue };
        for file in files {
            let hash = hex(&file.sha256);
            match folder.file(&file)? {
                FileState::Right => {}
                FileState::Missing => worst.add(Verdict::Missing, format!("file {hash}, which field `{name}` names, is not there")),
                FileState::OtherBytes => worst.bad(format!("file {hash}, which field `{name}` names, holds other bytes")),
                FileState::OtherSize(size) => {
                    worst.bad(format!("file {hash} has {size} bytes, not the {} that field `{name}` says", file.size));
                }
            }
        }
    }
    Ok(())
}
