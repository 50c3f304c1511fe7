//! An opened installation: store, tables and the state in memory.

use std::sync::{Arc, Mutex, PoisonError, RwLock};

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use vouch_conform::check::Texts;
use vouch_conform::readiness::Current;
use vouch_conform::view::{Basis, Bound, Checkpoint};
use vouch_conform::{Frameworks, View};
use vouch_ledger::StoredBody;
use vouch_record::state::{Actor, Erasure, Leaf};
use vouch_record::time::{day_of, end_of_day};
use vouch_record::{Body, Id, Kinds, State};
use vouch_store::{CommitListener, Head, Snapshot, Store};

use crate::error::{Error, Kind, Result};
use crate::follow;
use crate::threads::Threads;
use crate::unique::Uniqueness;
use crate::work::{Bench, Work};

/// Tells the time.
pub trait Clock: Send + Sync {
    /// The present instant.
    fn now(&self) -> Timestamp;
}

/// Gives random bytes.
pub trait Entropy: Send + Sync {
    /// 32 bytes that nobody can guess.
    fn bytes(&self) -> [u8; 32];
}

/// The tables the product is made of, as bytes were handed in.
#[derive(Clone)]
pub struct Tables {
    /// kinds of records
    pub kinds: Arc<Kinds>,
    /// requirements and templates
    pub frameworks: Arc<Frameworks>,
    /// texts of the rules
    pub texts: Arc<Texts>,
}

/// Who acts, and how the person was known.
#[derive(Clone, Debug)]
pub struct Acting {
    /// who
    pub actor: Actor,
    /// how: `local`, `passkey`, `password_totp`, `oidc`, `imported`
    pub sign_in: &'static str,
}

impl Acting {
    /// A person named on a command line; nobody checked who it was.
    #[must_use]
    pub const fn local(person: Id) -> Self {
        Self { actor: Actor::Person(person), sign_in: "local" }
    }
}

/// What the writer thread and the readers share.
pub(crate) struct Shared {
    pub(crate) working: Mutex<Working>,
    published: RwLock<Arc<State>>,
}

impl Shared {
    /// Folds in what other processes committed. `now` shows it; where nothing is new this costs a comparison.
    pub(crate) fn catch_up(&self, working: &mut Working, now: &dyn Snapshot, size: u64) -> Result<()> {
        if working.state.size() >= size {
            return Ok(());
        }
        let base = working.state.clone();
        working.state = follow::caught_up(base, now)?;
        working.unique = Uniqueness::default();
        // All of it is committed, so it is published before anything is built on it.
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = working.state.clone();
        Ok(())
    }
}

/// The state the next unit of work builds on.
pub(crate) struct Working {
    pub(crate) state: Arc<State>,
    pub(crate) unique: Uniqueness,
}

impl CommitListener for Shared {
    fn committed(&self, _: &Head) {
        let working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        *self.published.write().unwrap_or_else(PoisonError::into_inner) = working.state.clone();
    }

    fn rolled_back(&self, size: u64) {
        let mut working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        let published = self.published.read().unwrap_or_else(PoisonError::into_inner).clone();
        if published.size() >= size {
            working.state = published;
        } else {
            Arc::make_mut(&mut working.state).rewind(size);
        }
        working.unique = Uniqueness::default();
    }

    fn overtaken(&self, now: &dyn Snapshot) {
        let mut working = self.working.lock().unwrap_or_else(PoisonError::into_inner);
        // What cannot be read now is read before the next unit of work, which says what is wrong.
        let _ = now.head().map_err(store_error).and_then(|head| self.catch_up(&mut working, now, head.size));
    }
}

/// An opened installation.
pub struct Vouch {
    pub(crate) store: Arc<dyn Store>,
    pub(crate) tables: Tables,
    pub(crate) origin: String,
    pub(crate) shared: Arc<Shared>,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) entropy: Arc<dyn Entropy>,
    pub(crate) current: Mutex<Current>,
}

impl Vouch {
    /// Opens an installation: reads the log into the state. `origin` is the name in the log's verifier key.
    ///
    /// # Errors
    /// When the store cannot be read or what it holds does not fit together.
    pub fn open(
        store: Arc<dyn Store>,
        tables: Tables,
        origin: String,
        clock: Arc<dyn Clock>,
        entropy: Arc<dyn Entropy>,
    ) -> Result<Self> {
        let state = Arc::new(load(store.as_ref(), &tables.kinds)?);
        let working = Mutex::new(Working { state: state.clone(), unique: Uniqueness::default() });
        let shared = Arc::new(Shared { working, published: RwLock::new(state) });
        store.subscribe(shared.clone());
        Ok(Self { store, tables, origin, shared, clock, entropy, current: Mutex::new(Current::new(Threads)) })
    }

