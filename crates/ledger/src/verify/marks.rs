//! Which commitments and blindings occurred: in memory, or, for who asks for memory that does not grow with the log, sorted in runs that
//! are kept elsewhere and compared when all leaves are judged.

use std::cmp::Reverse;
use std::collections::hash_map::Entry;
use std::collections::{BinaryHeap, HashMap, HashSet};
use std::io::{BufReader, Read};

use super::Past;
use crate::{Error, Hash, Result};

/// Marks of a run: 6 MiB of them.
const RUN: usize = 1 << 18;
/// Bytes of a mark: half a hash, what it is, the leaf.
const MARK: usize = 25;

/// First half of a SHA-256. It does not collide by accident; who makes one collide only spoils the own log.
pub(super) type Half = [u8; 16];

fn half(hash: &Hash) -> Half {
    std::array::from_fn(|i| hash[i])
}

/// What a half hash is. Marks are sorted by half, then by this, then by leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Sort {
    Revision,
    OtherCommitment,
    Blinding,
    /// an approval of a revision that it names by its commitment only
    Claim,
}

impl Sort {
    fn of_byte(byte: u8) -> Option<Self> {
        [Self::Revision, Self::OtherCommitment, Self::Blinding, Self::Claim].into_iter().find(|sort| *sort as u8 == byte)
    }
}

pub(super) type Mark = (Half, Sort, u64);

/// Every commitment and blinding so far.
pub(super) enum Marks<'p> {
    /// Commitments with whether each is of a revision, and blindings that were shown.
    Held { commitments: HashMap<Half, bool>, blindings: HashSet<Half> },
    /// Marks of the run that is not full yet; the others are with `past`.
    Sorted { run: Vec<Mark>, past: &'p dyn Past },
}

impl<'p> Marks<'p> {
    pub(super) fn new(expected: usize, past: Option<&'p dyn Past>) -> Self {
        match past {
            None => Self::Held { commitments: HashMap::with_capacity(expected), blindings: HashSet::new() },
            Some(past) => Self::Sorted { run: Vec::with_capacity(RUN.min(expected * 2)), past },
        }
    }

    /// Notes a commitment; false when it is known to have been there before.
    pub(super) fn commitment_is_new(&mut self, c: &Hash, is_revision: bool, seq: u64) -> Result<bool> {
        match self {
            Self::Held { commitments, .. } => Ok(match commitments.entry(half(c)) {
                Entry::Occupied(_) => false,
                Entry::Vacant(vacant) => {
                    vacant.insert(is_revision);
                    true
                }
            }),
            Self::Sorted { .. } => self.note(c, if is_revision { Sort::Revision } else { Sort::OtherCommitment }, seq),
        }
    }

    /// Notes a blinding; false when it is known to have been there before.
    pub(super) fn blinding_is_new(&mut self, b: &Hash, seq: u64) -> Result<bool> {
        match self {
            Self::Held { blindings, .. } => Ok(blindings.insert(half(b))),
            Self::Sorted { .. } => self.note(b, Sort::Blinding, seq),
        }
    }

    /// Whether some revision below has this `c`, as far as is known.
    pub(super) fn is_revision(&mut self, c: &Hash, seq: u64) -> Result<bool> {
        match self {
            Self::Held { commitments, .. } => Ok(commitments.get(&half(c)) == Some(&true)),
            Self::Sorted { .. } => self.note(c, Sort::Claim, seq),
        }
    }

    fn note(&mut self, hash: &Hash, sort: Sort, seq: u64) -> Result<bool> {
        let Self::Sorted { run, past } = self else { return Ok(true) };
        run.push((half(hash), sort, seq));
        if run.len() == RUN {
            past.keep(&sorted(run))?;
            run.clear();
        }
        Ok(true)
    }

    /// What was not known when a leaf was judged: each leaf of which something is wrong, with the reason.
    pub(super) fn finish(self) -> Result<Vec<(u64, &'static str)>> {
        let Self::Sorted { mut run, past } = self else { return Ok(Vec::new()) };
        if !run.is_empty() {
            past.keep(&sorted(&mut run))?;
        }
        drop(run);
        let mut wrong = Vec::new();
        let mut merge = Merge::new(past.kept()?)?;
        let mut group: Vec<Mark> = Vec::new();
        while let Some(mark) = merge.next()? {
            if group.first().is_some_and(|first| first.0 != mark.0) {
                judge(&group, &mut wrong);
                group.clear();
            }
            group.push(mark);
        }
        judge(&group, &mut wrong);
        Ok(wrong)
    }
}

/// Judges all marks of one half, which come by what they are and by leaf.
fn judge(group: &[Mark], wrong: &mut Vec<(u64, &'static str)>) {
    let of = |wanted: &'static [Sort]| {
        let mut seqs: Vec<u64> = group.iter().filter(|(_, sort, _)| wanted.contains(sort)).map(|mark| mark.2).collect();
        seqs.sort_unstable();
        seqs
    };
    if group.len() < 2 && group.first().is_none_or(|(_, sort, _)| *sort != Sort::Claim) {
        return;
    }
    let commitments = of(&[Sort::Revision, Sort::OtherCommitment]);
    wrong.extend(commitments.iter().skip(1).map(|seq| (*seq, COMMITTED_BEFORE)));
    wrong.extend(of(&[Sort::Blinding]).iter().skip(1).map(|seq| (*seq, BLINDED_BEFORE)));
    // The first leaf with a commitment decides what it is of, as it does in memory.
    let first = group.iter().filter(|(_, sort, _)| *sort <= Sort::OtherCommitment).min_by_key(|mark| mark.2);
    let revision = first.filter(|(_, sort, _)| *sort == Sort::Revision).map(|mark| mark.2);
    let unfounded = of(&[Sort::Claim]).into_iter().filter(|seq| revision.is_none_or(|revision| revision > *seq));
    wrong.extend(unfounded.map(|seq| (seq, OTHER_SUBJECT)));
}

