//! The course of every record through the log: numbers, states and who follows whom, where bodies may be withheld.

use std::collections::{BTreeSet, HashMap};

use super::marks::{COMMITTED_BEFORE, Marks};
use super::{Course, Courses, Past, Worst};
use crate::envelope::{ACTIVE, Action, Envelope, KEY_KIND, SET_ASIDE};
use crate::{Hash, Result};

const DRAFT: &str = "draft";
/// Records whose course is held where earlier leaves can be asked for: a few megabytes.
const HELD: usize = 1 << 14;

/// Everything that later leaves are judged against.
pub(super) struct Log<'c> {
    origin: String,
    courses: &'c dyn Courses,
    /// All records so far; where there is a past, those that were asked for last.
    records: HashMap<Box<str>, Record>,
    past: Option<&'c dyn Past>,
    pub(super) marks: Marks<'c>,
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

impl<'c> Log<'c> {
    /// An empty log that expects `size` leaves; no more than a million are reserved for, whatever a checkpoint claims.
    pub(super) fn new(origin: &str, courses: &'c dyn Courses, size: u64, past: Option<&'c dyn Past>) -> Self {
        let expected = usize::try_from(size.min(1_000_000)).unwrap_or_default();
        let records = if past.is_some() { HELD.min(expected) } else { expected / 4 };
        Self {
            origin: origin.to_owned(),
            courses,
            records: HashMap::with_capacity(records),
            past,
            marks: Marks::new(expected, past),
            words: Words::default(),
            known: HashMap::new(),
            unjudged: BTreeSet::new(),
            last_time: i64::MIN,
        }
    }

    /// Sees that what is known of a record before leaf `seq` is held. Where there is a past this comes before anything that is asked
    /// about the record.
    pub(super) fn recall(&mut self, id: &str, seq: u64) -> Result<()> {
        let Some(past) = self.past else { return Ok(()) };
        if self.records.contains_key(id) {
            return Ok(());
        }
        past.leaves_of(id, seq, &mut |entry| {
            if let Ok(envelope) = Envelope::parse(entry)
                && envelope.id == id
            {
                self.take_record(&envelope);
            }
        })
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

    /// Kinds and versions whose course could not be judged.
    pub(super) fn unjudged(&self) -> impl Iterator<Item = String> {
        self.unjudged.iter().map(|(kind, schema)| format!("course not judged: version {schema} of kind `{kind}` is not known here"))
    }

    /// Judges an envelope against everything before it. [`Log::take`] must follow.
    pub(super) fn judge(&mut self, index: u64, envelope: &Envelope<'_>, worst: &mut Worst) -> Result<()> {
        // Only here: what is recalled for a leaf stays until the leaf is taken.
        if self.past.is_some() && self.records.len() >= HELD {
            self.records.clear();
        }
        self.recall(envelope.id, index)?;
        if envelope.seq != index {
            worst.bad(format!("the envelope bears seq {}, but it is leaf {index}", envelope.seq));
        }
        if envelope.org != self.origin {
            worst.bad(format!("the envelope is of `{}`, not of this log", envelope.org));
        }
        if envelope.time < self.last_time {
            worst.bad("the leaf is dated before the one before it");
        }
        if !self.marks.commitment_is_new(&envelope.c, envelope.action.is_revision(), index)? {
            worst.bad(COMMITTED_BEFORE);
        }
        if let Err(reason) = self.judge_course(envelope) {
            worst.bad(reason);
        }
        Ok(())
    }

    fn judge_course(&mut self, envelope: &Envelope<'_>) -> std::result::Result<(), String> {
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

    fn judge_first(&mut self, envelope: &Envelope<'_>) -> std::result::Result<(), String> {
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
        self.take_record(envelope);
    }

    fn take_record(&mut self, envelope: &Envelope<'_>) {
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

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::super::NoCourses;
    use super::*;

    const ORIGIN: &str = "log.example.test";

    /// Every entry so far.
    struct Entries(Vec<Vec<u8>>);

    impl Past for Entries {
        fn leaves_of(&self, id: &str, seq: u64, each: &mut dyn FnMut(&[u8])) -> Result<()> {
            let number: usize = id.trim_start_matches("SYS-").parse().expect("ids here are numbers");
            // SYS-1 is created by leaf 0.
            self.0.get(number - 1).filter(|_| (number as u64) <= seq).into_iter().for_each(|entry| each(entry));
            Ok(())
        }

        fn keep(&self, _: &[u8]) -> Result<()> {
            Ok(())
        }

        fn kept(&self) -> Result<Vec<Box<dyn Read + '_>>> {
            Ok(Vec::new())
        }
    }

    fn envelope(action: Action, id: &str, (seq, revision): (u64, u64)) -> Envelope<'_> {
        let mut c = [0; 32];
        c[..8].copy_from_slice(&seq.to_be_bytes());
        let (kind, state, schema) = ("system", "draft", 1);
        Envelope { action, actor: "PER-1", c, id, kind, org: ORIGIN, revision, schema, seq, state, time: 1_767_225_600_000 }
    }

    #[test]
    fn a_record_whose_course_is_no_longer_held_is_recalled() {
        let count = HELD as u64 + 100;
        let ids: Vec<String> = (1..=count).map(|number| format!("SYS-{number}")).collect();
        let creations: Vec<_> = (0..count).zip(&ids).map(|(seq, id)| envelope(Action::Create, id, (seq, 1))).collect();
        let past = Entries(creations.iter().map(|envelope| envelope.to_bytes().expect("it is an envelope")).collect());
        let mut log = Log::new(ORIGIN, &NoCourses, count, Some(&past));
        let mut verdict = |envelope: &Envelope<'_>| {
            let mut worst = Worst::new();
            log.judge(envelope.seq, envelope, &mut worst).expect("the past can be asked");
            log.take(envelope);
            assert!(log.records.len() <= HELD + 1);
            worst.reason.into_owned()
        };
        let proved = verdict(&creations[0]);
        assert!(creations[1..].iter().all(|creation| verdict(creation) == proved));
        assert_eq!(verdict(&envelope(Action::Revise, "SYS-1", (count, 2))), proved);
        assert!(verdict(&envelope(Action::Create, "SYS-2", (count + 1, 1))).contains("was created before"));
        assert!(verdict(&envelope(Action::Revise, "SYS-3", (count + 2, 3))).contains("2 was to come"));
    }
}
