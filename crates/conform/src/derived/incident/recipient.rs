//! Who has to be told of an incident and is not on its list.

use vouch_record::Id;
use vouch_record::kind::generated::communication::{Communication, CommunicationEvent, CommunicationTopic};
use vouch_record::kind::generated::customer_commitment::{CustomerCommitment, CustomerCommitmentTopic};
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity, IncidentType};
use vouch_record::kind::generated::obligation::{Obligation, ObligationTrigger};

use crate::derived::{is_true, named_by};
use crate::view::Entry;

/// Recipients that the communication rules in force, an obligation or a customer commitment name for its types and severity, and that
/// no notification row names.
#[must_use]
pub fn recipients_missing(entry: Entry<'_>) -> Vec<Id> {
    let named: Vec<Id> = Incident(entry.content()).notifications().filter_map(|row| row.recipient().map(|link| link.id)).collect();
    let mut wanted: Vec<Id> = by_rules(entry).chain(by_obligations(entry)).chain(by_commitments(entry)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.retain(|party| !named.contains(party));
    wanted
}

fn is_serious(entry: Entry<'_>) -> bool {
    Incident(entry.content()).severity().get() >= Some(IncidentSeverity::Serious)
}

fn systems(entry: Entry<'_>) -> Vec<Id> {
    Incident(entry.content()).ai_systems().map(|link| link.id).collect()
}

/// Outside readers of rules about incidents; one that starts with a serious incident speaks about those only.
fn by_rules(entry: Entry<'_>) -> impl Iterator<Item = Id> {
    let (serious, systems) = (is_serious(entry), systems(entry));
    let rules = entry.view().all(Communication::KIND).filter(|rule| is_true(*rule, "in_force"));
    rules.flat_map(move |rule| {
        let content = Communication(rule.content());
        let starts = if content.event().is(CommunicationEvent::SeriousIncident) {
            serious
        } else {
            content.topic().is(CommunicationTopic::Incident)
        };
        let about = content.ai_systems().next().is_none() || content.ai_systems().any(|link| systems.contains(&link.id));
        if starts && about { content.audience().map(|link| link.id).collect() } else { Vec::new() }
    })
}

fn by_obligations(entry: Entry<'_>) -> impl Iterator<Item = Id> {
    let (incident, serious, systems) = (Incident(entry.content()), is_serious(entry), systems(entry));
    let started = move |trigger: ObligationTrigger| match trigger {
        ObligationTrigger::SeriousIncident => serious,
        ObligationTrigger::DataLeak => incident.types().has(IncidentType::DataLeak),
        ObligationTrigger::SecurityIncident => incident.types().has(IncidentType::Security),
        _ => false,
    };
    entry.view().live(Obligation::KIND).flat_map(move |obligation| {
        let content = Obligation(obligation.content());
        let holds =
            content.triggers().any(started) && named_by(obligation, "holds_for").iter().any(|system| systems.contains(system));
        if holds { content.recipients().map(|link| link.id).collect() } else { Vec::new() }
    })
}

/// Customers who were promised notice of incidents; a near miss is none.
fn by_commitments(entry: Entry<'_>) -> impl Iterator<Item = Id> {
    let (systems, happened) = (systems(entry), Incident(entry.content()).severity().get() != Some(IncidentSeverity::NearMiss));
    let promised = entry.view().all(CustomerCommitment::KIND).filter(|one| is_true(*one, "in_force"));
    promised.filter_map(move |one| {
        let content = CustomerCommitment(one.content());
        let notice = content.topic().is(CustomerCommitmentTopic::IncidentNotice);
        let concerned = content.ai_systems().any(|link| systems.contains(&link.id));
        (happened && notice && concerned).then(|| content.party().get().map(|link| link.id)).flatten()
    })
}
