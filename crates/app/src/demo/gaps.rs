//! What such an agency has not done: drawn per seed, so that no two samples lack the same. A sample without a gap, or with a single
//! one, is another way of filling this table and nothing else.

use std::collections::{BTreeMap, BTreeSet};

use super::chance::Chance;

/// Something that is missing or late.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Gap {
    /// no impact assessment was ever submitted
    NoAssessment,
    /// the impact assessment came months late
    LateAssessment,
    /// its measures passed their day
    LateMeasures,
    /// nobody tested it
    NoTest,
    /// the test was never reviewed
    UnreviewedTest,
    /// measurements stopped for months
    MonitoringHole,
    /// the owner did not confirm the record
    Unconfirmed,
    /// what users are told was not published
    UnpublishedInformation,
    /// the data were not assessed
    NoDataAssessment,
    /// one category of risk was forgotten
    MissingCategory,
    /// a risk that was found and never scored
    UnscoredRisk,
    /// the specification does not say what stops a prohibited use
    NoBoundaries,
    /// the supplier was never approved
    UnapprovedSupplier,
    /// the supplier's contract leaves a clause open
    OpenClause,
    /// nothing but the supplier's word stands behind its answers
    WordAlone,
    /// no pipeline or export shows what it consists of
    TypedParts,
    /// a person of the agency never confirmed the rules of use
    Unread,
    /// risks without a second score
    OneScore,
    /// the dataset stayed a draft
    UnregisteredData,
}

/// What is missing where, by the place of the system, supplier, person or risk among its like.
#[derive(Debug, Default)]
pub(super) struct Gaps(BTreeMap<Gap, BTreeSet<usize>>);

impl Gaps {
    /// The gaps of a seed, among so many systems, suppliers and people.
    pub(super) fn drawn(seed: u64, systems: usize, suppliers: usize, people: usize) -> Self {
        let mut chance = Chance::of(seed, "gaps");
        let mut gaps = Self::default();
        let per_system = [
            (Gap::NoAssessment, 1, 4),
            (Gap::LateAssessment, 2, 6),
            (Gap::LateMeasures, 0, 3),
            (Gap::NoTest, 1, 4),
            (Gap::UnreviewedTest, 1, 3),
            (Gap::MonitoringHole, 1, 4),
            (Gap::Unconfirmed, 1, 5),
            (Gap::UnpublishedInformation, 0, 3),
            (Gap::NoDataAssessment, 0, 4),
            (Gap::MissingCategory, 1, 3),
            (Gap::UnscoredRisk, 0, 2),
            (Gap::NoBoundaries, 0, 3),
            (Gap::UnregisteredData, 0, 2),
        ];
        for (gap, least, most) in per_system {
            gaps.draw(&mut chance, gap, (least, most), systems);
        }
        gaps.draw(&mut chance, Gap::UnapprovedSupplier, (0, 2), suppliers);
        gaps.draw(&mut chance, Gap::OpenClause, (0, 2), suppliers);
        gaps.draw(&mut chance, Gap::WordAlone, (0, 3), suppliers);
        gaps.draw(&mut chance, Gap::TypedParts, (1, 11), systems);
        gaps.draw(&mut chance, Gap::Unread, (0, 4), people);
        gaps.draw(&mut chance, Gap::OneScore, (0, 60), 400);
        gaps
    }

    fn draw(&mut self, chance: &mut Chance, gap: Gap, (least, most): (i64, i64), among: usize) {
        let mut places: Vec<usize> = (0..among).collect();
        chance.shuffle(&mut places);
        let count = usize::try_from(chance.between(least, most)).unwrap_or(0);
        self.0.insert(gap, places.into_iter().take(count).collect());
    }

    /// Whether this is missing there.
    pub(super) fn has(&self, gap: Gap, place: usize) -> bool {
        self.0.get(&gap).is_some_and(|places| places.contains(&place))
    }
}
