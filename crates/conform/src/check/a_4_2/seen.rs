//! What feeds, pipelines and auditors saw of the parts of a system.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Value;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemObservedPartKind, AiSystemObservedPartRow};
use vouch_record::kind::generated::audit::{Audit, AuditSampleRow};
use vouch_record::kind::generated::evidence::{Evidence, EvidenceShows};
use vouch_record::view::Row;

use crate::check::audited::{findings_on, in_last_year};
use crate::check::presence::asked_from;
use crate::check::written::by_machine;
use crate::derived;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each, one_of};
use crate::view::{Entry, View, Window};

/// How long a part may be seen that the record does not name.
const UNNAMED_DAYS: i64 = 30;
/// How long ago a feed may have seen the parts.
const SEEN_DAYS: i64 = 90;
/// How long ago the days may be that evidence covers.
const SHOWN_DAYS: i64 = 200;
/// Of ten live systems, how many a feed must look at.
const OBSERVED_IN_TEN: usize = 8;
/// How many records an audit must draw, unless there are fewer.
const DRAWN: i64 = 3;

/// A.4.2-O2
pub(super) fn nothing_seen_stays_unnamed(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.systems(), |system| {
        Judgement::needing(system, &["observed_parts", "models", "resources", "suppliers"], || {
            let Some(asked) = asked_from(system).and_then(|from| window.from_day(from)) else {
                return Judgement::Skip("settling in".to_owned());
            };
            let unnamed = sightings(system, asked)
                .into_iter()
                .filter_map(|(name, days)| Some((name.clone(), longest_unnamed(system, &name, &days)?)));
            let long = unnamed.filter(|(_, days)| days.days() > UNNAMED_DAYS + 1);
            Judgement::of(
                long.map(|(name, days)| Lapse::of(system).value("part", name).value("date", days.from).over(days)).collect(),
            )
        })
    })
}

/// The days of a stretch on which feeds saw each model, service and computing part.
fn sightings(system: Entry<'_>, asked: Window) -> BTreeMap<String, BTreeSet<Date>> {
    use AiSystemObservedPartKind::{Compute, Model, Service};
    let mut seen: BTreeMap<String, BTreeSet<Date>> = BTreeMap::new();
    for leaf in system.revisions() {
        let rows =
            leaf.body.get("observed_parts").map_or(&[][..], Value::items).iter().map(|row| AiSystemObservedPartRow::from(Row(row)));
        for part in rows.filter(|part| matches!(part.kind(), Some(Model | Service | Compute))) {
            let day = part.seen_at().map(|at| system.view().day(at)).filter(|day| asked.has(*day));
            if let (Some(name), Some(day)) = (part.name(), day) {
                seen.entry(name.to_owned()).or_default().insert(day);
            }
        }
    }
    seen
}

/// The longest run of days on which a part was seen again and again, each time at most thirty days later, and never named.
fn longest_unnamed(system: Entry<'_>, name: &str, seen: &BTreeSet<Date>) -> Option<Window> {
    let unnamed = |day: &Date| {
        let gaps = system.on(*day).map(derived::ai_system::parts_gap).unwrap_or_default();
        gaps.iter().any(|gap| gap.is_unnamed() && gap.name == name)
    };
    let mut runs: Vec<Window> = Vec::new();
    for day in seen.iter().filter(|day| unnamed(day)) {
        match runs.last_mut() {
            Some(run) if run.to.saturating_add(UNNAMED_DAYS.days()) >= *day => run.to = *day,
            _ => runs.push(Window { from: *day, to: *day }),
        }
    }
    runs.into_iter().max_by_key(Window::days)
}

/// A.4.2-P1
pub(super) fn parts_are_observed(view: &View) -> Verdicts {
    let (Some(lately), Some(shown)) = (view.last_days(SEEN_DAYS), view.last_days(SHOWN_DAYS)) else { return Verdicts::holds() };
    let systems: Vec<Entry<'_>> = view.live_systems().collect();
    let enough = systems.iter().filter(|system| is_observed(**system, lately)).count() * 10 >= systems.len() * OBSERVED_IN_TEN;
    each(systems, |system| {
        Judgement::needing(system, &["observed_parts"], || {
            if is_observed(system, lately) {
                return Judgement::Pass;
            }
            match shown_by(system, shown).filter(|_| enough) {
                Some(evidence) => Judgement::Shown(vec![system.subject(), evidence.subject()]),
                None => Judgement::Fail(Lapse::of(system)),
            }
        })
    })
}

/// Whether a pipeline or feed wrote a part that was seen on one of these days.
fn is_observed(system: Entry<'_>, days: Window) -> bool {
    let parts = AiSystem(system.content()).observed_parts();
    let recent = parts.filter(|part| part.seen_at().is_some_and(|at| days.has(system.view().day(at))));
    recent.into_iter().any(|part| by_machine(system, "observed_parts", part.0))
}

/// Reviewed evidence for A.4.2 that shows the system as it should be on one of these days.
fn shown_by(system: Entry<'_>, days: Window) -> Option<Entry<'_>> {
    system.incoming(Evidence::KIND, "about").find(|entry| {
        let evidence = Evidence(entry.content());
        let meant = evidence.requirements().any(|named| named.framework == ISO42001 && named.item == "A.4.2");
        let covers = evidence.covers_from().get().zip(evidence.covers_to().get()).map(|(from, to)| Window { from, to });
        entry.is("reviewed")
            && meant
            && evidence.shows().is(EvidenceShows::Conforms)
            && covers.and_then(|covers| covers.and(days)).is_some()
    })
}

/// A.4.2-P3
pub(super) fn compared_in_an_audit(view: &View) -> Verdicts {
    let drawn_enough = |row: &AuditSampleRow<'_>| {
        let wanted = row.population_n().map_or(DRAWN, |there| there.min(DRAWN));
        row.requirement().is_some_and(|named| named.framework == ISO42001 && named.item == "A.4.2")
            && row.drawn_n().is_some_and(|drawn| drawn >= wanted)
    };
    let judge = |audit: Entry<'_>| {
        let answered =
            |row: &AuditSampleRow<'_>| row.deviations().unwrap_or(0) == 0 || findings_on(audit, "A.4.2").next().is_some();
        Judgement::when(Audit(audit.content()).samples().any(|row| drawn_enough(&row) && answered(&row)), || Lapse::of(audit))
    };
    one_of(in_last_year(view), judge, Lapse::of_organisation)
}
