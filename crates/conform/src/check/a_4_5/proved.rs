//! Whether recovery was shown, feeds see what is recorded, and another person approved it.

use jiff::Span;
use jiff::civil::date;
use rust_decimal::Decimal;
use vouch_record::kind::generated::evidence::Evidence;
use vouch_record::kind::generated::resource::{Resource, ResourceCategory};
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::kind::generated::test::Test;

use super::PLACES;
use crate::check::approving::approved_by_another as by_another;
use crate::check::parts::{Part, marks_critical, resources};
use crate::check::written::by_machine;
use crate::derived::ai_system::tier;
use crate::derived::test::passed;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// Days in which recovery is to be shown.
const YEAR: i64 = 365;
/// How long ago a feed may have seen a resource.
const SEEN_DAYS: i64 = 90;
/// How long ago the days may be that evidence covers.
const SHOWN_DAYS: i64 = 200;
/// Of ten resources, how many a feed must see.
const SEEN_IN_TEN: usize = 8;

/// A.4.5-P1
pub(super) fn recovery_was_shown(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    for part in resources(view, &ResourceCategory::ALL) {
        let weighty = |system: &&Entry<'_>| tier(**system) >= Some(RiskTier::High) && marks_critical(**system, part.entry);
        let Some(system) = part.systems.iter().find(weighty) else { continue };
        let judgement = Judgement::needing(part.entry, &["recovery_tests", "recover_within"], || {
            let within = Resource(part.entry.content()).recover_within().get();
            let mut tests = part.entry.links("recovery_tests");
            match tests.find(|test| shows_recovery(*test, year, within.as_ref())) {
                Some(test) => Judgement::Shown(vec![part.entry.subject(), test.subject()]),
                None => Judgement::Fail(Lapse::of(part.entry).in_system(*system).value("resource", part.entry.label())),
            }
        });
        verdicts.note(part.entry, judgement);
    }
    verdicts
}

/// Whether a reviewed test of the period met its criteria and shows a time inside this one.
fn shows_recovery(test: Entry<'_>, year: Window, within: Option<&Span>) -> bool {
    let content = Test(test.content());
    let recent = content.run_at().get().is_some_and(|at| year.has(test.view().day(at)));
    let in_time = |code: Option<&str>, unit: Decimal, allowed: Decimal| {
        let results = content.results().filter(|row| row.code() == code).filter_map(|row| row.value());
        let results: Vec<Decimal> = results.collect();
        !results.is_empty() && results.iter().all(|value| value.checked_mul(unit).is_some_and(|took| took <= allowed))
    };
    let timed = |allowed: Decimal| {
        let timed = content.criteria().filter_map(|row| Some((row.code(), row.unit().and_then(seconds_of)?)));
        timed.into_iter().any(|(code, unit)| in_time(code, unit, allowed))
    };
    test.is("reviewed") && recent && passed(test) && within.and_then(seconds_in).is_some_and(timed)
}

/// How many seconds a unit of time has.
fn seconds_of(unit: &str) -> Option<Decimal> {
    let seconds: i64 = match unit.trim().to_lowercase().trim_end_matches('.') {
        "s" | "sec" | "second" | "seconds" => 1,
        "min" | "minute" | "minutes" => 60,
        "h" | "hour" | "hours" => 3600,
        "d" | "day" | "days" => 86_400,
        _ => return None,
    };
    Some(Decimal::from(seconds))
}

/// How many seconds a length of time has, months counted from the first day of a year.
fn seconds_in(length: &Span) -> Option<Decimal> {
    let seconds = length.total((jiff::Unit::Second, date(2001, 1, 1))).ok()?;
    Decimal::try_from(seconds).ok()
}

/// A.4.5-P2
pub(super) fn feeds_see_them(view: &View) -> Verdicts {
    let (Some(lately), Some(shown)) = (view.last_days(SEEN_DAYS), view.last_days(SHOWN_DAYS)) else { return Verdicts::holds() };
    let parts: Vec<Part<'_>> = resources(view, &PLACES);
    let enough = parts.iter().filter(|part| is_seen(part.entry, lately)).count() * 10 >= parts.len() * SEEN_IN_TEN;
    each(parts.iter().map(|part| part.entry), |resource| {
        Judgement::needing(resource, &["observed"], || {
            if is_seen(resource, lately) {
                return Judgement::Pass;
            }
            match shown_by(resource, shown).filter(|_| enough) {
                Some(evidence) => Judgement::Shown(vec![resource.subject(), evidence.subject()]),
                None => Judgement::Fail(Lapse::of(resource)),
            }
        })
    })
}

/// Whether a feed wrote that it saw the resource on one of these days.
fn is_seen(resource: Entry<'_>, days: Window) -> bool {
    let mut rows = Resource(resource.content()).observed();
    rows.any(|row| row.seen_at().is_some_and(|at| days.has(resource.view().day(at))) && by_machine(resource, "observed", row.0))
}

/// Reviewed evidence about the resource that covers one of these days.
fn shown_by(resource: Entry<'_>, days: Window) -> Option<Entry<'_>> {
    resource.incoming(Evidence::KIND, "about").find(|entry| {
        let evidence = Evidence(entry.content());
        let covers = evidence.covers_from().get().zip(evidence.covers_to().get()).map(|(from, to)| Window { from, to });
        entry.is("reviewed") && covers.and_then(|covers| covers.and(days)).is_some()
    })
}

/// A.4.5-P3
pub(super) fn approved_by_another(view: &View) -> Verdicts {
    each(resources(view, &PLACES).into_iter().map(|part| part.entry), |resource| {
        if !resource.is("approved") {
            return Judgement::Skip(format!("it is in state {}", resource.state()));
        }
        match by_another(resource, "approved", &[]) {
            Ok(given) => Judgement::Shown(vec![resource.subject(), given.entry.subject()]),
            Err(unfit) => Judgement::Fail(Lapse::of(resource).value("person", unfit.person).value("defect", unfit.defect)),
        }
    })
}

#[cfg(test)]
mod tests {
    use vouch_record::time::parse_duration;

    use super::*;

    #[test]
    fn lengths_and_units_of_time_become_seconds() {
        assert_eq!(seconds_in(&parse_duration("PT8H").unwrap()), seconds_of("min").map(|minute| minute * Decimal::from(480)));
        assert_eq!(seconds_in(&parse_duration("P1D").unwrap()), seconds_of("Days"));
        assert_eq!(seconds_of("share"), None);
    }
}
