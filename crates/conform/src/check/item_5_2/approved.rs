//! Who approved the AI policy, and when that was recorded.

use jiff::civil::Date;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::document::Document;
use vouch_record::time::days_between;

use crate::check::wording::{called, words};
use crate::derived::document::effective_since;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// How long after it took effect an approval may be recorded.
const RECORD_DAYS: i64 = 14;

/// 5.2-D1
pub(super) fn one_policy_by_top_management(view: &View) -> Verdicts {
    let originals = view.documents("T-AI-POLICY").filter(|entry| !Document(entry.content()).translation_of().is_filled());
    let policies: Vec<Entry<'_>> = originals.collect();
    let Some(first) = policies.first() else {
        return Verdicts::failed(Lapse::of_organisation().value("defect", "there is none"));
    };
    each(policies.iter().copied(), |policy| {
        let beside = (policy.id() != first.id()).then(|| format!("{} stands beside {}", policy.label(), first.label()));
        let defects = beside.into_iter().chain(not_by_top_management(policy));
        Judgement::of(defects.map(|defect| Lapse::of(policy).value("defect", defect)).collect())
    })
}

/// Why no approval of the revision in force is that of top management; nothing when one is.
fn not_by_top_management(policy: Entry<'_>) -> Option<String> {
    let view = policy.view();
    let given = policy.approvals(ApprovalPurpose::Approve);
    let authors: Vec<_> = Document(policy.content()).authors().map(|link| link.id).collect();
    let by_top = |given: &&Given<'_>| given.by().is_some_and(|by| view.directed_on(by, given.on()));
    if given.iter().filter(by_top).any(|given| given.is_independent(policy, &authors)) {
        return None;
    }
    let last = given.last()?;
    let (person, label) = (called(view, last.by()), policy.label());
    Some(match last.overrides() {
        Some(rule) if by_top(&last) => format!("{person} approved {label} with the override {}", words(rule.id())),
        _ if by_top(&last) => format!("{person}, who wrote {label}, approved it"),
        _ => format!("{person}, who approved {label}, does not direct the organisation"),
    })
}

/// 5.2-P1
pub(super) fn recorded_in_time(view: &View) -> Verdicts {
    let Some(policy) = view.policy() else {
        return Verdicts::failed(Lapse::of_organisation().value("defect", "cannot be shown to be in force"));
    };
    each([policy], |policy| {
        Judgement::needing(policy, &["effective_from"], || {
            let given = policy.approvals(ApprovalPurpose::Approve);
            let from = effective_since(policy);
            if let Some(good) = given.iter().find(|given| defect(given, from).is_none()) {
                return Judgement::Shown(vec![policy.subject(), good.entry.subject()]);
            }
            let defect = given.last().and_then(|given| defect(given, from));
            Judgement::Fail(Lapse::of(policy).value("defect", defect.unwrap_or_else(|| "has no approval that counts".to_owned())))
        })
    })
}

/// Why an approval does not show that the policy was in force from its first day.
fn defect(given: &Given<'_>, from: Option<Date>) -> Option<String> {
    if !given.counts_as_proof() {
        return Some("came in by import without a proof that was reviewed".to_owned());
    }
    if let Some(rule) = given.overrides() {
        return Some(format!("was approved with the override {}", words(rule.id())));
    }
    let late = from.map_or(0, |from| days_between(from, given.on()));
    (late > RECORD_DAYS).then(|| format!("was recorded as approved on {}, {late} days after it took effect", given.on()))
}
