//! Changes, planned and found, here and at suppliers.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::change::{Change, ChangeAnswerQuestion, ChangeWhat};
use vouch_record::kind::generated::release::{Release, ReleaseType};
use vouch_record::kind::generated::shared::{Answer, ReassessmentTrigger};
use vouch_record::kind::generated::supplier::{Supplier, SupplierChangesSeenWhat};

use super::{Event, Trigger, push};
use crate::derived;
use crate::view::{Entry, View};

pub(super) fn of_changes(view: &View, found: &mut Vec<Event>) {
    for change in view.live(Change::KIND) {
        of_change(change, found);
    }
    for release in view.live(Release::KIND) {
        of_release(release, found);
    }
    for supplier in view.all(Supplier::KIND) {
        of_supplier(supplier, found);
    }
}

/// The day on which a change touches what it changes: when it took effect, else when it was decided.
fn touched_on(entry: Entry<'_>) -> Option<Date> {
    let change = Change(entry.content());
    change.implemented_on().get().or_else(|| change.happened_on().get()).or_else(|| derived::change::decided_on(entry))
}

fn of_change(entry: Entry<'_>, found: &mut Vec<Event>) {
    let change = Change(entry.content());
    let Some(on) = touched_on(entry) else { return };
    let mut triggers: Vec<Trigger> = Vec::new();
    if derived::change::significant(entry) {
        triggers.push(ReassessmentTrigger::SignificantChange.into());
    }
    let answered = |question| {
        change.answers().any(|row| row.question() == Some(question) && matches!(row.answer(), Some(Answer::Yes | Answer::Unclear)))
    };
    let of_question = [
        (ChangeAnswerQuestion::Purpose, ReassessmentTrigger::IntendedUseChange),
        (ChangeAnswerQuestion::Data, ReassessmentTrigger::NewDataSource),
        (ChangeAnswerQuestion::Place, ReassessmentTrigger::NewJurisdiction),
        (ChangeAnswerQuestion::People, ReassessmentTrigger::ScaleChange),
        (ChangeAnswerQuestion::Law, ReassessmentTrigger::RegulatoryChange),
    ];
    triggers.extend(of_question.into_iter().filter(|(question, _)| answered(*question)).map(|(_, trigger)| Trigger::from(trigger)));
    if change.what().has_any(&[ChangeWhat::Supplier]) && answered(ChangeAnswerQuestion::Model) {
        triggers.push(ReassessmentTrigger::SupplierModelChange.into());
    }
    let systems: Vec<Id> = change.ai_systems().map(|link| link.id).collect();
    // A change of the management system alone touches no system.
    if !systems.is_empty() {
        push(found, entry, on, systems, triggers);
    }
}

fn of_release(entry: Entry<'_>, found: &mut Vec<Event>) {
    let release = Release(entry.content());
    let (Some(at), Some(system)) = (release.deployed_at().get(), release.ai_system().get()) else { return };
    if release.type_().is(ReleaseType::SupplierModel) {
        push(found, entry, entry.view().day(at), vec![system.id], [ReassessmentTrigger::SupplierModelChange.into()]);
    }
}

fn of_supplier(entry: Entry<'_>, found: &mut Vec<Event>) {
    for row in Supplier(entry.content()).changes_seen() {
        let model = matches!(row.what(), Some(SupplierChangesSeenWhat::ModelVersion | SupplierChangesSeenWhat::ModelEnd));
        let systems: Vec<Id> = row.ai_systems().map(|link| link.id).collect();
        if let (true, Some(on), false) = (model, row.noticed_on(), systems.is_empty()) {
            push(found, entry, on, systems, [ReassessmentTrigger::SupplierModelChange.into()]);
        }
    }
}
