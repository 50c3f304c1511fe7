//! What was promised, refused and looked at.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Id;
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::management_review::{
    ManagementReview, ManagementReviewDecisionType, ManagementReviewInputInput,
};
use vouch_record::kind::generated::meeting::{Meeting, MeetingDecisionType};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::task::Task;
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::time::parse_date;

use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How late a duty may be.
const LATE_DAYS: i64 = 60;
/// So many duties say how many are late.
const ENOUGH: usize = 10;
/// How long looking at the risk of a refusal may take.
const WEIGH_DAYS: i64 = 30;

/// The day on which a meeting was held.
pub(super) fn held_on(meeting: Entry<'_>) -> Option<Date> {
    Meeting(meeting.content()).held_from().get().map(|at| meeting.view().day(at))
}

/// Something that was to be done by a day.
pub(super) struct Duty<'v> {
    pub(super) entry: Entry<'v>,
    /// the first day recorded
    due: Date,
    /// the day on which it was done, or dropped
    closed: Option<Date>,
}

impl<'v> Duty<'v> {
    /// A task, treatment or corrective action with a day.
    pub(super) fn of(entry: Entry<'v>) -> Option<Self> {
        let due = entry.revisions().find_map(|leaf| parse_date(leaf.body.get("due")?.as_text()?))?;
        let done = entry.text("done_at").and_then(parse_date);
        let ended = ["done", "judged", "verified", "cancelled"].into_iter().filter_map(|state| entry.entered(state)).min();
        let closed =
            entry.is_any(&["done", "judged", "verified", "cancelled"]).then(|| done.into_iter().chain(ended).min()).flatten();
        Some(Self { entry, due, closed })
    }

    /// Whether it was open more than sixty days after its first day.
    pub(super) fn is_late_on(&self, day: Date) -> bool {
        let last = self.due.saturating_add(LATE_DAYS.days());
        last < day && self.closed.is_none_or(|closed| closed > last.min(day))
    }
}

/// A decision that something is provided by a day.
struct Promise<'v> {
    by: Entry<'v>,
    on: Date,
    due: Date,
    what: &'v str,
    record: Option<Id>,
}

fn promises<'v>(view: &'v View, window: Window) -> Vec<Promise<'v>> {
    let mut found: Vec<Promise<'v>> = Vec::new();
    for by in view.live(ManagementReview::KIND) {
        let content = ManagementReview(by.content());
        let on = content.held_on().get().unwrap_or_else(|| by.created_on());
        let rows = content.decisions().filter(|row| row.type_() == Some(ManagementReviewDecisionType::Resources));
        found.extend(rows.filter_map(|row| {
            Some(Promise {
                by,
                on,
                due: row.due()?,
                what: row.decision().unwrap_or_default(),
                record: row.record().map(|link| link.id),
            })
        }));
    }
    for by in view.live(Meeting::KIND) {
        let on = held_on(by).unwrap_or_else(|| by.created_on());
        let rows = Meeting(by.content()).decisions().filter(|row| row.type_() == Some(MeetingDecisionType::Money));
        found.extend(rows.filter_map(|row| {
            Some(Promise {
                by,
                on,
                due: row.due()?,
                what: row.decision().unwrap_or_default(),
                record: row.record().map(|link| link.id),
            })
        }));
    }
    found.retain(|promise| window.has(promise.due) && promise.due < view.today());
    found
}

/// 7.1-O2
pub(super) fn promises_were_kept(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::default();
    for promise in promises(view, window) {
        let made = promise.by.record().leaves.first().map_or(0, |leaf| leaf.seq);
        let record = promise.record.and_then(|id| view.get(id));
        let changed = record.is_some_and(|record| {
            let days = record.leaves().iter().filter(|leaf| leaf.seq > made).map(|leaf| view.day(leaf.time));
            days.into_iter().any(|day| promise.on <= day && day <= promise.due)
        });
        verdicts.note(
            promise.by,
            Judgement::when(changed, || {
                let lapse = Lapse::of(promise.by).value("decision", promise.by.label()).value("date", promise.on);
                lapse.value("what", format!("`{}`", promise.what)).value("due", promise.due)
            }),
        );
    }
    verdicts
}

/// 7.1-O3
pub(super) fn duties_are_done(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let kinds = [Task::KIND, Treatment::KIND, CorrectiveAction::KIND];
    let duties: Vec<Duty<'_>> = kinds.into_iter().flat_map(|kind| view.all(kind)).filter_map(Duty::of).collect();
    let of_window: Vec<&Duty<'_>> = duties.iter().filter(|duty| window.has(duty.due)).collect();
    if of_window.len() < ENOUGH {
        return Verdicts::holds();
    }
    let late = of_window.iter().filter(|duty| duty.is_late_on(view.today())).count();
    if late * 10 > of_window.len() {
        return Verdicts::failed(Lapse::of_organisation().value("n", late).value("total", of_window.len()));
    }
    each(of_window.into_iter().filter(|duty| !duty.is_late_on(view.today())).map(|duty| duty.entry), |_| Judgement::Pass)
}

