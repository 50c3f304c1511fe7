//! Judging a whole export.

use std::borrow::Cow;

use super::body;
use super::bundle::Lines;
use super::course::Log;
use super::folder::Folder;
use super::leaf::{Chain, Erasures, judge_files, judge_shown};
use super::tree::grow;
use super::{Courses, Item, Past, Report, Source, Trust, Verdict, Worst, keys, trust};
use crate::Result;
use crate::checkpoint::SignedCheckpoint;
use crate::envelope::Envelope;
use crate::export::{CHECKPOINT, POLICY};
use crate::key::VerifierKey;
use crate::policy::Policy;
use crate::tree::{TILE_WIDTH, TilePath, bundle_entries, tiles_of_size};

/// Judges an export and gives everything in one report.
///
/// # Errors
/// Only what the source says; whatever its bytes are ends in the report.
pub fn verify_export(source: &dyn Source, trust: &Trust<'_>, courses: &dyn Courses) -> Result<Report> {
    let mut items = Vec::new();
    let report = verify_export_streaming(source, trust, courses, &mut |item| items.push(item))?;
    Ok(Report { items, ..report })
}

/// Judges an export and hands each leaf's item to `each`, in order; the report has no items.
///
/// # Errors
/// As [`verify_export`].
pub fn verify_export_streaming(
    source: &dyn Source,
    trust: &Trust<'_>,
    courses: &dyn Courses,
    each: &mut dyn FnMut(Item),
) -> Result<Report> {
    verify(source, trust, (courses, None), each)
}

/// The same for who can be asked about earlier leaves: memory does not grow with the log. What is only known once all leaves were judged
/// (a commitment or a blinding that occurs twice) is a fault of the report, and names its leaf.
///
/// # Errors
/// As [`verify_export`], and what the past says.
pub fn verify_with_past(
    source: &dyn Source,
    trust: &Trust<'_>,
    courses: &dyn Courses,
    past: &dyn Past,
    each: &mut dyn FnMut(Item),
) -> Result<Report> {
    verify(source, trust, (courses, Some(past)), each)
}

fn verify(
    source: &dyn Source,
    trust: &Trust<'_>,
    (courses, past): (&dyn Courses, Option<&dyn Past>),
    each: &mut dyn FnMut(Item),
) -> Result<Report> {
    let mut report = Report::new(trust);
    let mut folder = Folder::new(source)?;
    let Some((signed, key, policy)) = checkpoint(&folder, trust, &mut report)? else { return Ok(report) };
    let size = signed.checkpoint().size;
    if size.div_ceil(TILE_WIDTH) > folder.len() {
        report.fault(CHECKPOINT, format!("the export has too few files for {size} leaves"));
        return Ok(report);
    }
    folder.check_layout(size, (signed.text(), trust.stamps), &mut report)?;
    let inside = inner_policy(&folder, trust, &signed, &mut report)?;
    let seen = trust.seen.map(|seen| seen.checkpoint().size);
    let grown = grow(&folder, size, &signed.checkpoint().root, seen, &mut report)?;
    trust::compare_seen((trust.seen, &policy), &signed, grown.seen_root, &mut report);

    let first = inside.as_ref().and_then(|policy| policy.logs.first()).map_or(&key, |known| &known.key);
    // What is not proved takes nothing.
    let bundles = if grown.proved { grown.with_erasures.as_slice() } else { &[] };
    let erasures = Erasures::collect(&folder, bundles)?;
    let log = Log::new(&signed.checkpoint().origin, courses, size, past);
    let mut pass = Pass { proved: grown.proved, erasures, log, chain: Chain::new(first.clone()), all_ok: true, buffer: Vec::new() };
    for tile in tiles_of_size(size).take_while(|tile| tile.level == 0) {
        pass.bundle(&mut folder, tile, &mut report, each)?;
    }
    folder.check_files(&mut report);
    check_chain(&pass.chain, &key, inside.as_ref(), &mut report);
    report.notes.extend(pass.log.unjudged());
    for (seq, reason) in pass.log.marks.finish()? {
        report.fault(format!("leaf {seq}"), reason);
    }
    report.ok = pass.all_ok && report.faults.is_empty();
    Ok(report)
}

/// The checkpoint, the key that signed it, and the policy with the keys that led to it; nothing when it cannot be trusted.
fn checkpoint(
    folder: &Folder<'_>,
    trust: &Trust<'_>,
    report: &mut Report,
) -> Result<Option<(SignedCheckpoint, VerifierKey, Policy)>> {
    let Some(bytes) = folder.small(CHECKPOINT)? else {
        report.fault(CHECKPOINT, "is not there");
        return Ok(None);
    };
    let judged = SignedCheckpoint::parse(&bytes).and_then(|signed| {
        let size = signed.checkpoint().size;
        let (key, policy) = trust::accept(trust, &signed, &mut || keys::changes_in(folder, size), report)?;
        Ok((signed, key, policy))
    });
    Ok(judged.map_err(|error| report.fault(CHECKPOINT, error.message())).ok())
}

