//! Who has to be told of an incident and is not on its list.

use vouch_record::kind::generated::communication::{Communication, CommunicationEvent, CommunicationTopic};
use vouch_record::kind::generated::customer_commitment::{CustomerCommitment, CustomerCommitmentTopic};
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity, IncidentType};
use vouch_record::kind::generated::obligation::{Obligation, ObligationTrigger};
use vouch_record::{Id, Link};

use crate::derived::{is_true, named_by};
use crate::view::{Entry, View};

/// Somebody who has to be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Recipient {
    /// the party
    pub party: Id,
    /// the rule, obligation or commitment that names it
    pub basis: Id,
}

/// Recipients that the communication rules in force, an obligation or a customer commitment name for its types and severity, and that
/// no notification row names.
#[must_use]
pub fn recipients_missing(entry: Entry<'_>) -> Vec<Id> {
    let mut missing: Vec<Id> = recipients_without_row(entry).into_iter().map(|one| one.party).collect();
    missing.dedup();
    missing
}

/// The same with what names them, in the order of parties: one entry for each rule, obligation or commitment.
#[must_use]
pub fn recipients_without_row(entry: Entry<'_>) -> Vec<Recipient> {
    let named: Vec<Id> = Incident(entry.content()).notifications().filter_map(|row| row.recipient().map(|link| link.id)).collect();
    let mut wanted: Vec<Recipient> = by_rules(entry).chain(by_obligations(entry)).chain(by_commitments(entry)).collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted.retain(|one| !named.contains(&one.party));
    wanted
}

/// The records of a kind that say whom to tell of incidents, found once per view.
fn asking<'v>(
    view: &'v View,
    (kind, key): (&'static str, &'static str),
    says: fn(Entry<'_>) -> bool,
) -> impl Iterator<Item = Entry<'v>> + use<'v> {
    let ids: &Vec<Id> = view.keep(None, key, || view.all(kind).filter(|one| says(*one)).map(|one| one.id()).collect());
    ids.iter().filter_map(|id| view.get(*id))
}

/// A recipient for each of these parties.
fn each_of(basis: Entry<'_>, parties: impl Iterator<Item = Link>) -> Vec<Recipient> {
    parties.map(|link| Recipient { party: link.id, basis: basis.id() }).collect()
}

fn is_serious(entry: Entry<'_>) -> bool {
    Incident(entry.content()).severity().get() >= Some(IncidentSeverity::Serious)
}

fn systems(entry: Entry<'_>) -> Vec<Id> {
    Incident(entry.content()).ai_systems().map(|link| link.id).collect()
}

/// Outside readers of rules about incidents; one that starts with a serious incident speaks about those only.
fn by_rules(entry: Entry<'_>) -> impl Iterator<Item = Recipient> {
    let (serious, systems) = (is_serious(entry), systems(entry));
    let starts_with_serious = |rule: Entry<'_>| Communication(rule.content()).event().is(CommunicationEvent::SeriousIncident);
    let rules = asking(entry.view(), (Communication::KIND, "incident.rules"), |rule| {
        let content = Communication(rule.content());
        let speaks = content.event().is(CommunicationEvent::SeriousIncident) || content.topic().is(CommunicationTopic::Incident);
        speaks && is_true(rule, "in_force")
    });
    rules.flat_map(move |rule| {
        let content = Communication(rule.content());
        let starts = serious || !starts_with_serious(rule);
        let about = content.ai_systems().next().is_none() || content.ai_systems().any(|link| systems.contains(&link.id));
        if starts && about { each_of(rule, content.audience()) } else { Vec::new() }
    })
}

fn by_obligations(entry: Entry<'_>) -> impl Iterator<Item = Recipient> {
    let (incident, serious, systems) = (Incident(entry.content()), is_serious(entry), systems(entry));
    let started = move |trigger: ObligationTrigger| match trigger {
        ObligationTrigger::SeriousIncident => serious,
        ObligationTrigger::DataLeak => incident.types().has(IncidentType::DataLeak),
        ObligationTrigger::SecurityIncident => incident.types().has(IncidentType::Security),
        _ => false,
    };
    let duties = asking(entry.view(), (Obligation::KIND, "incident.duties"), |duty| {
        use ObligationTrigger::{DataLeak, SecurityIncident, SeriousIncident};
        duty.is_live() && Obligation(duty.content()).triggers().has_any(&[SeriousIncident, DataLeak, SecurityIncident])
    });
    duties.flat_map(move |duty| {
        let content = Obligation(duty.content());
        let holds = content.triggers().any(started) && named_by(duty, "holds_for").iter().any(|system| systems.contains(system));
        if holds { each_of(duty, content.recipients()) } else { Vec::new() }
    })
}

/// Customers who were promised notice of incidents; a near miss is none.
fn by_commitments(entry: Entry<'_>) -> impl Iterator<Item = Recipient> {
    let (systems, happened) = (systems(entry), Incident(entry.content()).severity().get() != Some(IncidentSeverity::NearMiss));
    let promised = asking(entry.view(), (CustomerCommitment::KIND, "incident.promises"), |one| {
        CustomerCommitment(one.content()).topic().is(CustomerCommitmentTopic::IncidentNotice) && is_true(one, "in_force")
    });
    promised.flat_map(move |one| {
        let content = CustomerCommitment(one.content());
        let concerned = happened && content.ai_systems().any(|link| systems.contains(&link.id));
        if concerned { each_of(one, content.party().get().into_iter()) } else { Vec::new() }
    })
}
