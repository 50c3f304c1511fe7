//! How a record stood at a cut through the log.
//!
//! A standing holds places in the record's list of leaves and no references. A record works out how it stood after each of its
//! leaves once, when first asked, and keeps it: every view and every day reads the same timeline.

use std::sync::{Arc, OnceLock};

use crate::kind::Kind;
use crate::name::numbered;
use crate::value::Value;

use super::{Action, Leaf, Record, SET_ASIDE};

/// One revision with what transitions wrote for it since.
#[derive(Clone, Debug)]
pub struct Layers(Arc<Revision>);

#[derive(Clone, Debug, Default)]
struct Revision {
    leaf: usize,
    transitions: Vec<usize>,
    cells: OnceLock<Box<[Cell]>>,
}

/// Where the value of a field stands: in the revision, or in the `set` of a later transition. A stored body finds its own values itself.
#[derive(Clone, Copy, Debug)]
struct Cell {
    name: u64,
    leaf: u32,
    at: u32,
}

impl Cell {
    fn member(self, revision: usize, record: &Record) -> (&str, &Value) {
        let leaf = &record.leaves[self.leaf as usize];
        if self.leaf as usize == revision {
            return leaf.body.member(self.at as usize);
        }
        let (name, value) = &leaf.set()[self.at as usize];
        (name, value)
    }
}

fn small(at: usize) -> u32 {
    u32::try_from(at).expect("a record has fewer leaves and fields than 2^32")
}

impl Layers {
    fn of(leaf: usize) -> Self {
        Self(Arc::new(Revision { leaf, ..Revision::default() }))
    }

    fn push(&mut self, transition: usize) {
        let revision = Arc::make_mut(&mut self.0);
        revision.transitions.push(transition);
        revision.cells = OnceLock::new();
    }

    /// The leaf that made the revision.
    #[must_use]
    pub fn leaf<'r>(&self, record: &'r Record) -> &'r Leaf {
        &record.leaves[self.0.leaf]
    }

    /// Later transitions whose `set` counts for the revision, oldest first.
    pub fn transitions<'r>(&self, record: &'r Record) -> impl DoubleEndedIterator<Item = &'r Leaf> {
        self.0.transitions.iter().map(|&at| &record.leaves[at])
    }

    /// The value of a field: the latest `set` that names it, else the revision's own.
    #[must_use]
    pub fn value<'r>(&self, record: &'r Record, name: &str) -> Option<&'r Value> {
        let wanted = numbered(name);
        let cells = self.0.cells.get_or_init(|| self.0.cells(record));
        let Some(cell) = cells.iter().find(|cell| cell.name == wanted) else { return self.leaf(record).body.find(wanted) };
        let (key, value) = cell.member(self.0.leaf, record);
        debug_assert!(key == name, "`{key}` and `{name}` share a number");
        Some(value)
    }

    /// The erase leaf that took the field, where no value is left.
    #[must_use]
    pub fn erased(&self, record: &Record, name: &str) -> Option<u64> {
        let own = self.leaf(record).erasure.of(name);
        own.or_else(|| self.transitions(record).rev().find_map(|leaf| leaf.erasure.of("set")))
    }
}

impl Revision {
    /// Every field that the revision or a transition for it names, with the place of the value that counts. Those that a stored body finds
    /// itself are left out.
    fn cells(&self, record: &Record) -> Box<[Cell]> {
        let body = &record.leaves[self.leaf].body;
        let body = (!body.is_stored()).then(|| body.fields().map(|(name, _)| name)).into_iter().flatten();
        let cell = |leaf: usize, at: usize, name: &str| Cell { name: numbered(name), leaf: small(leaf), at: small(at) };
        let mut cells: Vec<Cell> = body.enumerate().map(|(at, name)| cell(self.leaf, at, name)).collect();
        for &leaf in &self.transitions {
            for (at, (name, _)) in record.leaves[leaf].set().iter().enumerate() {
                let new = cell(leaf, at, name);
                match cells.iter_mut().find(|old| old.name == new.name) {
                    Some(old) => *old = new,
                    None => cells.push(new),
                }
            }
        }
        cells.into()
    }
}

/// A record as it stood: head, revision in force, state.
#[derive(Clone, Debug)]
pub struct Standing {
    /// how many of the record's leaves count
    pub leaves: usize,
    /// the latest revision
    pub head: Layers,
    /// the revision in force: the latest that reached a settled state and has not left the settled ones
    pub in_force: Option<Layers>,
    /// state that the log gives the head; what time alone does is not in it
    pub state: Arc<str>,
    /// state before it was set aside, if it was
    pub set_aside_from: Option<Arc<str>>,
    set_aside: bool,
    proposed: bool,
}

/// How a record stood after each of its leaves, with their seqs side by side, since views of past days look for them.
#[derive(Debug)]
pub(super) struct Timeline {
    /// the last of the seqs, since most views see all of them
    last: u64,
    seqs: Box<[u64]>,
    standings: Box<[Standing]>,
}

