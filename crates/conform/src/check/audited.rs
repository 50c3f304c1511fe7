//! Audits that count (`terms.yaml`: internal and by certification bodies; mock, supplier and customer audits do not).

use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::finding::{Finding, FindingGrade};

use crate::framework::ISO42001;
use crate::view::{Entry, View};

/// Days in which an audit is to have been reported.
const YEAR: i64 = 365;

/// The audits that count and were reported in the last 365 days, those before the first approved scope left out.
pub(super) fn in_last_year(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let year = view.last_days(YEAR);
    view.all(Audit::KIND).filter(move |entry| {
        let audit = Audit(entry.content());
        let counts =
            audit.type_().get().is_some_and(|sort| !matches!(sort, AuditType::Mock | AuditType::Supplier | AuditType::Customer));
        let within = audit.reported_at().get().zip(year).is_some_and(|(on, year)| year.has(on));
        counts && entry.is_any(&["reported", "closed"]) && within
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
