//! What answered and when, beside what was released.

use vouch_record::kind::generated::release::Release;
use vouch_record::kind::generated::sealed_batch::SealedBatch;

use crate::check::reach::uncovered;
use crate::derived::ai_system;
use crate::derived::sealed_batch::{is_real, unapproved_models};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// The days that a batch covers.
fn days(batch: Entry<'_>) -> Option<Window> {
    let (content, view) = (SealedBatch(batch.content()), batch.view());
    Some(Window { from: view.day(content.from().get()?), to: view.day(content.to().get()?) })
}

/// The batches of systems in scope that touch the window, test traffic left out.
fn batches(view: &View, window: Window) -> impl Iterator<Item = Entry<'_>> {
    let within = move |batch: &Entry<'_>| days(*batch).is_some_and(|days| days.and(window).is_some());
    let of_system = |batch: &Entry<'_>| batch.linked("ai_system").is_some_and(ai_system::in_scope);
    view.all(SealedBatch::KIND).filter(within).filter(of_system).filter(|batch| is_real(*batch))
}

/// 8.1-O2
pub(super) fn only_released_models_answered(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let named = |batch: &Entry<'_>| SealedBatch(batch.content()).by_model().next().is_some();
    each(batches(view, window).filter(named), |batch| {
        let Some(system) = batch.linked("ai_system") else { return Judgement::Skip("it names no system".to_owned()) };
        let from = days(batch).map_or_else(String::new, |days| days.from.to_string());
        let lapses = unapproved_models(batch)
            .into_iter()
            .map(|model| Lapse::of(batch).value("system", system.label()).value("model", model).value("from", &from));
        Judgement::of(lapses.collect())
    })
}

/// 8.1-P3
pub(super) fn no_use_without_a_release(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let used = |batch: &Entry<'_>| SealedBatch(batch.content()).count().get().is_some_and(|count| count > 0);
    let live = |batch: &Entry<'_>| batch.linked("ai_system").is_some_and(ai_system::live);
    each(batches(view, window).filter(used).filter(live), |batch| {
        let Some((system, asked)) = batch.linked("ai_system").zip(days(batch).and_then(|days| days.and(window))) else {
            return Judgement::Skip("it names no system".to_owned());
        };
        let running: Vec<Window> = system.incoming(Release::KIND, "ai_system").filter_map(ran).collect();
        match uncovered(asked, &running) {
            None => Judgement::Pass,
            Some(open) => {
                let lapse = Lapse::of(batch).value("system", system.label());
                Judgement::Fail(lapse.value("from", open.from).value("to", open.to).over(open))
            }
        }
    })
}

/// The days on which a release ran.
fn ran(release: Entry<'_>) -> Option<Window> {
    let (content, view) = (Release(release.content()), release.view());
    let from = content.deployed_at().get().filter(|_| release.is_any(&["deployed", "ended"]))?;
    let to = content.ended_at().get().map_or(view.today(), |at| view.day(at));
    Some(Window { from: view.day(from), to })
}
