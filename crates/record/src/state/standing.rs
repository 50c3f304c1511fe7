//! How a record stood at a cut through the log.

use crate::kind::Kind;
use crate::value::Value;

use super::{Action, Leaf, Record, SET_ASIDE};

/// One revision with what transitions wrote for it since.
#[derive(Clone, Debug)]
pub struct Layers<'a> {
    /// the leaf that made the revision
    pub leaf: &'a Leaf,
    /// later transitions whose `set` counts for it, oldest first
    pub transitions: Vec<&'a Leaf>,
}

impl<'a> Layers<'a> {
    /// The value of a field: the latest `set` that names it, else the revision's own.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&'a Value> {
        let set = self.transitions.iter().rev().find_map(|leaf| member(leaf.set(), name));
        set.or_else(|| self.leaf.body.get(name))
    }

    /// The erase leaf that took the field, where no value is left.
    #[must_use]
    pub fn erased(&self, name: &str) -> Option<u64> {
        let own = self.leaf.erasure.of(name);
        own.or_else(|| self.transitions.iter().rev().find_map(|leaf| leaf.erasure.of("set")))
    }
}

fn member<'a>(set: &'a [(Box<str>, Value)], name: &str) -> Option<&'a Value> {
    set.binary_search_by(|(key, _)| key.as_ref().cmp(name)).ok().map(|at| &set[at].1)
}

/// A record as it stood: head, revision in force, state.
#[derive(Clone, Debug)]
pub struct Standing<'a> {
    /// the record
    pub record: &'a Record,
    /// its leaves below the cut
    pub leaves: &'a [Leaf],
    /// the latest revision
    pub head: Layers<'a>,
    /// the revision in force: the latest that reached a settled state and has not left the settled ones
    pub in_force: Option<Layers<'a>>,
    /// state that the log gives; what time alone does is not in it
    pub state: &'a str,
    /// state before it was set aside, if it was
    pub set_aside_from: Option<&'a str>,
}

impl Record {
    /// How the record stood when the log had `cut` leaves; nothing if it did not exist yet.
    #[must_use]
    pub fn standing<'a>(&'a self, kind: &Kind, cut: u64) -> Option<Standing<'a>> {
        let leaves = self.before(cut);
        let first = leaves.first()?;
        let mut head = Layers { leaf: first, transitions: Vec::new() };
        let mut in_force = kind.is_settled(&first.state).then(|| head.clone());
        let mut state: &str = &first.state;
        let mut set_aside_from = None;
        for leaf in &leaves[1..] {
            match leaf.action {
                Action::Create | Action::Revise => {
                    head = Layers { leaf, transitions: Vec::new() };
                    if kind.is_settled(&leaf.state) {
                        in_force = Some(head.clone());
                    }
                }
                Action::Transition => fold_transition(kind, leaf, state, &mut head, &mut in_force),
                Action::SetAside => set_aside_from = Some(state),
                Action::Erase | Action::Key => {}
            }
            state = &leaf.state;
        }
        Some(Standing { record: self, leaves, head, in_force, state, set_aside_from })
    }
}

/// A transition whose `from` is not the state of the head was made on the revision in force while the head was proposed; the
/// head takes the new state too (FORMATS §2).
fn fold_transition<'a>(kind: &Kind, leaf: &'a Leaf, state: &str, head: &mut Layers<'a>, in_force: &mut Option<Layers<'a>>) {
    let on_head = leaf.from().is_none_or(|from| from == state);
    let same = in_force.as_ref().is_some_and(|revision| revision.leaf.seq == head.leaf.seq);
    head.transitions.push(leaf);
    if on_head && !same {
        if kind.is_settled(&leaf.state) {
            *in_force = Some(head.clone());
        }
        return;
    }
    match in_force {
        Some(revision) if kind.is_settled(&leaf.state) => revision.transitions.push(leaf),
        _ => *in_force = None,
    }
    if in_force.is_none() && kind.is_settled(&leaf.state) {
        *in_force = Some(head.clone());
    }
}

impl<'a> Standing<'a> {
    /// Whether it was set aside.
    #[must_use]
    pub fn is_set_aside(&self) -> bool {
        self.state == SET_ASIDE
    }

    /// The revision that rules, lists and pages read: the one in force, else the head.
    #[must_use]
    pub fn shown(&self) -> &Layers<'a> {
        self.in_force.as_ref().unwrap_or(&self.head)
    }

    /// Whether the head waits beside a revision in force.
    #[must_use]
    pub fn is_proposed(&self) -> bool {
        self.in_force.as_ref().is_some_and(|revision| revision.leaf.seq != self.head.leaf.seq)
    }

    /// The state of the revision that is shown: that of the head unless an older one is in force.
    #[must_use]
    pub fn shown_state(&self) -> &'a str {
        if !self.is_proposed() {
            return self.state;
        }
        let revision = self.shown();
        revision.transitions.last().map_or(&revision.leaf.state, |leaf| &leaf.state)
    }

    /// The states its course led through and has not gone back behind: from each of them on its fields must be filled.
    #[must_use]
    pub fn course(&self, kind: &Kind) -> Vec<&'a str> {
        let mut course: Vec<&'a str> = Vec::new();
        for leaf in self.leaves {
            let rank = kind.state_rank(&leaf.state);
            course.retain(|state| kind.state_rank(state) <= rank);
            if rank.is_some() && !course.contains(&leaf.state.as_ref()) {
                course.push(&leaf.state);
            }
        }
        course
    }
}
