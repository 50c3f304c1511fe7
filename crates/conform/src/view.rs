//! The organisation as of a day (FORMATS §9).
//!
//! A view is a cut through the state: the leaves whose time lies before the end of the day in the organisation's zone. It never
//! changes, so what is computed from it is kept with it. [`View::on`] gives the view of an earlier day.

mod approval;
mod days;
mod entry;
mod facts;
mod kept;
mod population;
mod reads;
mod renewal;
#[cfg(test)]
mod tests;
mod window;

pub use approval::Given;
pub use entry::{Entry, Subject};
pub use facts::{Asker, val_to_json};
pub use population::Exclusion;
pub use window::{Hole, Window};

use std::any::TypeId;
use std::cell::{Cell, OnceCell, RefCell};
use std::collections::HashSet;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use elsa::{FrozenBTreeMap, FrozenMap};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use vouch_record::kind::{Kind, Kinds};
use vouch_record::state::Standing;
use vouch_record::{Id, Record, State};

use crate::check::Texts;
use crate::framework::Frameworks;

use days::Days;
use kept::{Kept, Past, Slot};
use reads::{KindSet, Reads};
use renewal::Known;

/// Facts about proof that the caller has established; `conform` looks nothing up (FORMATS §9).
#[derive(Clone, Debug, Default)]
pub struct Bound {
    /// leaves below this size lie under a signed checkpoint that verified
    pub size: u64,
    /// seqs whose body or files did not verify
    pub broken: HashSet<u64>,
    /// the latest signed checkpoint; none while there is none
    pub checkpoint: Option<Checkpoint>,
    /// what guests of auditors' rooms opened, in the order it happened
    pub visits: Arc<[Visit]>,
}

/// A signed checkpoint as far as rules and conditions need it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// leaves below it
    pub size: u64,
    /// the signed note
    pub text: Arc<str>,
}

/// Something that a guest of an auditor's room opened. It lies beside the records: access is counted, not signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Visit {
    /// the room
    pub room: Id,
    /// who, as the room's list of guests names them
    pub guest: String,
    /// what was opened
    pub opened: String,
    /// when
    pub at: Timestamp,
}

/// What a view is made from.
pub struct Basis {
    /// every leaf of the organisation
    pub state: Arc<State>,
    /// requirements and templates
    pub frameworks: Arc<Frameworks>,
    /// the organisation's zone, in which days are counted
    pub zone: TimeZone,
    /// what is known of proof
    pub bound: Bound,
    /// texts of the rules
    pub texts: Arc<Texts>,
}

/// What every view of one organisation stands on.
struct Ground {
    basis: Arc<Basis>,
    days: Days,
    /// whether some view of a past day looked at the day that was asked for, which may still change
    ahead: AtomicBool,
}

/// What a further view of the same day is made from in another thread: a view keeps what it computes to itself.
pub(crate) struct Seed {
    ground: Arc<Ground>,
    today: Date,
    now: Timestamp,
    only_bound: bool,
}

impl Seed {
    /// How many leaves the log has.
    pub(crate) fn leaves(&self) -> u64 {
        self.ground.basis.state.size()
    }

    /// The view.
    pub(crate) fn view(self) -> View {
        View::of(self.ground, self.today, self.now, self.only_bound)
    }
}

/// The organisation as of a day.
pub struct View {
    ground: Arc<Ground>,
    cut: u64,
    today: Date,
    now: Timestamp,
    only_bound: bool,
    proposal: Option<Id>,
    proposals: FrozenMap<Id, Box<View>>,
    proposed: OnceCell<Option<Standing>>,
    kept: Kept,
    /// what was computed on past days, for views of views too
    past: Arc<Past>,
    days: FrozenBTreeMap<Date, Box<View>>,
    proven: OnceCell<Box<View>>,
    busy: RefCell<Vec<Key>>,
    /// the day of the view that others were made from: what a view of an earlier day shows never changes again
    asked: Date,
    /// whether it is renewed after a write
    follows: bool,
    /// what is being computed has looked at, innermost last
    reading: RefCell<Vec<Reads>>,
    numbers: Cell<u32>,
    /// what was computed since the view was made or renewed
    fresh: RefCell<Vec<Key>>,
    index: Known,
}

