//! Whether what is known of suppliers is more than their word.

use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::supplier::{
    Supplier, SupplierAnswerRating, SupplierAnswerRow, SupplierAssessmentBasis, SupplierCertificateRow,
};

use super::contract::lapse_of;
use super::population::{is_weighty, suppliers};
use crate::check::wording::called;
use crate::derived::supplier::{latest_assessment, system_risk_owners};
use crate::shape::{Judgement, Verdicts, each};
use crate::view::{Entry, Given, View, Window};

/// Of ten good answers, how many need proof.
const PROVED_IN_TEN: usize = 8;

/// A.10.3-P1
pub(super) fn approved_by_an_other_person(view: &View) -> Verdicts {
    each(suppliers(view), |supplier| {
        Judgement::needing(supplier, &["assessments", "tier"], || {
            if !supplier.is("approved") {
                return Judgement::Skip(format!("in state {}", supplier.state()));
            }
            let assessor = latest_assessment(supplier).and_then(|row| row.by()).map(|link| link.id);
            let given: Vec<Given<'_>> =
                supplier.approvals(ApprovalPurpose::Approve).into_iter().filter(Given::counts_as_proof).collect();
            let other = given.iter().find(|given| given.by().is_some() && given.by() != assessor && given.overrides().is_none());
            let lapse =
                |person: String, defect: &str| Judgement::Fail(lapse_of(supplier).value("person", person).value("defect", defect));
            let Some(other) = other else {
                return match given.last() {
                    Some(last) if last.overrides().is_some() => lapse(called(view, last.by()), "with an override"),
                    Some(last) => lapse(called(view, last.by()), "who assessed it"),
                    None => lapse("nobody".to_owned(), "whose approval counts and still stands"),
                };
            };
            if is_weighty(supplier) && !given.iter().any(|given| owns_its_risk(supplier, given)) {
                return lapse(called(view, other.by()), "and by no risk owner of a system that uses it");
            }
            Judgement::Shown(vec![supplier.subject(), other.entry.subject()])
        })
    })
}

/// Whether the approver was, on the day of the approval or is today, the risk owner of a system that uses the supplier.
fn owns_its_risk(supplier: Entry<'_>, given: &Given<'_>) -> bool {
    let owners = |then: Entry<'_>| system_risk_owners(then);
    let then: Vec<Id> = supplier.on(given.on()).map(owners).unwrap_or_default();
    given.overrides().is_none() && given.by().is_some_and(|by| then.contains(&by) || owners(supplier).contains(&by))
}

/// A.10.3-P2
pub(super) fn certificates_were_looked_up(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(suppliers(view), |supplier| {
        Judgement::needing(supplier, &["assessments", "certificates"], || {
            let latest = latest_assessment(supplier);
            let leans = latest.is_some_and(|row| row.basis().has(SupplierAssessmentBasis::Certificate));
            let Some(assessed) = latest.and_then(|row| row.on()).filter(|_| leans) else {
                return Judgement::Skip("its assessment leans on no certificate".to_owned());
            };
            // One that had run out when the supplier was assessed is not what the assessment leans on.
            let rows = Supplier(supplier.content()).certificates().filter(|row| row.until().is_none_or(|until| until >= assessed));
            let problems: Vec<(String, String)> =
                rows.map(|row| (row.number().unwrap_or("without a number").to_owned(), problem(view, row, year))).collect();
            if problems.is_empty() {
                return Judgement::Fail(
                    lapse_of(supplier).value("number", "on which its assessment leans").value("problem", "is not listed"),
                );
            }
            let open = problems.into_iter().filter(|(_, problem)| !problem.is_empty());
            Judgement::of(
                open.map(|(number, problem)| lapse_of(supplier).value("number", number).value("problem", problem)).collect(),
            )
        })
    })
}

/// What is wrong with a certificate, as the end of a sentence; empty if nothing is.
fn problem(view: &View, row: SupplierCertificateRow<'_>, year: Window) -> String {
    let proof = row.proof().filter_map(|link| view.get(link.id)).any(|proof| !proof.is_any(&["rejected", "replaced"]));
    let looked = row.checked_by().is_some() && row.checked_on().is_some_and(|on| year.has(on));
    if row.covers_service() != Some(true) {
        "does not say that it covers the service".to_owned()
    } else if let Some(until) = row.until().filter(|until| *until < view.today()) {
        format!("ended on {until}")
    } else if row.until().is_none() {
        "has no end".to_owned()
    } else if !looked {
        row.checked_on().map_or_else(|| "was never looked up".to_owned(), |on| format!("was last looked up on {on}"))
    } else if !proof {
        "was looked up without proof".to_owned()
    } else {
        String::new()
    }
}

/// A.10.3-P3
pub(super) fn good_answers_are_proved(view: &View) -> Verdicts {
    each(suppliers(view).filter(|supplier| is_weighty(*supplier)), |supplier| {
        Judgement::needing(supplier, &["answers"], || {
            let good: Vec<_> =
                Supplier(supplier.content()).answers().filter(|row| row.rating() == Some(SupplierAnswerRating::Good)).collect();
            let word_alone = good.iter().filter(|row| !is_proved(view, row)).count();
            Judgement::when((good.len() - word_alone) * 10 >= good.len() * PROVED_IN_TEN, || {
                lapse_of(supplier).value("n", word_alone)
            })
        })
    })
}

/// Whether evidence in state reviewed, by a person other than its collector, shows the answer.
fn is_proved(view: &View, row: &SupplierAnswerRow<'_>) -> bool {
    row.proof().filter_map(|link| view.get(link.id)).any(|proof| {
        let content = Evidence(proof.content());
        let (reviewed, collected) = (content.reviewed_by().get(), content.collected_by().get());
        proof.is("reviewed") && reviewed.is_some_and(|by| collected.is_none_or(|collector| collector.id != by.id))
    })
}
