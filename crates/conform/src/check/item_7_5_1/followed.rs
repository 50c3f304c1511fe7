//! Whether work follows the documents, and only approved revisions of them.

use vouch_record::kind::generated::acknowledgement::Acknowledgement;
use vouch_record::kind::generated::approval::Approval;
use vouch_record::kind::generated::comment::Comment;
use vouch_record::kind::generated::document::{Document, DocumentType};

use crate::check::controlled::{approving, editions, in_force};
use crate::check::process_row::kinds;
use crate::derived::document::naming;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View, Window};

/// Kinds that speak about a document and are no work by it.
const ABOUT: [&str; 4] = [Approval::KIND, Comment::KIND, Acknowledgement::KIND, Document::KIND];

/// 7.5.1-O2
pub(super) fn procedures_leave_records(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let asked = |document: &Entry<'_>| {
        let sort = Document(document.content()).type_().get();
        matches!(sort, Some(DocumentType::Procedure | DocumentType::Instruction | DocumentType::Form))
    };
    each(in_force(view).filter(asked), |document| {
        let since = editions(document).into_iter().map(|edition| edition.days.from).min();
        if since.is_none_or(|since| since > window.from) {
            return Judgement::Skip("not in force on all days of the window".to_owned());
        }
        Judgement::needing(document, &["processes"], || match follower(document, window) {
            Some(record) => Judgement::Shown(vec![document.subject(), record]),
            None => Judgement::Fail(Lapse::of(document).value("document", document.label()).over(window)),
        })
    })
}

/// A record of the window that names the document, or is of a kind by which the document says that its processes show.
fn follower(document: Entry<'_>, window: Window) -> Option<Subject> {
    let view = document.view();
    let made = |entry: &Entry<'_>| entry.revisions().rev().any(|leaf| window.has(view.day(leaf.time)));
    let mut sources = document.linking_any();
    let names = |entry: &Entry<'_>| !ABOUT.contains(&entry.kind().name.as_str()) && made(entry) && entry.names(document.id(), "");
    if let Some(found) = sources.find(names) {
        return Some(found.subject());
    }
    let rows = Document(document.content()).processes();
    let shown = rows.flat_map(|row| kinds(view, row)).find_map(|kind| view.all(&kind.name).find(|entry| made(entry)));
    shown.map(|entry| entry.subject())
}

/// 7.5.1-P1
pub(super) fn nothing_rests_on_an_unapproved_revision(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.all(Document::KIND), |document| {
        let approvals = approving(document);
        let mut found: Vec<Lapse> = Vec::new();
        let mut named_at_all = false;
        for named in naming(document) {
            let at = named.since;
            if !window.has(view.day(at)) {
                continue;
            }
            named_at_all = true;
            let stood = |given: &&crate::view::Given<'_>| given.at() <= at && document.covers(given.revision(), named.revision);
            let exists = document.revisions().any(|leaf| leaf.revision == named.revision);
            if exists && !approvals.iter().any(|given| stood(&given)) {
                let lapse = Lapse::of(named.source).value("record", named.source.label());
                found.push(lapse.value("revision", named.revision).value("document", document.label()));
            }
        }
        if named_at_all {
            Judgement::of(found)
        } else {
            Judgement::Skip("no record of the window names a revision of it".to_owned())
        }
    })
}