/// Words for what is found in memory at once and otherwise at the end.
pub(super) const COMMITTED_BEFORE: &str = "its commitment occurs before in the log";
pub(super) const BLINDED_BEFORE: &str = "its blinding occurs before in the log";
pub(super) const OTHER_SUBJECT: &str = "its subject_commitment is not that of the revision that it names";

fn sorted(run: &mut [Mark]) -> Vec<u8> {
    run.sort_unstable();
    let mut bytes = Vec::with_capacity(run.len() * MARK);
    for (half, sort, seq) in run {
        bytes.extend_from_slice(half);
        bytes.push(*sort as u8);
        bytes.extend_from_slice(&seq.to_be_bytes());
    }
    bytes
}

/// All runs as one, in order.
struct Merge<'p> {
    runs: Vec<BufReader<Box<dyn Read + 'p>>>,
    next: BinaryHeap<Reverse<(Mark, usize)>>,
}

impl<'p> Merge<'p> {
    fn new(runs: Vec<Box<dyn Read + 'p>>) -> Result<Self> {
        let runs = runs.into_iter().map(|run| BufReader::with_capacity(1 << 16, run)).collect::<Vec<_>>();
        let mut merge = Self { next: BinaryHeap::with_capacity(runs.len()), runs };
        (0..merge.runs.len()).try_for_each(|run| merge.fill(run))?;
        Ok(merge)
    }

    fn fill(&mut self, run: usize) -> Result<()> {
        let mut bytes = [0; MARK];
        let failed = |error| Error::source("what was set aside cannot be read again", error);
        let Some((first, rest)) = bytes.split_first_mut() else { return Ok(()) };
        if self.runs[run].read(std::slice::from_mut(first)).map_err(failed)? == 0 {
            return Ok(());
        }
        self.runs[run].read_exact(rest).map_err(failed)?;
        let sort = Sort::of_byte(bytes[16]).ok_or_else(|| Error::malformed("what was set aside has changed"))?;
        let (half, seq) = (std::array::from_fn(|i| bytes[i]), u64::from_be_bytes(std::array::from_fn(|i| bytes[17 + i])));
        self.next.push(Reverse(((half, sort, seq), run)));
        Ok(())
    }

    fn next(&mut self) -> Result<Option<Mark>> {
        let Some(Reverse((mark, run))) = self.next.pop() else { return Ok(None) };
        self.fill(run)?;
        Ok(Some(mark))
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::io::Cursor;

    use super::*;

    #[derive(Default)]
    struct Kept(RefCell<Vec<Vec<u8>>>);

    impl Past for Kept {
        fn leaves_of(&self, _: &str, _: u64, _: &mut dyn FnMut(&[u8])) -> Result<()> {
            Ok(())
        }

        fn keep(&self, bytes: &[u8]) -> Result<()> {
            self.0.borrow_mut().push(bytes.to_vec());
            Ok(())
        }

        fn kept(&self) -> Result<Vec<Box<dyn Read + '_>>> {
            Ok(self.0.take().into_iter().map(|bytes| Box::new(Cursor::new(bytes)) as Box<dyn Read>).collect())
        }
    }

    fn hash(number: u64) -> Hash {
        let mut hash = [0; 32];
        // The order of hashes is not that of leaves.
        hash[..8].copy_from_slice(&number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_be_bytes());
        hash
    }

    #[test]
    fn what_occurs_twice_is_told_once_all_runs_are_merged() {
        let past = Kept::default();
        let mut marks = Marks::new(0, Some(&past));
        let all = RUN as u64 * 3 + 17;
        for seq in 0..all {
            marks.commitment_is_new(&hash(seq), seq % 2 == 0, seq).unwrap();
        }
        // A blinding that is like a commitment is no repetition of it.
        marks.blinding_is_new(&hash(4), all).unwrap();
        marks.blinding_is_new(&hash(all + 9), all + 1).unwrap();
        marks.blinding_is_new(&hash(all + 9), all + 2).unwrap();
        marks.commitment_is_new(&hash(5), true, all + 3).unwrap();
        // Claims of a revision, of another commitment, of none, and of one that comes later.
        for (claimed, seq) in [(6, all + 4), (7, all + 5), (all + 99, all + 6), (all + 7, all + 6)] {
            assert!(marks.is_revision(&hash(claimed), seq).unwrap());
        }
        marks.commitment_is_new(&hash(all + 7), true, all + 7).unwrap();
        let mut wrong = marks.finish().unwrap();
        wrong.sort_unstable();
        let wanted = [
            (all + 2, BLINDED_BEFORE),
            (all + 3, COMMITTED_BEFORE),
            (all + 5, OTHER_SUBJECT),
            (all + 6, OTHER_SUBJECT),
            (all + 6, OTHER_SUBJECT),
        ];
        assert_eq!(wrong, wanted);
    }
}
