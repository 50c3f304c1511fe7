//! Who confirmed that the record of a system is right, and when.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Leaf;
use vouch_record::kind::generated::release::{Release, ReleaseSetting};

use crate::check::confirming::{self, confirmations};
use crate::check::wording::called;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View, Window};

/// The longest stretch without a confirmation, however seldom the owner is to confirm.
const LONGEST_DAYS: i64 = 200;
/// How far from a release a look at the record may lie.
const LATE_DAYS: i64 = 30;

/// A.4.2-O1
pub(super) fn never_long_unconfirmed(view: &View) -> Verdicts {
    confirming::never_long_unconfirmed(view, Some(LONGEST_DAYS))
}

/// A.4.2-O3
pub(super) fn looked_at_with_each_release(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let real = |release: &Entry<'_>| {
        let setting = Release(release.content()).setting().get();
        release.is_any(&["deployed", "ended"]) && matches!(setting, Some(ReleaseSetting::Production | ReleaseSetting::CustomerSite))
    };
    let releases = view.systems().flat_map(|system| system.incoming(Release::KIND, "ai_system")).filter(real);
    each(releases.filter(|release| deployed_on(*release).is_some_and(|on| window.has(on))), |release| {
        let (Some(system), Some(on)) = (release.linked("ai_system"), deployed_on(release)) else {
            return Judgement::Skip("its system was set aside".to_owned());
        };
        let due = on.saturating_add(LATE_DAYS.days());
        let around = Window { from: on.saturating_sub(LATE_DAYS.days()), to: due };
        let revised = system.revisions().filter(|leaf| leaf.actor.person().is_some()).map(|leaf| view.day(leaf.time));
        let looked = revised.chain(confirmations(system).iter().map(Given::on)).any(|day| around.has(day));
        match looked {
            true => Judgement::Pass,
            false if due >= view.today() => Judgement::Skip(format!("there is time until {due}")),
            false => Judgement::Fail(Lapse::of(release).value("date", on)),
        }
    })
}

fn deployed_on(release: Entry<'_>) -> Option<Date> {
    Some(release.view().day(Release(release.content()).deployed_at().get()?))
}

/// Fields that say what a system is built from and who works on it.
const PARTS: [&str; 5] = ["models", "datasets", "resources", "suppliers", "staffing"];

/// A.4.2-P2
pub(super) fn confirmed_by_an_other_person(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let Some(given) = confirmations(system).pop() else { return Judgement::Skip("never confirmed".to_owned()) };
        let entered_by = last_change(system, &PARTS).and_then(|leaf| leaf.actor.person());
        if given.by().is_some() && given.by() == entered_by {
            Judgement::Fail(Lapse::of(system).value("person", called(view, entered_by)))
        } else {
            Judgement::Shown(vec![system.subject(), given.entry.subject()])
        }
    })
}

/// The latest revision in which one of these fields differs from the revision before.
fn last_change<'v>(system: Entry<'v>, fields: &[&str]) -> Option<&'v Leaf> {
    let revisions: Vec<&Leaf> = system.revisions().collect();
    let differs = |at: &usize| fields.iter().any(|field| revisions[*at].body.get(field) != revisions[at - 1].body.get(field));
    let last = (1..revisions.len()).rev().find(differs).unwrap_or(0);
    revisions.get(last).copied()
}
