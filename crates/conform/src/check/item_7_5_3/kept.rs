//! How long documents are kept, and what happens then.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Leaf;
use vouch_record::kind::generated::document::{Document, DocumentDisposal};
use vouch_record::state::Action;
use vouch_record::time::after;

use crate::check::controlled::{in_force, missing};
use crate::check::wording::in_days;
use crate::shape::{Judgement, Lapse, Verdicts, each, standing_document};
use crate::view::{Entry, View};

/// What every document says about how it is kept.
const KEPT: [(&str, &str); 3] = [("keep_for", "time of retention"), ("disposal", "disposal"), ("distribution", "distribution")];
/// How long the disposal may take once the time is over.
const LATE_DAYS: i64 = 90;
/// Fields that hold the text.
const TEXT: [&str; 3] = ["body", "files", "url"];

/// 7.5.3-D1
pub(super) fn documents_say_how_they_are_kept(view: &View) -> Verdicts {
    let mut rules = standing_document(view.procedures("", "7.5.3"), "missing");
    for lapse in &mut rules.failed {
        lapse.values =
            vec![("document", "The set of documents".to_owned()), ("missing", "procedure that says how it is kept".to_owned())];
    }
    rules.and(each(in_force(view), |document| {
        Judgement::needing(document, &KEPT.map(|(field, _)| field), || match missing(document, &KEPT) {
            None => Judgement::Pass,
            Some(missing) => Judgement::Fail(Lapse::of(document).value("document", document.label()).value("missing", missing)),
        })
    }))
}

/// 7.5.3-O4
pub(super) fn kept_as_long_as_they_must(view: &View) -> Verdicts {
    each(view.all(Document::KIND), |document| {
        let was_approved = document.leaves().iter().any(|leaf| leaf.state.as_ref() == "approved");
        if !was_approved {
            return Judgement::Skip("never approved".to_owned());
        }
        Judgement::needing(document, &["keep_for", "effective_to", "disposal"], || kept(document))
    })
}

fn kept(document: Entry<'_>) -> Judgement {
    let (content, today) = (Document(document.content()), document.view().today());
    let Some(keep) = content.keep_for().get() else { return Judgement::Skip("no time of retention; see 7.5.3-D1".to_owned()) };
    let lapse = |defect: String| {
        let lapse = Lapse::of(document).value("document", document.label()).value("defect", defect);
        Judgement::Fail(lapse.value("keep", format!("{} days", in_days(&keep))))
    };
    let removed = removed_on(document);
    let until = content.effective_to().get().map(|ended| after(ended, &keep));
    if let Some(on) = removed.filter(|on| until.is_none_or(|until| *on < until)) {
        return lapse(format!("removed on {on}"));
    }
    let Some(until) = until else { return Judgement::Skip("not withdrawn".to_owned()) };
    let late = until.saturating_add(LATE_DAYS.days()) < today;
    let settled = removed.is_some() || content.disposal().is(DocumentDisposal::Archive) || kept_on_since(document, until);
    if late && !settled { lapse(format!("still there after {until}")) } else { Judgement::Pass }
}

/// The day on which the text was erased.
fn removed_on(document: Entry<'_>) -> Option<Date> {
    let erased = TEXT.iter().any(|field| document.value(field).is_erased());
    let leaf = document.leaves().iter().find(|leaf| leaf.action == Action::Erase).filter(|_| erased)?;
    Some(document.view().day(leaf.time))
}

/// Whether a duty to keep it on was named after its time had ended.
fn kept_on_since(document: Entry<'_>, until: Date) -> bool {
    let names = |leaf: &&Leaf| leaf.body.get("keep_because").is_some_and(|value| !value.is_empty());
    let revisions: Vec<&Leaf> = document.revisions().collect();
    revisions.windows(2).any(|pair| {
        let newer = names(&pair[1]) && pair[0].body.get("keep_because") != pair[1].body.get("keep_because");
        newer && document.view().day(pair[1].time) >= until.saturating_sub(LATE_DAYS.days())
    })
}
