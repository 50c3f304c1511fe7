//! Methods by which data was prepared, and why they were chosen.

use vouch_record::kind::generated::ai_system::AiSystem;
use vouch_record::kind::generated::data_assessment::{
    DataAssessment, DataAssessmentPreparationMethod as Method, DataAssessmentPreparationRow,
};
use vouch_record::kind::generated::dataset::Dataset;
use vouch_record::kind::generated::shared::DataUse;

use crate::check::data_in_use::{approved_in, assessments_of, data_of};
use crate::check::data_row::of_system;
use crate::check::specified::holds;
use crate::check::wording::words;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Uses for which data is prepared.
const PREPARED: [DataUse; 4] = [DataUse::Training, DataUse::Tuning, DataUse::Test, DataUse::Retrieval];
/// Uses whose data must not leak into what is learned.
const KEPT_APART: [DataUse; 2] = [DataUse::Test, DataUse::Validation];
/// Methods whose numbers come from data.
const FITTED: [Method; 4] = [Method::Imputation, Method::Normalisation, Method::Encoding, Method::Sampling];

/// A.7.6-D2
pub(super) fn methods_are_explained(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(approved_in(view, window), |assessment| {
        Judgement::needing(assessment, &["preparation", "use"], || {
            let content = DataAssessment(assessment.content());
            if !content.use_().get().is_some_and(|of| PREPARED.contains(&of)) {
                return Judgement::Skip("data for this use is not prepared".to_owned());
            }
            let lapse = |defect: String| Lapse::of(assessment).value("dataset", data_of(assessment)).value("defect", defect);
            let rows: Vec<_> = content.preparation().collect();
            if rows.is_empty() {
                return Judgement::Fail(lapse("it names no method and does not say that it is used as it came".to_owned()));
            }
            Judgement::of(rows.into_iter().filter_map(unexplained).map(lapse).collect())
        })
    })
}

/// What a row leaves open; one without a method says in `why` that nothing was done.
fn unexplained(row: DataAssessmentPreparationRow<'_>) -> Option<String> {
    let Some(method) = row.method() else {
        return row.why().is_none().then(|| "a row names neither a method nor a reason for none".to_owned());
    };
    let open: Vec<&str> = [(row.why().is_none(), "no reason"), (row.rule().is_none(), "no rule")]
        .into_iter()
        .filter(|(open, _)| *open)
        .map(|(_, what)| what)
        .collect();
    (!open.is_empty()).then(|| format!("{} has {}", words(method.id()), open.join(" and ")))
}

/// A.7.6-O1
pub(super) fn each_change_was_chosen(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(approved_in(view, window), |assessment| {
        Judgement::needing(assessment, &["preparation", "lineage"], || {
            let content = DataAssessment(assessment.content());
            let chosen: Vec<_> = content.preparation().filter_map(|row| Some((row.method()?, row))).collect();
            let lapse = |step: String, method: Method, defect: &str| {
                let lapse = Lapse::of(assessment).value("step", step).value("dataset", data_of(assessment));
                lapse.value("method", words(method.id())).value("defect", defect)
            };
            let mut lapses: Vec<Lapse> = Vec::new();
            for (method, row) in &chosen {
                let open = [(row.code_reference().is_none(), "it names no code"), (row.version().is_none(), "it names no version")];
                lapses.extend(
                    open.into_iter()
                        .filter(|(open, _)| *open)
                        .map(|(_, why)| lapse(format!("A row of {}", assessment.id()), *method, why)),
                );
            }
            let mut steps = 0_usize;
            for step in content.lineage() {
                steps += 1;
                let named = named_in(step.operation().unwrap_or_default());
                let unchosen = named.into_iter().filter(|method| !chosen.iter().any(|(one, _)| one == method));
                lapses.extend(unchosen.map(|method| {
                    let number = step.step().map_or_else(|| "A step".to_owned(), |number| format!("Step {number}"));
                    lapse(format!("{number} of {}", assessment.id()), method, "no row names it")
                }));
            }
            match (chosen.len(), steps) {
                (0, 0) => Judgement::Skip("it names no method and no step".to_owned()),
                _ => Judgement::of(lapses),
            }
        })
    })
}

/// The methods that a text names, by the stems of their words.
fn named_in(operation: &str) -> Vec<Method> {
    let stems: [(Method, &[&str]); 10] = [
        (Method::Cleaning, &["clean"]),
        (Method::Imputation, &["imput"]),
        (Method::Normalisation, &["normalis", "normaliz"]),
        (Method::Labelling, &["labell", "labele", "labeli"]),
        (Method::Encoding, &["encod"]),
        (Method::Augmentation, &["augment"]),
        (Method::Sampling, &["sampl"]),
        (Method::Deidentification, &["identif", "anonym", "pseudonym"]),
        (Method::Chunking, &["chunk"]),
        (Method::Generation, &["synthe", "generat"]),
    ];
    let text = operation.to_lowercase();
    stems.into_iter().filter(|(_, stems)| stems.iter().any(|stem| text.contains(stem))).map(|(method, _)| method).collect()
}

/// A.7.6-P3
pub(super) fn fitted_on_training_data(view: &View) -> Verdicts {
    let learns = |one: &Entry<'_>| matches!(DataAssessment(one.content()).use_().get(), Some(DataUse::Training | DataUse::Tuning));
    each(view.live(DataAssessment::KIND).filter(learns), |assessment| {
        Judgement::needing(assessment, &["preparation"], || {
            let rows = DataAssessment(assessment.content()).preparation();
            let fitted: Vec<_> = rows.filter_map(|row| Some((row.method().filter(|one| FITTED.contains(one))?, row))).collect();
            if fitted.is_empty() {
                return Judgement::Skip("nothing was fitted to data".to_owned());
            }
            if !has_data_kept_apart(assessment) {
                return Judgement::Skip("there is no data to test or validate with".to_owned());
            }
            let silent = fitted.into_iter().filter(|(_, row)| !row.rule().is_some_and(|rule| holds(rule, "train")));
            let lapse =
                |method: Method| Lapse::of(assessment).value("method", words(method.id())).value("dataset", data_of(assessment));
            Judgement::of(silent.map(|(method, _)| lapse(method)).collect())
        })
    })
}

/// Whether the dataset itself, or a system that wants it, has data to test or validate with.
fn has_data_kept_apart(assessment: Entry<'_>) -> bool {
    let kept = |of: Option<DataUse>| of.is_some_and(|of| KEPT_APART.contains(&of));
    let of_dataset = assessment.linked("dataset").is_some_and(|dataset| {
        Dataset(dataset.content()).uses().has_any(&KEPT_APART)
            || assessments_of(dataset).any(|one| kept(DataAssessment(one.content()).use_().get()))
    });
    of_dataset
        || assessment.links("ai_systems").any(|system| {
            AiSystem(system.content()).datasets().any(|row| kept(row.use_())) || of_system(system).iter().any(|row| kept(row.of))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_step_names_methods_by_the_stems_of_their_words() {
        assert_eq!(named_in("exported, Cleaned and labelled"), [Method::Cleaning, Method::Labelling]);
        assert_eq!(named_in("names replaced (pseudonymised)"), [Method::Deidentification]);
        assert_eq!(named_in("taken in"), []);
    }
}
