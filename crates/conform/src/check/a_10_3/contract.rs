//! What is agreed with suppliers, and in which state they are used.

use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::shared::PersonalData;
use vouch_record::kind::generated::supplier::{Supplier, SupplierClauseClause, SupplierLearnsFromOurData};

use super::population::{heaviest_user, suppliers};
use crate::check::wording::words;
use crate::derived;
use crate::shape::{Judgement, Lapse, Verdicts, at_least_one, each};
use crate::view::{Entry, View};

/// A.10.3-D1
pub(super) fn procedure_in_force(view: &View) -> Verdicts {
    at_least_one(view.procedures("T-THIRD-PARTY-PROC", "A.10.3"), Lapse::of_organisation)
}

/// A lapse of a supplier, with the weight of the heaviest system that rests on it.
pub(super) fn lapse_of(supplier: Entry<'_>) -> Lapse {
    let lapse = Lapse::of(supplier);
    heaviest_user(supplier).map_or(lapse.clone(), |system| lapse.in_system(system))
}

/// A.10.3-D2
pub(super) fn approved_in_their_tier(view: &View) -> Verdicts {
    each(suppliers(view), |supplier| {
        Judgement::needing(supplier, &["tier"], || {
            let tier = Supplier(supplier.content()).tier().get();
            let low = derived::supplier::tier_floor(supplier).is_some_and(|floor| tier.is_none_or(|tier| tier < floor));
            let accepted = || is_accepted(supplier, &[AcceptanceType::Supplier, AcceptanceType::Tier]);
            Judgement::when(supplier.is("approved") && (!low || accepted()), || {
                lapse_of(supplier).value("state", supplier.state()).value("tier", tier.map_or("none", |tier| tier.id()))
            })
        })
    })
}

/// Whether an acceptance in force of one of these types has the supplier as its subject.
fn is_accepted(supplier: Entry<'_>, types: &[AcceptanceType]) -> bool {
    let of_type = |entry: &Entry<'_>| Acceptance(entry.content()).type_().get().is_some_and(|sort| types.contains(&sort));
    supplier.incoming(Acceptance::KIND, "subject").any(|entry| of_type(&entry) && derived::in_force(entry))
}

/// A.10.3-D3
pub(super) fn clauses_are_agreed(view: &View) -> Verdicts {
    each(suppliers(view), |supplier| {
        Judgement::needing(supplier, &["clauses", "provides", "tier"], || {
            let gap = derived::supplier::clause_gap(supplier);
            if gap.is_empty() || is_accepted(supplier, &[AcceptanceType::Supplier]) {
                return Judgement::Pass;
            }
            let lapse = |clause: SupplierClauseClause| lapse_of(supplier).value("clause", words(clause.id()));
            Judgement::FailAll(gap.into_iter().map(lapse).collect())
        })
    })
}

/// A.10.3-D4
pub(super) fn learning_is_a_risk(view: &View) -> Verdicts {
    each(suppliers(view), |supplier| {
        Judgement::needing(supplier, &["learns_from_our_data", "data_received"], || {
            let content = Supplier(supplier.content());
            let learns = matches!(
                content.learns_from_our_data().get(),
                Some(SupplierLearnsFromOurData::Yes | SupplierLearnsFromOurData::Unknown)
            );
            let about_people = content.data_received().any(|data| data != PersonalData::None);
            if !learns || !about_people {
                return Judgement::Skip("it does not learn from data about people".to_owned());
            }
            let risk = supplier.incoming(Risk::KIND, "").find(|risk| risk.is_any(&["assessed", "decided", "closed"]));
            match risk {
                Some(risk) => Judgement::Shown(vec![supplier.subject(), risk.subject()]),
                None => Judgement::Fail(lapse_of(supplier)),
            }
        })
    })
}
