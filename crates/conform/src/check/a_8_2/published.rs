//! Whether what users can read speaks of the version they work with.

use jiff::civil::Date;
use jiff::{Timestamp, ToSpan};
use vouch_record::kind::generated::release::{Release, ReleaseType};
use vouch_record::kind::generated::user_information::{UserInformation, UserInformationAudience};
use vouch_record::view::Read;
use vouch_record::{Leaf, Value};

use crate::check::information::{of, published_for_users};
use crate::check::released::{Released, in_window};
use crate::derived::ai_system::{in_scope, running_release};
use crate::derived::release::before_first_scope;
use crate::derived::user_information::version_gap;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How long after a release its text may come, in days.
const AFTER_DAYS: i64 = 7;

/// A.8.2-O1
pub(super) fn running_version_is_described(view: &View) -> Verdicts {
    each(view.live_systems(), |system| {
        let texts: Vec<Entry<'_>> = published_for_users(system).collect();
        if let Some(text) =
            texts.iter().find(|text| text.value("system_version").is_erased() || text.value("published_at").is_erased())
        {
            return Judgement::Undecided(format!("version or day of {} was erased", text.id()));
        }
        let running = running_release(system);
        let due = running.and_then(live_on).map(|on| on.saturating_add(AFTER_DAYS.days()));
        let fits = |text: &&Entry<'_>| wrong(**text, running, due).is_none();
        if let Some(text) = texts.iter().find(fits) {
            return Judgement::Shown(vec![system.subject(), text.subject()]);
        }
        if due.is_some_and(|due| view.today() <= due) {
            return Judgement::Skip("the release went live less than seven days ago".to_owned());
        }
        let latest = texts.into_iter().max_by_key(|text| UserInformation(text.content()).published_at().get());
        let defect = latest.and_then(|text| wrong(text, running, due)).unwrap_or_else(|| "none is published".to_owned());
        Judgement::Fail(Lapse::of(system).value("defect", defect))
    })
}

/// The day a release went live.
fn live_on(release: Entry<'_>) -> Option<Date> {
    Release(release.content()).deployed_at().get().map(|at| release.view().day(at))
}

/// Why a text is not that of the running version; nothing when it is. When it came is not asked of what ran before the first scope.
fn wrong(text: Entry<'_>, running: Option<Entry<'_>>, due: Option<Date>) -> Option<String> {
    let running = running?;
    let content = UserInformation(text.content());
    let version = Release(running.content()).version().get().unwrap_or("none");
    let since = live_on(running).map_or_else(String::new, |on| format!(" since {on}"));
    if version_gap(text) {
        let documented = content.system_version().get().unwrap_or("no version");
        return Some(format!("{} speaks of {documented}; they work with {version}{since}", text.label()));
    }
    // The same version written anew was there before.
    let on = content.system_version().get().and_then(|version| published_with(text, version).into_iter().min());
    let on = on.map(|at| text.view().day(at));
    let late = on.is_none_or(|on| due.is_some_and(|due| on > due));
    let on = on.map_or_else(|| "no known day".to_owned(), |on| on.to_string());
    (late && !before_first_scope(running))
        .then(|| format!("{} was published on {on}; they work with {version}{since}", text.label()))
}

/// A.8.2-O2
pub(super) fn releases_are_told(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for one in in_window(view) {
        verdicts.note(one.release, Judgement::needing(one.release, &["version", "type"], || is_told(&one)));
    }
    verdicts
}

fn is_told(one: &Released<'_>) -> Judgement {
    let wanted =
        matches!(one.content().type_().get(), Some(ReleaseType::Initial | ReleaseType::Functional | ReleaseType::SupplierModel));
    if !wanted {
        return Judgement::Skip("nothing changed for users by its type".to_owned());
    }
    let (view, version) = (one.release.view(), one.content().version().get());
    let due = view.day(one.at).saturating_add(AFTER_DAYS.days());
    let for_users = |text: &Entry<'_>| UserInformation(text.content()).audience().is(UserInformationAudience::User);
    let told = of(one.system).filter(for_users).find(|text| {
        let days = version.map_or_else(Vec::new, |version| published_with(*text, version));
        days.into_iter().any(|at| view.day(at) <= due)
    });
    match told {
        Some(text) => Judgement::Shown(vec![one.release.subject(), text.subject()]),
        None if view.today() <= due => Judgement::Skip("it went live less than seven days ago".to_owned()),
        None => Judgement::Fail(Lapse::of(one.release)),
    }
}

/// When revisions of a text that name this version could be read.
fn published_with(text: Entry<'_>, version: &str) -> Vec<Timestamp> {
    let when = |leaf: &Leaf| {
        let made = text.revisions().find(|made| made.revision == leaf.revision)?;
        let names = made.body.get("system_version").and_then(Value::as_text) == Some(version);
        let set = leaf.set().iter().find(|(name, _)| name.as_ref() == "published_at").map(|(_, value)| value);
        let at = set.or_else(|| made.body.get("published_at")).and_then(Timestamp::read);
        names.then(|| at.unwrap_or(leaf.time))
    };
    text.leaves().iter().filter(|leaf| leaf.state.as_ref() == "published").filter_map(when).collect()
}

/// A.8.2-O4
pub(super) fn texts_are_in_date(view: &View) -> Verdicts {
    let of_system = |text: &Entry<'_>| text.linked("ai_system").is_some_and(in_scope);
    each(view.all(UserInformation::KIND).filter(|text| text.is("published")).filter(of_system), |text| {
        Judgement::needing(text, &["review_by"], || {
            let late = UserInformation(text.content()).review_by().get().filter(|by| *by < view.today());
            let lapse = |by: Date| Lapse::of(text).value("text", text.label()).value("date", by);
            late.map_or(Judgement::Pass, |by| Judgement::Fail(lapse(by)))
        })
    })
}
