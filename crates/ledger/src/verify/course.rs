//! The course of every record through the log: numbers, states and who follows whom, where bodies may be withheld.

use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};

use super::{Course, Courses, Worst};
use crate::Hash;
use crate::envelope::{ACTIVE, Action, Envelope, KEY_KIND, SET_ASIDE};

const DRAFT: &str = "draft";

/// Everything that later leaves are judged against.
pub(super) struct Log<'c> {
    origin: String,
    courses: &'c dyn Courses,
    records: HashMap<Box<str>, Record>,
    /// First half of every commitment so far, and whether it is of a revision. Half of a SHA-256 does not collide by accident; who
    /// makes one collide only spoils the own log.
    commitments: HashMap<[u8; 16], bool>,
    /// First half of every blinding that was shown so far.
    blindings: HashSet<[u8; 16]>,
    words: Words,
    known: HashMap<(Word, u64), Option<&'c Course>>,
    unjudged: BTreeSet<(String, u64)>,
    last_time: i64,
}

struct Record {
    kind: Word,
    state: Word,
    head: u64,
    /// Settled state of a revision that stays in force while a changed one, which went back, waits (FORMATS §2).
    in_force: Option<Word>,
    /// States that the record has been in.
    been: Vec<Word>,
    /// `c` of revision 1, 2, 3, …
    revisions: Vec<Hash>,
}

/// Number of a kind or state, so that records stay small.
type Word = u32;

#[derive(Default)]
struct Words {
    numbers: HashMap<Box<str>, Word>,
    words: Vec<Box<str>>,
}

impl Words {
    fn number(&mut self, word: &str) -> Word {
        if let Some(&number) = self.numbers.get(word) {
            return number;
        }
        let number = Word::try_from(self.words.len()).unwrap_or(Word::MAX);
        self.words.push(word.into());
        self.numbers.insert(word.into(), number);
        number
    }

    fn word(&self, number: Word) -> &str {
        &self.words[number as usize]
    }
}

fn half(hash: &Hash) -> [u8; 16] {
    std::array::from_fn(|i| hash[i])
}

impl<'c> Log<'c> {
    /// An empty log that expects `size` leaves; no more than a million are reserved for, whatever a checkpoint claims.
    pub(super) fn new(origin: &str, courses: &'c dyn Courses, size: u64) -> Self {
        let expected = usize::try_from(size.min(1_000_000)).unwrap_or_default();
        Self {
            origin: origin.to_owned(),
            courses,
            records: HashMap::with_capacity(expected / 4),
            commitments: HashMap::with_capacity(expected),
            blindings: HashSet::new(),
            words: Words::default(),
            known: HashMap::new(),
            unjudged: BTreeSet::new(),
            last_time: i64::MIN,
        }
    }

    /// State of a record before the next leaf; none for a record that is not there yet.
    pub(super) fn state(&self, id: &str) -> Option<&str> {
        self.records.get(id).map(|record| self.words.word(record.state))
    }

    /// State of the revision of a record that is in force beside its head; none where the head stands alone.
    pub(super) fn state_in_force(&self, id: &str) -> Option<&str> {
        self.records.get(id)?.in_force.map(|state| self.words.word(state))
    }

    /// `c` of a revision of a record.
    pub(super) fn commitment(&self, id: &str, revision: u64) -> Option<Hash> {
        let index = usize::try_from(revision.checked_sub(1)?).ok()?;
        self.records.get(id)?.revisions.get(index).copied()
    }

    /// Whether some revision below has this `c`.
    pub(super) fn is_revision(&self, c: &Hash) -> bool {
        self.commitments.get(&half(c)) == Some(&true)
    }

    /// Notes a blinding; false when it was there before.
    pub(super) fn blinding_is_new(&mut self, b: &Hash) -> bool {
        self.blindings.insert(half(b))
    }

    /// Kinds and versions whose course could not be judged.
    pub(super) fn unjudged(&self) -> impl Iterator<Item = String> {
        self.unjudged.iter().map(|(kind, schema)| format!("course not judged: version {schema} of kind `{kind}` is not known here"))
    }

    /// Judges an envelope against everything before it. [`Log::take`] must follow.
    pub(super) fn judge(&mut self, index: u64, envelope: &Envelope<'_>, worst: &mut Worst) {
        if envelope.seq != index {
            worst.bad(format!("the envelope bears seq {}, but it is leaf {index}", envelope.seq));
        }
        if envelope.org != self.origin {
            worst.bad(format!("the envelope is of `{}`, not of this log", envelope.org));
        }
        if envelope.time < self.last_time {
            worst.bad("the leaf is dated before the one before it");
        }
        match self.commitments.entry(half(&envelope.c)) {
            Entry::Occupied(_) => worst.bad("its commitment occurs before in the log"),
            Entry::Vacant(vacant) => drop(vacant.insert(envelope.action.is_revision())),
        }
        if let Err(reason) = self.judge_course(envelope) {
            worst.bad(reason);
        }
    }

