//! Whether old texts are out of use, and whether closed ones are closed.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::document::{Document, DocumentClassification};
use vouch_record::kind::generated::evidence::{Evidence, EvidenceShows};

use crate::check::bearing::{is_of, lists};
use crate::check::controlled::{Edition, editions, in_force};
use crate::derived::document::naming;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long an old revision may still be named.
const GRACE_DAYS: i64 = 14;
/// How often access is tried.
const TRY_DAYS: i64 = 365;

/// 7.5.3-O2
pub(super) fn old_revisions_are_out_of_use(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.all(Document::KIND), |document| {
        let editions = editions(document);
        let mut lapses = Vec::new();
        let mut named_at_all = false;
        for named in naming(document) {
            let on = view.day(named.since);
            if !window.has(on) {
                continue;
            }
            named_at_all = true;
            let ended = ended_on(document, &editions, named.revision);
            if ended.is_some_and(|ended| ended.saturating_add(GRACE_DAYS.days()) < on) {
                let lapse = Lapse::of(named.source).value("record", named.source.label()).value("date", on);
                lapses.push(lapse.value("old", named.revision).value("document", document.label()));
            }
        }
        if named_at_all {
            Judgement::of(lapses)
        } else {
            Judgement::Skip("no record of the window names a revision of it".to_owned())
        }
    })
}

/// The day on which a revision ceased to hold: a later one came into force in which something else stands, or the document was
/// withdrawn.
fn ended_on(document: Entry<'_>, editions: &[Edition<'_>], revision: u32) -> Option<Date> {
    let later = editions.iter().find(|one| one.revision() > revision && !document.covers(revision, one.revision()));
    let withdrawn = document.is("withdrawn").then(|| Document(document.content()).effective_to().get()).flatten();
    later.map(|one| one.days.from).into_iter().chain(withdrawn).min()
}

/// 7.5.3-O3
pub(super) fn restricted_documents_are_closed(view: &View) -> Verdicts {
    let Some(year) = view.last_days(TRY_DAYS) else { return Verdicts::holds() };
    let restricted = |document: &Entry<'_>| Document(document.content()).classification().is(DocumentClassification::Restricted);
    each(in_force(view).filter(restricted), |document| {
        let tried: Vec<Entry<'_>> = document
            .incoming(Evidence::KIND, "about")
            .filter(|one| one.is("reviewed") && lists(*one, "7.5.3") && Evidence(one.content()).shows().is(EvidenceShows::Conforms))
            .collect();
        if let Some(recent) = tried.iter().find(|one| is_of(**one, year)) {
            return Judgement::Shown(vec![document.subject(), recent.subject()]);
        }
        let since = editions(document).iter().map(|one| one.days.from).min().unwrap_or(view.today());
        let since = view.first_scope_on().map_or(since, |first| since.max(first));
        if since.saturating_add(TRY_DAYS.days()) >= view.today() {
            return Judgement::Skip("in force for less than a year".to_owned());
        }
        let last = tried.iter().filter_map(|one| Evidence(one.content()).covers_to().get()).max().unwrap_or(since);
        Judgement::Fail(Lapse::of(document).value("document", document.label()).value("date", last))
    })
}
