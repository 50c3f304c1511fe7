//! Whether internal audits were held, often enough and over everything.

use std::collections::{BTreeMap, BTreeSet};

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::time::days_between;

use crate::check::audited::{internal, internal_in, next_stage_2, reached};
use crate::check::wording::list;
use crate::derived::audit_programme::audited_items;
use crate::framework::ISO42001;
use crate::shape::{Lapse, Verdicts};
use crate::view::{Entry, View, Window};

/// The longest time between two internal audits, in days.
pub(super) const LONGEST: i64 = 395;

/// The internal audits reported in the last 365 days.
fn last_year(view: &View) -> impl Iterator<Item = Entry<'_>> {
    internal_in(view, Some(view.past(&365.days())))
}

/// 9.2.1-D1
pub(super) fn every_clause_was_audited(view: &View) -> Verdicts {
    let certification = next_stage_2(view);
    let before = |audit: &Entry<'_>| {
        let reported = Audit(audit.content()).reported_at().get();
        certification.is_none_or(|day| reported.is_some_and(|on| on < day))
    };
    let audits: Vec<Entry<'_>> = last_year(view).filter(before).collect();
    let covered: BTreeSet<&str> = audits.iter().flat_map(|audit| reached(*audit)).collect();
    let clauses = view.frameworks().items().iter().filter(|item| !item.is_control());
    let missing: Vec<&str> = clauses.map(|item| item.id.as_str()).filter(|item| !covered.contains(item)).collect();
    if missing.is_empty() {
        return Verdicts { passed: audits.iter().map(|audit| audit.subject()).collect(), ..Verdicts::default() };
    }
    let by =
        certification.map_or_else(|| "in the last 365 days".to_owned(), |day| format!("before the certification audit on {day}"));
    Verdicts::failed(Lapse::of_organisation().value("missing", list(missing)).value("by", by))
}

/// 9.2.1-D2
pub(super) fn every_group_was_sampled(view: &View) -> Verdicts {
    let audits: Vec<Entry<'_>> = last_year(view).collect();
    if audits.is_empty() {
        // That there is none is the finding of 9.2.1-D1.
        return Verdicts::holds();
    }
    let mut groups: BTreeMap<&str, Vec<Entry<'_>>> = BTreeMap::new();
    for item in audited_items(view).into_iter().filter_map(group) {
        groups.entry(item).or_default();
    }
    let mut verdicts = Verdicts::default();
    for audit in &audits {
        if audit.value("samples").is_erased() {
            verdicts.undecided.push((audit.subject(), "`samples` was erased".to_owned()));
        }
        let drawn = Audit(audit.content()).samples().filter(|row| row.items().next().is_some());
        for named in drawn.filter_map(|row| row.requirement()).filter(|named| named.framework == ISO42001) {
            if let Some(found) = group(named.item).and_then(|group| groups.get_mut(group)) {
                found.push(*audit);
            }
        }
    }
    for (group, found) in &groups {
        match found.first() {
            Some(audit) => verdicts.passed.push(audit.subject()),
            // What was erased may have held it.
            None if !verdicts.undecided.is_empty() => {}
            None => verdicts.failed.push(Lapse::of_organisation().value("group", group)),
        }
    }
    verdicts.passed.sort_unstable();
    verdicts.passed.dedup();
    verdicts.among(groups.len())
}

/// The group of a control of Annex A: `A.6` of `A.6.2.4`.
fn group(item: &str) -> Option<&str> {
    let rest = item.strip_prefix("A.")?;
    Some(rest.find('.').map_or(item, |at| &item[..at + 2]))
}

/// 9.2.1-O1
pub(super) fn audits_follow_each_other(view: &View) -> Verdicts {
    let Some(first) = view.first_scope_on() else { return Verdicts::holds() };
    let mut reported: Vec<(Date, Entry<'_>)> =
        internal(view).filter_map(|audit| Some((Audit(audit.content()).reported_at().get()?, audit))).collect();
    reported.sort_by_key(|(on, audit)| (*on, audit.id()));
    let mut days: Vec<Date> = reported.iter().rev().take(2).map(|(on, _)| *on).collect();
    if days.is_empty() {
        days.push(first);
    }
    days.reverse();
    days.push(view.today());
    let late = days.windows(2).filter(|pair| days_between(pair[0], pair[1]) > LONGEST);
    let lapse = |pair: &[Date]| {
        let days = Window { from: pair[0], to: pair[1] };
        Lapse::of_organisation().value("from", pair[0]).value("date", pair[1]).over(days)
    };
    Verdicts {
        failed: late.map(lapse).collect(),
        passed: reported.last().map(|(_, audit)| audit.subject()).into_iter().collect(),
        ..Verdicts::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_group_of_a_control_is_its_number_after_the_letter() {
        assert_eq!(group("A.6.2.4"), Some("A.6"));
        assert_eq!(group("A.10.3"), Some("A.10"));
        assert_eq!(group("9.2.1"), None);
    }
}
