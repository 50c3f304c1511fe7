//! The table of kinds: what each type of record holds, through which states it goes, and what it proves.
//!
//! A kind is one YAML file (`kinds/<kind>.yaml`). The bytes are handed in; the binary embeds them, an organisation may add
//! fields of its own with files in its data folder.

mod field;
mod load;
#[cfg(test)]
pub(crate) mod tests;

#[rustfmt::skip]
pub mod generated;

pub use field::{Choice, Column, FieldSpec, FieldType, MayBeEmpty, Required, Scalar, Target};
pub use load::LoadError;

use std::sync::{Arc, OnceLock};

use rustc_hash::FxHashMap;

use crate::condition::Condition;
use crate::id::Id;

/// A kind of record.
#[derive(Debug)]
pub struct Kind {
    /// kebab-case noun, for example `ai-system`
    pub name: String,
    /// schema version of the file, from 1; stands in the envelope of each leaf
    pub version: u32,
    /// three capital letters of its ids
    pub prefix: String,
    /// area of the management system it belongs to
    pub area: String,
    /// name of one record
    pub title: String,
    /// name of many
    pub plural: String,
    /// what it is for and what an auditor does with it
    pub help: String,
    /// what it holds
    pub fields: Vec<FieldSpec>,
    /// what is computed from it and other records
    pub derived: Vec<DerivedSpec>,
    /// its states, the first being that of a new record
    pub states: Vec<String>,
    /// states in which a revision is in force
    pub settled: Vec<String>,
    /// ways between the states
    pub transitions: Vec<Transition>,
    /// combinations that may occur once
    pub unique: Vec<Vec<UniquePart>>,
    /// requirements it can prove
    pub proves: Vec<Proves>,
    names: FxHashMap<String, usize>,
    covered: OnceLock<Box<[usize]>>,
}

/// A value computed for the day asked for, never stored (FORMATS §10).
#[derive(Debug)]
pub struct DerivedSpec {
    /// name, as a field's
    pub name: String,
    /// how it is computed, in words
    pub rule: String,
    /// type of the value
    pub kind: FieldType,
}

/// A way from one state to another.
#[derive(Debug)]
pub struct Transition {
    /// states it leaves
    pub from: Vec<String>,
    /// state it enters
    pub to: String,
    /// what it wants, for people
    pub needs: String,
    /// role key of who may make it, `any_member` or `machine`
    pub who: String,
    /// the actor must be one of these
    pub by: Vec<PersonTerm>,
    /// the actor may be none of these
    pub not_by: Vec<PersonTerm>,
    /// for `who: machine`, how it comes about
    pub machine: Option<Machine>,
    /// approvals it wants; the last one makes it
    pub approvals: Vec<ApprovalNeed>,
    /// conditions it wants, each with what to say when it is missing
    pub requires: Vec<Requirement>,
    /// fields that may be given with it
    pub set: Vec<String>,
    /// fields the program writes with it
    pub writes: Vec<(String, Written)>,
}

/// How a machine makes a transition.
#[derive(Debug)]
pub enum Machine {
    /// Time or another record's state alone; never written, computed for the day asked for.
    Computed(Condition),
    /// Something from outside; writes a leaf.
    Connector,
}

/// An approval a transition wants.
#[derive(Debug)]
pub struct ApprovalNeed {
    /// any of these purposes
    pub purposes: Vec<String>,
    /// `approved` or `rejected`
    pub decision: String,
    /// who may give it; empty means a holder of the transition's `who`
    pub by: Vec<PersonTerm>,
    /// who may not
    pub not: Vec<PersonTerm>,
    /// role keys, one of which the approver acts in
    pub capacity: Vec<String>,
    /// only needed when this holds
    pub when: Option<Condition>,
    /// whether a committee may give it
    pub on_behalf: bool,
    /// one approval from each person whom `by` names, not from any one of them
    pub every: bool,
}

/// A condition with the sentence that says what is missing.
#[derive(Debug)]
pub struct Requirement {
    /// what must hold
    pub condition: Condition,
    /// what to say when it does not
    pub say: String,
}

/// What the program writes into a field at a transition.
#[derive(Debug)]
pub enum Written {
    /// the day of the transition
    Today,
    /// its instant
    Now,
    /// who makes it
    Actor,
    /// nothing: what stood there is taken out
    Empty,
    /// how the actor was known
    SignIn,
    /// the value of an expression
    Value(Condition),
}

/// A word that names persons: a field path, a role key, or one of the fixed words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PersonTerm {
    /// everyone who last changed any field of the revision
    Author,
    /// who made revision 1
    Maker,
    /// who made the latest transition into a state
    Mover(String),
    /// whoever may give the approval of the way forward
    Approver,
    /// a person whose `top_management` is true that day
    TopManagement,
    /// a path to persons: a field, or fields through links
    Path(Vec<String>),
    /// holders of approved roles of this key
    Role(String),
}

