//! How rarely people decide about own work, and whether auditors asked those who hold roles.

use std::collections::BTreeSet;

use vouch_record::Id;
use vouch_record::kind::generated::approval::{Approval, ApprovalOverride};
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::role::Role;

use crate::check::audited::{in_last_year, items};
use crate::derived::role::holders_on;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Of a hundred approvals, how many may be on own work.
const OWN_IN_100: usize = 2;
/// Below so many approvals one may be.
const FEW: usize = 50;
/// How many holders of different roles auditors ask.
const ASKED: usize = 3;

/// 5.3-P2
pub(super) fn own_work_is_rare(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let all: Vec<Entry<'_>> =
        view.all(Approval::KIND).filter(|given| given.is("given") && window.has(given.created_on())).collect();
    let own = |given: &&Entry<'_>| Approval(given.content()).override_().is(ApprovalOverride::OwnWork);
    let own: Vec<Entry<'_>> = all.iter().filter(own).copied().collect();
    let allowed = if all.len() < FEW { 1 } else { all.len() * OWN_IN_100 / 100 };
    let unexplained = own.iter().filter(|given| {
        let content = Approval(given.content());
        let second = content.override_allowed_by().get();
        let erased = given.value("override_reason").is_erased();
        !(content.override_reason().is_filled() || erased) || second.is_none() || second == content.by().get()
    });
    let mut failed: Vec<Lapse> = unexplained
        .map(|given| {
            let what = given.linked("subject").map_or_else(|| "A record".to_owned(), |subject| subject.label());
            Lapse::of(*given)
                .value("defect", format!("{what} was approved on own work without a reason or a second person who allowed it"))
        })
        .collect();
    if own.len() > allowed {
        let defect = format!("{} of {} approvals were given on own work", own.len(), all.len());
        failed.push(Lapse::of_organisation().value("defect", defect));
    }
    let passed = if failed.is_empty() { all.iter().map(Entry::subject).collect() } else { Vec::new() };
    Verdicts { passed, failed, ..Verdicts::default() }.among(all.len())
}

/// 5.3-P3
pub(super) fn holders_were_asked(view: &View) -> Verdicts {
    let audits: Vec<Entry<'_>> = in_last_year(view).filter(|audit| items(*audit).any(|item| item == "5.3")).collect();
    let mut roles: BTreeSet<Id> = BTreeSet::new();
    let mut people: BTreeSet<Id> = BTreeSet::new();
    for audit in &audits {
        for row in Audit(audit.content()).interviews() {
            let Some(person) = row.person().map(|link| link.id) else { continue };
            let day = view.on(row.at().map_or(view.today(), |at| view.day(at).min(view.today())));
            let named = row.role().map(|link| link.id);
            let mut held = day.live(Role::KIND).filter(|role| named.is_none_or(|named| role.id() == named));
            let role = held.find(|role| !roles.contains(&role.id()) && holders_on(*role).contains(&person));
            if let Some(role) = role.filter(|_| people.insert(person)) {
                roles.insert(role.id());
            }
        }
    }
    if roles.len() >= ASKED {
        each(audits, |_| Judgement::Pass)
    } else {
        Verdicts::failed(Lapse::of_organisation().value("n", roles.len()))
    }
}
