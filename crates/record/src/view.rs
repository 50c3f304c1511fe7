//! A record's content as rules read it, and the readers that the generated typed views are made of.

mod read;

pub use read::{FileRef, Members, Money, Period, Read, RequirementLink, Row, Rows, members, read, rows};

use crate::kind::Kind;
use crate::state::{Layers, Record, Standing};
use crate::value::Value;

/// What a typed accessor answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field<T> {
    /// a value
    Present(T),
    /// nothing is filled in, or nothing this version can read
    Empty,
    /// it was erased: a rule cannot judge it
    Erased,
}

impl<T> Field<T> {
    /// The value, if there is one.
    #[must_use]
    pub fn get(self) -> Option<T> {
        if let Self::Present(value) = self { Some(value) } else { None }
    }

    /// Whether it was erased.
    #[must_use]
    pub const fn is_erased(&self) -> bool {
        matches!(self, Self::Erased)
    }

    /// Whether there is a value, or was one that is erased.
    #[must_use]
    pub const fn is_filled(&self) -> bool {
        !matches!(self, Self::Empty)
    }

    /// The same over another type.
    #[must_use]
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Field<U> {
        match self {
            Self::Present(value) => Field::Present(f(value)),
            Self::Empty => Field::Empty,
            Self::Erased => Field::Erased,
        }
    }
}

impl<T: PartialEq> Field<T> {
    /// Whether there is a value equal to `other`.
    #[must_use]
    pub fn is(&self, other: T) -> bool {
        *self == Self::Present(other)
    }
}

/// Which revision a content is read from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// The revision in force, else the head; living and machine-fed fields from the head.
    InForce,
    /// The head, whatever its state.
    Head,
}

/// A record's content.
#[derive(Clone, Copy, Debug)]
pub struct Content<'a> {
    kind: &'a Kind,
    record: &'a Record,
    standing: &'a Standing,
    reading: Reading,
}

impl<'a> Content<'a> {
    /// The content of a record as it stood.
    #[must_use]
    pub const fn new(kind: &'a Kind, record: &'a Record, standing: &'a Standing, reading: Reading) -> Self {
        Self { kind, record, standing, reading }
    }

    /// The kind of the record.
    #[must_use]
    pub const fn kind(&self) -> &'a Kind {
        self.kind
    }

    /// The record.
    #[must_use]
    pub const fn record(&self) -> &'a Record {
        self.record
    }

    /// How the record stood.
    #[must_use]
    pub const fn standing(&self) -> &'a Standing {
        self.standing
    }

    /// The revision most fields are read from.
    #[must_use]
    pub fn layers(&self) -> &'a Layers {
        match self.reading {
            Reading::InForce => self.standing.shown(),
            Reading::Head => &self.standing.head,
        }
    }

    fn layers_of(&self, name: &str) -> &'a Layers {
        let from_head = || self.kind.field(name).is_some_and(|field| field.living || field.machine_fed());
        if self.standing.is_proposed() && from_head() { &self.standing.head } else { self.layers() }
    }

    /// The value of a field.
    #[must_use]
    pub fn value(&self, name: &str) -> Field<&'a Value> {
        let layers = self.layers_of(name);
        match layers.value(self.record, name) {
            Some(value) if value.is_empty() => Field::Empty,
            Some(value) => Field::Present(value),
            None if layers.erased(self.record, name).is_some() => Field::Erased,
            None => Field::Empty,
        }
    }

    /// The erase leaf that took a field, if one did and no value is left.
    #[must_use]
    pub fn erased(&self, name: &str) -> Option<u64> {
        let layers = self.layers_of(name);
        if layers.value(self.record, name).is_some() { None } else { layers.erased(self.record, name) }
    }

    /// All fields that are filled, sorted by name.
    #[must_use]
    pub fn fields(&self) -> Vec<(&'a str, &'a Value)> {
        let mut names: Vec<&'a str> = Vec::new();
        for layers in [self.layers(), &self.standing.head] {
            names.extend(layers.leaf(self.record).body.fields().map(|(name, _)| name));
            names.extend(layers.transitions(self.record).flat_map(|leaf| leaf.set().iter().map(|(name, _)| name.as_ref())));
        }
        names.sort_unstable();
        names.dedup();
        names.into_iter().filter_map(|name| self.value(name).get().map(|value| (name, value))).collect()
    }
}
