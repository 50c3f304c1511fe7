//! Whether each side and each activity has a row, and whether others agreed to theirs.

use vouch_record::kind::generated::ai_system::{
    AiSystem, AiSystemOfferedTo, AiSystemResponsibilityActivity as Activity, AiSystemResponsibilityHeldBy as HeldBy,
    AiSystemResponsibilityRow,
};
use vouch_record::kind::generated::customer_commitment::{CustomerCommitment, CustomerCommitmentKind};
use vouch_record::kind::generated::supplier::{Supplier, SupplierClauseClause, SupplierClauseResult};

use super::population::{activity, party, rows, shared};
use crate::check::wording::words;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// What somebody has to do in every system that others have a part in.
const ACTIVITIES: [Activity; 11] = [
    Activity::Data,
    Activity::Testing,
    Activity::Monitoring,
    Activity::Change,
    Activity::Incident,
    Activity::Information,
    Activity::Oversight,
    Activity::Privacy,
    Activity::Security,
    Activity::Legal,
    Activity::Retirement,
];

/// A.10.2-D1
pub(super) fn each_side_has_a_row(view: &View) -> Verdicts {
    each(shared(view), |system| {
        Judgement::needing(system, &["responsibilities", "suppliers", "offered_to"], || {
            let content = AiSystem(system.content());
            let held = |wanted: &[HeldBy]| rows(system).any(|row| row.held_by().is_some_and(|by| wanted.contains(&by)));
            let mut missing: Vec<String> = Vec::new();
            if !held(&[HeldBy::Us, HeldBy::Shared]) {
                missing.push("us".to_owned());
            }
            for critical in content.suppliers().filter(|row| row.critical() == Some(true)).filter_map(|row| row.supplier()) {
                if !rows(system).any(|row| row.supplier().is_some_and(|link| link.id == critical.id)) {
                    missing.push(crate::check::wording::called(view, Some(critical.id)));
                }
            }
            let offered = matches!(content.offered_to().get(), Some(AiSystemOfferedTo::Customers | AiSystemOfferedTo::Partners));
            if offered && !held(&[HeldBy::Customer, HeldBy::Partner, HeldBy::Shared]) {
                missing.push("its customers".to_owned());
            }
            Judgement::of(missing.into_iter().map(|party| Lapse::of(system).value("party", party)).collect())
        })
    })
}

/// A.10.2-D2
pub(super) fn each_activity_has_a_row(view: &View) -> Verdicts {
    each(shared(view), |system| {
        Judgement::needing(system, &["responsibilities"], || {
            let missing = ACTIVITIES.into_iter().filter(|wanted| !rows(system).any(|row| row.activity() == Some(*wanted)));
            Judgement::of(missing.map(|one| Lapse::of(system).value("activity", words(one.id()))).collect())
        })
    })
}

/// Whether nobody does it, or something of it is open.
fn is_gap(row: AiSystemResponsibilityRow<'_>) -> bool {
    row.held_by() == Some(HeldBy::Nobody) || row.gap().is_some()
}

/// Judges the rows of each system that are wanted.
fn each_row<'v>(
    view: &'v View,
    wanted: impl Fn(AiSystemResponsibilityRow<'v>) -> bool,
    judge: impl Fn(Entry<'v>, AiSystemResponsibilityRow<'v>) -> Option<Lapse>,
) -> Verdicts {
    each(shared(view), |system| {
        Judgement::needing(system, &["responsibilities"], || {
            let asked: Vec<_> = rows(system).filter(|row| wanted(*row)).collect();
            if asked.is_empty() {
                return Judgement::Skip("no such row".to_owned());
            }
            Judgement::of(asked.into_iter().filter_map(|row| judge(system, row)).collect())
        })
    })
}

/// A.10.2-D3
pub(super) fn gaps_have_an_owner_and_a_day(view: &View) -> Verdicts {
    each_row(view, is_gap, |system, row| {
        let settled = row.gap_owner().is_some() && row.gap_due().is_some();
        (!settled).then(|| Lapse::of(system).value("activity", activity(row)))
    })
}

/// A.10.2-O1
pub(super) fn suppliers_agreed(view: &View) -> Verdicts {
    let of_supplier = |row: AiSystemResponsibilityRow<'_>| match row.held_by() {
        Some(HeldBy::Supplier) => true,
        Some(HeldBy::Shared) => row.supplier().is_some() || row.party().is_none(),
        _ => false,
    };
    each_row(view, of_supplier, |system, row| {
        let supplier = row.supplier().and_then(|link| view.get(link.id));
        let agreed = supplier.is_some_and(|supplier| {
            Supplier(supplier.content()).clauses().any(|clause| {
                clause.clause() == Some(SupplierClauseClause::Responsibilities)
                    && clause.result() == Some(SupplierClauseResult::Agreed)
            })
        });
        (!agreed || row.clause().is_none())
            .then(|| Lapse::of(system).value("supplier", party(system, row)).value("activity", activity(row)))
    })
}

/// A.10.2-O2
pub(super) fn customers_agreed(view: &View) -> Verdicts {
    each_row(
        view,
        |row| row.held_by() == Some(HeldBy::Customer),
        |system, row| {
            let mut duties = system.incoming(CustomerCommitment::KIND, "ai_systems").filter(|one| {
                let content = CustomerCommitment(one.content());
                let same = row.party().is_none_or(|party| content.party().get().is_some_and(|of| of.id == party.id));
                one.is("agreed") && content.kind().is(CustomerCommitmentKind::DutyOfCustomer) && same
            });
            let agreed = duties.any(|one| CustomerCommitment(one.content()).customer_agreed_on().is_filled());
            (!agreed).then(|| Lapse::of(system).value("activity", activity(row)))
        },
    )
}
