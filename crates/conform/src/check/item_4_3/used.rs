//! Whether the scope is what customers use, what the certificate says and what is looked at.

mod certified;
mod reviewed;

pub(super) use certified::{approved_before_it_was_audited, as_on_the_certificate, body_agreed_before_the_audit};
pub(super) use reviewed::{compared_with_what_is_used, looked_at_after_changes};

use vouch_record::Id;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::customer_commitment::CustomerCommitment;
use vouch_record::kind::generated::scope::Scope;

use crate::derived;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// 4.3-O3
pub(super) fn nothing_customers_use_left_out(view: &View) -> Verdicts {
    let Some(scope) = view.scope() else { return Verdicts::holds() };
    let content = Scope(scope.content());
    let sold =
        content.products().filter(|row| row.sold() == Some(true) && row.uses_ai() == Some(true) && row.inside() != Some(true));
    let products = sold
        .filter(|row| !product_accepted(scope, row.product().unwrap_or_default(), row.ai_systems().map(|link| link.id).collect()));
    let mut lapses: Vec<Lapse> = products.map(|row| Lapse::of(scope).value("thing", row.product().unwrap_or_default())).collect();
    let used =
        content.systems_out().filter(|row| row.customers_use() == Some(true)).filter_map(|row| view.find(row.ai_system()?.id));
    lapses
        .extend(used.filter(|system| !accepted(view, system.id())).map(|system| Lapse::of(system).value("thing", system.label())));
    let promised = view.all(CustomerCommitment::KIND).filter(|commitment| derived::in_force(*commitment));
    let commitments = each(promised, |commitment| {
        let named = CustomerCommitment(commitment.content()).ai_systems().filter_map(|link| view.find(link.id));
        let outside = named.filter(|system| !derived::ai_system::placed_inside(*system, scope) && !accepted(view, system.id()));
        let lapse = |system: Entry<'_>| {
            Lapse::of(commitment).in_system(system).value("thing", format!("{} by {}", system.label(), commitment.label()))
        };
        Judgement::of(outside.map(lapse).collect())
    });
    each([scope], |_| Judgement::of(lapses.clone())).and(commitments)
}

/// Acceptances of type `scope_excluded` in force.
fn exclusions(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Acceptance::KIND)
        .filter(|entry| Acceptance(entry.content()).type_().is(AcceptanceType::ScopeExcluded) && derived::in_force(*entry))
}

/// Whether such an acceptance names the system.
fn accepted(view: &View, system: Id) -> bool {
    exclusions(view).any(|entry| {
        let acceptance = Acceptance(entry.content());
        acceptance.subject().get().is_some_and(|link| link.id == system) || acceptance.ai_systems().any(|link| link.id == system)
    })
}

/// Whether every system of a product is accepted as outside, or an acceptance about the scope names the product.
fn product_accepted(scope: Entry<'_>, product: &str, systems: Vec<Id>) -> bool {
    let view = scope.view();
    let named = |entry: Entry<'_>| {
        let acceptance = Acceptance(entry.content());
        acceptance.subject().get().is_some_and(|link| link.id == scope.id())
            && acceptance.title().get().is_some_and(|title| title.to_lowercase().contains(&product.to_lowercase()))
    };
    (!systems.is_empty() && systems.into_iter().all(|system| accepted(view, system))) || exclusions(view).any(named)
}
