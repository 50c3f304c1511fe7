//! The data that tests of the window used: unseen in training, and judged for the use.

use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::shared::DataUse;
use vouch_record::kind::generated::test::{Test, TestOverlap};

use crate::derived::ai_system;
use crate::derived::data_assessment::representation_gaps;
use crate::derived::dataset::digest;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// The tests of systems in scope that ran in the window, void ones left out.
fn run_in_window(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let window = view.window();
    let within = move |test: &Entry<'_>| {
        let ran = Test(test.content()).run_at().get().map(|at| view.day(at));
        ran.zip(window).is_some_and(|(ran, window)| window.has(ran))
    };
    let counts = |test: &Entry<'_>| test.is_any(&["run", "reviewed"]) && test.linked("ai_system").is_some_and(ai_system::in_scope);
    view.all(Test::KIND).filter(counts).filter(within)
}

/// A.6.2.4-O4
pub(super) fn overlap_was_looked_for(view: &View) -> Verdicts {
    each(run_in_window(view), |test| {
        Judgement::needing(test, &["datasets", "overlap", "overlap_note"], || {
            let content = Test(test.content());
            if content.datasets().next().is_none() {
                return Judgement::Skip("it used no own data".to_owned());
            }
            let looked = match content.overlap().get() {
                Some(TestOverlap::NoneFound | TestOverlap::Removed) => true,
                Some(TestOverlap::CannotTell) => content.overlap_note().is_filled(),
                Some(TestOverlap::NotRelevant | TestOverlap::NotChecked) | None => false,
            };
            Judgement::when(looked, || Lapse::of(test))
        })
    })
}

/// A.6.2.4-O5
pub(super) fn test_data_were_judged(view: &View) -> Verdicts {
    each(run_in_window(view), |test| {
        let used: Vec<Entry<'_>> = test.links("datasets").collect();
        if used.is_empty() && !test.value("datasets").is_erased() {
            return Judgement::Skip("it used no own data".to_owned());
        }
        Judgement::needing(test, &["datasets", "dataset_versions", "criteria"], || {
            let found: Vec<(Entry<'_>, Vec<Entry<'_>>)> = used.iter().map(|dataset| (*dataset, judged(test, *dataset))).collect();
            let erased = found.iter().flat_map(|(_, judged)| judged).find(|one| one.value("representation").is_erased());
            if let Some(assessment) = erased {
                return Judgement::Undecided(format!("`representation` of {} was erased", assessment.id()));
            }
            let lapse = |defect: String| Lapse::of(test).value("defect", defect);
            let unjudged = found.iter().filter(|(_, judged)| judged.is_empty());
            let mut lapses: Vec<Lapse> =
                unjudged.map(|(dataset, _)| lapse(format!("nobody judged {} for testing", dataset.label()))).collect();
            let assessments: Vec<Entry<'_>> = found.into_iter().flat_map(|(_, judged)| judged).collect();
            if !assessments.is_empty() {
                let missing = groups(test).into_iter().filter(|group| !represented(&assessments, group));
                lapses.extend(missing.map(|group| lapse(format!("they do not represent {group}"))));
            }
            match lapses.is_empty() {
                true => Judgement::Shown(std::iter::once(test).chain(assessments).map(|entry| entry.subject()).collect()),
                false => Judgement::FailAll(lapses),
            }
        })
    })
}

/// The approved assessments of a data set for testing or validation, of a version that the test names.
fn judged<'v>(test: Entry<'v>, dataset: Entry<'v>) -> Vec<Entry<'v>> {
    let named = Test(test.content()).dataset_versions().get().unwrap_or_default();
    let versions: Vec<&str> = named.split([',', ';', '\n', ' ']).map(str::trim).filter(|version| !version.is_empty()).collect();
    let same = |judged: &str| {
        let bytes = digest(dataset, judged);
        versions.iter().any(|version| *version == judged || bytes.as_deref() == Some(*version))
    };
    let for_tests = |one: &Entry<'v>| {
        let content = DataAssessment(one.content());
        let of = matches!(content.use_().get(), Some(DataUse::Test | DataUse::Validation));
        of && one.is("approved") && content.dataset_version().get().is_some_and(same)
    };
    dataset.incoming(DataAssessment::KIND, "dataset").filter(for_tests).collect()
}

/// The groups of its criteria, each once.
fn groups(test: Entry<'_>) -> Vec<&str> {
    let mut groups: Vec<&str> = Test(test.content()).criteria().filter_map(|row| row.group()).collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// Whether some assessment has a row for the group, and that row no gap.
fn represented(assessments: &[Entry<'_>], group: &str) -> bool {
    assessments.iter().any(|one| {
        let listed = DataAssessment(one.content()).representation().any(|row| row.group() == Some(group));
        listed && !representation_gaps(*one).iter().any(|gap| gap.group == group)
    })
}
