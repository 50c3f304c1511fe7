//! Whether data may still be kept and used.

use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::shared::RightsBasis;

use super::assessed::turning_days;
use crate::check::data_row::by_dataset;
use crate::derived::dataset::{overdue_deletion, rights_ended};
use crate::shape::{Judgement, Lapse, Verdicts, on_every_day};
use crate::view::{Entry, View, Window};

/// How many days in a row data may be kept or used without right.
const KEPT_DAYS: i64 = 30;

/// A.4.3-O3
pub(super) fn nothing_kept_beyond_its_right(view: &View) -> Verdicts {
    let (Some(window), Some(first)) = (view.window(), view.first_scope_on()) else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    for (dataset, rows) in by_dataset(view, |_| true) {
        let needs = ["rights_until", "rights_basis", "versions", "disposals", "delete_by", "keep_for"];
        let judgement = Judgement::needing(dataset, &needs, || {
            let from = if dataset.created_on() < first { view.settled_in(first) } else { window.from };
            let Some(asked) = window.from_day(from) else { return Judgement::Pass };
            let days = turning_days(dataset, &rows, asked);
            let stretches = on_every_day(asked, &days, |day| dataset.on(day).is_none_or(|then| wrong(then).is_none()));
            let user = rows.first().map_or(dataset, |row| row.system);
            let lapse = |days: &Window| {
                let reason = dataset.on(days.from).and_then(wrong).unwrap_or_default();
                Lapse::of(dataset).in_system(user).value("date", days.from).value("reason", reason).over(*days)
            };
            Judgement::of(stretches.iter().filter(|days| days.days() >= KEPT_DAYS).map(lapse).collect())
        });
        verdicts.note(dataset, judgement);
    }
    verdicts
}

/// Why data may not be kept or used on the day, if it may not.
fn wrong(dataset: Entry<'_>) -> Option<String> {
    let content = Dataset(dataset.content());
    let gone = overdue_deletion(dataset);
    if rights_ended(dataset) {
        let until = content.rights_until().get().filter(|_| !content.rights_basis().is(RightsBasis::Unclear));
        return Some(until.map_or_else(
            || "the ground on which it may be used is unclear".to_owned(),
            |until| format!("the right to it ended on {until}"),
        ));
    }
    (!gone.is_empty()).then(|| format!("version {} had to be gone", gone.join(", ")))
}
