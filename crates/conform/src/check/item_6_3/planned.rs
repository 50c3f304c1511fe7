//! How changes of the management system are planned, and whether new versions came from one.

use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::change::Change;
use vouch_record::kind::generated::committee::Committee;
use vouch_record::kind::generated::document::{Document, DocumentType};
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::scope::Scope;
use vouch_record::time::parse_date;

use crate::check::approving::approvals_into;
use crate::derived::change::{aims_change, decided_on};
use crate::derived::in_force;
use crate::framework::ISO42001;
use crate::shape::{Judgement, Lapse, Verdicts, each, stands};
use crate::view::{Entry, View};

/// Template of the procedure for changes.
const TEMPLATE: &str = "T-CHANGE";
/// This item.
const ITEM: &str = "6.3";

/// The changes of the management system.
pub(super) fn changes(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(Change::KIND).filter(|change| aims_change(*change))
}

/// 6.3-D1
pub(super) fn procedure_stands(view: &View) -> Verdicts {
    let mut defect = "there is none".to_owned();
    let mut verdicts = Verdicts::holds();
    let lists = |one: &Entry<'_>| {
        let content = Document(one.content());
        let named = || content.requirements().any(|named| named.framework == ISO42001 && named.item == ITEM);
        content.type_().is(DocumentType::Procedure) && named()
    };
    for one in view.all(Document::KIND).filter(lists) {
        match stands(one) {
            Err(why) => defect = why,
            Ok(()) if one.text("template") == Some(TEMPLATE) || a_process_is_for_changes(view) => {
                verdicts.passed.push(one.subject())
            }
            Ok(()) => defect = format!("{} follows no template for changes, and no process of the manual is for them", one.label()),
        }
    }
    if verdicts.passed.is_empty() {
        verdicts.failed.push(Lapse::of_organisation().value("defect", defect));
    }
    verdicts
}

/// Whether a process row of a document in force lists the item and leaves changes.
fn a_process_is_for_changes(view: &View) -> bool {
    view.all(Document::KIND).filter(|one| in_force(*one)).any(|one| {
        Document(one.content()).processes().any(|row| {
            let leaves = row.kinds().unwrap_or_default().split([',', ';']).any(|kind| kind.trim() == Change::KIND);
            leaves && row.requirements().any(|named| named.framework == ISO42001 && named.item == ITEM)
        })
    })
}

/// 6.3-D2
pub(super) fn changes_are_thought_through(view: &View) -> Verdicts {
    let asked = changes(view).filter(|change| change.is_any(&["submitted", "approved", "implemented", "reviewed"]));
    each(asked, |change| {
        Judgement::needing(change, &["purpose", "consequences", "resources", "keeps_whole"], || {
            let content = Change(change.content());
            let asked = [
                ("what it is for", content.purpose().is_filled()),
                ("what follows from it", content.consequences().is_filled()),
                ("the means it needs", content.resources().is_filled()),
                ("how the system stays whole", content.keeps_whole().is_filled()),
            ];
            let missing: Vec<&str> = asked.into_iter().filter(|(_, there)| !there).map(|(what, _)| what).collect();
            Judgement::when(missing.is_empty(), || Lapse::of(change).value("missing", missing.join(", ")))
        })
    })
}

/// 6.3-O1
pub(super) fn new_versions_were_planned(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let policies = view.all(Document::KIND).filter(|one| Document(one.content()).type_().is(DocumentType::Policy));
    let all = view.all(Scope::KIND).chain(policies).chain(view.all(RiskMethod::KIND)).chain(view.all(Committee::KIND));
    each(all, |record| {
        let Some(on) = record.entered("approved").filter(|on| window.has(*on)) else {
            return Judgement::Skip("no version of it was approved in the window".to_owned());
        };
        let before = earlier_versions(record);
        let only_reviewed = || {
            let given = approvals_into(record, "approved");
            !given.is_empty() && given.iter().all(|given| given.approval.purpose().is(ApprovalPurpose::Review))
        };
        if before.is_empty() || only_reviewed() {
            return Judgement::Skip("its first version, or only a review".to_owned());
        }
        let from = begins(record).unwrap_or(on);
        let planned = before.iter().filter_map(|id| view.find(*id)).find_map(|version| {
            let naming = version.incoming(Change::KIND, "follow").filter(|change| aims_change(*change));
            naming.into_iter().find(|change| decided_on(*change).is_some_and(|decided| decided <= from))
        });
        match planned {
            Some(change) => Judgement::Shown(vec![record.subject(), change.subject()]),
            None => Judgement::Fail(Lapse::of(record).value("record", record.label()).value("date", on)),
        }
    })
}

/// The record and those it takes over from: itself where an earlier revision was approved, and scopes or methods approved earlier. Empty for a
/// first version.
fn earlier_versions(record: Entry<'_>) -> Vec<Id> {
    let approvals = record.transitions().filter(|leaf| leaf.state.as_ref() == "approved").count();
    let Some(last) = record.entry_into("approved") else { return Vec::new() };
    let versions = [Scope::KIND, RiskMethod::KIND].contains(&record.kind().name.as_str());
    let others = record.view().all(&record.kind().name).filter(|other| versions && other.id() != record.id());
    let earlier =
        others.filter(|other| other.leaves().iter().any(|leaf| leaf.state.as_ref() == "approved" && leaf.time < last.time));
    let mut found: Vec<Id> = earlier.map(|other| other.id()).collect();
    if approvals > 1 || !found.is_empty() {
        found.push(record.id());
    }
    found
}

/// The day from which the version read is in force.
fn begins(record: Entry<'_>) -> Option<Date> {
    ["valid_from", "effective_from"].into_iter().find_map(|field| record.text(field).and_then(parse_date))
}