    fn judge_course(&mut self, envelope: &Envelope<'_>) -> Result<(), String> {
        let is_key = envelope.action == Action::Key;
        if is_key != (envelope.kind == KEY_KIND) || is_key != envelope.id.starts_with("KEY-") {
            return Err("kind and id of a key belong to a key leaf, and to nothing else".to_owned());
        }
        if matches!(envelope.action, Action::Create | Action::Key) {
            return self.judge_first(envelope);
        }
        // Looked up only where it decides: most leaves are revisions that keep their state.
        let course = if envelope.action == Action::Transition { self.course(envelope) } else { None };
        let Some(record) = self.records.get(envelope.id) else {
            return Err(format!("no create leaf of `{}` is before it", envelope.id));
        };
        if self.words.word(record.kind) != envelope.kind {
            return Err(format!("`{}` is of kind `{}`", envelope.id, self.words.word(record.kind)));
        }
        let before = self.words.word(record.state);
        let wanted = record.head + u64::from(envelope.action == Action::Revise);
        if envelope.revision != wanted {
            return Err(format!("it bears revision {}, and {wanted} was to come", envelope.revision));
        }
        if before == SET_ASIDE && envelope.action != Action::Erase {
            return Err("only an erasure follows a set-aside".to_owned());
        }
        let state = envelope.state;
        let reserved = state == SET_ASIDE && matches!(envelope.action, Action::Revise | Action::Transition);
        let fits = !reserved
            && match envelope.action {
                Action::Revise => {
                    let been = record.been.iter().any(|&word| self.words.word(word) == state);
                    let draft =
                        || self.courses.course(envelope.kind, envelope.schema).is_none_or(|course| has_state(course, DRAFT));
                    been || (state == DRAFT && draft())
                }
                Action::Transition => {
                    let in_force = record.in_force.map(|state| self.words.word(state));
                    course.is_none_or(|course| {
                        allows(course, before, state) || in_force.is_some_and(|from| allows(course, from, state))
                    })
                }
                Action::SetAside => state == SET_ASIDE,
                _ => state == before,
            };
        if fits { Ok(()) } else { Err(format!("a {} leaf does not lead from `{before}` to `{state}`", envelope.action.as_str())) }
    }

    fn judge_first(&mut self, envelope: &Envelope<'_>) -> Result<(), String> {
        if self.records.contains_key(envelope.id) {
            return Err(format!("`{}` was created before", envelope.id));
        }
        if envelope.revision != 1 {
            return Err(format!("it bears revision {}, and 1 was to come", envelope.revision));
        }
        let state = envelope.state;
        let fits = match envelope.action {
            Action::Key => state == ACTIVE,
            _ => {
                let course = self.course(envelope);
                let first = |course: &Course| {
                    course.states.first().is_some_and(|first| first == state) || (state == DRAFT && has_state(course, DRAFT))
                };
                state != SET_ASIDE && course.is_none_or(first)
            }
        };
        if fits { Ok(()) } else { Err(format!("`{state}` is not a state that a record of its kind begins in")) }
    }

    fn course(&mut self, envelope: &Envelope<'_>) -> Option<&'c Course> {
        let kind = self.words.number(envelope.kind);
        let courses = self.courses;
        let known = self.known.entry((kind, envelope.schema));
        let course = *known.or_insert_with(|| courses.course(envelope.kind, envelope.schema));
        let judged = matches!(envelope.action, Action::Create | Action::Transition);
        if course.is_none() && judged {
            self.unjudged.insert((envelope.kind.to_owned(), envelope.schema));
        }
        course
    }

    /// Takes the leaf into the log as it says, right or wrong, so that one wrong leaf does not make all later ones wrong.
    pub(super) fn take(&mut self, envelope: &Envelope<'_>) {
        self.last_time = envelope.time;
        let in_force = self.in_force_after(envelope);
        let words = &mut self.words;
        if let Some(record) = self.records.get_mut(envelope.id) {
            if words.word(record.state) != envelope.state {
                record.state = words.number(envelope.state);
                record.in_force = in_force;
            }
            record.take(envelope);
        } else {
            let (kind, state) = (words.number(envelope.kind), words.number(envelope.state));
            let mut record = Record { kind, state, head: 0, in_force: None, been: Vec::new(), revisions: Vec::new() };
            record.take(envelope);
            self.records.insert(envelope.id.into(), record);
        }
    }
}

impl Log<'_> {
    /// The state in force beside the head after a leaf that changes the state: a revision that leads out of a settled one leaves it in
    /// force, until the head is settled again or a transition ends it.
    fn in_force_after(&self, envelope: &Envelope<'_>) -> Option<Word> {
        let record = self.records.get(envelope.id)?;
        let (before, state) = (self.words.word(record.state), envelope.state);
        if before == state {
            return record.in_force;
        }
        let course = self.courses.course(envelope.kind, envelope.schema);
        let settled = |state: &str| course.is_none_or(|course| course.settled.contains(state));
        let ended = record.in_force.is_some_and(|in_force| self.words.word(in_force) == state);
        match envelope.action {
            _ if ended => None,
            Action::Revise => record.in_force.or_else(|| settled(before).then_some(record.state)),
            _ if course.is_none_or(|course| allows(course, before, state) && !settled(state)) => record.in_force,
            _ => None,
        }
    }
}

impl Record {
    fn take(&mut self, envelope: &Envelope<'_>) {
        self.head = envelope.revision;
        if !self.been.contains(&self.state) {
            self.been.push(self.state);
        }
        if envelope.action.is_revision() && envelope.revision == self.revisions.len() as u64 + 1 {
            self.revisions.push(envelope.c);
        }
    }
}

fn has_state(course: &Course, state: &str) -> bool {
    course.states.iter().any(|known| known == state)
}

fn allows(course: &Course, from: &str, to: &str) -> bool {
    course.transitions.iter().any(|(a, b)| a == from && b == to)
}
