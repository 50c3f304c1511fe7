//! The way to the certificate: body, dates, and days that keep moving.

use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::certification_body::{
    CertificationBody, CertificationBodyAccreditedFor42001, CertificationBodyGaveAdvice, CertificationBodyWindowStage,
};
use vouch_record::kind::generated::corrective_action::CorrectiveAction;
use vouch_record::kind::generated::milestone::{Milestone, MilestonePhase};
use vouch_record::kind::generated::task::Task;
use vouch_record::kind::generated::treatment::Treatment;
use vouch_record::time::days_between;

use super::Limits;
use crate::derived::{corrective_action, milestone, task, treatment};
use crate::shape::Lapse;
use crate::view::{Entry, View};

/// The day on which the first Stage 2 still ahead is planned to begin: of its audit, else of the last milestone of the phase certify.
fn stage_2(view: &View) -> Option<(Date, Entry<'_>)> {
    let audits = view.all(Audit::KIND).filter(|audit| Audit(audit.content()).type_().is(AuditType::Stage2));
    let ahead = audits.filter(|audit| audit.is_any(&["planned", "prepared"]));
    let planned = ahead.filter_map(|audit| Some((Audit(audit.content()).planned_from().get()?, audit)));
    planned.min_by_key(|(on, audit)| (*on, audit.id())).or_else(|| {
        let certify = view
            .all(Milestone::KIND)
            .filter(|one| one.is("planned") && Milestone(one.content()).phase().is(MilestonePhase::Certify));
        let dated = certify.filter_map(|one| Some((Milestone(one.content()).planned_on().get()?, one)));
        dated.max_by_key(|(on, one)| (*on, one.id()))
    })
}

fn engaged(view: &View) -> impl Iterator<Item = Entry<'_>> {
    view.all(CertificationBody::KIND).filter(|body| body.is("engaged"))
}

/// FM-8
pub(super) fn body_late(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let Some((date, record)) = stage_2(view) else { return Vec::new() };
    let away = days_between(view.today(), date);
    let lapse = |defect: String| vec![Lapse::of(record).value("date", date).value("days", away).value("defect", defect)];
    if away < 0 {
        return Vec::new();
    }
    if away < limits.number("engage_days") && engaged(view).next().is_none() {
        return lapse("no certification body is engaged".to_owned());
    }
    let confirmed = |stage: CertificationBodyWindowStage| {
        engaged(view)
            .flat_map(|body| CertificationBody(body.content()).windows())
            .filter(|row| row.stage() == Some(stage) && row.confirmed() == Some(true))
            .filter_map(|row| Some((row.from()?, row.to())))
            .max()
    };
    let (first, second) = (confirmed(CertificationBodyWindowStage::Stage1), confirmed(CertificationBodyWindowStage::Stage2));
    match (first, second) {
        (Some((from, to)), Some((second, _))) => {
            let between = days_between(to.unwrap_or(from), second);
            let few = between < limits.number("between_days");
            if few { lapse(format!("only {between} days lie between the two stages")) } else { Vec::new() }
        }
        _ if away < limits.number("confirm_days") => lapse("the days of the two stages are not both confirmed".to_owned()),
        _ => Vec::new(),
    }
}

/// FM-9
pub(super) fn body_unable(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let ends = stage_2(view).map(|(date, _)| date);
    let mut lapses = Vec::new();
    for body in engaged(view) {
        let content = CertificationBody(body.content());
        let lapse = |defect: String| Lapse::of(body).value("body", body.label()).value("defect", defect);
        if !content.accredited_for_42001().is(CertificationBodyAccreditedFor42001::Yes) {
            lapses.push(lapse("is not accredited for ISO/IEC 42001".to_owned()));
        }
        let checked = content.accreditation_checked_on().get();
        if checked.is_none_or(|on| days_between(on, view.today()) > limits.number("checked_days")) {
            let when = checked.map_or_else(|| "never".to_owned(), |on| format!("last on {on}"));
            lapses.push(lapse(format!("was looked up at the accreditation body {when}")));
        }
        if let Some((until, ends)) = content.accreditation_until().get().zip(ends).filter(|(until, ends)| until < ends) {
            lapses.push(lapse(format!("is accredited until {until}, before Stage 2 on {ends}")));
        }
        if content.gave_advice().get().is_some_and(|advice| advice != CertificationBodyGaveAdvice::No) {
            lapses.push(lapse("advised on the management system it is to certify".to_owned()));
        }
        let years = Decimal::from(limits.number("ai_years"));
        let able = content.auditors().any(|row| row.in_offer() == Some(true) && row.ai_years().is_some_and(|has| has >= years));
        if !able {
            lapses.push(lapse(format!("offers no auditor with {years} years in AI")));
        }
    }
    lapses
}

