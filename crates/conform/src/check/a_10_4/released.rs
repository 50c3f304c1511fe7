//! Whether customers read about the version that runs, and heard of changes in time.

use jiff::{SignedDuration, Timestamp, ToSpan};
use vouch_record::Id;
use vouch_record::condition::SpanValue;
use vouch_record::kind::generated::ai_system::{AiSystem, AiSystemOfferedTo};
use vouch_record::kind::generated::communication::Communication;
use vouch_record::kind::generated::customer_commitment::{CustomerCommitment, CustomerCommitmentTopic};
use vouch_record::kind::generated::release::{Release, ReleaseSetting, ReleaseType};
use vouch_record::kind::generated::user_information::{UserInformation, UserInformationAudience};
use vouch_record::time::end_of_day;

use super::population::customer;
use crate::check::information::of;
use crate::check::released::{Released, in_window};
use crate::derived::customer_commitment::in_force;
use crate::shape::{Judgement, Lapse, Verdicts};
use crate::view::{Entry, View};

/// How long after a release the text for customers may follow, in days.
const FOLLOW_DAYS: i64 = 30;

fn is_offered(system: Entry<'_>) -> bool {
    AiSystem(system.content()).offered_to().get().is_some_and(|to| to != AiSystemOfferedTo::Internal)
}

/// A.10.4-O4
pub(super) fn the_running_version_is_told(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for one in in_window(view).into_iter().filter(|one| is_offered(one.system)) {
        let setting = one.content().setting().get();
        if !matches!(setting, Some(ReleaseSetting::Production | ReleaseSetting::CustomerSite)) {
            continue;
        }
        verdicts.note(one.release, Judgement::needing(one.release, &["version"], || told_in_time(&one)));
    }
    verdicts
}

fn told_in_time(one: &Released<'_>) -> Judgement {
    let view = one.release.view();
    let version = one.content().version().get();
    let due = view.day(one.at).saturating_add(FOLLOW_DAYS.days());
    let mut texts: Vec<(Timestamp, UserInformation<'_>)> = of(one.system)
        .map(|text| UserInformation(text.content()))
        .filter(|text| text.audience().is(UserInformationAudience::Customer))
        .filter_map(|text| Some((text.published_at().get()?, text)))
        .collect();
    texts.sort_by_key(|(at, _)| *at);
    if texts.iter().any(|(at, text)| text.system_version().get() == version && view.day(*at) <= due) {
        return Judgement::Pass;
    }
    if due >= view.today() {
        return Judgement::Skip(format!("there is time until {due}"));
    }
    let told = texts.last().and_then(|(_, text)| text.system_version().get());
    let told = told.map_or_else(|| "no version".to_owned(), |told| format!("version {told}"));
    let lapse = Lapse::of(one.release).in_system(one.system).value("told", told);
    Judgement::Fail(lapse.value("running", version.unwrap_or_default()))
}

/// A.10.4-O5
pub(super) fn changes_were_announced(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for one in in_window(view) {
        let of = one.content().type_().get();
        if !matches!(of, Some(ReleaseType::Functional | ReleaseType::Retraining | ReleaseType::SupplierModel)) {
            continue;
        }
        let promises: Vec<Entry<'_>> = one
            .system
            .incoming(CustomerCommitment::KIND, "ai_systems")
            .filter(|promise| CustomerCommitment(promise.content()).topic().is(CustomerCommitmentTopic::ChangeNotice))
            .filter(|promise| in_force(*promise))
            .filter(|promise| CustomerCommitment(promise.content()).from().get().is_none_or(|from| from <= view.day(one.at)))
            .collect();
        if promises.is_empty() {
            continue;
        }
        let lapses = promises.into_iter().filter_map(|promise| late_notice(&one, promise));
        verdicts.note(one.release, Judgement::of(lapses.collect()));
    }
    verdicts
}

/// A lapse when a customer was not told as long before a release as was promised.
fn late_notice(one: &Released<'_>, promise: Entry<'_>) -> Option<Lapse> {
    let view = promise.view();
    let content = CustomerCommitment(promise.content());
    let (party, notice) = (content.party().get()?.id, content.notice_within().get()?);
    let first = told_of(one, party).into_iter().min();
    let needed = SignedDuration::from_secs(SpanValue(notice).seconds());
    if first.is_some_and(|at| at.checked_add(needed).is_ok_and(|ready| ready <= one.at)) {
        return None;
    }
    let date = first.map(|at| view.day(at));
    let lapse = Lapse::of(one.release).in_system(one.system).value("customer", customer(promise));
    Some(lapse.maybe("date", date).value("notice", notice))
}

/// When a party was told of a release: by messages about it, or texts delivered for it.
fn told_of(one: &Released<'_>, party: Id) -> Vec<Timestamp> {
    let view = one.release.view();
    let messages = one.release.links("communications").chain(one.release.incoming(Communication::KIND, "about"));
    let sent = messages
        .filter(|message| message.names(party, "audience"))
        .filter_map(|message| Communication(message.content()).sent_at().get());
    let version = Release(one.release.content()).version().get();
    let texts = of(one.system).map(|text| UserInformation(text.content())).filter(move |text| {
        text.release().get().is_some_and(|link| link.id == one.release.id())
            || (version.is_some() && text.system_version().get() == version)
    });
    let delivered = texts.flat_map(|text| text.delivered()).filter(move |row| row.to().is_some_and(|to| to.id == party));
    sent.chain(delivered.filter_map(|row| Some(end_of_day(row.at()?, view.zone())))).collect()
}
