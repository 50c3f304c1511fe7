//! The process of assessing impact, and the uses it restricts.

use vouch_record::Id;
use vouch_record::kind::generated::acknowledgement::{Acknowledgement, AcknowledgementMeans};
use vouch_record::kind::generated::document::{Document, DocumentRuleKind, DocumentTemplate, DocumentType};
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::role::RoleKey;

use crate::check::wording::people;
use crate::derived::{acknowledgement, document};
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, one_of, stands};
use crate::view::{Entry, View};

/// A.5.2-D1
pub(super) fn process_is_complete(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::holds();
    let mut fail = |lapse: Lapse, defect: String| verdicts.failed.push(lapse.value("defect", defect));
    let mut shown = Vec::new();
    match standing_procedure(view) {
        Err(defect) => fail(Lapse::of_organisation(), defect),
        Ok(procedure) => {
            shown.push(procedure.subject());
            let unconfirmed = assessors_who_did_not_confirm(procedure);
            if !unconfirmed.is_empty() {
                fail(
                    Lapse::of(procedure),
                    format!("{} did not confirm that they follow {}", people(view, unconfirmed), procedure.label()),
                );
            }
        }
    }
    if let Some(entry) = view.risk_method() {
        let method = RiskMethod(entry.content());
        shown.push(entry.subject());
        if method.impact_scale().next().is_none() && !method.impact_scale().is_erased() || !method.impact_act_from().is_filled() {
            fail(
                Lapse::of(entry),
                format!("{} has no scale for impact or no severity from which something is done", entry.label()),
            );
        }
    }
    if verdicts.failed.is_empty() {
        verdicts.passed = shown;
    }
    verdicts
}

/// The procedure that lists the control and stands, or what is wrong with the last one looked at.
fn standing_procedure(view: &View) -> Result<Entry<'_>, String> {
    let listing = view.all(Document::KIND).filter(|entry| {
        let content = Document(entry.content());
        content.type_().is(DocumentType::Procedure)
            && content.requirements().any(|named| named.framework == ISO42001 && named.item == "A.5.2")
    });
    let mut defect = "no procedure lists it".to_owned();
    for procedure in listing {
        match stands(procedure) {
            Ok(()) => return Ok(procedure),
            Err(why) => defect = why,
        }
    }
    Err(defect)
}

/// Holders of the role of impact assessor without a confirmation that they follow the revision in force.
fn assessors_who_did_not_confirm(procedure: Entry<'_>) -> Vec<Id> {
    let given = procedure
        .incoming(Acknowledgement::KIND, "subject")
        .filter(|one| Acknowledgement(one.content()).means().is(AcknowledgementMeans::Follow) && acknowledgement::current(*one));
    let confirmed: Vec<Id> = given.filter_map(|one| Acknowledgement(one.content()).person().get()).map(|link| link.id).collect();
    let holders = procedure.view().holders(RoleKey::ImpactAssessor.id());
    holders.into_iter().filter(|person| !confirmed.contains(person)).collect()
}

/// A.5.2-D2
pub(super) fn uses_are_restricted(view: &View) -> Verdicts {
    let rules = view.all(Document::KIND).filter(|entry| {
        let content = Document(entry.content());
        let of_sort = content.type_().is(DocumentType::Policy) || content.template().is(DocumentTemplate::TAUP);
        of_sort && document::in_force(*entry).is_some()
    });
    let restricts = |entry: Entry<'_>| {
        let holds = |kind: DocumentRuleKind| Document(entry.content()).rules().any(|row| row.kind() == Some(kind));
        holds(DocumentRuleKind::MustNot) && holds(DocumentRuleKind::NeedsConsent)
    };
    one_of(
        rules,
        |entry| Judgement::needing(entry, &["rules"], || Judgement::when(restricts(entry), || Lapse::of(entry))),
        Lapse::of_organisation,
    )
}
