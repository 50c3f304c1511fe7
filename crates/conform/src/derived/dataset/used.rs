//! Who uses a data set for what.

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::shared::DataUse;

use super::digest;
use crate::derived::ai_system;
use crate::view::Entry;

/// A row that names a data set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Use {
    /// AI system or model that names it
    pub record: Id,
    /// which version
    pub version: Option<String>,
    /// for what
    pub of: Option<DataUse>,
}

/// AI systems and models whose datasets name it, with version and use, whatever their state and days.
#[must_use]
pub fn used_by(entry: Entry<'_>) -> Vec<Use> {
    let systems = entry.incoming(AiSystem::KIND, "datasets").flat_map(|system| rows_of_system(system, entry.id(), |_, _| true));
    let models = entry.incoming(Model::KIND, "datasets").flat_map(|model| rows_of_model(model, entry.id()));
    systems.chain(models).collect()
}

/// Uses today (`terms.yaml`, dataset in use): rows of live systems whose days contain today, and rows of models of which a version is in a
/// running release.
#[must_use]
pub fn uses(entry: Entry<'_>) -> Vec<Use> {
    let today = entry.view().today();
    let systems = entry.incoming(AiSystem::KIND, "datasets").filter(|system| ai_system::live(*system));
    let rows = systems.flat_map(|system| {
        rows_of_system(system, entry.id(), |since, until| {
            since.is_none_or(|since| since <= today) && until.is_none_or(|until| until >= today)
        })
    });
    let models = entry.incoming(Model::KIND, "datasets").filter(|model| is_running(*model));
    rows.chain(models.flat_map(|model| rows_of_model(model, entry.id()))).collect()
}

fn rows_of_system(
    system: Entry<'_>,
    dataset: Id,
    within: impl Fn(Option<jiff::civil::Date>, Option<jiff::civil::Date>) -> bool,
) -> Vec<Use> {
    let rows = AiSystem(system.content()).datasets().filter(|row| row.dataset().is_some_and(|link| link.id == dataset));
    let rows = rows.filter(|row| within(row.since(), row.until()));
    rows.map(|row| Use { record: system.id(), version: row.version().map(str::to_owned), of: row.use_() }).collect()
}

fn rows_of_model(model: Entry<'_>, dataset: Id) -> Vec<Use> {
    let rows = Model(model.content()).datasets().filter(|row| row.dataset().is_some_and(|link| link.id == dataset));
    rows.map(|row| Use { record: model.id(), version: row.version().map(str::to_owned), of: row.use_() }).collect()
}

/// Whether the running release of a live system holds a version of the model.
fn is_running(model: Entry<'_>) -> bool {
    model.incoming(Release::KIND, "model_versions").any(|release| {
        let system = release.linked("ai_system").filter(|system| ai_system::live(*system));
        system.and_then(ai_system::running_release).is_some_and(|running| running.id() == release.id())
    })
}

/// A system that learns from and is tested with the same bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Overlap {
    /// the system
    pub system: Id,
    /// version that is named for test
    pub version: String,
    /// its digest, if it is known
    pub digest: Option<String>,
}

/// Systems that name the same version, or versions of one digest, for training or tuning and for test; rows of their models count.
#[must_use]
pub fn overlap(entry: Entry<'_>) -> Vec<Overlap> {
    let mut found: Vec<Overlap> = Vec::new();
    let mut systems: Vec<Entry<'_>> = entry.incoming(AiSystem::KIND, "datasets").collect();
    for model in entry.incoming(Model::KIND, "datasets") {
        systems.extend(model.incoming(AiSystem::KIND, "models"));
    }
    systems.sort_by_key(Entry::id);
    systems.dedup_by_key(|system| system.id());
    for system in systems {
        let rows = rows_with_models(system, entry.id());
        let learned = |version: &str| {
            rows.iter()
                .filter(|row| matches!(row.of, Some(DataUse::Training | DataUse::Tuning)))
                .filter_map(|row| row.version.as_deref())
                .any(|other| {
                    other == version || digest(entry, other).is_some_and(|bytes| digest(entry, version).as_ref() == Some(&bytes))
                })
        };
        let tested = rows.iter().filter(|row| row.of == Some(DataUse::Test)).filter_map(|row| row.version.clone());
        for version in tested.filter(|version| learned(version)) {
            let one = Overlap { system: system.id(), digest: digest(entry, &version), version };
            if !found.contains(&one) {
                found.push(one);
            }
        }
    }
    found
}

fn rows_with_models(system: Entry<'_>, dataset: Id) -> Vec<Use> {
    let mut rows = rows_of_system(system, dataset, |_, _| true);
    let models = AiSystem(system.content()).models().filter_map(|row| row.model());
    for model in models.filter_map(|link| system.view().get(link.id)) {
        rows.extend(rows_of_model(model, dataset));
    }
    rows
}
