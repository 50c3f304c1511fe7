//! Why a control applies: what its applicability says, and what the records linked to it say without being asked.

use serde::Serialize;
use vouch_record::Id;
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::customer_commitment::CustomerCommitment;
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::obligation::Obligation;
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::treatment::Treatment;

use crate::as_text;
use crate::derived::{control_applicability, customer_commitment, is_over};
use crate::view::Entry;

/// One reason, with the record it rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Reason {
    /// risk, impact, obligation, commitment, policy, objective or party
    pub source: &'static str,
    /// the record
    #[serde(serialize_with = "as_text::option")]
    pub record: Option<Id>,
    /// one sentence
    pub why: String,
    /// whether the applicability states it; false where only the linked record does
    pub stated: bool,
}

/// Every reason for a control: stated ones first, then those of linked records that nobody stated.
pub(super) fn reasons(applicability: Entry<'_>) -> Vec<Reason> {
    let content = ControlApplicability(applicability.content());
    let stated = content.reasons().map(|row| Reason {
        source: row.source().map_or("", |source| source.id()),
        record: row.record().map(|link| link.id),
        why: row.why().unwrap_or_default().to_owned(),
        stated: true,
    });
    let mut reasons: Vec<Reason> = stated.collect();
    for (source, record, why) in linked(applicability) {
        if !reasons.iter().any(|reason| reason.record == Some(record.id())) {
            reasons.push(Reason { source, record: Some(record.id()), why, stated: false });
        }
    }
    reasons
}

/// What links to the applicability of a control as something that the control is for.
fn linked(applicability: Entry<'_>) -> Vec<(&'static str, Entry<'_>, String)> {
    let mut found = Vec::new();
    for treatment in applicability.incoming(Treatment::KIND, "controls").filter(|treatment| !is_over(*treatment)) {
        for risk in treatment.links("risks") {
            found.push(("risk", risk, format!("{} brings down {}", treatment.label(), risk.label())));
        }
    }
    for risk in applicability.incoming(Risk::KIND, "controls_now").filter(|risk| !is_over(*risk)) {
        found.push(("risk", risk, format!("{} counts on it", risk.label())));
    }
    let owed = applicability.incoming(Obligation::KIND, "met_by");
    for obligation in owed.filter(|obligation| obligation.is_live() && control_applicability::holds(*obligation)) {
        found.push(("obligation", obligation, format!("meets {}", obligation.label())));
    }
    let promised = applicability.incoming(CustomerCommitment::KIND, "met_by");
    for commitment in promised.filter(|commitment| customer_commitment::in_force(*commitment)) {
        found.push(("commitment", commitment, format!("keeps {}", commitment.label())));
    }
    for policy in applicability.incoming(Document::KIND, "rules").filter(Entry::is_live) {
        found.push(("policy", policy, format!("carries out a rule of {}", policy.label())));
    }
    found
}
