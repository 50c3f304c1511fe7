//! How risks are treated: the procedure, plans that are the owners', and no day above the limit without an answer.

use vouch_record::Id;
use vouch_record::kind::generated::document::{Document, DocumentType};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::treatment::Treatment;

use crate::check::above_limit::{is_asked_in, threats_ever_above, unanswered};
use crate::check::approving::approvals_into;
use crate::check::wording::people;
use crate::shape::{Judgement, Lapse, Verdicts, each, stands};
use crate::view::{Entry, View};

/// 6.1.3-D3
pub(super) fn procedure_stands(view: &View) -> Verdicts {
    let of_method = view.risk_method().and_then(|method| method.linked("document"));
    let mut defect = "there is none".to_owned();
    let mut verdicts = Verdicts::holds();
    let listed = view.procedures("", "6.1.3").filter(|one| Document(one.content()).type_().is(DocumentType::Procedure));
    for procedure in listed {
        match stands(procedure) {
            Err(why) => defect = why,
            Ok(()) if !of_method.is_some_and(|method| belong_together(procedure, method)) => {
                defect = format!("the risk method in force does not rest on {}", procedure.label());
            }
            Ok(()) => verdicts.passed.push(procedure.subject()),
        }
    }
    if verdicts.passed.is_empty() {
        verdicts.failed.push(Lapse::of_organisation().value("defect", defect));
    }
    verdicts
}

/// Whether two documents are one, or one of them names the other among what it is related to.
fn belong_together(a: Entry<'_>, b: Entry<'_>) -> bool {
    a.id() == b.id() || a.names(b.id(), "related") || b.names(a.id(), "related")
}

/// 6.1.3-D4
pub(super) fn plans_are_the_owners(view: &View) -> Verdicts {
    let planned = view.all(Treatment::KIND).filter(|treatment| treatment.is_any(&["approved", "doing", "done", "judged"]));
    each(planned, |treatment| {
        Judgement::needing(treatment, &["compared_with_annex"], || {
            let mut defects = Vec::new();
            if !Treatment(treatment.content()).compared_with_annex().is(true) {
                defects.push("was not compared with Annex A".to_owned());
            }
            let silent = owners_without_approval(treatment);
            if !silent.is_empty() {
                defects.push(format!("was not approved by {}", people(view, silent)));
            }
            Judgement::when(defects.is_empty(), || Lapse::of(treatment).value("defect", defects.join(" and ")))
        })
    })
}

/// The owners of its risks, each on the day of the approval, who did not approve the plan.
fn owners_without_approval(treatment: Entry<'_>) -> Vec<Id> {
    let given = approvals_into(treatment, "approved");
    let on = given.iter().map(|given| given.on()).max();
    let owner = |risk: Entry<'_>| {
        let then = on.and_then(|on| risk.on(on)).unwrap_or(risk);
        Risk(then.content()).owner().get().map(|link| link.id)
    };
    let mut owners: Vec<Id> = treatment.links("risks").filter_map(owner).collect();
    owners.sort_unstable();
    owners.dedup();
    owners.retain(|owner| !given.iter().any(|given| given.by() == Some(*owner)));
    owners
}

/// 6.1.3-O1
pub(super) fn risks_above_the_limit_answered(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(threats_ever_above(view).filter(|risk| is_asked_in(*risk, window)), |risk| {
        let open = unanswered(risk, window).into_iter();
        Judgement::of(open.map(|days| Lapse::of(risk).value("from", days.from).value("to", days.to).over(days)).collect())
    })
}
