//! The gap list: for each of the 70 requirements what is missing at which depth, who answers for it, by when, and in how many steps.

#[cfg(test)]
mod tests;

use jiff::civil::Date;
use serde::Serialize;
use vouch_record::Id;
use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::milestone::Milestone;
use vouch_record::kind::generated::nonconformity::Nonconformity;
use vouch_record::kind::generated::task::Task;

use crate::as_text;
use crate::derived::is_over;
use crate::framework::{ISO42001, Item};
use crate::readiness::{Answer, Depth, Grade, Missing, Readiness};
use crate::statement::{Named, Row, Statement};
use crate::view::{Entry, View};

/// What is missing for one requirement.
#[derive(Debug, Serialize)]
pub struct Gap {
    /// item of ISO/IEC 42001
    pub requirement: String,
    /// its short title
    pub title: String,
    /// false when it is excluded or nothing is there to judge
    pub applies: bool,
    /// deepest depth at which it is met; nothing if it is met at none
    pub met: Option<Depth>,
    /// why it is not met at the next depth, or not judged
    pub reason: Option<String>,
    /// what is missing, in the order in which it is needed
    pub missing: Vec<Step>,
    /// how many records or parts of records want work
    pub steps: usize,
    /// who answers for it
    pub owner: Owner,
    /// day by which it is promised, from the record named
    pub due: Option<Due>,
}

/// Who answers for a requirement.
#[derive(Debug, Serialize)]
pub struct Owner {
    /// the person: of the control's applicability, else a holder of the role
    pub person: Option<Named>,
    /// role that usually answers for it
    pub role: String,
}

/// By when, and who says so.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Due {
    /// the day
    #[serde(serialize_with = "as_text::one")]
    pub on: Date,
    /// record that holds it
    #[serde(serialize_with = "as_text::one")]
    pub by: Id,
}

/// What one rule wants.
#[derive(Debug, Serialize)]
pub struct Step {
    /// depth it is asked at
    pub depth: Depth,
    /// id of the rule
    pub check: String,
    /// how bad a lapse is
    pub grade: Grade,
    /// the heaviest lapse in a sentence, or what the rule waits for
    pub message: String,
    /// what to do
    pub remedy: String,
    /// kind whose form opens, or `page:name`
    pub act: String,
    /// records to work on, the heaviest first
    #[serde(serialize_with = "as_text::each")]
    pub records: Vec<Id>,
    /// lapses to mend: records or parts of records
    pub steps: usize,
}

/// The gap of each requirement on the view's day, in the order of the standard; those that are met at all depths have nothing missing.
#[must_use]
pub fn gaps(view: &View, readiness: &Readiness, statement: &Statement) -> Vec<Gap> {
    let promised = Promised::of(view);
    let gap = |item: &Item| Some(Gap::of(view, item, readiness.answer(&item.id)?, statement.row(&item.id), &promised));
    view.frameworks().items().iter().filter_map(gap).collect()
}

impl Gap {
    fn of(view: &View, item: &Item, answer: &Answer, row: Option<&Row>, promised: &Promised<'_>) -> Self {
        let missing: Vec<Step> = if answer.applies { answer.missing.iter().map(Step::of).collect() } else { Vec::new() };
        let holders = view.holders(&item.suggested_owner);
        let holder = || holders.first().and_then(|id| view.get(*id)).map(Named::of);
        let due = row.and_then(|row| Some(Due { on: row.due?, by: row.applicability.as_ref()?.id }));
        let open = !missing.is_empty();
        Self {
            requirement: item.id.clone(),
            title: item.title.clone(),
            applies: answer.applies,
            met: Depth::ALL.into_iter().rev().find(|depth| answer.met(*depth)),
            reason: answer.reason.clone(),
            steps: missing.iter().map(|step| step.steps).sum(),
            missing,
            owner: Owner { person: row.and_then(|row| row.owner.clone()).or_else(holder), role: item.suggested_owner.clone() },
            due: if open { due.into_iter().chain(promised.first(&item.id)).min() } else { None },
        }
    }
}

impl Step {
    fn of(missing: &Missing) -> Self {
        let mut records: Vec<Id> = Vec::new();
        for id in missing.lapses.iter().filter_map(|lapse| lapse.subject.map(|subject| subject.id).or(lapse.system)) {
            if !records.contains(&id) {
                records.push(id);
            }
        }
        let said = missing.lapses.first().map(|lapse| lapse.message.clone()).or_else(|| missing.waits_for.clone());
        Self {
            depth: missing.depth,
            check: missing.check.clone(),
            grade: missing.grade,
            message: said.unwrap_or_default(),
            remedy: missing.remedy.clone(),
            act: missing.act.clone(),
            records,
            steps: missing.lapses.len().max(1),
        }
    }
}

/// Open tasks, milestones and corrective actions with a day, by the items they are about.
struct Promised<'v> {
    rows: Vec<(&'v str, Date, Id)>,
}

impl<'v> Promised<'v> {
    fn of(view: &'v View) -> Self {
        let mut rows = Vec::new();
        for entry in view.all(Task::KIND).filter(|entry| !is_over(*entry) && !entry.is_settled()) {
            let task = Task(entry.content());
            rows.extend(named(entry, task.requirements(), task.due().get()));
        }
        for entry in view.all(Milestone::KIND).filter(|entry| !is_over(*entry) && !entry.is_settled()) {
            let milestone = Milestone(entry.content());
            rows.extend(named(entry, milestone.requirements(), milestone.planned_on().get()));
        }
        for action in view.all(CorrectiveAction::KIND).filter(|entry| entry.is_any(&["planned", "doing"])) {
            let due = CorrectiveAction(action.content()).due().get();
            if let Some(nonconformity) = action.linked("nonconformity") {
                rows.extend(named(action, Nonconformity(nonconformity.content()).requirements(), due));
            }
        }
        Self { rows }
    }

    fn first(&self, item: &str) -> Option<Due> {
        self.rows.iter().filter(|(of, _, _)| *of == item).map(|(_, on, by)| Due { on: *on, by: *by }).min()
    }
}

fn named<'v>(
    entry: Entry<'v>,
    requirements: impl Iterator<Item = vouch_record::view::RequirementLink<'v>>,
    due: Option<Date>,
) -> Vec<(&'v str, Date, Id)> {
    let Some(due) = due else { return Vec::new() };
    requirements.filter(|named| named.framework == ISO42001).map(|named| (named.item, due, entry.id())).collect()
}
