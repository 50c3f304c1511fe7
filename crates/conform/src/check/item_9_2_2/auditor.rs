//! Whether auditors can audit, and are independent of what they audit.

use std::collections::BTreeSet;

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::audit_programme::{AuditProgramme, AuditProgrammeAuditorRow};
use vouch_record::kind::generated::competence_need::{CompetenceNeed, CompetenceNeedGroup};
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::role::{Role, RoleKey};
use vouch_record::kind::generated::training_record::TrainingRecord;

use crate::check::audited::{days, internal, internal_in, items, programme, team};
use crate::check::wording::called;
use crate::derived::audit_programme::auditor_conflicts;
use crate::derived::{proof, training_record};
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// 9.2.2-D2
pub(super) fn auditors_can_audit(view: &View) -> Verdicts {
    each(programme(view), |programme| {
        Judgement::needing(programme, &["auditors"], || {
            let rows: Vec<AuditProgrammeAuditorRow<'_>> = AuditProgramme(programme.content()).auditors().collect();
            if rows.is_empty() {
                return Judgement::Fail(Lapse::of(programme).value("person", "nobody").value("defect", "nobody can audit"));
            }
            let held = internal(view)
                .filter(|audit| Audit(audit.content()).programme().get().is_some_and(|link| link.id == programme.id()));
            let audits: Vec<(Vec<Id>, Window)> = held.filter_map(|audit| Some((team(audit), held_on(audit)?))).collect();
            let lapse = |row: &AuditProgrammeAuditorRow<'_>| {
                let person = called(view, row.person().map(|link| link.id));
                Some(Lapse::of(programme).value("person", person).value("defect", defect(view, row, &audits)?))
            };
            Judgement::of(rows.iter().filter_map(lapse).collect())
        })
    })
}

/// The days on which an audit was held.
fn held_on(audit: Entry<'_>) -> Option<Window> {
    let content = Audit(audit.content());
    let to = content.ended_on().get()?;
    Some(Window { from: content.started_on().get().unwrap_or(to).min(to), to })
}

/// What is missing about an auditor.
fn defect(view: &View, row: &AuditProgrammeAuditorRow<'_>, audits: &[(Vec<Id>, Window)]) -> Option<String> {
    use CompetenceNeedGroup::{Audit as Auditing, Build, Evaluation, Risk};
    if row.may_not_audit().is_none() {
        return Some("nothing says what may not be audited by this person".to_owned());
    }
    let person = row.person().map(|link| link.id)?;
    let audited = audits.iter().filter(|(team, _)| team.contains(&person)).flat_map(|(_, days)| [days.from, days.to]);
    let mut days: BTreeSet<Date> = audited.collect();
    if days.is_empty() {
        days.insert(view.today());
    }
    let proofs: Vec<Entry<'_>> = row.competence().filter_map(|link| view.get(link.id)).collect();
    let shown = |groups: &[CompetenceNeedGroup], day: Date| {
        proofs.iter().any(|proof| speaks_to(*proof, person, groups) && counted_on(*proof, day))
    };
    let missing = |groups: &[CompetenceNeedGroup], area: &str| {
        let day = days.iter().find(|day| !shown(groups, **day))?;
        Some(format!("nothing shows competence in {area} on {day}"))
    };
    missing(&[Auditing], "auditing").or_else(|| missing(&[Risk, Build, Evaluation], "risk, building or testing"))
}

/// Whether a proof is about this person and a need of one of these groups.
fn speaks_to(proof: Entry<'_>, person: Id, groups: &[CompetenceNeedGroup]) -> bool {
    let meets = |need: Entry<'_>| {
        need.kind().name == CompetenceNeed::KIND
            && CompetenceNeed(need.content()).group().get().is_some_and(|group| groups.contains(&group))
    };
    match proof.kind().name.as_str() {
        TrainingRecord::KIND => {
            TrainingRecord(proof.content()).person().get().is_some_and(|link| link.id == person) && proof.links("needs").any(meets)
        }
        Evidence::KIND => proof.names(person, "about") && proof.links("about").any(meets),
        _ => false,
    }
}

