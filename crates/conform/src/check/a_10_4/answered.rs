//! What follows when a promise is broken, and when customers say something.

use std::collections::BTreeSet;

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Value;
use vouch_record::kind::generated::customer_commitment::{
    CustomerCommitment, CustomerCommitmentFeedbackAbout, CustomerCommitmentFeedbackRow,
};
use vouch_record::kind::generated::meeting::Meeting;
use vouch_record::view::Row;

use super::population::{agreed, customer, holding};
use crate::check::written::first_written;
use crate::derived::customer_commitment::{Breach, breaches};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How long what follows may take, in days.
const ANSWER_DAYS: i64 = 30;
/// How far back feedback about risk counts, in days.
const YEAR: i64 = 365;
/// Above so many customers somebody will have something to say.
const MANY: usize = 5;
/// Kinds of record that follow a broken promise.
const FOLLOWS: [&str; 3] = ["nonconformity", "incident", "concern"];
/// Kinds of record that feedback about risk may change.
const CHANGES: [&str; 4] = ["risk", "change", "specification", "user-information"];

/// A.10.4-O2
pub(super) fn broken_promises_are_followed(view: &View) -> Verdicts {
    each(agreed(view), |one| {
        Judgement::needing(one, &["limit", "notice_within"], || {
            let broken = breaches(one);
            if broken.is_empty() {
                return Judgement::Skip("it was kept".to_owned());
            }
            let mut judged = 0;
            let mut lapses: Vec<Lapse> = Vec::new();
            for breach in broken {
                let followed = is_followed(one, breach);
                let due = breach.on.saturating_add(ANSWER_DAYS.days()) < view.today();
                judged += usize::from(followed || due);
                if !followed && due {
                    lapses.push(Lapse::of(one).value("commitment", one.label()).value("date", breach.on));
                }
            }
            if judged == 0 { Judgement::Skip("there is time to follow it".to_owned()) } else { Judgement::of(lapses) }
        })
    })
}

/// Whether a nonconformity, incident or concern made within thirty days names the promise, or what broke it.
fn is_followed(one: Entry<'_>, breach: Breach) -> bool {
    let due = breach.on.saturating_add(ANSWER_DAYS.days());
    let source = one.view().get(breach.record);
    let naming = FOLLOWS.into_iter().flat_map(|kind| {
        let by_cause = source.into_iter().flat_map(move |source| source.incoming(kind, ""));
        one.incoming(kind, "").chain(by_cause).collect::<Vec<_>>()
    });
    let mut made = naming.filter(|record| record.id() != breach.record).map(|record| record.created_on());
    made.any(|on| breach.on <= on && on <= due)
}

/// A.10.4-O3
pub(super) fn feedback_is_answered(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(agreed(view), |one| {
        Judgement::needing(one, &["feedback"], || {
            let rows: Vec<_> = CustomerCommitment(one.content()).feedback().filter_map(|row| Some((row.on()?, row))).collect();
            if rows.is_empty() {
                return Judgement::Skip("nobody said anything".to_owned());
            }
            let open = rows.into_iter().filter_map(|(on, row)| Some((on, row, waited(one, on, row, window)?)));
            let lapses = open.map(|(on, row, days)| {
                let lapse = Lapse::of(one).value("customer", customer(one)).value("date", on);
                lapse.value("said", row.said().unwrap_or("something")).over(days)
            });
            Judgement::of(lapses.collect())
        })
    })
}

/// The days of the window on which feedback had waited more than thirty days.
fn waited(one: Entry<'_>, on: Date, row: CustomerCommitmentFeedbackRow<'_>, window: Window) -> Option<Window> {
    let view = one.view();
    let answered = |row: CustomerCommitmentFeedbackRow<'_>| row.led_to().next().is_some() || row.no_action_because().is_some();
    let same = |rows: &Value| {
        rows.items()
            .iter()
            .map(|one| CustomerCommitmentFeedbackRow::from(Row(one)))
            .any(|other| other.on() == row.on() && other.said() == row.said() && answered(other))
    };
    let until = first_written(one, "feedback", same).filter(|_| answered(row)).map(|leaf| view.day(leaf.time));
    let to = until.map_or(view.today(), |until| until.saturating_sub(1.day()));
    Window { from: on.saturating_add((ANSWER_DAYS + 1).days()), to }.and(window)
}

/// A.10.4-P2
pub(super) fn feedback_about_risk_changed_something(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let mut said = 0;
    let mut changed: Vec<Entry<'_>> = Vec::new();
    for one in agreed(view) {
        for row in CustomerCommitment(one.content()).feedback() {
            let Some(on) = row.on().filter(|on| year.has(*on) && row.about() == Some(CustomerCommitmentFeedbackAbout::Risk)) else {
                continue;
            };
            said += 1;
            let later = |record: &Entry<'_>| {
                let written = record.revisions().next_back().is_some_and(|leaf| view.day(leaf.time) >= on);
                CHANGES.contains(&record.kind().name.as_str()) && written
            };
            changed.extend(row.led_to().filter_map(|link| view.get(link.id)).filter(later).map(|_| one));
        }
    }
    let heard = || met(view, year);
    let customers: BTreeSet<String> = holding(view).map(customer).collect();
    let shown = match (said, changed.is_empty()) {
        (_, false) => changed,
        (0, true) if customers.len() <= MANY => return Verdicts::holds(),
        (0, true) => heard(),
        _ => Vec::new(),
    };
    if shown.is_empty() {
        return Verdicts::failed(Lapse::of_organisation());
    }
    Verdicts { passed: shown.into_iter().map(|one| one.subject()).collect(), ..Verdicts::default() }
}

/// Meetings that were held, and interested parties of customers that were heard, in a period.
fn met(view: &View, period: Window) -> Vec<Entry<'_>> {
    use vouch_record::kind::generated::interested_party::{InterestedParty, InterestedPartyType};
    let parties = view.all(InterestedParty::KIND).filter(|party| {
        let content = InterestedParty(party.content());
        content.type_().is(InterestedPartyType::Customer) && content.heard().any(|row| row.on().is_some_and(|on| period.has(on)))
    });
    let parties: Vec<Entry<'_>> = parties.collect();
    let named = |meeting: &Entry<'_>| {
        view.all(InterestedParty::KIND).any(|party| {
            InterestedParty(party.content()).type_().is(InterestedPartyType::Customer) && meeting.names(party.id(), "")
        })
    };
    let meetings = view.live(Meeting::KIND).filter(|meeting| period.has(meeting.created_on()) && named(meeting));
    parties.into_iter().chain(meetings).collect()
}
