//! Derived values of the organisation.

use vouch_record::condition::Val;
use vouch_record::kind::generated::approval::Approval;
use vouch_record::kind::generated::certificate::Certificate;
use vouch_record::kind::generated::organisation::Organisation;
use vouch_record::time::days_between;

use super::answer::{records, texts, whole};
use super::{Derived, scope};
use crate::view::{Entry, View};

/// The derived values of the organisation.
pub const TABLE: &[Derived] = &[
    Derived::new("certified_scope", |entry| {
        let certificate = scope::issued_certificate(entry.view());
        let text = certificate.and_then(|certificate| Certificate(certificate.content()).scope_text().get());
        text.map_or(Val::Empty, |text| Val::Text(text.into()))
    }),
    Derived::new("open_overrides", |entry| records(overrides(entry.view()))),
    Derived::new("count_age", |entry| count_age(entry).map_or(Val::Empty, whole)).reading(&["people_counted_on"]),
    Derived::new("units_without_head", |entry| texts(units_without_head(entry))).reading(&["units"]),
];

/// Approvals of the window, given and not withdrawn, whose override is not empty.
pub fn overrides(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let window = view.period();
    let overridden = |given: &Entry<'_>| given.is("given") && Approval(given.content()).override_().is_filled();
    view.all(Approval::KIND).filter(move |given| window.has(given.created_on())).filter(overridden)
}

/// Days since `people_counted_on`.
#[must_use]
pub fn count_age(entry: Entry<'_>) -> Option<i64> {
    Organisation(entry.content()).people_counted_on().get().map(|on| days_between(on, entry.view().today()))
}

/// Unit codes whose head is empty or a person in state left.
#[must_use]
pub fn units_without_head(entry: Entry<'_>) -> Vec<String> {
    let view = entry.view();
    let there = |link: vouch_record::Link| view.get(link.id).is_some_and(|person| !person.is("left"));
    let headless = Organisation(entry.content()).units().filter(|row| !row.head().is_some_and(there));
    headless.map(|row| row.code().or(row.name()).unwrap_or_default().to_owned()).collect()
}
