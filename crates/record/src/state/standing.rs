//! How a record stood at a cut through the log.
//!
//! A standing holds places in the record's list of leaves and no references, so that views can keep it beside the state.

use std::sync::Arc;

use crate::kind::Kind;
use crate::value::Value;

use super::{Action, Leaf, Record, SET_ASIDE};

/// One revision with what transitions wrote for it since.
#[derive(Clone, Debug)]
pub struct Layers {
    leaf: usize,
    transitions: Vec<usize>,
}

impl Layers {
    /// The leaf that made the revision.
    #[must_use]
    pub fn leaf<'r>(&self, record: &'r Record) -> &'r Leaf {
        &record.leaves[self.leaf]
    }

    /// Later transitions whose `set` counts for the revision, oldest first.
    pub fn transitions<'r>(&self, record: &'r Record) -> impl DoubleEndedIterator<Item = &'r Leaf> {
        self.transitions.iter().map(|&at| &record.leaves[at])
    }

    /// The value of a field: the latest `set` that names it, else the revision's own.
    #[must_use]
    pub fn value<'r>(&self, record: &'r Record, name: &str) -> Option<&'r Value> {
        let set = self.transitions(record).rev().find_map(|leaf| member(leaf.set(), name));
        set.or_else(|| self.leaf(record).body.get(name))
    }

    /// The erase leaf that took the field, where no value is left.
    #[must_use]
    pub fn erased(&self, record: &Record, name: &str) -> Option<u64> {
        let own = self.leaf(record).erasure.of(name);
        own.or_else(|| self.transitions(record).rev().find_map(|leaf| leaf.erasure.of("set")))
    }
}

fn member<'a>(set: &'a [(Box<str>, Value)], name: &str) -> Option<&'a Value> {
    set.binary_search_by(|(key, _)| key.as_ref().cmp(name)).ok().map(|at| &set[at].1)
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
}

impl Record {
    /// How the record stood when the log had `cut` leaves; nothing if it did not exist yet.
    #[must_use]
    pub fn standing(&self, kind: &Kind, cut: u64) -> Option<Standing> {
        let leaves = self.before(cut);
        let first = leaves.first()?;
        let head = Layers { leaf: 0, transitions: Vec::new() };
        let in_force = kind.is_settled(&first.state).then(|| head.clone());
        let mut standing = Standing { leaves: leaves.len(), head, in_force, state: first.state.clone(), set_aside_from: None };
        for (at, leaf) in leaves.iter().enumerate().skip(1) {
            match leaf.action {
                Action::Create | Action::Revise => {
                    standing.head = Layers { leaf: at, transitions: Vec::new() };
                    if kind.is_settled(&leaf.state) {
                        standing.in_force = Some(standing.head.clone());
                    }
                }
                Action::Transition => standing.transition(kind, at, leaf),
                Action::SetAside => standing.set_aside_from = Some(standing.state.clone()),
                Action::Erase | Action::Key => {}
            }
            standing.state = leaf.state.clone();
        }
        Some(standing)
    }
}

impl Standing {
    /// A transition whose `from` is not the state of the head was made on the revision in force while the head was proposed;
    /// the head takes the new state too (FORMATS §2).
    fn transition(&mut self, kind: &Kind, at: usize, leaf: &Leaf) {
        let on_head = leaf.from().is_none_or(|from| from == self.state.as_ref());
        let proposed = self.is_proposed();
        let settled = kind.is_settled(&leaf.state);
        self.head.transitions.push(at);
        if on_head && proposed {
            if settled {
                self.in_force = Some(self.head.clone());
            }
            return;
        }
        match &mut self.in_force {
            Some(revision) if settled => revision.transitions.push(at),
            in_force => *in_force = settled.then(|| self.head.clone()),
        }
    }

    /// Whether it was set aside.
    #[must_use]
    pub fn is_set_aside(&self) -> bool {
        self.state.as_ref() == SET_ASIDE
    }

    /// The revision that rules, lists and pages read: the one in force, else the head.
    #[must_use]
    pub fn shown(&self) -> &Layers {
        self.in_force.as_ref().unwrap_or(&self.head)
    }

    /// Whether the head waits beside an older revision in force.
    #[must_use]
    pub fn is_proposed(&self) -> bool {
        self.in_force.as_ref().is_some_and(|revision| revision.leaf != self.head.leaf)
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
