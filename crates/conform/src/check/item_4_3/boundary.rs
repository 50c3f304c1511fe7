//! What the scope in force says.

use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::organisation::Organisation;
use vouch_record::kind::generated::scope::Scope;
use vouch_record::kind::generated::shared::ControlDecision;
use vouch_record::kind::generated::statement_of_applicability::StatementOfApplicability;

use crate::derived;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// 4.3-D1
pub(super) fn approved_by_top_management(view: &View) -> Verdicts {
    let Some(scope) = view.scope() else { return Verdicts::failed(Lapse::of_organisation()) };
    let by_top = scope
        .approvals(ApprovalPurpose::Approve)
        .into_iter()
        .any(|given| given.is_independent(scope, &[]) && given.by().is_some_and(|by| view.directed_on(by, given.on())));
    each([scope], |scope| Judgement::when(by_top, || Lapse::of(scope)))
}

/// 4.3-D2
pub(super) fn named_in_the_sentence(view: &View) -> Verdicts {
    each(view.scope(), |scope| Judgement::needing(scope, &["statement"], || Judgement::of(unnamed(view, scope))))
}

fn unnamed(view: &View, scope: Entry<'_>) -> Vec<Lapse> {
    let content = Scope(scope.content());
    let sentence = content.statement().get().unwrap_or_default().to_lowercase();
    let says = |name: &str| !name.is_empty() && sentence.contains(&name.to_lowercase());
    let system = content.systems_in().filter_map(|link| view.find(link.id)?.text("name")).any(says)
        || content.families().filter_map(|row| row.name()).any(says);
    let place = inside_names(view, content).into_iter().any(says);
    let labels = scope.kind().field("ai_roles").and_then(|field| field.kind.choices());
    let role = |id: &str| {
        labels
            .and_then(|choices| choices.iter().find(|choice| choice.id == id))
            .map_or_else(|| id.to_owned(), |choice| choice.label.clone())
    };
    let missing = [(!system).then(|| "AI system or family".to_owned()), (!place).then(|| "unit or site".to_owned())];
    let roles = content
        .ai_roles()
        .map(|value| role(value.id()))
        .filter(|label| !says(label))
        .map(|label| format!("role {}", label.to_lowercase()));
    missing.into_iter().flatten().chain(roles).map(|what| Lapse::of(scope).value("missing", what)).collect()
}

/// Codes and names of the units and sites inside.
fn inside_names<'v>(view: &'v View, scope: Scope<'v>) -> Vec<&'v str> {
    let units: Vec<&str> = scope.units().filter(|row| row.inside() == Some(true)).filter_map(|row| row.code()).collect();
    let sites: Vec<&str> = scope.sites().filter(|row| row.inside() == Some(true)).filter_map(|row| row.code()).collect();
    let Some(organisation) = view.organisation() else { return [units, sites].concat() };
    let organisation = Organisation(organisation.content());
    let unit = organisation.units().filter(|row| row.code().is_some_and(|code| units.contains(&code))).filter_map(|row| row.name());
    let site = organisation.sites().filter(|row| row.code().is_some_and(|code| sites.contains(&code))).filter_map(|row| row.name());
    unit.chain(site).chain(units.iter().copied()).chain(sites.iter().copied()).collect()
}

/// 4.3-D4
pub(super) fn shows_how_it_was_drawn(view: &View) -> Verdicts {
    each(view.scope(), |scope| {
        let content = Scope(scope.content());
        let one_chosen = content.options().count() >= 2 && content.options().filter(|row| row.chosen() == Some(true)).count() == 1;
        let mut missing = Vec::new();
        missing.extend(content.issues().next().is_none().then(|| "an issue that shaped it".to_owned()));
        missing.extend(content.parties().next().is_none().then(|| "a party whose needs shaped it".to_owned()));
        missing.extend((!one_chosen).then(|| "two options of which one was chosen".to_owned()));
        missing
            .extend(suppliers_without_interface(view, content).into_iter().map(|supplier| format!("the interface to {supplier}")));
        Judgement::of(missing.into_iter().map(|what| Lapse::of(scope).value("missing", what)).collect())
    })
}

fn suppliers_without_interface(view: &View, scope: Scope<'_>) -> Vec<String> {
    let met: Vec<_> = scope.interfaces().filter_map(|row| row.supplier()).map(|link| link.id).collect();
    let critical = view.systems().flat_map(|system| {
        let rows = vouch_record::kind::generated::ai_system::AiSystem(system.content()).suppliers();
        rows.filter(|row| row.critical() == Some(true)).filter_map(|row| row.supplier()).map(|link| link.id).collect::<Vec<_>>()
    });
    let mut missing: Vec<_> = critical.filter(|supplier| !met.contains(supplier)).collect();
    missing.sort_unstable();
    missing.dedup();
    missing.into_iter().map(|id| view.find(id).map_or_else(|| id.to_string(), |supplier| supplier.label())).collect()
}

/// 4.3-D5
pub(super) fn excludes_nothing_it_cannot(view: &View) -> Verdicts {
    each(view.scope(), |scope| {
        let applied = Scope(scope.content())
            .exclusions()
            .filter_map(|row| row.requirement())
            .filter(|named| named.framework == ISO42001 && is_applied(view, named.item));
        let wrong = derived::scope::clause_exclusions(scope).into_iter().chain(applied);
        Judgement::of(wrong.map(|named| Lapse::of(scope).value("requirement", named.item)).collect())
    })
}

fn is_applied(view: &View, control: &str) -> bool {
    view.statement().is_some_and(|statement| {
        StatementOfApplicability(statement.content()).rows().any(|row| {
            row.decision() == Some(ControlDecision::Applied)
                && row.control().is_some_and(|named| named.framework == ISO42001 && named.item == control)
        })
    })
}