/// One member of a unique combination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UniquePart {
    /// the value of a field
    Field(String),
    /// only records in this state are compared
    State(String),
}

/// A requirement that a kind can prove.
#[derive(Debug)]
pub struct Proves {
    /// item of ISO/IEC 42001
    pub requirement: String,
    /// `documented`, `operating` or `proven`
    pub depth: String,
    /// when it does
    pub when: String,
}

impl Kind {
    /// The field of this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&FieldSpec> {
        self.names.get(name).map(|&at| &self.fields[at])
    }

    /// The derived value of this name.
    #[must_use]
    pub fn derived(&self, name: &str) -> Option<&DerivedSpec> {
        self.derived.iter().find(|derived| derived.name == name)
    }

    /// The state of a new record.
    #[must_use]
    pub fn first_state(&self) -> &str {
        &self.states[0]
    }

    /// The state in which a record begins: `draft` where the kind has it, except for what comes as its first state says (an AI
    /// system of origin `discovered`, say); else the first state (FORMATS §4, §12).
    #[must_use]
    pub fn beginning<'k>(&'k self, origin: Option<&str>) -> &'k str {
        match self.draft() {
            Some(draft) if origin != Some(self.first_state()) => draft,
            _ => self.first_state(),
        }
    }

    /// The fields that an approval of a record of this kind covers ([`crate::cover`]).
    pub fn covered(&self) -> impl Iterator<Item = &FieldSpec> {
        let all = || {
            let places = self.fields.iter().enumerate().filter(|(_, field)| crate::cover::is_covered(self, field));
            places.map(|(at, _)| at).collect()
        };
        self.covered.get_or_init(all).iter().map(|&at| &self.fields[at])
    }

    /// Whether time alone, or another record's state, can lead out of this state: some way from it is computed and never written.
    #[must_use]
    pub fn passes_from(&self, state: &str) -> bool {
        let computed = |way: &&Transition| matches!(way.machine, Some(Machine::Computed(_)));
        self.transitions.iter().filter(computed).any(|way| way.from.iter().any(|from| from == state))
    }

    /// Whether a revision in this state is in force.
    #[must_use]
    pub fn is_settled(&self, state: &str) -> bool {
        self.settled.iter().any(|settled| settled == state)
    }

    /// Place of a state in the order of states.
    #[must_use]
    pub fn state_rank(&self, state: &str) -> Option<usize> {
        self.states.iter().position(|s| s == state)
    }

    /// The state to which a changed revision goes back: `draft`, if the kind has it.
    #[must_use]
    pub fn draft(&self) -> Option<&str> {
        self.states.iter().find(|state| *state == "draft").map(String::as_str)
    }

    /// The transitions that lead from one state to another.
    pub fn ways(&self, from: &str, to: &str) -> impl Iterator<Item = &Transition> {
        self.transitions.iter().filter(move |way| way.to == to && way.from.iter().any(|state| state == from))
    }
}

/// All kinds of an installation.
#[derive(Debug, Clone)]
pub struct Kinds {
    all: Vec<Arc<Kind>>,
    names: FxHashMap<String, usize>,
    prefixes: Arc<[Option<u16>]>,
}

impl Kinds {
    /// Reads the kinds from their files and adds the organisation's own fields.
    ///
    /// `files` and `own` are pairs of file name and bytes. An own file bears a known `kind` and a list of `fields`.
    ///
    /// # Errors
    /// The first defect found, with file and place: unknown key, type, state, link, condition.
    pub fn load(files: &[(&str, &[u8])], own: &[(&str, &[u8])]) -> Result<Self, LoadError> {
        load::load(files, own)
    }

    /// The kind of this name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Arc<Kind>> {
        self.names.get(name).map(|&at| &self.all[at])
    }

    /// The kind an id belongs to.
    #[must_use]
    pub fn of(&self, id: Id) -> Option<&Arc<Kind>> {
        self.place(id).map(|at| &self.all[at])
    }

    /// The place in [`Kinds::iter`] of the kind an id belongs to.
    #[must_use]
    pub fn place(&self, id: Id) -> Option<usize> {
        self.prefixes[id.prefix_number()].map(usize::from)
    }

    /// All kinds in the order of their names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Arc<Kind>> {
        self.all.iter()
    }

    /// How many kinds there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.all.len()
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The place of a kind in [`Kinds::iter`].
    #[must_use]
    pub fn position(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    fn new(all: Vec<Arc<Kind>>) -> Self {
        let names = all.iter().enumerate().map(|(at, kind)| (kind.name.clone(), at)).collect();
        let mut prefixes = vec![None; 26 * 26 * 26];
        for (at, kind) in all.iter().enumerate() {
            if let (Some(id), Ok(at)) = (Id::new(&kind.prefix, 1), u16::try_from(at)) {
                prefixes[id.prefix_number()] = Some(at);
            }
        }
        Self { all, names, prefixes: prefixes.into() }
    }
}
