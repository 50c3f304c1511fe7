//! What the audit programme plans, and who approved it.

use std::collections::BTreeSet;

use jiff::ToSpan;
use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::audit_programme::{AuditProgramme, AuditProgrammeImportanceRow, AuditProgrammeImportanceWeight};

use crate::check::audited::programme;
use crate::check::named_in::names_one_of;
use crate::check::standing::by_another;
use crate::derived::audit_programme::{audited_items, unplanned};
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// The longest cycle, in years.
const CYCLE_YEARS: i64 = 3;
/// Kinds of the risks, changes and earlier results that make an item weigh more.
const GROUNDS: [&str; 10] = [
    "risk",
    "impact-assessment",
    "change",
    "finding",
    "audit",
    "nonconformity",
    "incident",
    "concern",
    "management-review",
    "ai-system",
];

/// 9.2.2-D1
pub(super) fn programme_plans_everything(view: &View) -> Verdicts {
    let Some(programme) = programme(view) else {
        return Verdicts::failed(Lapse::of_organisation().value("defect", "none is approved"));
    };
    each([programme], |programme| {
        Judgement::needing(programme, &["importance", "planned", "cycle_from", "cycle_to"], || {
            let lapse = |defect: String| Lapse::of(programme).value("defect", defect);
            let unweighed = unweighed(programme);
            let unplanned = unplanned(programme);
            let gaps = [
                cycle_defect(programme),
                (!unplanned.is_empty()).then(|| format!("it does not plan {}", unplanned.join(", "))),
                (!unweighed.is_empty()).then(|| format!("it does not say how often {} are audited", unweighed.join(", "))),
            ];
            Judgement::of(gaps.into_iter().flatten().map(lapse).collect())
        })
    })
}

/// What is wrong with the days of its cycle.
fn cycle_defect(programme: Entry<'_>) -> Option<String> {
    let (content, today) = (AuditProgramme(programme.content()), programme.view().today());
    let (Some(from), Some(to)) = (content.cycle_from().get(), content.cycle_to().get()) else {
        return Some("its cycle has no first or last day".to_owned());
    };
    if today < from || to < today {
        return Some(format!("its cycle lasts from {from} to {to}"));
    }
    (from.saturating_add(CYCLE_YEARS.years()) < to).then(|| format!("its cycle lasts longer than {CYCLE_YEARS} years, until {to}"))
}

/// Audited items for which it gives no weight.
fn unweighed(programme: Entry<'_>) -> Vec<&str> {
    let rows = AuditProgramme(programme.content()).importance();
    let weighed: BTreeSet<&str> =
        rows.filter_map(|row| row.requirement()).filter(|named| named.framework == ISO42001).map(|named| named.item).collect();
    audited_items(programme.view()).into_iter().filter(|item| !weighed.contains(item)).collect()
}

/// 9.2.2-D3
pub(super) fn weight_has_a_reason(view: &View) -> Verdicts {
    each(programme(view), |programme| {
        Judgement::needing(programme, &["importance"], || {
            let rows = AuditProgramme(programme.content()).importance().filter(is_heavy);
            let baseless = rows.filter(|row| !row.reason().is_some_and(|reason| names_one_of(view, reason, &GROUNDS)));
            let lapse = |row: AuditProgrammeImportanceRow<'_>| {
                Lapse::of(programme).value("requirement", row.requirement().map_or("an item", |named| named.item))
            };
            Judgement::of(baseless.map(lapse).collect())
        })
    })
}

fn is_heavy(row: &AuditProgrammeImportanceRow<'_>) -> bool {
    matches!(row.weight(), Some(AuditProgrammeImportanceWeight::High | AuditProgrammeImportanceWeight::Critical))
}

/// 9.2.2-P3
pub(super) fn approved_by_an_other_person(view: &View) -> Verdicts {
    each(programme(view), |programme| {
        Judgement::needing(programme, &["auditors", "responsible"], || {
            let content = AuditProgramme(programme.content());
            let responsible = content.responsible().get().map(|link| (link.id, "runs it"));
            let auditors = content.auditors().filter_map(|row| row.person()).map(|link| (link.id, "is an auditor in it"));
            let named: Vec<(Id, &str)> = responsible.into_iter().chain(auditors).collect();
            match by_another(programme, ApprovalPurpose::Approve, &named) {
                Ok(given) => Judgement::Shown(vec![programme.subject(), given.entry.subject()]),
                Err(why) => Judgement::Fail(Lapse::of(programme).value("person", why.person).value("defect", why.defect)),
            }
        })
    })
}
