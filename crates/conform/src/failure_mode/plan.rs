//! The way to the certificate: body, dates, and days that keep moving.

use jiff::civil::Date;
use rust_decimal::Decimal;
use vouch_record::kind::generated::audit::{Audit, AuditType};
use vouch_record::kind::generated::certification_body::{
    CertificationBody, CertificationBodyAccreditedFor42001, CertificationBodyGaveAdvice, CertificationBodyWindowStage,
};
use vouch_record::kind::generated::milestone::{Milestone, MilestonePhase};
use vouch_record::time::days_between;

use super::Limits;
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
    // An audit ends later than it begins; a milestone has one day.
    let ends =
        stage_2(view).map(|(date, record)| if record.kind().name == Audit::KIND { last_day(record).unwrap_or(date) } else { date });
    let mut lapses = Vec::new();
    for body in engaged(view) {
        let content = CertificationBody(body.content());
        let lapse = |defect: String| Lapse::of(body).value("body", body.label()).value("defect", defect);
        let accredited = content.accredited_for_42001().get();
        if accredited != Some(CertificationBodyAccreditedFor42001::Yes) {
            let how = match accredited {
                Some(CertificationBodyAccreditedFor42001::Applied) => "has only applied for accreditation to",
                Some(CertificationBodyAccreditedFor42001::No) => "is not accredited for",
                _ => "is not known to be accredited for",
            };
            lapses.push(lapse(format!("{how} ISO/IEC 42001")));
        }
        match content.accreditation_checked_on().get() {
            None => lapses.push(lapse("was never looked up at the accreditation body".to_owned())),
            Some(on) if days_between(on, view.today()) > limits.number("checked_days") => {
                lapses.push(lapse(format!("was last looked up at the accreditation body on {on}")));
            }
            Some(_) => {}
        }
        if let Some((until, ends)) = content.accreditation_until().get().zip(ends).filter(|(until, ends)| until < ends) {
            lapses.push(lapse(format!("is accredited until {until}, and Stage 2 ends on {ends}")));
        }
        match content.gave_advice().get() {
            None | Some(CertificationBodyGaveAdvice::No) => {}
            Some(CertificationBodyGaveAdvice::Yes) => {
                lapses.push(lapse("advised on the management system it is to certify".to_owned()));
            }
            Some(CertificationBodyGaveAdvice::Related) => {
                lapses.push(lapse("has a related firm that advised on the management system it is to certify".to_owned()));
            }
        }
        let years = Decimal::from(limits.number("ai_years"));
        let able = content.auditors().any(|row| row.in_offer() == Some(true) && row.ai_years().is_some_and(|has| has >= years));
        if !able {
            lapses.push(lapse(format!("offers no auditor with at least {years} years in AI")));
        }
    }
    lapses
}

/// The last planned day of an audit.
fn last_day(audit: Entry<'_>) -> Option<Date> {
    Audit(audit.content()).planned_to().get()
}
