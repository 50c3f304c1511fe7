//! Derived values of a release.

use jiff::{Span, Timestamp, ToSpan};
use vouch_record::Id;
use vouch_record::Value;
use vouch_record::condition::Val;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemStaffingDuty};
use vouch_record::kind::generated::change::{Change, ChangeOrigin};
use vouch_record::kind::generated::release::{Release, ReleaseType};
use vouch_record::kind::generated::sealed_batch::SealedBatch;

use super::answer::{ids, length, table};
use super::approved::approved_at;
use super::{Derived, model, sealed_batch};
use crate::gate;
use crate::view::Entry;

/// The derived values of a release.
pub const TABLE: &[Derived] = &[
    Derived::new("running", |entry| Val::Bool(running(entry))),
    Derived::new("conditions_on_the_day", |entry| {
        table(entry, "release.conditions_on_the_day", || {
            let held = gate::conditions_on_the_day(entry);
            held.into_iter().map(|row| row! { need: row.need, held: row.held, note: row.note }).collect()
        })
    }),
    Derived::new("digest_matches", |entry| Val::Bool(digest_matches(entry))).reading(&[
        "model_versions",
        "deployed_at",
        "ended_at",
    ]),
    Derived::new("lead_time", |entry| length(lead_time(entry))).reading(&["changes", "deployed_at"]),
    Derived::new("builders", |entry| ids(builders(entry))),
    Derived::new("approved_digest", |entry| approved_digest(entry).map_or(Val::Empty, |digest| Val::Text(digest.into()))),
    Derived::new("late", |entry| Val::Bool(late(entry))),
    Derived::new("before_first_scope", |entry| Val::Bool(before_first_scope(entry))).reading(&["deployed_at"]),
];

/// Deployed and not ended.
#[must_use]
pub fn running(entry: Entry<'_>) -> bool {
    entry.is("deployed") && Release(entry.content()).ended_at().get().is_none_or(|ended| !entry.view().has_come(ended))
}

/// Whether it was the running version at an instant.
#[must_use]
pub fn ran_at(entry: Entry<'_>, at: Timestamp) -> bool {
    ran_between(entry, at, at)
}

/// Whether it was a running version at any time between two instants.
#[must_use]
pub fn ran_between(entry: Entry<'_>, from: Timestamp, to: Timestamp) -> bool {
    let release = Release(entry.content());
    let began = release.deployed_at().get().is_some_and(|deployed| deployed <= to);
    began && entry.is_any(&["deployed", "ended"]) && release.ended_at().get().is_none_or(|ended| ended >= from)
}

/// Models that answered in sealed batches while it ran are those of `model_versions`; test traffic is left out. A row that names a
/// release belongs to that one.
#[must_use]
pub fn digest_matches(entry: Entry<'_>) -> bool {
    let Some(system) = entry.linked("ai_system") else { return true };
    let names = model::names_of_release(entry);
    system.incoming(SealedBatch::KIND, "ai_system").filter(|batch| sealed_batch::is_real(*batch)).all(|batch| {
        let batch = SealedBatch(batch.content());
        let (Some(from), Some(to)) = (batch.from().get(), batch.to().get()) else { return true };
        batch.by_model().filter(|row| row.n() != Some(0)).all(|row| {
            let mine = row.release().map_or_else(|| ran_alone(entry, system, from, to), |link| link.id == entry.id());
            !mine || row.answered().is_none_or(|answered| model::is_one_of(&names, answered))
        })
    })
}

/// Whether it ran over this stretch and no other release of the system did, so that what answered must be its own.
fn ran_alone(entry: Entry<'_>, system: Entry<'_>, from: Timestamp, to: Timestamp) -> bool {
    let others = || system.incoming(Release::KIND, "ai_system").filter(|other| other.id() != entry.id());
    ran_between(entry, from, to) && !others().any(|other| ran_between(other, from, to))
}

/// From the first approval of one of its changes to `deployed_at`; zero when it was deployed before.
#[must_use]
pub fn lead_time(entry: Entry<'_>) -> Option<Span> {
    let deployed = Release(entry.content()).deployed_at().get()?;
    let approved = entry.links("changes").filter_map(approved_at).min()?;
    let seconds = (deployed.as_second() - approved.as_second()).max(0);
    Some(span_of(seconds))
}

/// Seconds as days, hours, minutes and seconds.
pub(super) fn span_of(seconds: i64) -> Span {
    let (days, rest) = (seconds / 86_400, seconds % 86_400);
    days.days().hours(rest / 3_600).minutes(rest % 3_600 / 60).seconds(rest % 60)
}

/// People in staffing of the system with duty build or data, and its technical owner.
#[must_use]
pub fn builders(entry: Entry<'_>) -> Vec<Id> {
    entry
        .linked("ai_system")
        .map_or_else(Vec::new, |system| staff(system, &[AiSystemStaffingDuty::Build, AiSystemStaffingDuty::Data]))
}

/// People in staffing of a system with one of these duties, and its technical owner.
#[must_use]
pub fn staff(system: Entry<'_>, duties: &[AiSystemStaffingDuty]) -> Vec<Id> {
    let content = AiSystem(system.content());
    let rows = content.staffing().filter(|row| row.duty().is_some_and(|duty| duties.contains(&duty)));
    let mut people: Vec<Id> = rows.flat_map(|row| row.people()).map(|link| link.id).collect();
    people.extend(content.technical_owner().get().map(|link| link.id));
    people.sort_unstable();
    people.dedup();
    people
}

/// `artefact_digest` of the revision that was approved last.
#[must_use]
pub fn approved_digest(entry: Entry<'_>) -> Option<&str> {
    let approved = entry.entry_into("approved")?;
    let revision = entry.revisions().rfind(|leaf| leaf.revision <= approved.revision)?;
    revision.body.get("artefact_digest").and_then(Value::as_text)
}

/// Type emergency, or type supplier_model with a change of origin found among its changes.
#[must_use]
pub fn late(entry: Entry<'_>) -> bool {
    match Release(entry.content()).type_().get() {
        Some(ReleaseType::Emergency) => true,
        Some(ReleaseType::SupplierModel) => {
            entry.links("changes").any(|change| Change(change.content()).origin().is(ChangeOrigin::Found))
        }
        _ => false,
    }
}

/// `deployed_at` is before the first approved scope, or no scope was approved yet.
#[must_use]
pub fn before_first_scope(entry: Entry<'_>) -> bool {
    let view = entry.view();
    let deployed = Release(entry.content()).deployed_at().get().map(|at| view.day(at));
    view.first_scope_on().is_none_or(|first| deployed.is_some_and(|deployed| deployed < first))
}
