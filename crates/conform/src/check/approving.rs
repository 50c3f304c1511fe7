//! By whom a record was approved, and whether that was another person than those who made it.

use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};

use super::independence;
use super::wording::called;
use crate::view::{Entry, Given};

/// Why no approval of another person stands: who gave the last one, and what is wrong with it, as the rest of a sentence.
pub(super) struct Unfit {
    /// what people call the person
    pub(super) person: String,
    /// for example `wrote it`
    pub(super) defect: String,
}

/// The approvals by which a record last entered a state.
pub(super) fn approvals_into<'v>(entry: Entry<'v>, state: &str) -> Vec<Given<'v>> {
    let Some(entered) = entry.entry_into(state) else { return Vec::new() };
    let causes: Vec<Id> = entered.causes().collect();
    entry.given().into_iter().filter(|given| causes.contains(&given.entry.id())).collect()
}

/// The approval of another person by which a record last entered a state. `makers` are those who must not give it besides the
/// authors of the revision, each with what they did.
///
/// # Errors
/// Why there is none.
pub(super) fn approved_by_another<'v>(entry: Entry<'v>, state: &str, makers: &[(Id, &str)]) -> Result<Given<'v>, Unfit> {
    let approves = |given: &Given<'v>| {
        given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved)
    };
    let mut last = None;
    for given in approvals_into(entry, state).into_iter().filter(approves) {
        match not_another(entry, &given, makers) {
            None => return Ok(given),
            Some(defect) => last = Some(Unfit { person: called(entry.view(), given.by()), defect }),
        }
    }
    Err(last.unwrap_or_else(|| Unfit { person: "nobody".to_owned(), defect: "gave an approval that still stands".to_owned() }))
}

/// Why an approval is not that of another person than the makers and the authors of the revision; nothing when it is.
pub(super) fn not_another(entry: Entry<'_>, given: &Given<'_>, makers: &[(Id, &str)]) -> Option<String> {
    let authors = independence::authors_then(entry, given);
    let named = makers.iter().map(|(maker, did)| (std::slice::from_ref(maker), *did));
    let others: Vec<(&[Id], &str)> = named.chain([(authors.as_slice(), "wrote it")]).collect();
    independence::defect(given, &others)
}
