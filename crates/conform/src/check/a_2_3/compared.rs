//! Whether other policies were compared with the AI policy, and again when they changed.

use jiff::ToSpan;
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::document::{Document, DocumentRelatedTopic, DocumentType};

use super::related::{other, revised, rows};
use crate::check::wording::words;
use crate::derived;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// Topics on which there is nearly always another policy.
const TOPICS: [DocumentRelatedTopic; 7] = [
    DocumentRelatedTopic::Security,
    DocumentRelatedTopic::Privacy,
    DocumentRelatedTopic::Quality,
    DocumentRelatedTopic::Safety,
    DocumentRelatedTopic::People,
    DocumentRelatedTopic::Procurement,
    DocumentRelatedTopic::IntellectualProperty,
];
/// How long after another policy was approved it is compared.
const COMPARE_DAYS: i64 = 60;
/// How far back changes of other policies are looked at.
const YEAR: i64 = 365;

/// A.2.3-D1
pub(super) fn every_topic_was_compared(view: &View) -> Verdicts {
    let judged = each(view.policy(), |policy| {
        Judgement::needing(policy, &["related"], || {
            let missing = TOPICS.into_iter().filter(|topic| !rows(policy).any(|row| row.topic() == Some(*topic)));
            Judgement::of(missing.map(|topic| Lapse::of(policy).value("topic", words(topic.id()))).collect())
        })
    });
    judged.among(TOPICS.len())
}

/// The approvals by which a document came into force, the earliest first.
fn approvals(document: Entry<'_>) -> Vec<Given<'_>> {
    let approves = |given: &Given<'_>| {
        given.approval.purpose().is(ApprovalPurpose::Approve) && given.approval.decision().is(ApprovalDecision::Approved)
    };
    document.given().into_iter().filter(approves).collect()
}

/// A.2.3-O2
pub(super) fn every_policy_was_compared(view: &View) -> Verdicts {
    let Some(policy) = view.policy() else { return Verdicts::holds() };
    let others = view.all(Document::KIND).filter(|entry| {
        let content = Document(entry.content());
        // What a translation says is compared with its original.
        content.type_().is(DocumentType::Policy)
            && entry.id() != policy.id()
            && !content.translation_of().is_filled()
            && derived::in_force(*entry)
    });
    each(others, |document| {
        if policy.value("related").is_erased() {
            return Judgement::Undecided("`related` of the AI policy was erased".to_owned());
        }
        if rows(policy).any(|row| row.document().is_some_and(|link| link.id == document.id())) {
            return Judgement::Pass;
        }
        let Some(on) = approvals(document).first().map(Given::on) else { return Judgement::Skip("never approved".to_owned()) };
        let due = on.saturating_add(COMPARE_DAYS.days());
        if due >= view.today() {
            return Judgement::Skip(format!("there is time until {due}"));
        }
        Judgement::Fail(Lapse::of(document).value("document", document.label()).value("date", on))
    })
}

/// A.2.3-O3
pub(super) fn changes_were_looked_at(view: &View) -> Verdicts {
    let (Some(year), Some(policy)) = (view.last_days(YEAR), view.policy()) else { return Verdicts::holds() };
    if policy.value("related").is_erased() {
        return each([policy], |_| Judgement::Undecided("`related` was erased".to_owned()));
    }
    let mut others: Vec<Entry<'_>> = rows(policy).filter_map(|row| other(view, row)).collect();
    others.sort_unstable_by_key(Entry::id);
    others.dedup_by_key(|document| document.id());
    let looks: Vec<Given<'_>> = policy
        .given()
        .into_iter()
        .filter(|given| {
            matches!(given.approval.purpose().get(), Some(ApprovalPurpose::Approve | ApprovalPurpose::Review))
                && given.approval.decision().is(ApprovalDecision::Approved)
        })
        .collect();
    each(others.into_iter().filter(|document| document.kind().name == Document::KIND), |document| {
        let changes: Vec<Given<'_>> = approvals(document).into_iter().filter(|given| year.has(given.on())).collect();
        if changes.is_empty() {
            return Judgement::Skip("not approved in the last year".to_owned());
        }
        let last_row = revised(policy, document.id()).last().map(|leaf| leaf.time);
        let seen = |change: &Given<'_>| {
            let due = change.on().saturating_add(COMPARE_DAYS.days());
            let looked = looks.iter().any(|look| look.at() > change.at() && look.on() <= due);
            looked || last_row.is_some_and(|row| row > change.at()) || due >= view.today()
        };
        let lapse = |change: &Given<'_>| Lapse::of(document).value("document", document.label()).value("date", change.on());
        Judgement::of(changes.iter().filter(|change| !seen(change)).map(lapse).collect())
    })
}
