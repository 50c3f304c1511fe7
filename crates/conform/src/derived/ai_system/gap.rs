//! What the life cycle and the duties of a system lack.

use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::Id;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemStaffingDuty, AiSystemStageBasis};
use vouch_record::kind::generated::shared::Stage;

use crate::derived::competence_need;
use crate::view::Entry;

/// A defect in the course through the stages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StageGap {
    /// the stage
    pub stage: Stage,
    /// when it was entered; nothing for one that was skipped
    pub entered_on: Option<Date>,
    /// `no basis`, `no review` or `skipped`
    pub gap: &'static str,
}

/// Begun stages later than concept, entered after the start of the management system (its first approved scope), whose basis is none or
/// whose review is missing; and stages skipped on the way to such a one. Retirement may follow on any stage and skips none.
#[must_use]
pub fn stage_gap(entry: Entry<'_>) -> Vec<StageGap> {
    let view = entry.view();
    let Some(start) = view.first_scope_on() else { return Vec::new() };
    let begun: Vec<_> = AiSystem(entry.content())
        .stages()
        .filter_map(|row| Some((row.stage()?, row.entered_on().filter(|on| *on <= view.today())?, row)))
        .collect();
    let mut gaps = Vec::new();
    for (stage, on, row) in begun.iter().filter(|(stage, on, _)| *stage > Stage::Concept && *on > start) {
        let gap = match row.basis() {
            None | Some(AiSystemStageBasis::None) => "no basis",
            Some(_) if row.review().is_none() => "no review",
            Some(_) => continue,
        };
        gaps.push(StageGap { stage: *stage, entered_on: Some(*on), gap });
    }
    let furthest = begun.iter().filter(|(stage, on, _)| *stage < Stage::Retired && *on > start).map(|(stage, ..)| *stage).max();
    let passed = Stage::ALL.into_iter().filter(|stage| *stage > Stage::Concept && Some(*stage) < furthest);
    gaps.extend(passed.filter(|stage| begun.iter().all(|(there, ..)| there != stage)).map(|stage| StageGap {
        stage,
        entered_on: None,
        gap: "skipped",
    }));
    gaps
}

/// A duty that is not done by enough able people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StaffingGap {
    /// the duty
    pub duty: AiSystemStaffingDuty,
    /// how many are needed
    pub needed: Option<Decimal>,
    /// how many of the named are there
    pub there: Decimal,
    /// the person, where the gap is one's
    pub person: Option<Id>,
    /// `too few`, `left` or `not competent`
    pub gap: &'static str,
}

/// Duties for which people are fewer than needed (those of a supplier are not counted), left, or without a training record or evidence
/// in date for the competence need.
#[must_use]
pub fn staffing_gap(entry: Entry<'_>) -> Vec<StaffingGap> {
    let view = entry.view();
    let mut gaps = Vec::new();
    for row in AiSystem(entry.content()).staffing() {
        let Some(duty) = row.duty() else { continue };
        let named = row.people().map(|link| link.id);
        let (left, there): (Vec<Id>, Vec<Id>) = named.partition(|id| view.get(*id).is_none_or(|person| person.is("left")));
        let gap = StaffingGap { duty, needed: row.needed(), there: Decimal::from(there.len()), person: None, gap: "too few" };
        if row.supplier().is_none() && row.needed().is_some_and(|needed| gap.there < needed) {
            gaps.push(gap);
        }
        gaps.extend(left.into_iter().map(|person| StaffingGap { person: Some(person), gap: "left", ..gap }));
        if let Some(need) = row.competence_need().and_then(|link| view.get(link.id)) {
            let unable = there.into_iter().filter(|person| !competence_need::is_met(need, *person));
            gaps.extend(unable.map(|person| StaffingGap { person: Some(person), gap: "not competent", ..gap }));
        }
    }
    gaps
}
