//! The organisation as of a day (FORMATS §9).
//!
//! A view is a cut through the state: the leaves whose time lies before the end of the day in the organisation's zone. It never
//! changes, so what is computed from it is kept with it. [`View::on`] gives the view of an earlier day.

mod approval;
mod entry;
mod facts;
mod population;
#[cfg(test)]
mod tests;
mod window;

pub use approval::Given;
pub use entry::{Entry, Subject};
pub use facts::{Asker, val_to_json};
pub use population::Exclusion;
pub use window::{Hole, Window};

use std::any::{Any, TypeId};
use std::cell::{OnceCell, RefCell};
use std::collections::HashSet;
use std::rc::Rc;
use std::sync::Arc;

use elsa::{FrozenBTreeMap, FrozenMap};
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use vouch_record::kind::{Kind, Kinds};
use vouch_record::state::Standing;
use vouch_record::{Id, State};

use crate::check::Texts;
use crate::framework::Frameworks;

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

/// The organisation as of a day.
pub struct View {
    basis: Rc<Basis>,
    cut: u64,
    today: Date,
    now: Timestamp,
    only_bound: bool,
    proposal: Option<Id>,
    proposals: FrozenMap<Id, Box<View>>,
    standings: FrozenMap<Id, Box<Option<Standing>>>,
    kept: FrozenMap<Key, Box<Kept>>,
    days: FrozenBTreeMap<Date, Box<View>>,
    proven: OnceCell<Box<View>>,
    busy: RefCell<HashSet<Key>>,
}

struct Kept(Box<dyn Any>);

