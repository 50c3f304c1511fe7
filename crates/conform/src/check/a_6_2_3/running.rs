//! Whether the papers of a system match what runs.

use std::collections::BTreeSet;

use vouch_record::Id;
use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::shared::DataUse;

use super::each_designed;
use crate::check::data_row::{DataRow, of_system};
use crate::check::wording::called;
use crate::derived::model::{is_one_of, names_of_version};
use crate::derived::{ai_system, release};
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// A.6.2.3-O2
pub(super) fn papers_match_what_runs(view: &View) -> Verdicts {
    each_designed(view, |system| {
        let Some(release) = ai_system::running_release(system) else {
            return Judgement::Skip("no release runs; see A.6.2.5-D3".to_owned());
        };
        Judgement::needing(release, &["model_versions"], || {
            Judgement::needing(system, &["models", "datasets", "observed_parts"], || {
                let mut defects = Vec::new();
                if !release::before_first_scope(release) {
                    let on = Release(release.content()).deployed_at().get().map(|at| view.day(at));
                    let then = on.and_then(|on| system.on(on));
                    defects.extend(
                        then.into_iter().flat_map(|then| other_models(then, release).into_iter().chain(unjudged_data(then))),
                    );
                }
                defects.extend(ai_system::parts_gap(system).into_iter().map(|gap| format!("{}: {}", gap.name, gap.gap)));
                let lapses: Vec<Lapse> = defects.into_iter().map(|defect| Lapse::of(system).value("defect", defect)).collect();
                if lapses.is_empty() {
                    Judgement::Shown(vec![system.subject(), release.subject()])
                } else {
                    Judgement::FailAll(lapses)
                }
            })
        })
    })
}

/// How the models that the system named on the day differ from those in the release.
fn other_models(then: Entry<'_>, release: Entry<'_>) -> Vec<String> {
    let view = then.view();
    let today = view.today();
    let rows = AiSystem(then.content()).models().filter(|row| row.since().is_none_or(|since| since <= today));
    let named: Vec<_> = rows.filter_map(|row| Some((row.model()?.id, row.version()))).collect();
    let inside: Vec<_> = Release(release.content())
        .model_versions()
        .filter_map(|row| Some((row.model()?.id, row.version(), row.digest())))
        .collect();
    let mut found = Vec::new();
    for (model, version, digest) in &inside {
        let of_model: Vec<_> = named.iter().filter(|(id, _)| id == model).collect();
        let mut names: Vec<String> = [*version, *digest].into_iter().flatten().map(str::to_owned).collect();
        names.extend(view.get(*model).into_iter().flat_map(|entry| names_of_version(entry, *version, *digest)));
        let same = of_model.iter().any(|(_, known)| known.is_none_or(|known| names.is_empty() || is_one_of(&names, known)));
        if !same {
            let known = of_model.first().and_then(|(_, known)| *known);
            let paper = known.map_or_else(|| "another model or none".to_owned(), |known| format!("version {known}"));
            let runs = version.or(*digest).unwrap_or("of no stated version");
            found.push(format!("the record named {paper}; {} {runs} went live", called(view, Some(*model))));
        }
    }
    let live: BTreeSet<Id> = inside.iter().map(|(model, _, _)| *model).collect();
    let extra = named.iter().filter(|(model, _)| !live.contains(model));
    found.extend(extra.map(|(model, _)| format!("the record named {}, which is not in the release", called(view, Some(*model)))));
    found
}

/// Data for training or tuning that the system named on the day and that no approved assessment judged for that use.
fn unjudged_data(then: Entry<'_>) -> Vec<String> {
    let learned = [DataUse::Training, DataUse::Tuning];
    let rows = of_system(then).into_iter().filter(|row| row.is_for(&learned) && row.is_current());
    let open = rows.filter(|row| !is_judged(row));
    let called = |row: DataRow<'_>| row.dataset.map_or_else(|| "data that it does not name".to_owned(), |dataset| dataset.label());
    let mut found: Vec<String> =
        open.map(|row| format!("it learned from {}, which nobody had judged for that", called(row))).collect();
    found.sort_unstable();
    found.dedup();
    found
}

fn is_judged(row: &DataRow<'_>) -> bool {
    let Some(dataset) = row.dataset else { return false };
    dataset.incoming(DataAssessment::KIND, "dataset").filter(|one| one.is("approved")).any(|one| {
        let content = DataAssessment(one.content());
        content.use_().get() == row.of && (row.version.is_none() || content.dataset_version().get() == row.version)
    })
}