/// What a kept value is known by: the record it belongs to, its name, its type.
type Key = (Option<Id>, &'static str, TypeId);

impl View {
    /// The view as of the end of `today`. `now` is the instant at which it is asked, at most the end of that day.
    #[must_use]
    pub fn new(basis: Basis, today: Date, now: Timestamp) -> Self {
        let ground = Ground { basis: Arc::new(basis), days: Days::default(), ahead: AtomicBool::new(false) };
        Self::of(Arc::new(ground), today, now, false)
    }

    /// The same over a basis that others share, and one that can be renewed: it takes down what each kept value rests on.
    pub(crate) fn following(basis: Arc<Basis>, today: Date, now: Timestamp) -> Self {
        let ground = Ground { basis, days: Days::default(), ahead: AtomicBool::new(false) };
        Self { follows: true, ..Self::of(Arc::new(ground), today, now, false) }
    }

    fn of(ground: Arc<Ground>, today: Date, now: Timestamp, only_bound: bool) -> Self {
        let end = vouch_record::time::end_of_day(today, &ground.basis.zone);
        let cut = ground.basis.state.cut(end);
        Self {
            ground,
            cut,
            today,
            now: now.min(end),
            only_bound,
            proposal: None,
            proposals: FrozenMap::new(),
            proposed: OnceCell::new(),
            kept: Kept::default(),
            past: Arc::default(),
            days: FrozenBTreeMap::new(),
            proven: OnceCell::new(),
            busy: RefCell::new(Vec::new()),
            asked: today,
            follows: false,
            reading: RefCell::new(Vec::new()),
            numbers: Cell::new(0),
            fresh: RefCell::new(Vec::new()),
            index: Known::default(),
        }
    }

    /// The same organisation as of another, usually earlier, day.
    #[must_use]
    pub fn on(&self, day: Date) -> &View {
        if day == self.today {
            return self;
        }
        // Whoever looks from a past day at the day that was asked for looks at what may still change.
        if self.today != self.asked && day >= self.asked {
            self.ground.ahead.store(true, Ordering::Relaxed);
        }
        if self.ground.ahead.load(Ordering::Relaxed) {
            self.note(|reads| reads.unsteady = true);
        }
        if let Some(view) = self.days.get(&day) {
            return view;
        }
        let end = vouch_record::time::end_of_day(day, &self.ground.basis.zone);
        let mut view = Self { asked: self.asked, ..Self::of(self.ground.clone(), day, end, self.only_bound) };
        if day < self.asked && self.proposal.is_none() {
            view.kept = self.past.on(day, self.only_bound);
            view.past = self.past.clone();
        }
        self.days.insert(day, Box::new(view))
    }

    /// The same, but record `id` is read in its head and not in the revision in force, by everything that looks at it: what a writer
    /// asks about a proposal, derived values included.
    #[must_use]
    pub fn proposing(&self, id: Id) -> &View {
        if self.proposal == Some(id) {
            return self;
        }
        self.note(|reads| reads.unsteady = true);
        if let Some(view) = self.proposals.get(&id) {
            return view;
        }
        let mut view = Self::of(self.ground.clone(), self.today, self.now, self.only_bound);
        view.proposal = Some(id);
        self.proposals.insert(id, Box::new(view))
    }

    /// The same day with only those records whose leaf is bound: what rules at depth proven look at.
    #[must_use]
    pub fn bound_only(&self) -> View {
        Self::of(self.ground.clone(), self.today, self.now, true)
    }

    /// What rules at depth proven look at: this view when every leaf in it is bound, else [`View::bound_only`].
    #[must_use]
    pub fn proven(&self) -> &View {
        let bound = &self.ground.basis.bound;
        if self.only_bound || (bound.size >= self.cut && bound.broken.is_empty()) {
            return self;
        }
        self.proven.get_or_init(|| Box::new(self.bound_only()))
    }

    /// What a further view of this day is made from, for another thread; nothing for one that proposes.
    pub(crate) fn seed(&self) -> Option<Seed> {
        let Self { ground, today, now, only_bound, .. } = self;
        self.proposal.is_none().then(|| Seed { ground: ground.clone(), today: *today, now: *now, only_bound: *only_bound })
    }

    /// The day asked for.
    #[must_use]
    pub const fn today(&self) -> Date {
        self.today
    }

    /// The instant asked for.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        self.note(|reads| reads.unsteady = true);
        self.now
    }

    /// The instant asked for, for an age that is shown and that nothing is decided by: what is computed with it is not computed again
    /// only because time goes on.
    #[must_use]
    pub(crate) const fn shown_now(&self) -> Timestamp {
        self.now
    }

    /// Whether an instant has passed. What asks so need not be computed again with each write, but only once the instant comes.
    #[must_use]
    pub fn is_past(&self, at: Timestamp) -> bool {
        self.until(at);
        at < self.now
    }

    /// Whether an instant has come: the same, but that very instant counts.
    #[must_use]
    pub fn has_come(&self, at: Timestamp) -> bool {
        self.until(at);
        at <= self.now
    }

    /// Whether the second after this one has come, in seconds since 1970: what is counted in whole seconds has passed.
    #[must_use]
    pub fn is_past_second(&self, second: i64) -> bool {
        match Timestamp::from_second(second.saturating_add(1)) {
            Ok(next) => self.has_come(next),
            Err(_) => self.now().as_second() > second,
        }
    }

    fn until(&self, at: Timestamp) {
        if at >= self.now {
            self.note(|reads| reads.until(at));
        }
    }

    /// How many leaves count.
    #[must_use]
    pub fn cut(&self) -> u64 {
        self.note(|reads| reads.unsteady = true);
        self.cut
    }

    /// The organisation's zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.ground.basis.zone
    }

    /// The day of an instant in the organisation's zone.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Date {
        let Basis { state, zone, .. } = &*self.ground.basis;
        self.ground.days.day(at, state, zone)
    }

    /// The whole state, of which the view is a cut.
    #[must_use]
    pub fn state(&self) -> &State {
        self.note(|reads| reads.unsteady = true);
        &self.ground.basis.state
    }

    /// Requirements and templates.
    #[must_use]
    pub fn frameworks(&self) -> &Frameworks {
        &self.ground.basis.frameworks
    }

    /// Texts of the rules.
    #[must_use]
    pub fn texts(&self) -> &Texts {
        &self.ground.basis.texts
    }

    /// The kinds.
    #[must_use]
    pub fn kinds(&self) -> &Kinds {
        self.ground.basis.state.kinds()
    }

    /// What is known of proof.
    #[must_use]
    pub fn bound(&self) -> &Bound {
        self.note(|reads| reads.unsteady = true);
        &self.ground.basis.bound
    }

    /// Whether a leaf lies under a checkpoint that verified, and its body and files did too. Only views in which everything is bound
    /// are renewed, so that this never changes in one.
    #[must_use]
    pub fn is_bound(&self, seq: u64) -> bool {
        seq < self.ground.basis.bound.size && !self.is_broken(seq)
    }

    /// Whether the body or files of a leaf did not verify.
    #[must_use]
    pub fn is_broken(&self, seq: u64) -> bool {
        self.ground.basis.bound.broken.contains(&seq)
    }

    /// The kind of this name.
    ///
    /// # Panics
    /// If there is no such kind; rules name kinds by constants, and a test walks all of them.
    #[must_use]
    pub fn kind(&self, name: &str) -> &Kind {
        self.kinds().get(name).expect("rules name kinds that exist")
    }

    fn standing<'v>(&'v self, kind: &Kind, record: &'v Record) -> Option<&'v Standing> {
        if self.proposal != Some(record.id) {
            return record.standing(kind, self.cut);
        }
        let proposed = self.proposed.get_or_init(|| record.standing(kind, self.cut).map(Standing::of_head));
        proposed.as_ref()
    }

    /// The record of this id, also when it was set aside; nothing if it did not exist on the day.
    #[must_use]
    pub fn find(&self, id: Id) -> Option<Entry<'_>> {
        self.note_record(id);
        self.entry(self.kinds().of(id)?, self.ground.basis.state.get(id)?)
    }

    /// Every record of a kind that existed on the day, in the order of ids, also those set aside.
    pub fn ever<'v>(&'v self, kind: &str) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        let place = self.kinds().position(kind);
        place.into_iter().for_each(|place| self.note(|reads| reads.kinds.add(KindSet::of(place))));
        let kind = self.kinds().get(kind);
        let records = kind.map_or(&[][..], |kind| self.ground.basis.state.of_kind(&kind.name));
        records.iter().filter_map(move |record| self.entry(kind?, record))
    }

    fn entry<'v>(&'v self, kind: &'v Kind, record: &'v Record) -> Option<Entry<'v>> {
        Some(Entry::new(self, kind, record, self.standing(kind, record)?))
    }

    /// The record of this id, unless it was set aside or, where only bound records count, is not bound.
    #[must_use]
    pub fn get(&self, id: Id) -> Option<Entry<'_>> {
        self.find(id).filter(|entry| self.counts(*entry))
    }

    fn counts(&self, entry: Entry<'_>) -> bool {
        !entry.is_set_aside() && (!self.only_bound || entry.is_bound())
    }

    /// Every record of a kind that was not set aside, in the order of ids.
    pub fn all<'v>(&'v self, kind: &str) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        self.ever(kind).filter(|entry| self.counts(*entry))
    }

    /// The records of a kind of which some revision up to the day links to this one, in the order in which they first did.
    pub fn linking<'v>(&'v self, record: &'v Record, kind: &str) -> impl Iterator<Item = Id> + use<'v> {
        let place = self.kinds().position(kind);
        place.into_iter().for_each(|place| self.note(|reads| reads.link(record.id, KindSet::of(place))));
        let like = self.kinds().get(kind).and_then(|kind| Id::new(&kind.prefix, 1));
        like.into_iter().flat_map(|like| record.linked_from_kind(like, self.cut))
    }

    /// The same of any kind.
    pub fn linking_any<'v>(&'v self, record: &'v Record) -> impl Iterator<Item = Id> + use<'v> {
        self.note(|reads| reads.link(record.id, KindSet::ALL));
        record.linked_from(self.cut)
    }

    /// Every live record of a kind: settled (and, of document, acceptance and objective, in force).
    pub fn live<'v>(&'v self, kind: &str) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        self.all(kind).filter(Entry::is_live)
    }

    /// The record of an id, as it is stored; what is kept rests on who links to it, not on what it says.
    pub(crate) fn stored(&self, id: Id) -> Option<&Record> {
        self.note_record(id);
        self.ground.basis.state.get(id).map(AsRef::as_ref)
    }

    fn note(&self, what: impl FnOnce(&mut Reads)) {
        if self.follows
            && let Some(reads) = self.reading.borrow_mut().last_mut()
        {
            what(reads);
        }
    }

    fn note_record(&self, id: Id) {
        self.note(|reads| reads.record(id, self.kinds().place(id).map_or(KindSet::default(), KindSet::of)));
    }

    /// Computes a value once per view; `id` is the record it belongs to, if it belongs to one.
    ///
    /// # Panics
    /// When the value depends on itself; a test walks all derived values to show that none does.
    pub fn keep<T: Send + Sync + 'static>(&self, id: Option<Id>, name: &'static str, compute: impl FnOnce() -> T) -> &T {
        let key = (id, name, TypeId::of::<T>());
        let slot = match self.kept.get(&key) {
            Some(slot) => slot,
            None => self.compute(key, compute),
        };
        self.note(|reads| reads.kept(slot.number));
        slot.value.downcast_ref().expect("the key holds the type")
    }

    fn compute<T: Send + Sync + 'static>(&self, key: Key, compute: impl FnOnce() -> T) -> &Slot {
        assert!(!self.busy.borrow().contains(&key), "`{}` of {:?} depends on itself", key.1, key.0);
        self.busy.borrow_mut().push(key);
        let reads = self.follows;
        if reads {
            self.reading.borrow_mut().push(Reads::default());
            key.0.into_iter().for_each(|id| self.note_record(id));
        }
        let ahead = self.ground.ahead.load(Ordering::Relaxed);
        let value = compute();
        let mut reads = if reads { self.reading.borrow_mut().pop() } else { None };
        self.busy.borrow_mut().pop();
        if let Some(reads) = &mut reads {
            reads.unsteady |= !ahead && self.ground.ahead.load(Ordering::Relaxed);
            self.fresh.borrow_mut().push(key);
        }
        let number = self.numbers.get();
        self.numbers.set(number + 1);
        self.kept.insert(key, Slot { number, value: Box::new(value), reads: reads.map(|reads| Box::new(reads.settled())) })
    }

    /// A value, if it was computed.
    pub(crate) fn kept<T: 'static>(&self, id: Option<Id>, name: &'static str) -> Option<&T> {
        self.kept.get(&(id, name, TypeId::of::<T>()))?.value.downcast_ref()
    }

    /// Whether a value is being computed right now: lets a state that depends on a derived value fall back on the log.
    pub(crate) fn is_busy<T: 'static>(&self, id: Option<Id>, name: &'static str) -> bool {
        self.busy.borrow().contains(&(id, name, TypeId::of::<T>()))
    }
}
