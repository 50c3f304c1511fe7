//! What a model does that nobody approved: since when, and whether somebody answered it.

use jiff::civil::Date;
use vouch_record::kind::generated::change::{Change, ChangeOrigin};
use vouch_record::kind::generated::model::{Model, ModelState};
use vouch_record::kind::generated::release::{Release, ReleaseType};
use vouch_record::kind::generated::sealed_batch::{SealedBatch, SealedBatchByModelRow};

use crate::derived::{model, release, sealed_batch};
use crate::view::Entry;

/// A name or version of a model that runs and that nobody approved.
pub(super) struct Unseen {
    /// name that answered, or version
    name: String,
    /// first day on which it can have begun: the start of the batch that shows it
    from: Date,
    /// day by which it had begun
    pub(super) since: Date,
    /// what is the case, as a sentence about the model goes on
    pub(super) defect: String,
}

/// Everything about a model that runs and that nobody approved, the longest first.
pub(super) fn of(entry: Entry<'_>) -> Vec<Unseen> {
    let mut found = Vec::new();
    for call in model::changed_unseen(entry) {
        let asked = |row: &SealedBatchByModelRow<'_>| {
            row.requested() == Some(call.requested.as_str()) && row.answered() == Some(call.answered.as_str())
        };
        if let Some((from, since)) = first_counted(entry, asked) {
            let defect = format!("has answered as {} since {since} at the latest", call.answered);
            found.push(Unseen { name: call.answered, from, since, defect });
        }
    }
    let content = Model(entry.content());
    let ended = [ModelState::Blocked.id(), ModelState::Ended.id()].into_iter().filter(|state| entry.is(state));
    let ended = ended.filter_map(|state| entry.entered(state)).max();
    for version in model::unapproved_running(entry) {
        if found.iter().any(|unseen| unseen.name == version) {
            continue;
        }
        let digest = content.versions().find(|row| row.version() == Some(version.as_str())).and_then(|row| row.digest());
        let names = model::names_of_version(entry, Some(&version), digest);
        let counted = first_counted(entry, |row| row.answered().is_some_and(|answered| model::is_one_of(&names, answered)));
        let days = counted.into_iter().chain(first_released(entry, &version).map(|on| (on, on))).min_by_key(|(_, since)| *since);
        if let Some((from, since)) = days.map(|(from, since)| (Some(from).max(ended), Some(since).max(ended))) {
            let (Some(from), Some(since)) = (from, since) else { continue };
            let defect = format!("has run as version {version} without approval since {since}");
            found.push(Unseen { name: version, from, since, defect });
        }
    }
    found.sort_by(|a, b| (a.since, &a.name).cmp(&(b.since, &b.name)));
    found
}

/// The days on which the first real batch with such a row begins and ends.
fn first_counted(entry: Entry<'_>, wanted: impl Fn(&SealedBatchByModelRow<'_>) -> bool) -> Option<(Date, Date)> {
    let view = entry.view();
    let batches = view.all(SealedBatch::KIND).filter(|batch| {
        let counted = |row: SealedBatchByModelRow<'_>| row.n().unwrap_or(0) > 0 && wanted(&row);
        SealedBatch(batch.content()).by_model().any(counted) && sealed_batch::is_real(*batch)
    });
    let days = batches.filter_map(|batch| {
        let content = SealedBatch(batch.content());
        Some((view.day(content.from().get()?), view.day(content.to().get()?)))
    });
    days.min_by_key(|(from, to)| (*to, *from))
}

/// The day on which the first running release with this version was deployed.
fn first_released(entry: Entry<'_>, version: &str) -> Option<Date> {
    let running =
        entry.incoming(Release::KIND, "model_versions").filter(|one| release::running(*one) && names(*one, entry, version));
    running.filter_map(|one| Release(one.content()).deployed_at().get()).min().map(|at| entry.view().day(at))
}

/// Whether a release names this version of the model.
fn names(one: Entry<'_>, model: Entry<'_>, version: &str) -> bool {
    let of_model = |link: vouch_record::Link| link.id == model.id();
    Release(one.content()).model_versions().any(|row| row.model().is_some_and(of_model) && row.version() == Some(version))
}

/// Whether somebody released what the model changed to, or recorded the change as found, since it can have begun.
pub(super) fn is_answered(model: Entry<'_>, unseen: &Unseen) -> bool {
    let released = |one: Entry<'_>| {
        let later = one.entered("approved").or_else(|| one.entered("deployed")).is_some_and(|on| on >= unseen.from);
        Release(one.content()).type_().is(ReleaseType::SupplierModel)
            && one.is_any(&["approved", "deployed"])
            && (later || names(one, model, &unseen.name))
    };
    let found = |change: Entry<'_>| {
        Change(change.content()).origin().is(ChangeOrigin::Found)
            && !change.is_any(&["rejected", "cancelled"])
            && change.created_on() >= unseen.from
    };
    model.incoming(Release::KIND, "model_versions").any(released)
        || systems(model).any(|system| system.incoming(Change::KIND, "ai_systems").any(found))
}

/// The systems that name a model or run a release with it.
pub(super) fn systems(model: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    let naming = model::used_by(model).into_iter().filter_map(move |(id, _)| model.view().get(id));
    let running = model.incoming(Release::KIND, "model_versions").filter(|one| release::running(*one));
    naming.chain(running.filter_map(|one| one.linked("ai_system")))
}
