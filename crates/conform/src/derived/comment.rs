//! Derived values of a comment.

use vouch_record::condition::Val;
use vouch_record::kind::generated::comment::{Comment, CommentState};

use super::Derived;
use crate::view::Entry;

/// The derived values of a comment.
pub const TABLE: &[Derived] = &[Derived::new("blocking", |entry| Val::Bool(blocking(entry)))];

/// It asks for an answer, is open, and its subject waits for approval: an approval leads from the state of the head to one in which a
/// revision is in force.
#[must_use]
pub fn blocking(entry: Entry<'_>) -> bool {
    let comment = Comment(entry.content());
    let asks = comment.asks_answer().is(true) && entry.is(CommentState::Open.id());
    asks && comment.subject().get().and_then(|link| entry.view().get(link.id)).is_some_and(waits_for_approval)
}

fn waits_for_approval(subject: Entry<'_>) -> bool {
    let (kind, state) = (subject.kind(), subject.standing().state.as_ref());
    let leads = |way: &vouch_record::kind::Transition| {
        !way.approvals.is_empty() && way.from.iter().any(|from| from == state) && kind.is_settled(&way.to)
    };
    !kind.is_settled(state) && kind.transitions.iter().any(leads)
}
