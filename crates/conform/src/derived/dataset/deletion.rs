//! What has to be gone.

use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::model::Model;
use vouch_record::kind::generated::shared::Stage;
use vouch_record::time::after;

use super::uses;
use crate::view::Entry;

/// Versions that must be gone and have no disposal row: all once `delete_by` has passed, else those not in use whose last use lies
/// further back than `keep_for`. A version that was never used has no last use.
#[must_use]
pub fn overdue_deletion(entry: Entry<'_>) -> Vec<String> {
    let (dataset, today) = (Dataset(entry.content()), entry.view().today());
    let all = dataset.delete_by().get().is_some_and(|by| by < today);
    let in_use = uses(entry);
    let over = |version: &str| {
        let used = in_use.iter().any(|row| row.version.as_deref().is_none_or(|named| named == version));
        let last = (!used).then(|| last_used(entry, version)).flatten();
        last.zip(dataset.keep_for().get()).is_some_and(|(last, keep)| after(last, &keep) < today)
    };
    remaining(entry).into_iter().filter(|version| all || over(version)).map(str::to_owned).collect()
}

/// Versions without a disposal row at all.
fn remaining(entry: Entry<'_>) -> Vec<&str> {
    let dataset = Dataset(entry.content());
    let disposed: Vec<&str> = dataset.disposals().filter_map(|row| row.version()).collect();
    dataset.versions().filter_map(|row| row.version()).filter(|version| !disposed.contains(version)).collect()
}

/// Versions without a disposal row that has proof.
#[must_use]
pub fn undisposed(entry: Entry<'_>) -> Vec<String> {
    let dataset = Dataset(entry.content());
    let proved: Vec<&str> =
        dataset.disposals().filter(|row| row.proof().next().is_some()).filter_map(|row| row.version()).collect();
    dataset.versions().filter_map(|row| row.version()).filter(|version| !proved.contains(version)).map(str::to_owned).collect()
}

/// The last day on which a row used the version: its end, or the day its system entered the stage retired or its model ended. A use that
/// has not ended gives today.
fn last_used(entry: Entry<'_>, version: &str) -> Option<Date> {
    let view = entry.view();
    let mut days: Vec<Date> = Vec::new();
    for system in entry.incoming(AiSystem::KIND, "datasets") {
        let content = AiSystem(system.content());
        let retired = content.stages().filter(|row| row.stage() == Some(Stage::Retired)).filter_map(|row| row.entered_on()).min();
        let rows = content
            .datasets()
            .filter(|row| row.dataset().is_some_and(|link| link.id == entry.id()) && row.version() == Some(version));
        days.extend(
            rows.filter(|row| row.since().is_none_or(|since| since <= view.today())).map(|row| {
                [row.until(), retired].into_iter().flatten().chain([view.today()]).min().unwrap_or_else(|| view.today())
            }),
        );
    }
    for model in entry.incoming(Model::KIND, "datasets") {
        let names = Model(model.content())
            .datasets()
            .any(|row| row.dataset().is_some_and(|link| link.id == entry.id()) && row.version() == Some(version));
        let ended = model.entered("ended").filter(|_| model.is("ended"));
        days.extend(names.then(|| ended.unwrap_or_else(|| view.today())));
    }
    days.into_iter().max()
}
