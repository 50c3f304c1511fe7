//! Whether planned audits were held, and every item is audited as often as planned.

use std::collections::BTreeMap;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::audit_programme::{AuditProgramme, AuditProgrammePlannedRow};
use vouch_record::time::days_between;

use crate::check::audited::{internal, items, programme, reached};
use crate::check::specified::holds;
use crate::check::wording::in_days;
use crate::derived::audit_programme::audited_items;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View};

/// Days after the planned period, or after an interval, in which the report may still come.
const GRACE_DAYS: i64 = 30;

/// 9.2.2-O1
pub(super) fn planned_audits_were_held(view: &View) -> Verdicts {
    let (Some(window), Some(programme)) = (view.window(), programme(view)) else { return Verdicts::holds() };
    let audits: Vec<(Date, Entry<'_>)> =
        internal(view).filter_map(|audit| Some((Audit(audit.content()).reported_at().get()?, audit))).collect();
    let rows = AuditProgramme(programme.content()).planned().filter_map(|row| {
        let to = row.period_to().or(row.period_from())?;
        let due = to.saturating_add(GRACE_DAYS.days());
        (to >= window.from && due < view.today()).then_some((row, to, due))
    });
    let mut verdicts = each([programme], |programme| {
        Judgement::needing(programme, &["planned"], || {
            let mut shown: Vec<Subject> = Vec::new();
            let mut lapses = Vec::new();
            for (row, to, due) in rows.clone() {
                let from = row.period_from().unwrap_or(to);
                let inside = audits.iter().filter(|(on, _)| from <= *on && *on <= due);
                let named: Vec<&str> = inside.clone().flat_map(|(_, audit)| items(*audit)).collect();
                let missed: Vec<&str> = planned_items(&row).filter(|item| !named.contains(item)).collect();
                if missed.is_empty() || is_moved(programme, &row, &missed, to) {
                    shown.extend(inside.map(|(_, audit)| audit.subject()));
                    continue;
                }
                let period = format!("{from} to {to}");
                lapses.push(Lapse::of(programme).value("requirements", missed.join(", ")).value("period", period));
            }
            if lapses.is_empty() { Judgement::Shown(shown) } else { Judgement::FailAll(lapses) }
        })
    });
    let things = rows.count();
    verdicts.passed.sort_unstable();
    verdicts.passed.dedup();
    verdicts.among(things)
}

fn planned_items<'v>(row: &AuditProgrammePlannedRow<'v>) -> impl Iterator<Item = &'v str> + use<'v> {
    row.requirements().filter(|named| named.framework == ISO42001).map(|named| named.item)
}

/// Whether an adjustment made before the period ended moves what was missed: it has a reason and names the period, the area or each item.
fn is_moved(programme: Entry<'_>, row: &AuditProgrammePlannedRow<'_>, missed: &[&str], to: Date) -> bool {
    AuditProgramme(programme.content()).adjustments().any(|made| {
        let what = made.what().unwrap_or_default();
        let dated = [row.period_from(), row.period_to()].into_iter().flatten().any(|day| what.contains(&day.to_string()));
        let area = row.area().is_some_and(|area| holds(what, area));
        let words: Vec<&str> = what.split(|c: char| c.is_whitespace() || ",;()".contains(c)).collect();
        let listed = missed.iter().all(|item| words.iter().any(|word| word.trim_end_matches(['.', ':']) == *item));
        made.at().is_some_and(|at| at <= to) && made.because().next().is_some() && (dated || area || listed)
    })
}

/// 9.2.2-O2
pub(super) fn intervals_are_kept(view: &View) -> Verdicts {
    let Some(programme) = programme(view) else { return Verdicts::holds() };
    let asked = audited_items(view);
    let last = last_reached(view);
    let content = AuditProgramme(programme.content());
    let intervals: BTreeMap<&str, i64> = content
        .importance()
        .filter_map(|row| Some((row.requirement().filter(|named| named.framework == ISO42001)?.item, in_days(&row.every()?))))
        .collect();
    let begun = content.cycle_from().get().max(view.first_scope_on());
    let mut verdicts = each([programme], |programme| {
        Judgement::needing(programme, &["importance"], || {
            let lapse = |item: &&str| {
                let every = *intervals.get(item)?;
                let since = last.get(item).map(|(on, _)| *on).or(begun)?;
                let late = days_between(since, view.today()) > every + GRACE_DAYS;
                late.then(|| {
                    Lapse::of(programme).value("requirement", *item).value("date", since).value("interval", format!("{every} days"))
                })
            };
            Judgement::of(asked.iter().filter_map(lapse).collect())
        })
    });
    if verdicts.failed.is_empty() && verdicts.undecided.is_empty() {
        verdicts.passed.extend(asked.iter().filter_map(|item| last.get(item)).map(|(_, audit)| audit.subject()));
        verdicts.passed.sort_unstable();
        verdicts.passed.dedup();
    }
    verdicts.among(asked.len())
}

/// The last internal audit that came to a result for each item, with the last day on which it was held.
fn last_reached(view: &View) -> BTreeMap<&str, (Date, Entry<'_>)> {
    let mut last: BTreeMap<&str, (Date, Entry<'_>)> = BTreeMap::new();
    for audit in internal(view) {
        let content = Audit(audit.content());
        let Some(on) = content.ended_on().get().or(content.reported_at().get()) else { continue };
        for item in reached(audit) {
            let known = last.entry(item).or_insert((on, audit));
            if known.0 < on {
                *known = (on, audit);
            }
        }
    }
    last
}
