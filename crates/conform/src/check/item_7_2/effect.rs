//! Whether training worked, and what followed where it did not.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::shared::{CompetenceBasis, EffectResult};
use vouch_record::kind::generated::training_record::TrainingRecord;

use crate::check::training::{confirmed_on, person_of};
use crate::check::wording::{called, words};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long a look at the effect, or what follows a failure, may take.
const ANSWER_DAYS: i64 = 30;

/// What people call what was taken.
fn taken(record: Entry<'_>) -> String {
    let course = record.linked("course").map(|course| course.label());
    let basis =
        || TrainingRecord(record.content()).basis().get().map_or_else(|| "the training".to_owned(), |basis| words(basis.id()));
    course.unwrap_or_else(|| format!("the {} of {}", basis(), record.id()))
}

/// 7.2-O3
pub(super) fn effect_was_looked_at(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asked = |record: &Entry<'_>| {
        let basis = TrainingRecord(record.content()).basis().get();
        let learned =
            matches!(basis, Some(CompetenceBasis::Course | CompetenceBasis::ExternalCourse | CompetenceBasis::Observation));
        learned && confirmed_on(*record).is_some_and(|on| window.has(on))
    };
    each(view.all(TrainingRecord::KIND).filter(asked), |record| {
        Judgement::needing(record, &["effect_due", "effect_checks"], || {
            let content = TrainingRecord(record.content());
            let Some(due) = content.effect_due().get() else { return Judgement::Skip("no look is due".to_owned()) };
            let last = due.saturating_add(ANSWER_DAYS.days());
            let looked = content.effect_checks().any(|row| row.on().is_some_and(|on| on <= last));
            if !looked && last >= view.today() {
                return Judgement::Skip("the look is not due yet".to_owned());
            }
            Judgement::when(looked, || {
                Lapse::of(record).value("course", taken(record)).value("person", called(view, person_of(record))).value("due", due)
            })
        })
    })
}

/// 7.2-O4
pub(super) fn failure_was_followed(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.all(TrainingRecord::KIND), |record| {
        let failed = record.leaves().iter().filter(|leaf| leaf.state.as_ref() == "failed").map(|leaf| view.day(leaf.time));
        let checks = TrainingRecord(record.content()).effect_checks();
        let weak = checks.filter(|row| row.result() == Some(EffectResult::NotEffective)).filter_map(|row| row.on());
        let mut days: Vec<Date> = failed.chain(weak).filter(|on| window.has(*on)).collect();
        days.sort_unstable();
        days.dedup();
        if days.is_empty() {
            return Judgement::Skip("it did not fail in the window".to_owned());
        }
        Judgement::needing(record, &["follow_up"], || {
            let followed = |on: Date| {
                let last = on.saturating_add(ANSWER_DAYS.days());
                last >= view.today() || record.links("follow_up").any(|next| next.created_on() <= last)
            };
            let open = days.iter().filter(|on| !followed(**on)).map(|on| {
                Lapse::of(record).value("person", called(view, person_of(record))).value("course", taken(record)).value("date", on)
            });
            Judgement::of(open.collect())
        })
    })
}