/// The policy inside the export: it must be there in its one form, accept the checkpoint, and name every key that signed it.
fn inner_policy(folder: &Folder<'_>, trust: &Trust<'_>, signed: &SignedCheckpoint, report: &mut Report) -> Result<Option<Policy>> {
    let Some(bytes) = folder.small(POLICY)? else {
        if !folder.has(POLICY) {
            report.fault(POLICY, "is not there");
        }
        return Ok(None);
    };
    let policy = match Policy::parse(&bytes) {
        Ok(policy) => policy,
        Err(error) => {
            report.fault(POLICY, error.message());
            return Ok(None);
        }
    };
    if policy.clone().without_urls().to_bytes() != bytes {
        report.fault(POLICY, "is not in the one form that an export has: no comments, no addresses, single spaces");
    }
    if let Err(error) = policy.accept(signed) {
        report.fault(POLICY, error.message());
    }
    let origin = &signed.checkpoint().origin;
    let signers: Vec<_> = signed.signers().collect();
    let named = |(name, id): &(&str, u32)| policy.keys().any(|key| key.name() == *name && key.id() == *id);
    if !signers.iter().all(named) {
        report.fault(CHECKPOINT, "bears a signature of a key that the policy inside the export does not name");
    }
    let of_log = |(name, id): &&(&str, u32)| policy.log_keys(origin).any(|key| key.name() == *name && key.id() == *id);
    if signers.iter().filter(of_log).count() > 1 {
        report.fault(CHECKPOINT, "bears more than one signature of the log");
    }
    if !trust.self_asserted && trust.policy.clone().without_urls() != policy {
        report.notes.push("the policy inside the export is not the one that was given; the given one counts".to_owned());
    }
    Ok(Some(policy))
}

/// The checkpoint is signed by the last key of the chain, and the policy inside lists the chain.
fn check_chain(chain: &Chain, signer: &VerifierKey, inside: Option<&Policy>, report: &mut Report) {
    if chain.last() != Some(signer) {
        report.fault(CHECKPOINT, "is not signed by the key of the last key leaf");
    }
    if inside.is_some_and(|policy| !policy.logs.iter().map(|known| &known.key).eq(chain.keys())) {
        report.fault(POLICY, "does not list the keys of the log, oldest first");
    }
}

/// The last pass: leaf by leaf.
struct Pass<'c> {
    proved: bool,
    erasures: Erasures,
    log: Log<'c>,
    chain: Chain,
    all_ok: bool,
    /// Bytes of the bundle that is judged; the room is used again.
    buffer: Vec<u8>,
}

impl Pass<'_> {
    fn bundle(&mut self, folder: &mut Folder<'_>, tile: TilePath, report: &mut Report, each: &mut dyn FnMut(Item)) -> Result<()> {
        let mut buffer = std::mem::take(&mut self.buffer);
        let bytes = folder.bundle(tile, &mut buffer)?;
        let entries = bytes.and_then(|bytes| bundle_entries(bytes, tile.width).ok());
        let mut lines = Lines::new(tile, folder.open(&tile.bodies())?);
        for position in 0..usize::from(tile.width) {
            let seq = tile.index * TILE_WIDTH + position as u64;
            let mut worst = Worst::new();
            let line = lines.take(seq, report)?;
            let entry = entries.as_ref().and_then(|entries| entries.get(position).copied());
            let Some(envelope) = read_entry(entry, &mut worst) else {
                self.give(Item { seq, id: String::new(), revision: 0, state: worst.verdict, reason: worst.reason }, each);
                continue;
            };
            if !self.proved {
                worst.bad("the leaf is not in the tree of the checkpoint");
            }
            self.leaf(folder, seq, (&envelope, line), &mut worst)?;
            let (id, revision) = (envelope.id.to_owned(), envelope.revision);
            self.give(Item { seq, id, revision, state: worst.verdict, reason: worst.reason }, each);
        }
        drop(entries);
        self.buffer = buffer;
        lines.finish(report)
    }

    fn give(&mut self, item: Item, each: &mut dyn FnMut(Item)) {
        self.all_ok &= item.state.is_ok();
        each(item);
    }

    fn leaf(
        &mut self,
        folder: &mut Folder<'_>,
        seq: u64,
        (envelope, line): (&Envelope<'_>, Option<&[u8]>),
        worst: &mut Worst,
    ) -> Result<()> {
        self.log.judge(seq, envelope, worst)?;
        let takings = self.erasures.of(seq, envelope);
        match line {
            None => worst.add(Verdict::Missing, "its body line is not there, and nothing declares it"),
            Some(line) => {
                // A line was found by the seq of the leaf; an envelope that bears another one is bad already.
                let envelope = &Envelope { seq, ..*envelope };
                if let Some(shown) = body::judge(envelope, line, &takings, worst) {
                    self.erasures.check_names(&takings, &shown);
                    judge_shown(envelope, &shown, &mut self.log, (&self.erasures, &mut self.chain), worst)?;
                    judge_files(&shown, Some(folder), worst)?;
                }
            }
        }
        self.log.take(envelope);
        Ok(())
    }
}

fn read_entry<'a>(entry: Option<&'a [u8]>, worst: &mut Worst) -> Option<Envelope<'a>> {
    let reason: Cow<'static, str> = match entry {
        None => "its entry is not there".into(),
        Some(entry) => match Envelope::parse(entry) {
            Ok(envelope) => return Some(envelope),
            Err(error) => format!("its envelope cannot be read: {error}").into(),
        },
    };
    worst.bad(reason);
    None
}
