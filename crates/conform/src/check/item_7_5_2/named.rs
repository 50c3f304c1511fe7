//! Who approves documents, and what identifies each.

use vouch_record::kind::generated::document::Document;

use crate::check::controlled::{in_force, missing};
use crate::derived::role::holders_on;
use crate::shape::{Judgement, Lapse, Verdicts, each, standing_document};
use crate::view::{Entry, View};

/// What identifies a document.
const IDENTIFIED: [(&str, &str); 6] = [
    ("version", "version"),
    ("language", "language"),
    ("authors", "authors"),
    ("approver", "approver"),
    ("classification", "classification"),
    ("effective_from", "first day"),
];

/// 7.5.2-D1
pub(super) fn rules_say_who_approves(view: &View) -> Verdicts {
    let mut rules = standing_document(view.procedures("", "7.5.2"), "reason");
    for lapse in &mut rules.failed {
        lapse.values.push(("document", "documents".to_owned()));
    }
    let approved = view.all(Document::KIND).filter(|document| document.is("approved"));
    rules.and(each(approved, |document| {
        Judgement::needing(document, &["approver"], || match unnamed(document) {
            None => Judgement::Pass,
            Some(reason) => Judgement::Fail(Lapse::of(document).value("document", document.label()).value("reason", reason)),
        })
    }))
}

/// Why nobody can approve a document.
fn unnamed(document: Entry<'_>) -> Option<String> {
    let Some(role) = document.linked("approver") else { return Some("it names no role that approves it".to_owned()) };
    if !role.is("approved") {
        return Some(format!("{} is not approved", role.label()));
    }
    holders_on(role).is_empty().then(|| format!("nobody holds {}", role.label()))
}

/// 7.5.2-D2
pub(super) fn documents_are_identified(view: &View) -> Verdicts {
    each(in_force(view), |document| {
        Judgement::needing(document, &IDENTIFIED.map(|(field, _)| field), || match missing(document, &IDENTIFIED) {
            None => Judgement::Pass,
            Some(missing) => Judgement::Fail(Lapse::of(document).value("document", document.label()).value("missing", missing)),
        })
    })
}
