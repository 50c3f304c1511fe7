//! The single steps of a lineage.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::customer_commitment::CustomerCommitment;
use vouch_record::kind::generated::data_assessment::{DataAssessment, DataAssessmentLineageRow};
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::supplier::Supplier;

use super::sources::{approved_assessments, in_use, is_used};
use crate::check::written::row_written;
use crate::derived::dataset::digest;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.7.5-O2
pub(super) fn no_version_newer_than_its_last_step(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(in_use(view), |dataset| {
        Judgement::needing(dataset, &["versions"], || {
            let versions = Dataset(dataset.content()).versions();
            let made: Vec<(&str, Date)> = versions.filter_map(|row| Some((row.version()?, row.made_on()?))).collect();
            let changed: Vec<_> = made.into_iter().filter(|(version, on)| window.has(*on) && is_used(dataset, version)).collect();
            if changed.is_empty() {
                return Judgement::Skip("no version in use was made in the window".to_owned());
            }
            let open = changed.into_iter().filter(|(version, on)| last_step(dataset, version).is_none_or(|last| last < *on));
            Judgement::of(open.map(|(_, on)| Lapse::of(dataset).value("date", on)).collect())
        })
    })
}

/// The day of the last lineage step to a version in its assessments, drafts and rejected ones left out.
fn last_step(dataset: Entry<'_>, version: &str) -> Option<Date> {
    let bytes = digest(dataset, version);
    let of_version = |one: &Entry<'_>| {
        let judged = DataAssessment(one.content()).dataset_version().get();
        judged == Some(version) || (judged.is_some() && judged == bytes.as_deref())
    };
    let assessments =
        dataset.incoming(DataAssessment::KIND, "dataset").filter(|one| one.is_any(&["submitted", "approved", "replaced"]));
    let steps = assessments.filter(of_version).flat_map(|one| DataAssessment(one.content()).lineage());
    steps.filter_map(|step| step.at()).map(|at| dataset.view().day(at)).max()
}

/// Judges each step of the lineage in the approved assessments of data in use.
fn each_step<'v>(
    view: &'v View,
    wanted: impl Fn(Entry<'v>, &DataAssessmentLineageRow<'v>) -> bool,
    judge: impl Fn(Entry<'v>, Entry<'v>, DataAssessmentLineageRow<'v>) -> Option<Lapse>,
) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for dataset in in_use(view) {
        for assessment in approved_assessments(dataset) {
            let judgement = Judgement::needing(assessment, &["lineage"], || {
                let steps: Vec<_> =
                    DataAssessment(assessment.content()).lineage().filter(|step| wanted(assessment, step)).collect();
                match steps.len() {
                    0 => Judgement::Skip("it has no such step".to_owned()),
                    _ => Judgement::of(steps.into_iter().filter_map(|step| judge(dataset, assessment, step)).collect()),
                }
            });
            verdicts.note(assessment, judgement);
        }
    }
    verdicts
}

fn in_window(assessment: Entry<'_>, step: &DataAssessmentLineageRow<'_>) -> bool {
    let view = assessment.view();
    step.at().zip(view.window()).is_some_and(|(at, window)| window.has(view.day(at)))
}

fn name(assessment: Entry<'_>, step: DataAssessmentLineageRow<'_>) -> String {
    let number = step.step().map_or_else(String::new, |number| format!("step {number} of "));
    format!("{number}{}", assessment.id())
}

/// A.7.5-O3
pub(super) fn hand_overs_are_agreed(view: &View) -> Verdicts {
    each_step(
        view,
        |assessment, step| step.handed_to().is_some() && in_window(assessment, step),
        |dataset, assessment, step| {
            let (receiver, on) = (step.handed_to()?, view.day(step.at()?));
            (!is_agreed(view, receiver, on))
                .then(|| Lapse::of(assessment).value("dataset", dataset.label()).value("receiver", receiver))
        },
    )
}

/// Whether a contract with a supplier of this name or id, or a commitment with such a customer or partner, held on the day.
fn is_agreed(view: &View, receiver: &str, on: Date) -> bool {
    let same = |name: &str| name.trim().eq_ignore_ascii_case(receiver.trim());
    let called = |entry: Entry<'_>| same(&entry.id().to_string()) || entry.text("name").is_some_and(same);
    let holds = |from: Option<Date>, to: Option<Date>| from.is_none_or(|from| from <= on) && to.is_none_or(|to| to >= on);
    let contract = view
        .all(Supplier::KIND)
        .filter(|supplier| called(*supplier))
        .any(|supplier| Supplier(supplier.content()).contracts().any(|row| holds(row.from(), row.to())));
    let commitment = || {
        view.all(CustomerCommitment::KIND).filter(Entry::is_settled).any(|entry| {
            let content = CustomerCommitment(entry.content());
            let with = content.customer().get().is_some_and(same) || entry.linked("party").is_some_and(called);
            with && holds(content.from().get(), content.to().get())
        })
    };
    contract || commitment()
}

