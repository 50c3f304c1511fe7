//! Whether the other side took it on, both sides confirmed, and incidents went as the table says.

use std::collections::BTreeSet;

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::{
    AiSystem, AiSystemResponsibilityActivity as Activity, AiSystemResponsibilityHeldBy as HeldBy, AiSystemResponsibilityRow,
};
use vouch_record::kind::generated::approval::{ApprovalDecision, ApprovalPurpose};
use vouch_record::kind::generated::customer_commitment::CustomerCommitment;
use vouch_record::kind::generated::incident::{Incident, IncidentType};
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::supplier::Supplier;

use super::population::{activity, is_of_others, party, rows, shared, suppliers};
use crate::check::specified::holds;
use crate::derived::ai_system::{live, tier};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How far back confirmations and incidents count, in days.
const YEAR: i64 = 365;

/// A.10.2-P1
pub(super) fn others_took_it_on(view: &View) -> Verdicts {
    each(shared(view).filter(|system| tier(*system) >= Some(RiskTier::High)), |system| {
        Judgement::needing(system, &["responsibilities"], || {
            let theirs: Vec<AiSystemResponsibilityRow<'_>> = rows(system).filter(|row| is_of_others(*row)).collect();
            if theirs.is_empty() {
                return Judgement::Skip("nobody else does anything; see A.10.2-D1".to_owned());
            }
            let proved = |row: &AiSystemResponsibilityRow<'_>| {
                let reviewed = row.agreed_proof().filter_map(|link| view.get(link.id)).any(|proof| proof.is("reviewed"));
                row.agreed_on().is_some() && reviewed
            };
            let lapses = theirs
                .iter()
                .filter(|row| !proved(row))
                .map(|row| Lapse::of(system).value("party", party(system, *row)).value("activity", activity(*row)));
            Judgement::of(lapses.collect())
        })
    })
}

/// A.10.2-P2
pub(super) fn both_sides_confirmed(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    each(shared(view).filter(|system| live(*system)), |system| {
        Judgement::needing(system, &["owner", "responsibilities"], || {
            let reviews = system.given().into_iter().filter(|given| {
                let counts = given.approval.purpose().is(ApprovalPurpose::Review)
                    && given.approval.decision().is(ApprovalDecision::Approved)
                    && given.counts_as_proof();
                counts && given.overrides().is_none() && year.has(given.on())
            });
            let looked: BTreeSet<Id> = reviews.filter_map(|given| given.by()).collect();
            let owner = AiSystem(system.content()).owner().get().map(|link| link.id);
            let others: BTreeSet<Id> = across(system).into_iter().filter(|person| Some(*person) != owner).collect();
            let mine = owner.is_some_and(|owner| looked.contains(&owner));
            let theirs = if others.is_empty() {
                looked.iter().any(|person| Some(*person) != owner)
            } else {
                looked.iter().any(|person| others.contains(person))
            };
            Judgement::when(mine && theirs, || Lapse::of(system))
        })
    })
}

/// The people who answer for the suppliers of a system and for what was agreed with its customers.
fn across(system: Entry<'_>) -> Vec<Id> {
    let of_suppliers = suppliers(system).into_iter().filter_map(|one| Supplier(one.content()).owner().get());
    let agreed = system.incoming(CustomerCommitment::KIND, "ai_systems").filter(|one| one.is("agreed"));
    let of_promises = agreed.filter_map(|one| CustomerCommitment(one.content()).owner().get());
    of_suppliers.chain(of_promises).map(|link| link.id).collect()
}

/// A.10.2-P3
pub(super) fn incidents_went_as_the_table_says(view: &View) -> Verdicts {
    let year = view.last_days(YEAR);
    let failures = view.live(Incident::KIND).filter(|incident| {
        let content = Incident(incident.content());
        let resolved = incident.entered("resolved").zip(year).is_some_and(|(on, year)| year.has(on));
        resolved && content.types().has(IncidentType::SupplierFailure) && !content.exercise().is(true)
    });
    let of_population: BTreeSet<Id> = shared(view).map(|system| system.id()).collect();
    each(failures, |incident| {
        Judgement::needing(incident, &["timeline", "notifications", "ai_systems"], || {
            let systems = incident.links("ai_systems").filter(|system| of_population.contains(&system.id()));
            let held = systems.flat_map(|system| rows(system).map(move |row| (system, row)));
            let held: Vec<_> = held.filter(|(_, row)| row.activity() == Some(Activity::Incident)).collect();
            if held.is_empty() {
                return Judgement::Skip("no row of its systems says who acts in incidents; see A.10.2-D2".to_owned());
            }
            match held.into_iter().find(|(_, row)| !acted(incident, *row)) {
                None => Judgement::Pass,
                Some((system, _)) => Judgement::Fail(Lapse::of(incident).in_system(system)),
            }
        })
    })
}

/// Whether the party of a row appears in what was done, or was told. For a row of ours something was done at all.
fn acted(incident: Entry<'_>, row: AiSystemResponsibilityRow<'_>) -> bool {
    let (content, view) = (Incident(incident.content()), incident.view());
    if matches!(row.held_by(), Some(HeldBy::Us | HeldBy::Nobody) | None) {
        return content.timeline().next().is_some();
    }
    let told = row.party().is_some_and(|party| {
        content.notifications().any(|one| one.sent_at().is_some() && one.recipient().is_some_and(|link| link.id == party.id))
    });
    let names = row.supplier().or_else(|| row.party()).and_then(|link| view.get(link.id));
    let name = names.and_then(|one| one.text("name"));
    let appears = |text: Option<&str>| text.zip(name).is_some_and(|(text, name)| holds(text, name));
    told || content.timeline().any(|one| appears(one.by()) || appears(one.what()))
}
