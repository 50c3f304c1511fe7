//! Whether something happened since a test that calls for testing again.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use vouch_record::Id;
use vouch_record::kind::generated::change::{Change, ChangeWhat};
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::release::{Release, ReleaseType};
use vouch_record::kind::generated::shared::ReassessmentTrigger;
use vouch_record::kind::generated::test::{Test, TestRetestOn};

use crate::derived::event::{self, Trigger};
use crate::view::Entry;

/// Why and since when a test no longer speaks for the running system.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Stale {
    /// first day
    pub on: Date,
    /// the release, change, incident or event behind it; nothing when its last day passed
    pub because: Option<Id>,
}

/// An event named in `retest_on` happened to the system after `run_at`, or `valid_until` has passed.
#[must_use]
pub fn stale(entry: Entry<'_>) -> bool {
    stale_since(entry).is_some()
}

/// The earliest of what made the test stale. What a test was run for does not overtake it: the releases that name it or bear its
/// version, with their changes, and changes that name it.
#[must_use]
pub fn stale_since(entry: Entry<'_>) -> Option<Stale> {
    *entry.view().keep(Some(entry.id()), "test.stale_since", || {
        let test = Test(entry.content());
        let today = entry.view().today();
        let passed = test.valid_until().get().filter(|until| *until < today);
        let ran_out = passed.map(|until| Stale { on: until.saturating_add(1.day()), because: None });
        let happened = entry.linked("ai_system").zip(test.run_at().get());
        happened.and_then(|(system, ran)| first_event(entry, system, ran)).into_iter().chain(ran_out).min()
    })
}

fn first_event(entry: Entry<'_>, system: Entry<'_>, ran: Timestamp) -> Option<Stale> {
    let view = entry.view();
    let test = Test(entry.content());
    let wants = |what: TestRetestOn| test.retest_on().has(what);
    let own: Vec<Entry<'_>> = system.incoming(Release::KIND, "ai_system").filter(|release| was_run_for(entry, *release)).collect();
    let mut found: Vec<Stale> = Vec::new();
    for release in system.incoming(Release::KIND, "ai_system").filter(|release| !own.iter().any(|one| one.id() == release.id())) {
        let content = Release(release.content());
        let asked = match content.type_().get() {
            Some(ReleaseType::Retraining) => wants(TestRetestOn::Retraining),
            Some(ReleaseType::SupplierModel) => wants(TestRetestOn::SupplierModelChange),
            Some(ReleaseType::Configuration) => wants(TestRetestOn::PromptChange),
            _ => false,
        };
        let deployed = content.deployed_at().get().filter(|at| asked && *at > ran);
        found.extend(deployed.map(|at| Stale { on: view.day(at), because: Some(release.id()) }));
    }
    let carried =
        |change: Entry<'_>| own.iter().any(|release| release.names(change.id(), "changes")) || change.names(entry.id(), "tests");
    for change in system.incoming(Change::KIND, "ai_systems").filter(|change| change.is_settled() && !carried(*change)) {
        let content = Change(change.content());
        let on = content.implemented_on().get().or_else(|| content.happened_on().get());
        let asked = KINDS_OF_CHANGE.iter().any(|(retest, what)| wants(*retest) && content.what().has_any(what));
        found.extend(on.filter(|on| asked && *on > view.day(ran)).map(|on| Stale { on, because: Some(change.id()) }));
    }
    if wants(TestRetestOn::Incident) {
        found.extend(system.incoming(Incident::KIND, "ai_systems").filter_map(|incident| of_incident(incident, ran)));
    }
    if wants(TestRetestOn::SupplierModelChange) {
        let supplier = Trigger::from(ReassessmentTrigger::SupplierModelChange);
        let touched = event::events(view).iter().filter(|event| event.trigger == supplier && event.systems.contains(&system.id()));
        let other = touched.filter(|event| event.on > view.day(ran) && !own.iter().any(|release| release.id() == event.record));
        found.extend(other.map(|event| Stale { on: event.on, because: Some(event.record) }));
    }
    found.into_iter().min()
}

/// What a change must touch to be of a kind that `retest_on` names.
const KINDS_OF_CHANGE: &[(TestRetestOn, &[ChangeWhat])] = &[
    (TestRetestOn::Retraining, &[ChangeWhat::Model]),
    (TestRetestOn::DataChange, &[ChangeWhat::Data]),
    (TestRetestOn::EnvironmentChange, &[ChangeWhat::Infrastructure]),
    (TestRetestOn::SupplierModelChange, &[ChangeWhat::Supplier]),
    (TestRetestOn::PromptChange, &[ChangeWhat::Configuration]),
];

/// Whether the release is one the test was run for: it names the test, or bears the version that was tested.
fn was_run_for(test: Entry<'_>, release: Entry<'_>) -> bool {
    let version = Test(test.content()).system_version().get();
    release.names(test.id(), "tests") || (version.is_some() && Release(release.content()).version().get() == version)
}

fn of_incident(incident: Entry<'_>, ran: Timestamp) -> Option<Stale> {
    let content = Incident(incident.content());
    let at = content.detected_at().get().filter(|at| *at > ran)?;
    let counts = !incident.is("dismissed") && !content.exercise().is(true);
    counts.then(|| Stale { on: incident.view().day(at), because: Some(incident.id()) })
}
