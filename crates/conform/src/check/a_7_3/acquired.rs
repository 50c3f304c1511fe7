//! Whether data was approved before anybody used it.

use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::shared::DataUse;
use vouch_record::view::Row;
use vouch_record::{Id, Link, Value};

use crate::check::data_in_use::{assessments_of, first_approved, same_version, was_approved};
use crate::check::written::first_written;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.7.3-O1
pub(super) fn approved_before_first_use(view: &View) -> Verdicts {
    let (Some(window), Some(first)) = (view.window(), view.first_scope_on()) else { return Verdicts::holds() };
    let named = view.all(Dataset::KIND).filter(|dataset| first_named(*dataset).is_some_and(|on| window.has(on)));
    each(named, |dataset| {
        let mut used: Vec<FirstUse<'_>> = by_systems(dataset).chain(by_models(dataset)).collect();
        used.retain(|one| one.on >= first);
        if used.is_empty() {
            return Judgement::Skip("used since before the first scope, or not yet".to_owned());
        }
        let late = used.into_iter().filter_map(|one| {
            let approved = approved_for_use(dataset, one.of);
            let lapse = || Lapse::of(dataset).in_system(one.user).value("date", one.on).maybe("approved_at", approved);
            approved.is_none_or(|on| on > one.on).then(lapse)
        });
        Judgement::of(late.collect())
    })
}

/// Since when data is used by a system, or by a model that names it.
struct FirstUse<'v> {
    user: Entry<'v>,
    of: Option<DataUse>,
    on: Date,
}

/// The first day on which a system or model named the data.
fn first_named(dataset: Entry<'_>) -> Option<Date> {
    namers(dataset).filter_map(|namer| named_on(namer, dataset.id())).min()
}

fn namers(dataset: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    dataset.incoming(AiSystem::KIND, "datasets").chain(dataset.incoming(Model::KIND, "datasets"))
}

fn named_on(namer: Entry<'_>, dataset: Id) -> Option<Date> {
    let names = |row: &Value| Row(row).read::<Link>("dataset").is_some_and(|link| link.id == dataset);
    let leaf = first_written(namer, "datasets", |rows| rows.items().iter().any(names))?;
    Some(namer.view().day(leaf.time))
}

fn by_systems(dataset: Entry<'_>) -> impl Iterator<Item = FirstUse<'_>> {
    let systems = dataset.incoming(AiSystem::KIND, "datasets").filter(|system| system.is_any(&["registered", "suspended"]));
    systems.flat_map(move |system| {
        let rows = AiSystem(system.content()).datasets();
        let rows = rows.filter(move |row| row.dataset().is_some_and(|link| link.id == dataset.id()));
        rows.filter_map(move |row| {
            let on = row.since().or_else(|| named_on(system, dataset.id()))?;
            (on <= system.view().today()).then_some(FirstUse { user: system, of: row.use_(), on })
        })
    })
}

/// Models count from the first of their versions that is not older than the data.
fn by_models(dataset: Entry<'_>) -> impl Iterator<Item = FirstUse<'_>> {
    let models = dataset.incoming(Model::KIND, "datasets").filter(|model| !model.is("draft"));
    models.flat_map(move |model| {
        let rows = Model(model.content()).datasets();
        let rows = rows.filter(move |row| row.dataset().is_some_and(|link| link.id == dataset.id()));
        rows.filter_map(move |row| {
            let data = row.version().and_then(|version| made_on(dataset, version));
            let made = Model(model.content()).versions().filter_map(|one| one.made_on());
            let on = made.filter(|on| data.is_none_or(|data| data <= *on)).min()?;
            Some(FirstUse { user: model, of: row.use_(), on })
        })
    })
}

fn made_on(dataset: Entry<'_>, version: &str) -> Option<Date> {
    let mut rows = Dataset(dataset.content()).versions();
    rows.find(|row| row.version().is_some_and(|name| same_version(dataset, name, version)))?.made_on()
}

/// The first approval of any version of the data for a use.
fn approved_for_use(dataset: Entry<'_>, of: Option<DataUse>) -> Option<Date> {
    let speaks = |one: &Entry<'_>| was_approved(*one) && of.is_some() && DataAssessment(one.content()).use_().get() == of;
    assessments_of(dataset).filter(speaks).filter_map(first_approved).min()
}
