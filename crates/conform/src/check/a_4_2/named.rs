//! What a system says it is built from.

use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemAcquired, AiSystemResourceRow};
use vouch_record::kind::generated::resource::Resource;
use vouch_record::kind::generated::shared::{RiskTier, Stage};
use vouch_record::kind::generated::supplier::{Supplier, SupplierProvide};

use crate::check::wording::words;
use crate::derived;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

const PARTS: [&str; 7] = ["stages", "acquired", "models", "datasets", "resources", "suppliers", "staffing"];

/// A.4.2-D1
pub(super) fn says_what_it_is_built_from(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &PARTS, || {
            if derived::ai_system::stage(system) < Stage::VerificationValidation {
                return Judgement::Skip("not yet being tested".to_owned());
            }
            Judgement::of(missing(system).into_iter().map(|what| Lapse::of(system).value("missing", what)).collect())
        })
    })
}

fn missing(system: Entry<'_>) -> Vec<&'static str> {
    let content = AiSystem(system.content());
    let model = content.models().any(|row| row.model().is_some());
    let resource = content.resources().any(|row| row.resource().is_some());
    let supplier = content.suppliers().any(|row| row.supplier().is_some());
    let data = content.datasets().any(|row| row.dataset().is_some()) || content.no_data_reason().is_filled();
    let made_elsewhere = system.is_adopted() && (supplier || resource);
    let in_house = content.acquired().is(AiSystemAcquired::InHouse);
    let wanted = [
        (model || made_elsewhere, "model"),
        (data, "dataset, and gives no reason for none"),
        (resource || runs_elsewhere(system), "resource"),
        (content.staffing().next().is_some(), "duty with its people"),
        (supplier || in_house, "supplier"),
    ];
    wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect()
}

/// Whether a supplier provides it as a service or inside other software, so that it may need no resource here.
fn runs_elsewhere(system: Entry<'_>) -> bool {
    let suppliers = AiSystem(system.content()).suppliers().filter_map(|row| system.view().get(row.supplier()?.id));
    suppliers
        .into_iter()
        .any(|supplier| Supplier(supplier.content()).provides().has_any(&[SupplierProvide::AiService, SupplierProvide::EmbeddedAi]))
}

/// A.4.2-D2
pub(super) fn weighty_systems_are_drawn(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["risk_tier", "architecture"], || match derived::ai_system::tier(system) {
            Some(RiskTier::High | RiskTier::Critical) => {
                Judgement::when(AiSystem(system.content()).architecture().next().is_some(), || Lapse::of(system))
            }
            Some(tier) => Judgement::Skip(format!("tier {}", tier.id())),
            None => Judgement::Skip("no tier yet".to_owned()),
        })
    })
}

/// A.4.2-D3
pub(super) fn resources_for_each_stage(view: &View) -> Verdicts {
    each(view.systems(), |system| {
        Judgement::needing(system, &["stages", "resources", "suppliers"], || {
            let rows = AiSystem(system.content()).resources();
            if rows.len() == 0 && runs_elsewhere(system) {
                return Judgement::Skip("a supplier runs it".to_owned());
            }
            let served: Vec<Stage> = rows.flat_map(|row| served(system, row)).collect();
            let open = wanted_stages(system).into_iter().filter(|stage| !served.contains(stage));
            Judgement::of(open.map(|stage| Lapse::of(system).value("stage", words(stage.id()))).collect())
        })
    })
}

/// The stages that a row is for: its own, else those of its resource.
fn served(system: Entry<'_>, row: AiSystemResourceRow<'_>) -> Vec<Stage> {
    let own: Vec<Stage> = row.stages().collect();
    if !own.is_empty() {
        return own;
    }
    let resource = row.resource().and_then(|link| system.view().get(link.id));
    resource.map_or_else(Vec::new, |resource| Resource(resource.content()).stages().collect())
}

/// Each stage that a system has entered, and the one after its present stage.
fn wanted_stages(system: Entry<'_>) -> Vec<Stage> {
    let today = system.view().today();
    let present = derived::ai_system::stage(system);
    let entered = AiSystem(system.content()).stages().filter(|row| row.entered_on().is_some_and(|on| on <= today));
    let next = Stage::ALL.into_iter().find(|stage| *stage > present);
    let mut wanted: Vec<Stage> = entered.filter_map(|row| row.stage()).chain([present]).chain(next).collect();
    wanted.sort_unstable();
    wanted.dedup();
    wanted
}
