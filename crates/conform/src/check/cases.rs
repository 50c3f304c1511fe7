//! The cases of all rules: Markdown beside the predicates, run against a small clean organisation.
//!
//! **Base** (`check/base/*.yaml`): a map of lives. `SYS-1` and the like are labels; a record's real number follows from the order
//! of creation, and every link and every expectation is written in labels.
//!
//! ```yaml
//! SCP-1:
//!   at: 2025-03-01                  # a day (09:00 UTC) or an instant; of revision 1
//!   by: PER-2                       # a person, machine:name or system
//!   state: discovered               # only where it does not begin as a draft (or in the first state of a kind without)
//!   fields: {title: Scope, …}
//!   then:                           # what happened to it, in order
//!     - {at: 2025-03-02, by: PER-2, to: submitted}
//!     - {at: 2025-03-03, by: PER-1, to: approved, approve: PER-1, set: {valid_from: 2025-03-03}}
//!     - {at: 2025-09-01, by: PER-2, revise: {review_by: 2026-03-01}}     # `state: draft` where it goes back
//!     - {at: 2025-09-02, by: PER-1, approve: {by: PER-1, purpose: review}}
//!     - {at: 2025-10-01, by: PER-1, aside: entered twice}
//! ```
//!
//! `rows: frozen` in a statement of applicability stands for what freezing the base would write on the day of `frozen_at`.
//!
//! `approve` writes an approval (several: a list) before the transition and makes it its cause. Its label is
//! `SCP-1/approve`, or `SCP-1/review#2` for the second of that purpose; members of the map are fields of the approval.
//!
//! **Case** (`check/<item>.md`): a heading that begins with the id of a rule, prose, a fence `yaml` that patches the base, and
//! a fence `expect`. A patch has
//! - `today`: another day;
//! - `change: {SYS-1: {field: value}}`: as if the record had said so wherever the field is written, and from the first revision on;
//!   null empties it; `SYS-1@2` changes only what makes that revision;
//! - `steps: {SYS-1: {2: {by: PER-3}}}`: members of the second step of `then` (0 is the creation); null takes the step out;
//! - `then: {SYS-1: [steps]}`: steps that follow; `add: {SYS-90: life}`; `remove: [SYS-1]`;
//! - `erase: {SYS-1: [fields]}` on the last day; `unbound: [EVD-1]`: leaves that lie under no verified checkpoint.
//!
//! `expect` lists, exactly, which rules of the item fail: `4.3-D3: SCP-1, SYS-2` (`-` for a lapse about no record); below it, set
//! in, may stand the sentence of a lapse. `4.3-D2 cannot judge: SYS-1`, `4.3-O1 not asked`, `4.3-O1 passes: SYS-1`, `nothing`.

mod case;
mod compare;
mod freeze;
mod gates;
mod life;
mod log;
mod modes;
#[cfg(feature = "mutants")]
mod mutants;
mod patch;
mod walk;
mod writer;

pub(crate) use log::{Built, Fixed, build};
pub(crate) use patch::{Lives, Patch};