/// What a kept value is known by: the record it belongs to, its name, its type.
type Key = (Option<Id>, &'static str, TypeId);

impl View {
    /// The view as of the end of `today`. `now` is the instant at which it is asked, at most the end of that day.
    #[must_use]
    pub fn new(basis: Basis, today: Date, now: Timestamp) -> Self {
        Self::of(Rc::new(basis), today, now, false)
    }

    fn of(basis: Rc<Basis>, today: Date, now: Timestamp, only_bound: bool) -> Self {
        let end = vouch_record::time::end_of_day(today, &basis.zone);
        let cut = basis.state.cut(end);
        Self {
            basis,
            cut,
            today,
            now: now.min(end),
            only_bound,
            proposal: None,
            proposals: FrozenMap::new(),
            standings: FrozenMap::new(),
            kept: FrozenMap::new(),
            days: FrozenBTreeMap::new(),
            proven: OnceCell::new(),
            busy: RefCell::new(HashSet::new()),
        }
    }

    /// The same organisation as of another, usually earlier, day.
    #[must_use]
    pub fn on(&self, day: Date) -> &View {
        if day == self.today {
            return self;
        }
        if let Some(view) = self.days.get(&day) {
            return view;
        }
        let end = vouch_record::time::end_of_day(day, &self.basis.zone);
        self.days.insert(day, Box::new(Self::of(self.basis.clone(), day, end, self.only_bound)))
    }

    /// The same, but record `id` is read in its head and not in the revision in force, by everything that looks at it: what a writer
    /// asks about a proposal, derived values included.
    #[must_use]
    pub fn proposing(&self, id: Id) -> &View {
        if self.proposal == Some(id) {
            return self;
        }
        if let Some(view) = self.proposals.get(&id) {
            return view;
        }
        let mut view = Self::of(self.basis.clone(), self.today, self.now, self.only_bound);
        view.proposal = Some(id);
        self.proposals.insert(id, Box::new(view))
    }

    /// The same day with only those records whose leaf is bound: what rules at depth proven look at.
    #[must_use]
    pub fn bound_only(&self) -> View {
        Self::of(self.basis.clone(), self.today, self.now, true)
    }

    /// What rules at depth proven look at: this view when every leaf in it is bound, else [`View::bound_only`].
    #[must_use]
    pub fn proven(&self) -> &View {
        let bound = &self.basis.bound;
        if self.only_bound || (bound.size >= self.cut && bound.broken.is_empty()) {
            return self;
        }
        self.proven.get_or_init(|| Box::new(self.bound_only()))
    }

    /// The day asked for.
    #[must_use]
    pub const fn today(&self) -> Date {
        self.today
    }

    /// The instant asked for.
    #[must_use]
    pub const fn now(&self) -> Timestamp {
        self.now
    }

    /// How many leaves count.
    #[must_use]
    pub const fn cut(&self) -> u64 {
        self.cut
    }

    /// The organisation's zone.
    #[must_use]
    pub fn zone(&self) -> &TimeZone {
        &self.basis.zone
    }

    /// The day of an instant in the organisation's zone.
    #[must_use]
    pub fn day(&self, at: Timestamp) -> Date {
        vouch_record::time::day_of(at, &self.basis.zone)
    }

    /// The whole state, of which the view is a cut.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.basis.state
    }

    /// Requirements and templates.
    #[must_use]
    pub fn frameworks(&self) -> &Frameworks {
        &self.basis.frameworks
    }

    /// Texts of the rules.
    #[must_use]
    pub fn texts(&self) -> &Texts {
        &self.basis.texts
    }

    /// The kinds.
    #[must_use]
    pub fn kinds(&self) -> &Kinds {
        self.basis.state.kinds()
    }

    /// What is known of proof.
    #[must_use]
    pub fn bound(&self) -> &Bound {
        &self.basis.bound
    }

    /// The kind of this name.
    ///
    /// # Panics
    /// If there is no such kind; rules name kinds by constants, and a test walks all of them.
    #[must_use]
    pub fn kind(&self, name: &str) -> &Kind {
        self.kinds().get(name).expect("rules name kinds that exist")
    }

    fn standing(&self, id: Id) -> Option<&Standing> {
        if let Some(kept) = self.standings.get(&id) {
            return kept.as_ref();
        }
        let kind = self.kinds().of(id);
        let mut standing = kind.and_then(|kind| self.basis.state.get(id)?.standing(kind, self.cut));
        if self.proposal == Some(id) {
            standing.iter_mut().for_each(|standing| standing.in_force = None);
        }
        self.standings.insert(id, Box::new(standing)).as_ref()
    }

    /// The record of this id, also when it was set aside; nothing if it did not exist on the day.
    #[must_use]
    pub fn find(&self, id: Id) -> Option<Entry<'_>> {
        let kind = self.kinds().of(id)?;
        let record = self.basis.state.get(id)?;
        let standing = self.standing(id)?;
        Some(Entry::new(self, kind, record, standing))
    }

    /// The record of this id, unless it was set aside or, where only bound records count, is not bound.
    #[must_use]
    pub fn get(&self, id: Id) -> Option<Entry<'_>> {
        self.find(id).filter(|entry| !entry.is_set_aside() && (!self.only_bound || entry.is_bound()))
    }

    /// Every record of a kind that was not set aside, in the order of ids.
    pub fn all<'v>(&'v self, kind: &str) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        self.basis.state.of_kind(kind).iter().filter_map(|record| self.get(record.id))
    }

    /// Every live record of a kind: settled (and, of document, acceptance and objective, in force).
    pub fn live<'v>(&'v self, kind: &str) -> impl Iterator<Item = Entry<'v>> + use<'v> {
        self.all(kind).filter(Entry::is_live)
    }

    /// Computes a value once per view; `id` is the record it belongs to, if it belongs to one.
    ///
    /// # Panics
    /// When the value depends on itself; a test walks all derived values to show that none does.
    pub fn keep<T: 'static>(&self, id: Option<Id>, name: &'static str, compute: impl FnOnce() -> T) -> &T {
        let key = (id, name, TypeId::of::<T>());
        if let Some(kept) = self.kept.get(&key) {
            return kept.0.downcast_ref().expect("the key holds the type");
        }
        assert!(self.busy.borrow_mut().insert(key), "`{name}` of {id:?} depends on itself");
        let value = compute();
        self.busy.borrow_mut().remove(&key);
        self.kept.insert(key, Box::new(Kept(Box::new(value)))).0.downcast_ref().expect("just put there")
    }

    /// Whether a value is being computed right now: lets a state that depends on a derived value fall back on the log.
    pub(crate) fn is_busy<T: 'static>(&self, id: Option<Id>, name: &'static str) -> bool {
        self.busy.borrow().contains(&(id, name, TypeId::of::<T>()))
    }
}

impl std::ops::Deref for Kept {
    type Target = Box<dyn Any>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}