    /// From now on the state also follows what other processes commit to the same database.
    ///
    /// # Errors
    /// When the database cannot be reached.
    pub fn follow_others(&self) -> Result<()> {
        self.store.follow().map_err(store_error)
    }

    /// Folds in what other processes have committed by now: an answer that must show it asks first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn catch_up(&self) -> Result<()> {
        let snapshot = self.store.snapshot().map_err(store_error)?;
        let head = snapshot.head().map_err(store_error)?;
        if self.state().size() >= head.size {
            return Ok(());
        }
        let mut working = self.shared.working.lock().unwrap_or_else(PoisonError::into_inner);
        self.shared.catch_up(&mut working, snapshot.as_ref(), head.size)
    }

    /// The committed state.
    #[must_use]
    pub fn state(&self) -> Arc<State> {
        self.shared.published.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The tables it was opened with.
    #[must_use]
    pub const fn tables(&self) -> &Tables {
        &self.tables
    }

    /// The name in the log's verifier key.
    #[must_use]
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Whether an organisation was begun here.
    #[must_use]
    pub fn is_begun(&self) -> bool {
        self.state().size() > 0
    }

    /// The organisation's time zone; UTC until it has one.
    #[must_use]
    pub fn zone(&self) -> TimeZone {
        zone_of(&self.state())
    }

    /// Today in the organisation's zone.
    #[must_use]
    pub fn today(&self) -> jiff::civil::Date {
        day_of(self.clock.now(), &self.zone())
    }

    /// The view as of a day; `today` is now, a future day is refused.
    ///
    /// # Errors
    /// Invalid for a day after today.
    pub fn view(&self, as_of: Option<jiff::civil::Date>) -> Result<View> {
        let (basis, day, now) = self.standpoint(as_of)?;
        Ok(View::new(basis, day, now))
    }

    /// What a view as of a day is made from, with the day and the instant.
    pub(crate) fn standpoint(&self, as_of: Option<Date>) -> Result<(Basis, Date, Timestamp)> {
        let state = self.state();
        let zone = zone_of(&state);
        let now = self.clock.now().max(state.last_time());
        let today = day_of(now, &zone);
        let day = as_of.unwrap_or(today);
        if day > today {
            return Err(Error::invalid(format!("`{day}` lies after today, {today}")).hint("ask as of today or a day before"));
        }
        let now = if day == today { now } else { end_of_day(day, &zone) };
        // A write may have been committed since the state was taken; what lies above it is not of this view.
        let below = state.cut(end_of_day(day, &zone));
        let checkpoint = latest_checkpoint(self.store.snapshot().map_err(store_error)?.as_ref(), below)?;
        let bound = Bound { size: state.size(), checkpoint, ..Bound::default() };
        let basis = Basis { state, frameworks: self.tables.frameworks.clone(), texts: self.tables.texts.clone(), zone, bound };
        Ok((basis, day, now))
    }

    /// The view of a state that is not this installation's own, as of its last leaf.
    pub(crate) fn view_of(&self, state: State) -> View {
        let zone = zone_of(&state);
        let now = self.clock.now().max(state.last_time());
        let bound = Bound { size: state.size(), ..Bound::default() };
        let (frameworks, texts) = (self.tables.frameworks.clone(), self.tables.texts.clone());
        let today = day_of(now, &zone);
        View::new(Basis { state: Arc::new(state), frameworks, texts, zone, bound }, today, now)
    }

    /// Runs a unit of work: all of it is durable when this returns, or nothing of it happened.
    ///
    /// # Errors
    /// What the work refused, or what the store could not do.
    pub fn perform<T: Send + 'static>(
        &self,
        acting: Acting,
        work: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let now = self.clock.now();
        self.perform_at(acting, now, work)
    }

    /// The same at a given instant: the sample organisation lives through its year so.
    ///
    /// # Errors
    /// As [`Vouch::perform`].
    pub fn perform_at<T: Send + 'static>(
        &self,
        acting: Acting,
        at: Timestamp,
        work: impl FnOnce(&mut Work<'_>) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let answer: Arc<Mutex<Option<Result<T>>>> = Arc::new(Mutex::new(None));
        let (slot, shared, tables) = (answer.clone(), self.shared.clone(), self.tables.clone());
        let (origin, entropy) = (self.origin.clone(), self.entropy.clone());
        let written = self.store.write(Box::new(move |append| {
            let mut working = shared.working.lock().unwrap_or_else(PoisonError::into_inner);
            let size = append.tip().size;
            if let Err(behind) = shared.catch_up(&mut working, append, size) {
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(Err(behind));
                return Err("what other processes wrote cannot be read".into());
            }
            let bench = Bench { tables: &tables, origin: &origin, entropy: entropy.as_ref() };
            let outcome = Work::begin(&mut working, append, &bench, acting, at).and_then(|mut unit| work(&mut unit));
            // What a refused unit folded in is taken back when the store says that it is void.
            let refused = outcome.is_err();
            *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(outcome);
            if refused { Err("the unit of work refused".into()) } else { Ok(()) }
        }));
        let outcome = answer.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (outcome, written) {
            (Some(Err(refused)), _) => Err(refused),
            (Some(Ok(value)), Ok(_)) => Ok(value),
            (_, Err(error)) => Err(store_error(error)),
            (None, Ok(_)) => Err(Error::new(Kind::Unavailable, "the store answered without running the work")),
        }
    }
}

