//! Derived values of a competence need.

mod holder;
mod proof;

pub use holder::{Holder, NeededBy, holders, needed_by};
pub use proof::{Gap, Proof, gaps, is_met, proofs, runs_out};

use super::Derived;
use super::answer::{ids, table};

/// The derived values of a competence need.
pub const TABLE: &[Derived] = &[
    Derived::new("needed_by", |entry| {
        table(entry, "competence-need.needed_by", || {
            let rows = needed_by(entry).into_iter();
            rows.map(|by| match by {
                NeededBy::Role(role) => row! { role: role },
                NeededBy::Staffing(system) => row! { ai_system: system },
                NeededBy::Oversight(plan) => row! { plan: plan },
                NeededBy::Everybody => row! { everybody: true },
                NeededBy::Audience => row! { everybody: false },
            })
            .collect()
        })
    }),
    Derived::new("holders", |entry| {
        table(entry, "competence-need.holders", || {
            holders(entry).iter().map(|holder| row! { person: holder.person, since: holder.since }).collect()
        })
    }),
    Derived::new("met_by", |entry| {
        table(entry, "competence-need.met_by", || {
            let met = holders(entry).iter().filter(|holder| is_met(entry, holder.person));
            met.map(|holder| row! { person: holder.person, records: proofs(entry, holder.person).iter().map(|proof| proof.record).collect::<Vec<_>>() })
                .collect()
        })
    })
    .reading(&["accepted_proof"]),
    Derived::new("gaps", |entry| {
        table(entry, "competence-need.gaps", || {
            let rows = gaps(entry).into_iter();
            rows.map(|gap| row! { person: gap.person, since: gap.since, missing: gap.missing, planned: gap.planned }).collect()
        })
    })
    .reading(&["accepted_proof", "within"]),
    Derived::new("runs_out", |entry| ids(runs_out(entry))).reading(&["accepted_proof"]),
];
