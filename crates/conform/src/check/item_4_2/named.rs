//! Whether those whom AI reaches are there as parties.

use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemOfferedTo};
use vouch_record::kind::generated::interested_party::InterestedPartyType;
use vouch_record::kind::generated::shared::PersonalData;

use super::parties::{is_assessed, of_type};
use crate::check::wording::words;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View};

/// 4.2-D1
pub(super) fn those_affected_have_a_party(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["affected", "personal_data"], || {
            let content = AiSystem(system.content());
            if content.affected().next().is_none() {
                return Judgement::Skip("it names nobody whom it affects".to_owned());
            }
            let about_people = content.personal_data().any(|sort| sort != PersonalData::None);
            let wanted = [Some(InterestedPartyType::AffectedPerson), about_people.then_some(InterestedPartyType::DataSubject)];
            let mut shown: Vec<Subject> = vec![system.subject()];
            let mut lapses = Vec::new();
            for sort in wanted.into_iter().flatten() {
                match of_type(view, sort).next() {
                    Some(party) => shown.push(party.subject()),
                    None => lapses.push(Lapse::of(system).value("system", system.label()).value("type", words(sort.id()))),
                }
            }
            if lapses.is_empty() { Judgement::Shown(shown) } else { Judgement::FailAll(lapses) }
        })
    })
}

/// 4.2-D2
pub(super) fn usual_parties_are_there(view: &View) -> Verdicts {
    use InterestedPartyType::{Authority, Customer, Supplier, User, Worker};
    let outside = |system: Entry<'_>| {
        let offered = AiSystem(system.content()).offered_to().get();
        offered.is_some_and(|to| to != AiSystemOfferedTo::Internal)
    };
    let sold = view.systems().any(outside);
    let wanted: Vec<InterestedPartyType> =
        [User, Worker, Supplier, Authority].into_iter().chain(sold.then_some(Customer)).collect();
    let things = wanted.len();
    let mut verdicts = Verdicts::default();
    for sort in wanted {
        match of_type(view, sort).next() {
            Some(party) => verdicts.passed.push(party.subject()),
            None => verdicts.failed.push(Lapse::of_organisation().value("type", words(sort.id()))),
        }
    }
    verdicts.among(things)
}

/// 4.2-D4
pub(super) fn affected_rows_name_a_party(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["affected"], || {
            let mut rows = AiSystem(system.content()).affected().peekable();
            if rows.peek().is_none() {
                return Judgement::Skip("it names nobody whom it affects".to_owned());
            }
            let alone = rows.filter(|row| !is_assessed(view, row.party()));
            let lapse = |group: &str| Lapse::of(system).value("system", system.label()).value("group", group);
            Judgement::of(alone.map(|row| lapse(row.group().unwrap_or("people without a name"))).collect())
        })
    })
}