/// FM-28
pub(super) fn always_later(view: &View, limits: &Limits<'_>) -> Vec<Lapse> {
    let open = |kind: &'static str, states: &'static [&'static str]| view.all(kind).filter(move |entry| entry.is_any(states));
    let times = limits.count("moved_times");
    let moved_milestone = |one: &Entry<'_>| {
        let days = one.revisions().filter_map(|leaf| leaf.body.get("planned_on"));
        let days: Vec<_> = days.collect();
        days.windows(2).filter(|pair| pair[0] != pair[1]).count()
    };
    let duties = open(Task::KIND, &["open"])
        .map(|entry| (entry, task::postponed(entry)))
        .chain(open(Treatment::KIND, &["planned", "approved", "doing"]).map(|entry| (entry, treatment::postponed(entry).times)))
        .chain(open(CorrectiveAction::KIND, &["planned", "doing"]).map(|entry| (entry, corrective_action::postponed(entry))))
        .chain(open(Milestone::KIND, &["planned"]).map(|entry| (entry, moved_milestone(&entry))));
    let duties: Vec<(Entry<'_>, usize)> = duties.collect();
    let moved: Vec<&(Entry<'_>, usize)> = duties.iter().filter(|(_, moves)| *moves >= times).collect();
    let late = |one: &Entry<'_>| milestone::slip(*one).unwrap_or(0);
    let behind = open(Milestone::KIND, &["planned"]).max_by_key(late);
    let lapse = |entry: Entry<'_>, of: Entry<'_>| {
        Lapse::of(entry)
            .value("n", moved.len())
            .value("total", duties.len())
            .value("milestone", of.label())
            .value("days", milestone::slip(of).or_else(|| task_slip(of)).unwrap_or(0))
    };
    let mut lapses = Vec::new();
    if duties.len() >= limits.count("duties_at_least") && limits.exceeds("share_moved", moved.len(), duties.len()) {
        let worst = moved.iter().max_by_key(|(entry, moves)| (*moves, entry.id())).map(|(entry, _)| *entry);
        lapses.extend(worst.map(|worst| lapse(worst, behind.filter(|one| late(one) > 0).unwrap_or(worst))));
    }
    let gates = open(Milestone::KIND, &["planned"]).filter(|one| Milestone(one.content()).gate().get() == Some(true));
    for gate in gates.filter(|gate| late(gate) > limits.number("slip_days")) {
        if !audit_moved(view) {
            lapses.push(lapse(gate, gate));
        }
    }
    lapses
}

/// Days from the first day set for a duty to the one set now, or to today where that is later.
fn task_slip(entry: Entry<'_>) -> Option<i64> {
    let day = |value: &vouch_record::Value| value.as_text().and_then(vouch_record::time::parse_date);
    let days: Vec<Date> = entry.revisions().filter_map(|leaf| leaf.body.get("due")).filter_map(day).collect();
    let now = days.last()?.max(&entry.view().today()).to_owned();
    Some(days_between(*days.first()?, now))
}

/// Whether the next audit was put off since it was first planned.
fn audit_moved(view: &View) -> bool {
    let ahead = view.all(Audit::KIND).filter(|audit| audit.is_any(&["planned", "prepared"]));
    let next = ahead.filter_map(|audit| Some((Audit(audit.content()).planned_from().get()?, audit))).min_by_key(|(on, _)| *on);
    next.is_none_or(|(_, audit)| {
        let mut days = audit.revisions().filter_map(|leaf| leaf.body.get("planned_from"));
        days.next().is_some_and(|first| days.any(|day| day != first))
    })
}
