//! Whether each edition was approved before it was in force, by who may, and what shows approvals taken over from before.

use vouch_record::kind::generated::approval::ApprovalSignIn;
use vouch_record::kind::generated::document::{Document, DocumentTemplate};
use vouch_record::kind::generated::evidence::Evidence;

use crate::check::controlled::{Edition, approving, editions, in_force};
use crate::check::holder::held;
use crate::check::wording::called;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// Templates whose documents top management approves, whatever role they name.
const OF_TOP: [DocumentTemplate; 3] = [DocumentTemplate::TAIPOLICY, DocumentTemplate::TSCOPE, DocumentTemplate::TMANUAL];

/// 7.5.2-O1
pub(super) fn approved_before_in_force(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.all(Document::KIND), |document| {
        let editions: Vec<Edition<'_>> = editions(document).into_iter().filter(|one| one.days.and(window).is_some()).collect();
        if editions.is_empty() {
            return Judgement::Skip("not in force in the window".to_owned());
        }
        Judgement::needing(document, &["approver", "effective_from"], || {
            let lapse = |edition: &Edition<'_>| {
                let defect = defect(document, edition)?;
                let from = edition.effective.unwrap_or(edition.days.from);
                let lapse = Lapse::of(document).value("revision", edition.revision()).value("document", document.label());
                Some(lapse.value("date", from).value("defect", defect).over(edition.days))
            };
            Judgement::of(editions.iter().filter_map(lapse).collect())
        })
    })
}

/// Why an edition was not in force rightly; nothing when one of its approvals counts.
fn defect(document: Entry<'_>, edition: &Edition<'_>) -> Option<String> {
    let mut last = None;
    for given in &edition.approvals {
        last = Some(unfit(document, edition, given)?);
    }
    Some(last.unwrap_or_else(|| "without an approval".to_owned()))
}

/// Why an approval does not count for an edition.
fn unfit(document: Entry<'_>, edition: &Edition<'_>, given: &Given<'_>) -> Option<String> {
    if !given.counts_as_proof() {
        return Some("by an approval taken over from before that nothing shows".to_owned());
    }
    if edition.effective.is_some_and(|from| given.on() > from) {
        return Some(format!("and was approved only on {}", given.on()));
    }
    let content = Document(document.content());
    let of_top = content.template().get().is_some_and(|template| OF_TOP.contains(&template));
    let role = document.linked("approver");
    let may = given.by().is_some_and(|by| {
        role.is_some_and(|role| held(role, by, given.on())) || (of_top && document.view().directed_on(by, given.on()))
    });
    (!may).then(|| {
        let role = role.map_or_else(|| "a role that approves it".to_owned(), |role| role.label());
        format!("and was approved by {}, who did not hold {role} on that day", called(document.view(), given.by()))
    })
}

/// 7.5.2-P3
pub(super) fn taken_over_approvals_are_shown(view: &View) -> Verdicts {
    each(in_force(view), |document| {
        let imported: Vec<Given<'_>> = approving(document)
            .into_iter()
            .filter(|given| given.entry.is("given") && given.approval.sign_in().is(ApprovalSignIn::Imported))
            .collect();
        let Some(last) = imported.last() else { return Judgement::Skip("no approval was taken over".to_owned()) };
        let unshown = imported.iter().any(|given| shown_by(given).is_none());
        let shown = shown_by(last).map(|proof| proof.subject());
        match shown.filter(|_| !unshown) {
            Some(proof) => Judgement::Shown(vec![document.subject(), proof]),
            None => Judgement::Fail(Lapse::of(document).value("document", document.label())),
        }
    })
}

/// The reviewed proof that covers the day on which an approval was given by its own words.
fn shown_by<'v>(given: &Given<'v>) -> Option<Entry<'v>> {
    let view = given.entry.view();
    let on = given.approval.at().get().map_or(given.on(), |at| view.day(at));
    given.entry.links("proof").filter(|proof| proof.is("reviewed")).find(|proof| {
        let content = Evidence(proof.content());
        content.covers_from().get().is_some_and(|from| from <= on) && content.covers_to().get().is_some_and(|to| on <= to)
    })
}
