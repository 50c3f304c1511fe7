//! Whether somebody else approved, and took the time to read.

use jiff::{SignedDuration, Timestamp};
use vouch_record::Id;
use vouch_record::kind::generated::acceptance::{Acceptance, AcceptanceType};
use vouch_record::kind::generated::approval::ApprovalOverride;
use vouch_record::kind::generated::document::Document;
use vouch_record::view::Read;
use vouch_record::{Link, Value};

use crate::check::controlled::approving;
use crate::check::wording::called;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Given, View, Window};

/// So many approvals of documents within an hour are more than a person reads.
const AT_ONCE: usize = 10;
const HOUR: SignedDuration = SignedDuration::from_mins(60);
/// The shortest time in which a revision can be read.
const READ: SignedDuration = SignedDuration::from_mins(2);

/// The approvals of a document in force that were given in a period.
fn given_in(document: Entry<'_>, period: Window) -> Vec<(Option<Given<'_>>, Given<'_>)> {
    let approvals: Vec<Given<'_>> = approving(document).into_iter().filter(|given| given.entry.is("given")).collect();
    let before = [None].into_iter().chain(approvals.iter().copied().map(Some));
    before.zip(approvals.iter().copied()).filter(|(_, given)| period.has(given.on())).collect()
}

/// 7.5.2-P1
pub(super) fn approved_by_another(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    each(view.all(Document::KIND), |document| {
        let given = given_in(document, year);
        if given.is_empty() {
            return Judgement::Skip("not approved in the last 365 days".to_owned());
        }
        Judgement::needing(document, &["authors"], || {
            let own = given.iter().filter(|(before, given)| is_own_work(document, *before, given) && !is_allowed(document, given));
            let lapse = |given: &Given<'_>| {
                Lapse::of(document).value("person", called(view, given.by())).value("document", document.label())
            };
            Judgement::of(own.map(|(_, given)| lapse(given)).collect())
        })
    })
}

/// Whether who approved is among the authors, or made a revision since the approval before.
fn is_own_work(document: Entry<'_>, before: Option<Given<'_>>, given: &Given<'_>) -> bool {
    let Some(by) = given.by() else { return false };
    let since = before.map_or(0, |before| before.revision());
    document.revisions().filter(|leaf| leaf.revision <= given.revision()).any(|leaf| {
        let authors = leaf.body.get("authors").map_or(&[][..], Value::items);
        let named = || authors.iter().filter_map(Link::read).any(|link| link.id == by);
        (leaf.revision == given.revision() && named()) || (leaf.revision > since && leaf.actor.person() == Some(by))
    })
}

/// Whether the override that sets the rule aside rests on an acceptance of the day.
fn is_allowed(document: Entry<'_>, given: &Given<'_>) -> bool {
    if given.overrides() != Some(ApprovalOverride::OwnWork) {
        return false;
    }
    let accepted = document.incoming(Acceptance::KIND, "subject").chain(given.entry.incoming(Acceptance::KIND, "subject"));
    accepted.filter(|one| one.is_any(&["accepted", "ended"])).any(|one| {
        let content = Acceptance(one.content());
        let on = given.on();
        let ended = content.ended_on().get().is_some_and(|ended| ended < on);
        let holds = content.from().get().is_some_and(|from| from <= on) && content.until().get().is_none_or(|until| on <= until);
        content.type_().is(AcceptanceType::OwnWork) && holds && !ended
    })
}

/// 7.5.2-P2
pub(super) fn approvals_took_time(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let mut by_person: std::collections::BTreeMap<Id, Vec<(Timestamp, Entry<'_>)>> = std::collections::BTreeMap::new();
    let mut verdicts = Verdicts::default();
    for document in view.all(Document::KIND) {
        let given = given_in(document, year);
        if given.is_empty() {
            continue;
        }
        for (_, one) in &given {
            by_person.entry(one.by().unwrap_or(one.entry.id())).or_default().push((one.at(), document));
        }
        let hasty = given.iter().filter_map(|(_, one)| Some((one, time_to_read(document, one)?)));
        let hasty = hasty.filter(|(_, took)| *took < READ).map(|(one, took)| {
            let lapse = Lapse::of(document).value("person", called(view, one.by())).value("n", document.label());
            lapse.value("minutes", format!("{} minutes of its revision", took.as_mins())).value("date", one.on())
        });
        verdicts.note(document, Judgement::of(hasty.collect()));
    }
    let many = by_person.into_iter().filter_map(|(person, mut given)| {
        given.sort_by_key(|(at, document)| (*at, document.id()));
        let (n, first, last) = most_at_once(&given.iter().map(|(at, _)| *at).collect::<Vec<_>>())?;
        let lapse = Lapse::of(view.find(person)?).value("person", called(view, Some(person))).value("n", format!("{n} documents"));
        Some(lapse.value("minutes", format!("{} minutes", last.duration_since(first).as_mins())).value("date", view.day(first)))
    });
    verdicts.failed.extend(many);
    verdicts
}

/// The largest number of times within an hour, with the first and the last, if there are too many.
fn most_at_once(times: &[Timestamp]) -> Option<(usize, Timestamp, Timestamp)> {
    let mut most = None;
    let mut from = 0;
    for (to, at) in times.iter().enumerate() {
        while at.duration_since(times[from]) > HOUR {
            from += 1;
        }
        let n = to + 1 - from;
        if n > AT_ONCE && most.is_none_or(|(known, _, _)| n > known) {
            most = Some((n, times[from], *at));
        }
    }
    most
}

/// How long after the revision it is about an approval was given; nothing for one taken over from before.
fn time_to_read(document: Entry<'_>, given: &Given<'_>) -> Option<SignedDuration> {
    let revision = document.revisions().find(|leaf| leaf.revision == given.revision())?;
    let imported = given.approval.sign_in().is(vouch_record::kind::generated::approval::ApprovalSignIn::Imported);
    (!imported).then(|| given.at().duration_since(revision.time))
}
