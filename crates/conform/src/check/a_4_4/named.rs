//! Which models and tools live systems name, and what is written down about them.

use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::resource::{Resource, ResourceCategory};

use super::TOOLS;
use crate::check::parts::resources;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.4.4-D1
pub(super) fn models_are_approved(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for system in view.live_systems() {
        if system.value("models").is_erased() {
            verdicts.note(system, Judgement::Undecided("`models` was erased".to_owned()));
        }
        for row in AiSystem(system.content()).models() {
            let version = row.version().unwrap_or("without a version");
            let Some(model) = row.model().and_then(|link| view.get(link.id)) else {
                let lapse = Lapse::of(system).value("model", "a model").value("version", version);
                verdicts.note(system, Judgement::Fail(lapse.value("defect", "has no record")));
                continue;
            };
            let judgement = Judgement::needing(model, &["licence", "owner", "versions"], || {
                let lapse = |defect: &str| {
                    let lapse = Lapse::of(model).in_system(system).value("model", model.label()).value("version", version);
                    lapse.value("defect", defect)
                };
                Judgement::of(open(model, row.version()).into_iter().map(lapse).collect())
            });
            verdicts.note(model, judgement);
        }
    }
    verdicts
}

fn open(model: Entry<'_>, version: Option<&str>) -> Vec<&'static str> {
    let content = Model(model.content());
    let listed = content.versions().any(|row| version.is_some() && (row.version() == version || row.digest() == version));
    let wanted = [
        (model.is("approved"), "nobody approved"),
        (listed, "is none of its known versions"),
        (content.licence().is_filled(), "has no licence on record"),
        (content.owner().is_filled(), "nobody owns"),
    ];
    wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect()
}

/// A.4.4-D2
pub(super) fn tools_are_named(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        Judgement::needing(system, &["acquired", "models", "resources", "suppliers"], || {
            let content = AiSystem(system.content());
            let named: Vec<Entry<'_>> = content.resources().filter_map(|row| view.get(row.resource()?.id)).collect();
            let has = |category: ResourceCategory| named.iter().any(|one| Resource(one.content()).category().is(category));
            let model = content.models().any(|row| row.model().is_some());
            let supplier = content.suppliers().any(|row| row.supplier().is_some());
            let wanted: Vec<(bool, &str)> = if system.is_adopted() {
                vec![(model || supplier || !named.is_empty(), "model, resource or supplier that it is")]
            } else {
                vec![
                    (has(ResourceCategory::Framework), "framework or library"),
                    (has(ResourceCategory::EvaluationTool), "tool that tests and measures it"),
                ]
            };
            let open = wanted.into_iter().filter(|(there, _)| !there);
            Judgement::of(open.map(|(_, what)| Lapse::of(system).value("missing", what)).collect())
        })
    })
}

/// A.4.4-D3
pub(super) fn tools_are_described(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for part in resources(view, &TOOLS) {
        let judgement = Judgement::needing(part.entry, &["version", "version_rule", "licence", "owner"], || {
            let content = Resource(part.entry.content());
            let wanted = [
                (content.version().is_filled() || content.version_rule().is_filled(), "version and no rule for versions"),
                (content.licence().is_filled(), "licence"),
                (content.owner().is_filled(), "owner"),
            ];
            let lapse = |what: &str| {
                let lapse = Lapse::of(part.entry).value("tool", part.entry.label()).value("missing", what);
                part.systems.first().map_or_else(|| lapse.clone(), |system| lapse.clone().in_system(*system))
            };
            Judgement::of(wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| lapse(what)).collect())
        });
        verdicts.note(part.entry, judgement);
    }
    verdicts
}
