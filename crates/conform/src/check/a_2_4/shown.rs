//! What shows a review of the policy: who gave it, where, on what, and with what words.

use jiff::ToSpan;
use vouch_record::Id;
use vouch_record::kind::generated::audit::Audit;
use vouch_record::kind::generated::committee::Committee;
use vouch_record::kind::generated::concern::Concern;
use vouch_record::kind::generated::document::Document;
use vouch_record::kind::generated::incident::Incident;
use vouch_record::kind::generated::management_review::ManagementReview;
use vouch_record::kind::generated::measurement::Measurement;
use vouch_record::kind::generated::meeting::Meeting;
use vouch_record::kind::generated::obligation::Obligation;

use super::looks::{Look, reviews};
use crate::check::specified::same;
use crate::check::wording::called;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View};

/// How far from the review the management review may lie that shows it.
const NEAR_DAYS: i64 = 14;
/// How long minutes may take to be signed.
const SIGN_DAYS: i64 = 30;
/// Records of what happened in a period.
const HAPPENED: [&str; 5] = [Measurement::KIND, Incident::KIND, Concern::KIND, Audit::KIND, Obligation::KIND];

/// Where the policy was looked at: the meeting that the review links, or a management review near it that had the policy before it.
fn places<'v>(look: &Look<'v>) -> Vec<Entry<'v>> {
    let near = |review: &Entry<'_>| {
        let held = ManagementReview(review.content()).held_on().get().filter(|_| review.is_any(&["held", "signed"]));
        let span = NEAR_DAYS.days();
        held.is_some_and(|held| held.saturating_add(span) >= look.given.on() && held <= look.given.on().saturating_add(span))
    };
    let on_the_table = look.policy.incoming(ManagementReview::KIND, "inputs").filter(near);
    look.given.entry.linked("meeting").into_iter().chain(on_the_table).collect()
}

/// A.2.4-O3
pub(super) fn each_review_left_a_trace(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for look in reviews(view) {
        let due = look.given.on().saturating_add(NEAR_DAYS.days());
        let judgement = match places(&look).first() {
            Some(place) => Judgement::Shown(vec![look.given.entry.subject(), place.subject()]),
            None if due >= view.today() => Judgement::Skip(format!("there is time until {due}")),
            None => Judgement::Fail(Lapse::of(look.policy).value("date", look.given.on())),
        };
        verdicts.note(look.given.entry, judgement);
    }
    verdicts
}

/// A.2.4-P1
pub(super) fn reviewed_by_top_management(view: &View) -> Verdicts {
    let mut verdicts = Verdicts::default();
    for look in reviews(view) {
        let judgement = match stands_against(&look) {
            None => Judgement::Shown(vec![look.given.entry.subject()]),
            Some(defect) => {
                let lapse = Lapse::of(look.policy).value("date", look.given.on());
                Judgement::Fail(lapse.value("person", called(view, look.given.by())).value("defect", defect))
            }
        };
        verdicts.note(look.given.entry, judgement);
    }
    verdicts
}

/// Why a review is not that of top management; nothing when it is.
fn stands_against(look: &Look<'_>) -> Option<&'static str> {
    let Some(by) = look.given.by() else { return Some("is not known") };
    let (view, on) = (look.policy.view(), look.given.on());
    let then = look.policy.on(on).unwrap_or(look.policy);
    if Document(then.content()).authors().any(|link| link.id == by) {
        return Some("wrote the policy");
    }
    if !look.given.counts_as_proof() {
        return Some("signed elsewhere without a proof that was reviewed");
    }
    let committee = look.given.approval.on_behalf_of().get().and_then(|link| view.on(on).get(link.id));
    (!view.directed_on(by, on) && !committee.is_some_and(|committee| has_a_director(committee)))
        .then_some("does not direct the organisation and spoke for no committee in which somebody does")
}

/// Whether a committee has a member on the day of its view who directs the organisation.
fn has_a_director(committee: Entry<'_>) -> bool {
    let view = committee.view();
    let top: Vec<Id> = view.top_management();
    let today = view.today();
    let members = Committee(committee.content()).members();
    let mut now = members.filter(|row| row.from().is_none_or(|from| from <= today) && row.to().is_none_or(|to| to >= today));
    now.any(|row| row.person().is_some_and(|link| top.contains(&link.id)))
}

/// A.2.4-P2
pub(super) fn minutes_show_the_review(view: &View) -> Verdicts {
    let mut meetings: Vec<(Entry<'_>, Id)> =
        reviews(view).into_iter().filter_map(|look| Some((look.given.entry.linked("meeting")?, look.policy.id()))).collect();
    meetings.sort_unstable_by_key(|(meeting, policy)| (meeting.id(), *policy));
    meetings.dedup_by_key(|(meeting, policy)| (meeting.id(), *policy));
    let mut verdicts = Verdicts::default();
    for (meeting, policy) in meetings {
        let content = Meeting(meeting.content());
        let decided = content.decisions().any(|row| row.record().is_some_and(|link| link.id == policy));
        let due = content.held_to().get().map(|at| view.day(at).saturating_add(SIGN_DAYS.days()));
        let lapse = |defect: &str| Judgement::Fail(Lapse::of(meeting).value("meeting", meeting.label()).value("defect", defect));
        let judgement = match (meeting.is("signed"), decided) {
            (true, true) => Judgement::Pass,
            (_, false) => lapse("name no decision about the policy"),
            (false, true) if due.is_some_and(|due| due >= view.today()) => Judgement::Skip("there is time to sign".to_owned()),
            (false, true) => lapse("are not signed"),
        };
        verdicts.note(meeting, judgement);
    }
    verdicts
}

/// A.2.4-P3
pub(super) fn reviews_differ(view: &View) -> Verdicts {
    let reviews = reviews(view);
    let [.., earlier, later] = reviews.as_slice() else {
        return each(view.policy(), |_| Judgement::Skip("not reviewed twice".to_owned()));
    };
    each([later.given.entry], |entry| {
        let reason = |look: &Look<'_>| look.given.approval.reason().get().unwrap_or_default().to_owned();
        let records = places(later).into_iter().flat_map(on_the_table);
        let mut new =
            records.filter(|record| HAPPENED.contains(&record.kind().name.as_str()) && record.created_at() > earlier.given.at());
        let lapse = |defect: &str| {
            let lapse = Lapse::of(later.policy).value("from", earlier.given.on()).value("to", later.given.on());
            Judgement::Fail(lapse.value("defect", defect))
        };
        if same(&reason(earlier), &reason(later)) {
            return lapse("carry the same words");
        }
        match new.next() {
            Some(record) => Judgement::Shown(vec![entry.subject(), record.subject()]),
            None => lapse("differ in nothing that had happened since"),
        }
    })
}

/// The records that a meeting or management review had before it.
fn on_the_table(place: Entry<'_>) -> Vec<Entry<'_>> {
    let view = place.view();
    let links: Vec<Id> = if place.kind().name == Meeting::KIND {
        Meeting(place.content()).agenda().flat_map(|row| row.records()).map(|link| link.id).collect()
    } else {
        ManagementReview(place.content()).inputs().flat_map(|row| row.records()).map(|link| link.id).collect()
    };
    links.into_iter().filter_map(|id| view.get(id)).collect()
}
