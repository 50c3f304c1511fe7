//! What customers expect, what they are told, and whether they received it.

use std::collections::BTreeSet;

use vouch_record::Id;
use vouch_record::kind::generated::customer_commitment::{CustomerCommitment, CustomerCommitmentKind};
use vouch_record::kind::generated::interested_party::{InterestedParty, InterestedPartyType};
use vouch_record::kind::generated::user_information::{
    UserInformation, UserInformationAudience, UserInformationCover as Topic, UserInformationPurpose as Purpose,
};

use super::population::{agreed, holding, offered};
use crate::check::information::approved;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// What one text must cover to stand for instructions and for a notice of risks.
const BOTH: [Topic; 4] = [Topic::Purpose, Topic::NotFor, Topic::Limits, Topic::ReportHarm];
/// In so many of ten cases there is a receipt.
const RECEIPTS_OF_10: usize = 9;

/// A.10.4-D1
pub(super) fn expectations_are_recorded(view: &View) -> Verdicts {
    each(offered(view), |system| {
        let commitment = system.incoming(CustomerCommitment::KIND, "ai_systems").find(|one| one.is("agreed"));
        let party = || {
            view.all(InterestedParty::KIND).find(|party| {
                let content = InterestedParty(party.content());
                let about = content.ai_systems().next().is_none() || content.ai_systems().any(|link| link.id == system.id());
                let customer = content.type_().is(InterestedPartyType::Customer) && party.is("assessed");
                customer && about && content.needs().next().is_some()
            })
        };
        match commitment.or_else(party) {
            Some(shown) => Judgement::Shown(vec![system.subject(), shown.subject()]),
            None => Judgement::Fail(Lapse::of(system)),
        }
    })
}

/// A.10.4-D2
pub(super) fn customers_are_told(view: &View) -> Verdicts {
    each(offered(view), |system| {
        let texts: Vec<Entry<'_>> = approved(system, UserInformationAudience::Customer).collect();
        let one_for_both = texts.iter().any(|text| BOTH.iter().all(|topic| UserInformation(text.content()).covers().has(*topic)));
        let of = |purpose: Purpose| texts.iter().any(|text| UserInformation(text.content()).purpose().is(purpose));
        let wanted = [(Purpose::Instructions, "how to use it"), (Purpose::RiskNotice, "its risks")];
        let missing: Vec<&str> = wanted.into_iter().filter(|(purpose, _)| !of(*purpose)).map(|(_, what)| what).collect();
        if one_for_both || missing.is_empty() {
            return Judgement::Pass;
        }
        Judgement::Fail(Lapse::of(system).value("missing", missing.join(" and ")))
    })
}

/// A.10.4-D3
pub(super) fn what_was_agreed_is_answered(view: &View) -> Verdicts {
    use CustomerCommitmentKind::{Expectation, Promise, Requirement};
    let asked = agreed(view).filter(|one| {
        CustomerCommitment(one.content()).kind().get().is_some_and(|kind| [Requirement, Expectation, Promise].contains(&kind))
    });
    each(asked, |one| {
        Judgement::needing(one, &["decision", "decision_reason", "met_by"], || {
            let content = CustomerCommitment(one.content());
            let decided = content.decision().is_filled() && content.decision_reason().is_filled();
            let met = one.links("met_by").any(|record| record.is_live());
            Judgement::when(decided && met, || Lapse::of(one).value("commitment", one.label()))
        })
    })
}

/// A.10.4-P3
pub(super) fn customers_have_a_receipt(view: &View) -> Verdicts {
    each(offered(view), |system| {
        let named = holding(view).filter(|one| one.names(system.id(), "ai_systems"));
        let customers: BTreeSet<Id> =
            named.filter_map(|one| CustomerCommitment(one.content()).party().get().map(|link| link.id)).collect();
        if customers.is_empty() {
            return Judgement::Skip("no customer is named".to_owned());
        }
        let texts = approved(system, UserInformationAudience::Customer).filter(|text| text.is("published"));
        let rows = texts.flat_map(|text| UserInformation(text.content()).delivered());
        let receipt = rows.filter(|row| row.receipt().is_some_and(|link| view.get(link.id).is_some()));
        let received: BTreeSet<Id> = receipt.filter_map(|row| row.to().map(|link| link.id)).collect();
        let without = customers.difference(&received).count();
        Judgement::when((customers.len() - without) * 10 >= customers.len() * RECEIPTS_OF_10, || {
            Lapse::of(system).value("n", without).value("total", customers.len())
        })
    })
}
