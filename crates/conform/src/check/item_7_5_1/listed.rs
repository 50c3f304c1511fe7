//! What is documented for which item, and whether the list of documents is complete.

use std::collections::{BTreeMap, BTreeSet};

use vouch_record::Id;
use vouch_record::kind::Kind;
use vouch_record::kind::generated::control_applicability::ControlApplicability;
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::shared::ControlDecision;
use vouch_record::kind::generated::statement_of_applicability::StatementOfApplicability;

use crate::check::controlled::{in_force, missing};
use crate::framework::{ISO42001, Item, Need};
use crate::readiness::Depth;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Subject, View};

/// What the list of documents says about each.
const LISTED: [(&str, &str); 4] = [
    ("requirements", "item that it serves"),
    ("owner", "owner"),
    ("review_by", "day of review"),
    ("classification", "classification"),
];

/// 7.5.1-D1
pub(super) fn something_documented_stands_behind_each(view: &View) -> Verdicts {
    let applied = applied(view);
    let asks = |item: &&Item| item.required == Need::Explicit && (!item.is_control() || applied.contains(item.id.as_str()));
    let documents = documents(view);
    let mut verdicts = Verdicts::default();
    let mut asked = 0;
    for item in view.frameworks().items().iter().filter(asks) {
        asked += 1;
        match documents.get(item.id.as_str()).or_else(|| records(view, &item.id)) {
            Some(subjects) => verdicts.passed.extend(subjects),
            None => verdicts.failed.push(Lapse::of_organisation().value("requirement", format!("{} {}", item.id, item.title))),
        }
    }
    verdicts.passed.sort_unstable();
    verdicts.passed.dedup();
    verdicts.among(asked)
}

/// The controls that a decision in force applies: a row of the statement of applicability, or a decision approved since.
fn applied(view: &View) -> BTreeSet<&str> {
    let statement = view.statement();
    let rows = statement.into_iter().flat_map(|entry| StatementOfApplicability(entry.content()).rows());
    let rows = rows.filter(|row| row.decision() == Some(ControlDecision::Applied)).filter_map(|row| row.control());
    let decided = view.live(ControlApplicability::KIND).map(|entry| ControlApplicability(entry.content()));
    let decided = decided.filter(|one| one.decision().is(ControlDecision::Applied)).filter_map(|one| one.control().get());
    let named = rows.chain(decided).filter(|named| named.framework == ISO42001).map(|named| named.item);
    named.filter(|control| !view.is_excluded(control)).collect()
}

/// The documents in force for each item that they list.
fn documents(view: &View) -> BTreeMap<&str, Vec<Subject>> {
    let mut first: BTreeMap<&str, Vec<Subject>> = BTreeMap::new();
    for document in in_force(view) {
        for named in Document(document.content()).requirements().filter(|named| named.framework == ISO42001) {
            first.entry(named.item).or_default().push(document.subject());
        }
    }
    first
}

/// The live records that prove an item at depth documented, of the first kind that has some. A document counts for what it lists only.
fn records<'v>(view: &'v View, item: &str) -> Option<&'v Vec<Subject>> {
    let proves = |kind: &Kind| kind.proves.iter().any(|of| of.depth == Depth::Documented.word() && of.requirement == item);
    let kinds = view.kinds().iter().filter(|kind| kind.name != Document::KIND && proves(kind));
    // Kept kind by kind, so that after a write those of its own kind are gathered again and no others.
    let live = |kind: &'v Kind| {
        view.keep(Id::new(&kind.prefix, 1), "7.5.1.live", || view.live(&kind.name).map(|record| record.subject()).collect())
    };
    kinds.map(|kind| live(kind)).find(|records: &&Vec<Subject>| !records.is_empty())
}

/// 7.5.1-D2
pub(super) fn master_list_is_complete(view: &View) -> Verdicts {
    each(in_force(view), |document| {
        Judgement::needing(document, &LISTED.map(|(field, _)| field), || {
            let owner = Document(document.content()).owner().get();
            let left = owner.filter(|link| !view.is_active(link.id)).map(|_| "active owner".to_owned());
            match missing(document, &LISTED).into_iter().chain(left).reduce(|all, one| format!("{all}, {one}")) {
                None => Judgement::Pass,
                Some(missing) => Judgement::Fail(Lapse::of(document).value("document", document.label()).value("missing", missing)),
            }
        })
    })
}
