//! The risk method in force.

use vouch_record::Id;
use vouch_record::kind::generated::document::{Document, DocumentType};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::RiskCategory;

use crate::check::wording::words;
use crate::derived::{document, risk_method};
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View};

/// 6.1.2-D1
pub(super) fn scales_compare(view: &View) -> Verdicts {
    const READ: &[&str] = &["likelihood_scale", "consequence_scale", "matrix", "impact_scale", "people_scale_from_impact"];
    each(view.risk_method(), |method| {
        Judgement::needing(method, READ, || {
            let mut defects = Vec::new();
            if !risk_method::complete(method) {
                defects.push("a scale without some level for a side, or a matrix without exactly one row per pair of levels");
            }
            if !risk_method::monotone(method) {
                defects.push("a matrix that gives a lower level to a higher score");
            }
            if !impact_leads_to_consequence(RiskMethod(method.content())) {
                defects.push("severities of impact without exactly one consequence for people");
            }
            Judgement::when(defects.is_empty(), || Lapse::of(method).value("defect", defects.join(", and ")))
        })
    })
}

/// Exactly one row for each severity, and no severity missing.
fn impact_leads_to_consequence(method: RiskMethod<'_>) -> bool {
    let mut severities: Vec<i64> = method.impact_scale().filter_map(|row| row.severity()).collect();
    let mut led: Vec<i64> =
        method.people_scale_from_impact().filter(|row| row.consequence().is_some()).filter_map(|row| row.severity()).collect();
    severities.sort_unstable();
    led.sort_unstable();
    !severities.is_empty() && severities == led
}

/// 6.1.2-D2
pub(super) fn categories_are_those_of_ai(view: &View) -> Verdicts {
    each(view.risk_method(), |method| {
        Judgement::needing(method, &["categories"], || {
            let held: Vec<RiskCategory> = RiskMethod(method.content()).categories().collect();
            let missing: Vec<String> = of_systems().filter(|one| !held.contains(one)).map(|one| words(one.id())).collect();
            Judgement::when(missing.is_empty(), || Lapse::of(method).value("categories", missing.join(", ")))
        })
    })
}

/// The categories that speak about AI systems.
fn of_systems() -> impl Iterator<Item = RiskCategory> {
    RiskCategory::ALL.into_iter().filter(|category| *category != RiskCategory::Management)
}

/// 6.1.2-D3
pub(super) fn rests_on_policy_and_was_used(view: &View) -> Verdicts {
    each(view.risk_method(), |method| {
        let mut defects = Vec::new();
        if !method
            .linked("policy")
            .is_some_and(|entry| is_in_force(entry) && Document(entry.content()).type_().is(DocumentType::Policy))
        {
            defects.push("names no policy in force");
        }
        if !method.linked("document").is_some_and(is_procedure) {
            defects.push("names no procedure in force that lists 6.1.2");
        }
        let used: Vec<Subject> = versions(method).into_iter().flat_map(decided_with).map(|risk| risk.subject()).collect();
        if used.is_empty() {
            defects.push("was used for no risk that was decided");
        }
        if defects.is_empty() {
            return Judgement::Shown([method.subject()].into_iter().chain(used).collect());
        }
        Judgement::Fail(Lapse::of(method).value("defect", defects.join(", and ")))
    })
}

fn is_in_force(entry: Entry<'_>) -> bool {
    document::in_force(entry).is_some()
}

fn is_procedure(entry: Entry<'_>) -> bool {
    let content = Document(entry.content());
    let lists = content.requirements().any(|named| named.framework == ISO42001 && named.item == "6.1.2");
    is_in_force(entry) && content.type_().is(DocumentType::Procedure) && lists
}

/// The method and the versions it replaces.
fn versions(method: Entry<'_>) -> Vec<Entry<'_>> {
    let mut versions = vec![method];
    while let Some(before) = versions.last().and_then(|entry| entry.linked("replaces")) {
        let seen: Vec<Id> = versions.iter().map(Entry::id).collect();
        if seen.contains(&before.id()) {
            break;
        }
        versions.push(before);
    }
    versions
}

fn decided_with(method: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    method.incoming(Risk::KIND, "method").filter(|risk| risk.is("decided"))
}