/// The latest signed checkpoint of at most `size` leaves, as conditions may ask for it.
pub(crate) fn latest_checkpoint(snapshot: &dyn Snapshot, size: u64) -> Result<Option<Checkpoint>> {
    let Some(kept) = snapshot.checkpoint(size).map_err(store_error)? else { return Ok(None) };
    let text =
        std::str::from_utf8(&kept.note).map_err(|error| Error::new(Kind::Corrupt, "a checkpoint is no text").because(error))?;
    Ok(Some(Checkpoint { size: kept.head.size, text: text.into() }))
}

/// A failure of the store as a failure of a use case.
pub(crate) fn store_error(error: vouch_store::Error) -> Error {
    let kind = match error.kind() {
        vouch_store::ErrorKind::Corrupt => Kind::Corrupt,
        vouch_store::ErrorKind::Missing => Kind::NotFound,
        _ => Kind::Unavailable,
    };
    let hint = error.hint().map(str::to_owned);
    Error { hint, ..Error::new(kind, error.message().to_owned()).because(error) }
}

/// The zone named by the organisation's record; UTC while there is none or it is unknown here.
pub(crate) fn zone_of(state: &State) -> TimeZone {
    let organisation = state.of_kind("organisation").first();
    let name = organisation.and_then(|record| {
        let kind = state.kinds().get("organisation")?;
        let standing = record.standing(kind, u64::MAX)?;
        standing.head.value(record, "time_zone").and_then(vouch_record::Value::as_text).map(str::to_owned)
    });
    name.and_then(|name| TimeZone::get(&name).ok()).unwrap_or(TimeZone::UTC)
}

fn load(store: &dyn Store, kinds: &Arc<Kinds>) -> Result<State> {
    let snapshot = store.snapshot().map_err(store_error)?;
    let mut state = State::new(kinds.clone());
    follow::fold_all(&mut state, snapshot)?;
    Ok(state)
}

/// A stored leaf as the state keeps it.
pub(crate) fn leaf_of(envelope: &[u8], body: Option<&[u8]>) -> Result<(Option<Id>, Leaf)> {
    let broken = |what: &str| Error::new(Kind::Corrupt, format!("a leaf holds {what}")).hint("run `vouch ledger fsck`");
    let parsed = vouch_ledger::Envelope::parse(envelope)?;
    let (content, erasure) = match body {
        None => (Body::default(), Erasure::Nothing),
        // What is whole is as it was written; whether it still is what the leaf commits to, the verification of the log says.
        Some(bytes) => match StoredBody::whole(bytes) {
            Some(object) => (Body::from_store(object).map_err(|error| broken("no body").because(error))?, Erasure::Nothing),
            None => {
                let stored = StoredBody::from_bytes(bytes)?;
                let left = Body::from_json(&stored.json()).map_err(|error| broken("no body").because(error))?;
                (left, erasure_of(&stored))
            }
        },
    };
    let leaf = Leaf {
        seq: parsed.seq,
        time: Timestamp::from_millisecond(parsed.time).map_err(|error| broken("no time").because(error))?,
        actor: parsed.actor.parse().map_err(|()| broken("no actor"))?,
        action: parsed.action.as_str().parse().map_err(|()| broken("no action"))?,
        revision: u32::try_from(parsed.revision).map_err(|error| broken("no revision").because(error))?,
        state: Arc::from(parsed.state),
        schema: u32::try_from(parsed.schema).map_err(|error| broken("no schema").because(error))?,
        commitment: parsed.c,
        body: Arc::new(content),
        erasure,
    };
    let id = if parsed.kind == vouch_ledger::KEY_KIND { None } else { parsed.id.parse::<Id>().ok() };
    Ok((id, leaf))
}

/// What of a stored body was erased.
pub(crate) fn erasure_of(stored: &StoredBody) -> Erasure {
    if let Some(by) = stored.erased_by() {
        return Erasure::Whole(by);
    }
    let erased: Vec<(Box<str>, u64)> = stored
        .fields()
        .into_iter()
        .filter_map(|(name, field)| match field {
            vouch_ledger::Field::Erased(by) => Some((name.into(), by)),
            vouch_ledger::Field::Present(_) => None,
        })
        .collect();
    if erased.is_empty() { Erasure::Nothing } else { Erasure::Fields(erased.into()) }
}
