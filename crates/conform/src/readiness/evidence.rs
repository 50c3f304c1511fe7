//! The records that show an item, from which a sample is drawn.

use serde::{Serialize, Serializer};
use vouch_record::Id;

use super::{Depth, ItemRun};
use crate::view::View;

/// A record that passed a rule.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Evidence {
    /// depth of the rule
    pub depth: Depth,
    /// kind of the record
    pub kind: String,
    /// the record
    pub id: Id,
    /// the revision the rule read
    pub revision: u32,
}

impl Serialize for Evidence {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct;
        let mut out = serializer.serialize_struct("Evidence", 4)?;
        out.serialize_field("id", &self.id.to_string())?;
        out.serialize_field("kind", &self.kind)?;
        out.serialize_field("revision", &self.revision)?;
        out.serialize_field("depth", &self.depth)?;
        out.end()
    }
}

impl Evidence {
    /// What passed the rules of an item, once per depth, in the order of depth, kind, id.
    pub(super) fn of(view: &View, run: &ItemRun<'_>) -> Vec<Self> {
        // Places of kinds are in the order of their names, and quicker to compare.
        let kinds = view.kinds();
        let mut all: Vec<(Depth, Option<usize>, Id, u32)> = Vec::new();
        for rule in &run.rules {
            let passed = rule.verdicts.iter().flat_map(|verdicts| &verdicts.passed);
            all.extend(passed.map(|subject| (rule.depth, kinds.place(subject.id), subject.id, subject.revision)));
        }
        all.sort_unstable();
        all.dedup();
        let kind = |id: Id| kinds.of(id).map_or_else(String::new, |kind| kind.name.clone());
        all.into_iter().map(|(depth, _, id, revision)| Self { depth, kind: kind(id), id, revision }).collect()
    }
}
