//! The suppliers that systems in scope rest on.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::supplier::Supplier;
use vouch_record::state::links_of;

use crate::derived::{ai_system, supplier};
use crate::view::{Entry, View};

/// Every supplier named by a system in scope, or by a model, dataset or resource that one names.
pub(super) fn suppliers(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let ids: &Vec<Id> = view.keep(None, "A.10.3.suppliers", || {
        view.all(Supplier::KIND).filter(|entry| users(*entry).next().is_some()).map(|entry| entry.id()).collect()
    });
    ids.iter().filter_map(|id| view.get(*id))
}

/// The systems in scope that rest on a supplier.
pub(super) fn users(entry: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    let view = entry.view();
    supplier::systems(entry).into_keys().filter_map(|id| view.get(id)).filter(|system| ai_system::in_scope(*system))
}

/// The heaviest of them.
pub(super) fn heaviest_user(entry: Entry<'_>) -> Option<Entry<'_>> {
    users(entry).max_by_key(|system| ai_system::tier(*system))
}

/// Whether a supplier is of tier high or critical.
pub(super) fn is_weighty(entry: Entry<'_>) -> bool {
    Supplier(entry.content()).tier().get() >= Some(RiskTier::High)
}

/// In the last 365 days no AI system in scope, model, dataset or resource of one named a supplier.
pub(super) fn no_supplier_for_a_year(view: &View) -> bool {
    let since = view.today().saturating_sub(365.days());
    suppliers(view).next().is_none()
        && view.systems().all(|system| {
            named_since(system, "suppliers", since).is_empty()
                && parts_since(system, since).all(|part| named_since(part, "supplier", since).is_empty())
        })
}

/// The models, datasets and resources that a system named on a day from `since` on.
fn parts_since(system: Entry<'_>, since: Date) -> impl Iterator<Item = Entry<'_>> {
    let lists = ["models", "datasets", "resources"].into_iter();
    lists.flat_map(move |list| named_since(system, list, since)).filter_map(move |part| system.view().get(part))
}

/// The records that a field of a record named on a day from `since` on, in any of the revisions that were read then.
fn named_since(entry: Entry<'_>, field: &str, since: Date) -> Vec<Id> {
    let view = entry.view();
    let revisions: Vec<_> = entry.revisions().collect();
    let recent =
        revisions.iter().enumerate().filter(|(at, _)| revisions.get(at + 1).is_none_or(|next| view.day(next.time) >= since));
    let bodies = recent.flat_map(|(_, leaf)| links_of(entry.kind(), leaf.body.fields().filter(|(name, _)| *name == field)));
    bodies.map(|(_, link)| link.id).collect()
}

/// The day on which a supplier was first approved.
pub(super) fn approved_on(entry: Entry<'_>) -> Option<Date> {
    entry.periods(&["approved"]).first().map(|period| period.from)
}
