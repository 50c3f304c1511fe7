//! What changed from edition to edition, and whether translations follow.

use jiff::ToSpan;
use vouch_record::kind::generated::document::Document;

use crate::check::controlled::{Edition, editions, in_force};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long a translation may take to follow its original.
const FOLLOW_DAYS: i64 = 60;

/// 7.5.2-O2
pub(super) fn revisions_say_what_changed(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.all(Document::KIND), |document| {
        let editions = editions(document);
        let pairs = editions.windows(2).filter(|pair| window.has(pair[1].days.from) && !says_the_same(document, pair));
        let pairs: Vec<&[Edition<'_>]> = pairs.collect();
        if pairs.is_empty() {
            return Judgement::Skip("no new revision came into force in the window".to_owned());
        }
        Judgement::needing(document, &["change_summary", "version"], || {
            let silent = pairs.iter().filter(|pair| !says_what_changed(pair)).map(|pair| {
                let lapse = Lapse::of(document).value("revision", pair[1].revision());
                lapse.value("document", document.label()).over(pair[1].days)
            });
            Judgement::of(silent.collect())
        })
    })
}

/// Whether a text was approved again as it was.
fn says_the_same(document: Entry<'_>, pair: &[Edition<'_>]) -> bool {
    document.covers(pair[0].revision(), pair[1].revision())
}

/// Whether the later edition has a version of its own and says what changed in words of its own.
fn says_what_changed(pair: &[Edition<'_>]) -> bool {
    let text = |edition: &Edition<'_>, field: &str| {
        edition.leaf.body.get(field).and_then(|value| value.as_text().map(str::to_owned)).filter(|text| !text.trim().is_empty())
    };
    let differs = |field: &str| text(&pair[1], field).is_some() && text(&pair[0], field) != text(&pair[1], field);
    differs("change_summary") && differs("version")
}

/// 7.5.2-O3
pub(super) fn translations_follow(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(in_force(view).filter(|document| Document(document.content()).translation_of().is_filled()), |document| {
        let Some(original) = document.linked("translation_of") else {
            return Judgement::Skip("its original was set aside".to_owned());
        };
        let editions = editions(original);
        let (mut lapses, mut judged) = (Vec::new(), false);
        for pair in editions.windows(2).filter(|pair| !says_the_same(original, pair)) {
            let (edition, due) = (&pair[1], pair[1].days.from.saturating_add(FOLLOW_DAYS.days()));
            // A translation made later than the edition translates that edition.
            if document.created_at() >= edition.leaf.time {
                continue;
            }
            judged = true;
            let followed = document.revisions().find(|leaf| leaf.time >= edition.leaf.time).map(|leaf| view.day(leaf.time));
            let in_time = followed.is_some_and(|on| on <= due);
            // One that came late is a lapse of the window in which it was late.
            if due < view.today() && !in_time && followed.is_none_or(|on| on >= window.from) {
                let lapse = Lapse::of(document).value("document", document.label()).value("old", pair[0].revision());
                lapses.push(lapse.value("original", original.label()));
            }
        }
        if judged { Judgement::of(lapses) } else { Judgement::Skip("its original has not changed since".to_owned()) }
    })
}
