//! Whether risks are looked at: at their rhythm, and after what happened.

use jiff::ToSpan;
use jiff::civil::Date;
use vouch_record::kind::generated::approval::ApprovalPurpose;
use vouch_record::kind::generated::context_issue::{ContextIssue, ContextIssueRelevant};
use vouch_record::kind::generated::incident::{Incident, IncidentSeverity};
use vouch_record::kind::generated::risk::Risk;
use vouch_record::kind::generated::risk_method::RiskMethod;
use vouch_record::kind::generated::shared::RiskTier;
use vouch_record::time::days_between;
use vouch_record::view::Read;
use vouch_record::{Leaf, Link};

use crate::check::reach::window_reaching;
use crate::check::wording::in_days;
use crate::derived::risk;
use crate::shape::{Judgement, Lapse, Verdicts, each};
use crate::view::{Entry, Subject, View, Window};

/// How often a risk above the limit is looked at, in days.
const ABOVE_LIMIT_DAYS: i64 = 120;
/// How long a look at the risks may take after an event.
const LOOK_DAYS: i64 = 30;

/// How often the method asks for a look, in days, by level; `ABOVE_LIMIT_DAYS` above the limit.
struct Rhythm {
    days: Vec<(RiskTier, i64)>,
}

impl Rhythm {
    fn of(method: RiskMethod<'_>) -> Self {
        let limit = method.acceptance_limit().get();
        let asked = |level: RiskTier| {
            if limit.is_some_and(|limit| level > limit) {
                return Some(ABOVE_LIMIT_DAYS);
            }
            method.levels().find(|row| row.level() == Some(level))?.review_every().map(|every| in_days(&every))
        };
        Self { days: RiskTier::ALL.into_iter().filter_map(|level| Some((level, asked(level)?))).collect() }
    }

    fn shortest(&self) -> Option<i64> {
        self.days.iter().map(|(_, days)| *days).min()
    }

    fn longest(&self) -> Option<i64> {
        self.days.iter().map(|(_, days)| *days).max()
    }

    fn of_level(&self, level: RiskTier) -> Option<i64> {
        self.days.iter().find(|(of, _)| *of == level).map(|(_, days)| *days)
    }
}

/// 6.1.1-O1
pub(super) fn decided_risks_looked_at(view: &View) -> Verdicts {
    let Some(method) = view.risk_method() else { return Verdicts::holds() };
    let rhythm = Rhythm::of(RiskMethod(method.content()));
    let (Some(shortest), Some(longest)) = (rhythm.shortest(), rhythm.longest()) else { return Verdicts::holds() };
    let Some(reach) = window_reaching(view, longest) else { return Verdicts::holds() };
    each(view.all(Risk::KIND).filter(|risk| risk.is("decided")), |risk| {
        let Some(asked) = risk.entered("decided").and_then(|since| reach.from_day(since)) else {
            return Judgement::Skip("not decided in the period".to_owned());
        };
        let holes = asked.holes(looks(risk), shortest);
        let lapses = holes.into_iter().filter_map(|hole| {
            let then = risk.on(hole.from).unwrap_or(risk);
            let days = rhythm.of_level(risk::residual_level(then)?)?;
            // A hole counts in the window only; what ended before it is over.
            let late = Window { from: hole.from.saturating_add((days + 1).days()), to: hole.to }.and(view.window()?)?;
            let lapse = Lapse::of(risk).value("from", hole.from).value("to", hole.to).value("interval", format!("{days} days"));
            (hole.days() > days).then(|| lapse.over(late))
        });
        Judgement::of(lapses.collect())
    })
}

/// The days on which anybody worked on a risk: revisions, and approvals with purpose approve or review.
fn looks(risk: Entry<'_>) -> Vec<Date> {
    let view = risk.view();
    let approvals = risk
        .given()
        .into_iter()
        .filter(|given| matches!(given.approval.purpose().get(), Some(ApprovalPurpose::Approve | ApprovalPurpose::Review)));
    risk.revisions().map(|leaf| view.day(leaf.time)).chain(approvals.map(|given| given.on())).collect()
}

/// 6.1.1-O3
pub(super) fn events_led_to_a_look(view: &View) -> Verdicts {
    let Some(window) = view.window() else { return Verdicts::holds() };
    each(view.all(ContextIssue::KIND).chain(view.all(Incident::KIND)), |event| {
        let on = if event.kind().name == Incident::KIND { triaged_on(event) } else { became_relevant_on(event) };
        let Some(on) = on.filter(|on| window.has(*on)) else {
            return Judgement::Skip("nothing of the window that asks for a look".to_owned());
        };
        let due = on.saturating_add(LOOK_DAYS.days());
        let shown = looked_because_of(event, due);
        if !shown.is_empty() {
            return Judgement::Shown([event.subject()].into_iter().chain(shown).collect());
        }
        if view.today() <= due {
            return Judgement::Skip(format!("in time until {due}"));
        }
        Judgement::Fail(Lapse::of(event).value("event", event.label()).value("date", on))
    })
}

/// The day on which an incident that was serious was triaged.
fn triaged_on(incident: Entry<'_>) -> Option<Date> {
    let content = Incident(incident.content());
    let asks =
        content.severity().get() >= Some(IncidentSeverity::Serious) && content.exercise().is(false) && !incident.is("dismissed");
    incident.entered("triaged").filter(|_| asks)
}

/// The day on which an issue was judged to matter, unless it says why nothing follows.
fn became_relevant_on(issue: Entry<'_>) -> Option<Date> {
    let content = ContextIssue(issue.content());
    let asks = content.relevant().is(ContextIssueRelevant::Yes) && !content.no_consequence_because().is_filled();
    issue.entered("assessed").filter(|_| asks && issue.is("assessed"))
}

/// The risks that name the event in a revision made by then, and those that the event names and that were worked on by then.
fn looked_because_of(event: Entry<'_>, due: Date) -> Vec<Subject> {
    let view = event.view();
    let names = |leaf: &Leaf| {
        let link = |field: &str| leaf.body.get(field).and_then(Link::read).map(|link| link.id);
        view.day(leaf.time) <= due && (link("found_through") == Some(event.id()) || link("occasion_record") == Some(event.id()))
    };
    let naming = event.linking(Risk::KIND).filter(|risk| risk.revisions().any(names));
    let since = event.created_on();
    let worked_on =
        |risk: &Entry<'_>| risk.revisions().map(|leaf| view.day(leaf.time)).any(|day| since <= day && days_between(day, due) >= 0);
    let mut found: Vec<Subject> = naming.chain(event.links("risks").filter(worked_on)).map(|risk| risk.subject()).collect();
    found.sort_unstable();
    found.dedup();
    found
}
