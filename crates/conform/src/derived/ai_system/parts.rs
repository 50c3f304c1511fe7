//! Parts that feeds saw in the running system beside those that are named.

use std::collections::HashSet;

use jiff::ToSpan;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemObservedPartKind};
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::resource::Resource;
use vouch_record::kind::generated::supplier::Supplier;

use crate::derived::evened;
use crate::view::Entry;

/// A part that is seen and not named, or named and not seen.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PartGap {
    /// kind of part
    pub kind: AiSystemObservedPartKind,
    /// its name
    pub name: String,
    /// its version, where one was seen or named
    pub version: Option<String>,
    /// `not named`: it was seen; `not seen`: it is named
    pub gap: &'static str,
}

impl PartGap {
    /// Whether it was seen and not named.
    #[must_use]
    pub fn is_unnamed(&self) -> bool {
        self.gap == NOT_NAMED
    }
}

const NOT_NAMED: &str = "not named";

/// Models, services and computing seen in the last thirty days that match no named model, resource or supplier by name, alias or
/// external id; and named models not seen. Where no model was seen at all no feed looks at models, so none is missed.
#[must_use]
pub fn parts_gap(entry: Entry<'_>) -> Vec<PartGap> {
    use AiSystemObservedPartKind as Kind;
    let (system, view) = (AiSystem(entry.content()), entry.view());
    let since = view.today().saturating_sub(30.days());
    let recent: Vec<_> = system
        .observed_parts()
        .filter(|part| part.seen_at().is_some_and(|at| view.day(at) >= since))
        .filter(|part| matches!(part.kind(), Some(Kind::Model | Kind::Service | Kind::Compute)))
        .collect();
    let named = named(entry);
    let mut gaps: Vec<PartGap> = Vec::new();
    for part in &recent {
        let (Some(kind), Some(name)) = (part.kind(), part.name()) else { continue };
        let gap = PartGap { kind, name: name.to_owned(), version: part.version().map(str::to_owned), gap: NOT_NAMED };
        if !named.contains(&evened(name)) && !gaps.contains(&gap) {
            gaps.push(gap);
        }
    }
    let seen: HashSet<String> =
        recent.iter().filter(|part| part.kind() == Some(Kind::Model)).filter_map(|part| part.name()).map(evened).collect();
    if seen.is_empty() {
        return gaps;
    }
    for row in system.models() {
        let Some(model) = row.model().and_then(|link| view.get(link.id)) else { continue };
        if names_of_model(model).is_disjoint(&seen) {
            gaps.push(PartGap {
                kind: Kind::Model,
                name: model.label(),
                version: row.version().map(str::to_owned),
                gap: "not seen",
            });
        }
    }
    gaps
}

/// Every name of what the system names.
fn named(entry: Entry<'_>) -> HashSet<String> {
    let (system, view) = (AiSystem(entry.content()), entry.view());
    let mut names = HashSet::new();
    for model in system.models().filter_map(|row| view.get(row.model()?.id)) {
        names.extend(names_of_model(model));
    }
    for resource in system.resources().filter_map(|row| view.get(row.resource()?.id)) {
        let content = Resource(resource.content());
        names.extend(content.name().get().map(evened));
        names.extend(content.external_ids().filter_map(|row| row.id()).map(evened));
    }
    for supplier in system.suppliers().filter_map(|row| view.get(row.supplier()?.id)) {
        names.extend(Supplier(supplier.content()).name().get().map(evened));
    }
    names
}

/// Name, the names under which it is asked for, and its external ids.
fn names_of_model(entry: Entry<'_>) -> HashSet<String> {
    let model = Model(entry.content());
    let asked = model.requested_as().get().into_iter().flat_map(|names| names.split([',', ';', '\n']));
    let ids = model.external_ids().filter_map(|row| row.id());
    model.name().get().into_iter().chain(asked).chain(ids).map(evened).filter(|name| !name.is_empty()).collect()
}
