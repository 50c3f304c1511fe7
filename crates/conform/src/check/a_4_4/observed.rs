//! What feeds and pipelines saw of tools.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemObservedPartKind};
use vouch_record::kind::generated::resource::Resource;
use vouch_record::{Id, Value};

use super::TOOLS;
use crate::check::parts::{Part, resources};
use crate::check::sighted::{observed, runs};
use crate::check::written::by_machine;
use crate::derived::resource::{breaks, unapproved_use};
use crate::shape::{Judgement, Lapse, Verdicts, breakpoints, each, on_every_day};
use crate::view::{Entry, View, Window};

/// How long a tool may be used without approval, or in another version.
const LONGEST_DAYS: i64 = 30;
/// How long ago a pipeline may have reported the parts.
const SEEN_DAYS: i64 = 90;

/// A.4.4-O2
pub(super) fn nothing_stays_unapproved(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    for part in resources(view, &TOOLS) {
        verdicts.note(part.entry, unapproved(&part, window));
    }
    verdicts
}

fn unapproved(part: &Part<'_>, window: Window) -> Judgement {
    let resource = part.entry;
    let (view, first) = (resource.view(), resource.view().first_scope_on());
    let from = match first {
        Some(first) if resource.created_on() < first => view.settled_in(first),
        _ => window.from,
    };
    let Some(asked) = window.from_day(from) else { return Judgement::Skip("settling in".to_owned()) };
    if resource.periods(&["approved"]).iter().any(|days| days.and(asked) == Some(asked)) {
        return Judgement::Pass;
    }
    let seen = Resource(resource.content()).observed().filter_map(|row| row.seen_at()).map(|at| view.day(at));
    let dates = seen.flat_map(|day| [day, day.saturating_add(LONGEST_DAYS.days())]);
    let days = breakpoints(asked, part.systems.iter().copied().chain([resource]), dates);
    let stretches = on_every_day(asked, &days, |day| resource.on(day).is_none_or(|then| !unapproved_use(then)));
    let lapse = |days: Window| {
        let lapse = Lapse::of(resource).value("tool", resource.label()).value("date", days.from).over(days);
        match part.systems.first() {
            Some(system) => lapse.in_system(*system),
            None => lapse.value("system", "a system"),
        }
    };
    Judgement::of(stretches.into_iter().filter(|days| days.days() >= LONGEST_DAYS).map(lapse).collect())
}

/// A.4.4-O3
pub(super) fn no_other_version_runs(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    for part in resources(view, &TOOLS) {
        let judgement = Judgement::needing(part.entry, &["observed", "version", "version_rule"], || {
            let seen = match sightings(part.entry, window) {
                Ok(seen) => seen,
                Err(why) => return Judgement::Undecided(why),
            };
            if seen.is_empty() {
                return Judgement::Skip("no feed saw its version in the window".to_owned());
            }
            let mut lapses: Vec<Lapse> = Vec::new();
            for sightings in seen.values() {
                let long = runs(sightings.iter().map(|one| (one.on, one.wrong))).into_iter();
                lapses.extend(long.filter(|days| days.days() > LONGEST_DAYS + 1).map(|days| {
                    let versions: BTreeSet<&str> =
                        sightings.iter().filter(|one| one.wrong && days.has(one.on)).map(|one| one.version.as_str()).collect();
                    let versions: Vec<&str> = versions.into_iter().collect();
                    let content = Resource(part.entry.content());
                    let named = content.version_rule().get().or(content.version().get()).unwrap_or("no version");
                    let lapse = Lapse::of(part.entry).value("tool", part.entry.label()).value("named", named).over(days);
                    lapse.value("observed", versions.join(", "))
                }));
            }
            Judgement::of(lapses)
        });
        verdicts.note(part.entry, judgement);
    }
    verdicts
}

/// A version that a feed saw, and whether it was none of those allowed then.
struct Sighting {
    on: Date,
    version: String,
    wrong: bool,
}

/// The sightings of versions of a stretch, by the system in which they were seen, each against what its record said when it was written.
fn sightings(resource: Entry<'_>, window: Window) -> Result<BTreeMap<Option<Id>, Vec<Sighting>>, String> {
    let mut found: BTreeMap<Option<Id>, Vec<Sighting>> = BTreeMap::new();
    for (on, leaf, row) in observed(resource, window) {
        let Some(version) = row.version() else { continue };
        let text = |field: &str| leaf.body.get(field).and_then(Value::as_text);
        let rule = text("version_rule");
        let wrong = breaks(rule, text("version"), version)
            .ok_or_else(|| format!("`version_rule` `{}` cannot be compared with version `{version}`", rule.unwrap_or_default()))?;
        let system = row.ai_system().map(|link| link.id);
        found.entry(system).or_default().push(Sighting { on, version: version.to_owned(), wrong });
    }
    Ok(found)
}

/// A.4.4-P2
pub(super) fn pipelines_report_the_parts(view: &View) -> Verdicts {
    let Some(lately) = view.last_days(SEEN_DAYS) else { return Verdicts::holds() };
    each(view.live_systems().filter(Entry::is_built), |system| {
        Judgement::needing(system, &["observed_parts"], || {
            let reported = |kind: AiSystemObservedPartKind| {
                let mut parts = AiSystem(system.content()).observed_parts();
                parts.any(|part| {
                    part.kind() == Some(kind)
                        && part.seen_at().is_some_and(|at| lately.has(view.day(at)))
                        && by_machine(system, "observed_parts", part.0)
                })
            };
            let both = reported(AiSystemObservedPartKind::Library) && reported(AiSystemObservedPartKind::Model);
            Judgement::when(both, || Lapse::of(system))
        })
    })
}
