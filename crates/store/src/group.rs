//! A group of units, the same for every engine: each stands or is taken back, one commit, and an answer for everybody.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::leaf::Head;
use crate::snapshot::Snapshot;
use crate::store::{Append, CommitListener, Counts, Signer, Unit};
use crate::writer::Listeners;
use crate::{Error, ErrorKind, Result};

/// An engine that runs groups.
pub(crate) trait Engine: Send + 'static {
    /// What a group has written so far.
    type Pending;

    /// How the engine stands.
    fn standing(&mut self) -> &mut Standing;

    /// Head of the last commit.
    fn head(&self) -> Head;

    /// Begins the transaction.
    fn begin_group(&mut self) -> Result<Self::Pending>;

    /// Leaves of the log, those of the group so far included.
    fn size(pending: &Self::Pending) -> u64;

    /// Runs one unit, and takes back what it wrote where it does not stand. The outer error ends the group.
    fn run_unit(&mut self, unit: Unit, pending: &mut Self::Pending) -> Result<Result<()>>;

    /// Ends a transaction of which nothing is left.
    fn end_empty(&mut self) -> Result<()>;

    /// Seals what was written and commits it. Returns once it is durable; never tries a failed sync again.
    fn commit_group(&mut self, pending: Self::Pending) -> Result<()>;

    /// Takes the transaction back after the group failed with `error`.
    fn roll_back(&mut self, error: &Error);

    /// What can wait until listeners know of the commit.
    fn after_commit(&mut self) {}
}

/// Whether an engine takes writes, and how many it took.
#[derive(Debug)]
pub(crate) struct Standing {
    pub(crate) counts: Counts,
    /// Why no more writes are taken.
    stopped: Option<Error>,
    /// What to do then.
    restart: &'static str,
}

impl Standing {
    pub(crate) fn new(restart: &'static str) -> Self {
        Self { counts: Counts::default(), stopped: None, restart }
    }

    /// Refuses when a commit failed or a listener panicked before.
    ///
    /// # Errors
    /// Closed, with what to do.
    pub(crate) fn check_running(&self) -> Result<()> {
        let stopped = |error: &Error| Err(Error::new(ErrorKind::Closed, error.message()).with_hint(self.restart));
        self.stopped.as_ref().map_or(Ok(()), stopped)
    }

    /// From now on no writes are taken; the first reason stays.
    pub(crate) fn stop(&mut self, error: Error) {
        self.stopped.get_or_insert(error);
    }

    /// Tells every listener; one that panics stops the store, since what it keeps may be wrong from now on.
    fn tell(&mut self, listeners: &Listeners, news: impl Fn(&dyn CommitListener)) {
        if let Err(error) = listeners.tell(news) {
            self.stop(error);
        }
    }
}

/// Gives the units that came while the engine waited for its turn, when told how many there were before.
pub(crate) type More<'m> = &'m mut dyn FnMut(usize) -> Vec<Unit>;

/// Runs units in one transaction and says how each ended, those of `more` behind the others. Returns after the commit is durable or void.
pub(crate) fn run<E: Engine>(engine: &mut E, units: Vec<Unit>, more: More<'_>, listeners: &Listeners) -> Vec<Result<Head>> {
    let mut all = units.len();
    let mut outcomes = Vec::with_capacity(all);
    let begun = engine.standing().check_running().and_then(|()| engine.begin_group());
    let void = begun
        .and_then(|pending| {
            let came = more(all);
            all += came.len();
            write(engine, pending, units.into_iter().chain(came), &mut outcomes, listeners)
        })
        .err();
    if let Some(error) = &void {
        engine.roll_back(error);
        let size = engine.head().size;
        engine.standing().tell(listeners, |listener| listener.rolled_back(size));
    }
    // A unit that never ran shares the fate of the group.
    outcomes.resize_with(all, || Ok(()));
    let head = engine.head();
    let answer = |outcome: Result<()>| match (&void, outcome) {
        (_, Err(error)) => Err(error),
        (Some(void), Ok(())) => Err(void.repeated()),
        (None, Ok(())) => Ok(head),
    };
    let answers: Vec<_> = outcomes.into_iter().map(answer).collect();
    let written = answers.iter().filter(|answer| answer.is_ok()).count() as u64;
    let counts = &mut engine.standing().counts;
    counts.units += written;
    counts.refused += all as u64 - written;
    answers
}

fn write<E: Engine>(
    engine: &mut E,
    mut pending: E::Pending,
    units: impl Iterator<Item = Unit>,
    outcomes: &mut Vec<Result<()>>,
    listeners: &Listeners,
) -> Result<()> {
    for unit in units {
        let outcome = engine.run_unit(unit, &mut pending)?;
        let is_void = outcome.is_err();
        outcomes.push(outcome);
        if is_void {
            let size = E::size(&pending);
            engine.standing().tell(listeners, |listener| listener.rolled_back(size));
        }
    }
    if outcomes.iter().all(Result::is_err) {
        return engine.end_empty();
    }
    engine.commit_group(pending)?;
    let head = engine.head();
    let standing = engine.standing();
    standing.counts.commits += 1;
    standing.tell(listeners, |listener| listener.committed(&head));
    engine.after_commit();
    Ok(())
}

/// Runs a unit and says whether it stands. `failure` takes the first write of it that failed, whatever the unit made of that.
pub(crate) fn outcome<W: Append>(unit: Unit, work: &mut W, failure: impl FnOnce(&mut W) -> Option<Error>) -> Result<()> {
    let outcome = catch_unwind(AssertUnwindSafe(|| unit(work)));
    match (outcome, failure(work)) {
        (Err(panic), _) => Err(panicked("a unit", &*panic)),
        (Ok(Err(refusal)), _) => Err(Error::refused(refusal)),
        (Ok(Ok(())), Some(failure)) => Err(failure),
        (Ok(Ok(())), None) => Ok(()),
    }
}

/// The signed note of the checkpoint of `head`.
pub(crate) fn sign(signer: &dyn Signer, head: &Head, written: &dyn Snapshot) -> Result<Vec<u8>> {
    let note = catch_unwind(AssertUnwindSafe(|| signer.sign(head, written)));
    note.unwrap_or_else(|panic| Err(panicked("the signer", &*panic).into())).map_err(|error| {
        let message = format!("the checkpoint of {} leaves could not be signed: {error}", head.size);
        Error::new(ErrorKind::Signing, message).with_source(error)
    })
}

pub(crate) fn panicked(who: &str, panic: &(dyn Any + Send)) -> Error {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    let message = format!("{who} panicked: {}", text.unwrap_or("without a message"));
    Error::new(ErrorKind::Panicked, message).with_hint("this is a mistake in vouch; please report it")
}