/// A.7.5-P1
pub(super) fn digests_fit(view: &View) -> Verdicts {
    each_step(
        view,
        |_, _| true,
        |dataset, assessment, step| {
            let (version, defect) = misfit(dataset, assessment, step)?;
            Some(Lapse::of(assessment).value("step", name(assessment, step)).value("version", version).value("defect", defect))
        },
    )
}

/// The version that a step led to, and why the digest of the step does not prove it.
fn misfit(dataset: Entry<'_>, assessment: Entry<'_>, step: DataAssessmentLineageRow<'_>) -> Option<(String, &'static str)> {
    let led_to = led_to(dataset, assessment, step);
    let shown = led_to.first().map_or_else(|| dataset.label(), |(of, version)| format!("{version} of {}", of.label()));
    let Some(output) = step.output_digest() else { return Some((shown, "it has none")) };
    let Some((of, version)) = led_to.into_iter().find(|(of, version)| digest(*of, version).as_deref() == Some(output)) else {
        return Some((shown, "it is the digest of other bytes"));
    };
    let mut rows = Dataset(of.content()).versions().filter(|row| row.digest() == Some(output));
    let entered = rows.next().and_then(|row| row_written(of, "versions", row.0)).and_then(|leaf| leaf.actor.person());
    let stepped = row_written(assessment, "lineage", step.0).and_then(|leaf| leaf.actor.person());
    (entered.is_some() && entered == stepped).then(|| (format!("{version} of {}", of.label()), "the same person entered both"))
}

/// What later steps start from, and the version that was judged.
fn led_to<'v>(dataset: Entry<'v>, assessment: Entry<'v>, step: DataAssessmentLineageRow<'v>) -> Vec<(Entry<'v>, &'v str)> {
    let content = DataAssessment(assessment.content());
    let find = |id: Id| assessment.view().get(id);
    let later = content
        .lineage()
        .filter(|row| row.step() > step.step())
        .filter_map(|row| Some((find(row.from_dataset()?.id)?, row.from_version()?)));
    later.chain(content.dataset_version().get().map(|version| (dataset, version))).collect()
}

/// A.7.5-P3
pub(super) fn code_cannot_move(view: &View) -> Verdicts {
    each_step(view, in_window, |dataset, assessment, step| {
        let reference = step.code_reference();
        let lapse = || {
            Lapse::of(assessment)
                .value("step", name(assessment, step))
                .value("dataset", dataset.label())
                .value("reference", reference.unwrap_or("nothing"))
        };
        (!reference.is_some_and(is_fixed)).then(lapse)
    })
}

/// Whether a reference names a commit (seven hexadecimal digits or more, not all of them letters) or a version such as `v1.4.2`.
fn is_fixed(reference: &str) -> bool {
    let words = reference.split(|c: char| !c.is_ascii_alphanumeric() && c != '.');
    words.map(|word| word.trim_matches('.')).any(|word| is_commit(word) || is_version(word))
}

fn is_commit(word: &str) -> bool {
    (7..=64).contains(&word.len()) && word.bytes().all(|b| b.is_ascii_hexdigit()) && word.bytes().any(|b| b.is_ascii_digit())
}

fn is_version(word: &str) -> bool {
    let numbers: Vec<&str> = word.strip_prefix(['v', 'V']).unwrap_or(word).split('.').collect();
    numbers.len() >= 2 && numbers.iter().all(|number| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(reference: &str, fixed: bool) {
        assert_eq!(is_fixed(reference), fixed, "{reference}");
    }

    #[test]
    fn commits_and_versions_are_fixed_and_names_that_move_are_not() {
        check("git@host:data/claims.git@4f2a9c1", true);
        check("https://host/data/claims/commit/9c1de0a4b7", true);
        check("claims-clean v1.4.2", true);
        check("claims-clean:2026.3", true);
        check("https://host/data/claims/tree/main", false);
        check("claims-clean:latest", false);
        check("feedface", false);
        check("step 2", false);
    }
}