impl Record {
    /// How the record stood when the log had `cut` leaves; nothing if it did not exist yet. `kind` is the record's own.
    #[must_use]
    pub fn standing(&self, kind: &Kind, cut: u64) -> Option<&Standing> {
        let timeline = self.timeline.get_or_init(|| timeline(&self.leaves, kind));
        // Most views are of today, where every leaf counts.
        let leaves = if timeline.last < cut { timeline.seqs.len() } else { timeline.seqs.partition_point(|seq| *seq < cut) };
        timeline.standings.get(leaves.checked_sub(1)?)
    }
}

/// How a record stood after each of its leaves.
fn timeline(leaves: &[Leaf], kind: &Kind) -> Timeline {
    let mut timeline: Vec<Standing> = Vec::with_capacity(leaves.len());
    for (at, leaf) in leaves.iter().enumerate() {
        let standing = match timeline.last() {
            None => Standing::first(kind, leaf),
            Some(before) => before.clone().then(kind, at, leaf),
        };
        timeline.push(standing);
    }
    let last = leaves.last().map_or(u64::MAX, |leaf| leaf.seq);
    Timeline { last, seqs: leaves.iter().map(|leaf| leaf.seq).collect(), standings: timeline.into() }
}

impl Standing {
    fn first(kind: &Kind, leaf: &Leaf) -> Self {
        let head = Layers::of(0);
        let in_force = kind.is_settled(&leaf.state).then(|| head.clone());
        Self { leaves: 1, head, in_force, state: leaf.state.clone(), set_aside_from: None, set_aside: false, proposed: false }
    }

    fn then(mut self, kind: &Kind, at: usize, leaf: &Leaf) -> Self {
        match leaf.action {
            Action::Create | Action::Revise => {
                self.head = Layers::of(at);
                if kind.is_settled(&leaf.state) {
                    self.in_force = Some(self.head.clone());
                }
            }
            Action::Transition => self.transition(kind, at, leaf),
            Action::SetAside => self.set_aside_from = Some(self.state.clone()),
            Action::Erase | Action::Key => {}
        }
        self.state = leaf.state.clone();
        self.leaves = at + 1;
        self.set_aside = self.state.as_ref() == SET_ASIDE;
        self.proposed = self.stands_beside();
        self
    }

    /// A transition whose `from` is not the state of the head was made on the revision in force while the head was proposed;
    /// the head takes the new state too (FORMATS §2).
    fn transition(&mut self, kind: &Kind, at: usize, leaf: &Leaf) {
        let on_head = leaf.from().is_none_or(|from| from == self.state.as_ref());
        let proposed = self.proposed;
        let settled = kind.is_settled(&leaf.state);
        self.head.push(at);
        if on_head && proposed {
            if settled {
                self.in_force = Some(self.head.clone());
            }
            return;
        }
        match &mut self.in_force {
            Some(revision) if settled => revision.push(at),
            in_force => *in_force = settled.then(|| self.head.clone()),
        }
    }

    /// Whether it was set aside.
    #[must_use]
    pub const fn is_set_aside(&self) -> bool {
        self.set_aside
    }

    /// The same as if no revision were in force: what a writer asks about a proposal.
    #[must_use]
    pub fn of_head(&self) -> Self {
        Self { in_force: None, proposed: false, ..self.clone() }
    }

    /// The revision that rules, lists and pages read: the one in force, else the head.
    #[must_use]
    pub fn shown(&self) -> &Layers {
        self.in_force.as_ref().unwrap_or(&self.head)
    }

    /// Whether the head waits beside an older revision in force.
    #[must_use]
    pub const fn is_proposed(&self) -> bool {
        self.proposed
    }

    fn stands_beside(&self) -> bool {
        self.in_force.as_ref().is_some_and(|revision| revision.0.leaf != self.head.0.leaf)
    }

    /// The state of the revision that is shown: that of the head unless an older one is in force.
    #[must_use]
    pub fn shown_state<'r>(&'r self, record: &'r Record) -> &'r str {
        if !self.is_proposed() {
            return &self.state;
        }
        let revision = self.shown();
        revision.transitions(record).next_back().map_or(&revision.leaf(record).state, |leaf| &leaf.state)
    }

    /// The states its course led through and has not gone back behind: from each of them on its fields must be filled.
    #[must_use]
    pub fn course<'r>(&self, record: &'r Record, kind: &Kind) -> Vec<&'r str> {
        let mut course: Vec<&'r str> = Vec::new();
        for leaf in &record.leaves[..self.leaves] {
            let rank = kind.state_rank(&leaf.state);
            if rank.is_none() {
                continue;
            }
            course.retain(|state| kind.state_rank(state) <= rank);
            if !course.contains(&leaf.state.as_ref()) {
                course.push(&leaf.state);
            }
        }
        course
    }
}
