//! Figures: pure functions from data to SVG. Classes only; a sentence says what is seen.

pub(crate) mod depth;
pub(crate) mod gantt;
pub(crate) mod lanes;
pub(crate) mod levels;
pub(crate) mod lineage;
pub(crate) mod share;
pub(crate) mod spark;
pub(crate) mod stage;
pub(crate) mod trend;
