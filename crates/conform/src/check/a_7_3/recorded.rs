//! What is written down about where data comes from, and who confirmed the rules for acquiring it.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::data_assessment::DataAssessment;
use vouch_record::kind::generated::dataset::{Dataset, DatasetSourceType};
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::shared::RightsBasis;
use vouch_record::time::after;

use crate::check::data_in_use::{approved_assessments, in_use, procedure_stands};
use crate::derived::acknowledgement::confirmed_by;
use crate::derived::document::effective_since;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// A.7.3-D1
pub(super) fn source_and_right_are_recorded(view: &View) -> Verdicts {
    each(in_use(view), |dataset| {
        Judgement::needing(dataset, &["source_name", "source_type", "collected_how", "people"], || {
            let content = Dataset(dataset.content());
            let wanted = [
                (content.source_name().is_filled(), "the source"),
                (content.source_type().is_filled(), "the kind of source"),
                (content.collected_how().is_filled(), "how it was collected"),
                (content.people().is_filled(), "whom it represents"),
            ];
            let mut open: Vec<&str> = wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect();
            if !content.source_type().is(DatasetSourceType::OwnOperation) {
                open.extend(missing_in_assessments(dataset));
            }
            let lapse = || Lapse::of(dataset).value("missing", open.join(", "));
            Judgement::when(open.is_empty(), lapse)
        })
    })
}

/// What the approved assessment that says most about the acquisition leaves open.
fn missing_in_assessments(dataset: Entry<'_>) -> Vec<&'static str> {
    let open = approved_assessments(dataset).map(missing).min_by_key(Vec::len);
    open.unwrap_or_else(|| vec!["an approved assessment of it"])
}

fn missing(assessment: Entry<'_>) -> Vec<&'static str> {
    let content = DataAssessment(assessment.content());
    let wanted = [
        (content.chosen_because().is_filled(), "why it was chosen"),
        (content.represents().is_filled(), "what it represents"),
        (content.earlier_use().is_filled(), "what it was used for before"),
        (content.rights_basis().get().is_some_and(|basis| basis != RightsBasis::Unclear), "on what ground it may be used"),
        (content.rights_proof().next().is_some(), "the proof of that right"),
    ];
    wanted.into_iter().filter(|(there, _)| !there).map(|(_, what)| what).collect()
}

/// A.7.3-D2
pub(super) fn owners_confirmed_the_rules(view: &View) -> Verdicts {
    let procedure = procedure_stands(view, "defect", "no procedure for data stands, ");
    let Some(document) = procedure.passed.first().and_then(|subject| view.get(subject.id)) else { return procedure };
    let Some(window) = view.window() else { return procedure };
    let confirmed = confirmed_by(document);
    let collected = view
        .live(Dataset::KIND)
        .filter(|dataset| Dataset(dataset.content()).collected_from().get().is_some_and(|on| window.has(on)));
    procedure.and(each(collected, |dataset| {
        Judgement::needing(dataset, &["owner"], || {
            let Some(owner) = dataset.linked("owner") else { return Judgement::Skip("it has no owner".to_owned()) };
            let due = due(document, dataset);
            match confirmed.contains(&owner.id()) {
                true => Judgement::Pass,
                false if due >= view.today() => Judgement::Skip(format!("there is time until {due}")),
                false => {
                    let what = format!("{}, who answers for {}, has not confirmed them", owner.label(), dataset.label());
                    Judgement::Fail(Lapse::of(dataset).value("defect", what))
                }
            }
        })
    }))
}

/// The last day on which the owner of data may confirm the procedure: as long as it gives after it took effect or, if that is later, after
/// the data was entered; thirty days where it gives none.
fn due(document: Entry<'_>, dataset: Entry<'_>) -> Date {
    let since = effective_since(document).unwrap_or(dataset.created_on()).max(dataset.created_on());
    let within = Document(document.content()).acknowledge_within().get().unwrap_or_else(|| 30.days());
    after(since, &within)
}
