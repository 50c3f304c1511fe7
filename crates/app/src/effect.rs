//! What follows of itself from a transition: rows that another record's decision writes, confirmations that are asked for.

mod acknowledgement;
mod stage;

use std::sync::Arc;

use vouch_record::Id;
use vouch_record::kind::Kind;

use crate::error::Result;
use crate::work::Work;

/// Writes what follows from a record having entered a state.
pub(crate) fn after(work: &mut Work<'_>, kind: &Arc<Kind>, id: Id, to: &str) -> Result<()> {
    match (kind.name.as_str(), to) {
        ("stage-review", "decided") => stage::enter(work, id),
        ("document" | "role", "approved") => acknowledgement::ask(work, id),
        _ => Ok(()),
    }
}
