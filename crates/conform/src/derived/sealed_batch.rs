//! Derived values of a sealed batch.

use std::collections::HashMap;

use jiff::{Span, Timestamp};
use vouch_record::Id;
use vouch_record::condition::Val;
use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::sealed_batch::{SealedBatch, SealedBatchSource};

use super::answer::{length, texts};
use super::{Derived, model, release};
use crate::view::{Entry, View};

/// The derived values of a sealed batch.
pub const TABLE: &[Derived] = &[
    Derived::new("gap_before", |entry| length(gap_before(entry))).reading(&["previous", "from"]),
    Derived::new("unapproved_models", |entry| texts(unapproved_models(entry))).reading(&["by_model"]),
    Derived::new("unknown_use", |entry| Val::Bool(unknown_use(entry))).reading(&["count", "to"]),
    Derived::new("events_available", |entry| Val::Bool(events_available(entry))).reading(&["retained_until"]),
    Derived::new("first_of_series", |entry| Val::Bool(first_of_series(entry))).reading(&["from"]),
];

/// Time between the end of the batch before it and its start; anything above zero is a hole. Nothing for the first of a series.
#[must_use]
pub fn gap_before(entry: Entry<'_>) -> Option<Span> {
    let before = SealedBatch(entry.linked("previous")?.content()).to().get()?;
    let from = SealedBatch(entry.content()).from().get()?;
    Some(release::span_of((from.as_second() - before.as_second()).max(0)))
}

/// Whether it is no test traffic (`terms.yaml`): of another source than evaluation, and not before the first release of its system
/// was deployed.
#[must_use]
pub fn is_real(entry: Entry<'_>) -> bool {
    let batch = SealedBatch(entry.content());
    let first = entry.linked("ai_system").and_then(first_deployed);
    let after_release = first.zip(batch.to().get()).is_some_and(|(first, to)| to >= first);
    after_release && !batch.source().is(SealedBatchSource::Evaluation)
}

/// When the first release of a system was deployed.
fn first_deployed(system: Entry<'_>) -> Option<Timestamp> {
    *system.view().keep(Some(system.id()), "sealed-batch.first_deployed", || {
        let deployed = system.incoming(Release::KIND, "ai_system").filter(|release| release.is_any(&["deployed", "ended"]));
        deployed.filter_map(|release| Release(release.content()).deployed_at().get()).min()
    })
}

/// Answered models that are in no release running at that time, test traffic left out.
#[must_use]
pub fn unapproved_models(entry: Entry<'_>) -> Vec<String> {
    let batch = SealedBatch(entry.content());
    let (Some(system), Some(from), Some(to)) = (entry.linked("ai_system"), batch.from().get(), batch.to().get()) else {
        return Vec::new();
    };
    if !is_real(entry) {
        return Vec::new();
    }
    let running = system.incoming(Release::KIND, "ai_system").filter(|one| release::ran_between(*one, from, to));
    let names: Vec<String> = running.flat_map(model::names_of_release).collect();
    let answered = batch.by_model().filter(|row| row.n() != Some(0)).filter_map(|row| row.answered());
    let mut found: Vec<String> = answered.filter(|answered| !model::is_one_of(&names, answered)).map(str::to_owned).collect();
    found.sort_unstable();
    found.dedup();
    found
}

/// The system was in state discovered or dismissed at `to`, and events were counted.
#[must_use]
pub fn unknown_use(entry: Entry<'_>) -> bool {
    let batch = SealedBatch(entry.content());
    let (Some(system), Some(to)) = (entry.linked("ai_system"), batch.to().get()) else { return false };
    // Traffic of no known system makes a discovered one: its first state also holds for what came before.
    let then = system.leaves().iter().rev().find(|leaf| leaf.time <= to).or_else(|| system.leaves().first());
    let unknown = then.is_some_and(|leaf| matches!(leaf.state.as_ref(), "discovered" | "dismissed"));
    unknown && batch.count().get().is_some_and(|count| count > 0)
}

/// Single events can still be read: `retained_until` is in the future.
#[must_use]
pub fn events_available(entry: Entry<'_>) -> bool {
    SealedBatch(entry.content()).retained_until().get().is_some_and(|until| !entry.view().has_come(until))
}

/// What batches of one series share.
type Series = (Option<Id>, Option<SealedBatchSource>, Option<String>);

/// No batch of the same system, source and emitter with an earlier `from` is there.
#[must_use]
pub fn first_of_series(entry: Entry<'_>) -> bool {
    let from = SealedBatch(entry.content()).from().get();
    let earliest = first_froms(entry.view()).get(&series(entry)).copied();
    from.zip(earliest).is_none_or(|(from, earliest)| from <= earliest)
}

fn series(entry: Entry<'_>) -> Series {
    let batch = SealedBatch(entry.content());
    (batch.ai_system().get().map(|link| link.id), batch.source().get(), batch.emitter().get().map(str::to_owned))
}

fn first_froms(view: &View) -> &HashMap<Series, Timestamp> {
    view.keep(None, "sealed-batch.series", || {
        let mut first: HashMap<Series, Timestamp> = HashMap::new();
        for batch in view.all(SealedBatch::KIND) {
            if let Some(from) = SealedBatch(batch.content()).from().get() {
                let known = first.entry(series(batch)).or_insert(from);
                *known = from.min(*known);
            }
        }
        first
    })
}
