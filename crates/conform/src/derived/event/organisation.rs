//! What changes around and inside the organisation: law, issues, strategy, entities.

use vouch_record::Id;
use vouch_record::kind::generated::context_issue::{ContextIssue, ContextIssueCategory, ContextIssueRelevant};
use vouch_record::kind::generated::document::DocumentReviewTrigger;
use vouch_record::kind::generated::finding::{Finding, FindingGrade};
use vouch_record::kind::generated::obligation::{Obligation, ObligationApplies};
use vouch_record::kind::generated::shared::ReassessmentTrigger;

use super::{Event, Trigger, push};
use crate::view::{Entry, View};

pub(super) fn of_organisation(view: &View, found: &mut Vec<Event>) {
    for obligation in view.live(Obligation::KIND) {
        of_obligation(obligation, found);
    }
    for issue in view.live(ContextIssue::KIND) {
        of_issue(issue, found);
    }
    for finding in view.live(Finding::KIND) {
        of_finding(finding, found);
    }
    if let Some(organisation) = view.organisation() {
        of_record(organisation, found);
    }
}

/// A source of a duty that applies changed, on the day it was noticed.
fn of_obligation(entry: Entry<'_>, found: &mut Vec<Event>) {
    let obligation = Obligation(entry.content());
    if obligation.applies().is(ObligationApplies::No) {
        return;
    }
    let systems: Vec<Id> = obligation.ai_systems().map(|link| link.id).collect();
    let triggers: [Trigger; 2] = [ReassessmentTrigger::RegulatoryChange.into(), DocumentReviewTrigger::LawChange.into()];
    for on in obligation.source_changes().filter_map(|row| row.noticed_on().or(row.on())) {
        push(found, entry, on, systems.clone(), triggers);
    }
}

/// An issue that matters was seen.
fn of_issue(entry: Entry<'_>, found: &mut Vec<Event>) {
    let issue = ContextIssue(entry.content());
    let Some(on) = issue.seen_on().get() else { return };
    if !issue.relevant().is(ContextIssueRelevant::Yes) {
        return;
    }
    let mut triggers: Vec<Trigger> = vec![ReassessmentTrigger::ContextChange.into()];
    match issue.category().get() {
        Some(ContextIssueCategory::Strategy) => triggers.push(DocumentReviewTrigger::StrategyChange.into()),
        Some(ContextIssueCategory::Technology) => triggers.push(DocumentReviewTrigger::TechnologyChange.into()),
        Some(ContextIssueCategory::Structure) => triggers.push(DocumentReviewTrigger::OrganisationChange.into()),
        _ => {}
    }
    push(found, entry, on, issue.ai_systems().map(|link| link.id).collect(), triggers);
}

/// A major finding of any audit.
fn of_finding(entry: Entry<'_>, found: &mut Vec<Event>) {
    let finding = Finding(entry.content());
    if let (true, Some(on)) = (finding.grade().is(FindingGrade::Major), finding.raised_at().get()) {
        push(found, entry, on, finding.ai_systems().map(|link| link.id).collect(), [DocumentReviewTrigger::MajorFinding.into()]);
    }
}

/// A revision of the organisation that changed its purpose, or its entities, units and sites.
fn of_record(entry: Entry<'_>, found: &mut Vec<Event>) {
    let revisions: Vec<_> = entry.revisions().collect();
    for pair in revisions.windows(2) {
        // What is filled for the first time was there before.
        let differs = |field: &str| pair[0].body.get(field).is_some_and(|then| pair[1].body.get(field) != Some(then));
        let mut triggers: Vec<Trigger> = Vec::new();
        if differs("purpose") {
            triggers.push(DocumentReviewTrigger::StrategyChange.into());
        }
        if ["legal_entities", "units", "sites"].into_iter().any(differs) {
            triggers.push(DocumentReviewTrigger::OrganisationChange.into());
        }
        push(found, entry, entry.view().day(pair[1].time), Vec::new(), triggers);
    }
}
