//! The data that live systems and the models inside them name.

use std::collections::BTreeMap;

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::model::{Model, ModelOrigin};
use vouch_record::kind::generated::shared::DataUse;

use crate::derived::ai_system;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A row in which a live system, or a model of origin own or adapted that it names, names data.
#[derive(Clone, Copy)]
pub(super) struct DataRow<'v> {
    /// the live system
    pub(super) system: Entry<'v>,
    /// the model whose row it is; nothing for a row of the system itself
    pub(super) model: Option<Entry<'v>>,
    /// the data; nothing where it was set aside or never named
    pub(super) dataset: Option<Entry<'v>>,
    /// which version
    pub(super) version: Option<&'v str>,
    /// for what
    pub(super) of: Option<DataUse>,
    /// the last day of the use, if one is set
    pub(super) until: Option<Date>,
}

impl DataRow<'_> {
    /// Whether the use has not ended before the view's day.
    pub(super) fn is_current(&self) -> bool {
        self.until.is_none_or(|until| until >= self.system.view().today())
    }

    /// Whether it is used for one of these.
    pub(super) fn is_for(&self, uses: &[DataUse]) -> bool {
        self.of.is_some_and(|of| uses.contains(&of))
    }
}

/// The rows of a system and of the models of origin own or adapted that it names.
pub(super) fn of_system(system: Entry<'_>) -> Vec<DataRow<'_>> {
    let view = system.view();
    let find = |link: Option<vouch_record::Link>| link.and_then(|link| view.get(link.id));
    let own = AiSystem(system.content()).datasets();
    let own = own.map(|row| DataRow {
        system,
        model: None,
        dataset: find(row.dataset()),
        version: row.version(),
        of: row.use_(),
        until: row.until(),
    });
    let learned = models_made_here(system).into_iter().flat_map(|model| {
        let rows = Model(model.content()).datasets();
        rows.map(move |row| DataRow {
            system,
            model: Some(model),
            dataset: find(row.dataset()),
            version: row.version(),
            of: row.use_(),
            until: None,
        })
    });
    own.chain(learned).collect()
}

/// The models of origin own or adapted that a system names.
pub(super) fn models_made_here(system: Entry<'_>) -> Vec<Entry<'_>> {
    let made = |model: &Entry<'_>| matches!(Model(model.content()).origin().get(), Some(ModelOrigin::Own | ModelOrigin::Adapted));
    models(system).into_iter().filter(made).collect()
}

/// The models that a system names, each once.
pub(super) fn models(system: Entry<'_>) -> Vec<Entry<'_>> {
    let mut ids: Vec<Id> = AiSystem(system.content()).models().filter_map(|row| row.model()).map(|link| link.id).collect();
    ids.sort_unstable();
    ids.dedup();
    ids.into_iter().filter_map(|id| system.view().get(id)).collect()
}

/// The data that the rows of live systems name, each with its rows; those of the heaviest system first.
pub(super) fn by_dataset(view: &View, wanted: impl Fn(&DataRow<'_>) -> bool) -> Vec<(Entry<'_>, Vec<DataRow<'_>>)> {
    by_dataset_of(view.live_systems(), wanted)
}

/// The data that the rows of these systems name, each with its rows; those of the heaviest system first.
pub(super) fn by_dataset_of<'v>(
    systems: impl Iterator<Item = Entry<'v>>,
    wanted: impl Fn(&DataRow<'_>) -> bool,
) -> Vec<(Entry<'v>, Vec<DataRow<'v>>)> {
    let mut found: BTreeMap<Id, (Entry<'v>, Vec<DataRow<'v>>)> = BTreeMap::new();
    for row in systems.flat_map(of_system).filter(|row| wanted(row)) {
        if let Some(dataset) = row.dataset {
            found.entry(dataset.id()).or_insert_with(|| (dataset, Vec::new())).1.push(row);
        }
    }
    for (_, rows) in found.values_mut() {
        rows.sort_by_key(|row| std::cmp::Reverse(ai_system::tier(row.system)));
    }
    found.into_values().collect()
}

/// Systems with a row, not ended, that names no data: each such row is a lapse with `dataset` and `missing`.
pub(super) fn rows_without_data<'v>(systems: impl Iterator<Item = Entry<'v>>) -> Verdicts {
    each(systems, |system| {
        let blank = of_system(system).into_iter().filter(|row| row.is_current() && row.dataset.is_none());
        let named_by = |row: &DataRow<'_>| row.model.map_or_else(String::new, |model| format!(" of {}", model.label()));
        let lapse = |row: DataRow<'_>| {
            Lapse::of(system).value("dataset", format!("A row{}", named_by(&row))).value("missing", "record of its data")
        };
        let lapses: Vec<Lapse> = blank.map(lapse).collect();
        if lapses.is_empty() { Judgement::Skip("each row names its data".to_owned()) } else { Judgement::FailAll(lapses) }
    })
}
