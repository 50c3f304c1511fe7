//! Audits that count (`terms.yaml`: internal and by certification bodies; mock, supplier and customer audits do not), the programme that
//! plans them, and who audited what.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::audit::{Audit, AuditCoverageResult, AuditType};
use vouch_record::kind::generated::audit_programme::AuditProgramme;
use vouch_record::kind::generated::finding::{Finding, FindingGrade};

use crate::framework::ISO42001;
use crate::view::{Entry, View, Window};

/// Days in which an audit is to have been reported.
const YEAR: i64 = 365;

/// The audits that count and were reported in the last 365 days, those before the first approved scope left out.
pub(super) fn in_last_year(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let year = view.last_days(YEAR);
    view.all(Audit::KIND).filter(move |entry| counts(*entry) && is_reported(*entry) && reported_in(*entry, year))
}

/// Whether an audit is of a type that counts.
pub(super) fn counts(audit: Entry<'_>) -> bool {
    let sort = Audit(audit.content()).type_().get();
    sort.is_some_and(|sort| !matches!(sort, AuditType::Mock | AuditType::Supplier | AuditType::Customer))
}

fn is_reported(audit: Entry<'_>) -> bool {
    audit.is_any(&["reported", "closed"])
}

fn reported_in(audit: Entry<'_>, period: Option<Window>) -> bool {
    Audit(audit.content()).reported_at().get().zip(period).is_some_and(|(on, period)| period.has(on))
}

/// The internal audits that were reported, whenever that was.
pub(super) fn internal(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let own = |entry: &Entry<'_>| Audit(entry.content()).type_().is(AuditType::Internal) && is_reported(*entry);
    view.all(Audit::KIND).filter(own)
}

/// The internal audits that were reported in a period.
pub(super) fn internal_in(view: &View, period: Option<Window>) -> impl Iterator<Item = Entry<'_>> {
    internal(view).filter(move |audit| reported_in(*audit, period))
}

/// Lead auditor and members of the team, each once.
pub(super) fn team(audit: Entry<'_>) -> Vec<Id> {
    let content = Audit(audit.content());
    let named = content.team().filter_map(|row| row.person()).chain(content.lead_auditor().get());
    let mut team: Vec<Id> = named.map(|link| link.id).collect();
    team.sort_unstable();
    team.dedup();
    team
}

/// Items of ISO/IEC 42001 for which an audit came to a result.
pub(super) fn reached(audit: Entry<'_>) -> impl Iterator<Item = &str> {
    let rows = Audit(audit.content()).coverage();
    let judged = rows.filter(|row| row.result().is_some_and(|result| result != AuditCoverageResult::NotReached));
    judged.filter_map(|row| row.requirement()).filter(|named| named.framework == ISO42001).map(|named| named.item)
}

/// Items of ISO/IEC 42001 that an audit was to look at, or came to a result for.
pub(super) fn items(audit: Entry<'_>) -> impl Iterator<Item = &str> {
    let planned = Audit(audit.content()).requirements().filter(|named| named.framework == ISO42001).map(|named| named.item);
    planned.chain(reached(audit))
}

/// The days from the first that an audit looked at to the last on which it was held.
pub(super) fn days(audit: Entry<'_>) -> Option<Window> {
    let content = Audit(audit.content());
    let to = content.ended_on().get().or(content.reported_at().get())?;
    let from = content.window_from().get().or(content.started_on().get())?;
    Some(Window { from: from.min(to), to })
}

/// The first planned day of a Stage 2 audit that was not reported yet.
pub(super) fn next_stage_2(view: &View) -> Option<Date> {
    let open = view.all(Audit::KIND).filter(|audit| {
        Audit(audit.content()).type_().is(AuditType::Stage2) && audit.is_any(&["planned", "prepared", "in_progress"])
    });
    open.filter_map(|audit| Audit(audit.content()).planned_from().get()).min()
}

/// The audit programme approved or running: of several the one whose cycle holds the day, then the one that lasts longest.
pub(super) fn programme(view: &View) -> Option<Entry<'_>> {
    let today = view.today();
    view.live(AuditProgramme::KIND).max_by_key(|entry| {
        let content = AuditProgramme(entry.content());
        let (from, to): (Option<Date>, Option<Date>) = (content.cycle_from().get(), content.cycle_to().get());
        let holds = from.is_some_and(|from| from <= today) && to.is_some_and(|to| today <= to);
        (holds, to, entry.id())
    })
}

/// The findings of an audit that were not withdrawn and are no praise.
pub(super) fn findings(audit: Entry<'_>) -> impl Iterator<Item = Entry<'_>> {
    let asks = |entry: &Entry<'_>| !entry.is("withdrawn") && !Finding(entry.content()).grade().is(FindingGrade::Strength);
    audit.incoming(Finding::KIND, "audit").filter(asks)
}

/// Those of its findings that name an item of ISO/IEC 42001.
pub(super) fn findings_on<'v>(audit: Entry<'v>, item: &str) -> impl Iterator<Item = Entry<'v>> {
    let names = move |entry: &Entry<'_>| {
        Finding(entry.content()).requirements().any(|named| named.framework == ISO42001 && named.item == item)
    };
    findings(audit).filter(names)
}
