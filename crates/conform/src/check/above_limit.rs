//! Since when risks stand above the acceptance limit, and on which days nothing was done about them.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::Leaf;
use vouch_record::kind::generated::acceptance::Acceptance;
use vouch_record::kind::generated::risk::{Risk, RiskType};
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::time::after;

use super::scoring::SCORED;
use super::treating::judged_until;
use crate::derived::risk::{self, above_limit, answered, stood_above};
use crate::shape::{breakpoints, on_every_day};
use crate::view::{Entry, View, Window};

/// Days that a late treatment, and scores below the limit that nobody decided about, still count as an answer.
const GRACE: i64 = 30;

/// The threats of which some revision that counted stood above the limit of its method.
pub(super) fn threats_ever_above(view: &View) -> impl Iterator<Item = Entry<'_>> {
    let threat = |risk: &Entry<'_>| Risk(risk.content()).type_().is(RiskType::Threat);
    let counted = |leaf: &Leaf| SCORED.contains(&leaf.state.as_ref());
    view.all(Risk::KIND).filter(move |risk| {
        threat(risk)
            && risk.leaves().iter().any(counted)
            && risk.revisions().any(|revision| stood_above(*risk, revision) == Some(true))
    })
}

/// The days of a period on which the risk had stood above the limit for longer than its level may and nothing answered it.
pub(super) fn unanswered(risk: Entry<'_>, period: Window) -> Vec<Window> {
    let mut open = Vec::new();
    for asked in asked_days(risk).into_iter().filter_map(|asked| asked.and(period)) {
        let days = turning_points(risk, asked);
        open.extend(on_every_day(asked, &days, |day| risk.on(day).is_none_or(answered)));
    }
    open
}

/// Whether it had stood above the limit for longer than its level may on some day of a period.
pub(super) fn is_asked_in(risk: Entry<'_>, period: Window) -> bool {
    asked_days(risk).into_iter().any(|asked| asked.and(period).is_some())
}

/// The days on which it stood above the limit, from the day on by which its level has to be treated.
fn asked_days(risk: Entry<'_>) -> Vec<Window> {
    let whole = Window { from: risk.created_on(), to: risk.view().today() };
    let days = breakpoints(whole, [risk].into_iter().chain(risk.linked("method")), []);
    let stays = |day: Date| risk.on(day).is_none_or(|then| !(then.is_any(&SCORED) && above_limit(then)));
    let above = on_every_day(whole, &days, stays).into_iter();
    above.filter_map(|stretch| stretch.from_day(treated_by(risk, stretch.from).saturating_add(1.day()))).collect()
}

/// The day by which a risk is treated that rose above the limit on `since`; that day itself where the method gives no time.
fn treated_by(risk: Entry<'_>, since: Date) -> Date {
    let within = risk.on(since).and_then(|then| {
        let level = risk::residual_level(then)?;
        risk::method(then)?.levels().find(|row| row.level() == Some(level))?.treat_within()
    });
    within.map_or(since, |within| after(since, &within))
}

/// Days on which an answer can begin or end: what was written, and days that people entered with the grace they have.
fn turning_points(risk: Entry<'_>, asked: Window) -> Vec<Date> {
    let treatments: Vec<Entry<'_>> = risk.incoming(Treatment::KIND, "risks").collect();
    let acceptances: Vec<Entry<'_>> = risk.incoming(Acceptance::KIND, "subject").collect();
    let mut dates: Vec<Date> = Vec::new();
    let late = |day: Date| day.saturating_add(GRACE.days());
    dates.extend(Risk(risk.content()).assessed_on().get().map(late));
    for treatment in &treatments {
        dates.extend(Treatment(treatment.content()).due().get().map(late));
        dates.extend(judged_until(*treatment));
    }
    for acceptance in &acceptances {
        let content = Acceptance(acceptance.content());
        dates.extend(content.from().get().into_iter().chain(content.until().get()));
    }
    breakpoints(asked, [risk].into_iter().chain(treatments).chain(acceptances), dates)
}
