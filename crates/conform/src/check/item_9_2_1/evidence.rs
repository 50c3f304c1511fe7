//! What the results of audits rest on, and who looked.

use jiff::ToSpan;
use vouch_record::kind::generated::audit::{Audit, AuditCoverageResult, AuditCoverageRow};
use vouch_record::kind::generated::audit_programme::AuditProgramme;
use vouch_record::kind::generated::finding::Finding;

use crate::check::audited::{internal, internal_in, programme, reached};
use crate::check::wording::{called, people};
use crate::derived::audit::conflicts;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// Months in which what an audit did not reach is to be planned again.
const AGAIN_MONTHS: i64 = 6;
/// How many records of own work a finding names.
const NAMED: usize = 3;

/// 9.2.1-O3
pub(super) fn results_rest_on_records(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let mut verdicts = each(internal_in(view, Some(year)), |audit| {
        Judgement::needing(audit, &["coverage"], || {
            let conforms = Audit(audit.content()).coverage().filter(|row| row.result() == Some(AuditCoverageResult::Conforms));
            let baseless = conforms.filter(|row| row.basis().next().is_none());
            let lapse = |row: AuditCoverageRow<'_>| {
                let item = row.requirement().map_or("an item", |named| named.item);
                Lapse::of(audit).value("row", format!("The result for {item}")).value("audit", audit.label())
            };
            Judgement::of(baseless.map(lapse).collect())
        })
    });
    for finding in internal(view).flat_map(|audit| audit.incoming(Finding::KIND, "audit")).filter(|one| !one.is("withdrawn")) {
        let content = Finding(finding.content());
        if !content.raised_at().get().is_some_and(|on| year.has(on)) {
            continue;
        }
        let judgement = Judgement::needing(finding, &["seen", "subjects"], || {
            let shown = content.seen().is_filled() && content.subjects().next().is_some();
            let audit = finding.linked("audit").map_or_else(|| "an audit".to_owned(), |audit| audit.label());
            Judgement::when(shown, || Lapse::of(finding).value("row", finding.label()).value("audit", audit))
        });
        verdicts.note(finding, judgement);
    }
    verdicts
}

/// 9.2.1-O4
pub(super) fn what_was_not_reached_is_planned(view: &View) -> Verdicts {
    let (Some(year), Some(programme)) = (view.last_days(365), programme(view)) else { return Verdicts::holds() };
    each(internal_in(view, Some(year)), |audit| {
        Judgement::needing(audit, &["coverage"], || {
            let content = Audit(audit.content());
            let Some(reported) = content.reported_at().get() else { return Judgement::Undecided("it has no day".to_owned()) };
            let left = content.coverage().filter(|row| row.result() == Some(AuditCoverageResult::NotReached));
            let left: Vec<&str> = left
                .filter_map(|row| row.requirement())
                .filter(|named| named.framework == ISO42001)
                .map(|named| named.item)
                .collect();
            if left.is_empty() {
                return Judgement::Skip("it reached everything".to_owned());
            }
            let until = reported.saturating_add(AGAIN_MONTHS.months());
            let planned = |item: &str| {
                AuditProgramme(programme.content()).planned().any(|row| {
                    let soon = row.period_from().is_some_and(|from| from <= until);
                    let later = row.period_to().or(row.period_from()).is_some_and(|to| to >= reported);
                    soon && later && row.requirements().any(|named| named.framework == ISO42001 && named.item == item)
                })
            };
            let audited = |item: &str| {
                let since =
                    |other: &Entry<'_>| Audit(other.content()).reported_at().get().is_some_and(|on| reported < on && on <= until);
                internal(view).filter(since).any(|other| reached(other).any(|one| one == item))
            };
            let open = left.into_iter().filter(|item| !planned(item) && !audited(item));
            Judgement::of(open.map(|item| Lapse::of(audit).value("requirement", item).value("audit", audit.label())).collect())
        })
    })
}

/// 9.2.1-P1
pub(super) fn nobody_audited_own_work(view: &View) -> Verdicts {
    each(internal_in(view, view.last_days(365)), |audit| {
        Judgement::needing(audit, &["team", "samples"], || {
            let own = conflicts(audit).into_iter().map(|one| {
                let named = people(view, one.records.iter().copied().take(NAMED));
                let more = one.records.len().saturating_sub(NAMED);
                let record = if more == 0 { named } else { format!("{named} and {more} more") };
                Lapse::of(audit).value("person", called(view, Some(one.person))).value("record", record)
            });
            Judgement::of(own.collect())
        })
    })
}
