//! What the traffic shows.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::sealed_batch::{SealedBatch, SealedBatchSource};
use vouch_record::kind::generated::specification::Specification;

use crate::derived;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// Whether a batch counted something that no evaluation sent. Use before the first release is looked for here, so unlike elsewhere
/// (`terms.yaml`, test traffic) it counts.
pub(super) fn is_real_use(batch: Entry<'_>) -> bool {
    let content = SealedBatch(batch.content());
    content.count().get().is_some_and(|count| count > 0) && !content.source().is(SealedBatchSource::Evaluation)
}

/// The days a batch covers.
fn days_of(batch: Entry<'_>) -> Option<Window> {
    let (content, view) = (SealedBatch(batch.content()), batch.view());
    Some(Window { from: view.day(content.from().get()?), to: view.day(content.to().get()?) })
}

/// The batches of the window.
fn batches(view: &View, window: Window) -> impl Iterator<Item = Entry<'_>> {
    view.all(SealedBatch::KIND)
        .filter(move |batch| is_real_use(*batch) && days_of(*batch).is_some_and(|days| days.and(window).is_some()))
}

/// A.9.2-O3
pub(super) fn conditions_are_kept(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let conditions = each(view.all(Specification::KIND).filter(|entry| derived::in_force(*entry)), |specification| {
        let past = Specification(specification.content())
            .conditions_of_use()
            .filter(|row| row.until().is_some_and(|until| until < view.today()));
        let lapse = |condition: &str, until: Date| {
            let since = Window { from: until.saturating_add(1.day()), to: view.today() };
            let system = specification.linked("ai_system").map_or_else(String::new, |system| system.label());
            Lapse::of(specification)
                .value("system", system)
                .value("defect", format!("the condition `{condition}` ended on {until}"))
                .over(since)
        };
        Judgement::of(past.filter_map(|row| Some(lapse(row.condition().unwrap_or_default(), row.until()?))).collect())
    });
    conditions.and(each(batches(view, window), |batch| {
        let weaker = SealedBatch(batch.content()).by_decision().filter(|row| row.n().is_some_and(|n| n > 0));
        let through: i64 = weaker.filter(|row| enforced(row.action()) < enforced(row.verdict())).filter_map(|row| row.n()).sum();
        let days = days_of(batch).and_then(|days| days.and(window));
        match days.filter(|_| through > 0) {
            None => Judgement::Pass,
            Some(days) => {
                let defect = format!("{through} calls were let through against the verdict from {} to {}", days.from, days.to);
                Judgement::Fail(Lapse::of(batch).value("defect", defect).over(days))
            }
        }
    }))
}

/// How much a word of a policy stops; words nobody knows stop as much as a question to a person.
fn enforced(word: Option<&str>) -> u8 {
    match word.map(str::to_lowercase).as_deref() {
        None | Some("" | "allow" | "permit" | "pass") => 0,
        Some("log" | "flag" | "warn" | "monitor") => 1,
        Some("mask" | "redact") => 2,
        Some("deny" | "block" | "refuse" | "stop") => 4,
        Some(_) => 3,
    }
}

/// A.9.2-P2
pub(super) fn use_is_what_was_approved(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let adopted = batches(view, window).filter_map(|batch| Some((batch, batch.linked("ai_system").filter(Entry::is_adopted)?)));
    each(adopted.map(|(batch, _)| batch), |batch| {
        let Some(system) = batch.linked("ai_system") else { return Judgement::Skip("no known system".to_owned()) };
        let lapse = |unit: &str, model: &str| Lapse::of(batch).in_system(system).value("unit", unit).value("model", model);
        let units = unapproved_units(batch, system).into_iter().map(|unit| lapse(unit, "it"));
        let models = derived::sealed_batch::unapproved_models(batch).into_iter().map(|model| lapse("Somebody", &model));
        Judgement::of(units.chain(models).collect())
    })
}

/// Units counted in a batch that are not among the intended users of the specification in force.
fn unapproved_units<'v>(batch: Entry<'v>, system: Entry<'v>) -> Vec<&'v str> {
    let specification = system.incoming(Specification::KIND, "ai_system").find(|entry| derived::in_force(*entry));
    let users: Vec<&str> = specification
        .iter()
        .flat_map(|entry| Specification(entry.content()).intended_users())
        .filter_map(|row| row.group())
        .collect();
    let counted = SealedBatch(batch.content()).aggregates().filter(|row| row.code() == Some("unit")).filter_map(|row| row.group());
    counted.filter(|unit| !users.contains(unit)).collect()
}
