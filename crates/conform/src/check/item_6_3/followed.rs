//! Whether changes were decided before the fact, records followed them, and decisions led to them.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Link;
use vouch_record::kind::generated::change::{Change, ChangeOrigin, ChangeWhat};
use vouch_record::kind::generated::management_review::{ManagementReview, ManagementReviewDecisionType};
use vouch_record::kind::generated::nonconformity::{Nonconformity, NonconformityCauseLevel};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::statement_of_applicability::StatementOfApplicability;

use super::planned::changes;
use crate::check::wording::called;
use crate::derived::change::{aims_change, before_the_fact, decided_on};
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// How long records may take to follow a change.
const FOLLOW_DAYS: i64 = 30;
/// How far back decisions are looked at.
const YEAR: i64 = 365;

/// The changes of the management system that took effect in a period, each with the day.
fn effective(view: &View, period: Window) -> impl Iterator<Item = (Entry<'_>, Date)> {
    let dated = changes(view).filter_map(|change| Some((change, Change(change.content()).implemented_on().get()?)));
    dated.filter(move |(change, on)| change.is_any(&["implemented", "reviewed"]) && period.has(*on))
}

/// 6.3-O2
pub(super) fn decided_before_the_fact(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::holds();
    for (change, on) in effective(view, window).filter(|(change, _)| Change(change.content()).origin().is(ChangeOrigin::Planned)) {
        let judgement = Judgement::when(before_the_fact(change), || {
            Lapse::of(change).value("implemented_on", on).maybe("decided_on", decided_on(change))
        });
        verdicts.note(change, judgement);
    }
    verdicts
}

/// 6.3-O3
pub(super) fn records_followed(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    let mut verdicts = Verdicts::holds();
    for (change, on) in effective(view, window) {
        let last = on.saturating_add(FOLLOW_DAYS.days());
        let judgement = Judgement::needing(change, &["follow", "what"], || {
            if view.today() <= last {
                return Judgement::Skip(format!("in time until {last}"));
            }
            let content = Change(change.content());
            let open = content.follow().filter(|row| row.done_on().is_none_or(|done| done > last));
            let mut lapses: Vec<Lapse> = open.map(|row| lapse(change, called_or_new(view, row.record()))).collect();
            let touches = content.what().has_any(&[ChangeWhat::AimsScope, ChangeWhat::AimsProcess]);
            if touches && !register_moved_after(view, on) {
                lapses.push(lapse(change, "Neither the statement of applicability nor a risk".to_owned()));
            }
            Judgement::of(lapses)
        });
        verdicts.note(change, judgement);
    }
    verdicts
}

fn lapse(change: Entry<'_>, record: String) -> Lapse {
    Lapse::of(change).value("record", record)
}

fn called_or_new(view: &View, record: Option<Link>) -> String {
    record.map_or_else(|| "A new record".to_owned(), |link| called(view, Some(link.id)))
}

/// Whether a statement was frozen or a risk revised after a day.
fn register_moved_after(view: &View, on: Date) -> bool {
    let frozen = |one: Entry<'_>| StatementOfApplicability(one.content()).frozen_at().get().is_some_and(|at| view.day(at) > on);
    let revised = |risk: Entry<'_>| risk.revisions().next_back().is_some_and(|leaf| view.day(leaf.time) > on);
    view.all(StatementOfApplicability::KIND).any(frozen) || view.all(Risk::KIND).any(revised)
}

/// 6.3-O4
pub(super) fn decisions_led_to_changes(view: &View) -> Verdicts {
    let Some(year) = view.last_days(YEAR) else { return Verdicts::holds() };
    let reviews = each(view.all(ManagementReview::KIND).filter(|review| review.is_any(&["held", "signed"])), |review| {
        let content = ManagementReview(review.content());
        if !content.held_on().get().is_some_and(|on| year.has(on)) {
            return Judgement::Skip("not held in the last year".to_owned());
        }
        let asked: Vec<_> = content
            .decisions()
            .filter(|row| {
                use ManagementReviewDecisionType::{Change, Policy};
                matches!(row.type_(), Some(Change | Policy)) && row.due().is_none_or(|due| due < view.today())
            })
            .collect();
        if asked.is_empty() {
            return Judgement::Skip("no decision that was due changes the management system".to_owned());
        }
        let open = asked.into_iter().filter(|row| !leads_to_a_change(view, row.record()));
        let origin = |code: Option<&str>| format!("{} ({})", review.label(), code.unwrap_or("a decision"));
        Judgement::of(open.map(|row| Lapse::of(review).value("origin", origin(row.code()))).collect())
    });
    let closed = |one: &Entry<'_>| {
        let system = Nonconformity(one.content()).cause_level().is(NonconformityCauseLevel::System);
        system && one.is("closed") && one.entered("closed").is_some_and(|on| year.has(on))
    };
    reviews.and(each(view.all(Nonconformity::KIND).filter(closed), |one| {
        Judgement::when(leads_to_a_change(view, Nonconformity(one.content()).aims_change().get()), || {
            Lapse::of(one).value("origin", one.label())
        })
    }))
}

fn leads_to_a_change(view: &View, link: Option<Link>) -> bool {
    let change = link.and_then(|link| view.get(link.id)).filter(|record| record.kind().name == Change::KIND);
    change.is_some_and(aims_change)
}
