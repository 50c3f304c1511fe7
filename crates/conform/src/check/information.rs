//! The texts about a system, by audience and state.

use vouch_record::kind::generated::user_information::{UserInformation, UserInformationAudience};

use crate::view::Entry;

/// The texts about a system that were approved for this audience and not withdrawn.
pub(super) fn approved<'v>(system: Entry<'v>, audience: UserInformationAudience) -> impl Iterator<Item = Entry<'v>> {
    of(system).filter(move |text| text.is_settled() && UserInformation(text.content()).audience().is(audience))
}

/// The texts about a system that users can read.
pub(super) fn published_for_users<'v>(system: Entry<'v>) -> impl Iterator<Item = Entry<'v>> {
    approved(system, UserInformationAudience::User).filter(|text| text.is("published"))
}

/// The texts about a system, whatever their state.
pub(super) fn of<'v>(system: Entry<'v>) -> impl Iterator<Item = Entry<'v>> {
    system.incoming(UserInformation::KIND, "ai_system")
}
