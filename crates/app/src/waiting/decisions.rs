//! Decisions that wait: approvals that a way onward wants, and that a person may give.

use vouch_conform::view::Asker;
use vouch_conform::{Entry, View};
use vouch_record::Id;
use vouch_record::condition::Truth;
use vouch_record::kind::{ApprovalNeed, Kind, Transition};

use super::{Sort, Waiting, Wanted};
use crate::people::{Allowed, may_approve};

/// Purposes that look at what somebody else did; the others decide.
const LOOKING: [&str; 2] = ["review", "verify"];

/// The decisions that a person may give today. What any member may decide waits for nobody by name, and a draft for its author.
pub(super) fn of(view: &View, person: Id) -> Vec<Waiting> {
    let mut all = Vec::new();
    for kind in view.kinds().iter() {
        let ways: Vec<&Transition> = kind.transitions.iter().filter(|way| is_decision(kind, way)).collect();
        if ways.is_empty() {
            continue;
        }
        for entry in view.all(&kind.name) {
            let state = entry.standing().state.as_ref();
            for way in ways.iter().filter(|way| way.from.iter().any(|from| from == state)) {
                all.extend(wanted(view, entry, way, person));
            }
        }
    }
    all
}

/// Whether a way onward waits for somebody's yes. Where a draft is handed in first, it is the author's until then.
fn is_decision(kind: &Kind, way: &Transition) -> bool {
    let waits = !way.from.contains(&way.to) && way.approvals.iter().any(|need| need.decision == "approved");
    let leaves_draft = kind.draft().is_some_and(|draft| way.from.iter().all(|from| from == draft));
    waits && !ends(kind, way) && !(leaves_draft && is_handed_in(kind))
}

/// Whether a way leads past every state in which a record is in force: it is closed, dropped, void. Nobody waits for that.
fn ends(kind: &Kind, way: &Transition) -> bool {
    let last = kind.states.iter().rposition(|state| kind.is_settled(state));
    last.is_some() && kind.state_rank(&way.to) > last
}

/// Whether a draft of the kind can go on without a decision, to be decided about there.
fn is_handed_in(kind: &Kind) -> bool {
    let from_draft = |way: &&Transition| kind.draft().is_some_and(|draft| way.from.iter().any(|from| from == draft));
    kind.transitions.iter().filter(from_draft).any(|way| {
        way.approvals.is_empty() && kind.transitions.iter().any(|next| next.from.contains(&way.to) && !next.approvals.is_empty())
    })
}

fn wanted(view: &View, entry: Entry<'_>, way: &Transition, person: Id) -> Option<Waiting> {
    let asker = Asker::new(view, Some(person)).of_head(entry.id());
    if way.requires.iter().any(|needed| needed.condition.holds(entry.id(), &asker) == Truth::No) {
        return None;
    }
    let need = way.approvals.iter().find(|need| {
        let by_name = !need.by.is_empty() || !need.capacity.is_empty() || way.who != "any_member";
        let applies = need.when.as_ref().is_none_or(|when| when.holds(entry.id(), &asker) != Truth::No);
        need.decision == "approved"
            && by_name
            && applies
            && !has_given(entry, need, person)
            && may_approve(entry, way, need, person).is_ok_and(|allowed| allowed == Allowed::Plainly)
    })?;
    let purpose = need.purposes.first().map_or("approve", String::as_str);
    let sort = if LOOKING.contains(&purpose) { Sort::Review } else { Sort::Approve };
    let mut what = purpose.to_owned();
    if let Some(first) = what.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let decision = Wanted { purpose: purpose.to_owned(), to: way.to.clone() };
    Some(Waiting { sort, record: entry.id(), what, due: None, decision: Some(decision) })
}

/// Whether the person has given this approval for the head, since the record came into its state.
fn has_given(entry: Entry<'_>, need: &ApprovalNeed, person: Id) -> bool {
    let head = entry.standing().head.leaf(entry.record()).revision;
    let since = entry.transitions().next_back().map_or(0, |leaf| leaf.seq);
    entry.given().into_iter().any(|given| {
        given.by() == Some(person)
            && given.revision() == head
            && given.entry.made().seq > since
            && need.purposes.iter().any(|purpose| given.entry.text("purpose") == Some(purpose))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ends_a_record_waits_for_nobody() {
        let kinds = vouch_testkit::kinds();
        let check = |kind: &str, to: &str, waits: bool| {
            let kind = kinds.get(kind).expect("the kind is there");
            let found = kind.transitions.iter().filter(|way| way.to == to && !way.approvals.is_empty());
            assert_eq!(found.filter(|way| is_decision(kind, way)).count() > 0, waits, "{} to {to}", kind.name);
        };
        check("risk", "decided", true);
        check("risk", "closed", false);
        check("objective", "approved", true);
        check("objective", "dropped", false);
        check("test", "approved", true);
        check("incident", "closed", true);
        check("nonconformity", "rejected", false);
    }
}
