//! Whether controls are still carried out as the statement in force says.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::nonconformity::Nonconformity;
use vouch_record::kind::generated::shared::ControlDecision;
use vouch_record::kind::generated::statement_of_applicability::{StatementOfApplicability, StatementOfApplicabilityRowRow};
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::time::days_between;

use super::decided::control_called;
use crate::derived::control_applicability::{Implementation, implementation, reaches};
use crate::readiness;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long after a control fell the lapse may stay unrecorded.
const NOTICED_DAYS: i64 = 30;
/// From how many controls on that do not operate a statement does not match reality.
const MANY: usize = 4;

/// A row that calls a control operating or proven.
struct Stated<'v> {
    applicability: Entry<'v>,
    stated: Implementation,
    applied: bool,
}

/// The rows of the statement that say of a control that it operates.
fn operating_rows(statement: Entry<'_>) -> Vec<Stated<'_>> {
    let read = |row: StatementOfApplicabilityRowRow<'_>| {
        let id = row.implementation()?.id();
        let stated = Implementation::ALL.into_iter().find(|one| one.id() == id)?;
        let applicability = statement.view().get(row.applicability()?.id)?;
        let applied = row.decision() == Some(ControlDecision::Applied);
        (stated >= Implementation::Operating).then_some(Stated { applicability, stated, applied })
    };
    StatementOfApplicability(statement.content()).rows().filter_map(read).collect()
}

/// 6.1.3-O4
pub(super) fn fallen_controls_were_noticed(view: &View) -> Verdicts {
    let Some(statement) = view.statement() else { return Verdicts::holds() };
    let frozen = StatementOfApplicability(statement.content()).frozen_at().get().map_or(view.today(), |at| view.day(at));
    let rows = operating_rows(statement);
    let mut verdicts = Verdicts::holds();
    for row in &rows {
        let Some(now) = implementation(row.applicability) else {
            verdicts.undecided.push((row.applicability.subject(), "its rules are being judged".to_owned()));
            continue;
        };
        if now >= row.stated {
            verdicts.note(row.applicability, Judgement::Pass);
            continue;
        }
        // Who notices in the first days after freezing does so in time on whatever day it fell, which then need not be found.
        let early = noticed(row.applicability, frozen, frozen.saturating_add(NOTICED_DAYS.days()));
        let fell = if early { frozen } else { fell_on(row, frozen) };
        let last = fell.saturating_add(NOTICED_DAYS.days());
        let judgement = if early || noticed(row.applicability, frozen, last) {
            Judgement::Pass
        } else if view.today() <= last {
            Judgement::Skip(format!("in time until {last}"))
        } else {
            let lapse = Lapse::of(row.applicability).value("control", control_called(row.applicability));
            Judgement::Fail(lapse.value("stated", row.stated.id()).value("computed", now.id()).value("date", fell))
        };
        verdicts.note(row.applicability, judgement);
    }
    verdicts
}

/// The first day of the stretch up to today on which the control was carried out less far than stated: halving the time since it was
/// frozen, as if it fell once.
fn fell_on(row: &Stated<'_>, frozen: Date) -> Date {
    // What keeps the control from it today most likely did so on earlier days.
    let control = ControlApplicability(row.applicability.content()).control().get();
    let suspects = control.map_or_else(Vec::new, |control| readiness::failing(row.applicability.view(), control.item));
    let holds = |day: Date| row.applicability.on(day).is_some_and(|then| reaches(then, row.stated, &suspects));
    let (mut good, mut bad) = (frozen, row.applicability.view().today());
    if !holds(good) {
        return frozen;
    }
    while days_between(good, bad) > 1 {
        let middle = good.saturating_add((days_between(good, bad) / 2).days());
        if holds(middle) { good = middle } else { bad = middle }
    }
    bad
}

/// Whether a nonconformity that names the control, or a treatment that uses it, was made from freezing on by the last day.
fn noticed(applicability: Entry<'_>, frozen: Date, last: Date) -> bool {
    let made = |record: &Entry<'_>| frozen <= record.created_on() && record.created_on() <= last;
    let control = ControlApplicability(applicability.content()).control().get();
    let names = |record: &Entry<'_>| {
        control.is_some_and(|control| {
            Nonconformity(record.content())
                .requirements()
                .any(|named| named.framework == control.framework && named.item == control.item)
        })
    };
    let raised = || applicability.view().all(Nonconformity::KIND).filter(made).any(|record| names(&record));
    applicability.incoming(Treatment::KIND, "controls").any(|treatment| made(&treatment)) || raised()
}

/// 6.1.3-O5
pub(super) fn statement_matches_reality(view: &View) -> Verdicts {
    each(view.statement(), |statement| {
        let low = |row: &Stated<'_>| {
            row.applied && implementation(row.applicability).is_some_and(|now| now <= Implementation::Documented)
        };
        let fallen: Vec<Id> = operating_rows(statement).iter().filter(|row| low(row)).map(|row| row.applicability.id()).collect();
        Judgement::when(fallen.len() < MANY, || Lapse::of(statement).value("n", fallen.len()))
    })
}
