//! The parties that were assessed.

use jiff::civil::Date;
use vouch_record::Link;
use vouch_record::kind::generated::interested_party::{InterestedParty, InterestedPartyType};

use crate::view::{Entry, View};

/// Every assessed party.
pub(super) fn assessed(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(InterestedParty::KIND).filter(|party| party.is("assessed"))
}

/// Those of a type.
pub(super) fn of_type(view: &View, sort: InterestedPartyType) -> impl Iterator<Item = Entry<'_>> {
    assessed(view).filter(move |party| InterestedParty(party.content()).type_().is(sort))
}

/// Whether a link leads to an assessed party.
pub(super) fn is_assessed(view: &View, link: Option<Link>) -> bool {
    let party = link.and_then(|link| view.get(link.id));
    party.is_some_and(|party| party.kind().name == InterestedParty::KIND && party.is("assessed"))
}

/// The day a party was first assessed.
pub(super) fn first_assessed(party: Entry<'_>) -> Option<Date> {
    party.leaves().iter().find(|leaf| leaf.state.as_ref() == "assessed").map(|leaf| party.view().day(leaf.time))
}