/// 7.1-O4
pub(super) fn refusals_were_weighed(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.live(Meeting::KIND).filter(|meeting| held_on(*meeting).is_some_and(|on| window.has(on))), |meeting| {
        Judgement::needing(meeting, &["agenda", "decisions"], || {
            let content = Meeting(meeting.content());
            let on = held_on(meeting).unwrap_or(window.to);
            let refused = content
                .decisions()
                .filter(|row| matches!(row.type_(), Some(MeetingDecisionType::Refused | MeetingDecisionType::Postponed)));
            let (mut asked, mut lapses) = (false, Vec::new());
            for row in refused {
                let item = content.agenda().find(|item| item.code().is_some() && item.code() == row.agenda());
                let named = item.into_iter().flat_map(|item| item.records()).filter_map(|link| view.get(link.id));
                let wanted: Vec<Entry<'_>> =
                    named.filter(|one| ["treatment", "change", "resource", "risk"].contains(&one.kind().name.as_str())).collect();
                let time = Window { from: on, to: on.saturating_add(WEIGH_DAYS.days()) };
                if wanted.is_empty() || (time.to >= view.today() && !wanted.iter().any(|one| is_weighed(*one, time))) {
                    continue;
                }
                asked = true;
                if !wanted.iter().any(|one| is_weighed(*one, time)) {
                    let request = item.and_then(|item| item.item()).unwrap_or("a request");
                    lapses.push(Lapse::of(meeting).value("request", format!("`{request}`")).value("date", on));
                }
            }
            if asked { Judgement::of(lapses) } else { Judgement::Skip("nothing was refused that bears on a risk".to_owned()) }
        })
    })
}

/// Whether a risk that names the record was revised, or an acceptance about it was made, in time.
fn is_weighed(record: Entry<'_>, time: Window) -> bool {
    let view = record.view();
    let revised = |risk: Entry<'_>| risk.revisions().any(|leaf| time.has(view.day(leaf.time)));
    let own = record.kind().name == Risk::KIND && revised(record);
    let risks = || record.incoming(Risk::KIND, "").chain(record.links("risks").chain(record.linked("risk")));
    own || risks().any(revised) || record.incoming(Acceptance::KIND, "subject").any(|one| time.has(one.created_on()))
}

/// 7.1-P3
pub(super) fn reviews_saw_figures(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let signed = |review: &Entry<'_>| review.is("signed") && review.entered("signed").is_some_and(|on| year.has(on));
    each(view.all(ManagementReview::KIND).filter(signed), |review| {
        Judgement::needing(review, &["inputs", "inputs_frozen_at"], || {
            let content = ManagementReview(review.content());
            let rows: Vec<_> = content.inputs().filter(|row| row.input() == Some(ManagementReviewInputInput::Resources)).collect();
            if rows.is_empty() {
                return Judgement::Skip("it has no input on resources; see 9.3.2".to_owned());
            }
            let from = content.covers_from().get().unwrap_or(Date::MIN);
            let frozen = content.inputs_frozen_at().get().unwrap_or_else(|| review.made_at());
            let to = content.covers_to().get().unwrap_or(Date::MAX);
            let period = Window { from, to };
            let of_period = |record: Entry<'_>| {
                let written = record.leaves().iter().any(|leaf| view.day(leaf.time) >= from && leaf.time < frozen);
                record.created_at() < frozen && (written || speaks_of(record, period))
            };
            let shown =
                rows.into_iter().flat_map(|row| row.records()).filter_map(|link| view.get(link.id)).find(|one| of_period(*one));
            match shown {
                Some(record) => Judgement::Shown(vec![review.subject(), record.subject()]),
                None => Judgement::Fail(Lapse::of(review).value("review", review.label())),
            }
        })
    })
}

/// Whether a resource says how much of it, or how much money, was there in a period.
fn speaks_of(record: Entry<'_>, period: Window) -> bool {
    let rows = ["money", "capacity"].into_iter().filter_map(|list| record.value(list).get()).flat_map(vouch_record::Value::items);
    let day = |row: &vouch_record::Value, column: &str| row.get(column).and_then(|cell| parse_date(cell.as_text()?));
    let days = rows.filter_map(|row| Some(Window { from: day(row, "covers_from")?, to: day(row, "covers_to")? }));
    days.into_iter().any(|days| days.and(period).is_some())
}
