//! Whether management was told of what weighs, and looked at every day.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::finding::{Finding, FindingGrade};
use vouch_record::kind::generated::management_review::ManagementReview;

use crate::check::audited::counts;
use crate::check::management_review::{held, of_the_year, period};
use crate::check::serious;
use crate::derived::management_review::unlisted_decisions;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, View, Window};

/// 9.3.2-O3
pub(super) fn grave_events_were_told(view: &View) -> Verdicts {
    let events: Vec<(Date, Entry<'_>)> = serious::incidents(view).chain(major_findings(view)).collect();
    each(of_the_year(view), |review| {
        Judgement::needing(review, &["inputs", "previous_actions", "inputs_frozen_at"], || {
            let content = ManagementReview(review.content());
            let (Some(period), Some(frozen)) = (period(review), content.inputs_frozen_at().get()) else {
                return Judgement::Skip("its inputs were never frozen".to_owned());
            };
            let asked = Window { from: period.from, to: view.day(frozen).max(period.to) };
            let names = |event: Entry<'_>| content.inputs().any(|row| row.records().any(|link| link.id == event.id()));
            let untold = events.iter().filter(|(on, event)| asked.has(*on) && event.created_at() <= frozen && !names(*event));
            let lapse = |record: String| Lapse::of(review).value("review", review.label()).value("record", record);
            let mut lapses: Vec<Lapse> = untold.map(|(_, event)| lapse(event.label())).collect();
            for (earlier, code) in unlisted_decisions(review) {
                let record = view.find(earlier).and_then(|entry| {
                    let row = ManagementReview(entry.content()).decisions().find(|row| row.code() == Some(&code))?;
                    view.find(row.record()?.id)
                });
                if !record.is_some_and(names) {
                    let of = view.find(earlier).map_or_else(|| earlier.to_string(), |entry| entry.label());
                    lapses.push(lapse(format!("decision {code} of {of}")));
                }
            }
            Judgement::of(lapses)
        })
    })
}

/// The major findings of audits that count, each with the day on which it was raised.
fn major_findings(view: &View) -> impl Iterator<Item = (Date, Entry<'_>)> {
    view.live(Finding::KIND).filter_map(|entry| {
        let finding = Finding(entry.content());
        let weighs = finding.grade().is(FindingGrade::Major) && entry.linked("audit").is_some_and(counts);
        Some((finding.raised_at().get()?, entry)).filter(|_| weighs)
    })
}

/// 9.3.2-O4
pub(super) fn periods_touch(view: &View) -> Verdicts {
    let Some(year) = view.last_days(365) else { return Verdicts::holds() };
    let all = held(view);
    let mut verdicts = Verdicts::default();
    for pair in all.windows(2).filter(|pair| year.has(pair[1].0)) {
        let review = pair[1].1;
        let judgement = match (period(pair[0].1), period(review)) {
            (Some(before), Some(now)) => {
                let (from, to) = (before.to.saturating_add(1.day()), now.from.saturating_sub(1.day()));
                Judgement::when(from > to, || Lapse::of(review).value("from", from).value("to", to).over(Window { from, to }))
            }
            _ => Judgement::Undecided("a period is not known".to_owned()),
        };
        verdicts.note(review, judgement);
    }
    verdicts
}
