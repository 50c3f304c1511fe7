//! Who may not audit what, having had a hand in it.

use std::collections::{BTreeMap, BTreeSet};

use vouch_record::Id;
use vouch_record::kind::generated::approval::Approval;
use vouch_record::kind::generated::audit::{Audit, AuditState};
use vouch_record::kind::generated::audit_programme::AuditProgramme;
use vouch_record::kind::generated::person::Person;
use vouch_record::view::RequirementLink;

use crate::derived::involved;
use crate::framework::ISO42001;
use crate::view::{Entry, View};

/// An auditor with a hand in what is to be audited.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditorConflict {
    /// the auditor
    pub person: Id,
    /// item
    pub item: String,
    /// records of kinds that prove the item
    pub records: Vec<Id>,
}

/// Per planned audit of the programme the members of its team who own, wrote, approved or carried out records of kinds that prove an
/// audited item; where the audit names systems, only records that name one of them.
#[must_use]
pub fn auditor_conflicts(entry: Entry<'_>) -> Vec<AuditorConflict> {
    let view = entry.view();
    let planned =
        entry.incoming(Audit::KIND, "programme").filter(|one| one.is_any(&[AuditState::Planned.id(), AuditState::Prepared.id()]));
    let mut found: BTreeMap<(Id, String), BTreeSet<Id>> = BTreeMap::new();
    for audit in planned {
        let content = Audit(audit.content());
        let team = content.team().filter_map(|row| row.person()).chain(content.lead_auditor().get()).map(|link| link.id);
        let systems: Vec<Id> = content.ai_systems().map(|link| link.id).collect();
        for person in team.collect::<BTreeSet<_>>() {
            for item in content.requirements().filter(|link| link.framework == ISO42001) {
                let records: Vec<Id> = hand_in(view, person, item, &systems).collect();
                if !records.is_empty() {
                    found.entry((person, item.item.to_owned())).or_default().extend(records);
                }
            }
        }
    }
    found
        .into_iter()
        .map(|((person, item), records)| AuditorConflict { person, item, records: records.into_iter().collect() })
        .collect()
}

/// Active persons who had a hand in no record of the planned items and systems.
#[must_use]
pub fn outside_people(entry: Entry<'_>) -> Vec<Id> {
    let (programme, view) = (AuditProgramme(entry.content()), entry.view());
    let planned: Vec<(Vec<RequirementLink<'_>>, Vec<Id>)> =
        programme.planned().map(|row| (row.requirements().collect(), row.ai_systems().map(|link| link.id).collect())).collect();
    let inside = |person: Id| {
        let rows = planned.iter();
        rows.flat_map(|(items, systems)| items.iter().map(move |item| (*item, systems)))
            .any(|(item, systems)| hand_in(view, person, item, systems).next().is_some())
    };
    let people = view.all(Person::KIND).filter(|person| person.is("active"));
    people.map(|person| person.id()).filter(|person| !inside(*person)).collect()
}

/// Records of kinds that prove an item in which a person had a hand.
fn hand_in<'v>(view: &'v View, person: Id, item: RequirementLink<'_>, systems: &[Id]) -> impl Iterator<Item = Id> + use<'v> {
    let kinds: Vec<&str> = view
        .kinds()
        .iter()
        .filter(|kind| kind.proves.iter().any(|proves| proves.requirement == item.item))
        .map(|kind| kind.prefix.as_str())
        .collect();
    let systems = systems.to_vec();
    let records = index(view).get(&person).into_iter().flatten().copied();
    records.filter(move |id| {
        kinds.contains(&id.prefix()) && (systems.is_empty() || view.find(*id).is_some_and(|record| is_about(record, &systems)))
    })
}

fn is_about(record: Entry<'_>, systems: &[Id]) -> bool {
    systems.contains(&record.id())
        || ["ai_system", "ai_systems"].iter().any(|field| systems.iter().any(|system| record.names(*system, field)))
}

/// Records by person who had a hand in them, made once per view. Approvals speak through the records they approve, and a person's own
/// record is kept by others.
fn index(view: &View) -> &BTreeMap<Id, Vec<Id>> {
    view.keep(None, "audit-programme.involved", || {
        let mut index: BTreeMap<Id, Vec<Id>> = BTreeMap::new();
        let left_out = [Approval::KIND, Person::KIND];
        for kind in view.kinds().iter().filter(|kind| !kind.proves.is_empty() && !left_out.contains(&kind.name.as_str())) {
            for record in view.all(&kind.name) {
                for person in involved::people(record) {
                    index.entry(person).or_default().push(record.id());
                }
            }
        }
        index
    })
}
