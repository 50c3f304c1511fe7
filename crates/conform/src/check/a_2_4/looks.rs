//! The looks at the AI policy: approvals of a version and reviews.

use vouch_record::Id;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::document::Document;

use crate::view::{Entry, Given, View, Window};

/// How far back reviews are looked at, in days: two years.
const PERIOD_DAYS: i64 = 730;

/// The period in which reviews count, cut at the first approved scope.
pub(super) fn period(view: &View) -> Option<Window> {
    view.last_days(PERIOD_DAYS)
}

/// Every AI policy there has been, translations left out: a new document may take the place of an older one.
fn policies(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let policy = |entry: &Entry<'_>| {
        entry.text("template") == Some("T-AI-POLICY") && !Document(entry.content()).translation_of().is_filled()
    };
    view.all(Document::KIND).filter(policy)
}

/// A look at the policy.
#[derive(Clone, Copy)]
pub(super) struct Look<'v> {
    /// the policy
    pub(super) policy: Entry<'v>,
    /// the approval
    pub(super) given: Given<'v>,
    /// whether it is the first of its document, by which that came into force
    pub(super) first: bool,
}

/// Every approval of a version and every review, the earliest first. Those by which the owner of another policy confirms that the two
/// fit (A.2.3) are no reviews of this one.
pub(super) fn looks(view: &View) -> Vec<Look<'_>> {
    let mut looks: Vec<Look<'_>> = Vec::new();
    for policy in policies(view) {
        let others = owners_of_others(policy);
        let counts = |given: &Given<'_>| {
            let approved = given.approval.decision().is(ApprovalDecision::Approved);
            let by = given.by();
            let fits = by.is_some_and(|by| others.contains(&by) && !view.directed_on(by, given.on()));
            approved
                && match given.approval.purpose().get() {
                    Some(ApprovalPurpose::Approve) => true,
                    Some(ApprovalPurpose::Review) => !fits,
                    _ => false,
                }
        };
        let given = policy.given().into_iter().filter(counts);
        looks.extend(given.enumerate().map(|(at, given)| Look { policy, given, first: at == 0 }));
    }
    looks.sort_by_key(|look| (look.given.at(), look.given.entry.id()));
    looks
}

/// The reviews of the period: each look but the one by which a document first came into force.
pub(super) fn reviews(view: &View) -> Vec<Look<'_>> {
    let Some(period) = period(view) else { return Vec::new() };
    looks(view).into_iter().filter(|look| !look.first && period.has(look.given.on())).collect()
}

/// Those who answer for another policy that a row of this one names, and did not write this one.
fn owners_of_others(policy: Entry<'_>) -> Vec<Id> {
    let view = policy.view();
    let content = Document(policy.content());
    let owner = |id: Id| Document(view.get(id)?.content()).owner().get();
    let named = content.related().flat_map(|row| [row.owner(), row.document().and_then(|link| owner(link.id))]);
    let wrote = |person: &Id| content.authors().any(|link| link.id == *person);
    named.flatten().map(|link| link.id).filter(|person| !wrote(person)).collect()
}
