//! How releases went live: approved, reviewed, by an approved change, by others, with what was asked for.

use jiff::Timestamp;
use vouch_record::Id;
use vouch_record::kind::generated::release::{Release, ReleaseType};
use vouch_record::kind::generated::test::Test;

use crate::check::approving::not_another;
use crate::check::released::{approvals, each_released};
use crate::check::wording::{called, words};
use crate::derived::approved::approved_at;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View};

/// 8.1-O1
pub(super) fn released_after_approval_and_review(view: &View) -> Verdicts {
    each_released(view, |one| {
        let mut missing = Vec::new();
        if !one.is_approved() {
            missing.push("an approval of what went live");
        }
        let review = one.review();
        if one.asks_for_review() && review.is_none() {
            missing.push("a passed review");
        }
        if missing.is_empty() {
            return Judgement::Shown([one.release].into_iter().chain(review).map(|shown| shown.subject()).collect());
        }
        let lapse = Lapse::of(one.release).in_system(one.system).value("system", one.system.label());
        Judgement::Fail(lapse.value("deployed_at", view.day(one.at)).value("missing", missing.join(" and ")))
    })
}

/// 8.1-O5
pub(super) fn released_by_an_approved_change(view: &View) -> Verdicts {
    use ReleaseType::{Configuration, Functional, Retraining, SupplierModel};
    each_released(view, |one| {
        let sort = one.content().type_().get();
        let Some(sort) = sort.filter(|sort| matches!(sort, Configuration | Retraining | Functional | SupplierModel)) else {
            return Judgement::Skip("not of a type that a change asks for".to_owned());
        };
        let approved = |change: &Entry<'_>| approved_before(*change, one.until);
        match one.release.links("changes").find(approved) {
            Some(change) => Judgement::Shown(vec![one.release.subject(), change.subject()]),
            None => {
                let lapse = Lapse::of(one.release).in_system(one.system).value("system", one.system.label());
                Judgement::Fail(lapse.value("type", words(sort.id())))
            }
        }
    })
}

/// Whether a change was approved by then; one found or made in an emergency by any approval of it.
fn approved_before(change: Entry<'_>, until: Timestamp) -> bool {
    approved_at(change).is_some_and(|at| at <= until) || approvals(change).any(|given| given.at() <= until)
}

/// 8.1-P1
pub(super) fn approved_by_others(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.all(Release::KIND), |release| {
        let given: Vec<Given<'_>> = approvals(release).filter(|given| window.has(given.on())).collect();
        if given.is_empty() {
            return Judgement::Skip("not approved in the window".to_owned());
        }
        let tested = release.links("tests").filter_map(|test| Test(test.content()).performed_by().get());
        let mut makers: Vec<(Id, &str)> = tested.map(|link| (link.id, "performed one of its tests")).collect();
        makers.extend(release.revisions().filter_map(|leaf| leaf.actor.person()).map(|person| (person, "made a revision of it")));
        let lapses = given.iter().filter_map(|given| {
            let work = not_another(release, given, &makers)?;
            Some(Lapse::of(release).value("person", called(view, given.by())).value("work", work))
        });
        Judgement::of(lapses.collect())
    })
}

/// 8.1-P2
pub(super) fn conditions_held_on_the_day(view: &View) -> Verdicts {
    each_released(view, |one| {
        one.conditions_held(|condition, why| {
            Lapse::of(one.release).in_system(one.system).value("condition", condition).value("why", why)
        })
    })
}