fn counted_on(proof: Entry<'_>, day: Date) -> bool {
    match proof.kind().name.as_str() {
        TrainingRecord::KIND => training_record::held_on(proof, day),
        _ => proof.on(day).is_some_and(proof::in_date),
    }
}

/// 9.2.2-P1
pub(super) fn auditors_are_independent(view: &View) -> Verdicts {
    let audits = each(internal_in(view, view.window()), |audit| {
        Judgement::needing(audit, &["team"], || {
            let Some(days) = days(audit) else { return Judgement::Undecided("it has no day on which it ended".to_owned()) };
            let audited: BTreeSet<&str> = items(audit).collect();
            let owners = owners(view, &audited);
            let lapse = |person: Id| {
                let was = led_or_owned(view, person, &owners, days)?;
                let defect = format!("audited {} and was {was}", audit.label());
                Some(Lapse::of(audit).value("person", called(view, Some(person))).value("defect", defect))
            };
            Judgement::of(team(audit).into_iter().filter_map(lapse).collect())
        })
    });
    let planned = each(programme(view), |programme| {
        let lapse = |one: crate::derived::audit_programme::AuditorConflict| {
            let defect = format!("is to audit {} with a hand in {}", one.item, called(view, one.records.first().copied()));
            Lapse::of(programme).value("person", called(view, Some(one.person))).value("defect", defect)
        };
        Judgement::of(auditor_conflicts(programme).into_iter().map(lapse).collect())
    });
    audits.and(planned)
}

/// Who answers for audited items: roles, and persons.
struct Owners<'v> {
    roles: Vec<Entry<'v>>,
    persons: Vec<(Id, Entry<'v>)>,
}

/// The roles that own a process of the manual for one of these items, or operate one of these controls, and the owners of the controls.
fn owners<'v>(view: &'v View, audited: &BTreeSet<&str>) -> Owners<'v> {
    let mut roles: Vec<Id> = Vec::new();
    let mut persons = Vec::new();
    for manual in view.documents("T-MANUAL") {
        let serving = Document(manual.content())
            .processes()
            .filter(|row| row.requirements().any(|named| named.framework == ISO42001 && audited.contains(named.item)));
        roles.extend(serving.filter_map(|row| row.owner()).map(|link| link.id));
    }
    for control in view.live(ControlApplicability::KIND) {
        let content = ControlApplicability(control.content());
        if content.control().get().is_some_and(|named| named.framework == ISO42001 && audited.contains(named.item)) {
            roles.extend(content.operated_by().map(|link| link.id));
            persons.extend(content.owner().get().map(|link| (link.id, control)));
        }
    }
    roles.extend(view.live(Role::KIND).filter(|role| Role(role.content()).key().is(RoleKey::AimsLead)).map(|role| role.id()));
    roles.sort_unstable();
    roles.dedup();
    Owners { roles: roles.into_iter().filter_map(|id| view.get(id)).collect(), persons }
}

/// What a person was on one of these days, if it is the lead of the management system or an owner.
fn led_or_owned(view: &View, person: Id, owners: &Owners<'_>, days: Window) -> Option<String> {
    let held = |role: &&Entry<'_>| {
        Role(role.content()).holders().any(|row| {
            let (from, to) = (row.from().unwrap_or(days.from), row.to().unwrap_or(view.today()));
            row.person().is_some_and(|link| link.id == person) && Window { from, to }.and(days).is_some()
        })
    };
    let role = owners.roles.iter().find(held).map(|role| role.label());
    let control = || owners.persons.iter().find(|(owner, _)| *owner == person);
    role.or_else(|| Some(format!("owner of the control {}", control()?.1.label())))
}
