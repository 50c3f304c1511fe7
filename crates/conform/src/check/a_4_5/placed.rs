//! Where systems run, what is lost if that place fails, and whether they stay there.

use std::collections::{BTreeMap, BTreeSet};

use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::resource::{Resource, ResourceCategory};
use vouch_record::kind::generated::supplier::{Supplier, SupplierProvide};
use vouch_record::{Id, Value};

use super::{PLACES, RUNS};
use crate::check::parts::{marks_critical, resources};
use crate::check::sighted::{observed, runs};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long a resource may run in another place.
const ELSEWHERE_DAYS: i64 = 7;

/// A.4.5-D1
pub(super) fn says_where_it_runs(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["resources", "suppliers"], || {
            let content = AiSystem(system.content());
            let named = content.resources().filter_map(|row| view.get(row.resource()?.id));
            let places: Vec<Entry<'_>> = named.filter(|one| is_one_of(*one, &RUNS)).collect();
            let lapse = |defect: String| Lapse::of(system).value("defect", defect);
            if places.is_empty() {
                let serves = |supplier: Entry<'_>| {
                    Supplier(supplier.content()).provides().has_any(&[SupplierProvide::AiService, SupplierProvide::EmbeddedAi])
                };
                let mut suppliers = content.suppliers().filter_map(|row| view.get(row.supplier()?.id));
                let defect = "it names neither machines nor a service that runs it";
                return Judgement::when(suppliers.any(serves), || lapse(defect.to_owned()));
            }
            if let Some(one) =
                places.iter().find(|one| ["location", "owner", "failure_effect"].iter().any(|field| one.value(field).is_erased()))
            {
                return Judgement::Undecided(format!("a field of {} was erased", one.id()));
            }
            let open = places.iter().flat_map(|one| missing(*one).into_iter().map(|what| format!("{} has no {what}", one.label())));
            Judgement::of(open.map(lapse).collect())
        })
    })
}

fn is_one_of(resource: Entry<'_>, categories: &[ResourceCategory]) -> bool {
    Resource(resource.content()).category().get().is_some_and(|one| categories.contains(&one))
}

fn missing(resource: Entry<'_>) -> Vec<&'static str> {
    let content = Resource(resource.content());
    let wanted = [
        (content.location().is_filled(), "location"),
        (content.owner().is_filled(), "owner"),
        (content.failure_effect().is_filled(), "word on what its failure does"),
    ];
    wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect()
}

/// A.4.5-D2
pub(super) fn critical_resources_have_a_way_back(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for part in resources(view, &ResourceCategory::ALL).into_iter().filter(|part| part.is_critical()) {
        let judgement = Judgement::needing(part.entry, &["recover_within", "fallback", "failure_effect"], || {
            let content = Resource(part.entry.content());
            let wanted = [
                (content.recover_within().is_filled(), "time in which it must be back"),
                (content.fallback().is_filled() || content.failure_effect().is_filled(), "word on what takes over"),
            ];
            let system = part.systems.iter().find(|system| marks_critical(**system, part.entry)).copied();
            let lapse = |what: &str| {
                let lapse = Lapse::of(part.entry).value("resource", part.entry.label()).value("missing", what);
                system.map_or_else(|| lapse.clone(), |system| lapse.clone().in_system(system))
            };
            Judgement::of(wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| lapse(what)).collect())
        });
        verdicts.note(part.entry, judgement);
    }
    verdicts
}

/// A.4.5-D3
pub(super) fn footprint_is_known(view: &View) -> Verdicts {
    each(resources(view, &RUNS).into_iter().map(|part| part.entry), |resource| {
        Judgement::needing(resource, &["footprint", "footprint_not_relevant"], || {
            let content = Resource(resource.content());
            let known = content.footprint().next().is_some() || content.footprint_not_relevant().is_filled();
            Judgement::when(known, || Lapse::of(resource))
        })
    })
}

/// A.4.5-O2
pub(super) fn it_stays_in_its_place(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(resources(view, &PLACES).into_iter().map(|part| part.entry), |resource| {
        Judgement::needing(resource, &["observed", "location"], || {
            let mut seen: BTreeMap<Option<Id>, Vec<(jiff::civil::Date, &str, bool)>> = BTreeMap::new();
            for (on, leaf, row) in observed(resource, window) {
                let Some(place) = row.location() else { continue };
                let recorded = leaf.body.get("location").and_then(Value::as_text).unwrap_or_default();
                let wrong = !place.trim().eq_ignore_ascii_case(recorded.trim());
                seen.entry(row.ai_system().map(|link| link.id)).or_default().push((on, place, wrong));
            }
            if seen.is_empty() {
                return Judgement::Skip("no feed saw its place in the window".to_owned());
            }
            let mut lapses = Vec::new();
            for sightings in seen.values() {
                let long = runs(sightings.iter().map(|(on, _, wrong)| (*on, *wrong))).into_iter();
                lapses.extend(long.filter(|days| days.days() > ELSEWHERE_DAYS + 1).map(|days| {
                    let places: BTreeSet<&str> =
                        sightings.iter().filter(|(on, _, wrong)| *wrong && days.has(*on)).map(|(_, place, _)| *place).collect();
                    let places: Vec<&str> = places.into_iter().collect();
                    let location = Resource(resource.content()).location().get().unwrap_or("no place");
                    Lapse::of(resource).value("observed", places.join(", ")).value("location", location).over(days)
                }));
            }
            Judgement::of(lapses)
        })
    })
}
