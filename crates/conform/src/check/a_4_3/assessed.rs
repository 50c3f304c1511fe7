//! Whether data was judged before it was used, and was looked at since.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::shared::DataUse;
use vouch_record::time::after;

use crate::check::data_row::{DataRow, by_dataset};
use crate::check::looked_at::looked_at;
use crate::check::presence::asked_from;
use crate::derived::dataset::{Use, used_unassessed};
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, View, Window};

/// How long a version may be used before its assessment is approved.
const FIRST_DAYS: i64 = 14;
/// How long ago data may have been looked at.
const LOOKED_DAYS: i64 = 200;
/// Uses that need an assessment.
const JUDGED: [DataUse; 5] = [DataUse::Training, DataUse::Tuning, DataUse::Test, DataUse::Retrieval, DataUse::Enhancement];

/// A.4.3-O2
pub(super) fn nothing_used_unassessed(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    for (dataset, rows) in by_dataset(view, |row| row.is_for(&JUDGED)) {
        verdicts.note(dataset, Judgement::needing(dataset, &["versions"], || unassessed(dataset, &rows, window)));
    }
    verdicts
}

fn unassessed(dataset: Entry<'_>, rows: &[DataRow<'_>], window: Window) -> Judgement {
    let days = turning_days(dataset, rows, window);
    let open: BTreeMap<Date, Vec<Use>> =
        days.iter().map(|day| (*day, dataset.on(*day).map(used_unassessed).unwrap_or_default())).collect();
    let mut lapses = Vec::new();
    for row in rows {
        let record = row.model.unwrap_or(row.system).id();
        let is_open = |day: Date| {
            open[&day].iter().any(|one| one.record == record && one.of == row.of && one.version.as_deref() == row.version)
        };
        let asked = asked_days(row, dataset.id()).and_then(|from| window.from_day(from));
        let stretches = on_every_day(window, &days, |day| !is_open(day)).into_iter().filter_map(|days| days.and(asked?));
        lapses.extend(stretches.map(|days| {
            let of = row.of.map_or("no use", DataUse::id);
            let lapse = Lapse::of(dataset).in_system(row.system).value("version", row.version.unwrap_or("without a version"));
            lapse.value("use", of).value("date", days.from).over(days)
        }));
    }
    Judgement::of(lapses)
}

/// From when on a row needs its assessment: fourteen days after the use began, and when its system has settled in.
fn asked_days(row: &DataRow<'_>, dataset: Id) -> Option<Date> {
    let record = row.model.unwrap_or(row.system);
    let named = |day: Date| {
        let then = record.on(day)?;
        Some(
            crate::derived::dataset::used_by(then.view().get(dataset)?)
                .iter()
                .any(|one| one.record == record.id() && one.of == row.of && one.version.as_deref() == row.version),
        )
    };
    let began = record.changed_on().find(|day| named(*day) == Some(true))?;
    Some(asked_from(row.system)?.max(began.saturating_add((FIRST_DAYS + 1).days())))
}

/// Days on which something about the use of data can have changed.
pub(super) fn turning_days(dataset: Entry<'_>, rows: &[DataRow<'_>], window: Window) -> Vec<Date> {
    let assessments: Vec<Entry<'_>> = dataset.incoming(DataAssessment::KIND, "dataset").collect();
    let ends = assessments.iter().flat_map(|one| {
        let content = DataAssessment(one.content());
        [content.valid_until().get(), content.rights_until().get()]
    });
    let content = Dataset(dataset.content());
    let used_until = rows.iter().filter_map(|row| row.until);
    let kept_until = rows.iter().filter_map(|row| Some(after(row.until?, &content.keep_for().get()?)));
    let dates: Vec<Date> = ends
        .flatten()
        .chain([content.rights_until().get(), content.delete_by().get()].into_iter().flatten())
        .chain(used_until)
        .chain(kept_until)
        .collect();
    let releases = rows.iter().flat_map(|row| row.system.incoming(Release::KIND, "ai_system"));
    let users = rows.iter().flat_map(|row| [Some(row.system), row.model]).flatten();
    breakpoints(window, [dataset].into_iter().chain(assessments.iter().copied()).chain(users).chain(releases), dates)
}

/// A.4.3-O4
pub(super) fn looked_at_in_time(view: &View) -> Verdicts {
    each(by_dataset(view, |row| row.is_current()).into_iter().map(|(dataset, _)| dataset), |dataset| {
        Judgement::needing(dataset, &["review_by"], || {
            let late = Dataset(dataset.content()).review_by().get().is_some_and(|by| by < view.today());
            looked_at(dataset, LOOKED_DAYS, late)
        })
    })
}
