//! Whether auditors asked staff about the policy.

use std::collections::BTreeSet;

use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::person::Person;

use crate::check::audited::{in_last_year, items};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// From people of how many units auditors hear, where there are as many.
const UNITS: usize = 3;

/// 5.2-P3
pub(super) fn staff_were_asked(view: &View) -> Verdicts {
    let audits: Vec<Entry<'_>> = in_last_year(view).filter(|audit| items(*audit).any(|item| item == "5.2")).collect();
    let units_of = |audit: &Entry<'_>| -> Vec<&str> {
        let people = Audit(audit.content()).interviews().filter_map(|row| view.get(row.person()?.id));
        people.filter_map(unit_of_staff).collect()
    };
    let asked: BTreeSet<&str> = audits.iter().flat_map(units_of).collect();
    let staffed: BTreeSet<&str> = view.all(Person::KIND).filter(|person| person.is("active")).filter_map(unit_of_staff).collect();
    let wanted = UNITS.min(staffed.len());
    if asked.len() >= wanted {
        return each(audits.into_iter().filter(|audit| !units_of(audit).is_empty()), |_| Judgement::Pass);
    }
    Verdicts::failed(Lapse::of_organisation().value("n", asked.len()).value("wanted", wanted))
}

/// The unit of a person who does not direct the organisation.
fn unit_of_staff(person: Entry<'_>) -> Option<&str> {
    let content = Person(person.content());
    if content.top_management().is(true) { None } else { content.unit().get() }
}
