//! Whether samples can be drawn again, and reports reached those who have to act.

use jiff::ToSpan;
use vouch_record::Value;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::organisation::{Organisation, OrganisationUnitRow};

use crate::check::audited::internal_in;
use crate::check::wording::called;
use crate::check::written::first_written;
use crate::derived::audit::{Redrawn, redrawn};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long a report may take to reach the managers.
const HAND_OVER_DAYS: i64 = 30;

/// 9.2.2-O3
pub(super) fn reports_reached_the_managers(view: &View) -> Verdicts {
    each(internal_in(view, view.window()), |audit| {
        Judgement::needing(audit, &["areas", "distributed_to"], || {
            let content = Audit(audit.content());
            let Some(reported) = content.reported_at().get() else {
                return Judgement::Undecided("it has no day of its report".to_owned());
            };
            let due = reported.saturating_add(HAND_OVER_DAYS.days());
            let areas = content.areas().get().unwrap_or_default();
            let then = view.organisation().and_then(|organisation| organisation.on(reported.min(view.today())));
            let units = then.into_iter().flat_map(|organisation| Organisation(organisation.content()).units());
            let audited: Vec<OrganisationUnitRow<'_>> = units.filter(|unit| is_named(areas, unit)).collect();
            let got = |unit: &&OrganisationUnitRow<'_>| {
                let head = unit.head().map(|link| link.id);
                content
                    .distributed_to()
                    .any(|row| row.at().is_some_and(|at| at <= due) && head.is_some() && row.person().map(|link| link.id) == head)
            };
            let missed = |manager: String| Lapse::of(audit).value("audit", audit.label()).value("manager", manager);
            let lapses: Vec<Lapse> = if audited.is_empty() {
                vec![missed("the manager of an area, since it names none".to_owned())]
            } else {
                let head = |unit: &OrganisationUnitRow<'_>| match unit.head() {
                    Some(head) => called(view, Some(head.id)),
                    None => format!("anybody in {}, which has no head", unit.code().or(unit.name()).unwrap_or_default()),
                };
                audited.iter().filter(|unit| !got(unit)).map(|unit| missed(head(unit))).collect()
            };
            if !lapses.is_empty() && due >= view.today() {
                return Judgement::Skip(format!("it can be handed over until {due}"));
            }
            Judgement::of(lapses)
        })
    })
}

/// Whether the areas name a unit by its code or its name.
fn is_named(areas: &str, unit: &OrganisationUnitRow<'_>) -> bool {
    let coded = unit.code().is_some_and(|code| areas.split(|c: char| !c.is_alphanumeric() && c != '-').any(|word| word == code));
    coded || unit.name().is_some_and(|name| !name.is_empty() && areas.to_lowercase().contains(&name.to_lowercase()))
}

/// 9.2.2-P2
pub(super) fn samples_can_be_drawn_again(view: &View) -> Verdicts {
    each(internal_in(view, view.window()), |audit| {
        Judgement::needing(audit, &["samples", "checkpoint", "auditor_word"], || {
            let lapse = |item: Option<&str>, defect: &str| {
                let requirement = item.unwrap_or("no item");
                Lapse::of(audit).value("audit", audit.label()).value("requirement", requirement).value("defect", defect)
            };
            let all = |defect: &str| Judgement::Fail(lapse(Some("any item"), defect));
            let Some(rows) = redrawn(audit) else { return all("checkpoint, word or the days looked at are missing") };
            if rows.is_empty() {
                return all("it has none");
            }
            if !published_before_the_word(audit) {
                return all("the checkpoint was not there before the word");
            }
            let claimed: Vec<&Redrawn<'_>> = rows.iter().filter(|row| row.claims).collect();
            if let Some(other) = claimed.iter().find(|row| row.same == Some(false)) {
                return Judgement::Fail(lapse(other.item, "other records come"));
            }
            let drawn = rows.iter().any(|row| row.same == Some(true));
            let unknown = rows.iter().find(|row| row.same.is_none() && (row.claims || !drawn));
            match unknown.map(|row| row.item) {
                Some(Some(item)) => Judgement::Undecided(format!("{item} has no rules to draw from")),
                _ if drawn => Judgement::Pass,
                _ => Judgement::of(rows.iter().map(|row| lapse(row.item, "other records come")).collect()),
            }
        })
    })
}

/// Whether the checkpoint was written down before the word was, and does not hold the word itself.
fn published_before_the_word(audit: Entry<'_>) -> bool {
    let filled = |value: &Value| value.as_text().is_some_and(|text| !text.is_empty());
    let first = |field: &str| first_written(audit, field, filled);
    let (Some(checkpoint), Some(word)) = (first("checkpoint"), first("auditor_word")) else { return false };
    // A checkpoint is a note of three lines: the name of the log, its size, its root (C2SP tlog-checkpoint).
    let text = Audit(audit.content()).checkpoint().get().unwrap_or_default();
    let size: Option<u64> = text.lines().nth(1).and_then(|line| line.trim().parse().ok());
    checkpoint.seq < word.seq && size.is_none_or(|size| size <= word.seq)
}
